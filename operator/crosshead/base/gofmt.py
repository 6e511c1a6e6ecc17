"""
Format values as Go's fmt.Sprintf does: the language of `fmt` in compositions.

Nothing in a format is an error; what does not fit is told in the result (`%!d(string=x)`, `%!s(MISSING)`,
`%!(EXTRA int64=3)`), and such results are what Crossplane writes into objects, so they are ours too. Only what would
need more memory than any object may have is refused: Go would try.
"""

import re
from dataclasses import dataclass, field
from typing import Final

from crosshead.base import goprint
from crosshead.base.goprint import Flags
from crosshead.base.values import Json

LONGEST: Final = 4_000_000
"""How many characters a result may have: several times what the API server takes."""

_LARGEST_NUMBER: Final = 1_000_000
_FLAGS = re.compile("[#0+ -]*")
_TEXT = re.compile("[^%]*")
_NUMBER = re.compile("[0-9]*")
_INDEX = re.compile(r"\[([^]]*)\]", re.DOTALL)


class TooLongError(ValueError):
    """A format whose result would be longer than `LONGEST`."""

    def __init__(self) -> None:
        super().__init__(f"the result would have more than {LONGEST} characters")


def sprintf(form: str, *arguments: Json) -> str:
    """Return *form* with its verbs replaced by *arguments*. Raises `TooLongError`."""
    return _Formatter(form, arguments).run()


@dataclass(slots=True)
class _Formatter:
    """One walk along a format."""

    form: str
    arguments: tuple[Json, ...]
    at: int = 0
    next: int = 0
    after_index: bool = False
    is_index_good: bool = True
    reordered: bool = False
    out: list[str] = field(default_factory=list)
    length: int = 0

    def run(self) -> str:
        self.out.append(self._take(_TEXT))
        while self.at < len(self.form):
            self.at += 1
            self.is_index_good = True
            self._directive()
            self.out.append(self._take(_TEXT))
            self.length += sum(map(len, self.out[-2:]))
            if self.length > LONGEST:
                raise TooLongError
        return "".join(self.out) + self._extra()

    def _take(self, what: re.Pattern[str]) -> str:
        found = what.match(self.form, self.at)
        assert found is not None  # noqa: S101 (each of these patterns matches the empty text)
        self.at = found.end()
        return found.group()

    def _peek(self) -> str:
        return self.form[self.at : self.at + 1]

    def _directive(self) -> None:
        flags = Flags.read(self._take(_FLAGS))
        if not ("a" <= self._peek() <= "z" and self.next < len(self.arguments)):
            self._argument_index()
            self._width(flags)
            self._precision(flags)
            if not self.after_index:
                self._argument_index()
        self._verb(flags)

    def _argument_index(self) -> None:
        """Read `[n]`: which argument comes next."""
        self.after_index = False
        if self._peek() != "[":
            return
        self.reordered = True
        found = _INDEX.match(self.form, self.at)
        if found is None or len(self.form) - self.at < 3:
            self.at += 1
            self.is_index_good = False
            return
        self.at = found.end()
        number = _number(found.group(1))
        self.after_index = number is not None
        if number is not None and 1 <= number <= len(self.arguments):
            self.next = number - 1
        else:
            self.is_index_good = False

    def _width(self, flags: Flags) -> None:
        if self._peek() == "*":
            self.at += 1
            flags.width = self._argument_as_number("%!(BADWIDTH)")
            if flags.width is not None and flags.width < 0:
                flags.width, flags.minus = -flags.width, True
            self.after_index = False
            return
        flags.width = self._number_in_format()
        if self.after_index and flags.width is not None:
            self.is_index_good = False

    def _precision(self, flags: Flags) -> None:
        if self._peek() != ".":
            return
        self.at += 1
        if self.after_index:
            self.is_index_good = False
        self._argument_index()
        if self._peek() != "*":
            flags.precision = self._number_in_format() or 0
            return
        self.at += 1
        flags.precision = self._argument_as_number("%!(BADPREC)", smallest=0)
        self.after_index = False

    def _number_in_format(self) -> int | None:
        text = self._take(_NUMBER)
        number = _number(text) if text else None
        if text and number is None:  # too large to be meant: Go gives up on the rest of the format
            self.at = len(self.form)
        return number

    def _argument_as_number(self, complaint: str, smallest: int = -_LARGEST_NUMBER) -> int | None:
        """Take the next argument as a width or precision."""
        number = None
        if self.next < len(self.arguments):
            given = self.arguments[self.next]
            self.next += 1
            if isinstance(given, int) and not isinstance(given, bool) and smallest <= given <= _LARGEST_NUMBER:
                number = given
        if number is None:
            self.out.append(complaint)
        return number

    def _verb(self, flags: Flags) -> None:
        verb = self._peek()
        self.at += 1
        if not verb:
            self.out.append("%!(NOVERB)")
        elif verb == "%":
            self.out.append("%")
        elif not self.is_index_good:
            self.out.append(f"%!{verb}(BADINDEX)")
        elif self.next >= len(self.arguments):
            self.out.append(f"%!{verb}(MISSING)")
        else:
            self.out.append(self._shown(self.arguments[self.next], verb, flags))
            self.next += 1

    def _shown(self, argument: Json, verb: str, flags: Flags) -> str:
        # Go pads each element of a list.
        if max(flags.width or 0, flags.precision or 0) * _leaves(argument) > LONGEST:
            raise TooLongError
        return goprint.show(argument, verb, flags)

    def _extra(self) -> str:
        rest = self.arguments[self.next :]
        if self.reordered or not rest:
            return ""
        return f"%!(EXTRA {', '.join(goprint.typed(argument, Flags()) for argument in rest)})"


def _leaves(value: Json) -> int:
    match value:
        case list():
            return sum(map(_leaves, value))
        case dict():
            return sum(map(_leaves, value.values())) + len(value)
        case _:
            return 1


def _number(text: str) -> int | None:
    """Return the number that *text* is, None when it is none or too large to be meant."""
    if not text.isascii() or not text.isdigit() or len(text.lstrip("0")) > len(str(_LARGEST_NUMBER)) + 1:
        return None
    number = int(text)
    return number if number // 10 <= _LARGEST_NUMBER else None
