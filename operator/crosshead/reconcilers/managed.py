"""
Reconcile one managed resource with the external resource that it stands for.

The steps run in order and the order is load-bearing. The finalizer and the identity are written before anything outside
is touched; references have their values before the account is asked; the external resource is looked at before it is
changed, and again after; status is written last, and once. Whatever interrupts a pass, the next one heals it: what we
have made outside carries a name that we chose, or that we wrote that we were about to ask for.
"""

import zlib
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from crosshead.base import conditions, names, objects
from crosshead.base.conditions import Condition
from crosshead.base.errors import ConflictError, ForbiddenError, NotReadyError, ReconcileError, ThrottledError
from crosshead.base.objects import Ref
from crosshead.base.values import Draft, Object
from crosshead.managed import drifts, late, policies, polling
from crosshead.managed.policies import Verb
from crosshead.reconcilers import managed_secrets, steps, summaries
from crosshead.reconcilers.managed_acting import act, observe, release
from crosshead.reconcilers.managed_connecting import connect, forget_credentials
from crosshead.reconcilers.managed_inheriting import give_name
from crosshead.reconcilers.managed_knowledge import CONNECT, CREATE, DELETE, UPDATE, Known, Step
from crosshead.reconcilers.managed_memory import Memory
from crosshead.reconcilers.managed_preparing import patch, prepare, require_references
from crosshead.reconcilers.managed_secrets import read_secrets
from crosshead.reconcilers.ports import Seconds, World
from crosshead.reconcilers.provider_configs import config_of

_SOONEST: Final[Seconds] = 0.5
_FAILURES: Final = MappingProxyType(
    {CREATE: "AsyncCreateFailure", UPDATE: "AsyncUpdateFailure", DELETE: "AsyncDeleteFailure"}
)
_FORBIDDEN: Final = "not corrected, because spec.managementPolicies do not allow Update"
_PAUSED_BY_EITHER: Final = (
    "Reconciliation is paused either through the `spec.managementPolicies` or the pause annotation"
)


def reconcile(ref: Ref, memory: Memory, world: World) -> Seconds | None:
    """Bring the external resource of the managed resource at *ref* one step further; return when to look again."""
    managed, facts = world.cache.get(ref), world.provider.facts(ref.kind)
    if managed is None or facts is None:
        memory.forget(ref)
        return None
    if objects.is_paused(managed) or policies.is_paused(objects.spec(managed)):
        _pause(managed, world)
        return None
    if objects.is_deleting(managed) and names.MANAGED_FINALIZER not in objects.finalizers(managed):
        return None  # we have let it go already, or never held it
    known, error = steps.run((permit,), Known(managed, facts, memory), world)
    if error is None:
        known, error = steps.run(_steps(known), known, world)
    return _conclude(known, error, world)


def permit(known: Known, world: World) -> Known:
    """Find out what we may do."""
    del world
    return replace(known, allowed=policies.allowed(objects.spec(known.managed)))


def late_initialise(known: Known, world: World) -> Known:
    """Write into the spec what the outside world chose for fields that the user left out."""
    if not known.seen.exists or known.seen.busy or Verb.LATE_INITIALIZE not in known.allowed:
        return known
    spec = objects.spec(known.managed)
    missing = late.additions(spec.get("forProvider") or {}, spec.get("initProvider") or {}, known.seen.late)
    if not missing:
        return known
    return replace(known, managed=patch(known.managed, {"spec": {"forProvider": missing}}, world))


def publish_connection(known: Known, world: World) -> Known:
    """Put what is needed to connect into the connection Secret."""
    if known.seen.exists:
        managed_secrets.publish(known.managed, known.seen.connection, known, world)
    return known


ARRIVING: Final[tuple[Step, ...]] = (
    prepare,
    require_references,
    read_secrets,
    connect,
    give_name,
    observe,
    act,
    late_initialise,
    publish_connection,
)
LEAVING: Final[tuple[Step, ...]] = (connect, observe, act)
# The external resource stays: not even a look at it is needed, nor credentials that may be gone.
ORPHANING: Final[tuple[Step, ...]] = (release,)


def _steps(known: Known) -> tuple[Step, ...]:
    if not objects.is_deleting(known.managed):
        return ARRIVING
    return LEAVING if Verb.DELETE in known.allowed else ORPHANING


def _pause(managed: Object, world: World) -> None:
    by_annotation = objects.is_paused(managed)
    paused = conditions.paused() if by_annotation else conditions.paused(_PAUSED_BY_EITHER)
    summaries.write_status(managed, world, paused, generation=objects.generation(managed))
    world.events.normal(managed, "ReconciliationPaused", _PAUSED_BY_EITHER)


def _conclude(known: Known, error: ReconcileError | None, world: World) -> Seconds | None:
    """Tell how the pass has ended, in status and events; return when to look again, or raise what went wrong."""
    if isinstance(error, ForbiddenError):
        forget_credentials(known, world)
    if known.released:
        return None
    if not _is_no_news(error):
        _summarise(known, error, world)
    if error is not None:
        raise error
    if known.waiting:
        raise NotReadyError("PendingExternalResource", known.waiting)
    return _next_look(known, world)


def _is_no_news(error: ReconcileError | None) -> bool:
    """Whether there is nothing to tell: somebody wrote first, and the next pass will see it; or it is not our turn."""
    return isinstance(error, ConflictError) or (isinstance(error, ThrottledError) and error.reason == CONNECT)


def _summarise(known: Known, error: ReconcileError | None, world: World) -> None:
    drift = _left_alone(known) if error is None else ""
    synced = replace(conditions.synced(), message=drift) if error is None else conditions.sync_error(error.message)
    told = (known.ready, _last_operation(known, error))
    news = (*known.seen.conditions, *(one for one in told if one is not None), synced)
    generation = objects.generation(known.managed)
    summaries.write_status(known.managed, world, *news, changes=_changes(known, world), generation=generation)
    if error is not None:
        world.events.warning(known.managed, error.reason, error.message)
    elif drift and not _has_told(known.managed, drift):
        world.events.normal(known.managed, "DriftDetected", drift)


def _left_alone(known: Known) -> str:
    """Say what differs from what is declared, and stays so because we may not change it."""
    if not known.seen.exists or known.seen.busy or Verb.UPDATE in known.allowed or objects.is_deleting(known.managed):
        return ""
    parameters = objects.spec(known.managed).get("forProvider") or {}
    found = tuple(drifts.of_user((*known.seen.drift, *known.seen.immutable), parameters))
    return f"{_FORBIDDEN}: {drifts.differences(found)}" if found else ""


def _has_told(managed: Object, message: str) -> bool:
    told = conditions.find(managed, names.SYNCED)
    return told is not None and told.message == message


def _last_operation(known: Known, error: ReconcileError | None) -> Condition | None:
    """Return how the last operation has ended, as upstream's provider says; a failure that is no more is forgotten."""
    if not known.facts.asynchronous:
        return None
    if error is not None:
        failure = _FAILURES.get(error.reason)
        return Condition(names.LAST_OPERATION, "False", failure, error.message) if failure else None
    last = conditions.find(known.managed, names.LAST_OPERATION)
    is_mended = last is not None and last.status == "False" and known.seen.exists and not known.seen.drift
    if known.operation or is_mended:
        return Condition(names.LAST_OPERATION, "True", "Success", known.operation)
    return None


def _changes(known: Known, world: World) -> Draft:
    changes: Draft = {"observedGeneration": objects.generation(known.managed)}
    status = objects.status(known.managed)
    if known.seen.exists:
        changes["atProvider"] = summaries.replacement(status.get("atProvider"), known.seen.at_provider)
    requested = objects.annotations(known.managed).get(names.RECONCILE_REQUESTED_AT)
    if requested and requested != status.get("lastHandledReconcileAt"):
        changes["lastHandledReconcileAt"] = requested
        world.events.normal(known.managed, "ReconcileRequestHandled", f"Handled reconcile request {requested!r}")
    return changes


def _next_look(known: Known, world: World) -> Seconds:
    interval = polling.interval(objects.annotations(known.managed), world.pace.poll_interval).total_seconds()
    if known.facts.listed:
        # Once in every interval, within the time that a listing is believed for.
        delay = world.dice.jitter(interval * world.pace.poll_jitter, 1.0)
        seen_at = world.clock.now().timestamp() - known.seen.age
        poll = polling.until_slot(seen_at, interval, _phase(known.managed)) - known.seen.age + delay
    else:
        poll = world.dice.jitter(interval, world.pace.poll_jitter)
    poll = max(poll, _SOONEST)
    return poll if known.seen.again is None else min(poll, known.seen.again)


def _phase(managed: Object) -> float:
    """Return when in each interval those are looked at that one listing shows: not all accounts at once."""
    region = (objects.spec(managed).get("forProvider") or {}).get("region")
    place = f"{objects.kind_of(managed).group} {config_of(managed)} {region}"
    return zlib.crc32(place.encode()) / 2**32
