"""The tables of `tests/conformance` say what transforms make of values; here is what the tables leave out."""

import pytest
from hypothesis import given

from crosshead.base import regexps
from crosshead.compose import transforms
from crosshead.compose.conversions import ConvertTransform
from crosshead.compose.strings import FormatTransform, JoinTransform
from crosshead.compose.transforms import (
    BrokenPattern,
    BrokenTransform,
    ClampMaxTransform,
    ClampMinTransform,
    LiteralPattern,
    MapTransform,
    MatchTransform,
    MultiplyTransform,
    RegexpPattern,
    TransformError,
)
from tests.base.strategies import JSON

REGIONS = MapTransform({"us": "us-east-1", "nothing": None})
SIZES = MatchTransform((LiteralPattern("s", 1), RegexpPattern(regexps.compile("^m"), 2), LiteralPattern("l", 3)))
BROKEN = MatchTransform((BrokenPattern("it is broken"),))


@pytest.mark.parametrize(
    ("transform", "value", "result"),
    [
        pytest.param(REGIONS, "us", "us-east-1", id="map"),
        pytest.param(SIZES, "s", 1, id="match a literal"),
        pytest.param(SIZES, "medium", 2, id="match an expression"),
        pytest.param(SIZES, "xl", None, id="no match is null"),
        pytest.param(MatchTransform((), "fallback"), "x", "fallback", id="no match is the fallback"),
        pytest.param(MatchTransform((), None, falls_back_to_input=True), 5, 5, id="no match is the input"),
        pytest.param(MultiplyTransform(3), 2, 6, id="integers stay integers"),
        pytest.param(MultiplyTransform(3), 0.5, 1.5, id="doubles stay doubles"),
        pytest.param(MultiplyTransform(2), 2**62, -(2**63), id="what 64 bits cannot hold wraps"),
        pytest.param(ClampMinTransform(3), 2, 3, id="too small"),
        pytest.param(ClampMinTransform(3), 3.9, 3.9, id="not too small"),
        pytest.param(ClampMaxTransform(3), 4, 3, id="too large"),
        pytest.param(ClampMaxTransform(3), 3.9, 3.9, id="not too large without its fraction"),
        pytest.param(FormatTransform("%s-x"), "a", "a-x", id="string"),
        pytest.param(ConvertTransform("int64"), "5", 5, id="convert"),
    ],
)
def test_a_value_becomes_what_the_transform_makes_of_it(transform, value, result):
    resolved = transforms.resolve(transform, value)

    assert resolved == result
    assert type(resolved) is type(result)


@pytest.mark.parametrize(
    ("transform", "value", "words"),
    [
        pytest.param(
            REGIONS, "mars", "map transform could not resolve: key mars is not found in map", id="unknown key"
        ),
        pytest.param(
            REGIONS,
            5,
            "map transform could not resolve: type int64 is not supported for map transform",
            id="map of a number",
        ),
        pytest.param(
            REGIONS,
            "nothing",
            "map transform could not resolve: value for key nothing is not valid JSON: unexpected end of JSON input",
            id="null in a map",
        ),
        pytest.param(
            SIZES,
            None,
            "match transform could not resolve: cannot match pattern at index 0: unsupported input type '<nil>'",
            id="match of nothing",
        ),
        pytest.param(
            MatchTransform(SIZES.patterns[1:]),
            None,
            "match transform could not resolve: cannot match pattern at index 0: unsupported input type 'null'",
            id="match nothing with an expression",
        ),
        pytest.param(
            BROKEN,
            "x",
            "match transform could not resolve: cannot match pattern at index 0: it is broken",
            id="a broken pattern",
        ),
        pytest.param(
            MatchTransform((), 1, falls_back_to_input=True),
            "x",
            "match transform could not resolve: cannot set both a fallback value and the fallback to input flag",
            id="two fallbacks",
        ),
        pytest.param(
            MultiplyTransform(2),
            True,
            "math transform could not resolve: input is required to be a number for math transformer, got bool",
            id="a bool is no number",
        ),
        pytest.param(
            ConvertTransform("int64"),
            "x",
            (
                "convert transform could not resolve: cannot convert value x: strconv.ParseInt: parsing"
                ' "x": invalid syntax'
            ),
            id="no number",
        ),
        pytest.param(
            JoinTransform(","),
            "abc",
            "string transform could not resolve: cannot join non-array values",
            id="nothing to join",
        ),
        pytest.param(BrokenTransform("it is broken"), "x", "it is broken", id="a broken transform"),
    ],
)
def test_a_mismatch_says_why(transform, value, words):
    with pytest.raises(TransformError) as caught:
        transforms.resolve(transform, value)

    assert str(caught.value) == words


def test_transforms_run_first_to_last():
    chain = [ConvertTransform("int64"), MultiplyTransform(2), FormatTransform("%d GB")]

    assert transforms.resolve_all(chain, "20") == "40 GB"


def test_a_failure_in_a_chain_is_told_by_its_place():
    with pytest.raises(TransformError, match=r"^transform at index 1 returned error: it is broken$"):
        transforms.resolve_all([FormatTransform("%s"), BrokenTransform("it is broken")], "a")


@given(JSON)
def test_no_value_is_too_strange(value):
    chains = (
        REGIONS,
        SIZES,
        MultiplyTransform(2),
        ClampMinTransform(1),
        FormatTransform("%v"),
        ConvertTransform("bool"),
    )

    assert all(_answers(transform, value) for transform in chains)


def _answers(transform, value):
    """Whether *transform* takes *value* or refuses it as it should; anything else fails the test."""
    try:
        transforms.resolve(transform, value)
    except TransformError as error:
        return str(error) != ""
    return True
