"""
What passes between a composition's pipeline and its functions: `apiextensions.fn.proto.v1` as values.

The names are those of the protocol. Objects are JSON; the protocol carries their numbers as doubles, so whoever needs
Crossplane's behaviour to the letter treats every number of a request as one (`functions.wire` says how).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from crosshead.base.values import Object


class Ready(Enum):
    """Whether a desired resource is ready, as a function sees it. Unspecified is not ready."""

    UNSPECIFIED = "READY_UNSPECIFIED"
    TRUE = "READY_TRUE"
    FALSE = "READY_FALSE"


class Severity(Enum):
    """How serious a result is."""

    UNSPECIFIED = "SEVERITY_UNSPECIFIED"
    FATAL = "SEVERITY_FATAL"
    WARNING = "SEVERITY_WARNING"
    NORMAL = "SEVERITY_NORMAL"


class Target(Enum):
    """Whom a result or a condition is for."""

    UNSPECIFIED = "TARGET_UNSPECIFIED"
    COMPOSITE = "TARGET_COMPOSITE"
    COMPOSITE_AND_CLAIM = "TARGET_COMPOSITE_AND_CLAIM"


class Status(Enum):
    """The status of a condition."""

    UNSPECIFIED = "STATUS_CONDITION_UNSPECIFIED"
    UNKNOWN = "STATUS_CONDITION_UNKNOWN"
    TRUE = "STATUS_CONDITION_TRUE"
    FALSE = "STATUS_CONDITION_FALSE"


@dataclass(frozen=True, slots=True)
class Resource:
    """One object, with its connection details (raw bytes) and, where it is desired, its readiness."""

    resource: Object = field(default_factory=dict)
    connection_details: Mapping[str, bytes] = field(default_factory=dict)
    ready: Ready = Ready.UNSPECIFIED


@dataclass(frozen=True, slots=True)
class State:
    """A composite and its composed resources by their names in the composition. No composite is None."""

    composite: Resource | None = None
    resources: Mapping[str, Resource] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Selector:
    """Which objects a function requires: one by name, or those with the labels (None: whichever there are)."""

    api_version: str
    kind: str
    match_name: str | None = None
    match_labels: Mapping[str, str] | None = None
    namespace: str | None = None


@dataclass(frozen=True, slots=True)
class SchemaSelector:
    """Which kind's OpenAPI schema a function requires."""

    api_version: str
    kind: str


@dataclass(frozen=True, slots=True)
class Requirements:
    """What a function requires to be called again with. *extra_resources* is what older functions call *resources*."""

    extra_resources: Mapping[str, Selector] = field(default_factory=dict)
    resources: Mapping[str, Selector] = field(default_factory=dict)
    schemas: Mapping[str, SchemaSelector] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Result:
    """What a function wants people to know."""

    severity: Severity
    message: str
    reason: str | None = None
    target: Target | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition that a function wants on the composite, and on the claim when the target says so."""

    type: str
    status: Status
    reason: str
    message: str | None = None
    target: Target | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """
    One call of a function.

    In *extra_resources* and *required_resources* a key whose value is empty was looked for and not found.
    *input* and *context* are None when the request has none.
    """

    observed: State = field(default_factory=State)
    desired: State = field(default_factory=State)
    input: Object | None = None
    context: Object | None = None
    extra_resources: Mapping[str, Sequence[Resource]] = field(default_factory=dict)
    required_resources: Mapping[str, Sequence[Resource]] = field(default_factory=dict)
    required_schemas: Mapping[str, Object | None] = field(default_factory=dict)
    credentials: Mapping[str, Mapping[str, bytes]] = field(default_factory=dict)
    tag: str = ""
    capabilities: Sequence[str] = ()


# What the SDKs put into a response that says nothing else, in seconds.
DEFAULT_TTL: Final = 60.0


@dataclass(frozen=True, slots=True)
class Response:
    """
    What a function answers. Resources that it leaves out of *desired* are no longer desired.

    *requirements* is None when the response has none, which is not the same as empty ones: those are asked about again.
    *ttl* is in seconds, None when the response has none, infinite when it depends on nothing but the request.
    """

    desired: State = field(default_factory=State)
    results: Sequence[Result] = ()
    context: Object | None = None
    requirements: Requirements | None = None
    conditions: Sequence[Condition] = ()
    ttl: float | None = None
    tag: str = ""
    output: Object | None = None


def respond(request: Request, ttl: float = DEFAULT_TTL) -> Response:
    """Return a response that leaves *request*'s desired state and context as they are, as the SDKs' `to` does."""
    return Response(desired=request.desired, context=request.context, ttl=ttl, tag=request.tag)
