"""
Decode JSON into what a Go struct would hold, and refuse what none would, as go-json-experiment does.

Fields are taken in the order of their names, as protobuf writes them, and the first mistake is told. What comes out is
JSON again, without what Go would not see: a null is the zero value, and a zero value is left out; an integer is an
integer, however it was spelled.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, TypeAlias, assert_never

from crosshead.base import gojson, goquotes
from crosshead.base.encoding import NotJsonError
from crosshead.base.values import Json


class DecodeError(ValueError):
    """
    A value that does not fit: JSON of a *kind* where a *go_type* must be, or an *unknown* field of one.

    *path* is where, as a JSON pointer. Those who say it in words of their own need no more than that.
    """

    def __init__(self, text: str, kind: str, go_type: str, unknown: str = "") -> None:
        super().__init__(f"json: cannot unmarshal {text}")
        self.kind, self.go_type, self.unknown = kind, go_type, unknown
        self.path = ""


@dataclass(frozen=True, slots=True)
class Anything:
    """Any JSON value, kept as it is."""

    go_type: str = "interface {}"


@dataclass(frozen=True, slots=True)
class Text:
    """A string, or a type that is one."""

    go_type: str = "string"
    kind: ClassVar[str] = "string"


@dataclass(frozen=True, slots=True)
class Boolean:
    """A truth."""

    go_type: str = "bool"
    kind: ClassVar[str] = "boolean"


@dataclass(frozen=True, slots=True)
class Integer:
    """A number without a fraction, from *least* to *most*."""

    go_type: str = "int64"
    least: int = -(2**63)
    most: int = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Slice:
    """An array of *item*."""

    item: "Type"

    @property
    def go_type(self) -> str:
        """What Go calls it."""
        return f"[]{self.item.go_type}"


@dataclass(frozen=True, slots=True)
class Map:
    """An object with any names, each of which has an *item*; a null stays one."""

    item: "Type"
    name: str = ""

    @property
    def go_type(self) -> str:
        """What Go calls it."""
        return self.name or f"map[string]{self.item.go_type}"


@dataclass(frozen=True, slots=True)
class Struct:
    """An object with the *fields* and no other; with any other, too, when not *is_strict*."""

    go_type: str
    fields: Mapping[str, "Type"]
    is_strict: bool = True


Type: TypeAlias = Anything | Text | Boolean | Integer | Slice | Map | Struct


def decode(type: Type, value: Json) -> Json:
    """Return what Go sees of *value*, which is not null, in a place of *type*."""
    match type:
        case Anything():
            return value
        case Text() | Boolean():
            return _checked(type, value, type.kind)
        case Integer():
            return _integer(type, _checked(type, value, "number"))
        case Slice(item=item):
            each = enumerate(_checked(type, value, "array"))
            return [_zero(item) if part is None else _part(item, part, index) for index, part in each]
        case Map(item=item):
            return {key: part if part is None else _part(item, part, key) for key, part in _sorted(type, value)}
        case Struct():
            return _decode_struct(type, value)
        case _:
            assert_never(type)


def _part(type: Type, value: Json, step: str | int) -> Json:
    try:
        return decode(type, value)
    except DecodeError as error:
        error.path = f"/{step}{error.path}"
        raise


def _zero(type: Type) -> Json:
    match type:
        case Text():
            return ""
        case Boolean():
            return False
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
                decoded[name] = _part(type.fields[name], each, name)
        elif type.is_strict:
            error = DecodeError(
                f"Go value of type {type.go_type}: unknown name {goquotes.quote(name)}",
                json_kind(each),
                type.go_type,
                name,
            )
            error.path = f"/{name}"
            raise error
    return decoded


def _sorted(type: Map | Struct, value: Json) -> list[tuple[str, Json]]:
    return sorted(_checked(type, value, "object").items(), key=lambda pair: pair[0])


def _checked(type: Text | Boolean | Integer | Slice | Map | Struct, value: Json, wanted: str) -> Json:
    if json_kind(value) != wanted:
        raise _misfit(type.go_type, json_kind(value))
    return value


def _misfit(go_type: str, kind: str, why: str = "") -> DecodeError:
    return DecodeError(f"JSON {kind} into Go value of type {go_type}{why}", kind, go_type)


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
    if not type.least <= int(text) <= type.most:
        why = f": cannot parse {goquotes.quote(text)} as signed integer: value out of range"
        raise _misfit(type.go_type, "number", why)
    return int(text)
