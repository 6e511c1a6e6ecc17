"""
function-environment-configs 0.7: data of EnvironmentConfigs, merged, becomes the environment in the context.

It asks for the configs by name or labels and is called again with them. What the configs say counts more than the
input's default data, and those more than the environment that is there already.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from crosshead.base import drafts, fieldpaths, goquotes, gotypes, objects
from crosshead.base.fieldpaths import FieldPathError, NotFoundError
from crosshead.base.values import Draft, Json, Object
from crosshead.compose.functions import inputs, replies, selecting
from crosshead.compose.functions.inputs import InputError
from crosshead.compose.functions.selecting import SelectingError
from crosshead.compose.protocol import Request, Requirements, Resource, Response, Selector, respond

ENVIRONMENT: Final = "apiextensions.crossplane.io/environment"
_API: Final = "apiextensions.crossplane.io/v1beta1"
_KIND: Final = "EnvironmentConfig"

_SPEC: Final = inputs.struct(
    "v1beta1.InputSpec",
    defaultData=inputs.maps(inputs.ANYTHING),
    environmentConfigs=inputs.items(selecting.source_of("Environment", toFieldPath=inputs.TEXT)),
    policy=selecting.POLICY,
)
_INPUT: Final = inputs.document("v1beta1.Input", spec=_SPEC)


def run(request: Request) -> Response:
    """Return the response of function-environment-configs."""
    try:
        spec = inputs.read(request, _INPUT).get("spec") or {}
    except InputError as error:
        return replies.refuse(request, f"cannot get Function input from *v1.RunFunctionRequest: {error}")
    # Without configs not even the default data count, as upstream.
    if spec.get("environmentConfigs") is None:
        return respond(request)
    try:
        requirements = _requirements(spec, replies.composite(request))
    except SelectingError as error:
        return replies.refuse(request, f"cannot build requirements: {error}")
    return _respond(request, spec, requirements)


def _sources(spec: Object) -> list[tuple[str, Object]]:
    return [(f"environment-config-{index}", source or {}) for index, source in enumerate(spec["environmentConfigs"])]


def _requirements(spec: Object, composite: Object) -> Requirements:
    wanted = {name: _selector(source, composite) for name, source in _sources(spec)}
    return Requirements(resources={name: selector for name, selector in wanted.items() if selector})


def _selector(source: Object, composite: Object) -> Selector | None:
    match selecting.kind(source):
        case "Reference":
            return Selector(_API, _KIND, match_name=selecting.reference(source))
        case "Selector":
            labels = selecting.labels(source, composite)
            return Selector(_API, _KIND, match_labels=labels) if labels else None
        case _:
            return None


def _respond(request: Request, spec: Object, requirements: Requirements) -> Response:
    response = Response(request.desired, (), request.context, requirements, (), respond(request).ttl, request.tag)
    if not request.required_resources:
        return response
    try:
        environment = _environment(request, spec)
    except _EnvironmentError as error:
        return replies.fatal(response, str(error))
    return replies.with_context(response, ENVIRONMENT, environment)


class _EnvironmentError(ValueError):
    """The environment cannot be made."""


def _environment(request: Request, spec: Object) -> Draft:
    try:
        configs = _configs(request.required_resources, spec)
    except SelectingError as error:
        raise _EnvironmentError(f"cannot get selected environment configs: {error}") from error
    known = (request.context or {}).get(ENVIRONMENT)
    merged = _merged(known if isinstance(known, Mapping) else {}, _data(configs))
    environment = _merged(spec.get("defaultData") or {}, merged)
    has_kind = environment.get("apiVersion") or environment.get("kind")
    return environment if has_kind else {**environment, "apiVersion": _OWN_API, "kind": "Environment"}


_OWN_API: Final = "internal.crossplane.io/v1alpha1"


def _configs(found: Mapping[str, Sequence[Resource]], spec: Object) -> dict[str, list[Object]]:
    """Return the configs by the paths that their data go to, in the order of the input."""
    configs: dict[str, list[Object]] = {}
    for name, source in _sources(spec):
        if name in found:
            chosen = _chosen(name, source, found[name], spec)
            configs.setdefault(source.get("toFieldPath") or "", []).extend(one.resource for one in chosen)
    return configs


def _chosen(name: str, source: Object, found: Sequence[Resource], spec: Object) -> Sequence[Resource]:
    match selecting.kind(source):
        case "Reference":
            return _referred(name, selecting.reference(source), found, is_optional=selecting.is_optional(spec))
        case "Selector":
            try:
                return _selected(source, found)
            except SelectingError as error:
                told = f"cannot process environment config {goquotes.quote(name)} by selector: {error}"
                raise SelectingError(told) from error
        case _:
            return ()


def _referred(name: str, wanted: str, found: Sequence[Resource], *, is_optional: bool) -> Sequence[Resource]:
    if len(found) == 1 or (not found and is_optional):
        return found
    config = goquotes.quote(wanted)
    why = f"expected exactly one required resource {config}, got {len(found)}"
    why = why if found else f"Required environment config {config} not found"
    raise SelectingError(f"cannot process environment config {config} by reference, {goquotes.quote(name)}: {why}")


def _selected(source: Object, found: Sequence[Resource]) -> Sequence[Resource]:
    selector = selecting.selector(source)
    match selector.get("mode") or "Single":
        case "Single":
            if len(found) != 1:
                raise SelectingError(f"expected exactly one required resource, got {len(found)}")
            return found
        case "Multiple":
            least = int(selector.get("minMatch") or 0)
            if len(found) < least:
                raise SelectingError(f"expected at least {least} required resources, got {len(found)}")
            return selecting.sort(found, source)
        case mode:
            raise SelectingError(f"unknown selector mode {goquotes.quote(mode)}")


def _data(configs: Mapping[str, Sequence[Object]]) -> Draft:
    merged: Draft = {}
    for path, several in configs.items():
        for config in several:
            merged = _merged(merged, _placed(config, path) if path else _own(config))
    return merged


def _placed(config: Object, path: str) -> Draft:
    data: Draft = {}
    try:
        drafts.assign(data, path, config.get("data"))
    except FieldPathError as error:
        told = f"cannot get data from environment config {objects.name(config)} into path {goquotes.quote(path)}"
        raise _EnvironmentError(f"cannot merge environment data: {told}") from error
    return data


def _own(config: Object) -> Object:
    name = goquotes.quote(objects.name(config))
    try:
        data = fieldpaths.get(config, "data")
    except NotFoundError as error:
        told = f"cannot get data from environment config {name}: {error}"
        raise _EnvironmentError(f"cannot merge environment data: {told}") from error
    if data is not None and not isinstance(data, Mapping):
        told = f"json: cannot unmarshal {_word(data)} into Go value of type map[string]interface {{}}"
        why = f"cannot get data from environment config {name}: cannot unmarshal value from JSON: {told}"
        raise _EnvironmentError(f"cannot merge environment data: {why}")
    return data or {}


def _word(value: Json) -> str:
    words = {"string": "string", "bool": "bool", "[]interface {}": "array"}
    return words.get(gotypes.name(value), "number")


def _merged(under: Object, over: Object) -> Draft:
    """Return *under* with *over* on top: objects are merged, everything else is replaced, null included."""
    merged = dict(under)
    for key, value in over.items():
        known = merged.get(key)
        both = isinstance(value, Mapping) and isinstance(known, Mapping)
        merged[key] = _merged(known, value) if both and known is not None else value
    return merged
