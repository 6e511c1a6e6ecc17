"""
One listing answers all who ask about what it lists.

Where AWS has a call that lists, a hundred resources that are due for a look cost one request and not a hundred. Who
asks says how old the answer may be, and since when it must be (nothing from before our own last change). A listing is
used while it is young enough; a new one is made when so many are known to be listed that it costs less than to ask for
each. What a listing does not show is asked for by itself: a listing alone makes nobody absent.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from crosshead.base.errors import ReconcileError, ThrottledError
from crosshead.base.values import Json, Object

Pages = Iterable[list[Object]]

# An answer younger than this is not worth waiting for others who might share it.
_IMPATIENT: Final = 1.0
# Listings show what was written a while ago: right after a change, AWS is asked about the one thing.
_SETTLING: Final = 60.0
# So long is done without a listing that was refused.
_REFUSED_SECONDS: Final = 600.0
_KEPT_SECONDS: Final = 120.0
_KNOWN_LIMIT: Final = 100_000


@dataclass(frozen=True, slots=True)
class Question:
    """
    What somebody wants to know: about the thing called *key*, on behalf of *uid*.

    The answer may be *patience* seconds old and must be from after *since*, both by the clock of `Batches`.
    """

    key: str
    uid: str
    patience: float
    since: float


@dataclass(frozen=True, slots=True)
class Answer:
    """What a listing shows of a thing, and how many seconds ago it did."""

    item: Json
    age: float


@dataclass(slots=True)
class _Listing:
    """The last listing of one call in one account and region, and who was seen in any."""

    door: threading.Lock = field(default_factory=threading.Lock)
    taken_at: float = float("-inf")
    items: dict[str, Json] = field(default_factory=dict)
    answered: set[str] = field(default_factory=set)
    pages: int = 1
    known: OrderedDict[str, None] = field(default_factory=OrderedDict)
    refused_at: float = float("-inf")


class Batches:
    """All listings of this process. Safe to share by threads: who asks while a listing is made waits for it."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._listings: dict[tuple[str, ...], _Listing] = {}

    def now(self) -> float:
        """Return the time by which questions say *since*."""
        return self._now()

    def ask(
        self,
        what: tuple[str, ...],
        question: Question,
        pages: Callable[[], Pages],
        keys: Callable[[Object], Iterable[str]],
    ) -> Answer | None:
        """
        Return what a listing shows; None when the thing must be asked for by itself.

        :param what: says which listing: account, region, service, call.
        :param pages: makes the listing, a page per request.
        :param keys: the names of an item, any of which may be asked for.
        """
        listing = self._listing(what)
        # Who would not have one made does not wait for one either.
        if listing.door.locked() and not self._is_patient(listing, question):
            return None
        with listing.door:
            if not self._is_usable(listing, question):
                if not self._is_worth_it(listing, question):
                    return None
                self._make(listing, pages, keys)
            item = listing.items.get(question.key)
            if item is None or question.uid in listing.answered:
                return None
            # Who asks again wants to see what has become of it.
            listing.answered.add(question.uid)
            return Answer(item, self._now() - listing.taken_at)

    def note(self, what: tuple[str, ...], uid: str, *, exists: bool) -> None:
        """Remember whether the thing of *uid* would be listed: that many must be, before listing costs less."""
        listing = self._listing(what)
        # Not behind the door: a listing may be in the making.
        with self._lock:
            listing.known.pop(uid, None)
            if exists:
                listing.known[uid] = None
                while len(listing.known) > _KNOWN_LIMIT:
                    listing.known.popitem(last=False)

    def _listing(self, what: tuple[str, ...]) -> _Listing:
        with self._lock:
            return self._listings.setdefault(what, _Listing())

    def _is_usable(self, listing: _Listing, question: Question) -> bool:
        is_current = listing.taken_at > question.since and listing.taken_at >= self._now() - question.patience
        return is_current and question.key in listing.items and question.uid not in listing.answered

    def _is_worth_it(self, listing: _Listing, question: Question) -> bool:
        now = self._now()
        return (
            self._is_patient(listing, question)
            and now - listing.refused_at > _REFUSED_SECONDS
            # One that is young enough and does not show it will not show it when made again.
            and listing.taken_at < now - question.patience
            and len(listing.known) > listing.pages
        )

    def _is_patient(self, listing: _Listing, question: Question) -> bool:
        """Whether a listing may be made, or waited for, on behalf of who asks."""
        is_settled = self._now() - question.since > _SETTLING
        return question.patience >= _IMPATIENT and is_settled and question.uid in listing.known

    def _make(self, listing: _Listing, pages: Callable[[], Pages], keys: Callable[[Object], Iterable[str]]) -> None:
        taken_at, count = self._now(), 0
        items: dict[str, Json] = {}
        try:
            for page in pages():
                count += 1
                items.update((key, item) for item in page for key in keys(item))
        except ThrottledError:
            raise
        except ReconcileError:
            # Who may describe one may not be allowed to list all; and if nothing works, the look itself will tell.
            listing.refused_at, items = taken_at, {}
        listing.taken_at, listing.items, listing.pages = taken_at, items, max(count, 1)
        listing.answered.clear()
        self._forget_others(listing)

    def _forget_others(self, made: _Listing) -> None:
        """Let go of what listings showed so long ago that nobody would believe it."""
        with self._lock:
            others = [one for one in self._listings.values() if one is not made]
        for one in others:
            # Who holds the door is using it.
            if self._now() - one.taken_at > _KEPT_SECONDS and one.door.acquire(blocking=False):
                one.items = {}
                one.door.release()
