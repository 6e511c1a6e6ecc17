"""What a worker does with the end of a reconcile: the only place where errors become delays."""

import random
import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

from crosshead.base.errors import ConflictError, ForbiddenError, StalledError, ThrottledError

Seconds = float
K = TypeVar("K", bound=Hashable)

# The cache catches up with whoever wrote first within a few round trips.
_CONFLICT = 0.1


@dataclass(frozen=True, slots=True)
class BackOff:
    """
    How the delays of one class of keys grow: from *first* to *ceiling*, doubling, each spread by *jitter* (0 … 1).

    :param roll: a random number from 0 to 1.
    """

    first: Seconds = 1.0
    ceiling: Seconds = 60.0
    jitter: float = 0.2
    roll: Callable[[], float] = random.random

    def after(self, failures: int) -> Seconds:
        """Return the delay after *failures* in a row, the first of which is number 1."""
        return self.spread(min(self.ceiling, self.first * 2.0 ** min(max(failures - 1, 0), 60)))

    def spread(self, delay: Seconds) -> Seconds:
        """Return *delay*, more or less."""
        return delay * (1 + self.jitter * (2 * self.roll() - 1))


def next_look(error: Exception, failures: int, pace: BackOff) -> Seconds:
    """
    Return when to look again after *error*, the last of *failures* in a row.

    A bug is retried as misfortune is: the world that provoked it may change, and the traceback is in the log.
    """
    match error:
        case ConflictError():
            return min(pace.spread(_CONFLICT * 2.0 ** min(failures - 1, 60)), pace.after(failures + 1))
        case ThrottledError(retry_after=asked) if asked:
            # However often: who says when to come back has reckoned with that.
            return max(pace.spread(asked), asked)
        case ForbiddenError():
            # Permissions take their time to spread, and an API server that has just started refuses everybody.
            return pace.after(failures)
        case StalledError():
            return pace.spread(pace.ceiling)
        case _:
            return pace.after(failures)


class Failures(Generic[K]):
    """
    How often the last reconciles of each key have failed in a row. Safe to use from any thread.

    :param version_of: what a key's input is now (its generation, say): when that changes, counting starts again.
    """

    def __init__(self, version_of: Callable[[K], Hashable] = lambda _: None) -> None:
        self._version_of = version_of
        self._lock = threading.Lock()
        self._counts: dict[K, tuple[Hashable, int]] = {}

    def record(self, key: K) -> int:
        """Count one more failure of *key*, and return how many there are."""
        version = self._version_of(key)
        with self._lock:
            known, count = self._counts.get(key, (version, 0))
            count = count + 1 if known == version else 1
            self._counts[key] = (version, count)
        return count

    def forgive(self, key: K) -> None:
        """Start counting again: *key* has succeeded."""
        with self._lock:
            self._counts.pop(key, None)

    def failing(self) -> int:
        """Return how many keys have failed last time."""
        with self._lock:
            return len(self._counts)
