"""
Let a composite go that is being deleted, and what it is composed of with it.

Crossplane leaves the deletions to the garbage collector, which asks three times as much of the API server. Whatever we
cannot delete now (a Usage forbids it, the operator stops) the collector still finds by its owner.
"""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from crosshead.base import conditions, names, objects
from crosshead.base.errors import AbsentError, ConflictError
from crosshead.base.values import Object
from crosshead.definitions.placing import Machinery
from crosshead.reconcilers import composed, composite_status, summaries
from crosshead.reconcilers.definitions import CRD
from crosshead.reconcilers.ports import Seconds, World

# The collector looks for new kinds every thirty seconds; until then it does nothing for their objects.
_UNKNOWN_TO_THE_COLLECTOR: Final = timedelta(seconds=60)
# It does nothing at all while it cannot list some kind, whoever's: one whose conversion webhook is down will do.
_STUCK: Final = timedelta(seconds=15)


def reconcile(composite: Object, machinery: Machinery, world: World) -> Seconds | None:
    """Delete the composed resources of *composite*, and take off what holds it back; return when to look again."""
    held = objects.finalizers(composite)
    if names.COMPOSITE_FINALIZER in held:
        _delete_composed(composite, world, foreground=names.FOREGROUND_FINALIZER in held)
    patience = _patience(composite, machinery, world)
    done = {names.COMPOSITE_FINALIZER, *([names.FOREGROUND_FINALIZER] if patience == 0 else [])}
    left = [f for f in held if f not in done]
    if len(left) == len(held):
        return patience
    if left:
        # Somebody holds on to it: say meanwhile what is going on.
        news, generation = (
            (conditions.deleting(), conditions.synced()),
            composite_status.generation(composite, machinery),
        )
        composite = summaries.write_status(composite, world, *news, generation=generation)
    version = objects.resource_version(composite)
    with suppress(AbsentError):  # the collector was faster
        world.api.patch(objects.ref_of(composite), {"metadata": {"finalizers": left, "resourceVersion": version}})
    return patience


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


def _patience(composite: Object, machinery: Machinery, world: World) -> Seconds | None:
    """
    Return how long the collector may still take to let a composite go that is being deleted in foreground.

    It waits for the dependents to be gone, and then takes its finalizer off. Where it is late, everybody would wait for
    nothing. None says that it is not its turn yet.
    """
    if names.FOREGROUND_FINALIZER not in objects.finalizers(composite):
        return None
    seen = composed.observe(composite, machinery, world)
    # What we are not allowed to see may be there: the collector knows.
    if seen.resources or seen.hidden or world.cache.controlled_by(objects.uid(composite)):
        return None
    if _is_young(composite, world):
        return 0.0
    asked = datetime.fromisoformat(objects.metadata(composite)["deletionTimestamp"])
    return max(0.0, (asked + _STUCK - world.clock.now()).total_seconds())


def _is_young(composite: Object, world: World) -> bool:
    kind = objects.kind_of(composite)
    for crd in world.cache.list(CRD):
        spec = objects.spec(crd)
        if (spec["group"], spec["names"]["kind"]) == (kind.group, kind.kind):
            made = datetime.fromisoformat(objects.metadata(crd)["creationTimestamp"])
            return world.clock.now() - made < _UNKNOWN_TO_THE_COLLECTOR
    return False
