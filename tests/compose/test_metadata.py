"""The rows of names.jsonl show what metadata becomes; here is what goes wrong, and what must not depend on them."""

import pytest

from crosshead.compose import metadata
from crosshead.compose.metadata import MetadataError

OWNER = {"apiVersion": "e.org/v1", "kind": "X", "name": "x", "uid": "u", "controller": True, "blockOwnerDeletion": True}


def composite(namespace="", **labels):
    told = {"name": "x", "uid": "u", "labels": {"crossplane.io/composite": "root"} | labels}
    return {"apiVersion": "e.org/v1", "kind": "X", "metadata": told | ({"namespace": namespace} if namespace else {})}


CLAIMED = composite(**{"crossplane.io/claim-name": "c", "crossplane.io/claim-namespace": "ns"})
HALF_CLAIMED = composite(**{"crossplane.io/claim-name": "c"})


def completed(own, owner, name="r"):
    draft = {"metadata": own}
    metadata.complete(draft, owner, name)
    metadata.give_name(draft, owner, name)
    return draft["metadata"]


def test_a_composed_resource_tells_whose_it_is():
    assert completed({}, CLAIMED) == {
        "name": "root-4cd8cf8e48cf",
        "generateName": "root-",
        "labels": {
            "crossplane.io/composite": "root",
            "crossplane.io/claim-name": "c",
            "crossplane.io/claim-namespace": "ns",
        },
        "annotations": {"crossplane.io/composition-resource-name": "r"},
        "ownerReferences": [OWNER],
    }


def test_half_a_claim_is_none():
    assert completed({}, HALF_CLAIMED)["labels"] == {"crossplane.io/composite": "root"}


@pytest.mark.parametrize(
    ("own", "name"),
    [
        pytest.param({"name": "mine"}, "mine", id="a name stays"),
        pytest.param({"generateName": "my-"}, "my-4cd8cf8e48cf", id="a prefix stays"),
    ],
)
def test_names_of_its_own_are_respected(own, name):
    given = completed(own, CLAIMED)

    assert given["name"] == name
    assert given.get("generateName") == own.get("generateName")


def test_the_namespace_of_the_composite_is_everybodys():
    assert completed({"namespace": "other"}, composite("ns"))["namespace"] == "ns"


def test_without_a_name_in_the_composition_there_is_no_annotation():
    assert "annotations" not in completed({}, CLAIMED, name="")


def test_other_owners_stay():
    other = {"uid": "o", "kind": "Y", "name": "y"}

    assert completed({"ownerReferences": [other, {"uid": "u"}]}, CLAIMED)["ownerReferences"] == [other, OWNER]


@pytest.mark.parametrize(
    ("own", "owner", "words"),
    [
        pytest.param(
            {},
            composite(**{"crossplane.io/composite": ""}),
            (
                'cannot find top-level composite resource name label "crossplane.io/composite" in'
                " composite resource metadata"
            ),
            id="no prefix",
        ),
        pytest.param({"labels": []}, CLAIMED, "metadata.labels is not an object", id="labels that are none"),
        pytest.param(
            {"annotations": "x"}, CLAIMED, "metadata.annotations is not an object", id="annotations that are none"
        ),
        pytest.param(
            {"ownerReferences": {"a": 1}},
            CLAIMED,
            "metadata.ownerReferences: not an array of objects",
            id="owners that are none",
        ),
        pytest.param(
            {"ownerReferences": ["x"]},
            CLAIMED,
            "metadata.ownerReferences: not an array of objects",
            id="an owner that is none",
        ),
        pytest.param(
            {"name": "n", "ownerReferences": [{"uid": "o", "kind": "Y", "name": "y", "controller": True}]},
            CLAIMED,
            "n is already controlled by Y y (UID o)",
            id="somebody else's",
        ),
    ],
)
def test_what_cannot_be_set_is_told(own, owner, words):
    with pytest.raises(MetadataError) as caught:
        completed(own, owner)

    assert str(caught.value) == words
