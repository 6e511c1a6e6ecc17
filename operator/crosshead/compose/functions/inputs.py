"""
Read a function's input strictly, as the Go SDK does: a field nobody knows, or of another type, is refused.

What comes out is the input itself; null is as good as absent. Only the text before the first `json:` of an error is
Crossplane's to the letter: what follows varies from build to build there.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from crosshead.base import goquotes
from crosshead.base.gostructs import json_kind
from crosshead.base.values import Json, Object
from crosshead.compose.protocol import Request

_LARGEST: Final = 2**64 - 1


class InputError(ValueError):
    """An input that the function cannot read."""


class MisfitError(InputError):
    """A value of another shape than its place wants."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What a place of an input takes: *go* is the Go type, *check* raises `MisfitError` for a value (never null)."""

    go: str
    check: Callable[[Json, str], None]


def read(request: Request, shape: Shape) -> Object:
    """Return the input of *request*, which has *shape*; a request without input has an empty one."""
    told = request.input or {}
    try:
        shape.check(told, "")
    except MisfitError as error:
        raise InputError(
            f"cannot get function input *{shape.go} from *v1.RunFunctionRequest: "
            f"cannot unmarshal JSON from *structpb.Struct into *{shape.go}: json: {error}"
        ) from error
    return told


def _misfit(value: Json, go: str, path: str, why: str = "") -> MisfitError:
    where = f" within {goquotes.quote(path)}" if path else ""
    return MisfitError(f"cannot unmarshal JSON {json_kind(value)} into Go {go}{where}{why and ': ' + why}")


def _plain(go: str, kind: str) -> Shape:
    def check(value: Json, path: str) -> None:
        if json_kind(value) != kind:
            raise _misfit(value, go, path)

    return Shape(go, check)


def _check_count(value: Json, path: str) -> None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not (is_number and 0 <= value <= _LARGEST and value == int(value)):
        raise _misfit(value, "uint64", path)


def items(each: Shape) -> Shape:
    """Return the shape of an array of *each*."""
    go = f"[]{each.go}"

    def check(value: Json, path: str) -> None:
        if not isinstance(value, list):
            raise _misfit(value, go, path)
        for index, item in enumerate(value):
            _check_unless_null(each, item, f"{path}/{index}")

    return Shape(go, check)


def maps(each: Shape) -> Shape:
    """Return the shape of an object whose every value is an *each*."""
    go = f"map[string]{each.go}"

    def check(value: Json, path: str) -> None:
        if not isinstance(value, Mapping):
            raise _misfit(value, go, path)
        for key, item in value.items():
            _check_unless_null(each, item, f"{path}/{key}")

    return Shape(go, check)


def struct(go: str, **known: Shape) -> Shape:
    """Return the shape of an object with the fields *known*, each of which may be missing, and no other."""

    def check(value: Json, path: str) -> None:
        if not isinstance(value, Mapping):
            raise _misfit(value, go, path)
        for name, item in value.items():
            if name not in known:
                raise _misfit(item, go, f"{path}/{name}", f"unknown object member name {goquotes.quote(name)}")
            _check_unless_null(known[name], item, f"{path}/{name}")

    return Shape(go, check)


def document(go: str, **known: Shape) -> Shape:
    """Return the shape of a whole input: a `struct` that says what it is."""
    return struct(go, apiVersion=TEXT, kind=TEXT, metadata=OBJECT, **known)


def _check_unless_null(shape: Shape, value: Json, path: str) -> None:
    if value is not None:
        shape.check(value, path)


ANYTHING: Final = Shape("v1.JSON", lambda _, __: None)
TEXT: Final = _plain("string", "string")
BOOLEAN: Final = _plain("bool", "boolean")
OBJECT: Final = _plain("v1.ObjectMeta", "object")
COUNT: Final = Shape("uint64", _check_count)
