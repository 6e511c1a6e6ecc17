"""
Requests and responses as proto3 JSON, the form in which people, tables and templates see them.

Objects are taken and given as they are, numbers included: nobody's integer becomes a double here (`functions.messages`
does that, as the protocol demands). To compare a response with an expected one, compare
`response_from_json(expected)` with it: absent and zero are then the same where the protocol says so.
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple, TypeVar

from crosshead.base.values import Draft, Json, Object
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
from crosshead.functions.codecs import (
    BYTES,
    CAPABILITY,
    DURATION,
    STRUCT,
    TEXT,
    Codec,
    camel,
    enums,
    fault,
    fields,
    lists,
    maps,
    within,
    wrapped,
)

M = TypeVar("M")


def request_from_json(raw: Json) -> Request:
    """Read a RunFunctionRequest; raises `StalledError` with the path of what is wrong."""
    return _REQUEST.read(raw, "")


def request_to_json(request: Request) -> Draft:
    """Write a RunFunctionRequest; fields that are zero are left out."""
    written: Draft = _REQUEST.write(request)
    return written


def response_from_json(raw: Json) -> Response:
    """Read a RunFunctionResponse; raises `StalledError` with the path of what is wrong."""
    return _RESPONSE.read(raw, "")


def response_to_json(response: Response) -> Draft:
    """Write a RunFunctionResponse; fields that are zero are left out."""
    written: Draft = _RESPONSE.write(response)
    return written


class _Part(NamedTuple):
    """One field of a message: how its value is read and written, and which one the wire leaves out."""

    codec: Codec[Any]
    zero: Any


def _message(kind: type[M], /, **parts: _Part) -> Codec[M]:
    """Return the codec of the message *kind*, whose fields are *parts*."""

    def read(raw: Json, path: str) -> M:
        told = fields(raw, path, tuple(parts))
        known = {name: parts[name].codec.read(value, within(path, name)) for name, value in told.items()}
        return kind(**{**{name: part.zero for name, part in parts.items()}, **known})

    def write(value: M) -> Draft:
        told = {name: getattr(value, name) for name in parts}
        return {camel(n): parts[n].codec.write(v) for n, v in told.items() if not _is_zero(v, parts[n].zero)}

    return Codec(read, write)


def _is_zero(value: Any, zero: Any) -> bool:  # noqa: ANN401 (whatever the field holds)
    # An optional field that is set but empty is not the same as one that is not set.
    return value is None if zero is None else not value or value == zero


def _with_meta(codec: Codec[M], *meta: str) -> Codec[M]:
    """Return *codec*, its fields *meta* in a message of their own, as the protocol has them."""

    def read(raw: Json, path: str) -> M:
        if not isinstance(raw, Mapping):
            return codec.read(raw, path)
        if misplaced := sorted(set(meta) & raw.keys()):
            raise fault(path, f"unknown field {misplaced[0]!r}")
        rest = {key: value for key, value in raw.items() if key != "meta"}
        return codec.read({**rest, **fields(raw.get("meta") or {}, within(path, "meta"), meta)}, path)

    def write(value: M) -> Draft:
        told: Draft = codec.write(value)
        apart = {name: told.pop(name) for name in meta if name in told}
        return {"meta": apart, **told} if apart else told

    return Codec(read, write)


_NOTHING: Final[Object] = {}
_MAYBE_TEXT: Final = _Part(TEXT, None)
_TEXT: Final = _Part(TEXT, "")
_TARGET: Final = _Part(enums(Target), None)

_RESOURCE: Final = _message(
    Resource,
    resource=_Part(STRUCT, _NOTHING),
    connection_details=_Part(maps(BYTES), _NOTHING),
    ready=_Part(enums(Ready), Ready.UNSPECIFIED),
)
_STATE: Final = _message(State, composite=_Part(_RESOURCE, None), resources=_Part(maps(_RESOURCE), _NOTHING))
_FOUND: Final = _Part(maps(wrapped("items", lists(_RESOURCE), ())), _NOTHING)
_SELECTOR: Final = _message(
    Selector,
    api_version=_TEXT,
    kind=_TEXT,
    match_name=_MAYBE_TEXT,
    match_labels=_Part(wrapped("labels", maps(TEXT), _NOTHING), None),
    namespace=_MAYBE_TEXT,
)
_REQUIREMENTS: Final = _message(
    Requirements,
    extra_resources=_Part(maps(_SELECTOR), _NOTHING),
    resources=_Part(maps(_SELECTOR), _NOTHING),
    schemas=_Part(maps(_message(SchemaSelector, api_version=_TEXT, kind=_TEXT)), _NOTHING),
)
_RESULT: Final = _message(
    Result,
    severity=_Part(enums(Severity), Severity.UNSPECIFIED),
    message=_TEXT,
    reason=_MAYBE_TEXT,
    target=_TARGET,
)
_CONDITION: Final = _message(
    Condition,
    type=_TEXT,
    status=_Part(enums(Status), Status.UNSPECIFIED),
    reason=_TEXT,
    message=_MAYBE_TEXT,
    target=_TARGET,
)
_CREDENTIALS: Final = wrapped("credential_data", wrapped("data", maps(BYTES), _NOTHING), _NOTHING)
_REQUEST: Final = _with_meta(
    _message(
        Request,
        tag=_TEXT,
        capabilities=_Part(lists(CAPABILITY), ()),
        observed=_Part(_STATE, State()),
        desired=_Part(_STATE, State()),
        input=_Part(STRUCT, None),
        context=_Part(STRUCT, None),
        extra_resources=_FOUND,
        credentials=_Part(maps(_CREDENTIALS), _NOTHING),
        required_resources=_FOUND,
        required_schemas=_Part(maps(wrapped("openapi_v3", STRUCT, None)), _NOTHING),
    ),
    "tag",
    "capabilities",
)
_RESPONSE: Final = _with_meta(
    _message(
        Response,
        tag=_TEXT,
        ttl=_Part(DURATION, None),
        desired=_Part(_STATE, State()),
        results=_Part(lists(_RESULT), ()),
        context=_Part(STRUCT, None),
        requirements=_Part(_REQUIREMENTS, None),
        conditions=_Part(lists(_CONDITION), ()),
        output=_Part(STRUCT, None),
    ),
    "tag",
    "ttl",
)
