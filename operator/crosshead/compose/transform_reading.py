"""
Read transforms as a composition spells them.

Takes JSON of the right shape (`shapes`) and never fails: what cannot work becomes a transform that says so when its
turn comes, as upstream. `transform_faults` tells it before.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from crosshead.base import regexps
from crosshead.base.regexps import RegexpError
from crosshead.compose import strings, transform_faults
from crosshead.compose.conversions import ConvertTransform
from crosshead.compose.dialects import Dialect
from crosshead.compose.numbers import doubled
from crosshead.compose.strings import (
    ConvertStringTransform,
    FormatTransform,
    JoinTransform,
    RegexpTransform,
    ReplaceTransform,
    TrimPrefixTransform,
    TrimSuffixTransform,
)
from crosshead.compose.transforms import (
    BrokenPattern,
    BrokenTransform,
    ClampMaxTransform,
    ClampMinTransform,
    LiteralPattern,
    MapTransform,
    MatchTransform,
    MultiplyTransform,
    Pattern,
    RegexpPattern,
    Transform,
)

Raw: TypeAlias = Mapping[str, Any]


def read(raw: Raw, dialect: Dialect = Dialect.NATIVE) -> Transform:
    """Return the transform that *raw* spells."""
    kind = raw.get("type") or ""
    reader = _READERS.get(kind)
    if reader is None:
        return BrokenTransform(f"transform type {kind} is not supported")
    config = raw.get(kind)
    if config is None:
        return BrokenTransform(f"given transform type {kind} requires configuration")
    return reader(config, dialect)


# Upstream keeps the values of a map, the results of a match and its fallback as JSON text and reads that: doubles.
def _map(config: Raw, _: Dialect) -> Transform:
    return MapTransform({key: doubled(value) for key, value in config.items()})


def _match(config: Raw, _: Dialect) -> Transform:
    patterns = tuple(_pattern(pattern) for pattern in config.get("patterns") or ())
    return MatchTransform(patterns, doubled(config.get("fallbackValue")), config.get("fallbackTo") == "Input")


def _pattern(raw: Raw) -> Pattern:
    result = doubled(raw.get("result"))
    kind = raw.get("type") or ""
    if kind not in {"literal", "regexp"}:
        return BrokenPattern(f"unsupported pattern type '{kind}'")
    if raw.get(kind) is None:
        return BrokenPattern(f"{kind} is required by type {kind}")
    if kind == "literal":
        return LiteralPattern(raw["literal"], result)
    try:
        return RegexpPattern(regexps.compile(raw["regexp"]), result)
    except RegexpError as error:
        return BrokenPattern(f"cannot compile regexp: {error}")


def _math(config: Raw, dialect: Dialect) -> Transform:
    fault = transform_faults.find_in_math(config, dialect)
    if fault is not None:
        return BrokenTransform(f"math transform could not resolve: {fault}")
    match transform_faults.math_type(config, dialect):
        case "ClampMin":
            return ClampMinTransform(config["clampMin"])
        case "ClampMax":
            return ClampMaxTransform(config["clampMax"])
        case _:
            return MultiplyTransform(config["multiply"])


def _string(config: Raw, dialect: Dialect) -> Transform:
    kind = config.get("type") or ""
    if kind not in transform_faults.STRING_FIELDS[dialect]:
        return _broken_string(f"type {kind} is not supported for string transform type")
    field, _ = transform_faults.STRING_FIELDS[dialect][kind]
    value = config.get(field)
    if value is None:
        return _broken_string(f"string transform of type {kind} {field} is not set")
    return _STRING_READERS[kind](value, dialect)


def _convert_string(value: str, _: Dialect) -> Transform:
    if value not in strings.CONVERSIONS:
        return _broken_string(f"type {value} is not supported for string convert")
    return ConvertStringTransform(value)


def _regexp(value: Raw, _: Dialect) -> Transform:
    try:
        return RegexpTransform(regexps.compile(value.get("match") or ""), value.get("group") or 0)
    except RegexpError as error:
        return _broken_string(f"could not compile regexp: {error}")


def _replace(value: Raw, _: Dialect) -> Transform:
    return ReplaceTransform(value.get("search") or "", value.get("replace") or "")


def _broken_string(why: str) -> BrokenTransform:
    return BrokenTransform(f"string transform could not resolve: {why}")


def _convert(config: Raw, dialect: Dialect) -> Transform:
    fault = transform_faults.find_in_convert(config, dialect)
    if fault is not None:
        return BrokenTransform(f"convert transform could not resolve: {fault}")
    return ConvertTransform(config["toType"], config.get("format") or "none", dialect)


_READERS: Final[Mapping[str, Callable[[Raw, Dialect], Transform]]] = {
    "map": _map,
    "match": _match,
    "math": _math,
    "string": _string,
    "convert": _convert,
}

_STRING_READERS: Final[Mapping[str, Callable[[Any, Dialect], Transform]]] = {
    "Format": lambda value, _: FormatTransform(value),
    "Convert": _convert_string,
    "TrimPrefix": lambda value, _: TrimPrefixTransform(value),
    "TrimSuffix": lambda value, _: TrimSuffixTransform(value),
    "Regexp": _regexp,
    "Join": lambda value, dialect: JoinTransform(value.get("separator") or "", dialect),
    "Replace": _replace,
}
