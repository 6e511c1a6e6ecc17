"""Folders that are either whole or absent, however many want to fill them and whenever one of them is interrupted."""

import contextlib
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from crosshead.devel.scratch import locked

Say = Callable[[str], None]

_UNFINISHED = ".unfinished-"
_SECONDS_BETWEEN_TRIES = 0.2
_SECONDS_BETWEEN_WORDS = 10.0


def fill(target: Path, make: Callable[[Path], None], say: Say) -> Path:
    """
    Return *target*, filled by *make* (which is given an empty folder) unless it exists already.

    One process at a time fills; the others wait, and use what it has made. What an interrupted one has left is
    removed by the next. The rename is the last act, so a folder of that name is always complete.
    """
    if target.is_dir():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    with _only_one(target.parent / ".lock", say):
        if not target.is_dir():
            _remove_unfinished(target.parent)
            _fill(target, make)
    return target


def _fill(target: Path, make: Callable[[Path], None]) -> None:
    unfinished = Path(tempfile.mkdtemp(prefix=f"{_UNFINISHED}{target.name}-", dir=target.parent))
    try:
        make(unfinished)
        unfinished.chmod(0o755)
        unfinished.rename(target)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _remove_unfinished(parent: Path) -> None:
    """Remove what killed processes have left; only under the lock, else it would hit a living one's."""
    for left in parent.glob(f"{_UNFINISHED}*"):
        shutil.rmtree(left, ignore_errors=True)


@contextlib.contextmanager
def _only_one(lock: Path, say: Say) -> Iterator[None]:
    """Hold *lock*; the kernel lets go of it when its holder dies, so it can never be left behind."""
    with lock.open("a") as file:
        _wait_for(file.fileno(), say)
        yield


def _wait_for(file: int, say: Say) -> None:
    started = time.monotonic()
    words_due = started
    while not locked(file):
        if time.monotonic() >= words_due:
            say(f"another process is preparing the programs; waiting for it ({time.monotonic() - started:.0f} s)")
            words_due += _SECONDS_BETWEEN_WORDS
        time.sleep(_SECONDS_BETWEEN_TRIES)
