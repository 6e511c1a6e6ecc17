import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosshead.compose import conversions
from crosshead.compose.conversions import ConversionError, ConvertTransform
from crosshead.compose.dialects import Dialect


@given(st.integers(-(2**63), 2**63 - 1))
def test_an_integer_survives_being_text(number):
    text = conversions.convert(ConvertTransform("string"), number)

    assert conversions.convert(ConvertTransform("int"), text) == number


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_double_survives_being_text(number):
    text = conversions.convert(ConvertTransform("string"), number)

    assert conversions.convert(ConvertTransform("float64"), text) == number


@pytest.mark.parametrize(
    ("to_type", "format", "value", "result"),
    [
        ("bool", "none", "T", True),
        ("bool", "none", 1, True),
        ("bool", "none", 2.0, False),
        ("int64", "none", True, 1),
        ("int64", "none", -2.9, -2),
        ("float64", "none", False, 0.0),
        ("float64", "none", 2, 2.0),
        ("float64", "quantity", "1Ki", 1024.0),
        ("string", "none", True, "true"),
        ("string", "none", 1e21, "1000000000000000000000"),
        ("string", "none", False, "false"),
        ("string", "json", "same type: the format does not matter", "same type: the format does not matter"),
        ("object", "json", '{"a":1}', {"a": 1.0}),
        ("array", "json", "[1]", [1.0]),
    ],
)
def test_a_value_becomes_one_of_another_type(to_type, format, value, result):
    converted = conversions.convert(ConvertTransform(to_type, format), value)

    assert converted == result
    assert type(converted) is type(result)


@pytest.mark.parametrize(
    ("transform", "value", "words"),
    [
        pytest.param(ConvertTransform("string"), [1], "invalid input type []interface {}", id="no scalar"),
        pytest.param(
            ConvertTransform("array"),
            "[1]",
            "conversion from string to array is not supported with format none",
            id="no format",
        ),
        pytest.param(
            ConvertTransform("float64", "quantity"),
            "x",
            (
                "cannot convert value x: quantities must match the regular expression"
                " '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
            ),
            id="no quantity",
        ),
        pytest.param(
            ConvertTransform("object", "json"),
            "[",
            "cannot convert value [: unexpected end of JSON input",
            id="no JSON",
        ),
        pytest.param(
            ConvertTransform("bool", dialect=Dialect.FUNCTION),
            "x",
            'strconv.ParseBool: parsing "x": invalid syntax',
            id="functions say less",
        ),
    ],
)
def test_what_cannot_be_converted_is_told(transform, value, words):
    with pytest.raises(ConversionError) as caught:
        conversions.convert(transform, value)

    assert str(caught.value) == words
