"""Regular expressions as Go has them (RE2: no look-around, no back-references), with Go's words for what is wrong."""

from dataclasses import dataclass
from typing import Any, Final

import re2

from crosshead.base.encoding import text as as_text
from crosshead.base.encoding import utf8

# RE2's words, and those of Go's regexp/syntax for the same fault.
_WORDS: Final = {
    "missing )": "missing closing )",
    "missing ]": "missing closing ]",
    "invalid repetition size": "invalid repeat count",
    "bad repetition operator": "invalid nested repetition operator",
    "no argument for repetition operator": "missing argument to repetition operator",
    "invalid perl operator": "invalid or unsupported Perl syntax",
    "invalid named capture group": "invalid named capture",
    "trailing \\": "trailing backslash at end of expression",
}


class RegexpError(ValueError):
    """Text that is no regular expression."""


@dataclass(frozen=True, slots=True)
class Regexp:
    """A compiled regular expression. *source* is its text."""

    source: str
    compiled: Any

    def find(self, text: str) -> tuple[str, ...] | None:
        """Return the leftmost match in *text* and its groups ("" for one that took no part), None without a match."""
        found = self.compiled.search(utf8(text))
        if found is None:
            return None
        return tuple(as_text(group or b"") for group in (found.group(), *found.groups()))


def compile(source: str) -> Regexp:  # noqa: A001 (always said with the module's name)
    """Return *source*, compiled."""
    options = re2.Options()
    options.log_errors = False
    try:
        return Regexp(source, re2.compile(utf8(source), options))
    except re2.error as error:
        raise RegexpError(f"error parsing regexp: {_in_go_words(error.args[0].decode())}") from error


def _in_go_words(told: str) -> str:
    # "code: piece", and a piece may hold anything; only one code stands alone.
    code, _, piece = told.partition(": ")
    return f"{_WORDS.get(code, code)}: `{piece}`"
