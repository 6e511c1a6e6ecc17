"""How the API server merges, small enough to read: merge patches, and apply with its owners of fields."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from crosshead.base.values import Object

# The lists that are merged by entry; every other list is one value. None: the entries are a set.
KEYED: Mapping[tuple[str, ...], str | None] = {
    ("metadata", "finalizers"): None,
    ("metadata", "ownerReferences"): "uid",
    ("status", "conditions"): "type",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a keyed list; in a set, `key` is empty and the value is the entry."""

    key: str
    value: str

    def __str__(self) -> str:
        return f"k:{json.dumps({self.key: self.value})}" if self.key else f"v:{json.dumps(self.value)}"


Path = tuple[str | Entry, ...]
Leaves = dict[Path, Any]


def flatten(value: Any, at: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Yield the leaves of *value* with their paths; an empty mapping is a leaf."""
    if isinstance(value, Mapping) and value:
        for name, inner in value.items():
            yield from flatten(inner, (*at, name))
    elif isinstance(value, list) and at in KEYED:
        for inner in value:
            yield from _entry(inner, at, KEYED[at])
    else:
        yield at, value


def _entry(inner: Any, at: Path, key: str | None) -> Iterator[tuple[Path, Any]]:
    if key is None:
        yield (*at, Entry("", inner)), inner
    else:
        yield from flatten(inner, (*at, Entry(key, inner[key])))


def unflatten(leaves: Leaves) -> dict[str, Any]:
    """Return the object that has *leaves*."""
    root: dict[Any, Any] = {}
    for path, value in leaves.items():
        spot = root
        for segment in path[:-1]:
            spot = spot.setdefault(segment, {})
        spot[path[-1]] = value
    return _with_lists(root)


def _with_lists(spot: Any) -> Any:
    if not isinstance(spot, dict):
        return spot
    if any(isinstance(segment, Entry) for segment in spot):
        return [_with_lists(inner) for inner in spot.values()]
    return {segment: _with_lists(inner) for segment, inner in spot.items()}


def applied(current: Object, wanted: Object, before: set[Path], others: set[Path]) -> tuple[dict[str, Any], set[Path]]:
    """Return *current* with *wanted* applied by an owner of *before*, and what it owns now; *others* keep theirs."""
    mine = dict(flatten(wanted))
    let_go = before - mine.keys() - others
    kept = {path: value for path, value in flatten(current) if path not in let_go and not _replaced(path, mine)}
    # An empty mapping is owned, but empties nothing that others have put into it.
    mine_seen = {path: value for path, value in mine.items() if value != {} or not _has_below(path, kept)}
    return unflatten({**kept, **mine_seen}), set(mine)


def _replaced(path: Path, mine: Leaves) -> bool:
    """Whether a value of *mine* stands above *path*, or branches grow where *path* was a value."""
    above = any(mine.get(path[:length], {}) != {} for length in range(1, len(path)))
    return above or _has_below(path, mine)


def _has_below(path: Path, leaves: Leaves) -> bool:
    return any(len(other) > len(path) and other[: len(path)] == path for other in leaves)


def fields_v1(paths: set[Path]) -> dict[str, Any]:
    """Return *paths* in the notation of `metadata.managedFields`."""
    root: dict[str, Any] = {}
    for path in sorted(paths, key=str):
        spot = root
        for segment in path:
            spot = spot.setdefault(str(segment) if isinstance(segment, Entry) else f"f:{segment}", {})
            if isinstance(segment, Entry) and segment.key:
                spot.setdefault(".", {})
    return root


def merge_patch(target: Any, changes: Any) -> Any:
    """Return *target* with *changes* merged in, as RFC 7386 has it."""
    if not isinstance(changes, Mapping):
        return changes
    base = target if isinstance(target, Mapping) else {}
    merged = {key: merge_patch(base.get(key), value) for key, value in changes.items() if value is not None}
    return {**{key: value for key, value in base.items() if key not in changes}, **merged}
