import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosshead.base import gofloats

numbers = st.floats(allow_nan=False, allow_infinity=False)


@given(numbers, st.sampled_from("efgG"))
def test_the_shortest_text_is_read_back_as_the_same_number(number, verb):
    text = gofloats.write(number, verb)

    assert math.copysign(1, float(text)) == math.copysign(1, number)
    assert float(text) == number


@given(numbers)
def test_the_hexadecimal_text_is_read_back_as_the_same_number(number):
    assert float.fromhex(gofloats.write(number, "x")) == number


@given(numbers)
def test_the_binary_text_is_read_back_as_the_same_number(number):
    mantissa, _, exponent = gofloats.write(number, "b").partition("p")

    assert math.ldexp(int(mantissa), int(exponent)) == number


@given(st.floats(-1e300, 1e300), st.integers(0, 14))
def test_a_rounded_hexadecimal_text_has_as_many_digits_as_asked_for(number, precision):
    text = gofloats.write(number, "x", precision)

    fraction = text.partition("p")[0].partition(".")[2]
    assert len(fraction) == precision
    assert math.isclose(float.fromhex(text), number, rel_tol=16.0**-precision, abs_tol=5e-324)


@pytest.mark.parametrize(
    ("number", "verb", "precision", "text"),
    [
        pytest.param(1e6, "g", -1, "1e+06", id="from seven digits on with an exponent"),
        pytest.param(123456.0, "g", -1, "123456", id="six digits without"),
        pytest.param(0.0001, "g", -1, "0.0001", id="four zeros without"),
        pytest.param(0.00001, "g", -1, "1e-05", id="five with"),
        pytest.param(1e21, "f", -1, "1000000000000000000000", id="f never has one"),
        pytest.param(2.5, "e", -1, "2.5e+00", id="e always has one"),
        pytest.param(123456789.0, "G", 3, "1.23E+08", id="a large G"),
        pytest.param(100000.0, "g", 3, "1e+05", id="rounded digits are not padded"),
        pytest.param(100.0, "g", 3, "100", id="an integer within the precision"),
        pytest.param(99.96, "g", 3, "100", id="rounding up adds a digit"),
        pytest.param(2.0**-24, "e", -1, "5.960464477539063e-08", id="next to a power of two"),
        pytest.param(2.0**-24, "g", -1, "5.960464477539063e-08", id="next to a power of two, in general"),
        pytest.param(-0.0, "e", -1, "-0e+00", id="negative zero with an exponent"),
        pytest.param(1e100, "E", -1, "1E+100", id="a long exponent"),
        pytest.param(0.0, "g", 0, "0", id="zero"),
        pytest.param(0.0, "b", -1, "0p-1074", id="binary zero"),
        pytest.param(1.5, "b", -1, "6755399441055744p-52", id="binary"),
        pytest.param(5e-324, "b", -1, "1p-1074", id="the smallest number"),
        pytest.param(1.9999, "x", 0, "0x1p+01", id="rounding hexadecimals up"),
        pytest.param(1.0, "X", 2, "0X1.00P+00", id="hexadecimals are padded"),
        pytest.param(-0.0, "x", -1, "-0x0p+00", id="negative zero"),
        pytest.param(1.5, "x", 20, "0x1.80000000000000000000p+00", id="more digits than there are"),
        pytest.param(math.inf, "f", 2, "+Inf", id="infinity"),
        pytest.param(-math.inf, "x", -1, "-Inf", id="negative infinity"),
        pytest.param(math.nan, "e", -1, "NaN", id="not a number"),
    ],
)
def test_numbers_are_written_as_go_writes_them(number, verb, precision, text):
    assert gofloats.write(number, verb, precision) == text
