"""Tell whether a composed resource is ready, by the checks of its template."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias, assert_never

from crosshead.base import fieldpaths, gostructs
from crosshead.base.fieldpaths import FieldPathError, NotFoundError, Shape
from crosshead.base.gostructs import DecodeError, Integer, Slice, Struct, Text
from crosshead.base.names import READY
from crosshead.base.values import Object
from crosshead.compose.dialects import Dialect
from crosshead.compose.faults import Fault, invalid, required

Raw: TypeAlias = Mapping[str, Any]


class ReadinessError(ValueError):
    """A check that cannot be made."""


class BrokenCheckError(ReadinessError):
    """A check that never can: upstream crashes."""


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


@dataclass(frozen=True, slots=True)
class BrokenCheck:
    """One that always fails, and what it says."""

    why: str


Check: TypeAlias = AlwaysReady | FieldExists | FieldEquals | ConditionIs | BrokenCheck


def is_ready(obj: Object, checks: Sequence[Check]) -> bool:
    """Whether *obj* passes all *checks*; the first that fails ends it. No checks mean the condition Ready."""
    for index, check in enumerate(checks or (ConditionIs(),)):
        try:
            if not _passes(obj, check):
                return False
        except FieldPathError as error:
            raise ReadinessError(f"cannot run readiness check at index {index}: {error}") from error
        except BrokenCheckError as error:
            raise BrokenCheckError(f"cannot run readiness check at index {index}: {error}") from error
    return True


def _passes(obj: Object, check: Check) -> bool:
    match check:
        case AlwaysReady():
            return True
        case ConditionIs(type=type, status=status):
            return _status(obj, type) == status
        case FieldExists() | FieldEquals():
            return _field_passes(obj, check)
        case BrokenCheck(why=why):
            raise BrokenCheckError(why)
        case _:
            assert_never(check)


_CONDITIONS: Final = Struct(
    "v1.ConditionedStatus",
    {
        "conditions": Slice(
            Struct(
                "v1.Condition",
                {
                    "type": Text(),
                    "status": Text(),
                    "reason": Text(),
                    "message": Text(),
                    "lastTransitionTime": Text(),
                    "observedGeneration": Integer(),
                },
                is_strict=False,
            )
        )
    },
    is_strict=False,
)


def _status(obj: Object, type: str) -> str:
    """Return the status of a condition. Anybody may write anything into a status; what is no condition has none."""
    if "status" not in obj:
        return ""
    try:
        status = gostructs.decode(_CONDITIONS, obj["status"] or {})
    except DecodeError:
        return ""
    found = (each for each in status.get("conditions") or () if each.get("type", "") == type)
    return str(next(found, {"status": "Unknown"}).get("status", ""))


def _field_passes(obj: Object, check: FieldExists | FieldEquals) -> bool:
    try:
        if isinstance(check, FieldExists):
            fieldpaths.get(obj, check.path)
            return True
        return bool(fieldpaths.get_as(obj, check.path, check.shape) == check.value)
    except NotFoundError:
        return False


def read(raw: Raw, dialect: Dialect = Dialect.NATIVE) -> Check:
    """Return the check that *raw* spells, which has no `fault`."""
    match raw["type"]:
        case "None":
            return AlwaysReady()
        case "NonEmpty":
            return FieldExists(raw["fieldPath"])
        case "MatchCondition" if dialect is Dialect.FUNCTION and raw.get("matchCondition") is None:
            return BrokenCheck("no matchCondition is given")
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


def fault(raw: Raw, dialect: Dialect = Dialect.NATIVE) -> Fault | None:
    """Return what is wrong with the check *raw*, its path seen from the check."""
    kind = raw.get("type") or ""
    if kind == "None":
        return None
    if kind == "MatchCondition":
        return _condition_fault(raw.get("matchCondition"))
    if kind not in {"NonEmpty", *_FIELD_CHECKS}:
        return invalid("type", kind, "unknown readiness check type")
    field, complaint = _WANTED.get(kind, {}).get(dialect, ("type", ""))
    if _is_missing(raw.get(field), dialect):
        return required(field, complaint)
    return required("fieldPath", "cannot be empty") if _is_missing(raw.get("fieldPath"), dialect) else None


def _is_missing(value: str | int | None, dialect: Dialect) -> bool:
    """Whether *value* counts as not given: to Crossplane also "" and 0, to functions null alone."""
    return value is None if dialect is Dialect.FUNCTION else not value


# Per type of check that compares with something: what that is called, and the complaint when it is missing.
_WANTED: Final[Mapping[str, Mapping[Dialect, tuple[str, str]]]] = {
    "MatchString": {
        Dialect.NATIVE: ("matchString", "cannot be empty for type MatchString"),
        Dialect.FUNCTION: ("matchString", "cannot be nil for type MatchString"),
    },
    "MatchInteger": {
        Dialect.NATIVE: ("matchInteger", "cannot be 0 for type MatchInteger"),
        Dialect.FUNCTION: ("matchInteger", "cannot be nil for type MatchInteger"),
    },
}


def _condition_fault(condition: Raw | None) -> Fault | None:
    if condition is None:  # the CRD's default
        return None
    missing = next((field for field in ("type", "status") if not condition.get(field)), None)
    if missing is None:
        return None
    return required(f"matchCondition.{missing}", "cannot be empty for type MatchCondition")
