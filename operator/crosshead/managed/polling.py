"""How often to look: durations as Go writes them, and the poll interval of one resource."""

import re
from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from crosshead.base.names import POLL_INTERVAL

_UNITS: Final[Mapping[str, float]] = MappingProxyType(
    {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
)
_PART: Final = re.compile(r"(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)", re.ASCII)
_WHOLE: Final = re.compile(rf"[-+]?(?:0|(?:{_PART.pattern})+)", re.ASCII)
# What Go can count in an int64 of nanoseconds.
_LONGEST: Final = 2**63 / 1e9
_SHORTEST_POLL: Final = timedelta(seconds=1)


def parse_duration(text: str) -> timedelta:
    """Return the duration that *text* is in Go's notation (`1h30m`, `1.5s`, `0`); ValueError when it is none."""
    if not _WHOLE.fullmatch(text):
        raise ValueError(f"{text!r} is not a duration such as 30s or 1h30m")
    seconds = sum(float(number) * _UNITS[unit] for number, unit in _PART.findall(text))
    if seconds > _LONGEST:
        raise ValueError(f"{text!r} is longer than a duration can be")
    return timedelta(seconds=-seconds if text.startswith("-") else seconds)


def interval(annotations: Mapping[str, str], default: timedelta) -> timedelta:
    """
    Return how long to wait between looks: what `crossplane.io/poll-interval` says, else *default*.

    An annotation that is no duration is ignored, as Crossplane does; one below a second counts as a second.
    """
    try:
        wanted = parse_duration(annotations[POLL_INTERVAL])
    except (KeyError, ValueError):
        return default
    return max(wanted, _SHORTEST_POLL)


def until_slot(now: float, interval: float, phase: float) -> float:
    """
    Return how many seconds it is from *now* to the next slot: one every *interval*, at the *phase* (0 to 1) of it.

    Who looks in slots looks together with all others of the same phase, and one listing answers them all.
    """
    return interval - (now - phase * interval) % interval
