"""
What is done to an external resource: one action per pass, and then another look at what came of it.

Around a create whose identity the outside world chooses stands the protocol of `managed.creation`: the intent is
written before it, under the version we have read, and the result after it, whatever was written in between.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from crosshead.base import conditions, names, objects
from crosshead.base.conditions import Condition
from crosshead.base.errors import (
    AbsentError,
    AlreadyExistsError,
    NotReadyError,
    ReconcileError,
    StalledError,
    ThrottledError,
    TransientError,
)
from crosshead.managed import creation, drifts, polling
from crosshead.managed.external import Created, Observation
from crosshead.managed.facts import Naming
from crosshead.managed.lifecycle import Action, decide
from crosshead.managed.policies import Verb
from crosshead.reconcilers.managed_connecting import declare
from crosshead.reconcilers.managed_inheriting import inherit
from crosshead.reconcilers.managed_knowledge import (
    CREATE,
    DELETE,
    INITIALIZE,
    OBSERVE,
    UPDATE,
    Known,
    worded,
)
from crosshead.reconcilers.managed_preparing import annotate, patch
from crosshead.reconcilers.managed_secrets import publish
from crosshead.reconcilers.ports import External, Seconds, World

# Finalizers of the garbage collector: they do not ask us to wait.
_COLLECTORS: Final = frozenset({names.FOREGROUND_FINALIZER, "orphan", names.MANAGED_FINALIZER})
_MOMENT: Final = 5.0


def observe(known: Known, world: World) -> Known:
    """Look at the external resource; take note of an identity that we did not know."""
    with worded("observe failed", OBSERVE):
        declared = replace(declare(known), patience=_patience(known, world))
        seen = _external(known).observe(declared)
    known = replace(known, seen=seen, ready=_ready(seen, known))
    found = _found(known, world)
    return replace(known, managed=annotate(known.managed, found, world)) if found else known


def _patience(known: Known, world: World) -> Seconds:
    """
    Return how old may be what we are shown, so that one listing can answer many.

    Of what is settled, as old as the times of its checks are spread; of what is under way, a moment. Who asks for a
    look wants one.
    """
    managed = known.managed
    requested = objects.annotations(managed).get(names.RECONCILE_REQUESTED_AT)
    if requested and requested != objects.status(managed).get("lastHandledReconcileAt"):
        return 0.0
    interval = polling.interval(objects.annotations(managed), world.pace.poll_interval).total_seconds()
    spread = 2 * world.pace.poll_jitter * interval
    return spread if conditions.is_true(managed, names.READY) else min(spread, _MOMENT)


def act(known: Known, world: World) -> Known:
    """Do what the life cycle asks for next."""
    annotations = objects.annotations(known.managed)
    if not known.seen.exists and not known.facts.deterministic and creation.is_incomplete(annotations):
        raise StalledError(INITIALIZE, creation.LOST)
    deleting = objects.is_deleting(known.managed)
    recent = creation.is_recent(annotations, world.clock.now(), world.pace.creation_grace)
    # What was shown before and is no more, is gone.
    recent = recent and not (deleting and objects.status(known.managed).get("atProvider"))
    action = decide(known.seen, known.allowed, deleting=deleting, recent=recent)
    if action is Action.CREATE and (heir := inherit(known, world)) is not known:
        known = observe(heir, world)
        action = decide(known.seen, known.allowed, deleting=deleting)
    return _ACTS[action](known, world)


def release(known: Known, world: World) -> Known:
    """Take our finalizer off: nothing outside depends on the object any more, or what does may stay."""
    # The collector's own, too: its dependents are ours, and it may be unable to list the kind in its newest version.
    done = {names.MANAGED_FINALIZER, names.FOREGROUND_FINALIZER}
    left = [name for name in objects.finalizers(known.managed) if name not in done]
    version = objects.resource_version(known.managed)
    try:
        ref = objects.ref_of(known.managed)
        world.api.patch(ref, {"metadata": {"finalizers": left, "resourceVersion": version}})
    except AbsentError:
        pass  # somebody took the finalizer off already
    known.memory.forget(objects.ref_of(known.managed))
    return replace(known, released=True)


def _nothing(known: Known, world: World) -> Known:
    del world
    return known


def _wait(known: Known, world: World) -> Known:
    if not known.seen.exists:
        waiting = "Waiting for external resource existence to be confirmed"
        world.events.normal(known.managed, "PendingExternalResource", waiting)
    return replace(known, waiting="the external resource is changing")


def _miss(known: Known, world: World) -> Known:
    del known, world
    raise NotReadyError(OBSERVE, "observe failed: external resource does not exist")


def _create(known: Known, world: World) -> Known:
    known = _intend(known, world)
    with worded("create failed", CREATE):
        try:
            created = _external(known).create(declare(known))
        except (ReconcileError, AbsentError, AlreadyExistsError) as error:
            _note_failure(known, error, world)
            raise
    known = _note_success(known, created, world)
    world.events.normal(
        known.managed, "CreatedExternalResource", "Successfully requested creation of external resource"
    )
    publish(known.managed, created.connection, known, world)
    known = replace(observe(known, world), operation="created")
    return known if known.seen.exists and not known.seen.busy else replace(known, waiting="it was just created")


def _update(known: Known, world: World) -> Known:
    changes = drifts.changes(known.seen.drift)
    # AWS may have made the change all the same, and then nothing else would ever tell it.
    with worded("update failed", UPDATE, after=f" (to change {changes})"):
        _external(known).update(declare(known), known.seen)
    text = f"Successfully requested update of external resource: {changes}"
    world.events.normal(known.managed, "UpdatedExternalResource", text)
    known = replace(observe(known, world), operation=f"updated: {changes}")
    return replace(known, waiting="it was just updated") if known.seen.busy else known


def _refuse(known: Known, world: World) -> Known:
    del world
    text = f"refuse to change {drifts.changes(known.seen.immutable)}: that requires replacing the external resource"
    raise StalledError(UPDATE, f"update failed: {text}")


def _delete(known: Known, world: World) -> Known:
    if not _COLLECTORS.issuperset(objects.finalizers(known.managed)):
        return known  # others still want something of it, and the end of that is a change we shall see
    with worded("delete failed", DELETE):
        _external(known).delete(declare(known))
    world.events.normal(
        known.managed, "DeletedExternalResource", "Successfully requested deletion of external resource"
    )
    known = observe(known, world)
    return replace(known, waiting="it is being deleted") if known.seen.exists else release(known, world)


_ACTS: Final[Mapping[Action, Callable[[Known, World], Known]]] = MappingProxyType(
    {
        Action.NOTHING: _nothing,
        Action.CREATE: _create,
        Action.UPDATE: _update,
        Action.REFUSE: _refuse,
        Action.DELETE: _delete,
        Action.RELEASE: release,
        Action.WAIT: _wait,
        Action.MISS: _miss,
    }
)


def _external(known: Known) -> External:
    if known.external is None:
        raise TypeError("connect must have run before")
    return known.external


def _ready(seen: Observation, known: Known) -> Condition | None:
    if objects.is_deleting(known.managed):
        return conditions.deleting()
    if seen.exists:
        return seen.ready
    return conditions.creating() if Verb.CREATE in known.allowed else None


def _found(known: Known, world: World) -> dict[str, str]:
    """Return the annotations that a look has brought: the identity, and that a create of unknown end succeeded."""
    annotations = objects.annotations(known.managed)
    found: dict[str, str] = {}
    if not known.seen.exists:
        return found
    if known.seen.external_name and not annotations.get(names.EXTERNAL_NAME):
        found[names.EXTERNAL_NAME] = known.seen.external_name
    if creation.is_incomplete(annotations):
        found[names.CREATE_SUCCEEDED] = creation.stamp(world.clock.now())
    return found


def _intend(known: Known, world: World) -> Known:
    """Say that we are about to create: a conflict here means that somebody else may be, too."""
    if known.facts.deterministic:
        return known
    pending = {names.CREATE_PENDING: creation.stamp(world.clock.now())}
    return replace(known, managed=patch(known.managed, {"metadata": {"annotations": pending}}, world))


def _note_failure(known: Known, error: Exception, world: World) -> None:
    """Write that the create has failed, when that is certain: after a lost answer nobody knows."""
    uncertain = isinstance(error, TransientError) and not isinstance(error, ThrottledError)
    if not known.facts.deterministic and not uncertain:
        annotate(known.managed, {names.CREATE_FAILED: creation.stamp(world.clock.now())}, world)


def _note_success(known: Known, created: Created, world: World) -> Known:
    annotations: dict[str, str] = {}
    if created.external_name and created.external_name != objects.annotations(known.managed).get(names.EXTERNAL_NAME):
        annotations[names.EXTERNAL_NAME] = created.external_name
    # Where the name is ours, and a create can be repeated, it is worth no write of its own.
    if known.facts.naming is Naming.BY_PROVIDER or not known.facts.deterministic:
        annotations[names.CREATE_SUCCEEDED] = creation.stamp(world.clock.now())
    return replace(known, managed=annotate(known.managed, annotations, world)) if annotations else known
