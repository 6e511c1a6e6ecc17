"""Write floating-point numbers as Go's strconv does."""

import math
from decimal import Decimal
from typing import Final

SHORTEST: Final = -1
_SHORTEST_G: Final = 6


def write(number: float, verb: str, precision: int = SHORTEST) -> str:
    """
    Return *number* in the format *verb* (one of `e E f g G x X b`).

    `SHORTEST` as *precision* means as many digits as it takes to read the same number back.
    """
    if not math.isfinite(number):
        return "NaN" if math.isnan(number) else f"{number:+}".title()
    match verb:
        case "b":
            return _binary(number)
        case "x" | "X":
            return _hexadecimal(number, verb, precision)
        case "f":
            return _plain(number, precision)
        case "e" | "E":
            return _scientific(number, verb, precision)
        case _:
            return _general(number, verb, precision)


def _digits(number: float) -> tuple[int, int]:
    """Return how many digits *number* has at its shortest, and where the point is among them."""
    _, digits, exponent = Decimal(repr(number)).normalize().as_tuple()
    assert isinstance(exponent, int)  # noqa: S101 (mypy: infinities were answered above)
    return (len(digits), len(digits) + exponent) if number else (0, 0)


def _plain(number: float, precision: int) -> str:
    if precision == SHORTEST:
        digits, point = _digits(number)
        precision = max(digits - point, 0)
        # Python would print the digits that the number really has beyond the shortest ones; Go prints zeros.
        return f"{Decimal(repr(number)):.{precision}f}"
    return f"{number:.{precision}f}"


def _scientific(number: float, verb: str, precision: int) -> str:
    if precision != SHORTEST:
        return f"{number:.{precision}{verb}}"
    # Not rounded to as many digits as the shortest text has: next to a power of two that may be another number.
    negative, digits, _ = Decimal(repr(number)).normalize().as_tuple()
    first, *rest = map(str, digits)
    exponent = _digits(number)[1] - 1 if number else 0
    return f"{'-' * negative}{first}{'.' if rest else ''}{''.join(rest)}{verb}{exponent:+03d}"


def _general(number: float, verb: str, precision: int) -> str:
    if precision == SHORTEST:
        digits, point = _digits(number)
        limit, shown = _SHORTEST_G, SHORTEST
    else:
        wanted = max(precision, 1)
        digits, point = _rounded(number, wanted)
        limit, shown = (digits if wanted > digits >= point else wanted), min(wanted, digits) - 1
    if not -4 <= point - 1 < limit:
        return _scientific(number, "e" if verb == "g" else "E", shown)
    return _plain(number, SHORTEST if precision == SHORTEST else max(digits - point, 0))


def _rounded(number: float, precision: int) -> tuple[int, int]:
    mantissa, _, exponent = f"{number:.{precision - 1}e}".partition("e")
    digits = mantissa.lstrip("-").replace(".", "").rstrip("0")
    return len(digits), int(exponent) + 1 if digits else 0


def _binary(number: float) -> str:
    mantissa, exponent = math.frexp(abs(number))
    exponent = max(exponent - 53, -1074) if mantissa else -1074
    whole = int(math.ldexp(abs(number), -exponent))
    sign = "-" if math.copysign(1, number) < 0 else ""
    return f"{sign}{whole}p{exponent:+d}"


def _hexadecimal(number: float, verb: str, precision: int) -> str:
    mantissa, exponent = math.frexp(abs(number))
    whole, exponent = (int(mantissa * 2**61), exponent - 1) if mantissa else (0, 0)
    if 0 <= precision < 15:
        whole, exponent = _round_hexadecimal(whole, exponent, 60 - 4 * precision)
    fraction = f"{whole & (2**60 - 1):015x}"
    fraction = fraction.rstrip("0") if precision == SHORTEST else f"{fraction:0<{precision}}"[:precision]
    sign = "-" if math.copysign(1, number) < 0 else ""
    power = f"{'-' if exponent < 0 else '+'}{abs(exponent):02d}"
    written = f"{sign}0x{whole >> 60}{'.' + fraction if fraction else ''}p{power}"
    return written.upper() if verb == "X" else written


def _round_hexadecimal(whole: int, exponent: int, dropped: int) -> tuple[int, int]:
    kept, rest, half = whole >> dropped, whole & ((1 << dropped) - 1), 1 << (dropped - 1)
    if rest > half or (rest == half and kept & 1):
        kept += 1
    whole = kept << dropped
    return (whole >> 1, exponent + 1) if whole >> 61 else (whole, exponent)
