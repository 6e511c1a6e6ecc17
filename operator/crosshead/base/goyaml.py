"""
Write YAML byte for byte as sigs.k8s.io/yaml does, because hashes are taken of it.

PyYAML and Go's yaml are both children of libyaml. They differ in which plain texts they take for something else than
a string, in how they order keys, and in where they fold quoted text.
"""

import re
from collections.abc import Callable
from functools import cmp_to_key
from itertools import takewhile
from typing import Any, Final

import yaml

from crosshead.base import gofloats
from crosshead.base.values import Json

_TEXT_TAG: Final = "tag:yaml.org,2002:str"
_WIDTH: Final = 80

_WORDS: Final = frozenset(
    ["", "~", "<<", ".nan", ".NaN", ".NAN"]
    + [sign + word for sign in ("", "+", "-") for word in (".inf", ".Inf", ".INF")]
    + [
        case(word)
        for word in ("null", "true", "false", "y", "yes", "n", "no", "on", "off")
        for case in (str, str.capitalize, str.upper)
    ]
)
_NUMBER = re.compile(
    "[-+]?(?:0[bB][01]+|0[oO]?[0-7]+|0[xX][0-9a-fA-F]+|[0-9]+)"
    r"|[-+]?(?:[0-9]*\.?[0-9]+|[0-9]+\.[0-9]*)(?:[eE][-+]?[0-9]+)?"
)
_DATE = re.compile("[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:(?:[Tt]|[ \t]+)[0-9].*)?")
_BASE_60 = re.compile(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?")

_ESCAPES: Final = {
    "\0": "0", "\a": "a", "\b": "b", "\t": "t", "\n": "n", "\v": "v", "\f": "f", "\r": "r", "\x1b": "e",
    '"': '"', "\\": "\\", "\x85": "N", "\xa0": "_", "\u2028": "L", "\u2029": "P",
}  # fmt: skip
_UNPRINTABLE = re.compile("[\\x00-\\x09\\x0b-\\x1f\\x7f-\\x9f\ufeff\ufffe\uffff\U00010000-\U0010ffff]")
_ESCAPED = re.compile(f'{_UNPRINTABLE.pattern}|[\n"\\\\\u2028\u2029]')


def encode(value: Json) -> str:
    """Return *value* as a YAML document."""
    written: str = yaml.dump(
        value, Dumper=_Dumper, default_flow_style=False, allow_unicode=True, sort_keys=False, width=_WIDTH
    )
    return written.removesuffix("...\n")


class _Dumper(yaml.SafeDumper):
    # Without resolvers every plain text is a string to PyYAML: what needs quotes is decided here.
    yaml_implicit_resolvers: Any = {}  # noqa: RUF012 (PyYAML's way)

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 (PyYAML's signature)
        return True

    def analyze_scalar(self, scalar: str) -> Any:  # noqa: ANN401 (PyYAML's own type)
        # libyaml prints nothing beyond the basic plane; PyYAML would.
        analysis = super().analyze_scalar(_UNPRINTABLE.sub("\x00", scalar))
        analysis.scalar = scalar
        return analysis

    def write_double_quoted(self, text: str, split: bool = True) -> None:  # noqa: FBT001, FBT002 (PyYAML's signature)
        self.write_indicator('"', True)  # noqa: FBT003
        was_space = False
        for at, character in enumerate(text):
            is_space = character == " "
            if is_space and split and not was_space and self.column > self.best_width and 0 < at < len(text) - 1:
                self.write_indent()
                if text[at + 1] == " ":
                    self._put("\\")
            else:
                self._put(_escape(character))
            was_space = is_space
        self.write_indicator('"', False)  # noqa: FBT003

    def _put(self, text: str) -> None:
        self.column += len(text)
        self.stream.write(text)


def _escape(character: str) -> str:
    if not _ESCAPED.match(character):
        return character
    if character in _ESCAPES:
        return "\\" + _ESCAPES[character]
    number = ord(character)
    if number < 0x100:
        return f"\\x{number:02X}"
    return f"\\u{number:04X}" if number < 0x10000 else f"\\U{number:08X}"


def _style(text: str) -> str:
    if "\n" in text:
        return "|"
    return '"' if _means_something_else(text) else ""


def _means_something_else(text: str) -> bool:
    if text in _WORDS or _BASE_60.fullmatch(text) or _DATE.fullmatch(text):
        return True
    return _NUMBER.fullmatch(text.replace("_", "")) is not None


def _represent(spell: Callable[[Any], str]) -> Callable[[Any, Any], Any]:
    return lambda dumper, value: dumper.represent_scalar(_TEXT_TAG, spell(value), style="")


def _represent_text(dumper: Any, text: str) -> Any:  # noqa: ANN401 (PyYAML's own types)
    return dumper.represent_scalar(_TEXT_TAG, text, style=_style(text))


def _represent_object(dumper: Any, value: dict[str, Json]) -> Any:  # noqa: ANN401 (PyYAML's own types)
    return dumper.represent_mapping("tag:yaml.org,2002:map", [(key, value[key]) for key in sorted(value, key=_ORDER)])


def _compare(one: str, other: str) -> int:
    """Compare keys as Go's yaml does: letters after everything else, runs of digits as numbers."""
    at = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    if at is None:
        return len(one) - len(other)
    a, b = one[at], other[at]
    if a.isalpha() or b.isalpha():
        return ord(a) - ord(b) if a.isalpha() and b.isalpha() else a.isalpha() - b.isalpha()
    return _compare_numbers(one, other, at) or ord(a) - ord(b)


def _compare_numbers(one: str, other: str, at: int) -> int:
    lead = ""
    if "0" in {one[at], other[at]} and one[:at][-1:].isdecimal():
        digits = "".join(takewhile(str.isdecimal, reversed(one[:at])))
        lead = "1" if digits.strip("0") else ""
    mine, theirs = _digits(one, at), _digits(other, at)
    return int(lead + mine or "0") - int(lead + theirs or "0") or len(mine) - len(theirs)


def _digits(text: str, at: int) -> str:
    return "".join(takewhile(str.isdecimal, text[at:]))


_ORDER = cmp_to_key(_compare)

_Dumper.add_representer(str, _represent_text)
_Dumper.add_representer(dict, _represent_object)
_Dumper.add_representer(int, _represent(str))
_Dumper.add_representer(float, _represent(lambda number: gofloats.write(number, "g")))
_Dumper.add_representer(bool, _represent(lambda flag: "true" if flag else "false"))
_Dumper.add_representer(type(None), _represent(lambda _: "null"))
