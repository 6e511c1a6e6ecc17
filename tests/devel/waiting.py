"""Wait for what happens in other processes."""

import time
from collections.abc import Callable
from pathlib import Path


def until(done: Callable[[], bool], patience: float = 20.0) -> bool:
    """Whether *done* becomes true in time."""
    deadline = time.monotonic() + patience
    while not done() and time.monotonic() < deadline:
        time.sleep(0.05)
    return done()


def is_alive(pid: int) -> bool:
    """Whether a process of that id runs; one that only waits to be reaped does not."""
    try:
        about = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return about.rpartition(")")[2].split()[0] not in {"Z", "X"}
