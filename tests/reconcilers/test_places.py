"""Composed resources in namespaces, and Secrets, of composites that are in none."""

import json

import pytest

from crosshead.base import objects
from crosshead.base.objects import Kind, Ref
from crosshead.reconcilers import composites, revisions
from tests.fake_cluster import FakeCluster
from tests.fakes import fake_world
from tests.reconcilers import manifests

COMPOSITE = Ref(manifests.COMPOSITE, "mine-xxxx1")
COMPOSITION = Ref(manifests.COMPOSITION_KIND, "things")
CONFIG_MAP, SECRET = Kind("v1", "ConfigMap"), Kind("v1", "Secret")
NOTED = "crosshead.io/resource-namespaces"


def placed(name, kind=CONFIG_MAP):
    base = {"apiVersion": kind.api_version, "kind": kind.kind, "metadata": {"namespace": "team"}, "data": {"a": "Yg=="}}
    return {"name": name, "base": base, "readinessChecks": [{"type": "None"}]}


class PruningCluster(FakeCluster):
    """An API server with the CRDs of Crossplane 1.20, whose references have no namespaces."""

    def patch(self, ref, changes, *, status=False):
        references = changes.get("spec", {}).get("resourceRefs")
        if references is None:
            return super().patch(ref, changes, status=status)
        kept = [{k: v for k, v in one.items() if k != "namespace"} for one in references]
        return super().patch(ref, {**changes, "spec": {**changes["spec"], "resourceRefs": kept}}, status=status)


@pytest.fixture(params=[PruningCluster, FakeCluster], ids=["as of 1.20", "as of 2.3"])
def cluster(request):
    cluster = request.param()
    cluster.seed(manifests.composite(), manifests.composition(placed("one")))
    revisions.reconcile(COMPOSITION, fake_world(cluster))
    cluster.forget()
    return cluster


@pytest.fixture
def world(cluster):
    return fake_world(cluster)


def reconcile(world):
    return composites.reconcile(COMPOSITE, manifests.xrd(), composites.Memory(), world)


def compose_of(cluster, *templates):
    cluster.patch(COMPOSITION, {"spec": {"resources": list(templates)}})
    revisions.reconcile(COMPOSITION, fake_world(cluster))
    cluster.forget()


def test_a_resource_in_a_namespace_is_found_again(cluster, world):
    reconcile(world)
    cluster.forget()

    again = reconcile(world)

    assert (again, cluster.writes) == (None, [])
    assert [objects.namespace(obj) for obj in cluster.list(CONFIG_MAP)] == ["team"]


def test_its_namespace_is_noted_before_it_exists(cluster, world):
    reconcile(world)

    name = objects.name(cluster.list(CONFIG_MAP)[0])
    noted = cluster.writes[0].body["metadata"]["annotations"]
    assert json.loads(noted[NOTED]) == {f"ConfigMap.v1/{name}": "team"}


def test_it_is_deleted_when_it_is_no_longer_composed(cluster, world):
    reconcile(world)
    compose_of(cluster, manifests.nop_template("two"))

    reconcile(world)

    assert cluster.list(CONFIG_MAP) == []
    assert NOTED not in objects.annotations(cluster.get(COMPOSITE))


def test_a_secret_is_composed_though_it_is_never_watched_and_looked_at_now_and_then(cluster, world):
    cluster.unwatched.add(SECRET)
    compose_of(cluster, placed("secret", SECRET))
    reconcile(world)
    cluster.forget()

    again = reconcile(world)

    assert again == world.pace.poll_interval.total_seconds()
    assert cluster.writes == []
    assert [ref.kind for ref in cluster.reads] == [SECRET]
