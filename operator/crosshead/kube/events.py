"""
Kubernetes Events: what has happened to an object, told once, by a thread that nobody waits for.

An Event costs the API server 40 % of a write, so the same news is not repeated: it is counted, and the count is
written when the news is still being repeated ten minutes later. What cannot be told in time is dropped.
"""

import contextlib
import logging
import queue
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Protocol

from crosshead.base import names, objects
from crosshead.base.errors import AbsentError
from crosshead.base.objects import Ref
from crosshead.base.values import Draft, Object
from crosshead.kube.discovery import EVENT

Seconds = float
_log = logging.getLogger(__name__)

COMPONENT = "crosshead"
_WAITING = 1000
_REMEMBERED = 4096
_LONGEST_MESSAGE = 1024
_LONGEST_NAME = 253


class EventApi(Protocol):
    """What the recorder needs of the API server."""

    def create(self, obj: Object) -> Object:
        """Create *obj*."""

    def patch(self, ref: Ref, changes: Object, *, status: bool = False) -> Object:
        """Merge-patch the object at *ref*."""


@dataclass(frozen=True, slots=True)
class News:
    """Something that has happened to *about*. *type* is `Normal` or `Warning`."""

    about: Object
    type: str
    reason: str
    message: str

    @property
    def identity(self) -> tuple[str, str, str, str]:
        """What makes it the same news."""
        return objects.uid(self.about), self.type, self.reason, self.message


@dataclass(frozen=True, slots=True)
class _Told:
    """News that was told: as which Event, when last, and how often it has happened by now."""

    name: str
    at: Seconds
    count: int = 1


class EventRecorder:
    """
    Tells the API server, in the background. Safe to use from any thread; never blocks, never fails.

    :param repeat: seconds after which repeated news is told again, as a count.
    :param rate: Events per second, once the first *burst* is used up.
    """

    def __init__(
        self,
        api: EventApi,
        *,
        repeat: Seconds = 600.0,
        rate: float = 50.0,
        burst: int = 200,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._api, self._repeat, self._now = api, repeat, now
        self._pause, self._burst = 1 / rate, burst
        self._queue: queue.Queue[News | None] = queue.Queue(_WAITING)
        self._told: OrderedDict[tuple[str, str, str, str], _Told] = OrderedDict()
        self._ahead = 0.0
        self._hurry = threading.Event()
        self.dropped = 0
        self._thread = threading.Thread(target=self._run, name="events", daemon=True)

    def start(self) -> None:
        """Begin to tell; what has been recorded before is told, too."""
        self._thread.start()

    def stop(self, timeout: Seconds = 3.0) -> bool:
        """Tell what waits, and return whether all of it was told within *timeout*."""
        if self._thread.ident is None:
            return self._queue.empty()  # a replica that has only stood by
        self._hurry.set()
        with contextlib.suppress(queue.Full):
            self._queue.put(None, timeout=timeout)
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def normal(self, obj: Object, reason: str, message: str) -> None:
        """Record that something has happened."""
        self._record(News(obj, "Normal", reason, message))

    def warning(self, obj: Object, reason: str, message: str) -> None:
        """Record that something has gone wrong."""
        self._record(News(obj, "Warning", reason, message))

    def _record(self, news: News) -> None:
        try:
            self._queue.put_nowait(news)
        except queue.Full:
            self.dropped += 1

    def _run(self) -> None:
        while (news := self._queue.get()) is not None:
            try:
                self._tell(news)
            except Exception as error:  # noqa: BLE001 (Events are never worth failing for)
                _log.debug("an event was lost: %s", error)

    def _tell(self, news: News) -> None:
        told = self._told.pop(news.identity, None)
        moment = time.monotonic()
        if told is None:
            told = self._create(news, 1, moment)
        elif moment - told.at < self._repeat:
            told = replace(told, count=told.count + 1)
        else:
            told = self._count(news, told, moment)
        self._told[news.identity] = told
        if len(self._told) > _REMEMBERED:
            self._told.popitem(last=False)

    def _create(self, news: News, count: int, moment: Seconds) -> _Told:
        self._slow_down(moment)
        event = _event(news, self._now(), count)
        self._api.create(event)
        return _Told(event["metadata"]["name"], moment, count)

    def _count(self, news: News, told: _Told, moment: Seconds) -> _Told:
        self._slow_down(moment)
        count = told.count + 1
        ref = Ref(EVENT, told.name, _namespace(news.about))
        try:
            self._api.patch(ref, {"count": count, "lastTimestamp": _timestamp(self._now())})
        except AbsentError:
            # The API server keeps Events for an hour.
            return self._create(news, count, moment)
        return _Told(told.name, moment, count)

    def _slow_down(self, moment: Seconds) -> None:
        """Keep to the rate: *ahead* is when we would be had we told every Event at its pace."""
        self._ahead = max(self._ahead, moment - self._burst * self._pause) + self._pause
        if self._ahead > moment:
            self._hurry.wait(self._ahead - moment)


def _event(news: News, now: datetime, count: int) -> Draft:
    about, when = news.about, _timestamp(now)
    suffix = f".{int(now.timestamp() * 1e6):x}"
    return {
        "apiVersion": EVENT.api_version,
        "kind": EVENT.kind,
        "metadata": {
            "name": objects.name(about)[: _LONGEST_NAME - len(suffix)] + suffix,
            "namespace": _namespace(about),
            **_annotations(about),
        },
        "involvedObject": {
            "apiVersion": about["apiVersion"],
            "kind": about["kind"],
            "name": objects.name(about),
            "namespace": objects.namespace(about),
            "uid": objects.uid(about),
            "resourceVersion": objects.resource_version(about),
        },
        "type": news.type,
        "reason": news.reason,
        "message": news.message[:_LONGEST_MESSAGE],
        "count": count,
        "firstTimestamp": when,
        "lastTimestamp": when,
        "source": {"component": COMPONENT},
        "reportingComponent": COMPONENT,
    }


def _annotations(about: Object) -> Draft:
    """Return what Crossplane notes on the Events of managed resources: what they stood for at the time."""
    name = objects.annotations(about).get(names.EXTERNAL_NAME)
    return {"annotations": {"external-name": name}} if name else {}


def _namespace(about: Object) -> str:
    return objects.namespace(about) or "default"


def _timestamp(now: datetime) -> str:
    return now.strftime("%Y-%m-%dT%H:%M:%SZ")
