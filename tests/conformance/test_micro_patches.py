"""A request for function-patch-and-transform is answered as the real function answers it, one patch or many."""

import pytest

from crosshead.compose import numbers
from crosshead.compose.functions import patch_and_transform
from crosshead.functions import wire
from tests.conformance import copies

ROWS = copies.rows("patches")
SERVED_ROWS = copies.rows("transforms-served")


def answered(row):
    return wire.response_to_json(patch_and_transform.run(wire.request_from_json(row["request"])))


def told(response, row):
    """Return *response* as it can be compared: numbers by value, and of unstable texts what does not vary."""
    results = response.get("results", [])
    if row.get("unstable"):
        results = [{**result, "message": result["message"].partition("json:")[0]} for result in results]
    return numbers.doubled({**response, "results": results})


@pytest.mark.parametrize("row", copies.parameters([row for row in ROWS if "response" in row], "patches"))
def test_the_answer_is_the_functions(row):
    assert told(answered(row), row) == told(row["response"], row)


@pytest.mark.parametrize("row", copies.parameters([row for row in ROWS if "panic" in row], "patches"))
def test_where_the_function_crashes_we_refuse(row):
    [result] = answered(row)["results"]

    assert result["severity"] == "SEVERITY_FATAL"


@pytest.mark.parametrize("row", copies.parameters(SERVED_ROWS, "transforms-served"))
def test_a_transform_that_is_served_gives_what_the_function_gives(row):
    assert told(answered(row), row) == told(row["response"], row)
