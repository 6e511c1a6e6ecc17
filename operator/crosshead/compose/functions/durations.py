"""How long a response may be cached, as Go writes durations."""

import re
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from crosshead.base import goquotes
from crosshead.compose.protocol import Response

_UNITS: Final[Mapping[str, int]] = MappingProxyType(
    {"ns": 1, "us": 10**3, "µs": 10**3, "μs": 10**3, "ms": 10**6, "s": 10**9, "m": 60 * 10**9, "h": 3600 * 10**9}
)
_LARGEST: Final = 2**63 - 1
_NUMBER = re.compile(r"([0-9]*)(?:\.([0-9]*))?")
_UNIT = re.compile(r"[^.0-9]*")


class DurationError(ValueError):
    """Text that is no duration."""


def cached(response: Response, text: str) -> Response:
    """Return *response* with the time to live that *text* says; no text leaves it as it is."""
    return replace(response, ttl=parse(text)) if text else response


def parse(text: str) -> float:
    """Return the seconds that *text* stands for (`1h30m`, `1.5s`, `0`); the words of the errors are those of Go."""
    unsigned = text[1:] if text[:1] in {"-", "+"} else text
    if unsigned == "0":
        return 0.0
    if not unsigned:
        raise _invalid(text)
    nanoseconds, at = 0, 0
    while at < len(unsigned):
        part, at = _part(text, unsigned, at)
        nanoseconds += part
    if nanoseconds > _LARGEST:
        raise _invalid(text)
    return (-nanoseconds if text.startswith("-") else nanoseconds) / 10**9


def _part(text: str, unsigned: str, at: int) -> tuple[int, int]:
    """Return the nanoseconds of the number and unit at *at*, and where they end."""
    number = _NUMBER.match(unsigned, at)
    if number is None or not (number[1] or number[2]):
        raise _invalid(text)
    unit = _UNIT.match(unsigned, number.end())
    if unit is None or not unit[0]:
        raise DurationError(f"time: missing unit in duration {goquotes.quote(text)}")
    if unit[0] not in _UNITS:
        raise DurationError(f"time: unknown unit {goquotes.quote(unit[0])} in duration {goquotes.quote(text)}")
    scale, fraction = _UNITS[unit[0]], number[2] or ""
    whole = int(number[1] or 0) * scale
    return whole + int(fraction or 0) * scale // 10 ** len(fraction), unit.end()


def _invalid(text: str) -> DurationError:
    return DurationError(f"time: invalid duration {goquotes.quote(text)}")
