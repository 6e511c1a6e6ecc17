"""Quote text as Go's strconv does: `"` for strings, `'` for characters."""

from typing import Final

_SHORT: Final = {
    "\a": r"\a", "\b": r"\b", "\f": r"\f", "\n": r"\n", "\r": r"\r", "\t": r"\t", "\v": r"\v", "\\": r"\\",
}  # fmt: skip
_LARGEST_RUNE: Final = 0x10FFFF
_REPLACEMENT: Final = "\ufffd"


def quote(text: str, *, ascii_only: bool = False) -> str:
    """Return *text* as a Go string literal."""
    return '"' + "".join(_escape(character, '"', ascii_only=ascii_only) for character in text) + '"'


def quote_rune(number: int, *, ascii_only: bool = False) -> str:
    """Return the character with this *number* as a Go literal; a number without character is U+FFFD."""
    return "'" + _escape(rune(number), "'", ascii_only=ascii_only) + "'"


def rune(number: int) -> str:
    """Return the character with this *number*, U+FFFD when there is none."""
    is_character = 0 <= number <= _LARGEST_RUNE and not 0xD800 <= number < 0xE000
    return chr(number) if is_character else _REPLACEMENT


def can_backquote(text: str) -> bool:
    """Whether *text* can stand between backquotes on one line, unchanged."""
    return not any(c in "`\x7f\ufeff" or (c < " " and c != "\t") or "\ud800" <= c <= "\udfff" for c in text)


def is_print(character: str) -> bool:
    """Whether Go prints *character* as it is: letters, marks, numbers, punctuation, symbols and the ASCII space."""
    return character.isprintable()


def _escape(character: str, mark: str, *, ascii_only: bool) -> str:
    if character == mark:
        return "\\" + mark
    if character in _SHORT:
        return _SHORT[character]
    if is_print(character) and (character.isascii() or not ascii_only):
        return character
    return _numeric(ord(character))


def _numeric(number: int) -> str:
    if 0xDC80 <= number <= 0xDCFF:  # a byte that is no UTF-8, see `encoding`
        return f"\\x{number - 0xDC00:02x}"
    if number < 0x20 or number == 0x7F:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
