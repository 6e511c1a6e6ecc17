"""Read booleans and numbers from text as Go's strconv does, with its errors."""

import math
import re
from typing import Final

from crosshead.base import goquotes

_TRUE: Final = frozenset({"1", "t", "T", "true", "TRUE", "True"})
_FALSE: Final = frozenset({"0", "f", "F", "false", "FALSE", "False"})
_INTEGER = re.compile("[+-]?[0-9]+")
_DECIMAL_DIGITS, _HEX_DIGITS = "[0-9]+(?:_[0-9]+)*", "[0-9a-fA-F]+(?:_[0-9a-fA-F]+)*"
_EXPONENT = f"[+-]?{_DECIMAL_DIGITS}"
_DECIMAL = re.compile(
    rf"[+-]?(?:{_DECIMAL_DIGITS}(?:\.(?:{_DECIMAL_DIGITS})?)?|\.{_DECIMAL_DIGITS})(?:[eE]{_EXPONENT})?"
)
_HEXADECIMAL = re.compile(rf"[+-]?0[xX]_?(?:{_HEX_DIGITS}(?:\.(?:{_HEX_DIGITS})?)?|\.{_HEX_DIGITS})[pP]{_EXPONENT}")
_INFINITE = re.compile("[+-]?inf(?:inity)?", re.IGNORECASE)
_SYNTAX: Final = "invalid syntax"
_RANGE: Final = "value out of range"


class NumberError(ValueError):
    """Text that is not the boolean or number asked for."""


def parse_bool(text: str) -> bool:
    """Return the boolean that *text* spells in one of Go's twelve ways."""
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    raise _refusal("ParseBool", text, _SYNTAX)


def parse_int(text: str) -> int:
    """Return the decimal number of at most 64 bits that *text* spells."""
    if not _INTEGER.fullmatch(text):
        raise _refusal("ParseInt", text, _SYNTAX)
    # Twenty digits are more than 64 bits hold, and Python refuses to read some thousands.
    number = int(text) if len(text.lstrip("+-").lstrip("0")) < 20 else 2**64
    if not -(2**63) <= number < 2**63:
        raise _refusal("ParseInt", text, _RANGE)
    return number


def parse_float(text: str) -> float:
    """Return the number that *text* spells: decimal or hexadecimal, with underscores between digits, inf or nan."""
    if _INFINITE.fullmatch(text) or text.lower() == "nan":
        return float(text)
    number = _read_finite(text)
    if math.isinf(number):
        raise _refusal("ParseFloat", text, _RANGE)
    return number


def _read_finite(text: str) -> float:
    plain = text.replace("_", "")
    if _DECIMAL.fullmatch(text):
        return float(plain)
    if not _HEXADECIMAL.fullmatch(text):
        raise _refusal("ParseFloat", text, _SYNTAX)
    try:
        return float.fromhex(plain)
    except OverflowError:
        return math.inf


def _refusal(function: str, text: str, why: str) -> NumberError:
    return NumberError(f"strconv.{function}: parsing {goquotes.quote(text)}: {why}")
