"""Composites of the second generation: in namespaces or not, their machinery below `spec.crossplane`."""

from dataclasses import replace

import pytest

from crosshead.base import conditions, objects
from crosshead.base.objects import Kind, Ref
from crosshead.compose.protocol import Ready, Resource, State, respond
from crosshead.reconcilers import composites, revisions
from crosshead.reconcilers.directory import Directory
from crosshead.reconcilers.interests import Interests
from crosshead.reconcilers.routing import Router
from tests.fake_cluster import FakeCluster
from tests.fakes import FakeFunctions, FakeProvider, fake_world
from tests.reconcilers import manifests

COMPOSITION = Ref(manifests.COMPOSITION_KIND, "things")
CONFIG = Kind("v1", "ConfigMap")


def config(request):
    """Desire one ConfigMap."""
    obj = {"apiVersion": "v1", "kind": "ConfigMap", "data": {"a": "b"}}
    return replace(respond(request), desired=State(None, {"settings": Resource(obj, ready=Ready.TRUE)}))


@pytest.fixture(params=["Namespaced", "Cluster"])
def scope(request):
    return request.param


@pytest.fixture
def place(scope):
    return "team" if scope == "Namespaced" else ""


@pytest.fixture
def xrd(scope):
    return manifests.xrd(scope=scope, claimNames=None)


@pytest.fixture
def cluster(xrd, place):
    cluster = FakeCluster()
    established = conditions.write([conditions.Condition("Established", "True", "WatchingCompositeResource")])
    cluster.seed({**xrd, "status": {"conditions": established}})
    metadata = {"name": "mine", **({"namespace": place} if place else {})}
    cluster.seed({"apiVersion": "example.org/v1", "kind": "XThing", "metadata": metadata, "spec": {"size": "small"}})
    pipeline = [{"step": "only", "functionRef": {"name": "f"}}]
    more = {"writeConnectionSecretsToNamespace": "system"}
    cluster.seed(manifests.composition(mode="Pipeline", pipeline=pipeline, resources=None, **more))
    revisions.reconcile(COMPOSITION, fake_world(cluster))
    cluster.forget()
    return cluster


@pytest.fixture
def ref(place):
    return Ref(manifests.COMPOSITE, "mine", place)


def test_the_machinery_is_below_spec_crossplane_and_nothing_beside_it(cluster, xrd, ref, place):
    composites.reconcile(ref, xrd, composites.Memory(), fake_world(cluster, functions=FakeFunctions({"f": config})))

    spec = objects.spec(cluster.get(ref))
    (reference,) = spec["crossplane"]["resourceRefs"]
    assert spec.keys() == {"size", "crossplane"}
    assert spec["crossplane"]["compositionRef"] == {"name": "things"}
    assert (reference["kind"], reference.get("namespace", "")) == ("ConfigMap", place)
    assert cluster.get(Ref(CONFIG, reference["name"], place))["data"] == {"a": "b"}


def test_a_second_pass_writes_nothing(cluster, xrd, ref):
    world, memory = fake_world(cluster, functions=FakeFunctions({"f": config})), composites.Memory()
    composites.reconcile(ref, xrd, memory, world)
    cluster.forget()

    composites.reconcile(ref, xrd, memory, world)

    assert cluster.writes == []


def test_what_is_composed_wakes_its_composite(cluster, xrd, ref, place):
    composites.reconcile(ref, xrd, composites.Memory(), fake_world(cluster, functions=FakeFunctions({"f": config})))
    (composed,) = cluster.list(CONFIG, place)

    router = Router(cluster, Directory(cluster), FakeProvider(), Interests())

    assert set(router.keys(composed, None)) == {ref}


def test_the_selector_of_revisions_of_the_xrd_counts_where_the_composite_says_nothing(cluster, xrd, ref):
    selecting = {
        **xrd,
        "spec": {**xrd["spec"], "defaultCompositionRevisionSelector": {"matchLabels": {"channel": "x"}}},
    }
    cluster.patch(COMPOSITION, {"metadata": {"labels": {"channel": "x"}}})
    revisions.reconcile(COMPOSITION, fake_world(cluster))
    cluster.patch(COMPOSITION, {"metadata": {"labels": {"channel": "y"}}})
    revisions.reconcile(COMPOSITION, fake_world(cluster))

    composites.reconcile(
        ref, selecting, composites.Memory(), fake_world(cluster, functions=FakeFunctions({"f": config}))
    )

    chosen = objects.spec(cluster.get(ref))["crossplane"]["compositionRevisionRef"]["name"]
    assert objects.labels(cluster.get(Ref(manifests.REVISION_KIND, chosen)))["channel"] == "x"
