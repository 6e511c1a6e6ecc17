"""
The one write of status at the end of a reconcile.

Everything a pass has found out is written at once, and only when it differs from what the status shows: the news of
yesterday would wake us, and everybody who watches, for ever. It is a merge patch without a resource version: each
condition, and each other field, is written by one reconciler only, so there is nobody to race with.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from crosshead.base import conditions, objects
from crosshead.base.conditions import Condition
from crosshead.base.errors import AbsentError, ForbiddenError, ReconcileError, StalledError
from crosshead.base.values import Json, Object
from crosshead.reconcilers import permissions
from crosshead.reconcilers.ports import Seconds, World

_NOTHING: Mapping[str, Any] = {}
# How long a sentence stands before it may change.
QUIET: Final[Seconds] = 1.0


def write_status(
    obj: Object, world: World, *news: Condition, changes: Object = _NOTHING, generation: int | None = None
) -> Object:
    """
    Write *news* and *changes* into the status of *obj*; return the object as it is now.

    :param obj: the object as this pass last saw or wrote it.
    :param changes: a merge patch of the status: null deletes a key (`replacement` makes one from two values).
    :param generation: the generation the news speak of; None for kinds whose conditions have no `observedGeneration`
        (claims and composites of v1 XRDs): the API server would prune it, and we would write it for ever.
    """
    wanted = {**changes, **_conditions(obj, news, timestamp(world), generation)}
    different = {key: value for key, value in wanted.items() if _changes(objects.status(obj).get(key), value)}
    if not different:
        return obj
    try:
        return world.api.patch(objects.ref_of(obj), {"status": different}, status=True)
    except AbsentError:
        return obj  # it went while we worked: nobody is left to tell
    except ForbiddenError as error:
        # Where no condition can tell it.
        world.events.warning(obj, permissions.REASON, permissions.explained(error))
        raise


def timestamp(world: World) -> str:
    """Return the present as Kubernetes writes it."""
    return world.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")


def replacement(old: Json, new: Json) -> Json:
    """Return the merge patch that turns *old* into *new*: what is no longer there becomes null."""
    if not isinstance(old, Mapping) or not isinstance(new, Mapping):
        return new
    gone = {key: None for key in old if key not in new}
    return {**gone, **{key: replacement(old.get(key), value) for key, value in new.items() if old.get(key) != value}}


def can_wait(obj: Object, news: Iterable[Condition], now: datetime, error: ReconcileError | None = None) -> bool:
    """
    Whether *news* is only another sentence for what *obj* has said just now.

    What it waits for gets done bit by bit within moments, and each change of the sentence would be a write: look again
    after `QUIET`. Where an *error* ended the pass that is not looked at again so soon, it is now or not at all.
    """
    if isinstance(error, StalledError):
        return False
    told = {c.type: c for c in conditions.read(obj)}
    changed = [(told.get(c.type), c) for c in news]
    if any(old is None or (old.status, old.reason) != (new.status, new.reason) for old, new in changed):
        return False
    since = [old.since for old, new in changed if old is not None and old.since and old.message != new.message]
    return any(now - datetime.fromisoformat(moment) < timedelta(seconds=QUIET) for moment in since)


def _conditions(obj: Object, news: Iterable[Condition], now: str, generation: int | None) -> Object:
    known = conditions.read(obj)
    marked = conditions.mark(known, *news, now=now, generation=generation)
    # Compared as sets: the order in which somebody else once wrote them is not worth a write.
    return {"conditions": conditions.write(marked)} if set(marked) != set(known) else {}


def _changes(current: Json, patch: Json) -> bool:
    """Whether merging *patch* into *current* would change it."""
    if not isinstance(patch, Mapping):
        return bool(current != patch)
    if not isinstance(current, Mapping):
        return True
    return any(_changes(current.get(key), value) for key, value in patch.items())
