"""
Decode JSON into what a Go struct would hold, and refuse what none would, as go-json-experiment does.

Fields are taken in the order of their names, as protobuf writes them, and the first mistake is told. What comes out is
JSON again, without what Go would not see: a null is the zero value, and a zero value is left out; an integer is an
integer, however it was spelled.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias, assert_never

from crosshead.base import gojson, goquotes
from crosshead.base.encoding import NotJsonError
from crosshead.base.values import Json

_LARGEST: Final = 2**63 - 1


class DecodeError(ValueError):
    """A value that does not fit."""


@dataclass(frozen=True, slots=True)
class Anything:
    """Any JSON value, kept as it is."""


@dataclass(frozen=True, slots=True)
class Text:
    """A string, or a type that is one."""

    go_type: str = "string"


@dataclass(frozen=True, slots=True)
class Integer:
    """A number without a fraction that 64 bits hold."""

    go_type: str = "int64"


@dataclass(frozen=True, slots=True)
class Slice:
    """An array of *item*."""

    item: "Type"

    @property
    def go_type(self) -> str:
        """What Go calls it."""
        return f"[]{_go_type(self.item)}"


@dataclass(frozen=True, slots=True)
class Map:
    """An object with any names, each of which has an *item*; a null stays one."""

    item: "Type"
    name: str = ""

    @property
    def go_type(self) -> str:
        """What Go calls it."""
        return self.name or f"map[string]{_go_type(self.item)}"


@dataclass(frozen=True, slots=True)
class Struct:
    """An object with the *fields* and no other; with any other, too, when not *is_strict*."""

    go_type: str
    fields: Mapping[str, "Type"]
    is_strict: bool = True


Type: TypeAlias = Anything | Text | Integer | Slice | Map | Struct


def _go_type(type: Type) -> str:
    return "interface {}" if isinstance(type, Anything) else type.go_type


def decode(type: Type, value: Json) -> Json:
    """Return what Go sees of *value*, which is not null, in a place of *type*."""
    match type:
        case Anything():
            return value
        case Text():
            return _checked(type, value, "string")
        case Integer():
            return _integer(type, _checked(type, value, "number"))
        case Slice(item=item):
            return [_zero(item) if each is None else decode(item, each) for each in _checked(type, value, "array")]
        case Map(item=item):
            return {key: each if each is None else decode(item, each) for key, each in _sorted(type, value)}
        case Struct():
            return _decode_struct(type, value)
        case _:
            assert_never(type)


def _zero(type: Type) -> Json:
    match type:
        case Text():
            return ""
        case Integer():
            return 0
        case Slice():
            return []
        case _:
            return {}


def _decode_struct(type: Struct, value: Json) -> Json:
    decoded = {}
    for name, each in _sorted(type, value):
        if name in type.fields:
            if each is not None:
                decoded[name] = decode(type.fields[name], each)
        elif type.is_strict:
            raise DecodeError(
                f"json: cannot unmarshal Go value of type {type.go_type}: unknown name {goquotes.quote(name)}"
            )
    return decoded


def _sorted(type: Map | Struct, value: Json) -> list[tuple[str, Json]]:
    return sorted(_checked(type, value, "object").items(), key=lambda pair: pair[0])


def _checked(type: Text | Integer | Slice | Map | Struct, value: Json, wanted: str) -> Json:
    if json_kind(value) != wanted:
        raise _misfit(type.go_type, json_kind(value))
    return value


def _misfit(go_type: str, kind: str, why: str = "") -> DecodeError:
    return DecodeError(f"json: cannot unmarshal JSON {kind} into Go value of type {go_type}{why}")


def json_kind(value: Json) -> str:
    """Return what Go's JSON calls the kind of *value*; what is neither text, number, truth nor list is an object."""
    match value:
        case bool():
            return "boolean"
        case str():
            return "string"
        case int() | float():
            return "number"
        case list():
            return "array"
        case _:
            return "object"


def _integer(type: Integer, number: float) -> int:
    """Return *number* as protobuf writes it down, a double, and Go reads it."""
    try:
        text = gojson.encode(float(number))
    except (NotJsonError, OverflowError) as error:
        raise _misfit(type.go_type, "number") from error
    if not text.removeprefix("-").isdecimal():
        raise _misfit(
            type.go_type, "number", f": cannot parse {goquotes.quote(text)} as signed integer: invalid syntax"
        )
    if not -_LARGEST - 1 <= int(text) <= _LARGEST:
        why = f": cannot parse {goquotes.quote(text)} as signed integer: value out of range"
        raise _misfit(type.go_type, "number", why)
    return int(text)
