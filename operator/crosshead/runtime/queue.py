"""
The work queue: what is to be looked at, by whom, and when.

A key is in it once, however often it is added; it is never in two hands at a time, and what is added while somebody
works on it is handed out again afterwards. Nobody polls: who waits sleeps until there is work, or until some is due.
"""

import heapq
import itertools
import threading
import time
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from crosshead.runtime.lanes import Lanes, Urgency

Seconds = float
K = TypeVar("K", bound=Hashable)

# One in so many keys handed out is a periodic one, if any waits: a flood of changes must not stop the re-checks.
_FAIRNESS = 8
# A heap may hold so many outdated entries before it is built anew.
_SLACK = 256


class WorkQueue(Generic[K]):
    """
    Keys waiting to be worked on. Safe to use from any thread.

    :param now: the time in seconds; it must never go back.
    :param lanes: which keys may be in work at the same time; any, when it is left out.
    """

    def __init__(self, now: Callable[[], Seconds] = time.monotonic, lanes: Lanes[K] | None = None) -> None:
        self._now = now
        self._changed = threading.Condition()
        self._ready: Lanes[K] = Lanes() if lanes is None else lanes
        self._working: dict[K, Seconds] = {}
        self._dirty: dict[K, Urgency] = {}
        self._timers = _Timers[K]()
        self._handed_out = 0
        self._shut = False

    def add(self, ref: K, *, delay: Seconds = 0.0) -> None:
        """Have *ref* handed out, after *delay*. Of several delays the earliest wins; no delay is earlier than any."""
        with self._changed:
            if self._shut:
                return
            if delay > 0:
                self._timers.set(ref, self._now() + delay, Urgency.CHANGED)
                self._changed.notify()
                return
            self._make_ready(ref, Urgency.CHANGED)
            if self._ready.has_next():
                self._changed.notify()

    def take(self, timeout: Seconds | None = None) -> K | None:
        """Return the next key, to be given back with `done`; None after *timeout*, or when the queue is shut."""
        deadline = None if timeout is None else self._now() + timeout
        with self._changed:
            while not self._shut:
                self._ripen()
                key = self._next()
                if key is not None:
                    # Several may have become due at once, and only one sleeper noticed.
                    if self._ready.has_next():
                        self._changed.notify()
                    return key
                if deadline is not None and self._now() >= deadline:
                    return None
                self._changed.wait(self._patience(deadline))
        return None

    def done(self, key: K, *, again: Seconds | None = None) -> None:
        """
        Give *key* back, and have it handed out again after *again*, unless something changes it before.

        This replaces what the last `done` asked for, not what others have asked for with `add`.
        """
        with self._changed:
            self._working.pop(key, None)
            self._ready.leave(key)
            if self._shut:
                return
            if again is not None:
                self._timers.set(key, self._now() + max(again, 0.0), Urgency.PERIODIC)
            if key in self._dirty:
                self._make_ready(key, self._dirty.pop(key))
            self._changed.notify()

    def shut_down(self) -> None:
        """Hand out nothing more; whoever waits gets None."""
        with self._changed:
            self._shut = True
            self._changed.notify_all()

    def __len__(self) -> int:
        """How many keys are ready, or will be when they are given back; not those that wait for their time."""
        with self._changed:
            return len(self._ready) + len(self._dirty)

    def waiting(self) -> int:
        """Return how many keys wait for their time."""
        with self._changed:
            return len(self._timers)

    def oldest(self) -> Seconds:
        """Return how long the key that has waited longest has been ready; 0 when none is."""
        with self._changed:
            firsts = tuple(self._ready.since())
            return self._now() - min(firsts) if firsts else 0.0

    def in_work(self) -> dict[K, Seconds]:
        """Return the keys that somebody works on, and for how long."""
        with self._changed:
            now = self._now()
            return {key: now - since for key, since in self._working.items()}

    def _make_ready(self, key: K, urgency: Urgency) -> None:
        if key in self._working:
            self._dirty[key] = min(urgency, self._dirty.get(key, urgency))
            return
        self._ready.put(key, urgency, self._now())

    def _ripen(self) -> None:
        for key, urgency in self._timers.pop_due(self._now()):
            self._make_ready(key, urgency)

    def _next(self) -> K | None:
        turn = self._handed_out % _FAIRNESS == _FAIRNESS - 1
        key = self._ready.pop(Urgency.PERIODIC if turn else Urgency.CHANGED)
        if key is None:
            return None
        self._handed_out += 1
        self._working[key] = self._now()
        # Whoever looks now decides anew when to look again.
        self._timers.cancel(key, Urgency.PERIODIC)
        return key

    def _patience(self, deadline: Seconds | None) -> Seconds | None:
        ends = [end for end in (deadline, self._timers.first()) if end is not None]
        return max(0.0, min(ends) - self._now()) if ends else None


class _Timers(Generic[K]):
    """When keys are due: at most one time per key and urgency. What the heap holds beyond these is outdated."""

    def __init__(self) -> None:
        self._due: dict[tuple[K, Urgency], tuple[Seconds, int]] = {}
        self._heap: list[tuple[Seconds, int, K, Urgency]] = []
        self._count = itertools.count()

    def __len__(self) -> int:
        return len(self._due)

    def set(self, key: K, due: Seconds, urgency: Urgency) -> None:
        """Note that *key* is due at *due*: earliest wins among changes, the last word among re-checks."""
        known = self._due.get((key, urgency))
        if urgency is Urgency.CHANGED and known is not None and known[0] <= due:
            return
        number = next(self._count)
        self._due[key, urgency] = (due, number)
        heapq.heappush(self._heap, (due, number, key, urgency))
        self._tidy()

    def cancel(self, key: K, urgency: Urgency) -> None:
        """Forget when *key* is due."""
        self._due.pop((key, urgency), None)

    def first(self) -> Seconds | None:
        """Return when the next key is due."""
        while self._heap and self._is_outdated(self._heap[0]):
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def pop_due(self, now: Seconds) -> list[tuple[K, Urgency]]:
        """Return the keys that are due, in order, and forget them."""
        due = []
        while (first := self.first()) is not None and first <= now:
            _, _, key, urgency = heapq.heappop(self._heap)
            del self._due[key, urgency]
            due.append((key, urgency))
        return due

    def _is_outdated(self, entry: tuple[Seconds, int, K, Urgency]) -> bool:
        due, number, key, urgency = entry
        return self._due.get((key, urgency)) != (due, number)

    def _tidy(self) -> None:
        if len(self._heap) > 2 * len(self._due) + _SLACK:
            self._heap = [entry for entry in self._heap if not self._is_outdated(entry)]
            heapq.heapify(self._heap)
