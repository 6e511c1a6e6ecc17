"""
Reconcile a Composition: every state it has been in is a CompositionRevision, numbered in the order of use.

As Crossplane does: going back to an earlier state numbers its revision anew instead of making a second one, and
revisions are never collected while the Composition lives.
"""

from crosshead.base import objects
from crosshead.base.errors import AlreadyExistsError
from crosshead.base.objects import Kind, Ref
from crosshead.base.values import Object
from crosshead.compose import revisions as naming
from crosshead.reconcilers import composition_checks, selection
from crosshead.reconcilers.ports import Seconds, World

COMPOSITION = Kind("apiextensions.crossplane.io/v1", "Composition")
REVISION = Kind("apiextensions.crossplane.io/v1", "CompositionRevision")


def reconcile(ref: Ref, world: World) -> Seconds | None:
    """See to it that the revision with the highest number is the state of the Composition at *ref*."""
    composition = world.cache.get(ref)
    if composition is None or objects.is_deleting(composition):
        return None
    existing = selection.of_composition(ref.name, world.cache.list(REVISION))
    existing = [_adopted(revision, composition, world) for revision in existing]
    latest = max(map(selection.number, existing), default=0)
    current = naming.name(composition, naming.digest(composition))
    # The name tells, not the label: a Composition's own labels may override that.
    same = next((r for r in existing if objects.name(r) == current), None)
    if same is None:
        _create(naming.make(composition, latest + 1), composition, world)
    elif selection.number(same) < latest:
        world.api.patch(objects.ref_of(same), {"spec": {"revision": latest + 1}})
        world.events.normal(composition, "UpdateRevision", f"Updated revision {objects.name(same)!r} to {latest + 1}")
    return None


def _adopted(revision: Object, composition: Object, world: World) -> Object:
    if objects.controller_uid(revision):
        return revision
    # A revision restored from a backup has lost its owner; without one no composite may use it.
    owners = [*(objects.metadata(revision).get("ownerReferences") or ()), objects.controller_reference(composition)]
    version = objects.resource_version(revision)
    changes = {"metadata": {"ownerReferences": owners, "resourceVersion": version}}
    return world.api.patch(objects.ref_of(revision), changes)


def _create(revision: Object, composition: Object, world: World) -> None:
    try:
        world.api.create(revision)
    except AlreadyExistsError:
        return  # made a moment ago; the cache has not seen it yet
    world.events.normal(composition, "CreateRevision", f"Created revision {objects.name(revision)!r}")
    composition_checks.tell(composition, world)
