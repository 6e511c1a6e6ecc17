import pytest

from crosshead.base import objects
from crosshead.base.objects import Kind, Ref

OWNER = {"apiVersion": "e.org/v1", "kind": "X", "name": "x", "uid": "u1", "controller": True}
OBJECT = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {
        "name": "web",
        "namespace": "shop",
        "uid": "u2",
        "resourceVersion": "7",
        "generation": 3,
        "labels": {"a": "b"},
        "annotations": {"crossplane.io/paused": "true"},
        "finalizers": ["f"],
        "deletionTimestamp": "2024-01-01T00:00:00Z",
        "ownerReferences": [{"uid": "u0"}, OWNER],
    },
    "spec": {"replicas": 1},
    "status": {"ready": 1},
}


@pytest.mark.parametrize(
    ("kind", "group", "version", "group_kind", "text"),
    [
        pytest.param(Kind("apps/v1", "Deployment"), "apps", "v1", "Deployment.apps", "Deployment.apps/v1", id="group"),
        pytest.param(Kind("v1", "Secret"), "", "v1", "Secret", "Secret.v1", id="the core group has no name"),
    ],
)
def test_a_kind_knows_its_parts(kind, group, version, group_kind, text):
    assert (kind.group, kind.version, kind.group_kind, str(kind)) == (group, version, group_kind, text)


@pytest.mark.parametrize(
    ("ref", "text"),
    [
        pytest.param(Ref(Kind("v1", "Secret"), "s", "ns"), "Secret 's' in namespace 'ns'", id="namespaced"),
        pytest.param(Ref(Kind("v1", "Namespace"), "ns"), "Namespace 'ns'", id="cluster-scoped"),
    ],
)
def test_a_reference_reads_as_a_person_would_say_it(ref, text):
    assert str(ref) == text


def test_the_parts_of_an_object_are_found():
    assert objects.ref_of(OBJECT) == Ref(Kind("apps/v1", "Deployment"), "web", "shop")
    assert objects.uid(OBJECT) == "u2"
    assert objects.resource_version(OBJECT) == "7"
    assert objects.generation(OBJECT) == 3
    assert objects.labels(OBJECT) == {"a": "b"}
    assert objects.finalizers(OBJECT) == ("f",)
    assert objects.spec(OBJECT) == {"replicas": 1}
    assert objects.status(OBJECT) == {"ready": 1}
    assert objects.is_deleting(OBJECT)
    assert objects.is_paused(OBJECT)
    assert objects.controller_uid(OBJECT) == "u1"


def test_what_an_object_does_not_have_yet_is_empty():
    new = {"apiVersion": "v1", "kind": "ConfigMap"}

    assert objects.ref_of(new) == Ref(Kind("v1", "ConfigMap"), "")
    assert objects.uid(new) == objects.resource_version(new) == objects.controller_uid(new) == ""
    assert objects.generation(new) == 0
    assert objects.labels(new) == objects.annotations(new) == objects.spec(new) == objects.status(new) == {}
    assert objects.finalizers(new) == ()
    assert objects.controller(new) is None
    assert not objects.is_deleting(new)
    assert not objects.is_paused(new)


@pytest.mark.parametrize("value", ["True", "yes", "", "1"])
def test_only_the_word_true_pauses(value):
    assert not objects.is_paused({"metadata": {"annotations": {"crossplane.io/paused": value}}})


def test_the_owner_reference_of_a_controller_blocks_its_deletion():
    assert objects.controller_reference(OBJECT) == {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "name": "web",
        "uid": "u2",
        "controller": True,
        "blockOwnerDeletion": True,
    }


@pytest.mark.parametrize("odd", [None, "text", 1, ["a"]])
def test_of_an_object_that_is_none_nothing_is_known(odd):
    obj = {"metadata": odd, "spec": odd, "status": odd}
    labelled = {"metadata": {"labels": odd, "annotations": odd}}

    assert (objects.name(obj), objects.labels(obj), objects.spec(obj), objects.status(obj)) == ("", {}, {}, {})
    assert (objects.labels(labelled), objects.annotations(labelled)) == ({}, {})
