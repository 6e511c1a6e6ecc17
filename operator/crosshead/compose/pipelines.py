"""
Run a composition's pipeline: each function sees what was observed and what the functions before it desire.

Pure, but for what it is given to call (`Surroundings`). As Crossplane ≥ 1.17: a function that asks for resources is
called again with them until it asks for the same twice; a fatal result ends the pipeline; what a function leaves out of
its desired state is no longer desired.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Protocol

from crosshead.base.errors import StalledError, TransientError
from crosshead.base.values import Object
from crosshead.compose import faults, validation
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
)

REASON: Final = "ComposeResources"
# Further calls of a function whose requirements keep changing, after the first.
_MOST_REPETITIONS: Final = 5
CAPABILITIES: Final = (
    "CAPABILITY_CAPABILITIES",
    "CAPABILITY_REQUIRED_RESOURCES",
    "CAPABILITY_CREDENTIALS",
    "CAPABILITY_CONDITIONS",
    "CAPABILITY_REQUIRED_SCHEMAS",
)


@dataclass(frozen=True, slots=True)
class Credential:
    """A Secret whose data a step's function gets under *name*."""

    name: str
    namespace: str
    secret: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a pipeline, read."""

    name: str
    function: str
    input: Object | None = None
    credentials: tuple[Credential, ...] = ()
    required: Mapping[str, Selector] = field(default_factory=dict)
    schemas: Mapping[str, SchemaSelector] = field(default_factory=dict)


class Surroundings(Protocol):
    """What a pipeline needs of the world."""

    def run(self, function: str, request: Request) -> Response:
        """Call *function*. Raises a `ReconcileError` when there is no answer."""

    def fetch(self, selector: Selector) -> Sequence[Object]:
        """Return the objects that *selector* selects, sorted by namespace and name."""

    def schema(self, selector: SchemaSelector) -> Object | None:
        """Return the OpenAPI schema of a kind, None when there is no such kind."""

    def credentials(self, credential: Credential) -> Mapping[str, bytes]:
        """Return the data of a credential's Secret. Raises a `ReconcileError` when it cannot be had."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """
    What a pipeline has come to.

    *results* are told step by step; *fatal* is the error that ended it early, if one did; *required* are all the
    selectors that a function has asked with: when what they select changes, the outcome may, too.
    """

    desired: State = field(default_factory=State)
    context: Object | None = None
    results: tuple[tuple[str, Result], ...] = ()
    conditions: tuple[Condition, ...] = ()
    ttl: float | None = None
    required: tuple[Selector, ...] = ()
    fatal: str = ""

    @property
    def composite_ready(self) -> Ready:
        """What the functions say of the composite's own readiness."""
        return self.desired.composite.ready if self.desired.composite is not None else Ready.UNSPECIFIED


def plan(spec: Object) -> tuple[Step, ...]:
    """Read the pipeline of a composition's spec. Raises `StalledError` when it is none."""
    pipeline = spec.get("pipeline") or ()
    if not pipeline:
        raise StalledError(REASON, "invalid composition: spec.pipeline: Required value: a pipeline needs steps")
    if found := validation.pipeline_faults(spec):
        raise StalledError(REASON, f"invalid composition: {faults.summary(found)}")
    return tuple(_step(raw) for raw in pipeline)


def _step(raw: Mapping[str, Any]) -> Step:
    requirements = raw.get("requirements") or {}
    return Step(
        name=raw["step"],
        function=raw["functionRef"]["name"],
        input=raw.get("input"),
        credentials=tuple(_credential(c) for c in raw.get("credentials") or () if c.get("source") != "None"),
        required={r["requirementName"]: _selector(r) for r in requirements.get("requiredResources") or ()},
        schemas={
            r["requirementName"]: SchemaSelector(r["apiVersion"], r["kind"])
            for r in requirements.get("requiredSchemas") or ()
        },
    )


def _credential(raw: Mapping[str, Any]) -> Credential:
    reference = raw.get("secretRef") or {}
    return Credential(raw["name"], str(reference.get("namespace") or ""), str(reference.get("name") or ""))


def _selector(raw: Mapping[str, Any]) -> Selector:
    return Selector(
        raw["apiVersion"], raw["kind"], raw.get("name") or None, raw.get("matchLabels"), raw.get("namespace") or None
    )


def run(steps: Sequence[Step], observed: State, world: Surroundings, context: Object | None = None) -> Outcome:
    """
    Run *steps* on what is *observed*; the first finds *context* in its context.

    Raises a `ReconcileError` when a function cannot be called.
    """
    outcome = Outcome(context=context)
    for step in steps:
        response, asked = _call(step, _request(step, observed, outcome, world), world)
        outcome = _after(step, outcome, response, asked)
        if outcome.fatal:
            break
    return outcome


def _request(step: Step, observed: State, outcome: Outcome, world: Surroundings) -> Request:
    return Request(
        observed=observed,
        desired=outcome.desired,
        input=step.input,
        context=outcome.context,
        credentials={c.name: world.credentials(c) for c in step.credentials},
        required_resources={key: _fetched(selector, world) for key, selector in step.required.items()},
        required_schemas={key: world.schema(selector) for key, selector in step.schemas.items()},
        capabilities=CAPABILITIES,
    )


def _fetched(selector: Selector, world: Surroundings) -> Sequence[Resource]:
    return tuple(Resource(obj) for obj in world.fetch(selector))


def _call(step: Step, request: Request, world: Surroundings) -> tuple[Response, tuple[Selector, ...]]:
    """Call the function of *step* until its requirements are those it was called with."""
    asked: tuple[Selector, ...] = tuple(step.required.values())
    met: Requirements | None = None
    original = request
    for _ in range(_MOST_REPETITIONS + 1):
        response = world.run(step.function, request)
        if response.requirements == met or _is_fatal(response):
            return response, asked
        met = response.requirements
        wanted = met or Requirements()
        asked = (*step.required.values(), *wanted.resources.values(), *wanted.extra_resources.values())
        request = _meeting(wanted, original, response, world)
    raise TransientError(
        REASON,
        f'cannot run pipeline step "{step.name}": requirements didn\'t stabilize after the maximum number of '
        f"iterations ({_MOST_REPETITIONS})",
    )


def _is_fatal(response: Response) -> bool:
    return any(result.severity is Severity.FATAL for result in response.results)


def _meeting(met: Requirements, original: Request, response: Response, world: Surroundings) -> Request:
    # Of an earlier call only the context goes into the next one; the resources of the composition itself stay.
    return replace(
        original,
        context=response.context,
        extra_resources={key: _fetched(selector, world) for key, selector in met.extra_resources.items()},
        required_resources={
            **original.required_resources,
            **{key: _fetched(selector, world) for key, selector in met.resources.items()},
        },
        required_schemas={
            **original.required_schemas,
            **{key: world.schema(selector) for key, selector in met.schemas.items()},
        },
    )


def _after(step: Step, outcome: Outcome, response: Response, asked: tuple[Selector, ...]) -> Outcome:
    fatal = next((r.message for r in response.results if r.severity is Severity.FATAL), None)
    told = [(step.name, r) for r in response.results if r.severity is not Severity.FATAL]
    return Outcome(
        desired=response.desired,
        context=response.context,
        results=(*outcome.results, *told),
        conditions=(*outcome.conditions, *response.conditions),
        ttl=_sooner(outcome.ttl, response.ttl),
        required=(*outcome.required, *asked),
        fatal="" if fatal is None else f'pipeline step "{step.name}" returned a fatal result: {fatal}',
    )


def _sooner(one: float | None, other: float | None) -> float | None:
    given = [ttl for ttl in (one, other) if ttl is not None and ttl > 0]
    return min(given) if given else None
