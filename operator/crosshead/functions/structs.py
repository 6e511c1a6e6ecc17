"""
JSON objects as protobuf Structs, whose numbers are all doubles, and back.

On the way back an integral double that fits into 64 bits is an integer again, as it is to Go's JSON decoder that
Crossplane sends everything through. What JSON cannot express is refused, with its path.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from google.protobuf import struct_pb2

from crosshead.base import encoding
from crosshead.base.values import Draft, Json, Object
from crosshead.functions.codecs import fault


def fill(struct: struct_pb2.Struct, obj: Object, path: str) -> None:
    """Put *obj* into the empty *struct*, which is at *path* of its message."""
    struct.SetInParent()
    try:
        _fill(struct, obj)
    except _UnfitError as error:
        raise fault(path + error.path, error.what) from error
    except RecursionError as error:
        raise fault(path, "is nested too deeply") from error


def read(struct: struct_pb2.Struct, path: str) -> Draft:
    """Return what *struct*, at *path* of its message, holds."""
    try:
        return _object(struct)
    except _UnfitError as error:
        raise fault(path + error.path, error.what) from error


class _UnfitError(ValueError):
    """A value that has no counterpart; its path grows on the way out, so that a good value costs nothing."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what
        self.path = ""

    def within(self, step: str) -> "_UnfitError":
        self.path = step + self.path
        return self


def _fill(struct: struct_pb2.Struct, obj: Object) -> None:
    fields = struct.fields
    for key, raw in obj.items():
        try:
            _set(fields[key], raw)
        except _UnfitError as error:
            raise error.within(f".{key}") from None
        except (OverflowError, TypeError, ValueError) as error:  # a key or text that is not Unicode, a huge integer
            raise _UnfitError(f"cannot be sent: {error}").within(f".{key}") from error


def _set(value: struct_pb2.Value, raw: Json) -> None:
    if isinstance(raw, str):
        value.string_value = raw
    elif isinstance(raw, bool):
        value.bool_value = raw
    elif isinstance(raw, int | float):
        value.number_value = raw
    elif isinstance(raw, Mapping):
        value.struct_value.SetInParent()
        _fill(value.struct_value, raw)
    elif isinstance(raw, Sequence) and not isinstance(raw, bytes):
        _fill_list(value.list_value, raw)
    elif raw is None:
        value.null_value = struct_pb2.NULL_VALUE
    else:
        raise _UnfitError(f"{type(raw).__name__} is not a JSON type")


def _fill_list(target: struct_pb2.ListValue, items: Sequence[Json]) -> None:
    target.SetInParent()
    for index, item in enumerate(items):
        try:
            _set(target.values.add(), item)
        except _UnfitError as error:
            raise error.within(f"[{index}]") from None


def _object(struct: struct_pb2.Struct) -> Draft:
    told: dict[str, Any] = {}
    for key, value in struct.fields.items():
        try:
            told[key] = _value(value)
        except _UnfitError as error:
            raise error.within(f".{key}") from None
    return told


def _value(value: struct_pb2.Value) -> Json:
    match value.WhichOneof("kind"):
        case "string_value":
            return value.string_value
        case "number_value":
            return _number(value.number_value)
        case "bool_value":
            return value.bool_value
        case "struct_value":
            return _object(value.struct_value)
        case "list_value":
            return _list(value.list_value)
        case "null_value":
            return None
        case _:
            raise _UnfitError("is a value of no kind")


def _list(source: struct_pb2.ListValue) -> list[Json]:
    told = []
    for index, value in enumerate(source.values):
        try:
            told.append(_value(value))
        except _UnfitError as error:
            raise error.within(f"[{index}]") from None
    return told


def _number(number: float) -> int | float:
    try:
        settled: int | float = encoding.normalized(number)
    except encoding.NotJsonError as error:
        raise _UnfitError(f"{number} is not a JSON number") from error
    return settled
