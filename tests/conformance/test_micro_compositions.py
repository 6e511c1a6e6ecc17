"""A composition that Crossplane 1.20 refuses is refused here, with its words."""

import pytest

from crosshead.compose import validation
from tests.conformance import copies

ROWS = [row for row in copies.rows("validation") if row["op"] == "composition"]


@pytest.mark.parametrize("row", copies.parameters(ROWS, "validation"))
def test_the_same_faults_are_found(row):
    faults = validation.faults(row["object"]["spec"])

    assert sorted(map(str, faults)) == sorted(fault["error"] for fault in row["v1.20"]["webhook"]["errors"])
