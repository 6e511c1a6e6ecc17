"""The list of exceptions is true."""

import pytest

from tests.conformance import copies, tables
from tests.conformance.not_covered import NOT_COVERED

COPIED = sorted(NOT_COVERED.keys() - {"names"})


@pytest.mark.parametrize("table", COPIED)
def test_every_exception_is_a_row(table):
    assert NOT_COVERED[table].keys() <= {row["id"] for row in copies.rows(table)}


def test_every_exception_among_the_names_is_a_row():
    assert NOT_COVERED["names"].keys() <= {row["id"] for row in tables.rows("micro/names.jsonl")}


def test_every_name_is_covered_or_an_exception():
    covered = {"child-name", "field-owner", "validate-name", "render", "revision", "constants"}
    covered |= {"claim-sync", "connection-secret"}

    assert {row["op"] for row in tables.rows("micro/names.jsonl")} == covered
