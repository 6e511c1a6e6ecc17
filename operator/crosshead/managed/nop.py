"""What a NopResource shows: nothing but what it was told to, when it was told to, as provider-nop does."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from crosshead.base.conditions import Condition, creating
from crosshead.base.errors import StalledError
from crosshead.base.names import READY
from crosshead.base.values import Object, SecretValue
from crosshead.managed.external import Observation
from crosshead.managed.polling import parse_duration


@dataclass(frozen=True, slots=True)
class _Entry:
    """A condition, and the age at which the resource gets it."""

    age: timedelta
    condition: Condition


def observe(parameters: Object, created: datetime, now: datetime) -> Observation:
    """
    Return what a NopResource with *parameters*, created at *created*, looks like at *now*.

    Of the entries that are due, the one with the latest time counts for each type of condition; of entries with the
    same time, the last. Until one of type Ready is due the resource is being created. It says when the next is due.
    """
    entries = sorted(_entries(parameters), key=lambda entry: entry.age)
    due = {entry.condition.type: entry.condition for entry in entries if created + entry.age <= now}
    coming = [(created + entry.age - now).total_seconds() for entry in entries if created + entry.age > now]
    return Observation(
        exists=True,
        ready=due.pop(READY, creating()),
        at_provider={"fields": parameters["fields"]} if parameters.get("fields") else {},
        connection={one["name"]: SecretValue(one["value"]) for one in parameters.get("connectionDetails") or ()},
        conditions=tuple(due.values()),
        again=min(coming, default=None),
    )


def _entries(parameters: Object) -> Iterator[_Entry]:
    for index, raw in enumerate(parameters.get("conditionAfter") or ()):
        try:
            age = parse_duration(raw["time"])
        except ValueError as error:
            text = f"spec.forProvider.conditionAfter[{index}].time: {error}"
            raise StalledError("CannotObserveExternalResource", text) from error
        yield _Entry(
            age, Condition(raw["conditionType"], raw["conditionStatus"], str(raw.get("conditionReason") or ""))
        )
