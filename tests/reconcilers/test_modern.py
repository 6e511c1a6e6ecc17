"""Composites of the second generation: in namespaces or not, their machinery below `spec.crossplane`."""

import re
from dataclasses import replace

import pytest

from crosshead.base import conditions, objects
from crosshead.base.errors import StalledError
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


def config(request, **metadata):
    """Desire one ConfigMap."""
    obj = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": {"a": "b"}}
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


def test_conditions_say_of_which_generation_they_speak(cluster, xrd, ref):
    world, memory = fake_world(cluster, functions=FakeFunctions({"f": config})), composites.Memory()
    composites.reconcile(ref, xrd, memory, world)
    cluster.patch(ref, {"spec": {"size": "big"}})

    composites.reconcile(ref, xrd, memory, world)

    composite = cluster.get(ref)
    told = {c.type: c.observed_generation for c in conditions.read(composite)}
    assert told == dict.fromkeys(("Ready", "Synced"), objects.generation(composite))


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


class TestWhere:
    """Which scopes go together is known before anything is written."""

    @pytest.fixture
    def scope(self):
        return "Namespaced"

    def test_a_namespaced_composite_composes_nothing_outside_of_its_namespace(self, cluster, xrd, ref):
        cluster.namespaced[CONFIG] = False

        with pytest.raises(StalledError) as caught:
            self.reconcile(cluster, xrd, ref)

        assert re.fullmatch(
            'cannot compose resources: cannot apply cluster scoped composed resource "settings"'
            r" \(a ConfigMap named mine-\w+\) for a namespaced composite resource\.",
            caught.value.message,
        )
        assert cluster.list(CONFIG) == []
        assert conditions.find(cluster.get(ref), "Synced").message == caught.value.message

    def test_what_was_meant_for_another_namespace_is_beside_its_composite_and_that_is_told(self, cluster, xrd, ref):
        cluster.namespaced[CONFIG] = True

        world = self.reconcile(cluster, xrd, ref, namespace="elsewhere")

        assert [objects.namespace(o) for o in cluster.list(CONFIG)] == ["team"]
        told = [event.message for event in world.events.events if event.reason == "NamespaceOverridden"]
        assert told == [
            'cannot create composed resource "settings" in namespace "elsewhere", using XR namespace "team" instead'
        ]

    @staticmethod
    def reconcile(cluster, xrd, ref, **metadata):
        functions = FakeFunctions({"f": lambda request: config(request, **metadata)})
        world = fake_world(cluster, functions=functions)
        composites.reconcile(ref, xrd, composites.Memory(), world)
        return world


@pytest.mark.parametrize("scope", ["Cluster"], indirect=True)
def test_a_composite_of_the_cluster_says_in_which_namespace(cluster, xrd, ref):
    cluster.namespaced[CONFIG] = True

    with pytest.raises(StalledError, match=r"an empty namespace may not be set.*a ConfigMap needs metadata.namespace"):
        composites.reconcile(ref, xrd, composites.Memory(), fake_world(cluster, functions=FakeFunctions({"f": config})))

    assert cluster.list(CONFIG) == []
