"""The rows of names.jsonl prove the hashes; here are the laws."""

from hypothesis import given
from hypothesis import strategies as st

from crosshead.compose import revisions
from tests.base.strategies import OBJECTS

COMPOSITION = {
    "apiVersion": "apiextensions.crossplane.io/v1",
    "kind": "Composition",
    "metadata": {"name": "c", "uid": "u"},
    "spec": {"compositeTypeRef": {"apiVersion": "e.org/v1", "kind": "X"}},
}


def with_metadata(**metadata):
    return {**COMPOSITION, "metadata": {**COMPOSITION["metadata"], **metadata}}


@given(OBJECTS)
def test_the_order_of_fields_does_not_count(resources):
    spec = {**COMPOSITION["spec"], "resources": [resources], "mode": "Resources"}

    forwards = revisions.digest({**COMPOSITION, "spec": spec})

    assert revisions.digest({**COMPOSITION, "spec": dict(reversed(spec.items()))}) == forwards


@given(st.dictionaries(st.text(max_size=3), st.text(max_size=3), min_size=1))
def test_labels_and_annotations_count(pairs):
    assert revisions.digest(with_metadata(labels=pairs)) != revisions.digest(COMPOSITION)
    assert revisions.digest(with_metadata(annotations=pairs)) != revisions.digest(COMPOSITION)


def test_what_crossplane_does_not_know_does_not_count():
    spec = {**COMPOSITION["spec"], "bogus": 1, "pipeline": None}

    assert revisions.digest({**COMPOSITION, "spec": spec}) == revisions.digest(COMPOSITION)


def test_a_revision_is_a_numbered_copy():
    revision = revisions.make(with_metadata(annotations={"a": "b"}), 7)

    assert revision["kind"] == "CompositionRevision"
    assert revision["metadata"]["annotations"] == {"a": "b"}
    assert revision["metadata"]["name"] == f"c-{revision['metadata']['labels']['crossplane.io/composition-hash'][:7]}"
    assert revision["spec"] == {**COMPOSITION["spec"], "revision": 7}


def test_without_annotations_a_revision_has_none():
    assert "annotations" not in revisions.make(COMPOSITION, 1)["metadata"]
