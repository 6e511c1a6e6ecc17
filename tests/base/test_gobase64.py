from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosshead.base import encoding, gobase64
from crosshead.base.gobase64 import Base64Error


@given(st.binary())
def test_what_was_encoded_is_decoded(raw):
    assert encoding.utf8(gobase64.decode(gobase64.encode(encoding.text(raw)))) == raw


def test_line_breaks_are_skipped():
    assert gobase64.decode("SGVs\r\nbG8=\n\n") == "Hello"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        pytest.param("a", 0, id="one character is too few"),
        pytest.param("SGVsbG8", 4, id="no padding: the place where the last four begin"),
        pytest.param("S=", 1, id="padding too early"),
        pytest.param("SG=", 3, id="half of the padding"),
        pytest.param("SG=\n", 4, id="half of the padding, and a line break"),
        pytest.param("SG=x", 2, id="something in the middle of the padding"),
        pytest.param("SGVsbG8=x", 8, id="something after the padding"),
        pytest.param("SG==\nx", 5, id="something after padding and line break"),
        pytest.param("SG-_", 2, id="the alphabet for addresses"),
    ],
)
def test_a_fault_is_told_by_its_place(text, place):
    with pytest.raises(Base64Error, match=f"^illegal base64 data at input byte {place}$"):
        gobase64.decode(text)


def test_two_pads_are_fine():
    assert gobase64.decode("SA==") == "H"


@given(st.text())
def test_any_text_is_decoded_or_refused(text):
    with suppress(Base64Error):
        gobase64.decode(text)
