"""Numbers of 64 bits: what is left of one that does not fit, and of one that passes through protobuf."""

import math
from typing import Final

from crosshead.base.values import Json

_SMALLEST: Final = -(2**63)


def wrapped(number: int) -> int:
    """Return what 64 bits keep of *number*."""
    return (number - _SMALLEST) % 2**64 + _SMALLEST


def truncated(number: float) -> int:
    """Return *number* without its fraction; what 64 bits cannot hold becomes the smallest number, as on amd64."""
    if not (math.isfinite(number) and _SMALLEST <= number < -_SMALLEST):
        return _SMALLEST
    return int(number)


def doubled(value: Json) -> Json:
    """Return *value* with every number a double, as protobuf's Struct and Go's plain JSON have it."""
    match value:
        case dict():
            return {key: doubled(item) for key, item in value.items()}
        case list():
            return [doubled(item) for item in value]
        case int() if not isinstance(value, bool):
            return _double(value)
        case _:
            return value


def _double(number: int) -> float:
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf
