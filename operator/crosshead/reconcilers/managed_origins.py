"""
What an object has left behind is taken over by the object that comes in its place.

A claim with `deletionPolicy: Orphan` that is deleted leaves its resources in AWS. Applied again, it is composed of
objects with other names and other UIDs; what they share with the former is their origin (`managed.origins`), which is
written on what we create. That alone proves nothing: it is taken over when the object that it was made for is gone from
this cluster, no other object stands for it, there is no second one like it, and nothing differs that cannot be changed.
"""

from collections.abc import Sequence
from typing import Final

from crosshead.base import names, objects
from crosshead.base.errors import NotReadyError
from crosshead.base.objects import Kind, Ref
from crosshead.base.values import Object
from crosshead.managed import origins, policies
from crosshead.managed.external import Left
from crosshead.managed.policies import Verb
from crosshead.reconcilers.managed_knowledge import CREATE, Known
from crosshead.reconcilers.ports import World

# Composites within composites within … are not this many.
_DEEPEST: Final = 16
_TAKEN: Final = "AdoptedExternalResource"
_LEFT: Final = "CannotAdoptExternalResource"


def origin(managed: Object, world: World) -> str:
    """Return the origin of *managed*; "" when it is not known where it comes from."""
    root, path = managed, list[str]()
    while world.cluster and len(path) < _DEEPEST:
        controller = objects.controller(root)
        if controller is None:
            return origins.origin(world.cluster, root, reversed(path))
        called = objects.annotations(root).get(names.COMPOSITION_RESOURCE_NAME)
        above = _controller(root, controller, world)
        if not called or above is None:
            break
        root = above
        path.append(called)
    return ""


def _controller(obj: Object, controller: Object, world: World) -> Object | None:
    """Return the controller of *obj*: beside it, or without a namespace."""
    kind, name = Kind(controller["apiVersion"], controller["kind"]), controller["name"]
    places = dict.fromkeys((objects.namespace(obj), ""))
    found = (world.cache.get(Ref(kind, name, place)) for place in places)
    return next((one for one in found if one is not None and objects.uid(one) == controller["uid"]), None)


def heir(known: Known, left: Sequence[Left], world: World) -> str:
    """
    Return the external name of what is to be taken over of what was *left*; "" for none, and say why.

    :raises NotReadyError: when the object that it was made for is about to let it go.
    """
    free = [one for one in left if _is_free(known, one, world)]
    fitting = [one for one in free if not one.immutable]
    if len(fitting) == 1:
        name = fitting[0].external_name
        text = f"Taken over: {name}, which an object that came before this one has left behind"
        world.events.normal(known.managed, _TAKEN, text)
        return name
    if free:
        world.events.warning(known.managed, _LEFT, _why_not(free, fitting))
    return ""


def _why_not(free: Sequence[Left], fitting: Sequence[Left]) -> str:
    found = ", ".join(one.external_name for one in (fitting or free))
    if fitting:
        why = "there is more than one"
    else:
        fields = dict.fromkeys(f"spec.forProvider.{drift.field}" for one in free for drift in one.immutable)
        why = f"{', '.join(fields)} cannot be changed"
    advice = f"to take one over, set the annotation {names.EXTERNAL_NAME}"
    return f"Not taken over, although an object that came before this one has left it behind: {found} ({why}); {advice}"


def _is_free(known: Known, left: Left, world: World) -> bool:
    """Whether no object stands for what was *left*: as far as we see, which we must."""
    kind = known.facts.kind
    if not world.cache.is_synced(kind):
        raise NotReadyError(CREATE, f"create failed: whose {left.external_name} is will be known in a moment")
    holders = [one for one in world.cache.list(kind) if _holds(one, left) and objects.uid(one) != _uid(known)]
    if any(_lets_go(one) for one in holders):
        names_ = ", ".join(objects.name(one) for one in holders)
        raise NotReadyError(CREATE, f"create failed: waiting for {names_} to let go of {left.external_name}")
    return not holders


def _uid(known: Known) -> str:
    return objects.uid(known.managed)


def _holds(obj: Object, left: Left) -> bool:
    return objects.uid(obj) == left.uid or objects.annotations(obj).get(names.EXTERNAL_NAME) == left.external_name


def _lets_go(obj: Object) -> bool:
    if not objects.is_deleting(obj) or policies.is_paused(objects.spec(obj)) or objects.is_paused(obj):
        return False
    return Verb.DELETE not in policies.allowed(objects.spec(obj))
