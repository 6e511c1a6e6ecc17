"""
What the watches, and the answers to our own writes, have shown: the objects of every watched kind.

Three rules keep it true although news comes from many threads and in any order: a newer version is never overwritten by
an older one, nor by itself, unless a list shows it otherwise (a watch may have been cut to an outdated schema); an
object that is known to be gone does not come back (a UID lives once); and whoever listens is told of every change,
wherever it came from, because the watch's echo of our own write changes nothing any more.
"""

import logging
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from crosshead.base import objects
from crosshead.base.objects import Kind, Ref
from crosshead.base.values import Object
from crosshead.kube.discovery import SECRET

_log = logging.getLogger(__name__)

# How many UIDs of each kind are remembered as gone.
_GRAVES = 4096

Key = tuple[str, str]
Change = tuple[Object | None, Object | None]
# `list` is a method of the cache below, and would be taken for it.
Changes = list[Change]
Listener = Callable[[Object | None, Object | None], None]
Shrink = Callable[[Object], Object]


@dataclass(slots=True)
class _Shelf:
    """The objects of one kind, by namespace and name, and the UIDs that are known to be gone."""

    objects: dict[Key, Object] = field(default_factory=dict)
    gone: dict[str, None] = field(default_factory=dict)
    synced: bool = False

    def bury(self, uid: str) -> None:
        """Remember that the object with *uid* is gone, long enough for the slowest thread with old news of it."""
        if uid:
            self.gone[uid] = None
        if len(self.gone) > _GRAVES:
            del self.gone[next(iter(self.gone))]


class ObjectCache:
    """
    The objects of the watched kinds. Safe to use from any thread.

    :param shrink: returns what to keep of an object; done twice, it changes nothing more.
    """

    def __init__(self, shrink: Shrink = lambda obj: obj) -> None:
        self.shrink = shrink
        self._lock = threading.RLock()
        self._shelves: dict[Kind, _Shelf] = {}
        self._controlled: dict[str, dict[Ref, None]] = {}
        self._listeners: tuple[Listener, ...] = ()
        self._sync_listeners: tuple[Callable[[Kind], None], ...] = ()

    def get(self, ref: Ref) -> Object | None:
        """Return the object at *ref*, None when there is none or its kind is not watched."""
        with self._lock:
            shelf = self._shelves.get(ref.kind)
            return shelf.objects.get((ref.namespace, ref.name)) if shelf else None

    def list(self, kind: Kind, namespace: str = "") -> Sequence[Object]:
        """Return the objects of *kind*, of one namespace when it is given, sorted by namespace and name."""
        with self._lock:
            shelf = self._shelves.get(kind)
            found = list(shelf.objects.items()) if shelf else []
        return tuple(obj for key, obj in sorted(found, key=lambda item: item[0]) if namespace in ("", key[0]))

    def controlled_by(self, uid: str) -> Sequence[Object]:
        """Return the objects of every watched kind whose controller has this UID."""
        with self._lock:
            found = [(ref, self.get(ref)) for ref in self._controlled.get(uid, ())]
        return tuple(obj for _, obj in sorted(found, key=lambda item: item[0]) if obj is not None)

    def is_synced(self, kind: Kind) -> bool:
        """Whether *kind* is watched and its first list is complete: only then is an absence a fact."""
        with self._lock:
            shelf = self._shelves.get(kind)
            return shelf is not None and shelf.synced

    def subscribe(self, listener: Listener) -> None:
        """Call *listener* with the old and the new object at every change from now on, in whichever thread made it."""
        with self._lock:
            self._listeners = (*self._listeners, listener)

    def subscribe_sync(self, listener: Callable[[Kind], None]) -> None:
        """Call *listener* whenever a kind's first list is complete."""
        with self._lock:
            self._sync_listeners = (*self._sync_listeners, listener)

    def open(self, kind: Kind) -> None:
        """Keep objects of *kind* from now on; those of other kinds are ignored."""
        if kind == SECRET:
            raise ValueError("secrets are never cached: fetch them when they are needed")
        with self._lock:
            self._shelves.setdefault(kind, _Shelf())

    def close(self, kind: Kind) -> None:
        """Forget the objects of *kind*, silently: it is our interest that has ended, not theirs that has."""
        with self._lock:
            shelf = self._shelves.pop(kind, _Shelf())
            for obj in shelf.objects.values():
                self._unlink(obj)

    def put(self, obj: Object) -> None:
        """Take note of *obj* as somebody has just seen it."""
        kind = objects.kind_of(obj)
        with self._lock:
            shelf = self._shelves.get(kind)
            changes = self._put(shelf, obj) if shelf else []
        self._tell(changes)

    def remove(self, obj: Object) -> None:
        """Take note that *obj*, the one with its UID, is gone."""
        kind = objects.kind_of(obj)
        with self._lock:
            shelf = self._shelves.get(kind)
            changes = self._remove(shelf, obj) if shelf else []
        self._tell(changes)

    def replace(self, kind: Kind, listed: Iterable[Object], version: str) -> None:
        """
        Take note of a complete list of *kind*, made at resource version *version*.

        What is not on it has been deleted while nobody looked, unless it is newer than the list.
        """
        listed = list(listed)
        present = {_key(obj) for obj in listed}
        with self._lock:
            shelf = self._shelves.get(kind)
            if shelf is None:
                return
            missing = [o for k, o in shelf.objects.items() if k not in present and not _is_newer_than(o, version)]
            changes = [change for obj in missing for change in self._remove(shelf, obj)]
            changes += [change for obj in listed for change in self._put(shelf, obj, listed=True)]
            first, shelf.synced = not shelf.synced, True
        self._tell(changes)
        if first:
            self._tell_synced(kind)

    def clear(self, kind: Kind) -> None:
        """Take note that *kind* itself is gone, and every object with it."""
        with self._lock:
            shelf = self._shelves.get(kind)
            if shelf is None:
                return
            shelf.synced = False
            changes = [change for obj in list(shelf.objects.values()) for change in self._remove(shelf, obj)]
        self._tell(changes)

    def counts(self) -> dict[Kind, int]:
        """Return how many objects of each watched kind there are."""
        with self._lock:
            return {kind: len(shelf.objects) for kind, shelf in self._shelves.items()}

    def _put(self, shelf: _Shelf, obj: Object, *, listed: bool = False) -> Changes:
        key, uid = _key(obj), objects.uid(obj)
        old = shelf.objects.get(key)
        if uid not in shelf.gone and is_gone(obj):
            return self._remove(shelf, obj)
        obj = self.shrink(obj)
        if uid in shelf.gone or (old is not None and not (_is_newer(obj, old) or (listed and _is_fuller(obj, old)))):
            return []
        shelf.objects[key] = obj
        if old is None:
            self._link(obj)
            return [(None, obj)]
        self._unlink(old)
        self._link(obj)
        # Deleted and created again between two looks: nobody may take the one for the other.
        return [(old, obj)] if objects.uid(old) == uid else [(old, None), (None, obj)]

    def _remove(self, shelf: _Shelf, obj: Object) -> Changes:
        uid = objects.uid(obj)
        shelf.bury(uid)
        old = shelf.objects.get(_key(obj))
        if old is None or objects.uid(old) != uid:
            return []
        del shelf.objects[_key(obj)]
        self._unlink(old)
        return [(old, None)]

    def _link(self, obj: Object) -> None:
        owner = objects.controller_uid(obj)
        if owner:
            self._controlled.setdefault(owner, {})[objects.ref_of(obj)] = None

    def _unlink(self, obj: Object) -> None:
        owner = objects.controller_uid(obj)
        controlled = self._controlled.get(owner, {})
        controlled.pop(objects.ref_of(obj), None)
        if not controlled:
            self._controlled.pop(owner, None)

    def _tell(self, changes: Iterable[Change]) -> None:
        # Outside the lock: a listener may ask the cache, or wait for somebody who does.
        listeners = self._listeners
        for old, new in changes:
            for listener in listeners:
                _call(listener, old, new)

    def _tell_synced(self, kind: Kind) -> None:
        for listener in self._sync_listeners:
            _call(listener, kind)


def is_gone(obj: Object) -> bool:
    """Whether *obj*, as a write returned it, has ceased to exist: nothing holds back its deletion any more."""
    meta = objects.metadata(obj)
    return bool(
        meta.get("deletionTimestamp") and not meta.get("finalizers") and not meta.get("deletionGracePeriodSeconds")
    )


def _call(listener: Callable[..., None], *news: object) -> None:
    try:
        listener(*news)
    except Exception:  # noqa: BLE001 (one listener's bug must not cost the others the news)
        _log.exception("a listener of the cache failed: this is a bug")


def _key(obj: Object) -> Key:
    return objects.namespace(obj), objects.name(obj)


def _is_newer(obj: Object, old: Object) -> bool:
    return _is_newer_than(obj, objects.resource_version(old))


def _is_fuller(obj: Object, old: Object) -> bool:
    """Whether *obj* is the same version as *old*, but seen by another schema."""
    return objects.resource_version(obj) == objects.resource_version(old) and obj != old


def _is_newer_than(obj: Object, version: str) -> bool:
    """Whether *obj* is newer than *version*. An API server whose versions are no numbers is believed."""
    mine = objects.resource_version(obj)
    if mine.isdigit() and version.isdigit():
        return int(mine) > int(version)
    return mine != version
