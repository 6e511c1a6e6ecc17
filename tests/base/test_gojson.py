import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosshead.base import gojson
from crosshead.base.encoding import NotJsonError
from crosshead.base.gojson import DecodeError
from tests.base.strategies import SETTLED


@given(SETTLED)
def test_what_is_encoded_is_json(value):
    assert json.loads(gojson.encode(value)) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param({"b": 1, "a": [True, None]}, '{"a":[true,null],"b":1}', id="sorted and without spaces"),
        pytest.param("<&>\u2028\x01\x7f", '"\\u003c\\u0026\\u003e\\u2028\\u0001\x7f"', id="safe for web pages"),
        pytest.param('\b\f\n\r\t"\\', r'"\b\f\n\r\t\"\\"', id="short escapes"),
        pytest.param("\udcff", '"\ufffd"', id="bytes that are no text"),
        pytest.param([1.0, 1e20, 1e21], "[1,100000000000000000000,1e+21]", id="doubles without fractions"),
        pytest.param([1e-6, 1e-7, -0.0], "[0.000001,1e-7,-0]", id="small doubles"),
    ],
)  # fmt: skip
def test_values_are_written_as_go_writes_them(value, text):
    assert gojson.encode(value) == text


def test_what_json_cannot_express_is_refused():
    with pytest.raises(NotJsonError, match=r"^json: unsupported value: NaN$"):
        gojson.encode([math.nan])


@given(st.dictionaries(st.text(max_size=3), SETTLED, max_size=3))
def test_an_object_is_read_with_every_number_a_double(value):
    assert gojson.decode(json.dumps(value), "object") == json.loads(json.dumps(value), parse_int=float)


@given(st.text(alphabet="{}[]\",:\\/ubfnrt0123456789+-.eE truefalsn 'é\x01"))
def test_go_and_python_agree_on_what_is_json(text):
    try:
        python = json.loads(text, parse_constant=lambda _: 1 / 0)
    except (ValueError, ZeroDivisionError):
        python = ...
    try:
        ours = gojson.decode(text, "array" if text.strip(" ").startswith("[") else "object")
    except DecodeError as error:
        ours = ... if "unmarshal" not in str(error) else python
    assert (ours is ...) == (python is ...)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        pytest.param("", "unexpected end of JSON input", id="nothing"),
        pytest.param("[1", "unexpected end of JSON input", id="half an array"),
        pytest.param('{"a"', "unexpected end of JSON input", id="half an object"),
        pytest.param('["a', "unexpected end of JSON input", id="half a string"),
        pytest.param("[-", "unexpected end of JSON input", id="half a number"),
        pytest.param("x", "invalid character 'x' looking for beginning of value", id="no value"),
        pytest.param("[1 2]", "invalid character '2' after array element", id="no comma"),
        pytest.param('{"a":1 "b"}', "invalid character '\"' after object key:value pair", id="no comma in an object"),
        pytest.param('{"a" 1}', "invalid character '1' after object key", id="no colon"),
        pytest.param("{a}", "invalid character 'a' looking for beginning of object key string", id="no quotes"),
        pytest.param("{'a':1}", r"invalid character '\'' looking for beginning of object key string", id="quotes"),
        pytest.param('{"a":1,}', "invalid character '}' looking for beginning of object key string", id="a comma"),
        pytest.param('["\x01"]', r"invalid character '\x01' in string literal", id="a bare control character"),
        pytest.param(r'["\x"]', "invalid character 'x' in string escape code", id="no such escape"),
        pytest.param(r'["\u00g0"]', r"invalid character 'g' in \u hexadecimal character escape", id="no such digit"),
        pytest.param("[trux]", "invalid character 'x' in literal true (expecting 'e')", id="no such word"),
        pytest.param("[-x]", "invalid character 'x' in numeric literal", id="no digit"),
        pytest.param("[1.x]", "invalid character 'x' after decimal point in numeric literal", id="no fraction"),
        pytest.param("[1e+x]", "invalid character 'x' in exponent of numeric literal", id="no exponent"),
        pytest.param("[01]", "invalid character '1' after array element", id="a leading zero"),
        pytest.param("[\\]", r"invalid character '\\' looking for beginning of value", id="a backslash"),
        pytest.param("[é]", "invalid character 'Ã' looking for beginning of value", id="Go looks at bytes"),
        pytest.param("[1]]", "invalid character ']' after top-level value", id="too much"),
        pytest.param("[1e400]", "json: cannot unmarshal number 1e400 into Go value of type float64", id="too large"),
        pytest.param("[" * 201 + "]" * 201, "exceeded max depth", id="too deep"),
        pytest.param("{}", "json: cannot unmarshal object into Go value of type []interface {}", id="something else"),
    ],
)  # fmt: skip
def test_a_fault_is_told_in_gos_words(text, error):
    with pytest.raises(DecodeError) as caught:
        gojson.decode(text, "array")

    assert str(caught.value) == error


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param(r'["\ud83d", "\ud83d\ude00", "\u00e9\n"]', ["\ufffd", "😀", "é\n"], id="halves of pairs"),
        pytest.param("[ [ ] , { } , -0.5e-1 , 1E2 ]", [[], {}, -0.05, 100.0], id="spaces and numbers"),
        pytest.param("null", None, id="null is no fault"),
        pytest.param('[{"a":{"b":[true,false,null]}}]', [{"a": {"b": [True, False, None]}}], id="nested"),
    ],
)
def test_json_is_read(text, value):
    assert gojson.decode(text, "array") == value
