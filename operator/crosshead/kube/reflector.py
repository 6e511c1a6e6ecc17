"""
The watch of one kind: what the API server has is what the cache shows, whatever happens to the connection.

A list fills the cache, and what it no longer holds is told as deleted; a watch keeps it up to date from there. A lost
connection goes on from the last version seen; a version that the server no longer knows, or anything else that cannot
be gone on from, means a new list. When the kind itself is gone, so are its objects, and the reflector sleeps until it
is told that the kind is back. Every attempt is followed by a pause, so that nothing the server does makes us spin.
"""

import enum
import logging
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import orjson

from crosshead.base import objects
from crosshead.base.errors import AbsentError, ForbiddenError, ReconcileError, ThrottledError, TransientError
from crosshead.base.objects import Kind
from crosshead.base.values import Object
from crosshead.kube.cache import ObjectCache
from crosshead.kube.client import KubeApi
from crosshead.kube.connecting import Stream
from crosshead.kube.errors import UnreachableError, refusal_of

Seconds = float
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Timing:
    """
    How patient a reflector is, in seconds.

    *silence*: how long a watch may say nothing; the server's bookmarks come every minute. *duration*: how long a watch
    lasts, up to twice that. *first* … *last*: the pauses after failures. *refused*: the longest one after a 401 or 403.
    *lasting*: a watch that lives this long was a success. *recheck*: how often a missing kind is looked for unasked.
    *rereads*: when, after a change of the kind's definition, everything is read again (see `Reflector.refresh`).
    """

    silence: Seconds = 75.0
    duration: Seconds = 1800.0
    first: Seconds = 0.2
    last: Seconds = 2.0
    refused: Seconds = 10.0
    lasting: Seconds = 5.0
    recheck: Seconds = 60.0
    rereads: tuple[Seconds, ...] = (0.5, 5.0)
    page: int = 500


class State(enum.Enum):
    """What a reflector is doing."""

    LISTING = "listing"
    WATCHING = "watching"
    FAILING = "failing"
    WAITING = "waiting for its kind"
    STOPPED = "stopped"


class Reflector:
    """
    The watch of one kind, in a thread of its own.

    :param is_served: whether the API server is meant to serve the kind; asked only when it says 404, which an API
        server that has just started also says of kinds that it does serve.
    """

    def __init__(
        self, kind: Kind, api: KubeApi, cache: ObjectCache, is_served: Callable[[Kind], bool], timing: Timing
    ) -> None:
        self.kind = kind
        self.state = State.LISTING
        self.attempts = 0
        self.trouble = ""
        self.refusal: ForbiddenError | None = None
        self._api, self._cache, self._is_served, self._timing = api, cache, is_served, timing
        self._version = ""
        self._failures = 0
        self._since: Seconds | None = None
        self._contact = self._progress = time.monotonic()
        self._stopping = self._outdated = self._resting = False
        self._woken = threading.Event()
        self._stream: Stream | None = None
        self._thread = threading.Thread(target=self._run, name=f"watch {kind}", daemon=True)

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def rest(self) -> None:
        """Begin when kicked for the first time: there is no such kind, and a thread that waits for one costs memory."""
        self._resting, self.state = True, State.WAITING

    def stop(self) -> None:
        """Hang up and end; returns at once, `join` waits."""
        self._stopping, self._resting = True, False
        self.kick()

    def join(self, timeout: Seconds) -> None:
        """Wait for the end, at most *timeout*."""
        if self._thread.ident is not None:
            self._thread.join(timeout)

    def kick(self) -> None:
        """Look again now: end the watch that runs, or the pause."""
        if self._resting:
            self._resting = False
            self._thread.start()
        self._woken.set()
        stream = self._stream
        if stream is not None:
            stream.close()

    def refresh(self) -> None:
        """
        List again now.

        When a kind's schema has changed, the API server serves a watch that was open before, and one opened a moment
        later, by the old schema: what that does not know is cut off, and nothing tells so afterwards.
        """
        self._outdated = True
        self.kick()

    def is_alive(self) -> bool:
        """Whether the thread runs."""
        return self._resting or self._thread.is_alive()

    def silent_for(self) -> Seconds:
        """Return how long the API server has not been heard of; 0 while there is nothing to hear."""
        return 0.0 if self.state is State.WAITING else time.monotonic() - self._contact

    def idle_for(self) -> Seconds:
        """Return how long this thread has not even tried: however silent the server, it tries every now and then."""
        return 0.0 if self._resting else time.monotonic() - self._progress

    def _run(self) -> None:
        while not self._stopping:
            self._woken.clear()
            self._pause(self._attempt())
        self.state = State.STOPPED

    def _pause(self, seconds: Seconds) -> None:
        # A kick ends the pause, but kicks follow changes of CRDs only: they cannot make us spin.
        if not self._stopping:
            self._woken.wait(seconds)

    def _attempt(self) -> Seconds:
        """List if need be, watch until it ends, and return how long to pause."""
        self.attempts += 1
        self._since, self._progress = None, time.monotonic()
        try:
            return self._outcome()
        except Exception:  # noqa: BLE001 (a watch that dies silently is the worst of all bugs)
            _log.exception("the watch of %s failed: this is a bug", self.kind)
            return self._failed(TransientError("Bug", "the watch failed"))

    def _outcome(self) -> Seconds:
        try:
            self._follow()
        except AbsentError as error:
            return self._absent(str(error))
        except ReconcileError as error:
            return self._failed(error)
        return self._back_off()

    def _follow(self) -> None:
        if self._outdated or not self._version:
            self._outdated = False
            self.state = State.LISTING
            self._list()
        duration = int(self._timing.duration * random.uniform(1, 2))  # noqa: S311 (no secret)
        stream = self._api.watch(self.kind, self._version, silence=self._timing.silence, duration=max(duration, 1))
        with stream:
            self._stream = stream
            self._since = time.monotonic()
            self.state, self.trouble, self.refusal = State.WATCHING, "", None
            self._heard()
            try:
                self._read(stream)
            finally:
                self._stream = None

    def _list(self) -> None:
        items: list[Object] = []
        rest = ""
        while not self._stopping:
            page = self._api.list_page(self.kind, limit=self._timing.page, rest=rest)
            self._heard()
            items += map(self._cache.shrink, page.items)
            rest = page.rest
            if not rest:
                self._cache.replace(self.kind, items, page.version)
                self._version = page.version
                return

    def _read(self, stream: Stream) -> None:
        if self._stopping or self._woken.is_set():
            return
        for line in stream:
            self._heard()
            try:
                event = orjson.loads(line)
                kind, obj = event["type"], event["object"]
            except (ValueError, TypeError, KeyError) as error:
                raise UnreachableError("the watch is garbled") from error
            self._take(kind, obj)

    def _take(self, kind: str, obj: Object) -> None:
        match kind:
            case "ADDED" | "MODIFIED":
                self._cache.put(obj)
            case "DELETED":
                self._cache.remove(obj)
            case "ERROR":
                raise refusal_of(obj)
            case _:
                pass  # a bookmark: only its version counts
        self._version = objects.resource_version(obj) or self._version

    def _heard(self) -> None:
        self._contact = self._progress = time.monotonic()

    def _absent(self, words: str) -> Seconds:
        """Find out whether the kind is gone, and forget its objects if it is."""
        self._version = ""
        try:
            served = self._is_served(self.kind)
        except ReconcileError:
            served = True
        if served:
            return self._failed(TransientError("NotServed", words))
        if self.state is not State.WAITING:
            _log.info("%s is not served any more, or not yet", self.kind)
        self.state, self.trouble, self.refusal, self._failures = State.WAITING, "", None, 0
        self._cache.clear(self.kind)
        return self._timing.recheck

    def _failed(self, error: ReconcileError) -> Seconds:
        if self._stopping:
            return 0.0
        # A refusal needs somebody to grant a right, and shows nowhere else; told once, not at every try.
        refusal = isinstance(error, ForbiddenError) and error.message != self.trouble
        _log.log(logging.WARNING if refusal else logging.DEBUG, "the watch of %s ended: %s", self.kind, error.message)
        self.state, self.trouble = State.FAILING, error.message
        self.refusal = error if isinstance(error, ForbiddenError) else None
        # Only a lost connection can be gone on from; and not for ever, in case the version itself is the trouble.
        if not isinstance(error, UnreachableError | ThrottledError) or self._failures % 5 == 4:
            self._version = ""
        if isinstance(error, ForbiddenError):
            self._heard()
            return self._back_off(self._timing.refused)
        asked = error.retry_after if isinstance(error, ThrottledError) else 0.0
        return max(asked, self._back_off())

    def _back_off(self, ceiling: Seconds | None = None) -> Seconds:
        lasted = self._since is not None and time.monotonic() - self._since >= self._timing.lasting
        self._failures = 0 if lasted else self._failures + 1
        delay = self._timing.first * 2.0 ** min(max(self._failures - 1, 0), 20)
        return min(delay, ceiling or self._timing.last) * random.uniform(0.5, 1.5)  # noqa: S311 (no secret)
