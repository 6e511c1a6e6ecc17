"""What Crossplane gives names to is called by the same names here."""

import pytest

from crosshead.base import names, naming, objects
from crosshead.base.encoding import normalized
from crosshead.base.objects import Kind
from crosshead.compose import metadata, revisions
from crosshead.compose.metadata import MetadataError
from tests.conformance import copies, tables

ROWS = tables.rows("micro/names.jsonl")


def of(op):
    rows = [row for row in ROWS if row["op"] == op]
    return pytest.mark.parametrize("row", copies.parameters(rows, "names"))


@of("child-name")
def test_a_child_is_named_after_its_parent_for_ever(row):
    name = naming.child_name(row["parentName"], row["parentUID"], row["childName"])

    assert name == row["v2.3"]["out"]


@of("field-owner")
def test_the_field_owner_of_composed_resources_is_the_same(row):
    assert naming.composed_owner(row["xr"]) == row["v1.20"]["out"] == row["v2.3"]["out"]


@of("validate-name")
def test_the_same_names_are_refused_with_the_same_words(row):
    kind, _, group = row["groupKind"].partition(".")

    fault = naming.name_fault(row["name"], Kind(f"{group}/v1" if group else "v1", kind))

    assert fault == row["v2.3"].get("error", "")


def told_name(draft, composite, resource):
    """Return the name that *draft* gets, as the table tells it: some are random upstream, and ours are not."""
    generated = draft["metadata"].get("generateName", "")
    metadata.give_name(draft, composite, resource)
    if "name" in draft["metadata"] and resource and objects.uid(composite):
        return objects.name(draft)
    return {"base": naming.random_base(generated), "random_suffix": naming.RANDOM_LENGTH}


def rendered(row):
    draft = normalized(row["cd"])
    try:
        metadata.complete(draft, row["xr"], row["resource"])
    except MetadataError as error:
        return {"error": str(error), "metadata": None}
    completed = normalized(draft["metadata"])
    return {"metadata": completed, "name": told_name(draft, row["xr"], row["resource"])}


@of("render")
def test_a_composed_resource_gets_the_same_metadata(row):
    assert rendered(row) == row["v2.3"]


@of("revision")
def test_a_revision_has_the_same_hash_name_and_content(row):
    composition = row["composition"]

    revision = revisions.make(composition, 3)

    expected = row["v1.20"]["revision"]
    # Crossplane 2.3 copies the annotations too, and so do we.
    annotations = row["v2.3"]["revision"]["metadata"].get("annotations")
    assert revisions.digest(composition) == row["v1.20"]["hash"]
    assert revision["metadata"] == expected["metadata"] | ({"annotations": annotations} if annotations else {})
    assert revision["spec"] == expected["spec"]


@of("constants")
def test_finalizers_and_field_owners_are_the_same(row):
    assert row["finalizers"]["claim"] == names.CLAIM_FINALIZER
    assert row["finalizers"]["composite"] == names.COMPOSITE_FINALIZER
    assert row["finalizers"]["usage"] == names.USAGE_FINALIZER
    assert row["finalizers"]["xrd-claim"] == names.OFFERED_FINALIZER
    assert row["finalizers"]["xrd-composite"] == names.DEFINED_FINALIZER
    assert row["field_owners"]["claim->XR"] == names.CLAIM_OWNER
    assert row["field_owners"]["composite"] == names.COMPOSITE_OWNER
    assert f"{row['field_owners']['composed prefix']}/" == names.COMPOSED_OWNER_PREFIX
