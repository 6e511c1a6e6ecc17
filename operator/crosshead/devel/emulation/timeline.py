"""
What happens later in the emulated AWS.

Nothing runs on its own: events that are due happen when the next request comes in, before it is answered. So there
are no threads to race with, and a request always sees a world that is up to date.
"""

import heapq
import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass

Event = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Delays:
    """How many seconds a resource stays in each passing state; 0 skips the state altogether."""

    creating: float = 1.0
    modifying: float = 0.5
    deleting: float = 0.5
    backing_up: float = 0.0

    def __post_init__(self) -> None:
        for name in self.__slots__:
            if (seconds := getattr(self, name)) < 0:
                raise ValueError(f"delay {name} is {seconds}, but time does not run backwards: give 0 or more seconds")


class Timeline:
    """The events to come, and the delays that new ones are given."""

    def __init__(self, delays: Delays, clock: Callable[[], float] = time.monotonic) -> None:
        self.delays = delays
        self._clock = clock
        self._order = itertools.count()
        self._events: list[tuple[float, int, Event]] = []

    def after(self, seconds: float, event: Event) -> None:
        """Let *event* happen in so many seconds: at once, within this very call, when that is 0."""
        if seconds <= 0:
            event()
        else:
            heapq.heappush(self._events, (self._clock() + seconds, next(self._order), event))

    def settle(self) -> None:
        """Let everything happen that is due by now, in its order."""
        while self._events and self._events[0][0] <= self._clock():
            _, _, event = heapq.heappop(self._events)
            event()

    def forget(self) -> None:
        """Drop all events to come."""
        self._events.clear()
