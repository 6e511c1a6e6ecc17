"""The small built-in functions answer as the real ones did, word for word."""

import json
from dataclasses import replace

import pytest

from crosshead.compose.functions import (
    auto_ready,
    cel_filter,
    environment_configs,
    extra_resources,
    sequencer,
    tag_manager,
)
from crosshead.compose.protocol import Severity
from crosshead.functions import status_transformer, wire
from tests.conformance import copies

ROWS = copies.rows("xr-pipeline")
FUNCTIONS = {
    "function-auto-ready": auto_ready.run,
    "function-cel-filter": cel_filter.run,
    "function-environment-configs": environment_configs.run,
    "function-extra-resources": extra_resources.run,
    "function-sequencer": sequencer.run,
    "function-status-transformer": status_transformer.run,
    "function-tag-manager": tag_manager.run,
}


def answer(row):
    return FUNCTIONS[row["function"]](wire.request_from_json(row["request"]))


def comparable(response, *, is_stable):
    """Return *response* without what the real function leaves to chance: what follows `json:`."""
    cut = [replace(r, message=r.message if is_stable else r.message.split("json:")[0]) for r in response.results]
    return json.loads(json.dumps(wire.response_to_json(replace(response, results=cut))), parse_int=float)


@pytest.mark.parametrize("row", copies.parameters([r for r in ROWS if "response" in r], "xr-pipeline"))
def test_a_function_answers_as_the_real_one_does(row):
    is_stable = not row.get("unstable")
    expected = wire.response_from_json(row["response"])

    assert comparable(answer(row), is_stable=is_stable) == comparable(expected, is_stable=is_stable)


@pytest.mark.parametrize("row", copies.parameters([r for r in ROWS if "panic" in r], "xr-pipeline"))
def test_what_brings_the_real_one_down_is_refused_here(row):
    assert [result.severity for result in answer(row).results] == [Severity.FATAL]
