"""Check text against the grammar of JSON, and name the first fault in the words of Go's encoding/json."""

import re
from dataclasses import dataclass, field
from typing import Final

from crosshead.base import goquotes
from crosshead.base.encoding import utf8

_SPACE = re.compile("[ \t\r\n]*")
_PLAIN = re.compile('[^"\\\\\\x00-\\x1f]*')
_DIGITS = re.compile("[0-9]*")
_WORDS: Final = {"t": "true", "f": "false", "n": "null"}
# Go stops at 10,000; whoever reads such a value after us recurses, and no object of any API is this deep.
_DEEPEST: Final = 200


class GrammarError(ValueError):
    """Where text stops being JSON."""


def check(text: str) -> str:
    """Return the first character of the one JSON value that *text* is; raise `GrammarError` when it is none."""
    scanner = _Scanner(text)
    scanner.run()
    return text.lstrip(" \t\r\n")[:1]


@dataclass(slots=True)
class _Scanner:
    text: str
    at: int = 0
    # The closing brackets that are still to come. A stack of our own: depth is limited by the format, not by Python.
    open: list[str] = field(default_factory=list)

    def run(self) -> None:
        self._value()
        while self.open:
            self._after_value()
        self._skip(_SPACE)
        if self.at < len(self.text):
            raise self._fault("after top-level value")

    def _peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def _skip(self, what: re.Pattern[str]) -> None:
        found = what.match(self.text, self.at)
        assert found is not None  # noqa: S101 (each of these patterns matches the empty text)
        self.at = found.end()

    def _fault(self, where: str) -> GrammarError:
        character = self._peek()
        if not character:
            return GrammarError("unexpected end of JSON input")
        return GrammarError(f"invalid character {_spelled(character)} {where}")

    def _value(self) -> None:
        """Read a value, or the beginning of a container up to and with the first scalar in it."""
        self._skip(_SPACE)
        while self._peek() in {"{", "["}:
            if not self._enter("}" if self._peek() == "{" else "]"):
                return
            self._skip(_SPACE)
        self._scalar()

    def _enter(self, closing: str) -> bool:
        """Go into a container; whether a value comes next, rather than its end."""
        self.at += 1
        self.open.append(closing)
        if len(self.open) > _DEEPEST:
            raise GrammarError("exceeded max depth")
        self._skip(_SPACE)
        if self._peek() == closing:
            self._leave()
            return False
        if closing == "}":
            self._key()
        return True

    def _scalar(self) -> None:
        match self._peek():
            case '"':
                self._string()
            case "t" | "f" | "n" as start:
                self._word(_WORDS[start])
            case "" as end:
                raise self._fault(end)
            case start if start in "-0123456789":
                self._number()
            case _:
                raise self._fault("looking for beginning of value")

    def _leave(self) -> None:
        self.at += 1
        self.open.pop()

    def _after_value(self) -> None:
        self._skip(_SPACE)
        closing = self.open[-1]
        if self._peek() == closing:
            self._leave()
        elif self._peek() != ",":
            raise self._fault("after object key:value pair" if closing == "}" else "after array element")
        else:
            self.at += 1
            if closing == "}":
                self._key()
            self._value()

    def _key(self) -> None:
        self._skip(_SPACE)
        if self._peek() != '"':
            raise self._fault("looking for beginning of object key string")
        self._string()
        self._skip(_SPACE)
        if self._peek() != ":":
            raise self._fault("after object key")
        self.at += 1

    def _string(self) -> None:
        self.at += 1
        self._skip(_PLAIN)
        while self._peek() == "\\":
            self._escape()
            self._skip(_PLAIN)
        if self._peek() != '"':
            raise self._fault("in string literal")
        self.at += 1

    def _escape(self) -> None:
        self.at += 1
        if self._peek() != "u":
            if not self._peek() or self._peek() not in '"\\/bfnrt':
                raise self._fault("in string escape code")
            self.at += 1
            return
        for _ in range(4):
            self.at += 1
            if not self._peek() or self._peek() not in "0123456789abcdefABCDEF":
                raise self._fault("in \\u hexadecimal character escape")
        self.at += 1

    def _word(self, word: str) -> None:
        for expected in word:
            if self._peek() != expected:
                raise self._fault(f"in literal {word} (expecting '{expected}')")
            self.at += 1

    def _number(self) -> None:
        if self._peek() == "-":
            self.at += 1
            self._need_digit("in numeric literal")
        if self._peek() == "0":
            self.at += 1
        else:
            self._skip(_DIGITS)
        if self._peek() == ".":
            self.at += 1
            self._need_digit("after decimal point in numeric literal")
            self._skip(_DIGITS)
        if self._peek() and self._peek() in "eE":
            self._exponent()

    def _exponent(self) -> None:
        self.at += 1
        if self._peek() and self._peek() in "+-":
            self.at += 1
        self._need_digit("in exponent of numeric literal")
        self._skip(_DIGITS)

    def _need_digit(self, where: str) -> None:
        if not self._peek() or self._peek() not in "0123456789":
            raise self._fault(where)


def _spelled(character: str) -> str:
    """Return *character* as Go's decoder names it, which sees bytes only."""
    if character in "'\"":
        return {"'": r"'\''", '"': "'\"'"}[character]
    return f"'{goquotes.quote(chr(utf8(character)[0]))[1:-1]}'"
