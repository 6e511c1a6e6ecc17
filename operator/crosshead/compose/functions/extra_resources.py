"""
function-extra-resources 0.3: objects of the cluster, by name or labels, go into the context for the steps that follow.

It asks for them and is called again with them. What the context key held before is replaced.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from crosshead.base import goquotes
from crosshead.base.values import Json, Object
from crosshead.compose.functions import inputs, replies, selecting
from crosshead.compose.functions.inputs import InputError
from crosshead.compose.functions.selecting import SelectingError
from crosshead.compose.protocol import Request, Requirements, Resource, Response, Selector, respond

EXTRA_RESOURCES: Final = "apiextensions.crossplane.io/extra-resources"

_SOURCE: Final = selecting.source_of(
    "Resource", kind=inputs.TEXT, apiVersion=inputs.TEXT, into=inputs.TEXT, namespace=inputs.TEXT
)
_SPEC: Final = inputs.struct("v1beta1.InputSpec", extraResources=inputs.items(_SOURCE), policy=selecting.POLICY)
_INPUT: Final = inputs.document("v1beta1.Input", spec=_SPEC)


def run(request: Request) -> Response:
    """Return the response of function-extra-resources."""
    try:
        spec = inputs.read(request, _INPUT).get("spec") or {}
    except InputError as error:
        return replies.refuse(request, f"cannot get Function input from *v1.RunFunctionRequest: {error}")
    try:
        requirements = _requirements(spec, replies.composite(request))
    except SelectingError as error:
        return replies.refuse(request, f"could not build extra resource requirements: {error}")
    response = replace(respond(request), requirements=requirements)
    if not request.required_resources:
        return response
    try:
        chosen = _chosen(request.required_resources, spec)
    except SelectingError as error:
        return replies.fatal(response, f"verifying and sorting extra resources: {error}")
    return replies.with_context(response, EXTRA_RESOURCES, chosen)


def _sources(spec: Object) -> list[Object]:
    return [source or {} for source in spec.get("extraResources") or ()]


def _requirements(spec: Object, composite: Object) -> Requirements:
    wanted = {source.get("into") or "": _selector(source, composite) for source in _sources(spec)}
    return Requirements(resources={name: selector for name, selector in wanted.items() if selector})


def _selector(source: Object, composite: Object) -> Selector | None:
    selector = Selector(source.get("apiVersion") or "", source.get("kind") or "", namespace=source.get("namespace"))
    match selecting.kind(source):
        case "Reference":
            return replace(selector, match_name=selecting.reference(source))
        case "Selector":
            labels = selecting.labels(source, composite)
            return replace(selector, match_labels=labels) if labels else None
        case _:
            return None


def _chosen(found: Mapping[str, Sequence[Resource]], spec: Object) -> dict[str, list[Json]]:
    chosen: dict[str, list[Json]] = {}
    for source in _sources(spec):
        name = source.get("into") or ""
        if name not in found:
            raise SelectingError(f"cannot find expected extra resource {goquotes.quote(name)}")
        several = _from_source(name, source, found[name], spec)
        if several:
            chosen.setdefault(name, []).extend(one.resource for one in several)
    return chosen


def _from_source(name: str, source: Object, found: Sequence[Resource], spec: Object) -> Sequence[Resource]:
    match selecting.kind(source):
        case "Reference":
            return _referred(name, found, is_optional=selecting.is_optional(spec))
        case "Selector":
            least = int(selecting.selector(source).get("minMatch") or 0)
            if len(found) < least:
                why = f"expected at least {least} extra resources {goquotes.quote(name)}, got {len(found)}"
                raise SelectingError(why)
            return selecting.sort(found, source)
        case _:
            return ()


def _referred(name: str, found: Sequence[Resource], *, is_optional: bool) -> Sequence[Resource]:
    if len(found) == 1 or (not found and is_optional):
        return found
    if not found:
        raise SelectingError(f"Required extra resource {goquotes.quote(name)} not found")
    raise SelectingError(f"expected exactly one extra resource {goquotes.quote(name)}, got {len(found)}")
