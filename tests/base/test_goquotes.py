import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosshead.base import encoding, goquotes


@pytest.mark.parametrize(
    ("text", "quoted", "in_ascii"),
    [
        pytest.param('a"b\\', r'"a\"b\\"', r'"a\"b\\"', id="quotes and backslashes"),
        pytest.param("'", '"\'"', '"\'"', id="the other quote stays"),
        pytest.param("\n\t\x00\x7f", r'"\n\t\x00\x7f"', r'"\n\t\x00\x7f"', id="control characters"),
        pytest.param("é日", '"é日"', r'"\u00e9\u65e5"', id="letters"),
        pytest.param("😀", '"😀"', r'"\U0001f600"', id="beyond the basic plane"),
        pytest.param("\u200b\ufeff", r'"\u200b\ufeff"', r'"\u200b\ufeff"', id="what cannot be seen"),
        pytest.param(encoding.text(b"\xff"), r'"\xff"', r'"\xff"', id="bytes that are no text"),
    ],
)
def test_text_is_quoted_as_go_quotes_it(text, quoted, in_ascii):
    assert goquotes.quote(text) == quoted
    assert goquotes.quote(text, ascii_only=True) == in_ascii


@given(st.text())
def test_quoted_for_ascii_it_is_ascii(text):
    assert goquotes.quote(text, ascii_only=True).isascii()


@pytest.mark.parametrize(
    ("number", "quoted"),
    [(97, "'a'"), (39, r"'\''"), (34, "'\"'"), (-1, "'\ufffd'"), (0x110000, "'\ufffd'"), (0xD800, "'\ufffd'")],
)
def test_characters_are_quoted_by_number(number, quoted):
    assert goquotes.quote_rune(number) == quoted


@pytest.mark.parametrize(
    ("text", "can"),
    [("a b\t", True), ("a`", False), ("a\n", False), ("\x7f", False), ("\ufeff", False), ("\udcff", False)],
)
def test_only_plain_text_stands_between_backquotes(text, can):
    assert goquotes.can_backquote(text) is can
