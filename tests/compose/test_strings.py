"""The tables of `tests/conformance` have most of it; here are the corners of letters, hashes and joins."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosshead.base import encoding, regexps
from crosshead.compose import strings
from crosshead.compose.dialects import Dialect
from crosshead.compose.strings import (
    ConvertStringTransform,
    FormatTransform,
    JoinTransform,
    RegexpTransform,
    ReplaceTransform,
    StringError,
    TrimPrefixTransform,
    TrimSuffixTransform,
)

SHA1 = "a9993e364706816aba3e25717850c26c9cd0d89d"


@pytest.mark.parametrize(
    ("transform", "value", "text"),
    [
        pytest.param(FormatTransform("%05d"), 42, "00042", id="format"),
        pytest.param(TrimPrefixTransform("a"), "aab", "ab", id="one prefix is cut off"),
        pytest.param(TrimSuffixTransform("2"), 122, "12", id="numbers are printed first"),
        pytest.param(RegexpTransform(regexps.compile("a(.)c"), 1), "abc", "b", id="a group"),
        pytest.param(JoinTransform(", "), ["a", 1, None], "a, 1, <nil>", id="join"),
        pytest.param(JoinTransform("--", Dialect.FUNCTION), ["a", "b"], "a--b-", id="the function cuts one byte"),
        pytest.param(JoinTransform("é", Dialect.FUNCTION), ["a"], encoding.text(b"a\xc3"), id="one byte of two"),
        pytest.param(JoinTransform("", Dialect.FUNCTION), ["a", "b"], "ab", id="unless there is no separator"),
        pytest.param(ReplaceTransform("a", "b"), "banana", "bbnbnb", id="replace"),
        pytest.param(
            ConvertStringTransform("ToUpper"),
            "straße \u0149 \u1fb3 \u01c6",
            "STRAßE \u0149 \u1fbc \u01c4",
            id="one capital per letter",
        ),
        pytest.param(
            ConvertStringTransform("ToLower"),
            "\u03a3\u0391\u03a3 \u0130",
            "\u03c3\u03b1\u03c3 i",
            id="one small letter per letter",
        ),
        pytest.param(ConvertStringTransform("ToBase64"), "hé", "aMOp", id="encode"),
        pytest.param(ConvertStringTransform("FromBase64"), "aMOp", "hé", id="decode"),
        pytest.param(ConvertStringTransform("ToJson"), {"b": 1.0, "a": "<"}, '{"a":"\\u003c","b":1}', id="JSON"),
        pytest.param(ConvertStringTransform("ToSha1"), "abc", SHA1, id="a hash of text"),
        pytest.param(ConvertStringTransform("ToAdler32"), 42, "10223719", id="a hash of JSON"),
    ],
)
def test_a_value_becomes_a_string(transform, value, text):
    assert strings.resolve(transform, value) == text


@pytest.mark.parametrize(
    ("transform", "value", "words"),
    [
        pytest.param(
            RegexpTransform(regexps.compile("x")), "abc", 'regexp "x" had no matches for group 0', id="no match"
        ),
        pytest.param(
            RegexpTransform(regexps.compile("b"), -1),
            "abc",
            'regexp "b" had no matches for group -1',
            id="no such group",
        ),
        pytest.param(JoinTransform(","), "abc", "cannot join non-array values", id="nothing to join"),
        pytest.param(
            JoinTransform(",", Dialect.FUNCTION),
            None,
            "could not parse input array",
            id="nothing to join, to functions",
        ),
        pytest.param(
            ConvertStringTransform("FromBase64"),
            "a",
            "string is not valid base64: illegal base64 data at input byte 0",
            id="no base64",
        ),
        pytest.param(
            ConvertStringTransform("ToJson"),
            float("inf"),
            "cannot marshal to JSON: json: unsupported value: +Inf",
            id="no JSON",
        ),
        pytest.param(
            ConvertStringTransform("ToSha256"),
            [float("nan")],
            "cannot generate hash: cannot marshal to JSON: json: unsupported value: NaN",
            id="nothing to hash",
        ),
    ],
)
def test_what_cannot_be_done_is_told(transform, value, words):
    with pytest.raises(StringError) as caught:
        strings.resolve(transform, value)

    assert str(caught.value) == words


@given(st.text())
def test_letters_change_one_by_one(value):
    assert len(strings.resolve(ConvertStringTransform("ToUpper"), value)) == len(value)
    assert len(strings.resolve(ConvertStringTransform("ToLower"), value)) == len(value)


LONG = "x" * 1_500_000


@pytest.mark.parametrize(
    ("transform", "value"),
    [
        pytest.param(FormatTransform("%[1]s%[1]s%[1]s"), LONG, id="a format that repeats"),
        pytest.param(FormatTransform("%1000000v"), [1] * 5, id="a format that pads every element"),
        pytest.param(ConvertStringTransform("ToBase64"), LONG * 3, id="an encoding that needs more"),
        pytest.param(JoinTransform(LONG), ["a"] * 9, id="a long separator"),
        pytest.param(JoinTransform(LONG, Dialect.FUNCTION), ["a"] * 9, id="a long separator, in a function"),
        pytest.param(ReplaceTransform("x", LONG), LONG, id="a long replacement"),
        pytest.param(ReplaceTransform("", LONG), "abc", id="a long replacement of nothing"),
    ],
)
def test_what_no_object_could_hold_is_refused(transform, value):
    with pytest.raises(StringError, match="the result would have more than 4000000 characters"):
        strings.resolve(transform, value)
