"""
What an object has left behind is taken over by the object that comes in its place.

A claim with `deletionPolicy: Orphan` that is deleted leaves its resources in AWS. Applied again, it is composed of
objects with other names and other UIDs; what they share with the former is their origin (`managed.origins`), which is
written on what we create. That alone proves nothing: it is taken over when the object that it was made for is gone from
this cluster, no other object stands for it, there is no second one like it, and nothing differs that cannot be changed.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from crosshead.base import names, objects
from crosshead.base.errors import NotReadyError, StalledError
from crosshead.base.values import Object
from crosshead.managed import policies
from crosshead.managed.external import Left
from crosshead.managed.facts import Naming
from crosshead.managed.policies import Verb
from crosshead.reconcilers import managed_origins
from crosshead.reconcilers.managed_connecting import declare
from crosshead.reconcilers.managed_knowledge import CREATE, OBSERVE, Known, worded
from crosshead.reconcilers.managed_preparing import annotate
from crosshead.reconcilers.ports import World

_TAKEN: Final = "AdoptedExternalResource"
_LEFT: Final = "CannotAdoptExternalResource"


def give_name(known: Known, world: World) -> Known:
    """Write the external name that had to wait: that of what is taken over, or else the object's own."""
    if not managed_origins.names_late(known.managed, known.facts, world):
        return known
    name = (Verb.CREATE in known.allowed and _heirloom(known, world)) or objects.name(known.managed)
    return replace(known, managed=annotate(known.managed, {names.EXTERNAL_NAME: name}, world))


def inherit(known: Known, world: World) -> Known:
    """Take over what was left behind, if there is such a thing, instead of creating another."""
    is_named = known.facts.naming is Naming.BY_US or bool(objects.annotations(known.managed).get(names.EXTERNAL_NAME))
    if is_named or not (known.facts.heritable and known.origin):
        return known
    name = _heirloom(known, world)
    return replace(known, managed=annotate(known.managed, {names.EXTERNAL_NAME: name}, world)) if name else known


def _heirloom(known: Known, world: World) -> str:
    """
    Return the external name of what is to be taken over; "" for none, and say why.

    :raises NotReadyError: when another object is about to let it go.
    """
    if known.external is None:
        raise TypeError("connect must have run before")
    with worded("observe failed", OBSERVE):
        left = known.external.left(declare(known))
    free = [one for one in left if _is_free(known, one, world)]
    fitting = [one for one in free if not one.immutable]
    if len(fitting) == 1:
        name = fitting[0].external_name
        world.events.normal(
            known.managed, _TAKEN, f"Taken over: {name}, left behind by an object that this one replaces"
        )
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
    return f"Not taken over: {found}, left behind by an object that this one replaces ({why}); {advice}"


def _is_free(known: Known, left: Left, world: World) -> bool:
    """Whether no object stands for what was *left*: as far as we see, which we must."""
    kind = known.facts.kind
    if not world.cache.is_synced(kind):
        raise NotReadyError(CREATE, f"create failed: whose {left.external_name} is will be known in a moment")
    holders = [
        one for one in world.cache.list(kind) if _holds(one, left) and objects.uid(one) != objects.uid(known.managed)
    ]
    if any(_lets_go(one) for one in holders):
        who = ", ".join(objects.name(one) for one in holders)
        raise NotReadyError(CREATE, f"create failed: waiting for {who} to let go of {left.external_name}")
    return not holders


def _holds(obj: Object, left: Left) -> bool:
    return objects.uid(obj) == left.uid or objects.annotations(obj).get(names.EXTERNAL_NAME) == left.external_name


def _lets_go(obj: Object) -> bool:
    if not objects.is_deleting(obj) or policies.is_paused(objects.spec(obj)) or objects.is_paused(obj):
        return False
    try:
        return Verb.DELETE not in policies.allowed(objects.spec(obj))
    except StalledError:
        return False
