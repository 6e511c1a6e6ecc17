"""
Which composites have asked for which objects: required resources of functions, which nobody owns or refers to.

Kept in memory: a restart composes every composite again, and so learns it anew.
"""

from collections.abc import Iterable, Iterator
from threading import Lock

from crosshead.base import objects
from crosshead.base.objects import Kind, Ref
from crosshead.base.values import Object
from crosshead.compose.protocol import Selector


class Interests:
    """
    Selectors by the composite whose functions asked with them. Safe to use from any thread.

    Of every object that changes it is asked who cares, and nearly always nobody does: so they are found by kind.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._asked: dict[Ref, tuple[Selector, ...]] = {}
        self._asking: dict[Kind, dict[Ref, None]] = {}

    def note(self, composite: Ref, selectors: Iterable[Selector]) -> None:
        """Remember what the functions of *composite* asked for last; without any, its interest ends."""
        wanted = tuple(selectors)
        with self._lock:
            known = self._asked.get(composite, ())
            if wanted == known:
                return
            for kind in _kinds(known) - _kinds(wanted):
                self._asking[kind].pop(composite)
            for kind in _kinds(wanted):
                self._asking.setdefault(kind, {})[composite] = None
            self._asked.pop(composite, None)
            if wanted:
                self._asked[composite] = wanted

    def interested(self, old: Object | None, new: Object | None) -> Iterator[Ref]:
        """Yield the composites that what became of an object concerns."""
        seen = [obj for obj in (old, new) if obj is not None]
        with self._lock:
            asked = {ref: self._asked[ref] for obj in seen for ref in self._asking.get(objects.kind_of(obj), ())}
        for composite, wanted in asked.items():
            if any(selects(selector, obj) for selector in wanted for obj in seen):
                yield composite


def _kinds(selectors: Iterable[Selector]) -> set[Kind]:
    return {Kind(selector.api_version, selector.kind) for selector in selectors}


def selects(selector: Selector, obj: Object) -> bool:
    """Whether *selector* selects *obj*."""
    if (selector.api_version, selector.kind) != (obj["apiVersion"], obj["kind"]):
        return False
    if selector.namespace and selector.namespace != objects.namespace(obj):
        return False
    if selector.match_name is not None:
        return selector.match_name == objects.name(obj)
    labels = objects.labels(obj)
    return all(labels.get(k) == v for k, v in (selector.match_labels or {}).items())
