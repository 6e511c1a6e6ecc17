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
