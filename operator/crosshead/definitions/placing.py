"""
Where a composite keeps its machinery: the fields by which it is run, beside those that its author thought of.

Composites of the scope LegacyCluster have them directly below `spec`, as all had before Crossplane 2.0. Composites of
the scopes Namespaced and Cluster have them below `spec.crossplane`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any, Final

from crosshead.base.values import Draft, Object


@dataclass(frozen=True, slots=True)
class Machinery:
    """The place of the machinery, and how to read and write what is there."""

    path: tuple[str, ...]

    @property
    def is_legacy(self) -> bool:
        """Whether this is the place before Crossplane 2.0: such composites may have claims and connection secrets."""
        return self == LEGACY

    def of(self, composite: Object) -> Mapping[str, Any]:
        """Return the fields that *composite* has there, below `spec` those of its author among them."""
        found: Mapping[str, Any] = composite
        for step in self.path:
            found = found.get(step) or {}
        return found

    def patch(self, changes: Object) -> Draft:
        """Return *changes* to fields of the machinery as a part of a whole object: to merge into one, or to apply."""
        return reduce(lambda inner, step: {step: inner}, reversed(self.path), dict(changes))

    def field(self, name: str) -> str:
        """Return the whole path of the field *name*, as messages and `fieldRef`s spell it."""
        return ".".join((*self.path, name))


LEGACY: Final = Machinery(("spec",))
MODERN: Final = Machinery(("spec", "crossplane"))
