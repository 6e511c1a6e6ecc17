"""
Reconcile a CompositeResourceDefinition: the CRDs it makes exist, are watched, and are offered.

The order is load-bearing. Finalizers before CRDs: a CRD that outlived its XRD could not be cleaned up. On the way
down the claims go before the composites, the composites before their CRD, and the finalizers last: an XRD is gone
only when nothing of its kinds is left.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from crosshead.base import conditions, names, objects
from crosshead.base.conditions import Condition
from crosshead.base.errors import (
    AlreadyExistsError,
    ConflictError,
    ForbiddenError,
    NotReadyError,
    ReconcileError,
    StalledError,
)
from crosshead.base.objects import Kind, Ref
from crosshead.base.values import Object
from crosshead.definitions import checking, comparing, reading, rendering
from crosshead.reconcilers import permissions, steps, summaries
from crosshead.reconcilers.ports import Seconds, World

CRD = Kind("apiextensions.k8s.io/v1", "CustomResourceDefinition")
# For so long an API server may refuse, or drop, what the schema that it has just been given allows.
_SETTLING: Final[Seconds] = 2.0


@dataclass(frozen=True, slots=True)
class Known:
    """What this reconcile has found out so far."""

    xrd: Object
    dropped: set[str]
    news: tuple[Condition, ...] = ()
    controllers: Object | None = None


def reconcile(ref: Ref, world: World, dropped: set[str]) -> Seconds | None:
    """
    Make the CRDs of the XRD at *ref*, or take them away.

    *dropped* remembers which schema keywords this API server is too old to keep (1.20 has no CEL): without it their
    absence would be written again and again.
    """
    xrd = world.cache.get(ref)
    if xrd is None or objects.is_paused(xrd):
        return None
    order = DOWN if objects.is_deleting(xrd) else UP
    known, error = steps.run(order, Known(xrd, dropped), world)
    _summarise(known, error, world)
    if error is not None:
        raise error
    return _SETTLING if order is UP and not _are_known(xrd, world) else None


def check(known: Known, world: World) -> Known:
    """Stop before anything is written when the XRD cannot work as written."""
    del world
    checking.check(known.xrd)
    return known


def hold(known: Known, world: World) -> Known:
    """Put our finalizers on the XRD, one write for both."""
    wanted = [names.DEFINED_FINALIZER]
    if reading.claim_kind(known.xrd) is not None:
        wanted.append(names.OFFERED_FINALIZER)
    held = objects.finalizers(known.xrd)
    missing = [f for f in wanted if f not in held]
    if not missing:
        return known
    return replace(known, xrd=_write_finalizers(known.xrd, [*held, *missing], world))


def establish(known: Known, world: World) -> Known:
    """Have the CRD of the composite kind as the XRD says, served, and watched."""
    if (crd := _own_crd(known.xrd, objects.name(known.xrd), world)) is not None:
        checking.check_move(known.xrd, crd)
    _offer(known, rendering.composite_crd(known.xrd), world)
    kind = reading.composite_kind(known.xrd)
    _watch(known.xrd, "compositeResourceType", kind, world)
    established = Condition(names.ESTABLISHED, "True", "WatchingCompositeResource")
    controllers = {"compositeResourceType": _type_reference(kind)}
    return replace(known, news=(*known.news, established), controllers=controllers)


def offer(known: Known, world: World) -> Known:
    """Have the CRD of the claim kind as the XRD says, served, and watched; nothing without claim names."""
    crd, kind = rendering.claim_crd(known.xrd), reading.claim_kind(known.xrd)
    if crd is None or kind is None:
        return known
    _offer(known, crd, world)
    _watch(known.xrd, "compositeResourceClaimType", kind, world)
    offered = Condition(names.OFFERED, "True", "WatchingCompositeResourceClaim")
    controllers = {**(known.controllers or {}), "compositeResourceClaimType": _type_reference(kind)}
    return replace(known, news=(*known.news, offered), controllers=controllers)


def check_permissions(known: Known, world: World) -> Known:
    """Stop, and say so, when we are not allowed to watch what we offer: nothing of it would ever move."""
    for kind in _kinds(known.xrd):
        if (refusal := world.watches.refusal(kind)) is not None:
            raise ForbiddenError(permissions.REASON, permissions.explained(refusal))
    return known


def keep_watching(known: Known, world: World) -> Known:
    """Watch what is to go until it has gone: a restart may fall in between, and claims need to see their composites."""
    for name in (reading.claim_crd_name(known.xrd), objects.name(known.xrd)):
        crd = _own_crd(known.xrd, name, world)
        if crd is not None:
            world.watches.start(reading.stored_kind(crd))
    return known


def retire_claims(known: Known, world: World) -> Known:
    """Delete every claim, then their CRD; wait until both are gone."""
    gone = Condition(names.OFFERED, "False", "TerminatingCompositeResourceClaim")
    name = reading.claim_crd_name(known.xrd)
    known = replace(known, news=(*known.news, gone) if name else known.news)
    return _retire(known, name, world)


def retire_composites(known: Known, world: World) -> Known:
    """Delete every composite, then their CRD; wait until both are gone."""
    gone = Condition(names.ESTABLISHED, "False", "TerminatingCompositeResource")
    known = replace(known, news=(*known.news, gone))
    return _retire(known, objects.name(known.xrd), world)


def release(known: Known, world: World) -> Known:
    """Take our finalizers off: nothing of the XRD's kinds is left."""
    ours = {names.DEFINED_FINALIZER, names.OFFERED_FINALIZER}
    held = objects.finalizers(known.xrd)
    if ours & set(held):
        for former in (objects.status(known.xrd).get("controllers") or {}).values():
            if former:
                world.watches.stop(Kind(former["apiVersion"], former["kind"]))
        world.events.normal(known.xrd, "TerminateComposite", "Deleted composite resource CustomResourceDefinition")
        _write_finalizers(known.xrd, [f for f in held if f not in ours], world)
    return known


UP = (check, hold, establish, offer, check_permissions)
DOWN = (keep_watching, retire_claims, retire_composites, release)


def _kinds(xrd: Object) -> Iterator[Kind]:
    yield reading.composite_kind(xrd)
    if claim := reading.claim_kind(xrd):
        yield claim


def _are_known(xrd: Object, world: World) -> bool:
    """Whether the objects of *xrd* have been listed: until then we do not know whether we are allowed to."""
    return all(world.cache.is_synced(kind) for kind in _kinds(xrd))


def _offer(known: Known, desired: Object, world: World) -> None:
    xrd, name = known.xrd, objects.name(desired)
    observed = world.cache.get(Ref(CRD, name))
    _refuse_foreign(xrd, observed, name)
    if observed is None:
        observed = _create(desired, world)
        known.dropped.update(comparing.dropped_keywords(desired, observed))
        world.events.normal(xrd, "EstablishComposite", f"Applied CustomResourceDefinition {name!r}")
    elif not comparing.is_current(desired, observed, dropped=known.dropped):
        # PUT, as Crossplane does: an apply of fields that an old API server does not know is refused whole.
        sent = comparing.replacement(desired, observed)
        observed = world.api.replace(sent)
        known.dropped.update(comparing.dropped_keywords(sent, observed))
        world.events.normal(xrd, "EstablishComposite", f"Updated CustomResourceDefinition {name!r}")
        for obj in world.cache.list(reading.stored_kind(desired)):
            world.requests.add(objects.ref_of(obj), delay=_SETTLING)
    _await_established(observed, name)


def _create(crd: Object, world: World) -> Object:
    try:
        return world.api.create(crd)
    except AlreadyExistsError as error:
        text = f"CustomResourceDefinition {objects.name(crd)!r} was created by somebody else meanwhile"
        raise ConflictError("EstablishComposite", text) from error


def _watch(xrd: Object, role: str, kind: Kind, world: World) -> None:
    """Watch *kind*, and no longer the version of it that was the referenceable one before."""
    world.watches.start(kind)
    former = (objects.status(xrd).get("controllers") or {}).get(role)
    if former and Kind(former["apiVersion"], former["kind"]) != kind:
        world.watches.stop(Kind(former["apiVersion"], former["kind"]))


def _refuse_foreign(xrd: Object, observed: Object | None, name: str) -> None:
    if observed is None or objects.controller_uid(observed) == objects.uid(xrd):
        return
    owner = objects.controller(observed)
    whose = f"controlled by {owner['kind']} {owner['name']!r}" if owner else "not controlled by any XRD"
    raise StalledError(
        "EstablishComposite",
        f"cannot apply CustomResourceDefinition {name!r}: it exists and is {whose}; "
        f"choose other names, or delete it first",
    )


def _await_established(crd: Object, name: str) -> None:
    if conditions.is_true(crd, names.ESTABLISHED):
        return
    accepted = conditions.find(crd, "NamesAccepted")
    if accepted is not None and accepted.status == "False":
        raise StalledError("EstablishComposite", f"CustomResourceDefinition {name!r}: {accepted.message}")
    raise NotReadyError("EstablishComposite", f"waiting for CustomResourceDefinition {name!r} to be established")


def _retire(known: Known, crd_name: str | None, world: World) -> Known:
    crd = _own_crd(known.xrd, crd_name, world)
    if crd is None:
        return known
    # Asked of the CRD, not of the XRD: that may have been broken since.
    kind = reading.stored_kind(crd)
    left = _left(kind, crd, world)
    _delete(left, world)
    if left:
        raise NotReadyError("TerminateComposite", f"waiting for {len(left)} {kind.kind} to be deleted")
    if not objects.is_deleting(crd):
        world.api.delete(crd)
    raise NotReadyError("TerminateComposite", f"waiting for CustomResourceDefinition {crd_name!r} to be deleted")


def _own_crd(xrd: Object, name: str | None, world: World) -> Object | None:
    crd = world.cache.get(Ref(CRD, name)) if name else None
    return crd if crd is not None and objects.controller_uid(crd) == objects.uid(xrd) else None


def _left(kind: Kind, crd: Object, world: World) -> Sequence[Object]:
    """
    Return the objects of *kind* that are left.

    Raises `NotReadyError` until they are known: a CRD that went before them would leave those with finalizers to
    nobody, for ever.
    """
    if not world.cache.is_synced(kind) and conditions.is_true(crd, names.ESTABLISHED):
        raise NotReadyError("TerminateComposite", f"waiting to know every {kind.kind}")
    return world.cache.list(kind)


def _delete(left: Iterable[Object], world: World) -> None:
    for obj in left:
        if not objects.is_deleting(obj):
            world.api.delete(obj)


def _write_finalizers(xrd: Object, finalizers: list[str], world: World) -> Object:
    version = objects.resource_version(xrd)
    return world.api.patch(objects.ref_of(xrd), {"metadata": {"finalizers": finalizers, "resourceVersion": version}})


def _type_reference(kind: Kind) -> Object:
    return {"apiVersion": kind.api_version, "kind": kind.kind}


def _summarise(known: Known, error: ReconcileError | None, world: World) -> None:
    news = known.news
    if isinstance(error, StalledError):
        # Crossplane shows nothing on a broken XRD but events; a condition tells Argo CD and people why.
        news = (*news, conditions.sync_error(error.message))
        world.events.warning(known.xrd, error.reason, error.message)
    elif error is None and conditions.find(known.xrd, names.SYNCED) is not None:
        news = (*news, conditions.synced())
    changes = {"controllers": known.controllers} if known.controllers else {}
    if news or changes:
        summaries.write_status(known.xrd, world, *news, changes=changes)
