"""
Check that JSON has the shape the engine expects, so that nothing behind this has to ask again.

The API server's schemas have seen to most of it; this is for compositions that come from elsewhere, and for schemas
that were not there yet. Unknown fields are none of our business, null is as good as absent.
"""

from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

from crosshead.base import gotypes
from crosshead.base.values import Json
from crosshead.compose.faults import Fault, invalid

# Yields what is wrong with a value (never null) at a path.
Shape: TypeAlias = Callable[[Json, str], Iterator[Fault]]


def _plain(go_type: str, wanted: str) -> Shape:
    def check(value: Json, path: str) -> Iterator[Fault]:
        if gotypes.name(value) != go_type:
            yield invalid(path, gotypes.name(value), f"must be {wanted}")

    return check


def anything(_: Json, __: str) -> Iterator[Fault]:
    """Accept every value."""
    yield from ()


def items(each: Shape) -> Shape:
    """Return the shape of an array of *each*."""

    def check(value: Json, path: str) -> Iterator[Fault]:
        if not isinstance(value, list):
            yield from ARRAY(value, path)
            return
        for index, item in enumerate(value):
            # A null element would be an empty object to Crossplane; nobody means that.
            yield from each(item, f"{path}[{index}]")

    return check


def fields(**known: Shape) -> Shape:
    """Return the shape of an object with fields *known*, each of which may be missing."""

    def check(value: Json, path: str) -> Iterator[Fault]:
        if not isinstance(value, dict):
            yield from OBJECT(value, path)
            return
        for name, shape in known.items():
            if value.get(name) is not None:
                yield from shape(value[name], f"{path}.{name}" if path else name)

    return check


def values(each: Shape) -> Shape:
    """Return the shape of an object whose every value is an *each*, or null."""

    def check(value: Json, path: str) -> Iterator[Fault]:
        if not isinstance(value, dict):
            yield from OBJECT(value, path)
            return
        for name, item in value.items():
            if item is not None:
                yield from each(item, f"{path}[{name}]")

    return check


TEXT: Final = _plain("string", "a string")
INTEGER: Final = _plain("int64", "an integer")
BOOLEAN: Final = _plain("bool", "a boolean")
ARRAY: Final = _plain("[]interface {}", "an array")
OBJECT: Final = _plain("map[string]interface {}", "an object")

_PATTERN: Final = fields(type=TEXT, literal=TEXT, regexp=TEXT, result=anything)

TRANSFORM: Final = fields(
    type=TEXT,
    map=OBJECT,
    match=fields(patterns=items(_PATTERN), fallbackValue=anything, fallbackTo=TEXT),
    math=fields(type=TEXT, multiply=INTEGER, clampMin=INTEGER, clampMax=INTEGER),
    string=fields(
        type=TEXT,
        fmt=TEXT,
        convert=TEXT,
        trim=TEXT,
        regexp=fields(match=TEXT, group=INTEGER),
        join=fields(separator=TEXT),
        replace=fields(search=TEXT, replace=TEXT),
    ),
    convert=fields(toType=TEXT, format=TEXT),
)

_PATCH: Final = fields(
    type=TEXT,
    fromFieldPath=TEXT,
    toFieldPath=TEXT,
    patchSetName=TEXT,
    combine=fields(
        variables=items(fields(fromFieldPath=TEXT)),
        strategy=TEXT,
        string=fields(fmt=TEXT),
    ),
    transforms=items(TRANSFORM),
    policy=fields(fromFieldPath=TEXT, mergeOptions=fields(keepMapValues=BOOLEAN, appendSlice=BOOLEAN)),
)

_READINESS_CHECK: Final = fields(
    type=TEXT,
    fieldPath=TEXT,
    matchString=TEXT,
    matchInteger=INTEGER,
    matchCondition=fields(type=TEXT, status=TEXT),
)

_CONNECTION_DETAIL: Final = fields(name=TEXT, type=TEXT, fromConnectionSecretKey=TEXT, fromFieldPath=TEXT, value=TEXT)

COMPOSITION_SPEC: Final = fields(
    mode=TEXT,
    patchSets=items(fields(name=TEXT, patches=items(_PATCH))),
    resources=items(
        fields(
            name=TEXT,
            base=OBJECT,
            patches=items(_PATCH),
            readinessChecks=items(_READINESS_CHECK),
            connectionDetails=items(_CONNECTION_DETAIL),
        )
    ),
)
