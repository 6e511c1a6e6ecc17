"""
Leader election by a Lease: of several operators one works, the others wait.

The promise is that two never work at a time: who cannot renew in time is told so by its own clock, in a thread that
waits for no network, before anybody else may take the Lease. Times are measured here and never compared between
machines: a rival counts from when it saw the Lease change.
"""

import logging
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from crosshead.base import objects
from crosshead.base.errors import AlreadyExistsError, ReconcileError
from crosshead.base.objects import Ref
from crosshead.base.values import Draft, Object
from crosshead.kube.discovery import LEASE

Seconds = float
_log = logging.getLogger(__name__)


class LeaseApi(Protocol):
    """What the elector needs of the API server: answers within the retry period, or an error."""

    def fetch(self, ref: Ref) -> Object | None:
        """Return the object at *ref*, None when there is none."""

    def create(self, obj: Object) -> Object:
        """Create *obj*."""

    def replace(self, obj: Object) -> Object:
        """Replace *obj*, under its resourceVersion."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How a Lease is kept: it lasts *duration*, is given up after *deadline* without renewal, tried every *retry*."""

    duration: Seconds = 15.0
    deadline: Seconds = 10.0
    retry: Seconds = 2.0

    def __post_init__(self) -> None:
        """Refuse terms under which two could lead at a time."""
        if not 0 < self.retry < self.deadline < self.duration:
            raise ValueError(f"a lease needs 0 < retry < deadline < duration, not {self}")


@dataclass(slots=True)
class _Seen:
    """The Lease as last seen, and when we first saw it so."""

    version: str = ""
    at: Seconds = 0.0


class LeaseElector:
    """
    One candidate for one Lease.

    :param identity: who we are; no two candidates may share it.
    :param on_won: called once, in the elector's thread, when we lead.
    :param on_lost: called once, when we no longer do, except after `stop`; whatever we do for the Lease's sake must
        have ended `duration - deadline` seconds later. The elector is done then: the process should end.
    """

    def __init__(
        self,
        api: LeaseApi,
        ref: Ref,
        identity: str,
        *,
        on_won: Callable[[], None],
        on_lost: Callable[[], None],
        terms: Terms | None = None,
    ) -> None:
        self._api, self._ref, self._identity = api, ref, identity
        self._on_won, self._on_lost = on_won, on_lost
        self._terms = terms or Terms()
        self._seen = _Seen()
        self._lease: Object | None = None
        self._renewed: Seconds | None = None
        self._changed = threading.Condition()
        self._ended = self._lost = False
        self._thread = threading.Thread(target=self._run, name="lease", daemon=True)
        self._fence = threading.Thread(target=self._guard, name="lease fence", daemon=True)

    def start(self) -> None:
        """Begin to try; returns at once. Who has been stopped does not begin."""
        with self._changed:
            if not self._ended:
                self._thread.start()
                self._fence.start()

    def stop(self, timeout: Seconds = 5.0) -> None:
        """Stop trying and, if we lead, give the Lease away at once. Call it when the work has ended, not before."""
        self._end()
        if self._thread.ident is not None:  # a signal may come before we begin
            self._thread.join(timeout)

    def is_leading(self) -> bool:
        """Whether we lead at this moment, by our own clock."""
        with self._changed:
            return self._leads()

    def _leads(self) -> bool:
        renewed = self._renewed
        return not self._ended and renewed is not None and time.monotonic() < renewed + self._terms.deadline

    def _end(self) -> None:
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def _run(self) -> None:
        while not self._ended:
            self._try()
            with self._changed:
                if not self._ended:
                    self._changed.wait(self._terms.retry * random.uniform(0.8, 1.2))  # noqa: S311 (no secret)
        self._release()

    def _try(self) -> None:
        # Counted from before the request: the answer may take long, the Lease runs from when the server wrote it.
        began = time.monotonic()
        try:
            held = self._acquire(began)
        except (ReconcileError, AlreadyExistsError) as error:
            # Somebody was faster, or the server is not there: the next look shows.
            self._lease = None
            _log.debug("the lease could not be renewed: %s", error)
            return
        except Exception:  # noqa: BLE001 (an elector that dies silently would leave nobody leading)
            self._lease = None
            _log.exception("the lease could not be renewed: this is a bug")
            return
        if held:
            self._note(began)

    def _acquire(self, now: Seconds) -> bool:
        lease = self._lease or self._api.fetch(self._ref)
        if lease is None:
            self._lease = self._api.create(self._draft(None))
            return True
        if not self._may_take(lease, now):
            return False
        self._lease = self._api.replace(self._draft(lease))
        return True

    def _may_take(self, lease: Object, now: Seconds) -> bool:
        holder = objects.spec(lease).get("holderIdentity")
        if not holder or holder == self._identity:
            return True
        version = objects.resource_version(lease)
        if version != self._seen.version:
            self._seen = _Seen(version, now)
        lasts = float(objects.spec(lease).get("leaseDurationSeconds") or self._terms.duration)
        return now - self._seen.at > lasts

    def _note(self, began: Seconds) -> None:
        with self._changed:
            if self._ended:
                return
            first, self._renewed = self._renewed is None, began
            self._changed.notify_all()
        if first:
            _log.info("%s leads", self._identity)
            self._on_won()

    def _guard(self) -> None:
        """Wait until the Lease was not renewed in time, and say so."""
        with self._changed:
            while not self._ended:
                if self._renewed is not None and not self._leads():
                    self._ended = self._lost = True
                    break
                self._changed.wait(self._patience())
            else:
                return
            self._changed.notify_all()
        _log.error("%s has lost the lease: it could not be renewed for %g s", self._identity, self._terms.deadline)
        self._on_lost()

    def _patience(self) -> Seconds | None:
        if self._renewed is None:
            return None
        return max(0.0, self._renewed + self._terms.deadline - time.monotonic())

    def _release(self) -> None:
        lease = self._lease
        # Who has lost it may still be finishing its work: the rival must wait until the Lease runs out.
        if self._lost or lease is None or objects.spec(lease).get("holderIdentity") != self._identity:
            return
        spec = {**objects.spec(lease), "holderIdentity": "", "leaseDurationSeconds": 1, "renewTime": _micro_time()}
        try:
            self._api.replace({**lease, "spec": spec})
        except (ReconcileError, LookupError) as error:
            _log.debug("the lease could not be given away, it runs out: %s", error)

    def _draft(self, lease: Object | None) -> Draft:
        old = objects.spec(lease) if lease else {}
        now = _micro_time()
        ours = old.get("holderIdentity") == self._identity
        changes = int(old.get("leaseTransitions") or 0)
        spec = {
            "holderIdentity": self._identity,
            "leaseDurationSeconds": max(1, round(self._terms.duration)),
            "acquireTime": old.get("acquireTime") if ours else now,
            "renewTime": now,
            "leaseTransitions": changes if ours or lease is None else changes + 1,
        }
        meta = objects.metadata(lease) if lease else {"name": self._ref.name, "namespace": self._ref.namespace}
        return {"apiVersion": LEASE.api_version, "kind": LEASE.kind, "metadata": dict(meta), "spec": spec}


def _micro_time() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
