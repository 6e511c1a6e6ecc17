"""Transforms take certain types and make certain types, whatever the value."""

import pytest

from crosshead.compose import schema_types
from crosshead.compose.schema_types import TypesFaultError

FORMAT = {"type": "string", "string": {"type": "Format", "fmt": "%v"}}
JOIN = {"type": "string", "string": {"type": "Join", "join": {"separator": ","}}}
TO_UPPER = {"type": "string", "string": {"type": "Convert", "convert": "ToUpper"}}
TO_JSON = {"type": "string", "string": {"type": "Convert", "convert": "ToJson"}}
TRIM = {"type": "string", "string": {"type": "TrimPrefix", "trim": "x"}}
REPLACE = {"type": "string", "string": {"type": "Replace", "replace": {"search": "a", "replace": "b"}}}
MULTIPLY = {"type": "math", "math": {"multiply": 2}}
MAP = {"type": "map", "map": {"a": 1}}
MATCH = {"type": "match", "match": {"patterns": [{"type": "literal", "literal": "a", "result": 1}]}}


def convert(to_type, **more):
    return {"type": "convert", "convert": {"toType": to_type, **more}}


@pytest.mark.parametrize(
    ("source", "transforms", "made"),
    [
        pytest.param("integer", [], "integer", id="nothing changes nothing"),
        pytest.param("integer", [FORMAT], "string", id="whatever is formatted is a string"),
        pytest.param("object", [TO_JSON], "string", id="an object as JSON"),
        pytest.param("string", [TO_UPPER, TRIM, REPLACE], "string", id="strings"),
        pytest.param("array", [JOIN], "string", id="joined"),
        pytest.param("integer", [MULTIPLY], "integer", id="an integer stays one"),
        pytest.param("number", [MULTIPLY], "number", id="a number stays one"),
        pytest.param("string", [convert("int")], "integer", id="converted to int"),
        pytest.param("string", [convert("float64", format="quantity"), MULTIPLY], "number", id="a quantity"),
        pytest.param("string", [convert("object", format="json")], "object", id="parsed"),
        pytest.param("boolean", [convert("string"), TRIM], "string", id="one after the other"),
        pytest.param("object", [convert("object")], "object", id="to what it is"),
        pytest.param("string", [MAP], "", id="a map may hold anything"),
        pytest.param("string", [MATCH, MULTIPLY], "", id="and so may a match, and what comes after"),
        pytest.param("", [MULTIPLY], "", id="of the unknown comes the unknown"),
        pytest.param("", [FORMAT], "string", id="but for strings"),
        pytest.param("null", [FORMAT], "string", id="null is of no type"),
        pytest.param("integer", [{"type": "map"}, MULTIPLY], "", id="one that is broken fails by itself"),
    ],
)
def test_the_type_that_comes_out(source, transforms, made):
    assert schema_types.after(transforms, source) == made


@pytest.mark.parametrize(
    ("source", "transforms", "fault"),
    [
        (
            "string",
            [MULTIPLY],
            '[0]: Invalid value: "math": math transform can only be used with numeric types, got string',
        ),
        (
            "integer",
            [FORMAT, MULTIPLY],
            '[1]: Invalid value: "math": math transform can only be used with numeric types, got string',
        ),
        ("integer", [MAP], '[0]: Invalid value: "map": map transform can only be used with string types, got int64'),
        (
            "boolean",
            [MATCH],
            '[0]: Invalid value: "match": match transform can only be used with string input types, got bool',
        ),
        (
            "number",
            [TRIM],
            '[0]: Invalid value: "string": string transform can only be used with string input types, got float64',
        ),
        (
            "array",
            [TO_UPPER],
            '[0]: Invalid value: "string": string transform can only be used with string input types, got array',
        ),
        (
            "string",
            [JOIN],
            (
                '[0]: Invalid value: "string": string transform join type can only be '
                "used with arrays as input, got string"
            ),
        ),
        (
            "object",
            [convert("string")],
            '[0]: Invalid value: "convert": conversion from object to string is not supported with format none',
        ),
        (
            "string",
            [convert("object")],
            '[0]: Invalid value: "convert": conversion from string to object is not supported with format none',
        ),
    ],
)
def test_what_a_transform_cannot_take_is_refused_in_crossplanes_words(source, transforms, fault):
    with pytest.raises(TypesFaultError) as caught:
        schema_types.after(transforms, source)

    assert str(caught.value) == f"transforms{fault}"


@pytest.mark.parametrize(
    ("type", "place", "fits"),
    [
        ("integer", "integer", True),
        ("integer", "number", True),
        ("number", "integer", False),
        ("string", "integer", False),
        ("", "integer", True),
        ("string", "", True),
    ],
)
def test_what_fits_where(type, place, fits):
    assert schema_types.fits(type, place) is fits
