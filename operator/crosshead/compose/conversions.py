"""Convert values from one type to another."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from crosshead.base import gofloats, gojson, gotypes, quantities, strconv
from crosshead.base.gojson import DecodeError
from crosshead.base.quantities import QuantityError
from crosshead.base.strconv import NumberError
from crosshead.base.values import Json
from crosshead.compose.dialects import Dialect
from crosshead.compose.numbers import truncated

Format: TypeAlias = Literal["none", "quantity", "json"]

TYPES: Final = ("string", "int", "int64", "bool", "float64", "object", "array")
FORMATS: Final = ("none", "quantity", "json")


class ConversionError(ValueError):
    """A value that cannot become what was asked for."""


@dataclass(frozen=True, slots=True)
class ConvertTransform:
    """Turn a value into one of another type."""

    to_type: str
    format: str = "none"
    dialect: Dialect = Dialect.NATIVE


def convert(transform: ConvertTransform, value: Json) -> Json:
    """Return *value* as the type that *transform* asks for."""
    source = gotypes.name(value)
    if source not in _SOURCES:
        raise ConversionError(f"invalid input type {source}")
    step = find(source, transform.to_type, transform.format)
    return value if step is None else _take(step, value, transform.dialect)


def find(source: str, to_type: str, format: str) -> Callable[[Json], Json] | None:
    """Return what converts from *source* to *to_type*, None when they are the same; there must be something."""
    target = "int64" if to_type == "int" else to_type
    if source == target:
        return None
    step = _STEPS.get((source, target, format))
    if step is None:
        raise ConversionError(f"conversion from {source} to {target} is not supported with format {format}")
    return step


def _take(step: Callable[[Json], Json], value: Json, dialect: Dialect) -> Json:
    try:
        return step(value)
    except (NumberError, QuantityError, DecodeError) as error:
        prefix = f"cannot convert value {value}: " if dialect is Dialect.NATIVE else ""
        raise ConversionError(f"{prefix}{error}") from error


def _is_one(value: Json) -> bool:
    return bool(value == 1)


def _as_word(value: Json) -> str:
    return "true" if value else "false"


def _plain(value: Json) -> str:
    return gofloats.write(value, "f")


def _object(value: Json) -> Json:
    return gojson.decode(value, "object")


def _array(value: Json) -> Json:
    return gojson.decode(value, "array")


_SOURCES: Final = frozenset({"string", "int64", "bool", "float64"})
_STEPS: Final[Mapping[tuple[str, str, str], Callable[[Json], Json]]] = {
    ("string", "int64", "none"): strconv.parse_int,
    ("string", "bool", "none"): strconv.parse_bool,
    ("string", "float64", "none"): strconv.parse_float,
    ("string", "float64", "quantity"): quantities.parse,
    ("string", "object", "json"): _object,
    ("string", "array", "json"): _array,
    ("int64", "string", "none"): str,
    ("int64", "bool", "none"): _is_one,
    ("int64", "float64", "none"): float,
    ("bool", "string", "none"): _as_word,
    ("bool", "int64", "none"): int,
    ("bool", "float64", "none"): float,
    ("float64", "string", "none"): _plain,
    ("float64", "int64", "none"): truncated,
    ("float64", "bool", "none"): _is_one,
}
