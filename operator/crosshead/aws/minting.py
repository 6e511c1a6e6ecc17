"""Connection details that we sign ourselves and that run out: made anew in time, and the same until then."""

import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Final

from crosshead.base.values import Object, SecretValue

# Signs a question to AWS who it is that asks, for somebody else to put: headers, seconds → URL.
Voucher = Callable[[Mapping[str, str], int], str]

_KEPT: Final = 1_000
# A signature outlives the time that it is used for, so that who looks again has time to; AWS allows no longer one.
_MARGIN: Final = timedelta(minutes=5)
_LONGEST: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Minting:
    """
    How such details are made.

    *make* makes them of the record; of one that is not ready, nothing. *period* is the parameter that says how long
    they are used, if there is one, *shown* the field of `atProvider` that says when they were made.
    """

    make: Callable[[Object, Callable[[Mapping[str, str]], str]], Mapping[str, str]]
    period: str = ""
    default: str = "10m0s"
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Minted:
    """What was made, when, and until when it is used."""

    details: Mapping[str, SecretValue]
    at: datetime
    until: datetime
    source: str


class Mint:
    """Makes details, and keeps what it has made; the oldest is forgotten first. Safe to share by threads."""

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, Minted] = OrderedDict()

    def details(self, uid: str, minting: Minting, period: timedelta, record: Object, vouch: Voucher) -> Minted:
        """Return the details of *uid*: those made last, or new ones when *period* is over or *record* has changed."""
        source, now = _digest(record), self._now()
        with self._lock:
            kept = self._kept.get(uid)
        if kept is not None and kept.source == source and now < min(kept.until, kept.at + period):
            return kept
        seconds = int(min(period + _MARGIN, _LONGEST).total_seconds())
        made = minting.make(record, lambda headers: vouch(headers, seconds))
        fresh = Minted({key: SecretValue(value) for key, value in made.items()}, now, now + period, source)
        self._keep(uid, fresh)
        return fresh

    def left(self, minted: Minted) -> float:
        """Return for how many seconds *minted* is used: whole minutes, or every look would tell something else."""
        return max(ceil((minted.until - self._now()).total_seconds() / 60), 1) * 60.0

    def _keep(self, uid: str, minted: Minted) -> None:
        with self._lock:
            self._kept[uid] = minted
            self._kept.move_to_end(uid)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)


def _digest(record: Object) -> str:
    return hashlib.sha256(json.dumps(record, sort_keys=True, default=str).encode()).hexdigest()
