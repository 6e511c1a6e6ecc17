"""Temporary folders that do not outlive their processes for long, even when those are killed."""

import fcntl
import os
import shutil
import tempfile
import time
from pathlib import Path

_PREFIX = "crosshead-scratch-"
# Between its creation and its lock a new folder looks like one left behind.
_SECONDS_TOO_YOUNG = 60.0
_SECONDS_BETWEEN_TRIES = 0.05


class Scratch:
    """A folder for as long as this process wants it. Creating one removes those of processes that were killed."""

    def __init__(self, root: Path | None = None) -> None:
        root = root or Path(tempfile.gettempdir())
        _sweep(root)
        self.path = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=root))
        self._lock = lock(self.path)

    def remove(self) -> None:
        """Remove the folder and all that is in it."""
        shutil.rmtree(self.path, ignore_errors=True)
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def lock(folder: Path, patience: float = 0.0) -> int | None:
    """
    Lock *folder* itself, and return what holds the lock; None when somebody else does, for longer than *patience*.

    The lock ends with the last process that has the descriptor: it tells the living from the dead, whatever
    process ids are used again.
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    deadline = time.monotonic() + patience
    while not locked(descriptor):
        if time.monotonic() >= deadline:
            os.close(descriptor)
            return None
        time.sleep(_SECONDS_BETWEEN_TRIES)
    return descriptor


def locked(descriptor: int) -> bool:
    """Lock an open file or folder without waiting; return whether that went well."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _sweep(root: Path) -> None:
    for folder in root.glob(f"{_PREFIX}*"):
        try:
            _remove_if_left(folder)
        except OSError:
            # Somebody else's, or just gone.
            continue


def _remove_if_left(folder: Path) -> None:
    about = folder.lstat()
    if about.st_uid != os.getuid() or time.time() - about.st_mtime < _SECONDS_TOO_YOUNG:
        return
    descriptor = lock(folder)
    if descriptor is not None:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(descriptor)
