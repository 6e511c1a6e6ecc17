"""
The resources that a composite desires, applied: each by itself, so that one that is refused does not hold up the rest.

Crossplane goes on only after those that the API server finds invalid. A permission that is missing is no reason either
why the others should not exist.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from crosshead.base import applying, naming, objects
from crosshead.base.errors import AbsentError, ForbiddenError, InvalidObjectError, StalledError
from crosshead.base.values import Object
from crosshead.compose import rendering
from crosshead.reconcilers import permissions
from crosshead.reconcilers.ports import Seconds, World
from crosshead.reconcilers.undeclared import Undeclared, leaving_out

# How soon we try again what we were not allowed to do. A kind that we may not even list is tried for more often.
_PERMITTED: Final[Seconds] = 30.0


@dataclass(slots=True)
class Applied:
    """
    What came of applying.

    *resources* are the composed resources as they are now, by the name of their template; *unsynced* are those that
    are not as desired, with what the API server said. *refusal* is the last refusal that permissions would lift.
    """

    resources: dict[str, Object] = field(default_factory=dict)
    unsynced: dict[str, str] = field(default_factory=dict)
    refusal: ForbiddenError | None = None


def apply(
    composite: Object,
    rendered: rendering.Rendered,
    observed: Mapping[str, Object],
    undeclared: Undeclared | None,
    world: World,
) -> Applied:
    """
    Apply every rendered resource that is not as desired yet.

    Those that the API server refuses, because they are invalid or because we may not, are told and left as they are;
    anything else ends the pass. With *undeclared*, fields that a kind does not have are left out instead.
    """
    done = Applied({one.name: observed[one.name] for one in rendered.resources if one.name in observed})
    owner = naming.composed_owner(composite)
    for one in rendered.resources:
        if one.object is None:
            done.unsynced[one.name] = ""
            continue
        attempt = partial(_apply, observed=observed.get(one.name), owner=owner, world=world)
        try:
            done.resources[one.name], lost = _apply_declared(one.object, attempt, undeclared, world)
        except (InvalidObjectError, ForbiddenError) as error:
            _note_refusal(done, one.name, error, composite, world)
            continue
        if lost:
            text = f"composed resource {one.name!r} is applied without {', '.join(lost)}: its kind has no such field"
            world.events.warning(composite, "ComposeResources", text)
    return done


def check_places(composite: Object, rendered: rendering.Rendered, world: World) -> None:
    """
    Raise `StalledError` when a resource could not be where it would have to be: before anything is written, deleted.

    The collector takes what is outside of namespaces and belongs to an object in one for an orphan. The words are
    Crossplane's (≥ 2.0), the second sentence is that of its client.
    """
    for one in rendered.resources:
        if one.object is not None and (fault := _misplaced(one.name, one.object, composite, world)):
            raise StalledError("ComposeResources", f"cannot compose resources: {fault}")


def _misplaced(name: str, desired: Object, composite: Object, world: World) -> str:
    kind = objects.kind_of(desired)
    try:
        is_namespaced = world.api.is_namespaced(kind)
    except AbsentError:
        return ""  # not served, or not yet: that is another story
    if objects.namespace(composite) and not is_namespaced:
        what = f'"{name}" (a {kind.kind} named {objects.name(desired)})'
        return f"cannot apply cluster scoped composed resource {what} for a namespaced composite resource."
    if is_namespaced and not objects.namespace(desired):
        why = "an empty namespace may not be set when a resource name is provided"
        return f'cannot apply composed resource "{name}": {why}: a {kind.kind} needs metadata.namespace'
    return ""


def _note_refusal(
    done: Applied, name: str, error: InvalidObjectError | ForbiddenError, composite: Object, world: World
) -> None:
    """Note and tell that *name* was refused; raise *error* when all others would be, too."""
    if error.reason == "Unauthorized":
        raise error
    done.unsynced[name] = permissions.explained(error)
    text = f"cannot apply composed resource {name!r}: {done.unsynced[name]}"
    reason = permissions.REASON if permissions.is_missing(error) else "ComposeResources"
    world.events.warning(composite, reason, text)
    if isinstance(error, ForbiddenError):
        done.refusal = error
        world.requests.add(objects.ref_of(composite), delay=_PERMITTED)


def _apply_declared(
    desired: Object, attempt: Callable[[Object], Object], undeclared: Undeclared | None, world: World
) -> tuple[Object, tuple[str, ...]]:
    if undeclared is None:
        return attempt(desired), ()
    return leaving_out(desired, attempt, undeclared, world.cache)


def _apply(desired: Object, observed: Object | None, owner: str, world: World) -> Object:
    world.watches.start(objects.kind_of(desired))
    if observed is None:
        _refuse_foreign(desired, world)
        return _written(desired, owner, world)
    if objects.is_deleting(observed) or applying.is_applied(desired, observed, owner):
        return observed
    # Under the UID an apply can only update what we have seen, never bring back what is gone.
    metadata = {**objects.metadata(desired), "uid": objects.uid(observed)}
    return _written({**desired, "metadata": metadata}, owner, world)


def _refuse_foreign(desired: Object, world: World) -> None:
    """A forced apply would take over an object of the same name: never what somebody else controls."""
    existing = world.cache.get(objects.ref_of(desired))
    if existing is None:
        return
    controller = objects.controller(existing)
    ours = objects.controller_uid(desired)
    if controller is not None and controller.get("uid") != ours:
        raise StalledError(
            "ComposeResources",
            f"cannot compose resources: {objects.ref_of(desired)} is controlled by "
            f"{controller.get('kind')} {controller.get('name')!r}",
        )


def _written(desired: Object, owner: str, world: World) -> Object:
    try:
        return world.api.apply(desired, owner)
    except AbsentError as error:
        kind = objects.kind_of(desired)
        raise StalledError(
            "ComposeResources",
            f"cannot compose resources: the API server knows no kind {kind.kind} in {kind.api_version}",
        ) from error
