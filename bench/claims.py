"""Make objects, and know to the millisecond when they are ready or gone: by one watch, as a user interface would."""

import contextlib
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Self

from kubernetes import client, watch
from urllib3.exceptions import HTTPError

Object = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of objects, as the API server's paths spell it; without a namespace those of the whole cluster."""

    group: str
    version: str
    plural: str
    namespace: str = ""

    @property
    def scope(self) -> str:
        """How the client calls what has, or has no, namespace."""
        return "namespaced" if self.namespace else "cluster"

    @property
    def path(self) -> tuple[str, ...]:
        """What the client's methods want to be told."""
        return tuple(part for part in (self.group, self.version, self.namespace, self.plural) if part)


def is_ready(obj: Object) -> bool:
    """Whether *obj* says that it is ready."""
    conditions = (obj.get("status") or {}).get("conditions") or ()
    return any(c["type"] == "Ready" and c["status"] == "True" for c in conditions)


@dataclass(slots=True)
class Claims:
    """
    The objects of one kind, watched from `with` to its end.

    *ready* and *gone* say when each was first seen to be so; what ready means, *is_ready* says.
    """

    api: Any
    kind: Kind
    is_ready: Callable[[Object], bool] = is_ready
    ready: dict[str, float] = field(default_factory=dict)
    gone: dict[str, float] = field(default_factory=dict)
    _news: threading.Condition = field(default_factory=threading.Condition)
    _watch: Any = field(default_factory=watch.Watch)

    def __enter__(self) -> Self:
        """Begin to watch."""
        threading.Thread(target=self._follow, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        """Watch no longer."""
        self._watch.stop()

    def create(self, objects: Sequence[Object]) -> float:
        """Create claims, four at a time; return when the first one was sent."""
        started = time.monotonic()
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(self._create, objects))
        return started

    def delete(self, names: Sequence[str]) -> float:
        """Ask for claims to be deleted, four at a time; return when the first one was asked for."""
        started = time.monotonic()
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(self._delete, names))
        return started

    def wait(self, where: dict[str, float], names: Sequence[str], seconds: float) -> float:
        """Wait until all *names* are in *where* (`ready` or `gone`); return when the last one came."""
        with self._news:
            if not self._news.wait_for(lambda: where.keys() >= set(names), seconds):
                missing = sorted(set(names) - where.keys())
                raise TimeoutError(f"{len(missing)} of {len(names)} claims not there after {seconds} s: {missing[:3]}")
        return max(where[name] for name in names)

    def _call(self, verb: str) -> Any:  # noqa: ANN401 (the client has no types)
        what = f"{self.kind.scope}_custom_object"
        return getattr(client.CustomObjectsApi(self.api), f"{verb}_{what}")

    def _follow(self) -> None:
        # The end of the stage cuts the stream; who still waits for something will say so.
        with contextlib.suppress(HTTPError):
            for event in self._watch.stream(self._call("list"), *self.kind.path):
                self._note(event["type"], event["object"])

    def _note(self, what: str, obj: Object) -> None:
        name, now = obj["metadata"]["name"], time.monotonic()
        with self._news:
            if what == "DELETED":
                self.gone.setdefault(name, now)
            elif self.is_ready(obj):
                self.ready.setdefault(name, now)
            self._news.notify_all()

    def _create(self, obj: Object) -> None:
        self._call("create")(*self.kind.path, obj)

    def _delete(self, name: str) -> None:
        self._call("delete")(*self.kind.path, name)
