"""
function-sequencer 0.6: what comes later in a sequence is left out until everything before it is ready.

Only what does not exist yet is left out. With deletion sequencing the order is kept backwards too, by usages of what
exists.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, product
from typing import Final

from crosshead.base import goquotes, regexps
from crosshead.base.regexps import Regexp, RegexpError
from crosshead.base.values import Object
from crosshead.compose.functions import durations, inputs, replies, usages
from crosshead.compose.functions.durations import DurationError
from crosshead.compose.functions.inputs import InputError
from crosshead.compose.protocol import Ready, Request, Resource, Response, respond

_RULE: Final = inputs.struct(
    "v1beta1.SequencingRule",
    sequence=inputs.items(inputs.TEXT),
    condition=inputs.TEXT,
    createOnly=inputs.BOOLEAN,
    deleteOnly=inputs.BOOLEAN,
)
_INPUT: Final = inputs.document(
    "v1beta1.Input",
    cacheTTL=inputs.TEXT,
    enableDeletionSequencing=inputs.BOOLEAN,
    replayDeletion=inputs.BOOLEAN,
    usageVersion=inputs.TEXT,
    resetCompositeReadiness=inputs.BOOLEAN,
    rules=inputs.items(_RULE),
)


class _RuleError(ValueError):
    """The rules cannot be followed."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What a rule starts from, and leaves to the next."""

    request: Request
    input: Object
    response: Response
    usages: Mapping[str, Resource]

    @property
    def resources(self) -> Mapping[str, Resource]:
        """The composed resources that are still desired."""
        return self.response.desired.resources

    @property
    def observed(self) -> Mapping[str, Resource]:
        """The composed resources that exist."""
        return self.request.observed.resources


def run(request: Request) -> Response:
    """Return the response of function-sequencer."""
    try:
        told = inputs.read(request, _INPUT)
        response = durations.cached(respond(request), told.get("cacheTTL") or "")
    except InputError as error:
        return replies.refuse(request, f"cannot get Function input from *v1.RunFunctionRequest: {error}")
    except DurationError as error:
        return replies.refuse(request, f"cannot set cacheTTL: {error}")
    return _sequenced(_Known(request, told, response, {}))


def _sequenced(known: _Known) -> Response:
    for rule in known.input.get("rules") or ():
        try:
            known = _follow(known, rule or {})
        except _RuleError as error:
            # What was decided before counts for nothing, but was said.
            undecided = replace(known.response, desired=known.request.desired)
            return replies.fatal(undecided, str(error))
    return replies.with_resources(known.response, {**known.resources, **known.usages})


def _follow(known: _Known, rule: Object) -> _Known:
    sequence = [name or "" for name in rule.get("sequence") or ()]
    condition = rule.get("condition") or ""
    is_met = not condition or _is_met(known.request, condition, sequence)
    if not is_met:
        said = f"Skipping sequence {_listed(sequence)}: condition {goquotes.quote(condition)} evaluated to false"
        known = replace(known, response=replies.normal(known.response, said))
    # Skipped or not: what exists is deleted in order.
    if known.input.get("enableDeletionSequencing") and not rule.get("createOnly"):
        known = replace(known, usages={**known.usages, **_protect(known, sequence)})
    if not is_met or rule.get("deleteOnly"):
        return known
    return _delay(known, sequence)


def _listed(sequence: Sequence[str]) -> str:
    return f"[{' '.join(sequence)}]"


def _is_met(request: Request, condition: str, sequence: Sequence[str]) -> bool:
    try:
        return _truth(request, condition)
    except _RuleError as error:
        quoted, listed = goquotes.quote(condition), _listed(sequence)
        raise _RuleError(f"cannot evaluate condition {quoted} for sequence {listed}: {error}") from error


def _truth(request: Request, condition: str) -> bool:
    from crosshead.compose.functions import cel  # noqa: PLC0415 (0.1 s that few compositions need)

    try:
        expression = cel.compile(condition)
        if expression.type not in {"bool", "dyn"}:
            raise _RuleError(f"CEL condition must return bool, got {expression.type}")
        value = cel.evaluate(expression, request)
    except cel.CelError as error:
        raise _RuleError(f"cannot {error.stage.value} CEL condition: {error}") from error
    if not isinstance(value, bool):
        raise _RuleError("CEL condition result is not bool")
    return value


def _delay(known: _Known, sequence: Sequence[str]) -> _Known:
    for index, pattern in enumerate(sequence):
        if index and pattern not in known.observed:
            known = _delay_one(known, pattern, sequence[:index])
    return known


def _delay_one(known: _Known, pattern: str, before: Sequence[str]) -> _Known:
    for earlier in before:
        matching = _matching(earlier, known.resources)
        current = _strict(pattern)
        ready = sum(known.resources[name].ready is Ready.TRUE for name in matching)
        if matching and ready == len(matching):
            continue
        why = f"is not fully ready ({ready} of {len(matching)})" if matching else "does not exist yet"
        quoted = goquotes.quote(pattern), goquotes.quote(earlier)
        said = f"Delaying creation of resource(s) matching {quoted[0]} because {quoted[1]} {why}"
        return _without(replace(known, response=replies.normal(known.response, said)), current)
    return known


def _without(known: _Known, pattern: Regexp) -> _Known:
    late = {name for name in known.resources if name not in known.observed and pattern.find(name) is not None}
    rest = {name: resource for name, resource in known.resources.items() if name not in late}
    response = replies.with_resources(known.response, rest)
    if late and known.input.get("resetCompositeReadiness"):
        response = _not_ready(response)
    return replace(known, response=response)


def _not_ready(response: Response) -> Response:
    composite = response.desired.composite
    if composite is None:
        raise _RuleError("cannot reset composite readiness: no earlier step desires a composite resource")
    return replace(response, desired=replace(response.desired, composite=replace(composite, ready=Ready.FALSE)))


def _protect(known: _Known, sequence: Sequence[str]) -> dict[str, Resource]:
    try:
        return dict(_usages(known, sequence))
    except _RuleError as error:
        raise _RuleError(f"cannot generate usages for sequence: {error}") from error


def _usages(known: _Known, sequence: Sequence[str]) -> Iterator[tuple[str, Resource]]:
    """Yield usages, one for each pair that exists: what is earlier in the sequence is used by what follows it."""
    is_v1 = known.input.get("usageVersion") == "v1"
    for earlier, later in pairwise(sequence):
        users = [u for u in _matching(later, known.observed) if not _is_usage(known, u, is_v1=is_v1)]
        used = [name for name in _matching(earlier, known.resources) if name in known.observed]
        for user, one in product(users, used):
            yield f"{user}-{one}-usage", Resource(_usage(known, one, user, is_v1=is_v1), ready=Ready.TRUE)


def _is_usage(known: _Known, name: str, *, is_v1: bool) -> bool:
    return usages.is_usage(known.observed[name].resource, is_v1=is_v1)


def _usage(known: _Known, used: str, user: str, *, is_v1: bool) -> Object:
    of, by = known.observed[used].resource, known.observed[user].resource
    usage = usages.compose(of, usages.name("dependency", by, of), is_v1=is_v1)
    replay = bool(known.input.get("replayDeletion"))
    spec = {**usage["spec"], "by": usages.refer(by), "reason": "dependency", "replayDeletion": replay}
    return {**usage, "spec": spec}


def _matching(pattern: str, resources: Mapping[str, Resource]) -> list[str]:
    regexp = _strict(pattern)
    return [name for name in resources if regexp.find(name) is not None]


def _strict(pattern: str) -> Regexp:
    """Return *pattern*, anchored at both ends unless it is at one: with text around it, so that `a|b` is `^a|b$`."""
    is_anchored = pattern.startswith("^") or pattern.endswith("$")
    try:
        return regexps.compile(pattern if is_anchored else f"^{pattern}$")
    except RegexpError as error:
        raise _RuleError(f"cannot compile regex {pattern}: {error}") from error
