"""Numbers of 64 bits: what is left of one that does not fit."""

import math
from typing import Final

_SMALLEST: Final = -(2**63)


def wrapped(number: int) -> int:
    """Return what 64 bits keep of *number*."""
    return (number - _SMALLEST) % 2**64 + _SMALLEST


def truncated(number: float) -> int:
    """Return *number* without its fraction; what 64 bits cannot hold becomes the smallest number, as on amd64."""
    if not (math.isfinite(number) and _SMALLEST <= number < -_SMALLEST):
        return _SMALLEST
    return int(number)
