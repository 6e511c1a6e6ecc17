import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosshead.base import encoding
from crosshead.base.encoding import NotJsonError
from tests.base.strategies import SETTLED


@given(st.binary())
def test_any_bytes_can_stand_in_text(raw):
    assert encoding.utf8(encoding.text(raw)) == raw


def test_bytes_that_are_no_text_become_the_replacement_character_one_by_one():
    assert encoding.clean(encoding.text(b"a\xff\xe6\x97b")) == "a\ufffd\ufffd\ufffdb"


def test_half_a_surrogate_pair_is_no_character():
    assert encoding.utf8("a\ud800\udcff") == "a\ufffd".encode() + b"\xff"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(2.0, 2, id="a whole number is an integer"),
        pytest.param(-0.0, 0, id="there is no negative zero among integers"),
        pytest.param(2.5, 2.5, id="a fraction stays"),
        pytest.param(1e19, 1e19, id="64 bits do not hold it"),
        pytest.param(1e21, 1e21, id="its JSON has an exponent"),
        pytest.param(2**63, float(2**63), id="an integer that 64 bits do not hold is a double"),
        pytest.param(1.152921504606847e18, 1152921504606847000, id="the shortest text of a double counts"),
        pytest.param(True, True, id="a boolean is no number"),
        pytest.param(encoding.text(b"\xff"), "\ufffd", id="bytes that are no text"),
        pytest.param({"a": [1.0, {"b": (2.0,)}]}, {"a": [1, {"b": [2]}]}, id="everywhere inside"),
    ],
)
def test_values_come_back_from_the_api_server_settled(value, expected):
    settled = encoding.normalized(value)

    assert settled == expected
    assert type(settled) is type(expected)


@given(SETTLED)
def test_what_is_settled_stays_as_it_is(value):
    assert encoding.normalized(value) == value


def test_the_copy_shares_nothing():
    original = {"a": [{"b": 1}]}

    copy = encoding.normalized(original)
    copy["a"][0]["b"] = 2

    assert original == {"a": [{"b": 1}]}


@pytest.mark.parametrize(("value", "name"), [(math.nan, "NaN"), (math.inf, "+Inf"), (-math.inf, "-Inf")])
def test_json_has_no_words_for_infinities(value, name):
    with pytest.raises(NotJsonError, match=rf"^json: unsupported value: {name.replace('+', '[+]')}$"):
        encoding.normalized({"a": [value]})
