"""
Merge one JSON value into another, as a patch policy's `mergeOptions` ask.

What Crossplane does here is what the Go library mergo does, corner by corner; `tests/conformance` holds the corners.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from crosshead.base import gotypes
from crosshead.base.values import Json


class MergeError(ValueError):
    """Two values that do not go together."""


@dataclass(frozen=True, slots=True)
class MergeOptions:
    """Whether values that exist are kept, and whether arrays grow instead of being replaced."""

    keep_map_values: bool = False
    append_slice: bool = False


def read_options(raw: Mapping[str, Json] | None) -> MergeOptions | None:
    """Return the `mergeOptions` of a policy; None is a plain replacement."""
    if raw is None:
        return None
    return MergeOptions(bool(raw.get("keepMapValues")), bool(raw.get("appendSlice")))


def merge(old: Json, new: Json, options: MergeOptions) -> Json:
    """
    Return *old* with *new* merged into it; neither is changed.

    A null on either side means *new*. Appending drops what the old array has already, at the top only: arrays inside
    merged objects grow with every merge.
    """
    if old is None or new is None:
        return new
    if options.append_slice and isinstance(old, list) and isinstance(new, list):
        if not old and not new:  # Go has no empty slice left after it looked for what is there already
            return None
        new = [item for item in new if not any(same(item, known) for known in old)]
    return _merge_into(old, new, options)


def _merge_into(old: Json, new: Json, options: MergeOptions) -> Json:
    match old, new:
        case dict(), dict():
            return _merge_objects(old, new, options) or new
        case _, list() if options.append_slice:
            return _append(old, new)
        case _:
            return old if options.keep_map_values and not _is_empty(old) else new


def _merge_objects(old: Mapping[str, Json], new: Mapping[str, Json], options: MergeOptions) -> dict[str, Json]:
    merged = dict(old)
    for key, value in new.items():
        if value is None:
            if not options.keep_map_values:
                merged[key] = None
        elif merged.get(key) is None:
            merged[key] = value
        else:
            merged[key] = _merge_into(merged[key], value, options)
    return merged


def _append(old: Json, new: list[Json]) -> list[Json]:
    if not isinstance(old, list):
        kinds = f"{gotypes.name(new)}, {gotypes.name(old)}"
        raise MergeError(f"cannot append two slices with different type ({kinds})")
    return [*old, *new]


def _is_empty(value: Json) -> bool:
    return not value


def same(one: Json, other: Json) -> bool:
    """Whether two values are deeply equal, to a language in which `1`, `1.0` and `true` differ."""
    if type(one) is not type(other):
        return False
    match one:
        case dict():
            return one.keys() == other.keys() and all(same(value, other[key]) for key, value in one.items())
        case list():
            return len(one) == len(other) and all(map(same, one, other))
        case _:
            return bool(one == other)
