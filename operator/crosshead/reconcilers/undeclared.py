"""
Fields that a composition sets, and that their kind's schema does not have.

Crossplane's own Resources mode has the API server merge such a resource, which drops these fields without a word, and
not a few published compositions live by that. A server-side apply of the same resource is refused whole. So the fields
are left out, which is told by an event, and remembered for as long as the kind's definition stays the same.
"""

import re
from collections.abc import Callable, Iterable
from threading import Lock
from typing import Final

from crosshead.base import drafts, objects
from crosshead.base.encoding import normalized
from crosshead.base.errors import InvalidObjectError
from crosshead.base.fieldpaths import FieldPathError
from crosshead.base.objects import Kind
from crosshead.base.values import Draft, Object
from crosshead.reconcilers.definitions import CRD
from crosshead.reconcilers.ports import Cache

# As the API server says it, of one field or, in lines of their own, of several.
_REFUSAL: Final = re.compile(r"\.(\S+): field not declared in schema")


class Undeclared:
    """Which fields of which kinds have turned out to be unknown. Safe to use from any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._paths: dict[tuple[Kind, int], tuple[str, ...]] = {}

    def note(self, kind: Kind, paths: Iterable[str], cache: Cache) -> None:
        """Remember that *kind* has no fields at *paths*."""
        key = (kind, _generation(kind, cache))
        with self._lock:
            others = {other: found for other, found in self._paths.items() if other[0] != kind}
            self._paths = {**others, key: tuple(sorted({*self._paths.get(key, ()), *paths}))}

    def without(self, obj: Object, cache: Cache) -> Object:
        """Return *obj* without the fields that its kind is known not to have."""
        kind, known = objects.kind_of(obj), self._paths
        if not any(kind == other for other, _ in known):
            return obj
        return pruned(obj, known.get((kind, _generation(kind, cache)), ()))


def leaving_out(
    desired: Object, attempt: Callable[[Object], Object], known: Undeclared, cache: Cache
) -> tuple[Object, tuple[str, ...]]:
    """
    Return what *attempt* makes of *desired*, and the fields that it had to be tried again without.

    Raises what *attempt* raises when it was refused for anything else.
    """
    desired, lost = known.without(desired, cache), set[str]()
    while True:
        try:
            return attempt(desired), tuple(sorted(lost))
        except InvalidObjectError as error:
            less = pruned(desired, refused(error))
            if less == desired:
                raise
            lost |= set(refused(error))
            known.note(objects.kind_of(desired), refused(error), cache)
            desired = less


def refused(error: InvalidObjectError) -> tuple[str, ...]:
    """Return the paths of the fields that the API server refused an object for; empty when it did so otherwise."""
    return tuple(sorted(set(_REFUSAL.findall(error.message))))


def pruned(obj: Object, paths: Iterable[str]) -> Object:
    """Return *obj* without what is at *paths*; those that are spelled as we cannot read are left alone."""
    draft: Draft = normalized(obj)
    for path in paths:
        try:
            drafts.remove(draft, path)
        except FieldPathError:
            continue
    return draft


def _generation(kind: Kind, cache: Cache) -> int:
    for crd in cache.list(CRD):
        spec = objects.spec(crd)
        if (spec["group"], spec["names"]["kind"]) == (kind.group, kind.kind):
            return objects.generation(crd)
    return 0
