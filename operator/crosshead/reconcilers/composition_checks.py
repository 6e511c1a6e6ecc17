"""
Tells the author of a composition what the schemas say of it, as Crossplane ≤ 1.20 did when it was applied.

It is told on the Composition, once for every new state of it, and keeps nobody from using it: whoever asks for `strict`
sees the same as a refusal, and what fails is told on the composites.
"""

from typing import Final

from crosshead.base import objects
from crosshead.base.objects import Kind
from crosshead.base.values import Object
from crosshead.compose import schema_faults
from crosshead.reconcilers.conversions import CRD
from crosshead.reconcilers.ports import World

REASON: Final = "SchemaValidation"
_LONGEST: Final = 5


def tell(composition: Object, world: World) -> None:
    """Record what is wrong with *composition* by the schemas of the kinds that it speaks of."""
    unknown: list[Kind] = []

    def crd_of(kind: Kind) -> Object | None:
        crd = _crd(kind, world)
        if crd is None:
            unknown.append(kind)
        return crd

    verdict = schema_faults.judge(composition, crd_of)
    faults = (*verdict.refusals, *verdict.warnings)
    # Where kinds are still to come nothing can be said of them, and that they are to come is no fault.
    if faults and not unknown:
        more = f"; and {len(faults) - _LONGEST} more" if len(faults) > _LONGEST else ""
        world.events.warning(composition, REASON, "; ".join(faults[:_LONGEST]) + more)


def _crd(kind: Kind, world: World) -> Object | None:
    for crd in world.cache.list(CRD):
        spec = objects.spec(crd)
        if (spec["group"], spec["names"]["kind"]) == (kind.group, kind.kind):
            # The cache keeps no schemas of CRDs that are not ours.
            return world.api.fetch(objects.ref_of(crd)) or crd
    return None
