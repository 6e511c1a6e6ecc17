"""Tell whether a composed resource is ready, by the checks of its template."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias, assert_never

from crosshead.base import conditions, fieldpaths
from crosshead.base.fieldpaths import FieldPathError, NotFoundError, Shape
from crosshead.base.names import READY
from crosshead.base.values import Object
from crosshead.compose.faults import Fault, invalid, required

Raw: TypeAlias = Mapping[str, Any]


class ReadinessError(ValueError):
    """A check that cannot be made."""


@dataclass(frozen=True, slots=True)
class AlwaysReady:
    """Ready as soon as it exists."""


@dataclass(frozen=True, slots=True)
class FieldExists:
    """Ready when there is something at *path*, null included."""

    path: str


@dataclass(frozen=True, slots=True)
class FieldEquals:
    """Ready when the value at *path*, which must be of *shape*, is *value*."""

    path: str
    shape: Shape
    value: str | int | bool


@dataclass(frozen=True, slots=True)
class ConditionIs:
    """Ready when a condition has a status; one that is not there has the status Unknown."""

    type: str = READY
    status: str = "True"


Check: TypeAlias = AlwaysReady | FieldExists | FieldEquals | ConditionIs


def is_ready(obj: Object, checks: Sequence[Check]) -> bool:
    """Whether *obj* passes all *checks*; the first that fails ends it. No checks mean the condition Ready."""
    for index, check in enumerate(checks or (ConditionIs(),)):
        try:
            if not _passes(obj, check):
                return False
        except FieldPathError as error:
            raise ReadinessError(f"cannot run readiness check at index {index}: {error}") from error
    return True


def _passes(obj: Object, check: Check) -> bool:
    match check:
        case AlwaysReady():
            return True
        case ConditionIs(type=type, status=status):
            found = conditions.find(obj, type)
            return (found.status if found else "Unknown") == status
        case FieldExists() | FieldEquals():
            return _field_passes(obj, check)
        case _:
            assert_never(check)


def _field_passes(obj: Object, check: FieldExists | FieldEquals) -> bool:
    try:
        if isinstance(check, FieldExists):
            fieldpaths.get(obj, check.path)
            return True
        return bool(fieldpaths.get_as(obj, check.path, check.shape) == check.value)
    except NotFoundError:
        return False


def read(raw: Raw) -> Check:
    """Return the check that *raw* spells, which has no `fault`."""
    match raw["type"]:
        case "None":
            return AlwaysReady()
        case "NonEmpty":
            return FieldExists(raw["fieldPath"])
        case "MatchCondition":
            wanted = raw.get("matchCondition") or {}
            return ConditionIs(wanted.get("type") or READY, wanted.get("status") or "True")
        case kind:
            return _FIELD_CHECKS[kind](raw)


_FIELD_CHECKS: Final[Mapping[str, Callable[[Raw], Check]]] = {
    "MatchString": lambda raw: FieldEquals(raw["fieldPath"], "string", raw["matchString"]),
    "MatchInteger": lambda raw: FieldEquals(raw["fieldPath"], "integer", raw["matchInteger"]),
    "MatchTrue": lambda raw: FieldEquals(raw["fieldPath"], "bool", value=True),
    "MatchFalse": lambda raw: FieldEquals(raw["fieldPath"], "bool", value=False),
}


def fault(raw: Raw) -> Fault | None:
    """Return what is wrong with the check *raw*, its path seen from the check."""
    kind = raw.get("type") or ""
    if kind == "None":
        return None
    if kind == "MatchCondition":
        return _condition_fault(raw.get("matchCondition"))
    if kind not in {"NonEmpty", *_FIELD_CHECKS}:
        return invalid("type", kind, "unknown readiness check type")
    if kind == "MatchString" and not raw.get("matchString"):
        return required("matchString", "cannot be empty for type MatchString")
    if kind == "MatchInteger" and not raw.get("matchInteger"):
        return required("matchInteger", "cannot be 0 for type MatchInteger")
    return None if raw.get("fieldPath") else required("fieldPath", "cannot be empty")


def _condition_fault(condition: Raw | None) -> Fault | None:
    if condition is None:  # the CRD's default
        return None
    missing = next((field for field in ("type", "status") if not condition.get(field)), None)
    if missing is None:
        return None
    return required(f"matchCondition.{missing}", "cannot be empty for type MatchCondition")
