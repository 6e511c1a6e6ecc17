"""Which kinds the XRDs define: from the kind of a claim or a composite to the XRD that says what it is."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from crosshead.base import objects
from crosshead.base.objects import Kind
from crosshead.base.values import Object
from crosshead.definitions import reading
from crosshead.reconcilers.ports import Cache

XRD = Kind("apiextensions.crossplane.io/v1", "CompositeResourceDefinition")


class Role(Enum):
    """What an object of a defined kind is."""

    COMPOSITE = "composite"
    CLAIM = "claim"


@dataclass(frozen=True, slots=True)
class Definition:
    """An XRD, and which of its two kinds was asked for."""

    role: Role
    xrd: Object


class Directory:
    """Remembers the kinds of every XRD, and looks at the XRDs again only when one has changed."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._seen: tuple[str, ...] = ()
        self._known: dict[Kind, Definition] = {}
        self._current: dict[str, Kind] = {}

    def find(self, kind: Kind) -> Definition | None:
        """Return the definition of *kind*, None when no XRD defines it (at the version we watch)."""
        self._look()
        return self._known.get(kind)

    def current(self, kind: Kind) -> Kind:
        """Return *kind* in the version that we watch: references keep the version of the day they were written."""
        self._look()
        return self._current.get(kind.group_kind, kind)

    def _look(self) -> None:
        xrds = self._cache.list(XRD)
        seen = tuple(objects.resource_version(xrd) for xrd in xrds)
        if seen != self._seen:
            self._known = dict(_kinds_of(xrds))
            self._current = {kind.group_kind: kind for kind in self._known}
            # Last: another thread that finds it new must find the rest new, too.
            self._seen = seen


def _kinds_of(xrds: Iterable[Object]) -> list[tuple[Kind, Definition]]:
    found = []
    for xrd in xrds:
        if not any(version.get("referenceable") for version in objects.spec(xrd).get("versions") or ()):
            continue
        found.append((reading.composite_kind(xrd), Definition(Role.COMPOSITE, xrd)))
        if claim := reading.claim_kind(xrd):
            found.append((claim, Definition(Role.CLAIM, xrd)))
    return found
