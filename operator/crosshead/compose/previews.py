"""
What a composition makes of a composite, as documents to read: what `crossplane render` prints.

As CLI 2.2 does: the composite first, then the composed resources by name in the composition, which are named only when
they were or when a function named them; then the results, then the context. Times are those of no run at all, so that
golden files stay the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from crosshead.base import conditions, names, naming, objects
from crosshead.base.conditions import Condition
from crosshead.base.encoding import normalized
from crosshead.base.errors import StalledError
from crosshead.base.values import Draft, Object
from crosshead.compose import outcomes, pipelines, rendering, sentences
from crosshead.compose.pipelines import Outcome, Surroundings
from crosshead.compose.protocol import Ready, Resource, Result, Severity, State

_EPOCH: Final = "2024-01-01T00:00:00Z"
_API: Final = "render.crossplane.io/v1beta1"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to show besides the composite's status and the composed resources."""

    full_composite: bool = False
    results: bool = False
    context: bool = False


def preview(
    composite: Object,
    spec: Object,
    observed: Sequence[Object],
    world: Surroundings,
    wanted: Wanted,
    context: Object | None = None,
) -> list[Draft]:
    """
    Return the documents that the composition *spec* (in Pipeline mode) makes of *composite*.

    *observed* are the composed resources that exist, told apart by their annotation; *context* is what the first
    function finds in its context. Raises a `ReconcileError` when the pipeline cannot be run or ends fatally.
    """
    prefixed = _with_prefix(composite)
    existing = _by_name(observed)
    state = State(Resource(composite), {name: Resource(obj) for name, obj in existing.items()})
    outcome = pipelines.run(pipelines.plan(spec), state, world, context)
    if outcome.fatal:
        raise StalledError("ComposeResources", outcome.fatal)
    return [
        _composite(composite, outcome, wanted),
        *(_composed(name, outcome, prefixed, existing.get(name)) for name in sorted(outcome.desired.resources)),
        *(_results(outcome) if wanted.results else []),
        *([_context(outcome)] if wanted.context else []),
    ]


def preview_resources(composite: Object, spec: Object, observed: Sequence[Object], wanted: Wanted) -> list[Draft]:
    """
    Return the documents that the composition *spec* (in Resources mode) makes of *composite*.

    A template that cannot be rendered is told as a result, as its event would. Raises `StalledError` when nothing can.
    """
    prefixed = _with_prefix(composite)
    plan = rendering.plan(spec)
    existing = _by_name(observed)
    rendered = rendering.render(plan, prefixed, existing)
    conclusion = rendering.conclude(plan, prefixed, rendered, existing, {})
    unready = [name for name, is_ready in conclusion.ready.items() if not is_ready]
    status = {**objects.status(conclusion.written), "conditions": _written(sentences.readiness(unready))}
    faults = [Result(Severity.WARNING, one.error) for one in rendered.resources if one.error]
    return [
        {**_shown(composite, wanted), "status": normalized(status)},
        *(_unnamed(one.name, one.object, prefixed, existing) for one in rendered.resources if one.object is not None),
        *([_result("", fault) for fault in faults] if wanted.results else []),
    ]


def _unnamed(name: str, obj: Object, composite: Object, existing: Mapping[str, Object]) -> Draft:
    """Return *obj* without the name that nobody has given it: it depends on a UID that is not there yet."""
    metadata = dict(objects.metadata(obj))
    made = naming.child_name(str(metadata.get("generateName") or ""), objects.uid(composite), name)
    if name not in existing and metadata.get("name") == made:
        del metadata["name"]
    return {**obj, "metadata": metadata}


def _by_name(observed: Sequence[Object]) -> dict[str, Object]:
    found = {objects.annotations(obj).get(names.COMPOSITION_RESOURCE_NAME, ""): obj for obj in observed}
    return {name: obj for name, obj in sorted(found.items()) if name}


def _with_prefix(composite: Object) -> Object:
    labels = objects.labels(composite)
    if labels.get(names.COMPOSITE_LABEL):
        return composite
    labels = {**labels, names.COMPOSITE_LABEL: objects.name(composite), **_claim_labels(composite)}
    return {**composite, "metadata": {**objects.metadata(composite), "labels": labels}}


def _claim_labels(composite: Object) -> Mapping[str, str]:
    claim = objects.spec(composite).get("claimRef") or {}
    if not claim.get("name") or not claim.get("namespace"):
        return {}
    return {names.CLAIM_NAME_LABEL: claim["name"], names.CLAIM_NAMESPACE_LABEL: claim["namespace"]}


def _composite(composite: Object, outcome: Outcome, wanted: Wanted) -> Draft:
    status = normalized(outcomes.conclusion(outcome, composite).written["status"])
    status["conditions"] = _written(_ready(outcome), *outcomes.conditions(outcome))
    return {**_shown(composite, wanted), "status": status}


def _shown(composite: Object, wanted: Wanted) -> Draft:
    kept = ("name", "namespace")
    document: Draft = {
        "apiVersion": composite["apiVersion"],
        "kind": composite["kind"],
        "metadata": {k: v for k, v in objects.metadata(composite).items() if wanted.full_composite or k in kept},
    }
    if wanted.full_composite and "spec" in composite:
        document["spec"] = composite["spec"]
    return document


def _written(*told: Condition) -> list[Draft]:
    return [line for one in told for line in conditions.write(conditions.mark((), one, now=_EPOCH))]


def _ready(outcome: Outcome) -> Condition:
    unready = [name for name, one in outcome.desired.resources.items() if one.ready is not Ready.TRUE]
    return sentences.readiness(unready, outcome.composite_ready)


def _composed(name: str, outcome: Outcome, composite: Object, observed: Object | None) -> Draft:
    draft: Draft = normalized(outcome.desired.resources[name].resource)
    outcomes.complete(draft, name, composite, observed)
    return draft


def _results(outcome: Outcome) -> list[Draft]:
    return [_result(step, result) for step, result in outcome.results]


def _result(step: str, result: Result) -> Draft:
    said = {"step": step, "message": result.message, "reason": result.reason}
    document = {"apiVersion": _API, "kind": "Result", "severity": result.severity.value}
    return document | {key: value for key, value in said.items() if value}


def _context(outcome: Outcome) -> Draft:
    return {"apiVersion": _API, "kind": "Context", "fields": normalized(outcome.context)}
