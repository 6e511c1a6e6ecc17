"""
The threads that work: each takes a key, has it reconciled, and sees to it that it is looked at again.

A reconcile may fail in any way it likes: no worker dies of it, and no other key waits longer than its turn.
"""

import logging
import threading
import time
from collections.abc import Callable, Hashable, Sequence
from typing import Generic, TypeVar

from crosshead.base.errors import AbsentError, AlreadyExistsError, ConflictError, NotReadyError, ReconcileError
from crosshead.runtime.outcomes import BackOff, Failures, next_look
from crosshead.runtime.queue import WorkQueue

Seconds = float
K = TypeVar("K", bound=Hashable)
# Told of every reconcile: its key, how it ended ("success", or the error's class), the seconds it took.
Watcher = Callable[[K, str, Seconds], None]

_log = logging.getLogger(__name__)


class Workers(Generic[K]):
    """
    Some threads working on one queue.

    :param reconcile: works on a key; returns when to look again unasked, None when only a change matters.
    :param pace_of: how the retries of a key are spaced.
    :param failures: counts the failures of each key.
    :param told: called after every reconcile, for the metrics.
    """

    def __init__(
        self,
        queue: WorkQueue[K],
        reconcile: Callable[[K], Seconds | None],
        *,
        count: int = 4,
        pace_of: Callable[[K], BackOff] = lambda _: BackOff(),
        failures: Failures[K] | None = None,
        told: Watcher[K] = lambda *_: None,
    ) -> None:
        self._queue, self._reconcile = queue, reconcile
        self._pace_of, self._told = pace_of, told
        self._failures: Failures[K] = failures or Failures()
        self._threads = [threading.Thread(target=self._run, name=f"worker {i}", daemon=True) for i in range(count)]

    def start(self) -> None:
        """Begin to work; returns at once."""
        for thread in self._threads:
            thread.start()

    def stop(self, timeout: Seconds) -> bool:
        """Take no more keys, wait for the reconciles under way, and return whether all ended within *timeout*."""
        self._queue.shut_down()
        deadline = time.monotonic() + timeout
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def is_alive(self) -> bool:
        """Whether every worker lives. It is a bug if one does not."""
        return all(thread.is_alive() for thread in self._threads)

    def stuck(self, longer_than: Seconds) -> Sequence[tuple[K, Seconds]]:
        """Return the keys that have been worked on for longer than that, and for how long."""
        return tuple((key, took) for key, took in self._queue.in_work().items() if took > longer_than)

    def _run(self) -> None:
        while (key := self._queue.take()) is not None:
            self._work(key)

    def _work(self, key: K) -> None:
        began = time.monotonic()
        again: Seconds | None = BackOff().ceiling
        try:
            again, result = self._outcome(key)
            self._told(key, result, time.monotonic() - began)
        except Exception:  # noqa: BLE001 (a worker that dies takes every key's turn with it)
            _log.exception("the outcome of %s could not be dealt with: this is a bug", key)
        finally:
            self._queue.done(key, again=again)

    def _outcome(self, key: K) -> tuple[Seconds | None, str]:
        try:
            again = self._reconcile(key)
        except Exception as error:  # noqa: BLE001 (whatever it is, it becomes a delay)
            _report(key, error)
            return next_look(error, self._failures.record(key), self._pace_of(key)), type(error).__name__
        self._failures.forgive(key)
        return again, "success"


def _report(key: Hashable, error: Exception) -> None:
    match error:
        case ConflictError() | NotReadyError():
            _log.debug("%s: %s", key, error)
        case ReconcileError():
            _log.info("%s: %s: %s", key, error.reason, error.message)
        case AbsentError() | AlreadyExistsError():
            # An answer that nobody expected; the reconcile that asked should have.
            _log.warning("%s: %s", key, error)
        case _:
            _log.error("reconciling %s failed: this is a bug", key, exc_info=error)
