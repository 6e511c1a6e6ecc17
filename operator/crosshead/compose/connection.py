"""Extract connection details from a composed resource and its own connection secret."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias, assert_never

from crosshead.base import gojson
from crosshead.base.encoding import NotJsonError, utf8
from crosshead.base.fieldpaths import FieldPathError
from crosshead.base.values import Json, SecretValue
from crosshead.compose.dialects import Dialect
from crosshead.compose.faults import Fault, invalid, required

Raw: TypeAlias = Mapping[str, Any]
# Returns what is at a path of the resource; raises `FieldPathError`.
Reader: TypeAlias = Callable[[str], Json]


@dataclass(frozen=True, slots=True)
class SecretKeyDetail:
    """What the resource's own connection secret has under *key*."""

    name: str
    key: str


@dataclass(frozen=True, slots=True)
class FieldDetail:
    """What the resource has at *path*: a string as it is, anything else as JSON."""

    name: str
    path: str


@dataclass(frozen=True, slots=True)
class ValueDetail:
    """Always the same."""

    name: str
    value: str


Detail: TypeAlias = SecretKeyDetail | FieldDetail | ValueDetail


def extract(details: Sequence[Detail], read: Reader, secret: Mapping[str, bytes]) -> dict[str, SecretValue]:
    """Return the connection details that are there already; what is missing may come later, and is no error."""
    found = ((detail.name, _value(detail, read, secret)) for detail in details)
    return {name: SecretValue(value) for name, value in found if value is not None}


def _value(detail: Detail, read: Reader, secret: Mapping[str, bytes]) -> bytes | None:
    match detail:
        case ValueDetail(value=value):
            return utf8(value)
        case SecretKeyDetail(key=key):
            return secret.get(key)
        case FieldDetail(path=path):
            return _field(read, path)
        case _:
            assert_never(detail)


def _field(read: Reader, path: str) -> bytes | None:
    try:
        value = read(path)
        return utf8(value if isinstance(value, str) else gojson.encode(value))
    except (FieldPathError, NotJsonError):  # upstream leaves out what it cannot have, without a word
        return None


def read(raw: Raw) -> Detail:
    """Return the detail that *raw* spells, which has no `fault`."""
    match _kind(raw):
        case "FromValue":
            return ValueDetail(raw["name"], raw["value"])
        case "FromConnectionSecretKey":
            return SecretKeyDetail(raw.get("name") or raw["fromConnectionSecretKey"], raw["fromConnectionSecretKey"])
        case _:
            return FieldDetail(raw["name"], raw["fromFieldPath"])


# Type of detail, the field it needs, and the complaint when that is missing; in the order in which a missing type is
# guessed.
_NEEDS: Final = {
    "FromValue": ("value", "value connection detail requires a value"),
    "FromConnectionSecretKey": (
        "fromConnectionSecretKey",
        "from connection secret key connection detail requires a key",
    ),
    "FromFieldPath": ("fromFieldPath", "from field path connection detail requires a field path"),
}


def _kind(raw: Raw) -> str:
    guesses = (kind for kind, (field, _) in _NEEDS.items() if raw.get(field) is not None)
    return raw.get("type") or next(guesses, "")


def fault(raw: Raw, dialect: Dialect = Dialect.NATIVE) -> Fault | None:
    """
    Return what is wrong with the detail *raw*, its path seen from the detail.

    To functions a type and a name must be given, and nothing is guessed.
    """
    kind = _kind(raw) if dialect is Dialect.NATIVE else raw.get("type") or ""
    if not kind:
        return required("type", "connection detail type is required")
    if kind not in _NEEDS:
        return invalid("type", kind, "unknown connection detail type")
    found = (_value_fault(raw, kind), _name_fault(raw, kind, dialect))
    return next(filter(None, found if dialect is Dialect.NATIVE else reversed(found)), None)


def _value_fault(raw: Raw, kind: str) -> Fault | None:
    field, detail = _NEEDS[kind]
    return required(field, detail) if raw.get(field) is None else None


def _name_fault(raw: Raw, kind: str, dialect: Dialect) -> Fault | None:
    can_go_without = dialect is Dialect.NATIVE and kind == "FromConnectionSecretKey"
    return None if raw.get("name") or can_go_without else required("name", "name is required")
