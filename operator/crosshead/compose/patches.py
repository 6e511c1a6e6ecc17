"""
Patch one object from another.

A source that is not there yet is no error under the policy Optional, and nothing happens. Every other error says what
Crossplane 1.20 and function-patch-and-transform say.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import partial
from typing import TypeAlias, assert_never

from crosshead.base import drafts, encoding, fieldpaths, gofmt
from crosshead.base.drafts import UnwritableError
from crosshead.base.encoding import NotJsonError
from crosshead.base.fieldpaths import FieldPath, FieldPathError, NotFoundError
from crosshead.base.gofmt import TooLongError
from crosshead.base.merging import MergeOptions
from crosshead.base.values import Draft, Json, Object
from crosshead.compose import numbers, transforms
from crosshead.compose.dialects import Dialect
from crosshead.compose.transforms import Transform, TransformError

# A path that was read, or the text of one that cannot be: it fails when it is used.
Path: TypeAlias = FieldPath | str
# Returns what is at a path of the object to patch from; raises `FieldPathError`.
Source: TypeAlias = Callable[[Path], Json]


class PatchError(ValueError):
    """A patch that could not be applied. *is_absence*: because its source is not there (and is required)."""

    def __init__(self, message: str, *, is_absence: bool = False) -> None:
        super().__init__(message)
        self.is_absence = is_absence


class Direction(Enum):
    """Which way a patch goes, seen from the composed resource."""

    FROM_COMPOSITE = auto()
    TO_COMPOSITE = auto()
    FROM_ENVIRONMENT = auto()
    TO_ENVIRONMENT = auto()


@dataclass(frozen=True, slots=True)
class FieldPatch:
    """Copy a field. *is_wide*: to every place that the wildcards in *target* stand for."""

    type: str
    direction: Direction
    source: Path
    target: Path
    is_wide: bool = False
    transforms: tuple[Transform, ...] = ()
    is_required: bool = False
    merge: MergeOptions | str | None = None
    dialect: Dialect = Dialect.NATIVE


@dataclass(frozen=True, slots=True)
class CombinePatch:
    """Put several fields into one text. A *merge* that is text is what is wrong with the policy."""

    type: str
    direction: Direction
    variables: tuple[Path, ...]
    fmt: str
    target: Path
    transforms: tuple[Transform, ...] = ()
    is_required: bool = False
    merge: MergeOptions | str | None = None
    dialect: Dialect = Dialect.NATIVE


@dataclass(frozen=True, slots=True)
class BrokenPatch:
    """One that always fails, and what it says."""

    type: str
    direction: Direction
    why: str


Patch: TypeAlias = FieldPatch | CombinePatch | BrokenPatch


def apply_all(patches: Sequence[Patch], direction: Direction, source: Object, target: Draft) -> tuple[FieldPath, ...]:
    """
    Apply those of *patches* that go in *direction* to the draft *target*; return the paths they wrote to.

    An error names the patch by its place among all of *patches*, as upstream.
    """
    written: list[FieldPath] = []
    for index, patch in enumerate(patches):
        if patch.direction is direction:
            try:
                written += apply(patch, partial(fieldpaths.get, source), target)
            except (FieldPathError, TransformError, PatchError) as error:
                is_absence = isinstance(error, NotFoundError)
                message = f'cannot apply the "{patch.type}" patch at index {index}: {error}'
                raise PatchError(message, is_absence=is_absence) from error
            except RecursionError as error:
                message = f'cannot apply the "{patch.type}" patch at index {index}: the value is nested too deeply'
                raise PatchError(message) from error
    return tuple(written)


def apply(patch: Patch, source: Source, target: Draft) -> Sequence[FieldPath]:
    """
    Apply *patch* to the draft *target*; return the paths it wrote to.

    Raises `FieldPathError`, `TransformError` or `PatchError`.
    """
    match patch:
        case FieldPatch():
            return _copy(patch, source, target)
        case CombinePatch():
            return _combine(patch, source, target)
        case BrokenPatch(why=why):
            raise PatchError(why)
        case _:
            assert_never(patch)


def _copy(patch: FieldPatch, source: Source, target: Draft) -> Sequence[FieldPath]:
    try:
        value = source(patch.source)
    except NotFoundError:
        if patch.is_required:
            raise
        return ()
    value = transforms.resolve_all(patch.transforms, value)
    if patch.dialect is Dialect.FUNCTION:
        value = _as_served(value)
    if patch.is_wide:
        return _spread(patch, value, target)
    return (_put(patch, value, target),)


def _as_served(value: Json) -> Json:
    """Return what is left of *value* after JSON and protobuf; functions merge and write that."""
    try:
        return encoding.normalized(numbers.doubled(value))
    except NotJsonError as error:
        raise PatchError(f"cannot marshal value to JSON: {error}") from error


def _spread(patch: FieldPatch, value: Json, target: Draft) -> Sequence[FieldPath]:
    places = fieldpaths.expand(target, patch.target)
    if not places:
        text = patch.target if isinstance(patch.target, str) else patch.target.text
        raise PatchError(f"cannot expand ToFieldPath {text}")
    for place in places:
        drafts.merge(target, place, value, _options(patch))
    return places


def _options(patch: FieldPatch | CombinePatch) -> MergeOptions | None:
    if isinstance(patch.merge, str):
        raise PatchError(patch.merge)
    return patch.merge


def _put(patch: FieldPatch | CombinePatch, value: Json, target: Draft) -> FieldPath:
    options = _options(patch)
    try:
        path = fieldpaths.understood(patch.target)
        drafts.merge(target, path, value, options)
    except FieldPathError as error:
        if isinstance(error, UnwritableError) and patch.dialect is Dialect.NATIVE:
            raise
        raise PatchError(f"cannot patch to object: {error}") from error
    return path


def _combine(patch: CombinePatch, source: Source, target: Draft) -> Sequence[FieldPath]:
    try:
        values = list(map(source, patch.variables))
    except NotFoundError:
        if patch.is_required:
            raise
        return ()
    try:
        combined = gofmt.sprintf(patch.fmt, *values)
    except TooLongError as error:
        raise PatchError(f"cannot combine: {error}") from error
    return (_put(patch, transforms.resolve_all(patch.transforms, combined), target),)
