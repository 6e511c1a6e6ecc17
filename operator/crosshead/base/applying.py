"""
Whether a server-side apply would change anything, told from the object that the cache shows.

A write that changes nothing still costs the API server three quarters of a real one, so we look first. The look
needs the entry of our field owner in `managedFields`: equality alone would miss what we once applied and no longer do.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from crosshead.base.values import Json, Object

_NOTHING: Mapping[str, Any] = {}


def is_applied(desired: Object, observed: Object, owner: str) -> bool:
    """
    Return whether applying *desired* as field owner *owner* would leave *observed* as it is.

    True only when every field of *desired* is there with its value, and *owner* owns no field beyond them
    (those would be removed). Values that the API server rewrites make it False, which costs a write, never a loss.
    """
    owned = _owned(observed, owner)
    if owned is None:
        return False
    wanted = {k: v for k, v in desired.items() if k not in {"apiVersion", "kind"}}
    return _holds(wanted, observed, owned) and _owns_no_more(owned, _without_identity(wanted))


def _owned(observed: Object, owner: str) -> Mapping[str, Any] | None:
    entries = (observed.get("metadata") or _NOTHING).get("managedFields") or ()
    for entry in entries:
        if entry.get("manager") == owner and entry.get("operation") == "Apply":
            return entry.get("fieldsV1") or _NOTHING
    return None


def _without_identity(desired: Object) -> Object:
    # Name, namespace and UID say which object is meant; nobody owns them.
    identity = {"name", "namespace", "uid"}
    metadata = {k: v for k, v in (desired.get("metadata") or _NOTHING).items() if k not in identity}
    return {**desired, "metadata": metadata}


def _holds(desired: Json, observed: Json, owned: Mapping[str, Any]) -> bool:
    if isinstance(desired, Mapping):
        if not isinstance(observed, Mapping):
            return False
        return all(_holds(v, observed.get(k), owned.get(f"f:{k}") or _NOTHING) for k, v in desired.items())
    if isinstance(desired, list) and isinstance(observed, list) and _is_associative(owned):
        return all(any(_holds(item, other, _NOTHING) for other in observed) for item in desired)
    # 1 == True to Python, but not to a schema.
    return bool(desired == observed) and isinstance(desired, bool) == isinstance(observed, bool)


def _is_associative(owned: Mapping[str, Any]) -> bool:
    """Whether the list was merged by key or as a set: other owners may have added their own elements."""
    return any(key.startswith(("k:", "v:")) for key in owned)


def _owns_no_more(owned: Mapping[str, Any], desired: Json) -> bool:
    return all(_is_desired(key, below, desired) for key, below in owned.items() if key != ".")


def _is_desired(key: str, below: Mapping[str, Any], desired: Json) -> bool:
    sort, _, rest = key.partition(":")
    if sort == "f":
        return isinstance(desired, Mapping) and rest in desired and _owns_no_more(below, desired[rest])
    if not isinstance(desired, Sequence) or isinstance(desired, str):
        return False
    if sort == "k":
        return any(_has_keys(item, json.loads(rest)) and _owns_no_more(below, item) for item in desired)
    if sort == "v":
        return json.loads(rest) in desired
    return rest.isdigit() and int(rest) < len(desired)


def _has_keys(item: Json, keys: Mapping[str, Any]) -> bool:
    return isinstance(item, Mapping) and all(item.get(k) == v for k, v in keys.items())
