"""Only the holder of the Lease works; the others stand by."""

import argparse
import logging
import os
import socket
import threading
from collections.abc import Callable, Mapping

import kopf

from crosshead.base.objects import Ref
from crosshead.cli.assembly import Operator
from crosshead.kube.discovery import LEASE
from crosshead.kube.lease import LeaseElector, Terms

_log = logging.getLogger(__name__)


class Leading:
    """An operator that starts to work when it leads, and ends the process when it does so no longer."""

    def __init__(self, operator: Operator, arguments: argparse.Namespace, lost: Callable[[], None]) -> None:
        self._operator = operator
        self._lost = lost
        self._lock = threading.Lock()
        self._stopped = False
        self.was_lost = False
        self._elector = self._make_elector(arguments) if arguments.leader_election else None

    def start(self) -> None:
        """Begin to work, or to wait for the Lease in the background."""
        if self._elector is None:
            self._operator.start()
        else:
            self._elector.start()

    def stop(self) -> None:
        """End cleanly, and hand the Lease over last: nobody else may begin while we still write. Once is enough."""
        with self._lock:
            if self._stopped:
                return
            self._stopped = True
        self._operator.stop()
        if self._elector is not None:
            self._elector.stop()

    def add(self, ref: Ref) -> None:
        """Have *ref* reconciled."""
        self._operator.add(ref)

    def login(self) -> kopf.ConnectionInfo:
        """Return how our own client reaches the API server."""
        return self._operator.login()

    def troubles(self) -> Mapping[str, str]:
        """Return what a restart could mend."""
        return self._operator.troubles()

    def unreadiness(self) -> Mapping[str, str]:
        """Return what keeps us from being of use; a standby is of use by being there."""
        if self._elector is not None and not self._elector.is_leading():
            return {}
        return self._operator.unreadiness()

    def _lost_lease(self) -> None:
        _log.critical("lost the Lease: ending, so that nothing is written by two")
        self.was_lost = True
        self._lost()

    def _won(self) -> None:
        """Begin to work, in a thread of its own: the elector's must go on renewing."""
        threading.Thread(target=self._begin, name="beginning", daemon=True).start()

    def _begin(self) -> None:
        try:
            self._operator.start()
        except Exception:  # noqa: BLE001 (whatever it was, the process ends of it)
            _log.critical("the operator cannot begin to work", exc_info=True)
            self.was_lost = True
            self._lost()

    def _make_elector(self, arguments: argparse.Namespace) -> LeaseElector:
        duration: float = arguments.lease_duration.total_seconds()
        terms = Terms(duration, deadline=duration * 2 / 3, retry=duration / 7.5)
        return LeaseElector(
            self._operator.api.within(terms.retry),
            Ref(LEASE, arguments.lease_name, arguments.lease_namespace),
            f"{socket.gethostname()}_{os.getpid()}",
            on_won=self._won,
            on_lost=self._lost_lease,
            terms=terms,
        )
