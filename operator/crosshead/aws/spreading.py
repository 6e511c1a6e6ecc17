"""
AWS does not know at once, and everywhere, what it was told: a role that was just made is no role yet for a database.

So what is refused for that reason is tried again. After minutes it is no matter of time any more, but of what was
declared, and told as such.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from crosshead.aws.codes import SpreadingError
from crosshead.aws.memory import Memory
from crosshead.base.errors import StalledError

LONGEST: Final = 300.0


@contextmanager
def limited(memory: Memory, uid: str) -> Iterator[None]:
    """Turn what *uid* has been waiting for too long into an error that only a human can correct."""
    try:
        yield
    except SpreadingError as error:
        if memory.waits(uid, error.message) > LONGEST:
            raise StalledError(error.reason, error.message) from error
        raise
    memory.waits_no_more(uid)
