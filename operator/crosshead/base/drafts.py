"""
Change a draft at a field path.

The draft and everything in it that lies on the path are changed in place: only the maker of a draft may call these
functions, before anybody else has seen it. The words of the errors are those of crossplane-runtime.
"""

from typing import Final

from crosshead.base import fieldpaths, merging
from crosshead.base.encoding import NotJsonError, normalized
from crosshead.base.fieldpaths import FieldPath, FieldPathError, NotFoundError, Segment, understood
from crosshead.base.merging import MergeOptions
from crosshead.base.values import Draft, Json

_LARGEST_INDEX: Final = 1024


class UnwritableError(FieldPathError):
    """A value that no object can hold."""


def assign(draft: Draft, path: FieldPath | str, value: Json) -> None:
    """
    Put *value* at *path* in *draft*, making the objects and arrays on the way.

    Arrays are padded with null, never shrunk; null elements give way to containers, null fields do not.
    """
    path = understood(path)
    try:
        value = normalized(value)
    except NotJsonError as error:
        raise UnwritableError(f"cannot marshal value to JSON: {error}") from error
    _check_indexes(path)
    if path.segments:
        _put(_make_way(draft, path), path, value)


def _check_indexes(path: FieldPath) -> None:
    for segment in path.segments:
        if isinstance(segment, int) and segment > _LARGEST_INDEX:
            raise FieldPathError(f"index {segment} is greater than max allowed index {_LARGEST_INDEX}")


def _make_way(draft: Draft, path: FieldPath) -> Json:
    here: Json = draft
    for depth, (segment, following) in enumerate(zip(path.segments, path.segments[1:], strict=False)):
        _check_container(here, path, depth)
        is_missing = here[segment] is None if isinstance(segment, int) else segment not in here
        if is_missing:
            here[segment] = [] if isinstance(following, int) else {}
        here = here[segment]
        if isinstance(following, int) and isinstance(here, list):
            here.extend([None] * (following + 1 - len(here)))
    return here


def _put(here: Json, path: FieldPath, value: Json) -> None:
    _check_container(here, path, len(path.segments) - 1)
    here[path.segments[-1]] = value


def _check_container(here: Json, path: FieldPath, depth: int) -> None:
    if isinstance(path.segments[depth], int):
        if not isinstance(here, list):
            raise FieldPathError(f"{path[:depth]} is not an array")
    elif not isinstance(here, dict):
        raise FieldPathError(f"{path[:depth]} is not an object")


def remove(draft: Draft, path: FieldPath | str) -> None:
    """Remove what is at *path* from *draft*; later elements of an array move up. Nothing there is success."""
    path = understood(path)
    here: Json = draft
    for depth, segment in enumerate(path.segments[:-1]):
        _check_container(here, path, depth)
        if not _has(here, segment):
            return
        here = here[segment]
    if path.segments:
        _remove_last(here, path)


def _remove_last(here: Json, path: FieldPath) -> None:
    last = path.segments[-1]
    wanted, name = (list, "array") if isinstance(last, int) else (dict, "object")
    container: Json = here
    if type(here) is not wanted:
        raise FieldPathError(f"cannot delete {path}: not an {name}")
    if _has(container, last):
        del container[last]


def _has(here: Json, segment: Segment) -> bool:
    return segment < len(here) if isinstance(segment, int) else segment in here


def merge(draft: Draft, path: FieldPath | str, value: Json, options: MergeOptions | None) -> None:
    """Merge *value* into what is at *path* in *draft*; without *options* it takes its place."""
    path = understood(path)
    if options is None:
        assign(draft, path, value)
        return
    try:
        old = fieldpaths.get(draft, path)
    except NotFoundError:
        old = None
    try:
        merged = merging.merge(old, value, options)
    except merging.MergeError as error:
        raise FieldPathError(f"failed to merge values: {error}") from error
    assign(draft, path, merged)
