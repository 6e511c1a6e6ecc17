"""
Tell what is wrong with a transform before it runs, in the words of Crossplane's own validation.

Takes JSON of the right shape (`shapes`). Only the first fault of a transform is told, as upstream.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from crosshead.base import regexps
from crosshead.base.regexps import RegexpError
from crosshead.compose import conversions
from crosshead.compose.dialects import Dialect
from crosshead.compose.faults import Fault, invalid, required

Raw: TypeAlias = Mapping[str, Any]


def find(raw: Raw, dialect: Dialect = Dialect.NATIVE) -> Fault | None:
    """Return the first fault of the transform *raw*, its path seen from the transform."""
    kind = raw.get("type") or ""
    check = _CHECKS.get(kind)
    if check is None:
        return invalid("type", kind, "unknown transform type")
    config = raw.get(kind)
    if config is None:
        return required(kind, f"given transform type {kind} requires configuration")
    fault = check(config, dialect)
    return fault and fault.under(kind)


def find_in_math(config: Raw, dialect: Dialect) -> Fault | None:
    """Return the first fault of a math transform, its path seen from the `math` field."""
    kind = math_type(config, dialect)
    if not kind:
        return required("type", "math transform type is required")
    if kind not in _MATH:
        return invalid("type", kind, "unknown math transform type")
    field, name = _MATH[kind]
    if config.get(field) is None:
        return required(field, f"must specify a value if a {name} math transform is specified")
    return None


def math_type(config: Raw, dialect: Dialect) -> str:
    """Return the type of a math transform: what is left out is Multiply to Crossplane, and a fault to functions."""
    return config.get("type") or ("Multiply" if dialect is Dialect.NATIVE else "")


def _in_map(config: Raw, _: Dialect) -> Fault | None:
    if config:
        return None
    return required("pairs", "at least one pair must be specified if a map transform is specified")


def _in_match(config: Raw, _: Dialect) -> Fault | None:
    patterns = config.get("patterns") or ()
    if not patterns:
        return required("patterns", "at least one pattern must be specified if a match transform is specified")
    found = ((index, _in_pattern(pattern)) for index, pattern in enumerate(patterns))
    return next((fault.under(f"patterns[{index}]") for index, fault in found if fault), None)


def _in_pattern(pattern: Raw) -> Fault | None:
    match pattern.get("type") or "literal":
        case "literal":
            missing = pattern.get("literal") is None
            return required("literal", "literal pattern type requires a literal") if missing else None
        case "regexp":
            if pattern.get("regexp") is None:
                return required("regexp", "regexp pattern type requires a regexp")
            return _in_regexp("regexp", pattern["regexp"])
        case kind:
            return invalid("type", kind, "unknown pattern type")


def _in_regexp(path: str, source: str) -> Fault | None:
    try:
        regexps.compile(source)
    except RegexpError:
        return invalid(path, source, "invalid regexp")
    return None


def _in_string(config: Raw, dialect: Dialect) -> Fault | None:
    kind = config.get("type") or ("Format" if dialect is Dialect.NATIVE else "")
    if not kind:
        return required("type", "string transform type is required")
    if kind not in STRING_FIELDS[dialect]:
        return invalid("type", kind, "unknown string transform type")
    field, detail = STRING_FIELDS[dialect][kind]
    if config.get(field) is None:
        return required(field, detail)
    return _in_string_field(kind, config[field])


def _in_string_field(kind: str, value: Any) -> Fault | None:  # noqa: ANN401 (JSON)
    if kind == "Regexp":
        if not value.get("match"):
            return required("regexp.match", "regexp transform requires a match")
        return _in_regexp("regexp.match", value["match"])
    if kind == "Replace" and not value.get("search"):
        return required("replace.search", "replace transform requires a search")
    return None


def find_in_convert(config: Raw, _: Dialect) -> Fault | None:
    """Return the first fault of a convert transform, its path seen from the `convert` field."""
    if config.get("format") not in {None, *conversions.FORMATS}:
        return invalid("format", config["format"], "invalid format")
    if config.get("toType") not in conversions.TYPES:
        return invalid("toType", config.get("toType") or "", "invalid type")
    return None


_CHECKS: Final[Mapping[str, Callable[[Raw, Dialect], Fault | None]]] = {
    "map": _in_map,
    "match": _in_match,
    "math": find_in_math,
    "string": _in_string,
    "convert": find_in_convert,
}

# Type of math transform, its field, and what upstream calls it.
_MATH: Final = {
    "Multiply": ("multiply", "multiply"),
    "ClampMin": ("clampMin", "clamp min"),
    "ClampMax": ("clampMax", "clamp max"),
}

_NATIVE_STRINGS: Final = {
    "Format": ("fmt", "format transform requires a format"),
    "Convert": ("convert", "convert transform requires a conversion type"),
    "TrimPrefix": ("trim", "trim transform requires a trim value"),
    "TrimSuffix": ("trim", "trim transform requires a trim value"),
    "Regexp": ("regexp", "regexp transform requires a regexp"),
    "Join": ("join", "join transform requires a join"),
}

# Per type of string transform: the field it needs, and the complaint when that is missing.
STRING_FIELDS: Final[Mapping[Dialect, Mapping[str, tuple[str, str]]]] = {
    Dialect.NATIVE: _NATIVE_STRINGS,
    Dialect.FUNCTION: _NATIVE_STRINGS | {"Replace": ("replace", "replace transform requires a replace")},
}
