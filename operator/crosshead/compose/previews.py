"""
What a composition makes of a composite, as documents to read: what `crossplane render` prints.

As CLI 2.2 does: the composite first, then the composed resources by name in the composition, which are named only when
they were or when a function named them; then the results, then the context. Times are those of no run at all, so that
golden files stay the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from crosshead.base import conditions, names, objects
from crosshead.base.conditions import Condition
from crosshead.base.encoding import normalized
from crosshead.base.errors import StalledError
from crosshead.base.values import Draft, Object
from crosshead.compose import outcomes, pipelines, sentences
from crosshead.compose.pipelines import Outcome, Surroundings
from crosshead.compose.protocol import Ready, Resource, State

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
    existing = {objects.annotations(o).get(names.COMPOSITION_RESOURCE_NAME, ""): o for o in observed}
    state = State(Resource(composite), {name: Resource(obj) for name, obj in sorted(existing.items()) if name})
    outcome = pipelines.run(pipelines.plan(spec), state, world, context)
    if outcome.fatal:
        raise StalledError("ComposeResources", outcome.fatal)
    return [
        _composite(composite, outcome, wanted),
        *(_composed(name, outcome, prefixed, existing.get(name)) for name in sorted(outcome.desired.resources)),
        *(_results(outcome) if wanted.results else []),
        *([_context(outcome)] if wanted.context else []),
    ]


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
    kept = ("name", "namespace")
    document: Draft = {
        "apiVersion": composite["apiVersion"],
        "kind": composite["kind"],
        "metadata": {k: v for k, v in objects.metadata(composite).items() if wanted.full_composite or k in kept},
    }
    if wanted.full_composite and "spec" in composite:
        document["spec"] = composite["spec"]
    status = normalized(outcomes.conclusion(outcome, composite).written["status"])
    told = conditions.mark((), *outcomes.conditions(outcome), now=_EPOCH)
    ready = conditions.mark((), _ready(outcome), now=_EPOCH)
    status["conditions"] = conditions.write([*ready, *told])
    return {**document, "status": status}


def _ready(outcome: Outcome) -> Condition:
    unready = [name for name, one in outcome.desired.resources.items() if one.ready is not Ready.TRUE]
    return sentences.readiness(unready, outcome.composite_ready)


def _composed(name: str, outcome: Outcome, composite: Object, observed: Object | None) -> Draft:
    draft: Draft = normalized(outcome.desired.resources[name].resource)
    outcomes.complete(draft, name, composite, observed)
    return draft


def _results(outcome: Outcome) -> list[Draft]:
    return [_result(step, result) for step, result in outcome.results]


def _result(step: str, result: Any) -> Draft:  # noqa: ANN401
    document: Draft = {"apiVersion": _API, "kind": "Result", "step": step, "severity": result.severity.value}
    document["message"] = result.message
    if result.reason:
        document["reason"] = result.reason
    return document


def _context(outcome: Outcome) -> Draft:
    return {"apiVersion": _API, "kind": "Context", "fields": normalized(outcome.context or {})}
