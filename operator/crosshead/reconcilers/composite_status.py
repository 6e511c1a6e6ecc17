"""What a composite reports of itself: conditions, events and status, from what a pass has found out."""

from collections.abc import Mapping
from typing import Any

from crosshead.base import conditions, objects
from crosshead.base.conditions import Condition
from crosshead.base.errors import NotReadyError, ReconcileError
from crosshead.base.values import Draft, Object
from crosshead.compose import rendering
from crosshead.reconcilers.ports import World


def listed(words: list[str]) -> str:
    """Return *words* sorted, the first three named: "a, b, c, and 2 more", as Crossplane prints them."""
    words = sorted(words)
    if len(words) > 3:
        return f"{', '.join(words[:3])}, and {len(words) - 3} more"
    if len(words) < 3:
        return " and ".join(words)
    return f"{words[0]}, {words[1]}, and {words[2]}"


def news(
    rendered: rendering.Rendered | None,
    conclusion: rendering.Conclusion | None,
    unsynced: tuple[str, ...],
    error: ReconcileError | None,
) -> tuple[Condition, ...]:
    """Return the conditions that tell how the pass has ended."""
    if error is not None:
        # What is ready stays ready: an error of ours is no outage of theirs.
        return (conditions.sync_error(error.message),)
    synced = conditions.synced()
    if unsynced:
        synced = conditions.sync_error(f"Unsynced resources: {listed(list(unsynced))}{_why(rendered)}")
    ready = conclusion.ready if conclusion is not None else {}
    unready = [name for name, is_ready in ready.items() if not is_ready]
    return (synced, conditions.creating(f"Unready resources: {listed(unready)}") if unready else conditions.available())


def _why(rendered: rendering.Rendered | None) -> str:
    """The first fault of a template: it is stable, and says more than that there is one."""
    faults = [f"{one.name}: {one.error}" for one in (rendered.resources if rendered else ()) if one.error]
    return f" ({faults[0]})" if faults else ""


def status_changes(composite: Object, conclusion: rendering.Conclusion | None, published: str) -> Draft:
    """Return what the composed resources patch into the composite's status, and when its Secret was written."""
    changes: Draft = {}
    if conclusion is not None:
        changes = _differences(objects.status(composite), objects.status(conclusion.written))
        changes.pop("conditions", None)
    if published:
        changes["connectionDetails"] = {"lastPublishedTime": published}
    return changes


def spec_changes(composite: Object, written: Object) -> Draft:
    """Return what the composed resources patch into the composite outside its status."""
    changes: Draft = {}
    if spec := _differences(objects.spec(composite), objects.spec(written)):
        changes["spec"] = spec
    metadata: Draft = {}
    for part in ("labels", "annotations"):
        ours, theirs = (objects.metadata(o).get(part) or {} for o in (composite, written))
        if different := _differences(ours, theirs):
            metadata[part] = different
    return {**changes, **({"metadata": metadata} if metadata else {})}


def _differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> Draft:
    """Return the merge patch that adds what is new; patches of composed resources never remove."""
    changes: Draft = {}
    for key, value in new.items():
        before = old.get(key)
        if isinstance(before, Mapping) and isinstance(value, Mapping):
            if below := _differences(before, value):
                changes[key] = below
        elif key not in old or before != value:
            changes[key] = value
    return changes


def tell(
    composite: Object,
    rendered: rendering.Rendered | None,
    unsynced: tuple[str, ...],
    error: ReconcileError | None,
    world: World,
) -> None:
    """Record what went wrong as events."""
    if error is not None and not isinstance(error, NotReadyError):
        world.events.warning(composite, error.reason, error.message)
    for one in rendered.resources if rendered else ():
        if one.error and one.name in unsynced:
            text = f"cannot render composed resource from resource template {one.name!r}: {one.error}"
            world.events.warning(composite, "ComposeResources", text)
