import math
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosshead.base import quantities
from crosshead.base.quantities import QuantityError


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("10Gi", 10 * 2**30),
        ("1500m", 1.5),
        ("1e3", 1000.0),
        ("1E3", 1000.0),
        ("1E", 1e18),
        ("-1.5Ki", -1536.0),
        ("+.5", 0.5),
        ("007", 7.0),
        ("-0", 0.0),
        ("Gi", 0.0),
        ("0.1Gi", 0.1 * 2**30),
        ("9Ei", float(2**63 - 1)),
        ("8.5Ei", float(2**63 - 1)),
        ("1e-100", 1e-9),
        ("0.0000000001", 1e-9),
        ("1.00000000000000000001", 1.000000001),
        ("12345678901234567890", 12345678901234567890.0),
        ("1e1000", math.inf),
        ("1e999999999", math.inf),
        ("1e-999999999", 1e-9),
        ("9" * 400, math.inf),
    ],
)
def test_quantities_are_read_as_kubernetes_reads_them(text, number):
    assert quantities.parse(text) == pytest.approx(number, rel=1e-15)


@pytest.mark.parametrize("text", ["1e", "1KiB1", "--1", "1ee3", "1e99999999999999999999"])
def test_a_suffix_that_is_none_is_refused(text):
    with pytest.raises(QuantityError):
        quantities.parse(text)


@pytest.mark.parametrize("text", ["", "1.2.3", "10GB", "a", "1 "])
def test_what_is_no_quantity_is_refused(text):
    with pytest.raises(QuantityError, match=r"^quantities must match"):
        quantities.parse(text)


@given(st.text(alphabet="0123456789.+-eEinumkKMGTP"))
def test_any_text_is_a_quantity_or_refused(text):
    with suppress(QuantityError):
        quantities.parse(text)


@given(st.integers(-(10**17), 10**17))
def test_an_integer_is_itself(number):
    assert quantities.parse(str(number)) == float(number)
