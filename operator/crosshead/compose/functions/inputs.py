"""
Read a function's input strictly, as the Go SDK does: a field nobody knows, or of another type, is refused.

What comes out has no nulls: they are as good as absent. Only the text before the first `json:` of an error is
Crossplane's to the letter: what follows varies from build to build there.
"""

from typing import Final, TypeAlias

from crosshead.base import goquotes, gostructs
from crosshead.base.gostructs import Anything, Boolean, DecodeError, Integer, Map, Slice, Struct, Text, Type
from crosshead.base.values import Object
from crosshead.compose.protocol import Request

# What a place of an input takes.
Shape: TypeAlias = Type


class InputError(ValueError):
    """An input that the function cannot read."""


def read(request: Request, shape: Shape) -> Object:
    """Return the input of *request*, which has *shape*; a request without input has an empty one."""
    try:
        told: Object = gostructs.decode(shape, request.input or {})
    except DecodeError as error:
        raise InputError(
            f"cannot get function input *{shape.go_type} from *v1.RunFunctionRequest: "
            f"cannot unmarshal JSON from *structpb.Struct into *{shape.go_type}: json: {_misfit(error)}"
        ) from error
    return told


def _misfit(error: DecodeError) -> str:
    where = f" within {goquotes.quote(error.path)}" if error.path else ""
    why = f": unknown object member name {goquotes.quote(error.unknown)}" if error.unknown else ""
    return f"cannot unmarshal JSON {error.kind} into Go {error.go_type}{where}{why}"


def items(each: Shape) -> Shape:
    """Return the shape of an array of *each*."""
    return Slice(each)


def maps(each: Shape) -> Shape:
    """Return the shape of an object whose every value is an *each*."""
    return Map(each)


def struct(go: str, **known: Shape) -> Shape:
    """Return the shape of an object with the fields *known*, each of which may be missing, and no other."""
    return Struct(go, known)


def document(go: str, **known: Shape) -> Shape:
    """Return the shape of a whole input: a `struct` that says what it is."""
    return struct(go, apiVersion=TEXT, kind=TEXT, metadata=OBJECT, **known)


ANYTHING: Final = Anything("v1.JSON")
TEXT: Final = Text()
BOOLEAN: Final = Boolean()
OBJECT: Final = Map(Anything(), "v1.ObjectMeta")
COUNT: Final = Integer("uint64", 0, 2**64 - 1)
