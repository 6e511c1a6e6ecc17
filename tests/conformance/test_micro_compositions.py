"""A composition that Crossplane 1.20 refuses is refused here, with its words."""

import pytest

from crosshead.compose import declared_faults, schema_faults, validation
from tests.conformance import copies

ROWS = [row for row in copies.rows("validation") if row["op"] == "composition"]


@pytest.mark.parametrize("row", copies.parameters(ROWS, "validation"))
def test_the_same_faults_are_found(row):
    faults = validation.faults(row["object"]["spec"])

    assert sorted(map(str, faults)) == sorted(fault["error"] for fault in row["v1.20"]["webhook"]["errors"])


def complaints(row):
    """What we have against the row's composition, whoever says it with Crossplane: its webhook or its CRD."""
    spec = row["object"]["spec"]
    return {str(fault) for fault in (*validation.faults(spec), *declared_faults.find(spec))}


def refused_by_crd(row):
    return [each["error"] for each in row["v1.20"]["crd"]["schema_errors"]]


def is_told(error, row):
    """Of what both refuse the webhook has its own words, and a step or name that is there twice a longer path."""
    path = error.partition(": ")[0]
    return any(complaint.startswith(path) for complaint in complaints(row))


@pytest.mark.parametrize("row", copies.parameters([row for row in ROWS if refused_by_crd(row)], "validation"))
def test_what_the_crd_refuses_is_refused_in_a_file_too(row):
    assert [error for error in refused_by_crd(row) if not is_told(error, row)] == []


@pytest.mark.parametrize("row", copies.parameters(ROWS, "validation"))
def test_the_mode_of_the_schema_aware_validation_is_read(row):
    told = row["v1.20"]["webhook"].get("mode_error")

    refusals = schema_faults.judge({**row["object"], "spec": {}}, lambda _: {}).refusals

    assert list(refusals) == ([f"cannot get validation mode: {told}"] if told else [])
