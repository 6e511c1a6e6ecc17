"""Public compositions, rendered by the real functions: ours must come to the same, round by round."""

import pytest

from crosshead.base.errors import ReconcileError
from crosshead.cli import surroundings
from crosshead.compose import previews
from crosshead.compose.previews import Wanted
from tests.conformance import not_covered, oracle, tables

ROUNDS = list(oracle.rounds(tables.find("oracle")))
ALL = Wanted(full_composite=True, results=True, context=True)


def test_what_is_left_out_is_there_to_be_left_out():
    assert not_covered.ORACLE.keys() <= {one.id for one in ROUNDS}


@pytest.mark.parametrize(
    "rendering", [pytest.param(one, id=one.id) for one in ROUNDS if one.id not in not_covered.ORACLE]
)
def test_a_public_composition_renders_as_it_does_for_real(rendering):
    found, error = _render(rendering)

    if rendering.expected is None:
        assert error
        assert _core(error) in _flat(rendering.error)
        return
    assert error is None, error
    expected, documents = oracle.by_meaning(rendering.expected), oracle.by_meaning(found)
    assert [d for d in oracle.differences(expected, documents) if not rendering.is_random(d)] == []


def _render(rendering):
    try:
        with surroundings.offline(
            rendering.functions,
            required=rendering.extra,
            schemas=(),
            credentials=rendering.credentials,
            timeout=30.0,
        ) as world:
            spec = rendering.composition["spec"]
            return previews.preview(rendering.composite, spec, rendering.observed, world, ALL), None
    except ReconcileError as error:
        return [], error.message


def _flat(text):
    return " ".join(text.split())


def _core(text):
    return _flat(text).rpartition("json: ")[0] or _flat(text)
