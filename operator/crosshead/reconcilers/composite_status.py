"""What a composite reports of itself: conditions, events and status, from what a pass has found out."""

from collections.abc import Mapping
from typing import Any, Final

from crosshead.base import conditions, names, objects
from crosshead.base.conditions import Condition
from crosshead.base.errors import NotReadyError, ReconcileError
from crosshead.base.objects import Kind, Ref
from crosshead.base.values import Draft, Object
from crosshead.compose import outcomes, pipelines, rendering, sentences
from crosshead.compose.pipelines import Outcome
from crosshead.compose.protocol import Ready, Severity, Target
from crosshead.definitions.placing import Machinery
from crosshead.reconcilers import permissions, summaries
from crosshead.reconcilers.ports import World

# Parts of the status that are not for functions to take away.
_MACHINERY: Final = frozenset({"conditions", "connectionDetails", "claimConditionTypes", "lastHandledReconcileAt"})


def generation(composite: Object, machinery: Machinery) -> int | None:
    """Return the generation that conditions of *composite* speak of; those of before Crossplane 2.0 do not say."""
    return None if machinery.is_legacy else objects.generation(composite)


def news(
    rendered: rendering.Rendered | None,
    conclusion: rendering.Conclusion | None,
    unsynced: Mapping[str, str],
    error: ReconcileError | None,
) -> tuple[Condition, ...]:
    """Return the conditions that tell how the pass has ended."""
    if error is not None:
        # What is ready stays ready: an error of ours is no outage of theirs.
        return (conditions.sync_error(permissions.explained(error)),)
    synced = conditions.synced()
    if unsynced:
        synced = conditions.sync_error(f"Unsynced resources: {sentences.listed(unsynced)}{_why(rendered, unsynced)}")
    ready = conclusion.ready if conclusion is not None else {}
    unready = [name for name, is_ready in ready.items() if not is_ready]
    return (synced, sentences.readiness(unready))


def _why(rendered: rendering.Rendered | None, unsynced: Mapping[str, str]) -> str:
    """The first fault of a template, or of what came of it: it is stable, and says more than that there is one."""
    errors = {one.name: one.error for one in (rendered.resources if rendered else ()) if one.error}
    faults = [f"{name}: {why}" for name, said in unsynced.items() if (why := errors.get(name) or said)]
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
    unsynced: Mapping[str, str],
    error: ReconcileError | None,
    world: World,
) -> None:
    """Record what went wrong as events."""
    if error is not None and not isinstance(error, NotReadyError):
        reason = permissions.REASON if permissions.is_missing(error) else error.reason
        world.events.warning(composite, reason, permissions.explained(error))
    for one in rendered.resources if rendered else ():
        if one.error and one.name in unsynced:
            text = f"cannot render composed resource from resource template {one.name!r}: {one.error}"
            world.events.warning(composite, "ComposeResources", text)


def tell_results(composite: Object, outcome: Outcome, world: World) -> None:
    """Record the results of a pipeline's functions as events, for the claim as well where they are meant for it."""
    _tell_overridden(composite, outcome, world)
    for step, result in outcome.results:
        record = world.events.normal if result.severity is Severity.NORMAL else world.events.warning
        reason = result.reason or pipelines.REASON
        record(composite, reason, f'Pipeline step "{step}": {result.message}')
        if result.target is Target.COMPOSITE_AND_CLAIM and (claim := _claim(composite, world)) is not None:
            record(claim, reason, result.message)


def _tell_overridden(composite: Object, outcome: Outcome, world: World) -> None:
    """Tell that what is composed in a namespace is beside its composite, whatever functions say (Crossplane ≥ 2.3)."""
    ours = objects.namespace(composite)
    for name, one in sorted(outcome.desired.resources.items() if ours else ()):
        theirs = objects.namespace(one.resource)
        if theirs not in {"", ours}:
            text = f'cannot create composed resource "{name}" in namespace "{theirs}"'
            world.events.warning(composite, "NamespaceOverridden", f'{text}, using XR namespace "{ours}" instead')


def _claim(composite: Object, world: World) -> Object | None:
    claimed = objects.spec(composite).get("claimRef")
    if not claimed:
        return None
    return world.cache.get(Ref(Kind(claimed["apiVersion"], claimed["kind"]), claimed["name"], claimed["namespace"]))


def with_functions(
    composite: Object, news: tuple[Condition, ...], outcome: Outcome, error: ReconcileError | None
) -> tuple[Condition, ...]:
    """Return *news* with the conditions that functions set, and what they say of the composite's readiness."""
    wanted = outcomes.conditions(outcome)
    if error is not None:
        return (*news, *wanted, *(_unknown(composite, wanted) if outcome.fatal else ()))
    unready = [name for name, one in outcome.desired.resources.items() if one.ready is not Ready.TRUE]
    kept = [c for c in news if c.type != names.READY]
    return (*kept, sentences.readiness(unready, outcome.composite_ready), *wanted)


def _unknown(composite: Object, emitted: tuple[Condition, ...]) -> tuple[Condition, ...]:
    """What functions have said before and a fatal result kept them from saying again is not known any more."""
    said = {c.type for c in emitted} | outcomes.SYSTEM_CONDITIONS
    text = "A fatal error occurred before the status of this condition could be determined."
    known = conditions.read(composite)
    return tuple(Condition(c.type, "Unknown", "FatalError", text) for c in known if c.type not in said)


def with_status_of(
    composite: Object, changes: Draft, outcome: Outcome, conclusion: rendering.Conclusion | None
) -> Draft:
    """Return *changes* with what functions no longer say of the status taken away, and which conditions claims show."""
    changes = dict(changes)
    if conclusion is not None:
        said = objects.status(conclusion.written)
        for key, old in objects.status(composite).items():
            if key in said:
                changes[key] = summaries.replacement(old, said[key])
            elif key not in _MACHINERY:
                changes[key] = None
    known = set(objects.status(composite).get("claimConditionTypes") or ())
    if more := set(outcomes.claim_condition_types(outcome)) - known:
        changes["claimConditionTypes"] = sorted(known | more)
    return changes
