"""Conditions as values: built, compared and merged without a clock."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from crosshead.base import names
from crosshead.base.values import Object


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of an object. *since* is the RFC 3339 time of its last transition."""

    type: str
    status: str
    reason: str
    message: str = ""
    observed_generation: int | None = None
    since: str = ""


def available() -> Condition:
    """Ready=True: it can be used."""
    return Condition(names.READY, "True", names.AVAILABLE)


def unavailable(message: str = "") -> Condition:
    """Ready=False: it exists but cannot be used."""
    return Condition(names.READY, "False", names.UNAVAILABLE, message)


def creating(message: str = "") -> Condition:
    """Ready=False: it is on its way."""
    return Condition(names.READY, "False", names.CREATING, message)


def deleting() -> Condition:
    """Ready=False: it is going away."""
    return Condition(names.READY, "False", names.DELETING)


def waiting(message: str) -> Condition:
    """Ready=False: a claim waits for its composite."""
    return Condition(names.READY, "False", names.WAITING, message)


def synced() -> Condition:
    """Synced=True: the last reconcile did all it had to."""
    return Condition(names.SYNCED, "True", names.RECONCILE_SUCCESS)


def sync_error(message: str) -> Condition:
    """Synced=False: the last reconcile failed, and this is why."""
    return Condition(names.SYNCED, "False", names.RECONCILE_ERROR, message)


def paused(message: str = names.PAUSED_MESSAGE) -> Condition:
    """Synced=False: somebody asked us to leave the object alone."""
    return Condition(names.SYNCED, "False", names.RECONCILE_PAUSED, message)


def mark(
    conditions: Iterable[Condition], *news: Condition, now: str, generation: int | None = None
) -> tuple[Condition, ...]:
    """
    Return *conditions* with each of *news* in place of the one of its type, sorted by type.

    The transition time moves when status, reason, message or observed generation change, as Crossplane's does
    (a message alone bumps it), and only then: repeating the same news leaves the object untouched and the watch silent.
    """
    known = {c.type: c for c in conditions}
    for new in news:
        known[new.type] = _settle(replace(new, observed_generation=generation), known.get(new.type), now)
    return tuple(sorted(known.values(), key=lambda c: c.type))


def _settle(new: Condition, old: Condition | None, now: str) -> Condition:
    same = old is not None and replace(old, since="") == replace(new, since="")
    return replace(new, since=old.since if old is not None and same else now)


def read(obj: Object) -> tuple[Condition, ...]:
    """Return the conditions that the status of *obj* shows."""
    return tuple(_from_json(c) for c in (obj.get("status") or {}).get("conditions") or ())


def find(obj: Object, type: str) -> Condition | None:
    """Return the condition of *type* that the status of *obj* shows, or None."""
    return next((c for c in read(obj) if c.type == type), None)


def is_true(obj: Object, type: str) -> bool:
    """Whether the status of *obj* shows the condition of *type* with status "True"."""
    found = find(obj, type)
    return found is not None and found.status == "True"


def write(conditions: Iterable[Condition]) -> list[dict[str, Any]]:
    """Return *conditions* as a status holds them."""
    return [_to_json(c) for c in conditions]


def _from_json(raw: Mapping[str, Any]) -> Condition:
    return Condition(
        type=str(raw.get("type", "")),
        status=str(raw.get("status", "")),
        reason=str(raw.get("reason", "")),
        message=str(raw.get("message", "")),
        observed_generation=raw.get("observedGeneration"),
        since=str(raw.get("lastTransitionTime", "")),
    )


def _to_json(condition: Condition) -> dict[str, Any]:
    raw: dict[str, Any] = {
        "type": condition.type,
        "status": condition.status,
        "reason": condition.reason,
        "lastTransitionTime": condition.since,
    }
    if condition.message:
        raw["message"] = condition.message
    if condition.observed_generation is not None:
        raw["observedGeneration"] = condition.observed_generation
    return raw
