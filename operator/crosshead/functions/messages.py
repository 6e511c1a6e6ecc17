"""
Requests and responses as protobuf messages, which is how they travel.

`v1` and `v1beta1` of the protocol are the same on the wire; here everything is v1.
"""

import hashlib
from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any, TypeVar

from crossplane.function.proto.v1 import run_function_pb2 as fnv1
from google.protobuf.internal.containers import MessageMap
from google.protobuf.message import DecodeError, EncodeError, Message

from crosshead.base.values import Object
from crosshead.compose.protocol import (
    Condition,
    Ready,
    Request,
    Requirements,
    Resource,
    Response,
    Result,
    SchemaSelector,
    Selector,
    Severity,
    State,
    Status,
    Target,
)
from crosshead.functions import structs
from crosshead.functions.codecs import CAPABILITIES, fault

E = TypeVar("E", bound=Enum)
M = TypeVar("M", bound=Message)

_NUMBERS = {e: number for kind in (Ready, Severity, Target, Status) for number, e in enumerate(kind)}


def request_to_bytes(request: Request) -> bytes:
    """
    Return *request* as it travels; without a tag it gets one.

    The tag is the hash of everything but the `meta`, as Crossplane ≥ 1.20 makes it: equal requests have equal tags.
    """
    body = _bytes(_body(request))
    tag = request.tag or hashlib.sha256(body).hexdigest()
    # Messages that follow each other are one message: the large one need not be written twice.
    return _bytes(fnv1.RunFunctionRequest(meta=_meta(tag, request.capabilities))) + body


def response_to_bytes(response: Response) -> bytes:
    """Return *response* as it travels."""
    return _bytes(response_to_message(response))


def request_from_bytes(data: bytes) -> Request:
    """Return the request that came as *data*."""
    return request_from_message(_parsed(fnv1.RunFunctionRequest(), data))


def response_from_bytes(data: bytes) -> Response:
    """Return the response that came as *data*."""
    return response_from_message(_parsed(fnv1.RunFunctionResponse(), data))


def request_to_message(request: Request) -> fnv1.RunFunctionRequest:
    """Return *request* as a message, with the tag that it has."""
    message = _body(request)
    message.meta.CopyFrom(_meta(request.tag, request.capabilities))
    return message


def request_from_message(message: fnv1.RunFunctionRequest) -> Request:
    """Return what *message* asks."""
    return Request(
        observed=_state(message.observed, "observed"),
        desired=_state(message.desired, "desired"),
        input=_optional(message, "input"),
        context=_optional(message, "context"),
        extra_resources=_found(message.extra_resources, "extra_resources"),
        required_resources=_found(message.required_resources, "required_resources"),
        required_schemas={name: _optional(schema, "openapi_v3") for name, schema in message.required_schemas.items()},
        credentials={name: dict(c.credential_data.data) for name, c in message.credentials.items()},
        tag=message.meta.tag,
        capabilities=tuple(CAPABILITIES[c] for c in message.meta.capabilities if c < len(CAPABILITIES)),
    )


def response_to_message(response: Response) -> fnv1.RunFunctionResponse:
    """Return *response* as a message."""
    message = fnv1.RunFunctionResponse()
    message.meta.tag = response.tag
    if response.ttl is not None:
        message.meta.ttl.FromNanoseconds(round(response.ttl * 10**9))
    _fill_state(message.desired, response.desired, "desired")
    _fill_optional(message, response, ("context", "output"))
    for result in response.results:
        _fill_said(message.results.add(), result, ("severity", "message"), ("reason", "target"))
    for condition in response.conditions:
        _fill_said(message.conditions.add(), condition, ("type", "status", "reason"), ("message", "target"))
    if response.requirements is not None:
        _fill_requirements(message.requirements, response.requirements)
    return message


def response_from_message(message: fnv1.RunFunctionResponse) -> Response:
    """Return what *message* answers."""
    return Response(
        desired=_state(message.desired, "desired"),
        results=tuple(_result(result) for result in message.results),
        context=_optional(message, "context"),
        requirements=_requirements(message.requirements) if message.HasField("requirements") else None,
        conditions=tuple(_condition(condition) for condition in message.conditions),
        ttl=message.meta.ttl.ToNanoseconds() / 10**9 if message.meta.HasField("ttl") else None,
        tag=message.meta.tag,
        output=_optional(message, "output"),
    )


def _body(request: Request) -> fnv1.RunFunctionRequest:
    """Return *request* as a message without its `meta`."""
    message = fnv1.RunFunctionRequest()
    _fill_state(message.observed, request.observed, "observed")
    _fill_state(message.desired, request.desired, "desired")
    _fill_optional(message, request, ("input", "context"))
    _fill_found(message.extra_resources, request.extra_resources, "extra_resources")
    _fill_found(message.required_resources, request.required_resources, "required_resources")
    for name, credentials in request.credentials.items():
        message.credentials[name].credential_data.SetInParent()
        message.credentials[name].credential_data.data.update(credentials)
    for name, schema in request.required_schemas.items():
        message.required_schemas[name].SetInParent()
        if schema is not None:
            structs.fill(message.required_schemas[name].openapi_v3, schema, f"required_schemas[{name!r}].openapi_v3")
    return message


def _meta(tag: str, capabilities: Sequence[str]) -> fnv1.RequestMeta:
    known = [CAPABILITIES.index(c) for c in capabilities if c in CAPABILITIES]
    return fnv1.RequestMeta(tag=tag, capabilities=known)  # type: ignore[arg-type] # the stubs know no numbers


def _bytes(message: Message) -> bytes:
    try:
        return message.SerializeToString(deterministic=True)
    except (EncodeError, ValueError) as error:
        raise fault("", "is too large to be sent") from error


def _parsed(message: M, data: bytes) -> M:
    try:
        message.ParseFromString(data)
    except DecodeError as error:
        # The library gives up at a hundred messages within each other, and a level of JSON takes three. Its bound can
        # be lifted, but then a few kilobytes of nesting overrun the stack of the process.
        what = f"these bytes are not a {message.DESCRIPTOR.name}, or its objects are nested more than 33 levels deep"
        raise fault("", what) from error
    return message


def _fill_state(message: fnv1.State, state: State, path: str) -> None:
    message.SetInParent()
    if state.composite is not None:
        _fill_resource(message.composite, state.composite, f"{path}.composite")
    for name, resource in state.resources.items():
        _fill_resource(message.resources[name], resource, f"{path}.resources[{name!r}]")


def _fill_resource(message: fnv1.Resource, resource: Resource, path: str) -> None:
    structs.fill(message.resource, resource.resource, f"{path}.resource")
    message.connection_details.update(resource.connection_details)
    message.ready = _NUMBERS[resource.ready]  # type: ignore[assignment] # the stubs know enums by their class only


def _fill_found(message: "MessageMap[str, fnv1.Resources]", found: Mapping[str, Sequence[Resource]], path: str) -> None:
    for name, resources in found.items():
        message[name].SetInParent()
        for index, resource in enumerate(resources):
            _fill_resource(message[name].items.add(), resource, f"{path}[{name!r}].items[{index}]")


def _fill_optional(message: Message, source: Request | Response, names: Sequence[str]) -> None:
    for name in names:
        if (value := getattr(source, name)) is not None:
            structs.fill(getattr(message, name), value, name)


def _fill_said(message: Message, said: Result | Condition, names: Sequence[str], optional: Sequence[str]) -> None:
    told = {name: getattr(said, name) for name in (*names, *optional)}
    for name, value in told.items():
        if value is not None:
            setattr(message, name, _NUMBERS[value] if isinstance(value, Enum) else value)


def _fill_requirements(message: fnv1.Requirements, requirements: Requirements) -> None:
    message.SetInParent()
    for name, selector in requirements.extra_resources.items():
        _fill_selector(message.extra_resources[name], selector)
    for name, selector in requirements.resources.items():
        _fill_selector(message.resources[name], selector)
    for name, schema in requirements.schemas.items():
        message.schemas[name].api_version = schema.api_version
        message.schemas[name].kind = schema.kind


def _fill_selector(message: fnv1.ResourceSelector, selector: Selector) -> None:
    message.api_version, message.kind = selector.api_version, selector.kind
    if selector.match_name is not None:
        message.match_name = selector.match_name
    elif selector.match_labels is not None:
        message.match_labels.SetInParent()
        message.match_labels.labels.update(selector.match_labels)
    if selector.namespace is not None:
        message.namespace = selector.namespace


def _state(message: fnv1.State, path: str) -> State:
    composite = _resource(message.composite, f"{path}.composite") if message.HasField("composite") else None
    resources = message.resources.items()
    return State(composite, {name: _resource(r, f"{path}.resources[{name!r}]") for name, r in resources})


def _resource(message: fnv1.Resource, path: str) -> Resource:
    return Resource(
        structs.read(message.resource, f"{path}.resource"),
        dict(message.connection_details),
        _enum(Ready, message.ready),
    )


def _enum(kind: type[E], number: int) -> E:
    """Return the member of *kind* with *number*; what is newer than we are is unspecified to us, as it is to Go."""
    members = tuple(kind)
    return members[number] if 0 <= number < len(members) else members[0]


def _found(message: "MessageMap[str, fnv1.Resources]", path: str) -> dict[str, tuple[Resource, ...]]:
    return {
        name: tuple(_resource(r, f"{path}[{name!r}].items[{index}]") for index, r in enumerate(resources.items))
        for name, resources in message.items()
    }


def _optional(message: Message, name: str) -> Object | None:
    return structs.read(getattr(message, name), name) if message.HasField(name) else None


def _said(message: Message, name: str) -> Any:  # noqa: ANN401 (whatever the field's type is)
    return getattr(message, name) if message.HasField(name) else None


def _target(message: fnv1.Result | fnv1.Condition) -> Target | None:
    return _enum(Target, message.target) if message.HasField("target") else None


def _result(message: fnv1.Result) -> Result:
    severity = _enum(Severity, message.severity)
    return Result(severity, message.message, _said(message, "reason"), _target(message))


def _condition(message: fnv1.Condition) -> Condition:
    status = _enum(Status, message.status)
    return Condition(message.type, status, message.reason, _said(message, "message"), _target(message))


def _requirements(message: fnv1.Requirements) -> Requirements:
    return Requirements(
        {name: _selector(selector) for name, selector in message.extra_resources.items()},
        {name: _selector(selector) for name, selector in message.resources.items()},
        {name: SchemaSelector(schema.api_version, schema.kind) for name, schema in message.schemas.items()},
    )


def _selector(message: fnv1.ResourceSelector) -> Selector:
    match = message.WhichOneof("match")
    return Selector(
        message.api_version,
        message.kind,
        match_name=message.match_name if match == "match_name" else None,
        match_labels=dict(message.match_labels.labels) if match == "match_labels" else None,
        namespace=_said(message, "namespace"),
    )
