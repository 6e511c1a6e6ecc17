"""The fake keeps the promises that the reconcilers rely on."""

import pytest

from crosshead.base import objects
from crosshead.base.applying import is_applied
from crosshead.base.errors import AbsentError, AlreadyExistsError, ConflictError, InvalidObjectError, TransientError
from tests.fakes import FakeCluster

PEAR = {"apiVersion": "example.org/v1", "kind": "Fruit", "metadata": {"name": "pear"}, "spec": {"colour": "green"}}
REF = objects.ref_of(PEAR)


@pytest.fixture
def cluster():
    return FakeCluster()


def fruit(spec, **metadata):
    return {**PEAR, "metadata": {"name": "pear", **metadata}, "spec": spec}


def test_a_created_object_has_an_identity_and_no_status(cluster):
    born = cluster.create({**PEAR, "status": {"ripe": True}})

    assert (objects.uid(born), objects.generation(born), born.get("status")) == ("uid-1", 1, None)
    with pytest.raises(AlreadyExistsError):
        cluster.create(PEAR)


def test_status_and_the_rest_are_written_apart(cluster):
    cluster.create(PEAR)

    cluster.patch(REF, {"spec": {"colour": "red"}, "status": {"ripe": True}}, status=True)
    cluster.patch(REF, {"spec": {"size": 3}, "status": {"ripe": False}})

    assert cluster.get(REF)["spec"] == {"colour": "green", "size": 3}
    assert cluster.get(REF)["status"] == {"ripe": True}


def test_only_what_is_asked_for_makes_a_generation(cluster):
    cluster.create(PEAR)

    cluster.patch(REF, {"metadata": {"labels": {"a": "b"}}})
    cluster.patch(REF, {"status": {"ripe": True}}, status=True)
    assert objects.generation(cluster.get(REF)) == 1

    cluster.patch(REF, {"spec": {"colour": "red"}})
    assert objects.generation(cluster.get(REF)) == 2


def test_a_write_that_changes_nothing_makes_no_version(cluster):
    born = cluster.create(PEAR)

    again = cluster.patch(REF, {"spec": {"colour": "green"}})

    assert again is born


@pytest.mark.parametrize(
    "metadata", [{"resourceVersion": "1"}, {"uid": "another"}], ids=["an old version", "another UID"]
)
def test_a_stale_write_conflicts(cluster, metadata):
    cluster.create(PEAR)

    with pytest.raises(ConflictError):
        cluster.patch(REF, {"metadata": metadata})
    with pytest.raises(ConflictError):
        cluster.apply(fruit({}, **metadata), "me")


def test_finalizers_hold_a_deleted_object(cluster):
    cluster.create(fruit({}, finalizers=["hold"]))

    cluster.delete(cluster.get(REF))
    assert objects.is_deleting(cluster.get(REF))
    with pytest.raises(InvalidObjectError):
        cluster.patch(REF, {"metadata": {"finalizers": ["hold", "more"]}})

    cluster.patch(REF, {"metadata": {"finalizers": []}})
    assert cluster.get(REF) is None
    cluster.delete(PEAR)


def test_what_an_owner_no_longer_applies_goes_unless_another_owns_it(cluster):
    cluster.apply(fruit({"colour": "green", "size": 3, "sweet": True}, finalizers=["a"]), "me")
    cluster.apply(fruit({"size": 3}, finalizers=["b"]), "you")

    cluster.apply(fruit({"colour": "red"}), "me")

    assert cluster.get(REF)["spec"] == {"size": 3, "colour": "red"}
    assert objects.finalizers(cluster.get(REF)) == ("b",)


def test_an_applied_emptiness_empties_nothing_of_others(cluster):
    cluster.apply(fruit({"colour": "green"}, annotations={"a": "b"}), "me")

    cluster.apply(fruit({}, annotations={}), "you")

    assert cluster.get(REF)["spec"] == {"colour": "green"}
    assert objects.annotations(cluster.get(REF)) == {"a": "b"}


def test_managed_fields_tell_who_owns_what(cluster):
    wanted = fruit({"a": {"b": 1}, "list": [1, 2]}, finalizers=["a"], ownerReferences=[{"uid": "u", "name": "n"}])

    seen = cluster.apply(wanted, "me")

    assert is_applied(wanted, seen, "me")
    assert not is_applied(fruit({"a": {"b": 1}}), seen, "me")
    assert not is_applied(wanted, seen, "you")


def test_a_status_can_be_applied_under_an_owner_of_its_own(cluster):
    cluster.apply(PEAR, "me")
    status = {**PEAR, "status": {"conditions": [{"type": "Ready", "status": "True"}]}}

    seen = cluster.apply(status, "me/status", status=True)

    assert seen["status"] == status["status"]
    assert seen["spec"] == {"colour": "green"}
    with pytest.raises(AbsentError):
        cluster.apply({**status, "metadata": {"name": "plum"}}, "me/status", status=True)


@pytest.mark.parametrize(("lost", "exists"), [(False, False), (True, True)], ids=["refused", "its answer is lost"])
def test_the_nth_write_fails_once(cluster, lost, exists):
    cluster.fail_at, cluster.lost = 2, lost
    cluster.create({**PEAR, "metadata": {"name": "plum"}})

    with pytest.raises(TransientError):
        cluster.create(PEAR)

    assert (cluster.get(REF) is not None) is exists
    cluster.apply(PEAR, "me")
    assert len(cluster.writes) == 3


def test_dependents_of_the_gone_are_collected(cluster):
    (tree,) = cluster.seed({**PEAR, "metadata": {"name": "tree"}})
    cluster.create(fruit({}, ownerReferences=[objects.controller_reference(tree)]))
    cluster.delete(tree, foreground=True)
    assert [objects.name(fruit) for fruit in cluster.controlled_by(objects.uid(tree))] == ["pear"]

    cluster.collect_garbage()

    assert cluster.list(REF.kind) == []


def test_an_object_has_one_controller(cluster):
    trees = cluster.seed({**PEAR, "metadata": {"name": "a"}}, {**PEAR, "metadata": {"name": "b"}})

    with pytest.raises(InvalidObjectError):
        cluster.create(fruit({}, ownerReferences=[objects.controller_reference(tree) for tree in trees]))


def test_a_null_that_an_object_holds_stays(cluster):
    (pear,) = cluster.seed({**PEAR, "spec": {"colour": None}})

    assert pear["spec"] == {"colour": None}
