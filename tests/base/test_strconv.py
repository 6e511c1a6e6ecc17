import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosshead.base import strconv
from crosshead.base.strconv import NumberError


@given(st.integers(-(2**63), 2**63 - 1))
def test_integers_are_read(number):
    assert strconv.parse_int(str(number)) == number
    assert strconv.parse_int(f"{'-' if number < 0 else '+'}000{abs(number)}") == number


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (str(2**63), "value out of range"),
        (str(-(2**63) - 1), "value out of range"),
        ("9" * 5000, "value out of range"),
        ("1_000", "invalid syntax"),
        ("0x10", "invalid syntax"),
        ("\u0661", "invalid syntax"),
        ("", "invalid syntax"),
    ],
)
def test_what_is_no_integer_is_refused(text, why):
    with pytest.raises(NumberError, match=f'^strconv.ParseInt: parsing "{text}": {why}$'):
        strconv.parse_int(text)


@given(st.floats(allow_nan=False))
def test_doubles_are_read(number):
    assert strconv.parse_float(repr(number)) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1_000.5", 1000.5),
        ("5.", 5.0),
        (".5", 0.5),
        ("1e1_0", 1e10),
        ("0x1p-2", 0.25),
        ("0X_1.8P+1", 3.0),
        ("0x.8p0", 0.5),
        ("-Infinity", -math.inf),
        ("+inf", math.inf),
    ],
)
def test_doubles_are_read_in_all_of_gos_spellings(text, number):
    assert strconv.parse_float(text) == number


def test_not_a_number_is_read_in_any_case():
    assert math.isnan(strconv.parse_float("nAn"))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("1e400", "value out of range"),
        ("0x1p99999", "value out of range"),
        ("+nan", "invalid syntax"),
        ("0x10", "invalid syntax"),
        ("1__0", "invalid syntax"),
        ("_1", "invalid syntax"),
        (".", "invalid syntax"),
        ("", "invalid syntax"),
    ],
)
def test_what_is_no_double_is_refused(text, why):
    with pytest.raises(NumberError) as caught:
        strconv.parse_float(text)

    assert str(caught.value) == f'strconv.ParseFloat: parsing "{text}": {why}'


@pytest.mark.parametrize(("text", "value"), [("T", True), ("true", True), ("F", False), ("0", False)])
def test_booleans_are_read(text, value):
    assert strconv.parse_bool(text) is value


@pytest.mark.parametrize("text", ["yes", "", "tRUE", "2"])
def test_what_is_no_boolean_is_refused(text):
    with pytest.raises(NumberError, match=f'^strconv.ParseBool: parsing "{text}": invalid syntax$'):
        strconv.parse_bool(text)
