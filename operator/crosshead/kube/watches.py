"""
Which kinds are watched, and how their watches are.

A kind that is wanted stays wanted whether it exists or not: its reflector sleeps while there is no CRD, and is woken
when the CRD, which is watched here, too, is Established. So a CRD may come, go and come again as often as it likes.
"""

import logging
import threading
import time
from collections.abc import Mapping, Sequence

from crosshead.base import conditions, names, objects
from crosshead.base.errors import ForbiddenError
from crosshead.base.objects import Kind, Ref
from crosshead.base.values import Object
from crosshead.kube.cache import ObjectCache
from crosshead.kube.client import KubeApi
from crosshead.kube.discovery import CRD, SECRET, is_built_in
from crosshead.kube.reflector import Reflector, State, Timing

Seconds = float
_log = logging.getLogger(__name__)

# A reflector tries something every two minutes at the latest, however silent the API server: beyond, it hangs.
_HANGS = 180.0


class KindWatches:
    """
    The reflectors of all wanted kinds, and of the CRDs themselves, which begins at once. Safe to use from any thread.

    Whoever wants to hear of everything subscribes to the cache before.
    """

    def __init__(self, api: KubeApi, cache: ObjectCache, timing: Timing | None = None) -> None:
        self._api, self._cache, self._timing = api, cache, timing or Timing()
        self._lock = threading.Lock()
        self._reflectors: dict[Kind, Reflector] = {}
        self._stopped = False
        cache.subscribe(self._notice)
        self.start(CRD)

    def start(self, kind: Kind) -> None:
        """
        Watch *kind* from now on; returns at once, and does nothing when it is watched already.

        Secrets are never watched, whoever asks: they would be kept. Whoever needs one fetches it.
        """
        with self._lock:
            if self._stopped or kind in self._reflectors or kind == SECRET:
                return
            self._cache.open(kind)
            reflector = Reflector(kind, self._api, self._cache, self._is_served, self._timing)
            self._reflectors[kind] = reflector
            # In this order: a definition that comes after we have looked kicks the reflector.
            if self._is_defined(kind):
                reflector.start()
            else:
                reflector.rest()

    def stop(self, kind: Kind) -> None:
        """Watch *kind* no longer, and forget its objects."""
        with self._lock:
            reflector = self._reflectors.pop(kind, None)
            if reflector:
                reflector.stop()
                self._cache.close(kind)

    def stop_all(self, timeout: Seconds = 5.0) -> bool:
        """Hang up everywhere, and return whether every thread has ended in time; the cache keeps what it has."""
        with self._lock:
            self._stopped = True
            reflectors = list(self._reflectors.values())
        for reflector in reflectors:
            reflector.stop()
        deadline = time.monotonic() + timeout
        for reflector in reflectors:
            reflector.join(max(0.0, deadline - time.monotonic()))
        return not any(reflector.is_alive() for reflector in reflectors)

    def all_synced(self) -> bool:
        """Whether every wanted kind that exists has been listed."""
        return all(r.state is State.WAITING or self._cache.is_synced(r.kind) for r in self._all())

    def all_settled(self) -> bool:
        """Whether every wanted kind that exists has been listed, or may not be by us: that can last."""
        return all(
            r.state is State.WAITING or r.refusal is not None or self._cache.is_synced(r.kind) for r in self._all()
        )

    def refusal(self, kind: Kind) -> ForbiddenError | None:
        """Return why we are not allowed to watch *kind*, None when we are, as far as is known."""
        with self._lock:
            reflector = self._reflectors.get(kind)
        return reflector.refusal if reflector else None

    def stuck(self, longer_than: Seconds = _HANGS) -> Sequence[Kind]:
        """Return the kinds whose watch has died or hangs. None of these may ever be: it is a bug."""
        return tuple(r.kind for r in self._all() if not r.is_alive() or r.idle_for() > longer_than)

    def silent(self, longer_than: Seconds) -> Sequence[Kind]:
        """Return the kinds of which the API server has told nothing, not even that nothing happens, for so long."""
        return tuple(r.kind for r in self._all() if r.silent_for() > longer_than)

    def is_healthy(self) -> bool:
        """Whether every watch is alive and doing what it can, be the API server there or not."""
        return not self.stuck()

    def troubles(self) -> Mapping[Kind, str]:
        """Return what ails the watches that fail at present."""
        return {r.kind: r.trouble for r in self._all() if r.trouble}

    def states(self) -> Mapping[Kind, State]:
        """Return what each watch is doing."""
        return {r.kind: r.state for r in self._all()}

    def attempts(self) -> Mapping[Kind, int]:
        """Return how often each watch has been begun."""
        return {r.kind: r.attempts for r in self._all()}

    def _all(self) -> Sequence[Reflector]:
        with self._lock:
            return tuple(self._reflectors.values())

    def _notice(self, old: Object | None, new: Object | None) -> None:
        crd = new or old
        if crd is None or objects.kind_of(crd) != CRD:
            return
        if _served_as(old) == _served_as(new) and not _is_changed(old, new):
            return
        group, kind = crd["spec"]["group"], crd["spec"]["names"]["kind"]
        for reflector in self._all():
            if (reflector.kind.group, reflector.kind.kind) != (group, kind):
                continue
            if _served_as(old) != _served_as(new):
                reflector.kick()
            if _is_changed(old, new):
                self._reread(reflector)

    def _reread(self, reflector: Reflector) -> None:
        for delay in self._timing.rereads:
            timer = threading.Timer(delay, reflector.refresh)
            timer.daemon = True
            timer.start()

    def _is_defined(self, kind: Kind) -> bool:
        """Whether there may be such a kind, as far as the cache knows."""
        if is_built_in(kind) or not self._cache.is_synced(CRD):
            return True
        defined = (crd["spec"] for crd in self._cache.list(CRD))
        return any((spec["group"], spec["names"]["kind"]) == (kind.group, kind.kind) for spec in defined)

    def _is_served(self, kind: Kind) -> bool:
        """Ask the API server itself: the cache may be late, and to be told wrongly here is to forget every object."""
        if is_built_in(kind) or not self._cache.is_synced(CRD):
            return True
        for crd in self._cache.list(CRD):
            if (crd["spec"]["group"], crd["spec"]["names"]["kind"]) == (kind.group, kind.kind):
                now = self._api.fetch(Ref(CRD, objects.name(crd)))
                return now is not None and kind.version in _served_as(now)[1]
        return False


def _is_changed(old: Object | None, new: Object | None) -> bool:
    """Whether a CRD is still the same one, but says something else."""
    if old is None or new is None or objects.uid(old) != objects.uid(new):
        return False
    return objects.generation(old) != objects.generation(new)


def _served_as(crd: Object | None) -> tuple[str, frozenset[str]]:
    """Return which CRD it is and the versions that can be used, none before it is established."""
    if crd is None or not conditions.is_true(crd, names.ESTABLISHED):
        return "", frozenset()
    return objects.uid(crd), frozenset(v["name"] for v in crd["spec"]["versions"] if v.get("served"))
