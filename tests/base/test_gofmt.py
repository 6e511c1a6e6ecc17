"""The table of `tests/conformance` has a thousand formats with one argument; here are those with more, and the laws."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosshead.base import gofmt
from crosshead.base.gofmt import TooLongError
from tests.base.strategies import JSON

_IN_GO = '[]interface {}{interface {}(nil), map[string]interface {}{"a":1}}'


@pytest.mark.parametrize(
    ("form", "arguments", "text"),
    [
        pytest.param("%s-%d", ("a", 3), "a-3", id="in order"),
        pytest.param("%[2]s %[1]s", ("a", "b"), "b a", id="by index"),
        pytest.param("%[2]s %s", ("a", "b"), "b %!s(MISSING)", id="after an index the next one follows"),
        pytest.param("%s", ("a", 1, None), "a%!(EXTRA int64=1, <nil>)", id="too many"),
        pytest.param("%[1]s", ("a", "b"), "a", id="with an index nobody counts"),
        pytest.param("%*d|", (5, 42), "   42|", id="a width from an argument"),
        pytest.param("%-*d|", (5, 42), "42   |", id="to the left"),
        pytest.param("%*d|", (-5, 42), "42   |", id="a negative width is to the left"),
        pytest.param("%.*f", (2, 3.14159), "3.14", id="a precision from an argument"),
        pytest.param("%.*f", (-1, 3.5), "%!(BADPREC)3.500000", id="a negative precision"),
        pytest.param("%.[2]*[1]f", (3.14159, 2), "3.14", id="a precision by index"),
        pytest.param("%[1]*.[2]*[3]f|", (8, 2, 3.14159), "    3.14|", id="all of them by index"),
        pytest.param("%[3]*d", (1, 2), "%!d(BADINDEX)", id="an index that is too large"),
        pytest.param("%[0]d", (1,), "%!d(BADINDEX)", id="no argument is number zero"),
        pytest.param("%[x]d", (1,), "%!d(BADINDEX)", id="an index that is none"),
        pytest.param("%[", (1,), "%!(NOVERB)", id="brackets that nobody closes"),
        pytest.param("%[1", (1,), "%!(NOVERB)", id="brackets that nobody closes, with a number"),
        pytest.param("%[1]5d", (1,), "%!d(BADINDEX)", id="a width after an index"),
        pytest.param("%[1].2f", (1.0,), "%!f(BADINDEX)", id="a precision after an index"),
        pytest.param("%.d|", (0,), "|", id="nothing at all of zero"),
        pytest.param("%5.d|", (0,), "     |", id="nothing but padding of zero"),
        pytest.param("%99999999999d", (1,), "%!(NOVERB)%!(EXTRA int64=1)", id="a width beyond reason"),
        pytest.param("%10000009999d", (1,), "%!(NOVERB)%!(EXTRA int64=1)", id="a width just beyond reason"),
        pytest.param("%*d", (10**7, 1), "%!(BADWIDTH)1", id="an argument beyond reason"),
        pytest.param("%*d", (), "%!(BADWIDTH)%!d(MISSING)", id="nothing for the width"),
        pytest.param("%d %s", (1.5, 2), "%!d(float64=1.5) %!s(int64=2)", id="verbs of other types"),
        pytest.param("100%%", (), "100%", id="a percent sign"),
        pytest.param("%T %-7T| %.2T", (1, 1, 1), "int64 int64  | in", id="types"),
        pytest.param("%c %c %3c|", (97, -1, 98), "a \ufffd   b|", id="characters"),
        pytest.param("%q %+q", (233, 233), "'é' '\\u00e9'", id="quoted characters"),
        pytest.param("%#q %#q", ("a", "`"), '`a` "`"', id="between backquotes"),
        pytest.param("%t %v %d", (True, False, True), "true false %!d(bool=true)", id="booleans"),
        pytest.param("%b %X", (-5, -255), "-101 -FF", id="negative numbers"),
        pytest.param("%é", (1,), "%!é(int64=1)", id="a verb that is no ASCII"),
        pytest.param("%#x %# x", ("ab", "ab"), "0x6162 0x61 0x62", id="prefixed bytes"),
        pytest.param("%x|%5x|", ("", ""), "|     |", id="no bytes"),
        pytest.param("%6x|%-6x|", ("ab", "ab"), "  6162|6162  |", id="padded bytes"),
        pytest.param("%#U %#U %U", (0x1F600, 7, 65), "U+1F600 '😀' U+0007 U+0041", id="code points"),
        pytest.param("%#g %#.3g %#x", (1.0, 1.0, 1.5), "1.00000 1.00 0x1.8000p+00", id="floats with all zeros"),
        pytest.param("%#.0f %#e", (2.0, 2.0), "2. 2.000000e+00", id="floats with a point"),
        pytest.param("%#g %#G", (0.0, 1e7), "0.00000 1.00000E+07", id="floats with a point and an exponent"),
        pytest.param("%+.1f %+08.2f %08.2f", (1.0, 2.5, -2.5), "+1.0 +0002.50 -0002.50", id="signed floats"),
        pytest.param("%+d %+x % d", (5, 255, 5), "+5 +ff  5", id="signed integers"),
        pytest.param("%#o %#O %#.3o", (8, 8, 8), "010 0o010 010", id="octal numbers"),
        pytest.param("%#b", (5,), "0b101", id="binary numbers"),
        pytest.param("%+v %+q", ("é", "é"), 'é "\\u00e9"', id="only q knows ASCII"),
        pytest.param("%#v", (None,), "<nil>", id="nothing in Go syntax"),
        pytest.param("%#v", ([None, {"a": 1.0}],), _IN_GO, id="Go syntax"),
        pytest.param("%w %w", ([1], "a"), "%!w([]interface {}=[1]) %!w(string=a)", id="w is for errors"),
        pytest.param("%p", ({"a": 1},), "%!p(map[string]interface {}=map[a:1])", id="nobody's address is told"),
        pytest.param("%+v % v", (float("nan"), float("inf")), "NaN  Inf", id="what is no number"),
        pytest.param("%F", (1.5,), "1.500000", id="a large F"),
    ],
)  # fmt: skip
def test_arguments_are_formatted_as_go_formats_them(form, arguments, text):
    assert gofmt.sprintf(form, *arguments) == text


@given(st.text(), st.lists(JSON, max_size=3))
def test_no_format_is_an_error(form, arguments):
    assert isinstance(gofmt.sprintf(form, *arguments), str)


@given(st.text(alphabet="%[]*.0123 +-#sdvqxfgTU"), st.lists(JSON, max_size=3))
def test_no_directive_is_an_error(form, arguments):
    assert isinstance(gofmt.sprintf(form, *arguments), str)


@given(st.text(st.characters(exclude_characters="%")))
def test_text_without_verbs_stays_as_it_is(form):
    assert gofmt.sprintf(form) == form


@pytest.mark.parametrize(
    ("form", "arguments"),
    [
        pytest.param("%1000000[1]d" * 5, [1], id="several wide ones"),
        pytest.param("%[1]s" * 5, ["x" * 1_000_000], id="a long one several times"),
        pytest.param("%1000000v", [[1, {"a": 2}, "b", 3]], id="a list, each of which is wide"),
        pytest.param("%.1000000x", [["a"] * 5], id="a list, each of which is precise"),
    ],
)
def test_what_no_object_could_hold_is_refused_before_it_is_made(form, arguments):
    with pytest.raises(TooLongError, match="more than 4000000 characters"):
        gofmt.sprintf(form, *arguments)
