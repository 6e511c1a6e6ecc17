"""
Where those wait who need credentials that somebody has to hand out: one asks, and the others do not wait for long.

Who hands credentials out may be silent until a time-out. A worker that waits for that cannot work for other accounts,
so no more than one of them waits, and for a while after it was in vain none does.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, TypeVar

from crosshead.aws.credentials import PAUSE, REASON, SILENCE, copied
from crosshead.base.errors import ReconcileError, TransientError

T = TypeVar("T")
Seconds = float

# Usually credentials come within this time.
_PATIENCE: Final[Seconds] = 1.0


@dataclass(slots=True)
class _Door:
    """Of one ProviderConfig: who asks, and what the last one was told who had to wait for it in vain."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    # The state of the ProviderConfig and its Secret that the refusal was about.
    asked_as: str = ""
    refusal: ReconcileError | None = None
    closed_until: Seconds = float("-inf")


class Doors:
    """One door for each ProviderConfig. Safe to share by threads."""

    def __init__(self, now: Callable[[], Seconds] = time.monotonic, patience: Seconds = _PATIENCE) -> None:
        self._now, self._patience = now, patience
        self._lock = threading.Lock()
        self._doors: dict[str, _Door] = {}

    def pass_one(self, name: str, state: str, where: str, ask: Callable[[], T]) -> T:
        """
        Return what *ask* returns, which may have to wait for somebody.

        :param name: tells the doors apart.
        :param state: what is asked for; when that changes, it is asked for again at once.
        :param where: says whose credentials they are.
        :raises ReconcileError: what *ask* raises, or has raised for somebody else.
        """
        with self._lock:
            door = self._doors.setdefault(name, _Door())
        is_first = door.lock.acquire(timeout=self._patience)
        try:
            refusal = door.refusal if door.asked_as == state else None
            if refusal is not None and (not is_first or self._now() < door.closed_until):
                raise copied(refusal)
            if not is_first:
                raise TransientError(REASON, f"{where}: nobody has handed them out yet")
            return self._timed(door, state, ask)
        finally:
            if is_first:
                door.lock.release()

    def forget(self, name: str) -> None:
        """Take the door of *name* away: nobody uses it any more."""
        with self._lock:
            self._doors.pop(name, None)

    def _timed(self, door: _Door, state: str, ask: Callable[[], T]) -> T:
        began = self._now()
        try:
            result = ask()
        except ReconcileError as error:
            now = self._now()
            if now - began > SILENCE:
                door.asked_as, door.refusal, door.closed_until = state, copied(error), now + PAUSE
            else:
                door.refusal = None
            raise
        door.refusal = None
        return result
