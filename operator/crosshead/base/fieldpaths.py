"""
Paths to a place in an object (`spec.tags[0]`, `metadata.annotations[example.org/owner]`), and what is there.

Nothing here changes an object (`drafts` does). The words of the errors are those of crossplane-runtime.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias, assert_never

from crosshead.base import goquotes
from crosshead.base.values import Json

# The name of a field, or the index of an element.
Segment: TypeAlias = str | int

WILDCARD: Final = "*"
_UINT32: Final = 2**32
_DIGITS = re.compile("[0-9]+")
_STOP = re.compile(r"[.\[\]]")


class FieldPathError(ValueError):
    """A path that cannot be followed, or is none."""


class NotFoundError(FieldPathError, LookupError):
    """A path that leads nowhere, yet: what Optional policies forgive."""


@dataclass(frozen=True, slots=True)
class FieldPath:
    """A path that has been read. *text* is what its author wrote."""

    segments: tuple[Segment, ...]
    text: str = field(default="", compare=False)

    def __str__(self) -> str:
        return "".join(_spell(segment) for segment in self.segments).removeprefix(".")

    def __getitem__(self, part: slice) -> "FieldPath":
        return FieldPath(self.segments[part])


def parse(text: str) -> FieldPath:
    """Read the path *text*; `FieldPathError` says what is wrong and where, in bytes."""
    segments: list[Segment] = []
    at = 0
    while at < len(text):
        match text[at]:
            case "[":
                at = _read_brackets(text, at, segments)
            case ".":
                at = _read_field(text, _after_period(text, at), segments)
            case _:
                at = _read_field(text, at, segments)
    return FieldPath(tuple(segments), text)


def _read_field(text: str, start: int, segments: list[Segment]) -> int:
    stop = _STOP.search(text, start)
    end = stop.start() if stop else len(text)
    if stop and stop.group() == "]":
        raise _unexpected(text, end)
    segments.append(_unquoted(text[start:end]))
    return end


def _after_period(text: str, at: int) -> int:
    if at in {0, len(text) - 1}:
        raise _unexpected(text, at)
    if text[at + 1] in ".[":
        raise _unexpected(text, at + 1)
    return at + 1


def _read_brackets(text: str, start: int, segments: list[Segment]) -> int:
    end = text.find("]", start)
    if end < 0:
        raise FieldPathError(f"unterminated '[' at position {_position(text, start)}")
    inner = text[start + 1 : end]
    if not inner:
        raise _unexpected(text, end)
    if "[" in inner:
        raise _unexpected(text, start + 1 + inner.index("["))
    segments.append(_field_or_index(inner))
    return end + 1


def _field_or_index(text: str) -> Segment:
    if _DIGITS.fullmatch(text) and int(text) < _UINT32:
        return int(text)
    return _unquoted(text)


def _unquoted(text: str) -> str:
    return text.strip("'\"")


def _unexpected(text: str, at: int) -> FieldPathError:
    return FieldPathError(f"unexpected '{text[at]}' at position {_position(text, at)}")


def _position(text: str, at: int) -> int:
    return len(text[:at].encode("utf-8", "surrogatepass"))


def _spell(segment: Segment) -> str:
    bracketed = isinstance(segment, int) or segment == WILDCARD or "." in segment
    return f"[{segment}]" if bracketed else f".{segment}"


def understood(path: FieldPath | str) -> FieldPath:
    """Return *path*, read if it was text, with an error that names it whole."""
    if isinstance(path, FieldPath):
        return path
    try:
        return parse(path)
    except FieldPathError as error:
        raise FieldPathError(f"cannot parse path {goquotes.quote(path)}: {error}") from error


def get(obj: Json, path: FieldPath | str) -> Json:
    """Return what is at *path* in *obj*; the empty path leads to nothing."""
    path = understood(path)
    return _follow(obj, path) if path.segments else None


def _follow(obj: Json, path: FieldPath) -> Json:
    here = obj
    for depth, segment in enumerate(path.segments):
        if isinstance(segment, int):
            here = _element(here, path, depth, segment)
        elif isinstance(here, dict) and segment in here:
            here = here[segment]
        else:
            raise _no_field(here, path, depth)
    return here


def _element(here: Json, path: FieldPath, depth: int, index: int) -> Json:
    if not isinstance(here, list):
        raise FieldPathError(f"{path[:depth]}: not an array")
    if index >= len(here):
        raise NotFoundError(f"{path[: depth + 1]}: no such element")
    return here[index]


def _no_field(here: Json, path: FieldPath, depth: int) -> FieldPathError:
    if isinstance(here, dict):
        return NotFoundError(f"{path[: depth + 1]}: no such field")
    if here is None:
        return NotFoundError(f"{path[:depth]}: expected map, got nil")
    return FieldPathError(f"{path[:depth]}: not an object")


Shape: TypeAlias = Literal["string", "integer", "bool", "stringArray", "stringObject"]


def get_as(obj: Json, path: FieldPath | str, shape: Shape) -> Json:
    """Return what is at *path* in *obj*, which must be a *shape*: `3.0` is no integer, `true` neither."""
    path = understood(path)
    value = get(obj, path)
    if complaint := _complaint(value, shape):
        raise FieldPathError(f"{path.text or path}: {complaint}")
    return value


def _complaint(value: Json, shape: Shape) -> str:
    match shape:
        case "string":
            return "" if isinstance(value, str) else "not a string"
        case "integer":
            return "" if isinstance(value, int) and not isinstance(value, bool) else "not a (int64) number"
        case "bool":
            return "" if isinstance(value, bool) else "not a bool"
        case "stringArray":
            return _complaint_of_array(value)
        case "stringObject":
            return _complaint_of_object(value)
        case _:
            assert_never(shape)


def _complaint_of_array(value: Json) -> str:
    if not isinstance(value, list):
        return "not an array"
    return "" if _are_strings(value) else "not an array of strings"


def _complaint_of_object(value: Json) -> str:
    if not isinstance(value, dict):
        return "not an object"
    return "" if _are_strings(value.values()) else "not an object with string field values"


def _are_strings(values: Iterable[Json]) -> bool:
    return all(isinstance(value, str) for value in values)


def expand(obj: Json, path: FieldPath | str) -> list[FieldPath]:
    """Return the paths that *path* stands for in *obj*, one per element or field that exists where it has `[*]`."""
    path = understood(path)
    try:
        return list(_expand(obj, path, 0))
    except FieldPathError as error:
        told = type(error)(f"cannot expand wildcards for segments: {goquotes.quote(str(path))}: {error}")
        raise told from error


def _expand(obj: Json, path: FieldPath, start: int) -> Iterator[FieldPath]:
    # What an earlier wildcard stood for is not looked at again: a field may be named "*" itself.
    depth = next((i for i, s in enumerate(path.segments) if i >= start and s == WILDCARD), None)
    before = path[:depth]
    try:
        here = get(obj, before) if before.segments else obj
    except NotFoundError:
        return
    if depth is None:
        yield path
        return
    for choice in _choices(here, before):
        yield from _expand_choice(obj, path, depth, choice)


def _expand_choice(obj: Json, path: FieldPath, depth: int, choice: Segment) -> Iterator[FieldPath]:
    chosen = FieldPath((*path.segments[:depth], choice, *path.segments[depth + 1 :]))
    try:
        yield from _expand(obj, chosen, depth + 1)
    except FieldPathError as error:
        raise type(error)(f"{goquotes.quote(str(chosen))}: cannot expand wildcards: {error}") from error


def _choices(here: Json, path: FieldPath) -> list[Segment]:
    match here:
        case list():
            return list(range(len(here)))
        case dict():
            return [_unquoted(key) for key in here]
        case None:
            raise NotFoundError(f"wildcard field {goquotes.quote(str(path))} is not found in the path")
        case _:
            raise FieldPathError(f"{goquotes.quote(str(path))}: unexpected wildcard usage")
