"""The conditions of objects that may show anything in their status: whoever made their kind decided, not we."""

from collections.abc import Mapping

from crosshead.base import conditions
from crosshead.base.conditions import Condition
from crosshead.base.values import Json, Object


def shown(obj: Object) -> tuple[Condition, ...]:
    """Return the conditions that *obj* shows; a status in which there can be none shows none."""
    status = obj.get("status")
    told = status.get("conditions") if isinstance(status, Mapping) else None
    if not isinstance(told, list) or not all(isinstance(one, Mapping) for one in told):
        return ()
    return conditions.read({"status": {"conditions": [_plain(one) for one in told]}})


def _plain(condition: Mapping[str, Json]) -> dict[str, Json]:
    # Null is the same as nothing; the reader would make a word of it.
    return {field: value for field, value in condition.items() if value is not None}


def find(obj: Object, type: str) -> Condition:
    """Return the condition of *type* that *obj* shows; one that it does not show has the status Unknown."""
    return next((c for c in shown(obj) if c.type == type), Condition(type, "Unknown", ""))


def is_true(obj: Object, type: str) -> bool:
    """Whether *obj* shows the condition of *type* with status "True"."""
    return find(obj, type).status == "True"
