import pytest

from crosshead.compose import transform_reading
from crosshead.compose.conversions import ConvertTransform
from crosshead.compose.dialects import Dialect
from crosshead.compose.strings import (
    ConvertStringTransform,
    FormatTransform,
    JoinTransform,
    ReplaceTransform,
    TrimPrefixTransform,
    TrimSuffixTransform,
)
from crosshead.compose.transforms import (
    BrokenPattern,
    BrokenTransform,
    ClampMaxTransform,
    ClampMinTransform,
    LiteralPattern,
    MapTransform,
    MatchTransform,
    MultiplyTransform,
)


def string(**config):
    return {"type": "string", "string": config}


@pytest.mark.parametrize(
    ("raw", "transform"),
    [
        pytest.param(
            {"type": "map", "map": {"a": [1, {"b": 2}]}},
            MapTransform({"a": [1.0, {"b": 2.0}]}),
            id="numbers in maps are doubles",
        ),
        pytest.param(
            {
                "type": "match",
                "match": {"patterns": [{"type": "literal", "literal": "a", "result": True}], "fallbackTo": "Input"},
            },
            MatchTransform((LiteralPattern("a", result=True),), None, falls_back_to_input=True),
            id="match",
        ),
        pytest.param({"type": "match", "match": {"fallbackValue": 1}}, MatchTransform((), 1.0), id="no patterns"),
        pytest.param(
            {"type": "match", "match": {"patterns": [{"type": "regexp"}]}},
            MatchTransform((BrokenPattern("regexp is required by type regexp"),)),
            id="a pattern without expression",
        ),
        pytest.param(
            {"type": "math", "math": {"multiply": 2}}, MultiplyTransform(2), id="multiply unless it says otherwise"
        ),
        pytest.param(
            {"type": "math", "math": {"type": "ClampMin", "clampMin": 2}}, ClampMinTransform(2), id="clamp from below"
        ),
        pytest.param(
            {"type": "math", "math": {"type": "ClampMax", "clampMax": 2}}, ClampMaxTransform(2), id="clamp from above"
        ),
        pytest.param(string(type="Format", fmt="%s"), FormatTransform("%s"), id="format"),
        pytest.param(
            string(type="Convert", convert="ToUpper"), ConvertStringTransform("ToUpper"), id="convert a string"
        ),
        pytest.param(string(type="TrimPrefix", trim=""), TrimPrefixTransform(""), id="trim at the front"),
        pytest.param(string(type="TrimSuffix", trim="x"), TrimSuffixTransform("x"), id="trim at the end"),
        pytest.param(string(type="Join", join={}), JoinTransform(""), id="join"),
        pytest.param({"type": "convert", "convert": {"toType": "int"}}, ConvertTransform("int"), id="convert"),
        pytest.param(
            {"type": "reverse"}, BrokenTransform("transform type reverse is not supported"), id="no such type"
        ),
        pytest.param(
            {"type": "map", "map": None},
            BrokenTransform("given transform type map requires configuration"),
            id="no configuration",
        ),
        pytest.param(
            {"type": "math", "math": {"type": "Divide"}},
            BrokenTransform(
                'math transform could not resolve: type: Invalid value: "Divide": unknown math transform type'
            ),
            id="no such math",
        ),
        pytest.param(
            string(type="Format"),
            BrokenTransform("string transform could not resolve: string transform of type Format fmt is not set"),
            id="no format",
        ),
        pytest.param(
            string(type="Convert", convert="ToRot13"),
            BrokenTransform("string transform could not resolve: type ToRot13 is not supported for string convert"),
            id="no such conversion",
        ),
        pytest.param(
            string(type="Regexp", regexp={"match": "("}),
            BrokenTransform(
                "string transform could not resolve: could not compile regexp: error parsing regexp:"
                " missing closing ): `(`"
            ),
            id="no expression",
        ),
        pytest.param(
            string(type="Replace", replace={}),
            BrokenTransform(
                "string transform could not resolve: type Replace is not supported for string transform type"
            ),
            id="replace is for functions",
        ),
        pytest.param(
            {"type": "convert", "convert": {"toType": "x"}},
            BrokenTransform('convert transform could not resolve: toType: Invalid value: "x": invalid type'),
            id="no type to convert to",
        ),
    ],
)
def test_a_transform_is_read(raw, transform):
    assert transform_reading.read(raw) == transform


def test_functions_may_replace():
    raw = string(type="Replace", replace={"search": "a"})

    assert transform_reading.read(raw, Dialect.FUNCTION) == ReplaceTransform("a", "")


def test_expressions_are_compiled_once():
    raw = string(type="Regexp", regexp={"match": "a(b)", "group": 1})

    transform = transform_reading.read(raw)

    assert (transform.regexp.source, transform.group) == ("a(b)", 1)


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        ({"type": "glob"}, "unsupported pattern type 'glob'"),
        ({}, "unsupported pattern type ''"),
        ({"type": "literal"}, "literal is required by type literal"),
        ({"type": "regexp", "regexp": "("}, "cannot compile regexp: error parsing regexp: missing closing ): `(`"),
    ],
)
def test_a_pattern_that_cannot_match_says_why(pattern, why):
    transform = transform_reading.read({"type": "match", "match": {"patterns": [pattern]}})

    assert transform.patterns == (BrokenPattern(why),)


def test_an_expression_in_a_pattern_is_read():
    transform = transform_reading.read({"type": "match", "match": {"patterns": [{"type": "regexp", "regexp": "^a"}]}})

    assert transform.patterns[0].regexp.source == "^a"
