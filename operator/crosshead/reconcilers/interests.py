"""
Which composites have asked for which objects: required resources of functions, which nobody owns or refers to.

Kept in memory: a restart composes every composite again, and so learns it anew.
"""

from collections.abc import Iterable, Iterator
from threading import Lock

from crosshead.base import objects
from crosshead.base.objects import Ref
from crosshead.base.values import Object
from crosshead.compose.protocol import Selector


class Interests:
    """Selectors by the composite whose functions asked with them. Safe to use from any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._asked: dict[Ref, tuple[Selector, ...]] = {}

    def note(self, composite: Ref, selectors: Iterable[Selector]) -> None:
        """Remember what the functions of *composite* asked for last; nothing ends the interest."""
        wanted = tuple(selectors)
        with self._lock:
            self._asked.pop(composite, None)
            if wanted:
                self._asked[composite] = wanted

    def interested(self, old: Object | None, new: Object | None) -> Iterator[Ref]:
        """Yield the composites that what became of an object concerns."""
        seen = [obj for obj in (old, new) if obj is not None]
        with self._lock:
            asked = list(self._asked.items())
        for composite, wanted in asked:
            if any(selects(selector, obj) for selector in wanted for obj in seen):
                yield composite


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
