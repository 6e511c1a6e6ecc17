"""
Passes that came to rest: they had nothing to write, and would have nothing to write again.

Most passes are of that kind: our own writes come back as news, a managed resource tells something that the composite
does not show, a kind is listed again. One look at the versions of what the last pass saw tells so, in a hundredth of
the time. Kept in memory: a restart composes every composite again, and so learns it anew.
"""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from crosshead.base.objects import Ref
from crosshead.reconcilers.looking import Look, Notes, look
from crosshead.reconcilers.ports import Cache, Seconds, World


@dataclass(frozen=True, slots=True)
class Rest:
    """
    The state of the world in which a composite has nothing to do.

    *seen* is a hash of what was to be seen at all of *looks*; it ends at *until* whatever is to be seen then.
    """

    looks: tuple[Look, ...]
    seen: int
    until: datetime | None

    def lasts(self, cache: Cache, now: datetime) -> bool:
        """Whether nothing has changed since."""
        if self.until is not None and self.until <= now:
            return False
        return hash(tuple(look(at, cache) for at in self.looks)) == self.seen

    def left(self, now: datetime) -> Seconds | None:
        """Return when it ends by itself, in seconds from *now*."""
        return None if self.until is None else (self.until - now).total_seconds()


class Remembered:
    """
    The composites that are at rest; those that have been so for longest are forgotten first. Safe from any thread.

    :param most: how many are remembered. Of three resources each, a thousand take 1 MB.
    """

    def __init__(self, most: int = 10_000) -> None:
        self._most = most
        self._lock = Lock()
        self._rests: OrderedDict[Ref, Rest] = OrderedDict()

    def __len__(self) -> int:
        return len(self._rests)

    def find(self, composite: Ref, world: World) -> Rest | None:
        """Return the rest that *composite* is in, None when something has changed: then it has to be composed."""
        rest = self._rests.get(composite)
        return rest if rest is not None and rest.lasts(world.cache, world.clock.now()) else None

    def note(self, composite: Ref, notes: Notes, until: datetime | None) -> None:
        """Remember what the last pass has seen, if it had nothing to write and is sure to hear of what changes."""
        self.forget(composite)
        if notes.wrote or notes.blind:
            return
        rest = Rest(tuple(notes.seen), hash(tuple(notes.seen.values())), until)
        with self._lock:
            self._rests[composite] = rest
            while len(self._rests) > self._most:
                self._rests.popitem(last=False)

    def forget(self, composite: Ref) -> None:
        """Have *composite* composed at its next turn."""
        with self._lock:
            self._rests.pop(composite, None)
