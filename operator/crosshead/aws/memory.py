"""
What AWS cannot be asked: which secret it was told last, which setting was given up, which create may have worked.

Kept for as long as the process lives. Losing it does little harm: the secret that the connection Secret holds counts as
told, or else the one that is declared when we look first; a setting that was given up is given up again; and who
restarts takes longer than AWS needs to show a create.
"""

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from crosshead.aws.minting import Mint
from crosshead.base.values import SecretValue

_LIMIT: Final = 20_000
# Within this time EC2 has shown everybody what it has created for somebody.
DOUBT_SECONDS: Final = 30.0


class Memory:
    """Facts about managed resources, the oldest forgotten first. Safe to share by threads."""

    def __init__(
        self, limit: int = _LIMIT, now: Callable[[], float] = time.monotonic, doubt: float = DOUBT_SECONDS
    ) -> None:
        self._doubt = doubt
        self._now = now
        self._lock = threading.Lock()
        self._limit = limit
        self.mint = Mint()
        self._facts: OrderedDict[tuple[str, str], str] = OrderedDict()

    def give_up(self, uid: str) -> None:
        """Remember that the setting of *uid* is back at AWS' default, and that this means gone."""
        self._keep((uid, ""), "given up")

    def is_given_up(self, uid: str) -> bool:
        """Whether the setting of *uid* was given up."""
        with self._lock:
            return (uid, "") in self._facts

    def doubt(self, uid: str, why: str) -> None:
        """Remember that a create of *uid* has just ended, and nobody knows how: *why* is all that was heard."""
        self._keep((uid, "created"), f"{self._now()} {why}")

    def doubts(self, uid: str) -> str:
        """Return why a create of *uid* ended so lately that AWS may not show yet how; empty when none did."""
        with self._lock:
            since, _, why = self._facts.get((uid, "created"), "").partition(" ")
        return why if since and self._now() - float(since) < self._doubt else ""

    def waits(self, uid: str, why: str) -> float:
        """Return for how many seconds *uid* has been waiting for something to spread in AWS, for the same reason."""
        with self._lock:
            since, _, reason = self._facts.get((uid, "waits"), "").partition(" ")
        if reason == why:
            return self._now() - float(since)
        self._keep((uid, "waits"), f"{self._now()} {why}")
        return 0.0

    def waits_no_more(self, uid: str) -> None:
        """Remember that *uid* is not waiting for anything to spread."""
        with self._lock:
            self._facts.pop((uid, "waits"), None)

    @contextmanager
    def changing(self, uid: str) -> Iterator[None]:
        """Remember when a change of the resource of *uid* has ended, however it ended."""
        try:
            yield
        finally:
            self._keep((uid, "changed"), str(self._now()))

    def changed_at(self, uid: str) -> float:
        """Return when the resource of *uid* was last changed by us; long ago when it was not."""
        with self._lock:
            return float(self._facts.get((uid, "changed"), "-inf"))

    def tell(self, uid: str, argument: str, secret: SecretValue) -> None:
        """Remember that AWS was told *secret*; what is kept does not show it."""
        self._keep((uid, argument), _digest(uid, secret))

    def is_told(self, uid: str, argument: str, secret: SecretValue, noted: SecretValue | None = None) -> bool:
        """
        Whether *secret* is what AWS was told last.

        When nothing is remembered, that is what was *noted* elsewhere; without such a note it is *secret* from now on.
        """
        with self._lock:
            known = self._facts.get((uid, argument))
        if known is None:
            self.tell(uid, argument, secret if noted is None else noted)
            return noted is None or noted.reveal() == secret.reveal()
        return known == _digest(uid, secret)

    def _keep(self, key: tuple[str, str], fact: str) -> None:
        with self._lock:
            self._facts[key] = fact
            self._facts.move_to_end(key)
            while len(self._facts) > self._limit:
                self._facts.popitem(last=False)


def _digest(uid: str, secret: SecretValue) -> str:
    return hashlib.sha256(uid.encode() + secret.reveal()).hexdigest()
