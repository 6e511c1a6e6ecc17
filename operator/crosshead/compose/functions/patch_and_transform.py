"""
function-patch-and-transform, as its version 0.10 behaves, without a server.

`prepare` reads an input; what comes out answers any number of requests. `run` does both and remembers the inputs that
it has read last. Neither raises for anything that an input or a request holds: what is wrong is told as a fatal result,
and the desired state stays as it was.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final, TypeAlias

from crosshead.base import goquotes
from crosshead.base.encoding import NotJsonError
from crosshead.base.fieldpaths import FieldPathError, NotFoundError
from crosshead.base.values import Object
from crosshead.compose import connection, numbers, readiness
from crosshead.compose.functions import patch_and_transform_secret as connection_secret
from crosshead.compose.functions import replies
from crosshead.compose.functions.patch_and_transform_reading import InputError, Plan, Template, read
from crosshead.compose.functions.patch_and_transform_secret import SecretError
from crosshead.compose.functions.patch_and_transform_sinks import Sink, reader, text_at
from crosshead.compose.patches import CombinePatch, Direction, FieldPatch, Patch, PatchError, Source
from crosshead.compose.protocol import (
    Ready,
    Request,
    Resource,
    Response,
    Result,
    Severity,
    State,
    Target,
    respond,
)
from crosshead.compose.readiness import BrokenCheckError, ReadinessError
from crosshead.compose.transforms import TransformError

ENVIRONMENT: Final = "apiextensions.crossplane.io/environment"
_ENVIRONMENT_TYPE: Final = {"apiVersion": "internal.crossplane.io/v1alpha1", "kind": "Environment"}
_TOO_DEEP: Final = "objects are nested too deeply"


# Inputs that are kept read: more than the steps of most clusters, some megabytes at the worst.
_REMEMBERED: Final = 128


def run(request: Request) -> Response:
    """Answer *request*. An input that is the same object as in an earlier request is not read again."""
    return _recall(_Same(request.input)).run(request)


class _Same:
    """An object that equals itself and no other; as objects are never changed, it stands for what it holds."""

    def __init__(self, it: Object | None) -> None:
        self.it = it

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.it is self.it

    def __hash__(self) -> int:
        return id(self.it)


@lru_cache(maxsize=_REMEMBERED)
def _recall(same: _Same) -> "Prepared":
    return prepare(same.it)


def prepare(told: Object | None) -> "Prepared":
    """Read the input *told*, `pt.fn.crossplane.io/v1beta1` `Resources`."""
    try:
        return Prepared(read(told or {}))
    except (InputError, NotJsonError) as error:
        return Prepared(fault=str(error))
    except RecursionError:
        return Prepared(fault=f"cannot get Function input: {_TOO_DEEP}")


class _FatalError(Exception):
    """What ends the pipeline."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """An input that was read; without *plan* when it cannot be used, and *fault* says why."""

    plan: Plan | None = None
    fault: str = ""

    def run(self, request: Request) -> Response:
        """Answer *request*, whatever its input."""
        if self.plan is None:
            return replies.refuse(request, self.fault)
        results: list[Result] = []
        try:
            return _answer(self.plan, request, results)
        except (_FatalError, NotJsonError) as error:
            fault = str(error)
        except RecursionError:
            fault = _TOO_DEEP
        return replies.fatal(replace(respond(request), results=tuple(results)), fault)


@dataclass(slots=True)
class _Work:
    """What one run has made so far. *is_held_back*: a new resource waits for something to patch from."""

    request: Request
    observed: Object
    composite: Sink
    environment: Sink
    details: dict[str, bytes]
    resources: dict[str, Resource]
    results: list[Result]
    is_held_back: bool = False

    def warn(self, message: str) -> None:
        self.results.append(Result(Severity.WARNING, message, target=Target.COMPOSITE))


def _answer(plan: Plan, request: Request, results: list[Result]) -> Response:
    work = _begin(request, results)
    for index, patch in enumerate(plan.environment):
        _patch_environment(work, index, patch)
    for template in plan.templates:
        _compose(work, template)
    _compose_secret(work, plan)
    return _finish(work)


def _begin(request: Request, results: list[Result]) -> _Work:
    observed = replies.composite(request)
    desired = request.desired.composite or Resource()
    identity = {key: text_at(observed, (key,)) for key in ("apiVersion", "kind")}
    return _Work(
        request,
        observed,
        composite=Sink.of_request({**desired.resource, **identity}),
        environment=Sink.of_request(_environment(request)),
        details=dict(desired.connection_details),
        resources={name: Resource(each.resource, ready=each.ready) for name, each in request.desired.resources.items()},
        results=results,
    )


def _environment(request: Request) -> Object:
    found = (request.context or {}).get(ENVIRONMENT)
    environment = found if isinstance(found, dict) else {}
    return environment if _has_type(environment) else {**environment, **_ENVIRONMENT_TYPE}


def _has_type(obj: Object) -> bool:
    """Whether *obj* says what it is, to Go: an API version that cannot be read takes the kind with it."""
    api_version, kind = text_at(obj, ("apiVersion",)), text_at(obj, ("kind",))
    return api_version.count("/") <= 1 and bool(kind or api_version.strip("/"))


def _patch_environment(work: _Work, index: int, patch: Patch) -> None:
    goes_in = patch.direction is Direction.FROM_COMPOSITE
    source, sink = (reader(work.observed), work.environment) if goes_in else (work.environment.get, work.composite)
    try:
        sink.apply(patch, source)
    except (FieldPathError, TransformError, PatchError) as error:
        if not (isinstance(error, NotFoundError) and not _is_required(patch)):
            raise _FatalError(f'cannot apply the "{patch.type}" environment patch at index {index}: {error}') from error


def _is_required(patch: Patch) -> bool:
    return isinstance(patch, FieldPatch | CombinePatch) and patch.is_required


def _compose(work: _Work, template: Template) -> None:
    sink = _start(work, template)
    observed = work.request.observed.resources.get(template.name)
    ready = Ready.UNSPECIFIED
    if observed is not None:
        sink.name_as(observed.resource)
        found = connection.extract(template.details, reader(observed.resource), observed.connection_details)
        work.details |= {key: value.reveal() for key, value in found.items()}
        ready = _readiness(work, template, observed.resource)
    if _patch(work, template, sink, observed):
        work.resources[template.name] = Resource(sink.result(), ready=ready)


def _start(work: _Work, template: Template) -> Sink:
    name = goquotes.quote(template.name)
    if template.fault:
        raise _FatalError(f"cannot parse base template of composed resource {name}: {template.fault}")
    if template.base is not None:
        return Sink(template.draft())
    if template.name not in work.resources:
        problem = "has no base template, and was not produced by a previous Function in the pipeline"
        raise _FatalError(f"composed resource {name} {problem}")
    return Sink.of_request(work.resources[template.name].resource)


def _readiness(work: _Work, template: Template, observed: Object) -> Ready:
    message = f"cannot check readiness of composed resource {goquotes.quote(template.name)}"
    obj = numbers.doubled(observed) if template.sees_doubles else observed
    try:
        return Ready.TRUE if readiness.is_ready(obj, template.checks) else Ready.UNSPECIFIED
    except BrokenCheckError as error:
        raise _FatalError(f"{message}: {error}") from error
    except ReadinessError as error:
        work.warn(f"{message}: {error}")
        return Ready.UNSPECIFIED


_Ends: TypeAlias = Mapping[Direction, tuple[Source, Sink]]


def _patch(work: _Work, template: Template, sink: Sink, observed: Resource | None) -> bool:
    """Apply the patches of *template*, in order; return whether the resource is to exist."""
    ends = _ends(work, sink, observed)
    name = goquotes.quote(template.name)
    for index, patch in enumerate(template.patches):
        which = f'"{patch.type}" patch at index {index}'
        if patch.direction in ends and not _patch_once(work, patch, ends, name, which):
            return False
    return True


def _ends(work: _Work, sink: Sink, observed: Resource | None) -> _Ends:
    """Return where patches come from and go to: always from what is observed to what is desired."""
    into: _Ends = {
        Direction.FROM_COMPOSITE: (reader(work.observed), sink),
        Direction.FROM_ENVIRONMENT: (work.environment.get, sink),
    }
    if observed is None:
        return into
    source = reader(observed.resource)
    return {
        **into,
        Direction.TO_COMPOSITE: (source, work.composite),
        Direction.TO_ENVIRONMENT: (source, work.environment),
    }


def _patch_once(work: _Work, patch: Patch, ends: _Ends, name: str, which: str) -> bool:
    source, sink = ends[patch.direction]
    try:
        sink.apply(patch, source)
    except NotFoundError as error:
        return not _is_required(patch) or _does_without(work, ends, name, which, error)
    except (FieldPathError, TransformError, PatchError) as error:
        raise _FatalError(f"cannot render composed resource {name} {which}: {error}") from error
    return True


def _does_without(work: _Work, ends: _Ends, name: str, which: str, absence: NotFoundError) -> bool:
    """Tell of something required that is not there; return whether the resource exists and so has to stay."""
    policy = "'policy.fromFieldPath: Required'"
    if Direction.TO_COMPOSITE in ends:
        why = f"ignoring {policy} because 'to' resource already exists"
        work.warn(f"cannot render composed resource {name} {which}: {why}: {absence}")
        return True
    work.warn(f"not adding new composed resource {name} to desired state because {which} has {policy}: {absence}")
    work.is_held_back = True
    return False


def _compose_secret(work: _Work, plan: Plan) -> None:
    try:
        secret = connection_secret.compose(work.observed, work.details, plan.secret)
    except SecretError as error:
        raise _FatalError(f"cannot compose connection secret: {error}") from error
    if secret is not None:
        work.resources[connection_secret.name_of(work.observed)] = secret


def _finish(work: _Work) -> Response:
    # What an earlier function says of the composite's readiness is lost, upstream, too.
    ready = Ready.FALSE if work.is_held_back else Ready.UNSPECIFIED
    response = replace(
        respond(work.request),
        desired=State(Resource(work.composite.result(), work.details, ready), work.resources),
        results=tuple(work.results),
    )
    return replies.with_context(response, ENVIRONMENT, work.environment.result())
