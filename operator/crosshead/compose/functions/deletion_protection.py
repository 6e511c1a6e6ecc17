"""
function-deletion-protection 0.2: what is labelled as protected gets a usage, and so its deletion is refused.

The label may stand on the desired or on the existing resource; only what exists is protected. With a composed resource
the composite is protected too.
"""

from collections.abc import Iterator
from typing import Final

from crosshead.base import objects
from crosshead.base.values import Draft, Object
from crosshead.compose.functions import durations, inputs, replies, usages
from crosshead.compose.functions.durations import DurationError
from crosshead.compose.functions.inputs import InputError
from crosshead.compose.protocol import Request, Resource, Response, respond

_LABEL: Final = "protection.fn.crossplane.io/block-deletion"
_WATCHED: Final = "ops.crossplane.io/watched-resource"
_BY: Final = "created by function-deletion-protection"
_BY_LABEL: Final = f"{_BY} via label {_LABEL}"

_INPUT: Final = inputs.document("v1beta1.Input", cacheTTL=inputs.TEXT, enableV1Mode=inputs.BOOLEAN)


class _ProtectionError(ValueError):
    """Something that cannot be protected."""


def run(request: Request) -> Response:
    """Return the response of function-deletion-protection."""
    try:
        told = inputs.read(request, _INPUT)
        response = durations.cached(respond(request), told.get("cacheTTL") or "")
    except InputError as error:
        return replies.refuse(request, f"cannot get Function input from *v1.RunFunctionRequest: {error}")
    except DurationError as error:
        return replies.refuse(request, f"cannot set cacheTTL: {error}")
    try:
        protecting = _usages(request, is_v1=bool(told.get("enableV1Mode")))
    except _ProtectionError as error:
        return replies.fatal(response, str(error))
    return replies.with_resources(response, {**request.desired.resources, **protecting})


def _usages(request: Request, *, is_v1: bool) -> dict[str, Resource]:
    try:
        of_composed = dict(_of_composed(request, is_v1=is_v1))
    except _ProtectionError as error:
        raise _ProtectionError(f"cannot process composed resources: {error}") from error
    try:
        of_composite = _of_composite(request, has_protected=bool(of_composed), is_v1=is_v1)
    except _ProtectionError as error:
        raise _ProtectionError(f"cannot protect composite resource: {error}") from error
    return {**of_composed, **of_composite, **dict(_of_required(request))}


def _of_composed(request: Request, *, is_v1: bool) -> Iterator[tuple[str, Resource]]:
    for name, desired in request.desired.resources.items():
        observed = request.observed.resources.get(name)
        if observed and (_is_protected(desired.resource) or _is_protected(observed.resource)):
            yield f"{name}-usage", Resource(_usage(observed.resource, _BY_LABEL, is_v1=is_v1))


def _of_composite(request: Request, *, has_protected: bool, is_v1: bool) -> dict[str, Resource]:
    observed = replies.composite(request)
    desired = request.desired.composite.resource if request.desired.composite else {}
    if not (has_protected or _is_protected(observed) or _is_protected(desired)):
        return {}
    reason = f"{_BY} because a composed resource is protected" if has_protected else _BY_LABEL
    name = f"xr-{objects.name(observed)}-usage".lower()
    return {name: Resource(_usage(observed, reason, is_v1=is_v1))}


def _of_required(request: Request) -> Iterator[tuple[str, Resource]]:
    """Yield usages of what an Operation was given: all that it watches, and what is labelled."""
    for name, found in request.required_resources.items():
        for one in found:
            if name == _WATCHED or _is_protected(one.resource):
                reason = f"{_BY} by {'a WatchOperation' if name == _WATCHED else 'an Operation'}"
                yield _required_name(one.resource), Resource(_usage(one.resource, reason, is_v1=False))


def _required_name(obj: Object) -> str:
    return f"{obj.get('kind') or ''}-{objects.name(obj)}-{objects.namespace(obj)}-required-resource-fn-protection"


def _is_protected(obj: Object) -> bool:
    return str(objects.labels(obj).get(_LABEL, "")).lower() == "true"


def _usage(obj: Object, reason: str, *, is_v1: bool) -> Draft:
    if is_v1 and objects.namespace(obj):
        what = f"(kind: {obj.get('kind') or ''}, name: {objects.name(obj)}, namespace: {objects.namespace(obj)})"
        raise _ProtectionError(
            f"cannot protect namespaced resource {what} with enableV1Mode=true. "
            "v1 usages only support cluster-scoped resources."
        )
    usage = usages.compose(obj, usages.name("fn-protection", obj), is_v1=is_v1)
    return {**usage, "spec": {**usage["spec"], "reason": reason}}
