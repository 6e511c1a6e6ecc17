import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosshead.compose import numbers


@given(st.integers(-(2**63), 2**63 - 1))
def test_what_fits_stays(number):
    assert numbers.wrapped(number) == numbers.truncated(number) == number


@given(st.integers())
def test_what_does_not_fit_wraps_around(number):
    assert -(2**63) <= numbers.wrapped(number) < 2**63
    assert (numbers.wrapped(number) - number) % 2**64 == 0


@pytest.mark.parametrize(
    ("number", "whole"), [(3.9, 3), (-3.9, -3), (1e19, -(2**63)), (math.nan, -(2**63)), (-math.inf, -(2**63))]
)
def test_fractions_are_cut_off(number, whole):
    assert numbers.truncated(number) == whole


@pytest.mark.parametrize(
    ("value", "doubled"),
    [
        pytest.param(3, 3.0, id="an integer"),
        pytest.param(2**53 + 1, float(2**53), id="more than a double holds"),
        pytest.param(-(10**400), -math.inf, id="more than any double holds"),
        pytest.param(10**400, math.inf, id="more than any double holds, above"),
        pytest.param([1, {"a": 2}], [1.0, {"a": 2.0}], id="anywhere inside"),
        pytest.param(True, True, id="a boolean is no number"),
    ],
)
def test_protobuf_makes_every_number_a_double(value, doubled):
    assert repr(numbers.doubled(value)) == repr(doubled)
