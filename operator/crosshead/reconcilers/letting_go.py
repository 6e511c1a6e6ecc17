"""
Let a composite go that is being deleted, and what it is composed of with it.

Crossplane leaves the deletions to the garbage collector, which asks three times as much of the API server. Whatever we
cannot delete now (a Usage forbids it, the operator stops) the collector still finds by its owner.
"""

from datetime import datetime, timedelta
from typing import Final

from crosshead.base import conditions, names, objects
from crosshead.base.errors import ConflictError
from crosshead.base.values import Object
from crosshead.definitions.placing import Machinery
from crosshead.reconcilers import composed, composite_status, summaries
from crosshead.reconcilers.definitions import CRD
from crosshead.reconcilers.ports import World

# The collector looks for new kinds every thirty seconds; until then it does nothing for their objects.
_UNKNOWN_TO_THE_COLLECTOR: Final = timedelta(seconds=60)


def reconcile(composite: Object, machinery: Machinery, world: World) -> None:
    """Delete the composed resources of *composite*, and take off what holds it back."""
    held = objects.finalizers(composite)
    if names.COMPOSITE_FINALIZER in held:
        _delete_composed(composite, world, foreground=names.FOREGROUND_FINALIZER in held)
    done = {names.COMPOSITE_FINALIZER} | _collectors(composite, machinery, world)
    left = [f for f in held if f not in done]
    if len(left) == len(held):
        return
    if left:
        # Somebody holds on to it: say meanwhile what is going on.
        news, generation = (
            (conditions.deleting(), conditions.synced()),
            composite_status.generation(composite, machinery),
        )
        composite = summaries.write_status(composite, world, *news, generation=generation)
    version = objects.resource_version(composite)
    world.api.patch(objects.ref_of(composite), {"metadata": {"finalizers": left, "resourceVersion": version}})


def _delete_composed(composite: Object, world: World, *, foreground: bool) -> None:
    for obj in world.cache.controlled_by(objects.uid(composite)):
        if not objects.is_deleting(obj):
            # In foreground, what has dependents goes after these, as the collector has it.
            waits = foreground and bool(world.cache.controlled_by(objects.uid(obj)))
            _delete_quietly(obj, world, foreground=waits)


def _delete_quietly(obj: Object, world: World, *, foreground: bool) -> None:
    try:
        world.api.delete(obj, foreground=foreground)
    except ConflictError:
        return  # in use: a Usage's webhook said no; the collector asks again


def _collectors(composite: Object, machinery: Machinery, world: World) -> set[str]:
    """
    Return the finalizer of deletion in foreground when its time has come and the collector would be late.

    It waits for the dependents to be gone, and then takes its finalizer off; but it does not know a kind whose CRD has
    just been made, and everybody would wait half a minute for nothing.
    """
    if names.FOREGROUND_FINALIZER not in objects.finalizers(composite) or not _is_young(composite, world):
        return set()
    seen = composed.observe(composite, machinery, world)
    # What we are not allowed to see may be there: the collector knows.
    if seen.resources or seen.hidden or world.cache.controlled_by(objects.uid(composite)):
        return set()
    return {names.FOREGROUND_FINALIZER}


def _is_young(composite: Object, world: World) -> bool:
    kind = objects.kind_of(composite)
    for crd in world.cache.list(CRD):
        spec = objects.spec(crd)
        if (spec["group"], spec["names"]["kind"]) == (kind.group, kind.kind):
            made = datetime.fromisoformat(objects.metadata(crd)["creationTimestamp"])
            return world.clock.now() - made < _UNKNOWN_TO_THE_COLLECTOR
    return False
