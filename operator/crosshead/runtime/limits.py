"""Rates that must not be exceeded: a bucket of tokens for each key, filled steadily, emptied by whoever acts."""

import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

Seconds = float
K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Rate:
    """So many per second, and so many at once after a rest."""

    per_second: float
    burst: float


@dataclass(frozen=True, slots=True)
class _Bucket:
    tokens: float
    at: Seconds

    def filled(self, rate: Rate, now: Seconds) -> "_Bucket":
        return _Bucket(min(rate.burst, self.tokens + (now - self.at) * rate.per_second), now)


class TokenBuckets(Generic[K]):
    """
    One rate, kept for each key by itself. Safe to use from any thread.

    :param now: the time in seconds; it must never go back.
    """

    def __init__(self, rate: Rate, now: Callable[[], Seconds] = time.monotonic) -> None:
        if rate.per_second <= 0 or rate.burst < 1:
            raise ValueError(f"a rate needs more than 0 per second and a burst of at least 1, not {rate}")
        self._rate, self._now = rate, now
        self._lock = threading.Lock()
        self._buckets: dict[K, _Bucket] = {}

    def reserve(self, key: K) -> Seconds:
        """Take a token, be it from the future, and return how long to wait before acting on it."""
        with self._lock:
            bucket = self._filled(key)
            self._buckets[key] = replace(bucket, tokens=bucket.tokens - 1)
        return max(0.0, (1 - bucket.tokens) / self._rate.per_second)

    def allow(self, key: K) -> bool:
        """Take a token if there is one, and return whether there was."""
        with self._lock:
            bucket = self._filled(key)
            if bucket.tokens < 1:
                return False
            self._buckets[key] = replace(bucket, tokens=bucket.tokens - 1)
        return True

    def wait(self, key: K) -> None:
        """Take a token, and sleep until it may be used."""
        delay = self.reserve(key)
        if delay:
            time.sleep(delay)

    def drain(self, key: K) -> None:
        """Empty the bucket: the other side says that we are too fast, whatever we believe."""
        with self._lock:
            bucket = self._filled(key)
            self._buckets[key] = replace(bucket, tokens=min(bucket.tokens, 0.0))

    def _filled(self, key: K) -> _Bucket:
        now = self._now()
        return self._buckets.get(key, _Bucket(self._rate.burst, now)).filled(self._rate, now)
