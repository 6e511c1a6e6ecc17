"""
Transform values. Everything here is a pure function of its arguments.

A transform that can never work (no configuration, a regular expression that is none) is a `BrokenTransform`: it fails
when its turn comes and not before, because Crossplane fails then, with the words of Crossplane.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias, assert_never

from crosshead.base import gotypes
from crosshead.base.regexps import Regexp
from crosshead.base.values import Json
from crosshead.compose import conversions, strings
from crosshead.compose.conversions import ConversionError, ConvertTransform
from crosshead.compose.numbers import truncated, wrapped
from crosshead.compose.strings import StringError, StringTransform


class TransformError(ValueError):
    """A value that a transform cannot take."""


@dataclass(frozen=True, slots=True)
class BrokenTransform:
    """One that always fails, and what it says."""

    why: str


@dataclass(frozen=True, slots=True)
class MapTransform:
    """Swap a string for the value it is the key of."""

    pairs: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class LiteralPattern:
    """Match one string."""

    literal: str
    result: Json


@dataclass(frozen=True, slots=True)
class RegexpPattern:
    """Match the strings that *regexp* is found in."""

    regexp: Regexp
    result: Json


@dataclass(frozen=True, slots=True)
class BrokenPattern:
    """One that always fails, and what it says."""

    why: str


Pattern: TypeAlias = LiteralPattern | RegexpPattern | BrokenPattern


@dataclass(frozen=True, slots=True)
class MatchTransform:
    """Swap a string for the result of the first pattern that matches it."""

    patterns: tuple[Pattern, ...]
    fallback: Json = None
    falls_back_to_input: bool = False


@dataclass(frozen=True, slots=True)
class MultiplyTransform:
    """Multiply a number."""

    factor: int


@dataclass(frozen=True, slots=True)
class ClampMinTransform:
    """Raise a number to *bound* if it is smaller."""

    bound: int


@dataclass(frozen=True, slots=True)
class ClampMaxTransform:
    """Lower a number to *bound* if it is larger."""

    bound: int


MathTransform: TypeAlias = MultiplyTransform | ClampMinTransform | ClampMaxTransform
Transform: TypeAlias = (
    BrokenTransform | MapTransform | MatchTransform | MathTransform | StringTransform | ConvertTransform
)


def resolve_all(transforms: Sequence[Transform], value: Json) -> Json:
    """Pass *value* through *transforms*, first to last."""
    for index, transform in enumerate(transforms):
        try:
            value = resolve(transform, value)
        except TransformError as error:
            raise TransformError(f"transform at index {index} returned error: {error}") from error
    return value


def resolve(transform: Transform, value: Json) -> Json:
    """Return what *transform* makes of *value*."""
    try:
        return _resolve(transform, value)
    except (StringError, ConversionError, _UnsuitableError) as error:
        raise TransformError(f"{_kind(transform)} transform could not resolve: {error}") from error


class _UnsuitableError(ValueError):
    """A value that does not suit the transform."""


def _resolve(transform: Transform, value: Json) -> Json:
    match transform:
        case BrokenTransform(why=why):
            raise TransformError(why)
        case MapTransform():
            return _map(transform, value)
        case MatchTransform():
            return _match(transform, value)
        case MultiplyTransform() | ClampMinTransform() | ClampMaxTransform():
            return _calculate(transform, value)
        case ConvertTransform():
            return conversions.convert(transform, value)
        case _:
            return strings.resolve(transform, value)


def _kind(transform: Transform) -> str:
    match transform:
        case MapTransform():
            return "map"
        case MatchTransform():
            return "match"
        case MultiplyTransform() | ClampMinTransform() | ClampMaxTransform():
            return "math"
        case ConvertTransform():
            return "convert"
        case _:
            return "string"


def _map(transform: MapTransform, value: Json) -> Json:
    if not isinstance(value, str):
        raise _UnsuitableError(f"type {gotypes.name(value)} is not supported for map transform")
    if value not in transform.pairs:
        raise _UnsuitableError(f"key {value} is not found in map")
    if transform.pairs[value] is None:  # upstream's JSON type holds a null as no text at all, and then reads that
        raise _UnsuitableError(f"value for key {value} is not valid JSON: unexpected end of JSON input")
    return transform.pairs[value]


def _match(transform: MatchTransform, value: Json) -> Json:
    for index, pattern in enumerate(transform.patterns):
        try:
            if _matches(pattern, value):
                return None if isinstance(pattern, BrokenPattern) else pattern.result
        except _UnsuitableError as error:
            raise _UnsuitableError(f"cannot match pattern at index {index}: {error}") from error
    if not transform.falls_back_to_input:
        return transform.fallback
    if transform.fallback is not None:
        raise _UnsuitableError("cannot set both a fallback value and the fallback to input flag")
    return value


def _matches(pattern: Pattern, value: Json) -> bool:
    match pattern:
        case LiteralPattern(literal=literal):
            return _text(value, "<nil>") == literal
        case RegexpPattern(regexp=regexp):
            return regexp.find(_text(value, "null")) is not None
        case BrokenPattern(why=why):
            raise _UnsuitableError(why)
        case _:
            assert_never(pattern)


def _text(value: Json, null: str) -> str:
    if isinstance(value, str):
        return value
    raise _UnsuitableError(f"unsupported input type '{null if value is None else gotypes.name(value)}'")


def _calculate(transform: MathTransform, value: Json) -> Json:
    # bool is an int to Python, but not to someone who wrote `enabled: true`.
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise _UnsuitableError(f"input is required to be a number for math transformer, got {gotypes.name(value)}")
    match transform:
        case MultiplyTransform(factor=factor):
            return value * float(factor) if isinstance(value, float) else wrapped(value * factor)
        case ClampMinTransform(bound=bound):
            return bound if truncated(value) < bound else value
        case ClampMaxTransform(bound=bound):
            return bound if truncated(value) > bound else value
        case _:
            assert_never(transform)
