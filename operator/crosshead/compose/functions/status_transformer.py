"""
function-status-transformer 0.5: conditions of composed resources become conditions and events of the composite.

It never ends the pipeline: what goes wrong is told in the condition StatusTransformationSuccess.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Final, TypeAlias

from crosshead.base import gotypes, objects, regexps
from crosshead.base.encoding import text as as_text
from crosshead.base.objects import Kind
from crosshead.base.regexps import RegexpError
from crosshead.base.values import Json, Object
from crosshead.compose.functions import inputs, messages, replies, statuses
from crosshead.compose.functions.extra_resources import EXTRA_RESOURCES
from crosshead.compose.functions.inputs import InputError
from crosshead.compose.functions.messages import Groups, MessageError, Renderer
from crosshead.compose.protocol import Condition, Request, Response, Result, Severity, Status, Target, respond

_SUCCESS: Final = "StatusTransformationSuccess"
_COMPOSITE: Final = "function-status-transformer.reserved-keys.composite-resource"

_CONDITION: Final = dict.fromkeys(("type", "status", "reason", "message"), inputs.TEXT)
_MATCHER: Final = inputs.struct(
    "v1beta1.Matcher",
    type=inputs.TEXT,
    resources=inputs.items(inputs.struct("v1beta1.ResourceMatcher", name=inputs.TEXT)),
    conditions=inputs.items(inputs.struct("v1beta1.ConditionMatcher", **_CONDITION)),
    includeCompositeAsResource=inputs.BOOLEAN,
    includeExtraResources=inputs.BOOLEAN,
)
_SET_CONDITION: Final = inputs.struct(
    "v1beta1.SetCondition",
    target=inputs.TEXT,
    force=inputs.BOOLEAN,
    condition=inputs.struct("v1beta1.Condition", **_CONDITION),
)
_EVENT: Final = inputs.struct("v1beta1.Event", type=inputs.TEXT, reason=inputs.TEXT, message=inputs.TEXT)
_HOOK: Final = inputs.struct(
    "v1beta1.StatusConditionHook",
    matchers=inputs.items(_MATCHER),
    setConditions=inputs.items(_SET_CONDITION),
    createEvents=inputs.items(inputs.struct("v1beta1.CreateEvent", target=inputs.TEXT, event=_EVENT)),
)
_INPUT: Final = inputs.document("v1beta1.StatusTransformation", statusConditionHooks=inputs.items(_HOOK))

_STATUSES: Final = {"True": Status.TRUE, "False": Status.FALSE}
_SEVERITIES: Final = {"Normal": Severity.NORMAL, "Warning": Severity.WARNING}


class _ExtraError(ValueError):
    """Extra resources in the context that are none."""


class _MatchError(ValueError):
    """A matcher that cannot be used."""


@dataclass(frozen=True, slots=True)
class _Progress:
    """What the hooks so far have said. *taken* are the types of conditions that are set."""

    conditions: tuple[Condition, ...] = ()
    results: tuple[Result, ...] = ()
    taken: frozenset[str] = frozenset()
    has_failed: bool = False

    def failed(self, reason: str, message: str) -> "_Progress":
        """Return this with one more failure."""
        failure = Condition(_SUCCESS, Status.FALSE, reason, message, Target.COMPOSITE)
        return replace(self, conditions=(*self.conditions, failure), has_failed=True)

    def with_condition(self, condition: Condition) -> "_Progress":
        """Return this with one more condition set."""
        taken = self.taken | {condition.type}
        return replace(self, conditions=(*self.conditions, condition), taken=taken)


def run(request: Request, render: Renderer = messages.refuse) -> Response:
    """Return the response of function-status-transformer. *render* knows the templates that `messages` does not."""
    try:
        hooks = inputs.read(request, _INPUT).get("statusConditionHooks") or ()
    except InputError as error:
        told = f"cannot get Function input from *v1.RunFunctionRequest: {error}"
        return _respond(request, _Progress().failed("InputFailure", told))
    progress = _Progress()
    for index, hook in enumerate(hooks):
        try:
            progress = _follow(request, render, progress, index, hook or {})
        except _ExtraError as error:
            return _respond(request, progress.failed("InputFailure", f"cannot load extra-resources: {error}"))
    return _respond(request, progress)


def _respond(request: Request, progress: _Progress) -> Response:
    success = Condition(_SUCCESS, Status.TRUE, "Available", target=Target.COMPOSITE)
    said = progress.conditions if progress.has_failed else (*progress.conditions, success)
    return replace(respond(request), conditions=said, results=progress.results)


def _follow(request: Request, render: Renderer, progress: _Progress, index: int, hook: Object) -> _Progress:
    try:
        groups = _matched(request, hook, index)
    except _MatchError as error:
        return progress.failed("MatchFailure", str(error))
    if groups is None:
        return progress
    where = f"statusConditionHookIndex: {index}"
    for number, told in enumerate(hook.get("setConditions") or ()):
        progress = _set(progress, told or {}, groups, render, f"{where}, setConditionIndex: {number}")
    for number, told in enumerate(hook.get("createEvents") or ()):
        progress = _create(progress, told or {}, groups, render, f"{where}, createEventIndex: {number}")
    return progress


def _set(progress: _Progress, told: Object, groups: Groups, render: Renderer, where: str) -> _Progress:
    wanted = told.get("condition") or {}
    name = wanted.get("type") or ""
    if name in progress.taken and not told.get("force"):
        return progress
    try:
        message = _message(wanted.get("message"), groups, render)
    except MessageError as error:
        return progress.failed("SetConditionFailure", f"cannot set condition, {where}: {error}")
    status = _STATUSES.get(wanted.get("status") or "", Status.UNKNOWN)
    return progress.with_condition(Condition(name, status, wanted.get("reason") or "", message, _target(told)))


def _create(progress: _Progress, told: Object, groups: Groups, render: Renderer, where: str) -> _Progress:
    event = told.get("event") or {}
    try:
        severity = _severity(event.get("type") or "Normal")
        message = _message(event.get("message") or "", groups, render) or ""
    except MessageError as error:
        return progress.failed("SetConditionFailure", f"cannot create event, {where}: {error}")
    result = Result(severity, message, event.get("reason"), _target(told))
    return replace(progress, results=(*progress.results, result))


def _severity(kind: str) -> Severity:
    if kind not in _SEVERITIES:
        raise MessageError(f"invalid type {kind}, must be one of [Normal, Warning]")
    return _SEVERITIES[kind]


def _message(template: str | None, groups: Groups, render: Renderer) -> str | None:
    # Without a group nothing is rendered, as upstream: braces stay braces.
    return messages.render(template, groups, render) if template is not None and groups else template


def _target(told: Object) -> Target:
    return Target.COMPOSITE_AND_CLAIM if told.get("target") == "CompositeAndClaim" else Target.COMPOSITE


def _matched(request: Request, hook: Object, index: int) -> Groups | None:
    """Return the groups of all matchers of *hook*, None unless every one of them matches."""
    matchers = hook.get("matchers") or ()
    captured: dict[str, str] = {}
    for number, matcher in enumerate(matchers):
        try:
            groups = _match(request, matcher or {})
        except _MatchError as error:
            where = f"statusConditionHookIndex: {index}, matchConditionIndex: {number}"
            raise _MatchError(f"cannot match resources, {where}: {error}") from error
        if groups is None:
            return None
        captured.update(groups)
    return captured if matchers else None


def _match(request: Request, matcher: Object) -> Groups | None:
    chosen = dict(_chosen(request, matcher))
    wanted = [condition or {} for condition in matcher.get("conditions") or ()]
    if not chosen or not wanted:
        return None
    strategy = _STRATEGIES.get(matcher.get("type") or "", _all_all)
    # In an order: which of several resources a group is of would be a matter of chance else.
    return strategy([chosen[name] for name in sorted(chosen)], wanted)


def _chosen(request: Request, matcher: Object) -> Iterator[tuple[str, Object]]:
    known = {name: one.resource for name, one in request.observed.resources.items()}
    known |= dict(_extra(request.context or {})) if matcher.get("includeExtraResources") else {}
    for index, wanted in enumerate(matcher.get("resources") or ()):
        try:
            pattern = regexps.compile((wanted or {}).get("name") or "")
        except RegexpError as error:
            raise _MatchError(f"cannot compile resource key regex, resourcesIndex: {index}: {error}") from error
        yield from ((name, obj) for name, obj in known.items() if pattern.find(name) is not None)
    if matcher.get("includeCompositeAsResource"):
        yield _COMPOSITE, replies.composite(request)


def _extra(context: Object) -> Iterator[tuple[str, Object]]:
    """Yield the resources that function-extra-resources found, under the names that they have here."""
    told = context.get(EXTRA_RESOURCES, {})
    if not isinstance(told, Mapping):
        raise _ExtraError(f"unexpected extra-resources type: {_go_type(told)}")
    for into, several in told.items():
        if not isinstance(several, list):
            raise _ExtraError(f"unexpected extra-resources value type for {into}: {_go_type(several)}")
        for index, obj in enumerate(several):
            if not isinstance(obj, Mapping):
                raise _ExtraError(f"unexpected extra-resources value type for {into} [{index}]: {_go_type(obj)}")
            yield _extra_name(into, obj), obj


def _extra_name(into: str, obj: Object) -> str:
    kind = Kind(str(obj.get("apiVersion") or ""), str(obj.get("kind") or ""))
    return ".".join(["extra-resource", into, kind.group, kind.kind, objects.namespace(obj), objects.name(obj)])


def _go_type(value: Json) -> str:
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return "float64" if is_number else gotypes.name(value)


_Strategy: TypeAlias = Callable[[Sequence[Object], Sequence[Object]], Groups | None]


def _any_any(chosen: Sequence[Object], wanted: Sequence[Object]) -> Groups | None:
    found = (_groups(condition, obj) for obj, condition in product(chosen, wanted))
    return next((groups for groups in found if groups is not None), None)


def _any_all(chosen: Sequence[Object], wanted: Sequence[Object]) -> Groups | None:
    captured: dict[str, str] = {}
    for obj in chosen:
        for condition in wanted:
            groups = _groups(condition, obj)
            if groups is None:
                break
            captured.update(groups)
        else:
            return captured
    return None


def _all_any(chosen: Sequence[Object], wanted: Sequence[Object]) -> Groups | None:
    captured: dict[str, str] = {}
    for obj in chosen:
        found = [groups for condition in wanted if (groups := _groups(condition, obj)) is not None]
        if not found:
            return None
        for groups in found:
            captured.update(groups)
    return captured


def _all_all(chosen: Sequence[Object], wanted: Sequence[Object]) -> Groups | None:
    captured: dict[str, str] = {}
    for obj, condition in product(chosen, wanted):
        groups = _groups(condition, obj)
        if groups is None:
            return None
        captured.update(groups)
    return captured


_STRATEGIES: Final[Mapping[str, _Strategy]] = {
    "AnyResourceMatchesAnyCondition": _any_any,
    "AnyResourceMatchesAllConditions": _any_all,
    "AllResourcesMatchAnyCondition": _all_any,
}


def _groups(wanted: Object, obj: Object) -> Groups | None:
    """Return the groups of the message of the condition of *obj* that *wanted* means, None when it does not match."""
    shown = statuses.find(obj, wanted.get("type") or "")
    told = (("reason", shown.reason), ("status", shown.status))
    if any(wanted.get(field) is not None and wanted[field] != value for field, value in told):
        return None
    if wanted.get("message") is None:
        return {}
    try:
        pattern = regexps.compile(wanted["message"])
    except RegexpError as error:
        raise _MatchError(f"cannot compile message regex: {error}") from error
    found = pattern.find(shown.message)
    if found is None:
        return None
    names = {number: as_text(name) for name, number in pattern.compiled.groupindex.items()}
    return {names.get(number, ""): found[number] for number in range(1, len(found))}
