"""
The requests we make of the API server. Every answer to a write goes into the cache, so that the next reconcile sees it.

Nothing is retried here: a reconcile that fails is run again, on the state of the world as it is then.
"""

import base64
import copy
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import orjson

from crosshead.base import names, objects
from crosshead.base.errors import AbsentError, InvalidObjectError, TransientError
from crosshead.base.objects import Kind, Ref
from crosshead.base.values import Draft, Json, Object, SecretValue
from crosshead.kube import clearing
from crosshead.kube.cache import ObjectCache
from crosshead.kube.connecting import Connection, Stream
from crosshead.kube.discovery import Discovery, Resource
from crosshead.kube.errors import is_precondition_failure, refusal
from crosshead.kube.messages import Answer, Request

Seconds = float
# Told of every request: its verb, the plural of its kind, the status of the answer (0: none came), the seconds it took.
Watcher = Callable[[str, str, int, Seconds], None]

_APPLY = "application/apply-patch+yaml"
_MERGE = "application/merge-patch+json"


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list: its objects, the resource version of the list, and where the next part begins, if any."""

    items: Sequence[Object]
    version: str
    rest: str


class KubeApi:
    """
    The API server, one request per call. Safe to use from any thread.

    :param told: called after every request, for the metrics.
    :param timeout: seconds that an answer may take.
    """

    def __init__(
        self,
        connection: Connection,
        cache: ObjectCache | None = None,
        *,
        told: Watcher = lambda *_: None,
        timeout: Seconds = 30.0,
    ) -> None:
        self._connection = connection
        self._cache = cache if cache is not None else ObjectCache()
        self._told = told
        self._timeout = timeout
        self.discovery = Discovery(self._read_document)
        self._cache.subscribe(self.discovery.learn)

    def within(self, timeout: Seconds) -> Self:
        """Return the same API with another *timeout*."""
        other = copy.copy(self)
        other._timeout = timeout  # noqa: SLF001 (it is our own)
        return other

    def fetch(self, ref: Ref) -> Object | None:
        """Return the object at *ref* as the API server has it now, None when it has none."""
        try:
            return self._write("GET", ref)
        except AbsentError:
            return None

    def create(self, obj: Object) -> Object:
        """Create *obj* (POST)."""
        return self._write("POST", objects.ref_of(obj), body=obj)

    def replace(self, obj: Object) -> Object:
        """Replace *obj* (PUT), under its resourceVersion."""
        return self._write("PUT", objects.ref_of(obj), body=obj)

    def apply(self, obj: Object, owner: str, *, status: bool = False) -> Object:
        """
        Server-side apply *obj*, forced, as field owner *owner*; to its status subresource with *status*.

        Applying creates what is missing: to change an object that exists, send its UID, and get a `ConflictError`
        when it is gone.
        """
        try:
            return self._apply(obj, owner, status=status)
        except InvalidObjectError as error:
            changes = clearing.patch(error, obj)
            if changes is None:
                raise
            self.patch(objects.ref_of(obj), changes, status=status)
        return self._apply(obj, owner, status=status)

    def patch(self, ref: Ref, changes: Object, *, status: bool = False) -> Object:
        """Merge-patch the object at *ref*; `metadata.resourceVersion` in *changes* makes it conditional."""
        return self._write("PATCH", ref, body=changes, form=_MERGE, status=status)

    def delete(self, obj: Object, *, foreground: bool = False) -> None:
        """Delete *obj*, with its UID as precondition; already gone is success, replaced by another one, too."""
        options: Draft = {"propagationPolicy": "Foreground" if foreground else "Background"}
        if objects.uid(obj):
            options["preconditions"] = {"uid": objects.uid(obj)}
        try:
            answer = self._ask("DELETE", objects.ref_of(obj), body=options)
        except AbsentError:
            self._cache.remove(obj)
            return
        except TransientError as error:
            if not is_precondition_failure(error):
                raise
            self._cache.remove(obj)
            return
        self._note_deletion(obj, answer)

    def is_namespaced(self, kind: Kind) -> bool:
        """Whether objects of *kind* live in namespaces. Raises `AbsentError` when the API server knows no such kind."""
        return self.discovery.find(kind).namespaced

    def list_page(self, kind: Kind, *, limit: int = 500, rest: str = "") -> Page:
        """Return the objects of *kind* in all namespaces, at most *limit*, from *rest* on."""
        query = {"limit": str(limit)} | ({"continue": rest} if rest else {})
        answer = self._ask("GET", Ref(kind, ""), query=query, verb="LIST")
        meta = answer.get("metadata") or {}
        # The items of Kubernetes' own kinds come without their kind.
        items = [
            item if "kind" in item else {"apiVersion": kind.api_version, "kind": kind.kind, **item}
            for item in answer.get("items") or ()
        ]
        return Page(items, str(meta.get("resourceVersion") or ""), str(meta.get("continue") or ""))

    def watch(self, kind: Kind, version: str, *, silence: Seconds, duration: int) -> Stream:
        """
        Return the changes of *kind* after *version*, one JSON document a line.

        The server ends it after *duration* seconds; *silence* between two lines means that the connection is dead.
        """
        query = {"watch": "1", "allowWatchBookmarks": "true", "resourceVersion": version}
        resource = self.discovery.find(kind)
        request = Request("GET", resource.path(), {**query, "timeoutSeconds": str(duration)})
        began = time.monotonic()
        stream = self._connection.open(request, silence)
        code = stream.status if isinstance(stream, Answer) else 200
        self._told("WATCH", resource.plural, code, time.monotonic() - began)
        if isinstance(stream, Answer):
            raise self._refused(kind, stream)
        return stream

    def _apply(self, obj: Object, owner: str, *, status: bool) -> Object:
        manager = owner + names.STATUS_OWNER_SUFFIX if status else owner
        query = {"fieldManager": manager, "force": "true"}
        return self._write("PATCH", objects.ref_of(obj), body=obj, query=query, form=_APPLY, status=status)

    def _write(self, method: str, ref: Ref, **details: Any) -> Object:  # noqa: ANN401 (see _ask)
        answer = self._ask(method, ref, **details)
        self._cache.put(answer)
        return answer

    def _ask(  # noqa: PLR0913 (a request has this many parts)
        self,
        method: str,
        ref: Ref,
        *,
        body: Object | None = None,
        query: Mapping[str, str] | None = None,
        form: str = "application/json",
        status: bool = False,
        verb: str = "",
    ) -> Object:
        resource = self.discovery.find(ref.kind)
        path = resource.path("" if method == "POST" else ref.name, ref.namespace, "status" if status else "")
        request = Request(method, path, query or {}, None if body is None else _encode(body), form)
        answer = self._send(request, resource, verb or method)
        if answer.status >= 400:
            raise self._refused(ref.kind, answer)
        return _decode(answer)

    def _send(self, request: Request, resource: Resource, verb: str) -> Answer:
        began, code = time.monotonic(), 0
        try:
            answer = self._connection.send(request, self._timeout)
            code = answer.status
        finally:
            self._told(verb, resource.plural, code, time.monotonic() - began)
        return answer

    def _refused(self, kind: Kind, answer: Answer) -> Exception:
        if answer.status == 404:
            self.discovery.forget(kind)
        return refusal(answer)

    def _note_deletion(self, obj: Object, answer: Object) -> None:
        # The server answers with the object while finalizers hold it back, and with a Status when it is gone.
        if answer.get("kind") == "Status":
            self._cache.remove(obj)
        else:
            self._cache.put(answer)

    def _read_document(self, path: str) -> Object:
        began, code = time.monotonic(), 0
        try:
            answer = self._connection.send(Request("GET", path), self._timeout)
            code = answer.status
        finally:
            self._told("GET", "", code, time.monotonic() - began)
        if answer.status >= 400:
            raise refusal(answer)
        return _decode(answer)


def _encode(body: Object) -> bytes:
    return orjson.dumps(body, default=_plain)


def _plain(value: object) -> Json:
    match value:
        case SecretValue():
            # The one place where a secret is revealed to Kubernetes: in the data of a Secret.
            return base64.b64encode(value.reveal()).decode()
        case Mapping():
            return dict(value)
        case _:
            raise TypeError(f"{type(value).__name__} is not JSON")


def _decode(answer: Answer) -> Object:
    try:
        document = orjson.loads(answer.body)
    except ValueError as error:
        raise TransientError("UnreadableAnswer", "the API server answered with something that is not JSON") from error
    if not isinstance(document, dict):
        raise TransientError("UnreadableAnswer", "the API server answered with something that is not an object")
    return document
