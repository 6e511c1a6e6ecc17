"""
Reading and writing proto3 JSON: the pieces that `functions.wire` puts together into the messages of the protocol.

Read as the reference implementations do: field names in camelCase or as in the .proto file, null is absent, enums by
name or number, base64 of either alphabet with or without padding; what is unknown is refused, with its path.
"""

import base64
import binascii
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final, Generic, TypeVar

from crosshead.base.errors import StalledError
from crosshead.base.values import Draft, Json, Object

T = TypeVar("T")
E = TypeVar("E", bound=Enum)

REASON: Final = "InvalidFunctionMessage"
# What a request may say that its sender can do, in the order of the numbers in the .proto file.
CAPABILITIES: Final = (
    "CAPABILITY_UNSPECIFIED",
    "CAPABILITY_CAPABILITIES",
    "CAPABILITY_REQUIRED_RESOURCES",
    "CAPABILITY_CREDENTIALS",
    "CAPABILITY_CONDITIONS",
    "CAPABILITY_REQUIRED_SCHEMAS",
)
_DURATION: Final = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,9})?s")


@dataclass(frozen=True, slots=True)
class Codec(Generic[T]):
    """How one type is read from JSON (*read* gets the value and its path, for errors) and written to it."""

    read: Callable[[Json, str], T]
    write: Callable[[T], Json]


def fault(path: str, what: str) -> StalledError:
    """Return the error for what is wrong at *path* of a message."""
    return StalledError(REASON, f"cannot read function message: {path or 'the message'}: {what}")


def fields(raw: Json, path: str, known: Sequence[str]) -> Draft:
    """Return the fields of the message *raw* by their names in the .proto file; *known* are those that it may have."""
    if not isinstance(raw, Mapping):
        raise fault(path, f"must be an object, not {type(raw).__name__}")
    spelt = {spelling: name for name in known for spelling in (name, camel(name))}
    strange = sorted(key for key in raw if key not in spelt)
    if strange:
        raise fault(path, f"unknown field {strange[0]!r}")
    return {spelt[key]: value for key, value in raw.items() if value is not None}


def camel(name: str) -> str:
    """Return the JSON name of the field that the .proto file calls *name*, as protoc makes it."""
    first, *rest = name.split("_")
    return first + "".join(part[:1].upper() + part[1:] for part in rest)


def within(path: str, name: str) -> str:
    """Return the path of the field *name* of the message at *path*."""
    return f"{path}.{name}" if path else name


def maps(codec: Codec[T]) -> Codec[Mapping[str, T]]:
    """Return the codec of a map from string to what *codec* reads."""

    def read(raw: Json, path: str) -> Mapping[str, T]:
        if not isinstance(raw, Mapping):
            raise fault(path, f"must be an object, not {type(raw).__name__}")
        return {key: codec.read(value, f"{path}[{key!r}]") for key, value in raw.items()}

    return Codec(read, lambda values: {key: codec.write(value) for key, value in values.items()})


def lists(codec: Codec[T]) -> Codec[Sequence[T]]:
    """Return the codec of a list of what *codec* reads. It is read as a tuple."""

    def read(raw: Json, path: str) -> Sequence[T]:
        if not isinstance(raw, Sequence) or isinstance(raw, str | bytes):
            raise fault(path, f"must be a list, not {type(raw).__name__}")
        return tuple(codec.read(value, f"{path}[{index}]") for index, value in enumerate(raw))

    return Codec(read, lambda values: [codec.write(value) for value in values])


def wrapped(name: str, codec: Codec[T], empty: T) -> Codec[T]:
    """Return the codec of a message whose only field is *name*; *empty* stands for the message without it."""

    def read(raw: Json, path: str) -> T:
        told = fields(raw, path, (name,))
        return codec.read(told[name], within(path, name)) if name in told else empty

    return Codec(read, lambda value: {} if value == empty else {camel(name): codec.write(value)})


def enums(kind: type[E]) -> Codec[E]:
    """Return the codec of *kind*, whose values are the names in the .proto file, in the order of their numbers."""
    by_spelling: dict[str | int, E] = {**{e.value: e for e in kind}, **dict(enumerate(kind))}

    def read(raw: Json, path: str) -> E:
        if isinstance(raw, bool) or not isinstance(raw, str | int) or raw not in by_spelling:
            raise fault(path, f"{raw!r} is not one of {', '.join(e.value for e in kind)}")
        return by_spelling[raw]

    return Codec(read, lambda value: value.value)


def _read_capability(raw: Json, path: str) -> str:
    if isinstance(raw, str) and raw.startswith("CAPABILITY_"):
        return raw
    if isinstance(raw, int) and not isinstance(raw, bool) and 0 <= raw < len(CAPABILITIES):
        return CAPABILITIES[raw]
    raise fault(path, f"{raw!r} is not one of {', '.join(CAPABILITIES)}")


def _read_text(raw: Json, path: str) -> str:
    if not isinstance(raw, str):
        raise fault(path, f"must be a string, not {type(raw).__name__}")
    return raw


def _read_bytes(raw: Json, path: str) -> bytes:
    text = _read_text(raw, path).translate({ord("-"): "+", ord("_"): "/"}).rstrip("=")
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError) as error:
        raise fault(path, "must be base64") from error


def _read_struct(raw: Json, path: str) -> Object:
    if not isinstance(raw, Mapping):
        raise fault(path, f"must be an object, not {type(raw).__name__}")
    return raw


def _read_duration(raw: Json, path: str) -> float:
    if not isinstance(raw, str) or not _DURATION.fullmatch(raw):
        raise fault(path, f"{raw!r} is not a duration, as 60s or 1.5s is")
    return float(raw[:-1])


def _write_duration(seconds: float) -> str:
    """As Go writes it: 0, 3, 6 or 9 digits of a fraction."""
    whole, fraction = divmod(round(abs(seconds) * 10**9), 10**9)
    digits = re.sub("(000){1,2}$", "", f"{fraction:09d}")
    return f"{'-' if seconds < 0 else ''}{whole}{'.' + digits if fraction else ''}s"


TEXT: Final[Codec[str]] = Codec(_read_text, lambda value: value)
BYTES: Final[Codec[bytes]] = Codec(_read_bytes, lambda value: base64.b64encode(value).decode())
STRUCT: Final[Codec[Object]] = Codec(_read_struct, lambda value: value)
CAPABILITY: Final[Codec[str]] = Codec(_read_capability, lambda value: value)
DURATION: Final[Codec[float]] = Codec(_read_duration, _write_duration)
