from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosshead.base import encoding, regexps
from crosshead.base.regexps import RegexpError


@pytest.mark.parametrize(
    ("source", "text", "groups"),
    [
        pytest.param("b(.)", "abc", ("bc", "c"), id="the leftmost match and its groups"),
        pytest.param("(x)?b", "abc", ("b", ""), id="a group that took no part"),
        pytest.param("(?P<year>[0-9]+)", "in 2024", ("2024", "2024"), id="a named group"),
        pytest.param("é+", "caféé", ("éé",), id="text beyond ASCII"),
        pytest.param("x", "abc", None, id="no match"),
        pytest.param("^a$", "a\n", None, id="the end is the very end"),
    ],
)
def test_a_match_is_found_as_go_finds_it(source, text, groups):
    assert regexps.compile(source).find(text) == groups


def test_bytes_that_are_no_text_are_given_back():
    text = encoding.text(b"a\xffb")

    assert regexps.compile("(?s)a(.*)").find(text) is not None


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("(", "missing closing ): `(`"),
        (")", "unexpected ): `)`"),
        ("[a", "missing closing ]: `[a`"),
        ("*a", "missing argument to repetition operator: `*`"),
        ("a**", "invalid nested repetition operator: `**`"),
        ("a{1001}", "invalid repeat count: `{1001}`"),
        ("(?=a)", "invalid or unsupported Perl syntax: `(?=`"),
        ("(?P<n", "invalid named capture: `(?P<n`"),
        ("\\", "trailing backslash at end of expression: ``"),
        (r"\8", r"invalid escape sequence: `\8`"),
        ("[z-a]", "invalid character class range: `z-a`"),
    ],
)
def test_a_fault_is_told_in_gos_words(source, error):
    with pytest.raises(RegexpError) as caught:
        regexps.compile(source)

    assert str(caught.value) == f"error parsing regexp: {error}"


@given(st.text(max_size=20), st.text(max_size=20))
def test_any_text_is_an_expression_or_refused(source, text):
    with suppress(RegexpError):
        regexps.compile(source).find(text)
