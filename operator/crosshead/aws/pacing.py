"""
How fast AWS is asked: as fast as we like until it complains, and then at a pace that all who ask the same share.

AWS meters each account in each region by service, and does not say how much it allows. So the pace of such a place is
halved whenever it complains, and doubles again every half minute until it is of no account. Nobody sleeps for long: who
would have to wait is told how long, so that the worker can do something else.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from typing import Final

Seconds = float

# A complaint is about what was sent within this time; more complaints within it are about the same.
_WINDOW: Final[Seconds] = 1.0
# So slow is nobody at the first complaint: it may be about somebody else's requests.
_SLOW: Final = 5.0
_SLOWEST: Final = 0.5
# Beyond so many requests per second, we would not reach the pace anyway.
_FASTEST: Final = 100.0
_DOUBLING: Final[Seconds] = 30.0
# Waited for at the spot: shorter than it takes to come back.
_MOMENT: Final[Seconds] = 1.0
_LONGEST: Final[Seconds] = 60.0


class PacedError(Exception):
    """
    A request was not sent, because AWS has complained that there are too many: try again after *wait* seconds.

    What it says is what AWS said, so that who is held back reads the same as who was refused.
    """

    def __init__(self, wait: Seconds, said: str) -> None:
        super().__init__(said)
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Pace:
    """
    Requests per second, as of *at*: the pace grows with time. *tokens* may be used at once.

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
        """Return half the pace, unless it was slowed down just now."""
        if now - self.slowed_at < _WINDOW:
            return self
        current = self.at_time(now)
        return replace(current, per_second=max(_SLOWEST, current.per_second / 2), slowed_at=now, tokens=0.0)

    def is_over(self) -> bool:
        """Whether it is so fast that it holds nobody up."""
        return self.per_second >= _FASTEST

    def take(self, now: Seconds) -> tuple["Pace", Seconds]:
        """Return the pace with one more request on its way after some seconds; more than a moment: with none."""
        current = self.at_time(now)
        wait = max(0.0, (1 - current.tokens) / current.per_second)
        if wait <= _MOMENT:
            return replace(current, tokens=current.tokens - 1), wait
        # Each comes back at a time of its own: they would all be too early but the first.
        queue = wait + current.queued / current.per_second
        return replace(current, queued=current.queued + 1), min(queue, _LONGEST)


@dataclass(slots=True)
class _Place:
    """Where requests are metered: when the last ones were sent, and the pace, if there is one."""

    sent: deque[Seconds] = field(default_factory=lambda: deque(maxlen=int(_FASTEST)))
    pace: Pace | None = None
    said: str = ""


class Paces:
    """The paces of this process, by account, region and service. Safe to share by threads."""

    def __init__(
        self, now: Callable[[], Seconds] = time.monotonic, sleep: Callable[[Seconds], None] = time.sleep
    ) -> None:
        self._now, self._sleep = now, sleep
        self._lock = threading.Lock()
        self._places: dict[Hashable, _Place] = {}

    def enter(self, key: Hashable) -> None:
        """
        Return when a request to *key* may be sent.

        :raises PacedError: when that is not within a moment.
        """
        wait, said = self._take(key)
        if wait > _MOMENT:
            raise PacedError(wait, said)
        if wait:
            self._sleep(wait)

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

    def _take(self, key: Hashable) -> tuple[Seconds, str]:
        now = self._now()
        with self._lock:
            place = self._places.setdefault(key, _Place())
            wait = 0.0
            if place.pace is not None:
                place.pace, wait = place.pace.take(now)
                if place.pace.is_over():
                    place.pace = None
            if wait <= _MOMENT:
                place.sent.append(now)
            return wait, place.said
