"""Extract connection details from a composed resource and its own connection secret."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias, assert_never

from crosshead.base import fieldpaths, gojson
from crosshead.base.encoding import NotJsonError, utf8
from crosshead.base.fieldpaths import FieldPathError
from crosshead.base.values import Object, SecretValue
from crosshead.compose.faults import Fault, invalid, required

Raw: TypeAlias = Mapping[str, Any]


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


def extract(details: Sequence[Detail], obj: Object, secret: Mapping[str, bytes]) -> dict[str, SecretValue]:
    """Return the connection details that are there already; what is missing may come later, and is no error."""
    found = ((detail.name, _value(detail, obj, secret)) for detail in details)
    return {name: SecretValue(value) for name, value in found if value is not None}


def _value(detail: Detail, obj: Object, secret: Mapping[str, bytes]) -> bytes | None:
    match detail:
        case ValueDetail(value=value):
            return utf8(value)
        case SecretKeyDetail(key=key):
            return secret.get(key)
        case FieldDetail(path=path):
            return _field(obj, path)
        case _:
            assert_never(detail)


def _field(obj: Object, path: str) -> bytes | None:
    try:
        value = fieldpaths.get(obj, path)
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


def fault(raw: Raw) -> Fault | None:
    """Return what is wrong with the detail *raw*, its path seen from the detail."""
    return next(_faults(raw), None)


def _faults(raw: Raw) -> Iterator[Fault]:
    kind = _kind(raw)
    if not kind:
        yield required("type", "connection detail type is required")
    elif kind not in _NEEDS:
        yield invalid("type", kind, "unknown connection detail type")
    else:
        field, detail = _NEEDS[kind]
        if raw.get(field) is None:
            yield required(field, detail)
        if not raw.get("name") and kind != "FromConnectionSecretKey":
            yield required("name", "name is required")
