"""
Bytes in text, and values as the API server will hold them.

A Go string is bytes, and transforms may make bytes that are no UTF-8 (`FromBase64` of an image, say). In our values
such a byte stands as a lone surrogate, as Python's `surrogateescape` has it, until the value enters an object.
"""

import math
from decimal import Decimal
from typing import Final

from crosshead.base import gofloats
from crosshead.base.values import Json

_SMALLEST, _LARGEST = -(2**63), 2**63 - 1
# From here on Go's encoder writes an exponent, and such a number is read as a double.
_FIRST_WITH_EXPONENT: Final = 1e21
_REPLACEMENT: Final = "\ufffd"


class NotJsonError(ValueError):
    """A value that JSON cannot express."""


def utf8(text: str) -> bytes:
    """Return the bytes that *text* stands for."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # surrogates that do not stand for bytes: there is no such character
        return _without(text, range(0xD800, 0xDC80)).encode("utf-8", "surrogateescape")


def text(raw: bytes) -> str:
    """Return *raw* as text; what is no UTF-8 can be told apart, and `utf8` gives it back."""
    return raw.decode("utf-8", "surrogateescape")


def clean(text: str) -> str:
    """Return *text* with U+FFFD for each byte that is no UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return _without(text, range(0xD800, 0xE000))
    return text


def normalized(value: Json) -> Json:
    """
    Return a copy of *value* as it would come back from the API server.

    Numbers without a fraction become integers as long as 64 bits hold them, text becomes UTF-8. Crossplane sends
    every value through JSON before it enters an object, and so `2.0` is written `2`.
    """
    match value:
        case str():
            return value if value.isascii() else clean(value)
        case bool() | None:
            return value
        case float():
            return _settled(value)
        case int():
            return value if _SMALLEST <= value <= _LARGEST else float(value)
        case list() | tuple():
            return [normalized(item) for item in value]
        case _:
            return {clean(key): normalized(item) for key, item in value.items()}


def _settled(number: float) -> float | int:
    if not math.isfinite(number):
        raise NotJsonError(f"json: unsupported value: {gofloats.write(number, 'g')}")
    if not number.is_integer() or abs(number) >= _FIRST_WITH_EXPONENT:
        return number
    # Read back from the shortest text that means this double, which above 2**53 is another integer.
    whole = int(Decimal(repr(number)))
    return whole if _SMALLEST <= whole <= _LARGEST else number


def _without(text: str, unwanted: range) -> str:
    return "".join(_REPLACEMENT if ord(character) in unwanted else character for character in text)
