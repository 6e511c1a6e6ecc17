"""A composite and the resources it is composed of."""

import pytest

from crosshead.base import conditions, objects
from crosshead.base.errors import ForbiddenError, InvalidObjectError, NotReadyError, StalledError, TransientError
from crosshead.base.objects import Kind, Ref
from crosshead.reconcilers import composites, revisions
from tests.fake_cluster import FakeCluster
from tests.fakes import fake_world
from tests.reconcilers import manifests

COMPOSITE = Ref(manifests.COMPOSITE, "mine-xxxx1")
COMPOSITION = Ref(manifests.COMPOSITION_KIND, "things")
SECRET = Kind("v1", "Secret")


@pytest.fixture
def cluster():
    cluster = FakeCluster()
    cluster.seed(manifests.composite(), manifests.composition())
    revisions.reconcile(COMPOSITION, fake_world(cluster))
    cluster.forget()
    return cluster


@pytest.fixture
def world(cluster):
    return fake_world(cluster)


def reconcile(world, xrd=None):
    return composites.reconcile(COMPOSITE, xrd or manifests.xrd(), composites.Memory(), world)


def compose_of(cluster, *templates, **spec):
    """Change the composition."""
    cluster.patch(COMPOSITION, {"spec": {"resources": list(templates), **spec}})
    revisions.reconcile(COMPOSITION, fake_world(cluster))


def composed(cluster):
    """Return the composed resources by template name."""
    found = cluster.controlled_by(objects.uid(cluster.get(COMPOSITE)))
    nops = [obj for obj in found if obj["kind"] == "NopResource"]
    return {objects.annotations(obj)["crossplane.io/composition-resource-name"]: obj for obj in nops}


def become(cluster, name, *news, **status):
    """Have a composed resource report *news*."""
    written = conditions.write(conditions.mark((), *news, now="2030-01-01T00:00:00Z"))
    ref = objects.ref_of(composed(cluster)[name])
    cluster.patch(ref, {"status": {**status, "conditions": written}}, status=True)
    cluster.forget()


def referred(cluster):
    return {r["name"] for r in objects.spec(cluster.get(COMPOSITE)).get("resourceRefs") or ()}


def condition(cluster, type):
    return conditions.find(cluster.get(COMPOSITE), type)


def test_a_composite_gets_the_resources_of_its_composition(cluster, world):
    reconcile(world)

    one = composed(cluster)["one"]
    assert one["spec"]["forProvider"]["fields"] == {"is": "one", "size": "small"}
    assert objects.name(one).startswith("mine-xxxx1-")
    assert objects.labels(one)["crossplane.io/composite"] == "mine-xxxx1"
    assert referred(cluster) == {objects.name(obj) for obj in composed(cluster).values()}
    assert condition(cluster, "Ready").message == "Unready resources: one, two"


def test_finalizer_choice_label_and_references_are_one_write_before_the_first_resource(cluster, world):
    reconcile(world)

    assert [(w.verb, w.ref.kind.kind) for w in cluster.writes] == [
        ("patch", "XThing"), ("apply", "NopResource"), ("apply", "NopResource"), ("patch", "XThing"),
    ]  # fmt: skip
    first = cluster.writes[0].body
    assert first["metadata"]["finalizers"] == ["composite.apiextensions.crossplane.io"]
    assert first["spec"]["compositionRef"] == {"name": "things"}


def test_a_second_pass_writes_nothing(cluster, world):
    reconcile(world)
    cluster.forget()

    reconcile(world)

    assert cluster.writes == []


@pytest.mark.parametrize("fail_at", [1, 2, 3, 4])
@pytest.mark.parametrize("lost", [False, True], ids=["the write failed", "the answer was lost"])
def test_an_interrupted_pass_never_leaks(cluster, world, fail_at, lost):
    """Whenever it stops, everything that exists is referred to; and a second pass heals it."""
    cluster.fail_at, cluster.lost = fail_at, lost
    with pytest.raises(TransientError):
        reconcile(world)
    assert {objects.name(obj) for obj in composed(cluster).values()} <= referred(cluster)

    reconcile(world)

    assert set(composed(cluster)) == {"one", "two"}
    assert condition(cluster, "Synced").status == "True"


def test_a_composite_is_ready_when_all_of_its_resources_are(cluster, world):
    reconcile(world)
    become(cluster, "one", conditions.available(), atProvider={"seen": "yes"})
    become(cluster, "two", conditions.available())

    reconcile(world)

    assert condition(cluster, "Ready").reason == "Available"
    assert cluster.get(COMPOSITE)["status"]["one"] == "yes"
    assert len(cluster.writes) == 1


def test_an_unready_composite_does_not_chatter(cluster, world):
    reconcile(world)
    become(cluster, "one", conditions.available())

    again = reconcile(world)

    assert (again, cluster.writes) == (1.0, [])
    world.clock.advance(2)
    reconcile(world)
    assert condition(cluster, "Ready").message == "Unready resources: two"


def test_a_changed_composite_changes_its_resources(cluster, world):
    reconcile(world)
    cluster.patch(COMPOSITE, {"spec": {"size": "large"}})

    reconcile(world)

    assert composed(cluster)["two"]["spec"]["forProvider"]["fields"]["size"] == "large"


def test_a_drifted_resource_is_put_right_and_fields_of_others_stay(cluster, world):
    reconcile(world)
    ref = objects.ref_of(composed(cluster)["one"])
    cluster.patch(ref, {"spec": {"forProvider": {"fields": {"is": "two", "theirs": 1}}}})

    reconcile(world)

    assert composed(cluster)["one"]["spec"]["forProvider"]["fields"] == {"is": "one", "size": "small", "theirs": 1}


def test_a_resource_that_was_deleted_comes_back_under_its_name(cluster, world):
    reconcile(world)
    lost = composed(cluster)["one"]
    cluster.delete(lost)

    reconcile(world)

    assert objects.name(composed(cluster)["one"]) == objects.name(lost)


def test_a_resource_that_is_no_longer_composed_is_deleted_while_it_is_referred_to(cluster, world):
    reconcile(world)
    compose_of(cluster, manifests.nop_template("two"))
    cluster.forget()

    reconcile(world)

    assert set(composed(cluster)) == {"two"}
    assert [w.verb for w in cluster.writes][:2] == ["delete", "patch"]
    assert len(referred(cluster)) == 1


def test_what_somebody_else_controls_is_never_touched(cluster, world):
    reconcile(world)
    one = composed(cluster)["one"]
    cluster.delete(one)
    theirs = {"apiVersion": "v1", "kind": "Other", "name": "o", "uid": "o", "controller": True}
    cluster.seed({**one, "metadata": {"name": objects.name(one), "ownerReferences": [theirs]}, "spec": {"mine": 1}})

    with pytest.raises(StalledError, match="is controlled by Other 'o'"):
        reconcile(world)

    assert cluster.get(objects.ref_of(one))["spec"] == {"mine": 1}


def test_an_invalid_resource_does_not_hold_up_the_others(cluster, world):
    first = manifests.nop_template("zero")
    first["base"] = {"apiVersion": "example.org/v1", "kind": "Refused", "spec": {}}
    compose_of(cluster, first, manifests.nop_template("two"))
    cluster.refusals[Kind("example.org/v1", "Refused")] = InvalidObjectError("Invalid", "spec.x: Required value")

    reconcile(world)

    assert set(composed(cluster)) == {"two"}
    synced = condition(cluster, "Synced")
    assert (synced.status, synced.message.startswith("Unsynced resources: zero")) == ("False", True)
    assert any("spec.x: Required value" in event.message for event in world.events.events)


def test_a_refused_permission_is_told(cluster, world):
    cluster.refusals[manifests.NOP] = ForbiddenError("Forbidden", "may not patch nopresources")

    with pytest.raises(ForbiddenError):
        reconcile(world)

    assert "may not patch nopresources" in condition(cluster, "Synced").message


def test_a_template_that_does_not_render_keeps_its_reference(cluster, world):
    reconcile(world)
    name = objects.name(composed(cluster)["one"])
    broken = manifests.nop_template("one")
    patch = {"type": "FromCompositeFieldPath", "fromFieldPath": "spec.none", "toFieldPath": "spec.forProvider.x"}
    broken["patches"] = [{**patch, "policy": {"fromFieldPath": "Required"}}]
    compose_of(cluster, broken, manifests.nop_template("two"))

    reconcile(world)

    assert name in referred(cluster)
    assert name in {objects.name(obj) for obj in composed(cluster).values()}
    assert "spec.none" in condition(cluster, "Synced").message


def test_a_malformed_composition_is_told_with_the_path_of_the_fault(cluster, world):
    broken = manifests.nop_template("one")
    broken["patches"] = [{"type": "PatchSet", "patchSetName": "missing"}]
    compose_of(cluster, broken)

    with pytest.raises(StalledError, match="missing"):
        reconcile(world)

    assert "missing" in condition(cluster, "Synced").message


def test_a_missing_composition_is_waited_for(cluster, world):
    cluster.patch(COMPOSITE, {"spec": {"compositionRef": {"name": "none"}}})

    with pytest.raises(NotReadyError):
        reconcile(world)

    assert condition(cluster, "Synced").message == "cannot fetch Composition: there is no Composition 'none'"


def test_a_pinned_revision_stays_when_the_composition_changes(cluster, world):
    reconcile(world)
    cluster.patch(COMPOSITE, {"spec": {"compositionUpdatePolicy": "Manual"}})
    compose_of(cluster, manifests.nop_template("three"))

    reconcile(world)

    assert set(composed(cluster)) == {"one", "two"}


def test_a_paused_composite_is_left_alone(cluster, world):
    cluster.patch(COMPOSITE, {"metadata": {"annotations": {"crossplane.io/paused": "true"}}})

    reconcile(world)

    assert composed(cluster) == {}
    assert condition(cluster, "Synced").reason == "ReconcilePaused"


def test_a_deleted_composite_deletes_its_resources_and_goes(cluster, world):
    reconcile(world)
    resources = list(composed(cluster).values())
    cluster.delete(cluster.get(COMPOSITE))

    reconcile(world)

    assert cluster.get(COMPOSITE) is None
    assert [cluster.get(objects.ref_of(obj)) for obj in resources] == [None, None]


def test_a_resource_in_use_does_not_keep_the_composite(cluster, world):
    reconcile(world)
    from crosshead.base.errors import ConflictError  # noqa: PLC0415 (read beside its only use)

    cluster.refusals[objects.ref_of(composed(cluster)["one"])] = ConflictError("Conflict", "in use by 1 Usage(s)")
    cluster.delete(cluster.get(COMPOSITE))

    reconcile(world)

    assert cluster.get(COMPOSITE) is None


def test_a_gone_composite_is_done(cluster, world):
    cluster.delete(cluster.get(COMPOSITE))

    assert reconcile(world) is None


def with_secret(cluster, world, keys):
    """Compose one resource that has a connection Secret."""
    template = manifests.nop_template("one")
    template["base"]["spec"]["writeConnectionSecretToRef"] = {"name": "s", "namespace": "system"}
    template["connectionDetails"] = [{"fromConnectionSecretKey": key} for key in ("host", "password")]
    compose_of(cluster, template, writeConnectionSecretsToNamespace="system")
    reconcile(world)
    become(cluster, "one", conditions.available())
    cluster.seed({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s", "namespace": "system"},
                  "data": {"host": "aGk=", "password": "cHc=", "other": "eA=="}})  # fmt: skip
    reconcile(world, manifests.xrd(connectionSecretKeys=keys))
    return cluster.fetch(Ref(SECRET, objects.uid(cluster.get(COMPOSITE)), "system"))


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        pytest.param([], {"host": "aGk=", "password": "cHc="}, id="all that the composition names"),
        pytest.param(["host"], {"host": "aGk="}, id="only what the XRD lists"),
    ],
)
def test_the_connection_secret_holds_what_the_composition_and_the_xrd_say(cluster, world, keys, expected):
    secret = with_secret(cluster, world, keys)

    assert (secret["data"], secret["type"]) == (expected, "connection.crossplane.io/v1alpha1")
    assert objects.controller_uid(secret) == objects.uid(cluster.get(COMPOSITE))
    assert cluster.get(COMPOSITE)["status"]["connectionDetails"]["lastPublishedTime"]


def test_a_secret_of_somebody_else_is_not_overwritten(cluster, world):
    cluster.patch(COMPOSITE, {"spec": {"writeConnectionSecretToRef": {"name": "theirs", "namespace": "system"}}})
    cluster.seed({"apiVersion": "v1", "kind": "Secret", "type": "Opaque",
                  "metadata": {"name": "theirs", "namespace": "system"}, "data": {"a": "eA=="}})  # fmt: skip

    with pytest.raises(StalledError, match="name another Secret in"):
        with_secret(cluster, world, [])

    assert cluster.fetch(Ref(SECRET, "theirs", "system"))["data"] == {"a": "eA=="}
