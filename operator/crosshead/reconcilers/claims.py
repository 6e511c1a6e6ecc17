"""
Reconcile a claim: one composite exists for it, is as it declares, and reports back.

The order is load-bearing. The claim names its composite before the composite exists: a crash between the two leaves a
name of nothing, which the next pass fills, and never a second composite.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from crosshead.base import applying, conditions, names, naming, objects
from crosshead.base.conditions import Condition
from crosshead.base.errors import ConflictError, NotReadyError, ReconcileError, StalledError
from crosshead.base.objects import Ref
from crosshead.base.values import Object
from crosshead.definitions import reading
from crosshead.reconcilers import binding, connections, steps, summaries
from crosshead.reconcilers.ports import Seconds, World

_WAITING = "Claim is waiting for composite resource to become Ready"


@dataclass(frozen=True, slots=True)
class Known:
    """What this reconcile has found out so far."""

    claim: Object
    xrd: Object
    composite: Object | None = None
    published: str = ""


def reconcile(ref: Ref, xrd: Object, world: World) -> Seconds | None:
    """Bind the claim at *ref* to its composite, or let both go."""
    claim = world.cache.get(ref)
    if claim is None:
        return None
    if objects.is_paused(claim):
        _pause(claim, world)
        return None
    order = DOWN if objects.is_deleting(claim) else UP
    known, error = steps.run(order, Known(claim, xrd), world)
    quiet = _summarise(known, error, world) if order is UP or error is not None else None
    if error is not None:
        raise error
    return quiet


def find_composite(known: Known, world: World) -> Known:
    """Look up the composite that the claim names; it may not exist (yet)."""
    reference = objects.spec(known.claim).get("resourceRef")
    if not reference:
        return known
    kind = reading.composite_kind(known.xrd)
    if not world.cache.is_synced(kind):
        raise NotReadyError("BindCompositeResource", f"cannot get composite resource: {kind.kind} is not watched yet")
    return replace(known, composite=world.cache.get(Ref(kind, reference["name"])))


def refuse_a_stranger(known: Known, world: World) -> Known:
    """Stop when the composite belongs to another claim: two claims must never share one."""
    del world
    if known.composite is not None and binding.is_bound_to_another(known.composite, known.claim):
        whose = objects.spec(known.composite)["claimRef"]
        raise StalledError(
            "BindCompositeResource",
            f"cannot bind composite resource: refusing to operate on composite {objects.name(known.composite)!r} that "
            f"is not bound to this claim: it is bound to claim {whose.get('namespace')}/{whose.get('name')}",
        )
    return known


def leave_a_stranger(known: Known, world: World) -> Known:
    """Forget a composite that belongs to another claim: a claim that goes must not take it along."""
    del world
    if known.composite is not None and binding.is_bound_to_another(known.composite, known.claim):
        return replace(known, composite=None)
    return known


def bind(known: Known, world: World) -> Known:
    """Write our finalizer and the name of the composite on the claim, in one write, before the composite exists."""
    changes = _binding_changes(known, world)
    if not changes:
        return known
    claim = world.api.patch(objects.ref_of(known.claim), changes)
    return replace(known, claim=claim)


def apply_composite(known: Known, world: World) -> Known:
    """Make the composite what the claim declares; no write when it is."""
    name = objects.spec(known.claim)["resourceRef"]["name"]
    kind = reading.composite_kind(known.xrd)
    enforced = bool(reading.enforced_composition_ref(known.xrd))
    desired = binding.composite(known.claim, name, kind, known.composite, enforced=enforced)
    if known.composite is not None and applying.is_applied(desired, known.composite, names.CLAIM_OWNER):
        return known
    if known.composite is not None:
        if objects.is_deleting(known.composite):
            return known
        # An apply re-creates what is gone; under the UID it can only update what we have seen.
        desired["metadata"]["uid"] = objects.uid(known.composite)
    composite = world.api.apply(desired, names.CLAIM_OWNER)
    if known.composite is None:
        world.events.normal(known.claim, "BindCompositeResource", "Successfully bound composite resource")
    _refuse_a_loss(desired, composite)
    return replace(known, composite=composite)


def _refuse_a_loss(desired: Object, composite: Object) -> None:
    """An API server that has not caught up with a changed schema drops new fields without a word."""
    if lost := binding.lost(desired, composite):
        fields = ", ".join(lost)
        text = f"composite resource {objects.name(composite)!r} did not take {fields}: its schema has no such field yet"
        raise NotReadyError("BindCompositeResource", f"cannot bind composite resource: {text}")


def bring_back(known: Known, world: World) -> Known:
    """Write on the claim what the composite has chosen."""
    if known.composite is None:
        return known
    enforced = bool(reading.enforced_composition_ref(known.xrd))
    changes = binding.brought_back(known.claim, known.composite, enforced=enforced)
    if not changes:
        return known
    return replace(known, claim=world.api.patch(objects.ref_of(known.claim), changes))


def propagate_connection(known: Known, world: World) -> Known:
    """Copy the composite's connection Secret to the claim's namespace, once the composite is ready."""
    if known.composite is None or not conditions.is_true(known.composite, names.READY):
        return known
    published = connections.propagate(known.composite, known.claim, world)
    return replace(known, published=published)


def delete_composite(known: Known, world: World) -> Known:
    """Delete the composite; with policy Foreground wait until it is gone."""
    if known.composite is None:
        return known
    foreground = objects.spec(known.claim).get("compositeDeletePolicy") == "Foreground"
    if not objects.is_deleting(known.composite):
        world.api.delete(known.composite, foreground=foreground)
        world.events.normal(
            known.claim, "DeleteCompositeResource", "Successfully requested deletion of composite resource"
        )
    if foreground and world.cache.get(objects.ref_of(known.composite)) is not None:
        raise NotReadyError("DeleteCompositeResource", "waiting for the composite resource to be deleted")
    return known


def release(known: Known, world: World) -> Known:
    """Take our finalizer off."""
    held = objects.finalizers(known.claim)
    if names.CLAIM_FINALIZER in held:
        left = [f for f in held if f != names.CLAIM_FINALIZER]
        version = objects.resource_version(known.claim)
        metadata = {"finalizers": left, "resourceVersion": version}
        world.api.patch(objects.ref_of(known.claim), {"metadata": metadata})
    return known


UP = (find_composite, refuse_a_stranger, bind, apply_composite, bring_back, propagate_connection)
DOWN = (find_composite, leave_a_stranger, delete_composite, release)


def _binding_changes(known: Known, world: World) -> Object:
    metadata: dict[str, object] = {}
    held = objects.finalizers(known.claim)
    if names.CLAIM_FINALIZER not in held:
        metadata["finalizers"] = [*held, names.CLAIM_FINALIZER]
    reference = objects.spec(known.claim).get("resourceRef") or {}
    kind = reading.composite_kind(known.xrd)
    # The version that composites are referred to in may have moved on since.
    wanted = {"apiVersion": kind.api_version, "kind": kind.kind, "name": reference.get("name")}
    spec: dict[str, object] = {}
    if reference != wanted:
        spec["resourceRef"] = {**wanted, "name": wanted["name"] or _free_name(known, world)}
    if not metadata and not spec:
        return {}
    # Finalizers are a list, written whole: only on top of what we have seen.
    metadata["resourceVersion"] = objects.resource_version(known.claim)
    return {"metadata": metadata, **({"spec": spec} if spec else {})}


def _free_name(known: Known, world: World) -> str:
    kind = reading.composite_kind(known.xrd)
    for _ in range(10):
        base = naming.random_base(f"{objects.name(known.claim)}-")
        name = base + world.dice.suffix(naming.RANDOM_LENGTH)
        if world.cache.get(Ref(kind, name)) is None:
            return name
    raise ConflictError("BindCompositeResource", "cannot find a free name for the composite resource")


def _pause(claim: Object, world: World) -> None:
    summaries.write_status(claim, world, conditions.paused())
    world.events.normal(claim, "ReconciliationPaused", names.PAUSED_MESSAGE)


def _summarise(known: Known, error: ReconcileError | None, world: World) -> Seconds | None:
    if isinstance(error, ConflictError):
        return None
    changes: dict[str, object] = {}
    news = list(_news(known, error))
    if known.composite is not None:
        changes = binding.status_changes(known.claim, known.composite)
        news.extend(_custom(known.composite))
    if known.published:
        changes["connectionDetails"] = {"lastPublishedTime": known.published}
    if error is not None and not isinstance(error, NotReadyError):
        world.events.warning(known.claim, error.reason, error.message)
    soon = error is None and _will_soon_know_more(known, world)
    if not changes and (soon or summaries.can_wait(known.claim, news, world.clock.now(), error)):
        return summaries.QUIET
    summaries.write_status(known.claim, world, *news, changes=changes)
    return None


def _will_soon_know_more(known: Known, world: World) -> bool:
    """Whether the composite is about to say for the first time what it waits for: one status then, instead of two."""
    silent = known.composite is not None and not conditions.read(known.composite)
    if not silent or conditions.read(known.claim):
        return False
    created = datetime.fromisoformat(objects.metadata(known.claim)["creationTimestamp"])
    return world.clock.now() - created < timedelta(seconds=summaries.QUIET)


def _news(known: Known, error: ReconcileError | None) -> tuple[Condition, ...]:
    if objects.is_deleting(known.claim):
        failed = error is not None and not isinstance(error, NotReadyError)
        synced = conditions.sync_error(error.message) if failed and error else conditions.synced()
        return (conditions.deleting(), synced)
    if error is not None:
        return (conditions.sync_error(error.message),)
    composite = known.composite
    ready = composite is not None and conditions.is_true(composite, names.READY) and not objects.is_deleting(composite)
    return (conditions.synced(), conditions.available() if ready else conditions.waiting(_why(composite)))


def _why(composite: Object | None) -> str:
    """Say what the composite waits for: the sentence people look for first."""
    for sort in (names.SYNCED, names.READY):
        found = conditions.find(composite, sort) if composite is not None else None
        if found is not None and found.status == "False" and found.message:
            return f"{_WAITING}: {found.message}"
    return _WAITING


def _custom(composite: Object) -> list[Condition]:
    """Return the conditions that a composition wants to show on the claim as well (Crossplane ≥ 1.17)."""
    wanted = set(objects.status(composite).get("claimConditionTypes") or ())
    return [c for c in conditions.read(composite) if c.type in wanted]
