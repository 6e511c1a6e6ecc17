"""Our CRDs take, complete and refuse what those of Crossplane 1.20 do."""

import pytest

from crosshead.api.compositions import composition_crd
from crosshead.api.definitions import definition_crd
from crosshead.api.usages import usage_crd
from tests.conformance import structural, tables

SCHEMAS = {
    (crd["spec"]["group"] + "/" + version["name"], crd["spec"]["names"]["kind"]): version["schema"]["openAPIV3Schema"]
    for crd in (definition_crd(), composition_crd(), usage_crd())
    for version in crd["spec"]["versions"]
}
ROWS = [
    (SCHEMAS[kind], row)
    for row in tables.rows("micro/validation.jsonl")
    if (kind := (row["object"]["apiVersion"], row["object"]["kind"])) in SCHEMAS and "crd" in row.get("v1.20", {})
]
each_row = pytest.mark.parametrize(("schema", "row"), [pytest.param(*pair, id=pair[1]["id"]) for pair in ROWS])


def admitted(schema, obj):
    """Metadata is the API server's own affair, whatever the schema of the kind says."""
    told = {field: part for field, part in obj.items() if field != "metadata"}
    return structural.prune(schema, structural.default(schema, told))


@each_row
def test_what_is_dropped_and_filled_in_is_the_same(schema, row):
    kept, dropped = admitted(schema, row["object"])

    expected = row["v1.20"]["crd"]
    assert dropped == expected.get("pruned", [])
    # The table is silent about specs that stay as they are, and about those that only lose something.
    assert kept["spec"] == expected.get("defaulted_spec", kept["spec"] if dropped else row["object"]["spec"])


@each_row
def test_what_is_refused_is_the_same(schema, row):
    kept, _ = admitted(schema, row["object"])

    expected = row["v1.20"]["crd"]["schema_errors"]
    assert sorted(structural.errors(schema, kept)) == sorted(error["error"] for error in expected)


@each_row
def test_the_rules_that_are_broken_are_the_same(schema, row):
    kept, _ = admitted(schema, row["object"])
    before, _ = admitted(schema, row.get("old", {}))

    expected = row["v1.20"]["crd"]["cel_errors"]
    assert sorted(structural.broken_rules(schema, kept, before)) == sorted(error["error"] for error in expected)
