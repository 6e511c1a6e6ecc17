"""
Read Kubernetes quantities (`10Gi`, `1500m`, `1e3`) as numbers.

The result is what apimachinery's AsApproximateFloat64 gives, its roundings included: nothing is smaller than 1n.
"""

import re
from dataclasses import dataclass
from typing import Final

_WRONG_FORM: Final = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
_WRONG_SUFFIX: Final = "unable to parse quantity's suffix"
_FORM = re.compile(r"([+-]?)0*([0-9]*)(?:\.([0-9]*))?([eEinumkKMGTP]*[+-]?[0-9]*)")
_DECIMAL: Final = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_BINARY: Final = {"Ki": 10, "Mi": 20, "Gi": 30, "Ti": 40, "Pi": 50, "Ei": 60}
_EXPONENT = re.compile("[eE]([+-]?[0-9]+)")
_SMALLEST_SCALE: Final = -9
_FAST_DIGITS: Final = 18
_LARGEST: Final = 2**63 - 1
# Beyond these a double is infinite, or less than the smallest quantity: no need to write so many zeros.
_FAR: Final = 1000


class QuantityError(ValueError):
    """Text that is no quantity."""


@dataclass(frozen=True, slots=True)
class _Read:
    whole: str
    fraction: str
    suffix: str

    @property
    def digits(self) -> int:
        return int(self.whole + self.fraction)


def parse(text: str) -> float:
    """Return the number that the quantity *text* is."""
    found = _FORM.fullmatch(text)
    if not text or found is None:
        raise QuantityError(_WRONG_FORM)
    sign, whole, fraction, suffix = found.groups()
    read = _Read((whole or "0")[:_FAR], (fraction or "")[:_FAR], suffix)
    value = _in_binary(read) if suffix in _BINARY else _in_decimal(read, _exponent(suffix))
    return -value if sign == "-" and value else value


def _exponent(suffix: str) -> int:
    if suffix in _DECIMAL:
        return _DECIMAL[suffix]
    found = _EXPONENT.fullmatch(suffix)
    if found is None or len(found[1]) > _FAST_DIGITS:
        raise QuantityError(_WRONG_SUFFIX)
    return max(-_FAR, min(int(found[1]), _FAR))


def _in_decimal(read: _Read, exponent: int) -> float:
    scale = exponent - len(read.fraction)
    is_small = len(read.whole) + len(read.fraction) <= _FAST_DIGITS
    return _scaled(read.digits, scale) if is_small and scale >= _SMALLEST_SCALE else _at_least_nano(read.digits, scale)


def _in_binary(read: _Read) -> float:
    value = read.digits << _BINARY[read.suffix]
    if not read.fraction:
        return float(min(value, _LARGEST))
    if value > _LARGEST * 10 ** len(read.fraction):
        return float(_LARGEST)
    return _at_least_nano(value, -len(read.fraction))


def _at_least_nano(value: int, scale: int) -> float:
    """Round up to a multiple of 1n: if you ask for anything, you get something."""
    if scale > _SMALLEST_SCALE:
        return _scaled(value * 10 ** (scale - _SMALLEST_SCALE), _SMALLEST_SCALE)
    return _scaled(-(-value // 10 ** (_SMALLEST_SCALE - scale)), _SMALLEST_SCALE)


def _scaled(value: int, scale: int) -> float:
    try:
        return float(value) * float(f"1e{scale}") if scale else float(value)
    except OverflowError:
        return float("inf")
