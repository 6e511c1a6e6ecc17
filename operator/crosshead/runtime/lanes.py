"""
The keys that are ready, sorted into lanes, so that nobody's outage becomes everybody's.

Keys whose work asks the same outside (one account, region and service) share a lane. When that outside is silent, the
lane fills up to its bound and its other keys wait; the workers left over go on with everybody else's. Keys that ask
nobody outside are at home: whatever happens to all the lanes together, home keeps workers of its own.
"""

import enum
import itertools
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

Seconds = float
Lane = Hashable
K = TypeVar("K", bound=Hashable)

HOME: Final[Lane] = None


class Urgency(enum.IntEnum):
    """Which keys are handed out first."""

    CHANGED = 0
    PERIODIC = 1


@dataclass(frozen=True, slots=True)
class Room:
    """
    How many keys may be in work at once: of home, of any one lane, and of all lanes together.

    Of those of a lane, one place is for what has changed.
    """

    home: float = float("inf")
    lane: float = float("inf")
    away: float = float("inf")


@dataclass(slots=True)
class _Track(Generic[K]):
    """The keys of one lane: those that are ready, with their place in the order and since when, and how many work."""

    ready: dict[Urgency, OrderedDict[K, tuple[int, Seconds]]] = field(
        default_factory=lambda: {urgency: OrderedDict() for urgency in Urgency}
    )
    working: int = 0
    # How many of those in work are periodic looks.
    looking: int = 0

    def __len__(self) -> int:
        return sum(map(len, self.ready.values()))

    def first(self, urgency: Urgency) -> int | None:
        """Return the place in the order of the next key of *urgency*."""
        keys = self.ready[urgency]
        return next(iter(keys.values()))[0] if keys else None


class Lanes(Generic[K]):
    """Ready keys and those in work, by lane. Not to be shared by threads: the queue has the lock."""

    def __init__(self, lane_of: Callable[[K], Lane] = lambda _: HOME, room: Room = Room()) -> None:
        self._lane_of, self._room = lane_of, room
        self._tracks: dict[Lane, _Track[K]] = {}
        self._lanes: dict[K, Lane] = {}
        self._looking: set[K] = set()
        self._away = 0
        self._order = itertools.count()

    def put(self, key: K, urgency: Urgency, now: Seconds) -> None:
        """Make *key* ready, at the end of its lane; what has changed overtakes its own periodic look."""
        if key not in self._lanes:
            self._lanes[key] = self._lane_of(key)
        ready = self._tracks.setdefault(self._lanes[key], _Track()).ready
        if key in ready[Urgency.CHANGED]:
            return
        _, since = ready[Urgency.PERIODIC].pop(key, (0, now))
        ready[urgency][key] = next(self._order), since

    def has_next(self) -> bool:
        """Whether there is a key that may be worked on now."""
        return any(self._first(track, urgency) is not None for track in self._open() for urgency in Urgency)

    def pop(self, preferred: Urgency) -> K | None:
        """Take the oldest key that may be worked on now, of the *preferred* urgency if there is one."""
        open_tracks = list(self._open())
        for urgency in sorted(Urgency, key=lambda u: u is not preferred):
            waiting = [(first, track) for track in open_tracks if (first := self._first(track, urgency)) is not None]
            if waiting:
                _, track = min(waiting, key=lambda pair: pair[0])
                return self._begin(track, urgency)
        return None

    def leave(self, key: K) -> None:
        """Give the place of *key* in its lane to the next."""
        lane = self._lanes.pop(key, HOME)
        track = self._tracks.get(lane)
        if track is None or not track.working:
            return
        track.working -= 1
        track.looking -= key in self._looking
        self._looking.discard(key)
        self._away -= lane is not HOME
        if not track.working and not len(track):
            del self._tracks[lane]

    def since(self) -> Iterator[Seconds]:
        """Yield since when the first key of each lane and urgency has been ready."""
        for track in self._tracks.values():
            yield from (next(iter(keys.values()))[1] for keys in track.ready.values() if keys)

    def __len__(self) -> int:
        """How many keys are ready."""
        return sum(map(len, self._tracks.values()))

    def _begin(self, track: _Track[K], urgency: Urgency) -> K:
        key, _ = track.ready[urgency].popitem(last=False)
        track.working += 1
        if urgency is Urgency.PERIODIC:
            track.looking += 1
            self._looking.add(key)
        self._away += self._lanes[key] is not HOME
        return key

    def _first(self, track: _Track[K], urgency: Urgency) -> int | None:
        """Return the place in the order of the next key of *urgency* that may be worked on now, in an open lane."""
        # A thousand looks that are due, waiting for one listing, must not hold up what is new.
        if urgency is Urgency.PERIODIC and track.looking >= max(self._room.lane - 1, 1):
            return None
        return track.first(urgency)

    def _open(self) -> Iterator[_Track[K]]:
        """
        Yield the lanes that may have one more key in work.

        A lane may never take the last places: it stops when it has as many as are left for all the others.
        """
        left = self._room.away - self._away
        for lane, track in self._tracks.items():
            if track.working < (self._room.home if lane is HOME else min(self._room.lane, left)):
                yield track
