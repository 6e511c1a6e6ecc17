"""
How fast AWS is asked: as fast as we like until it complains, and then at a pace that all who ask the same share.

AWS meters each account in each region by service, and does not say how much it allows. So the pace of such a place is
halved when it complains, and grows again until it is of no account. Held back is who wants to begin, and is told when
to come back; nobody sleeps. Who has begun is let through: to break off in the middle would cost all that was asked
before, and what it asks beyond the pace is a debt that those pay who begin later.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from typing import Final

Seconds = float

# What is sent within this time is what AWS complains about at first.
_WINDOW: Final[Seconds] = 1.0
# Complaints within this time are about the pace of before.
_SETTLING: Final[Seconds] = 5.0
# Slower is nobody at the first complaint: it may be about somebody else's requests.
_SLOW: Final = 5.0
_SLOWEST: Final = 1.0
# Beyond so many requests per second, we would not reach the pace anyway.
_FASTEST: Final = 100.0
_DOUBLING: Final[Seconds] = 10.0
_LONGEST: Final[Seconds] = 60.0


@dataclass(frozen=True, slots=True)
class Pace:
    """
    Requests per second, as of *at*: the pace grows with time. *tokens* may be used at once; fewer than none are a debt.

    *queued* counts those that were sent away and will be back.
    """

    per_second: float
    at: Seconds
    slowed_at: Seconds
    tokens: float = 0.0
    queued: float = 0.0

    def at_time(self, now: Seconds) -> "Pace":
        """Return what has become of the pace."""
        passed = max(0.0, now - self.at)
        faster = self.per_second * 2.0 ** (passed / _DOUBLING)
        gained = passed * (self.per_second + faster) / 2
        tokens = min(max(1.0, faster), self.tokens + gained)
        return replace(self, per_second=faster, at=now, tokens=tokens, queued=max(0.0, self.queued - gained))

    def slower(self, now: Seconds) -> "Pace":
        """Return half the pace, unless it was slowed down lately."""
        if now - self.slowed_at < _SETTLING:
            return self
        current = self.at_time(now)
        slower = max(_SLOWEST, current.per_second / 2)
        return replace(current, per_second=slower, slowed_at=now, tokens=min(current.tokens, 0.0))

    def is_over(self) -> bool:
        """Whether it is so fast that it holds nobody up."""
        return self.per_second >= _FASTEST

    def spend(self, now: Seconds) -> "Pace":
        """Return the pace after a request."""
        current = self.at_time(now)
        return replace(current, tokens=max(current.tokens - 1, -current.per_second * _LONGEST / 2))

    def begin(self, now: Seconds) -> tuple["Pace", Seconds]:
        """Return in how many seconds somebody may begin, none for now, and the pace that reckons with it."""
        current = self.at_time(now)
        if current.tokens >= 0:
            return current, 0.0
        # Each comes back at a time of its own: all but the first would be too early.
        wait = (current.queued - current.tokens) / current.per_second
        return replace(current, queued=current.queued + 1), min(wait, _LONGEST)


@dataclass(slots=True)
class _Place:
    """Where requests are metered: when the last ones were sent, and the pace, if there is one."""

    sent: deque[Seconds] = field(default_factory=lambda: deque(maxlen=int(_FASTEST)))
    pace: Pace | None = None
    said: str = ""


class Paces:
    """The paces of this process, by account, region and service. Safe to share by threads."""

    def __init__(self, now: Callable[[], Seconds] = time.monotonic) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._places: dict[Hashable, _Place] = {}

    def begin(self, key: Hashable) -> tuple[Seconds, str]:
        """Return in how many seconds somebody may begin to ask *key*, none for now; and what AWS complained about."""
        with self._lock:
            place = self._places.get(key)
            if place is None or place.pace is None:
                return 0.0, ""
            place.pace, wait = place.pace.begin(self._now())
            return wait, place.said

    def spend(self, key: Hashable) -> None:
        """Take note of a request to *key*."""
        now = self._now()
        with self._lock:
            place = self._places.setdefault(key, _Place())
            place.sent.append(now)
            if place.pace is not None:
                spent = place.pace.spend(now)
                place.pace = None if spent.is_over() else spent

    def complain(self, key: Hashable, said: str) -> None:
        """Take note that AWS has complained about requests to *key*, and what it *said*."""
        now = self._now()
        with self._lock:
            place = self._places.setdefault(key, _Place())
            place.said = said
            if place.pace is not None:
                place.pace = place.pace.slower(now)
                return
            recent = sum(now - at <= _WINDOW for at in place.sent)
            place.pace = Pace(max(_SLOW, recent / _WINDOW / 2), at=now, slowed_at=now)

    def per_second(self, key: Hashable) -> float:
        """Return how many requests per second go to *key* at most; infinitely many when AWS has not complained."""
        with self._lock:
            pace = self._places.get(key, _Place()).pace
            return float("inf") if pace is None else pace.at_time(self._now()).per_second

    def forget(self, account: Hashable) -> None:
        """Forget the places of *account*, the first part of their keys."""
        with self._lock:
            gone = [key for key in self._places if isinstance(key, tuple) and key[0] == account]
            for key in gone:
                del self._places[key]
