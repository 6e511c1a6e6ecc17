"""Waiting for what other threads do, without sleeping longer than needed."""

import time
from collections.abc import Callable


def eventually(holds: Callable[[], bool], within: float = 5.0) -> bool:
    """Whether *holds* becomes true in time."""
    deadline = time.monotonic() + within
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def throughout(holds: Callable[[], bool], seconds: float) -> bool:
    """Whether *holds* stays true all the time."""
    return not eventually(lambda: not holds(), seconds)
