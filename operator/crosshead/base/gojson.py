"""Write and read JSON as Go's encoding/json does: its bytes when writing, its errors when reading."""

import json
import math
import re
from typing import Final, Literal, TypeAlias

from crosshead.base import gofloats, gojsonscan
from crosshead.base.encoding import NotJsonError, clean, utf8
from crosshead.base.gojsonscan import GrammarError
from crosshead.base.values import Json

Container: TypeAlias = Literal["object", "array"]

_ESCAPED = re.compile('[\\x00-\\x1f"\\\\<>&\u2028\u2029]')
_SHORT: Final = {'"': r"\"", "\\": r"\\", "\b": r"\b", "\f": r"\f", "\n": r"\n", "\r": r"\r", "\t": r"\t"}
_GO_TYPE: Final[dict[Container, str]] = {"object": "map[string]interface {}", "array": "[]interface {}"}
_KINDS: Final = {"{": "object", "[": "array", '"': "string", "t": "bool", "f": "bool"}


class DecodeError(ValueError):
    """Text that is no JSON, or not the JSON asked for."""


def encode(value: Json) -> str:  # noqa: PLR0911 (one kind of value, one answer)
    """
    Return *value* as JSON: keys sorted, no spaces, `<`, `>` and `&` escaped.

    Raises `NotJsonError` for infinities and NaN.
    """
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            return _string(value)
        case int():
            return str(value)
        case float():
            return _number(value)
        case list():
            return f"[{','.join(map(encode, value))}]"
        case _:
            return f"{{{','.join(f'{_string(key)}:{encode(value[key])}' for key in sorted(value, key=utf8))}}}"


def _string(text: str) -> str:
    return f'"{_ESCAPED.sub(_escape, clean(text))}"'


def _escape(found: re.Match[str]) -> str:
    character = found.group()
    return _SHORT.get(character) or f"\\u{ord(character):04x}"


def _number(number: float) -> str:
    if not math.isfinite(number):
        raise NotJsonError(f"json: unsupported value: {gofloats.write(number, 'g')}")
    if number and not 1e-6 <= abs(number) < 1e21:
        return gofloats.write(number, "e").replace("e-0", "e-")
    return gofloats.write(number, "f")


def decode(text: str, wanted: Container) -> Json:
    """Return the object or array that *text* holds, every number a float; null is neither refused nor changed."""
    try:
        start = gojsonscan.check(text)
    except GrammarError as error:
        raise DecodeError(str(error)) from error
    kind = _KINDS.get(start, "number")
    if kind != wanted and start != "n":
        raise DecodeError(f"json: cannot unmarshal {kind} into Go value of type {_GO_TYPE[wanted]}")
    return _tidy(json.loads(text, parse_int=_float, parse_float=_float, strict=True))


def _float(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise DecodeError(f"json: cannot unmarshal number {text} into Go value of type float64")
    return number


def _tidy(value: Json) -> Json:
    """Return *value* without halves of surrogate pairs, which JSON can spell and nothing can hold."""
    match value:
        case str():
            return clean(value)
        case list():
            return list(map(_tidy, value))
        case dict():
            return {clean(key): _tidy(item) for key, item in value.items()}
        case _:
            return value
