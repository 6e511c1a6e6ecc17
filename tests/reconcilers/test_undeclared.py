"""Compositions that set fields which their kinds do not have."""

import pytest

from crosshead.base import conditions, objects
from crosshead.base.errors import InvalidObjectError
from crosshead.base.objects import Kind, Ref
from crosshead.reconcilers import composites, revisions
from tests.fake_cluster import FakeCluster
from tests.fakes import fake_world
from tests.reconcilers import manifests

COMPOSITE = Ref(manifests.COMPOSITE, "mine-xxxx1")
COMPOSITION = Ref(manifests.COMPOSITION_KIND, "things")


class StrictCluster(FakeCluster):
    """An API server that applies NopResources only without the fields in *unknown*, which it tells one at a time."""

    def __init__(self, unknown, words="failed to create typed patch object: .{}: field not declared in schema"):
        super().__init__()
        self.unknown, self.words = list(unknown), words
        crd = {"group": "nop.crossplane.io", "names": {"kind": "NopResource"}, "versions": []}
        self.seed({"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
                   "metadata": {"name": "nops"}, "spec": crd})  # fmt: skip

    def apply(self, obj, owner, *, status=False):
        fields = obj["spec"].get("forProvider", {}).get("fields", {})
        wrong = [f"spec.forProvider.fields.{name}" for name in self.unknown if name in fields]
        if obj["kind"] == "NopResource" and wrong:
            self.writes.append(None)
            raise InvalidObjectError("Invalid", self.words.format(wrong[0]))
        return super().apply(obj, owner, status=status)


def start(cluster):
    cluster.seed(manifests.composite(), manifests.composition(manifests.nop_template("one")))
    revisions.reconcile(COMPOSITION, fake_world(cluster))
    return fake_world(cluster)


def reconcile(world, memory):
    return composites.reconcile(COMPOSITE, manifests.xrd(), memory, world)


def fields(cluster):
    return [obj["spec"]["forProvider"]["fields"] for obj in cluster.list(manifests.NOP)]


def synced(cluster):
    return conditions.find(cluster.get(COMPOSITE), "Synced")


def test_fields_that_a_kind_does_not_have_are_left_out_and_told():
    cluster = StrictCluster(["is", "size"])
    world = start(cluster)

    reconcile(world, composites.Memory())

    assert fields(cluster) == [{}]
    assert synced(cluster).status == "True"
    told = [event.message for event in world.events.events if "has no such field" in event.message]
    fields_left_out = "spec.forProvider.fields.is, spec.forProvider.fields.size"
    assert told == [f"composed resource 'one' is applied without {fields_left_out}: its kind has no such field"]


def test_what_was_learnt_is_not_tried_again():
    cluster, memory = StrictCluster(["is"]), composites.Memory()
    world = start(cluster)
    reconcile(world, memory)
    cluster.forget()

    reconcile(world, memory)

    assert cluster.writes == []


def test_a_changed_definition_is_tried_anew():
    cluster, memory = StrictCluster(["is"]), composites.Memory()
    world = start(cluster)
    reconcile(world, memory)
    cluster.unknown.clear()
    crd = Ref(Kind("apiextensions.k8s.io/v1", "CustomResourceDefinition"), "nops")
    cluster.patch(crd, {"spec": {"versions": [{}]}})

    reconcile(world, memory)

    assert fields(cluster) == [{"is": "one", "size": "small"}]


@pytest.mark.parametrize(
    "words",
    [
        pytest.param("spec.deletionPolicy: Unsupported value", id="for something else"),
        pytest.param("failed: .spec.elsewhere: field not declared in schema", id="for a field that is not there"),
        pytest.param("failed: .spec.x[: field not declared in schema", id="for a path that cannot be read"),
    ],
)
def test_a_resource_that_is_refused_all_the_same_says_why_on_the_composite(words):
    cluster = StrictCluster(["is"], words)

    reconcile(start(cluster), composites.Memory())

    assert synced(cluster).message == f"Unsynced resources: one (one: {words})"


def test_in_pipeline_mode_such_fields_are_refused_as_upstream():
    cluster = StrictCluster(["is"])
    world = start(cluster)
    composite = cluster.get(COMPOSITE)
    from crosshead.compose.rendering import Desired, Rendered  # noqa: PLC0415 (read beside its only use)
    from crosshead.reconcilers import composed_applying  # noqa: PLC0415

    nop = {**manifests.nop_template("one")["base"], "metadata": {"name": "n"}}
    done = composed_applying.apply(composite, Rendered((Desired("one", nop),)), {}, None, world)

    assert (done.resources, list(done.unsynced), done.refusal) == ({}, ["one"], None)
    assert objects.name(composite) == "mine-xxxx1"
