"""Transform values into strings."""

import hashlib
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias, assert_never

from crosshead.base import gobase64, gofmt, gojson, goquotes
from crosshead.base.encoding import NotJsonError, text, utf8
from crosshead.base.gobase64 import Base64Error
from crosshead.base.gofmt import TooLongError
from crosshead.base.regexps import Regexp
from crosshead.base.values import Json
from crosshead.compose.dialects import Dialect


class StringError(ValueError):
    """A value that a string transform cannot take."""


@dataclass(frozen=True, slots=True)
class FormatTransform:
    """Put a value into a text, where Go's fmt would."""

    fmt: str


@dataclass(frozen=True, slots=True)
class ConvertStringTransform:
    """Encode, decode or hash a value."""

    conversion: str


@dataclass(frozen=True, slots=True)
class TrimPrefixTransform:
    """Cut *prefix* off the beginning."""

    prefix: str


@dataclass(frozen=True, slots=True)
class TrimSuffixTransform:
    """Cut *suffix* off the end."""

    suffix: str


@dataclass(frozen=True, slots=True)
class RegexpTransform:
    """Keep what one group of a regular expression matched."""

    regexp: Regexp
    group: int = 0


@dataclass(frozen=True, slots=True)
class JoinTransform:
    """Write the elements of an array one after the other."""

    separator: str
    dialect: Dialect = Dialect.NATIVE


@dataclass(frozen=True, slots=True)
class ReplaceTransform:
    """Put one text in place of another, everywhere. Functions only."""

    search: str
    replacement: str


StringTransform: TypeAlias = (
    FormatTransform
    | ConvertStringTransform
    | TrimPrefixTransform
    | TrimSuffixTransform
    | RegexpTransform
    | JoinTransform
    | ReplaceTransform
)


def resolve(transform: StringTransform, value: Json) -> str:
    """Return the string that *transform* makes of *value*. Raises `StringError`, also when it would be too long."""
    try:
        made = _resolve(transform, value)
    except TooLongError as error:
        raise StringError(str(error)) from error
    _refuse_longer(len(made))
    return made


def _refuse_longer(length: int) -> None:
    """Raise for a result that will have this *length*, before it is made, when that is too much for any object."""
    if length > gofmt.LONGEST:
        raise StringError(str(TooLongError()))


def _resolve(transform: StringTransform, value: Json) -> str:  # noqa: PLR0911 (one transform, one answer)
    match transform:
        case FormatTransform(fmt=fmt):
            return gofmt.sprintf(fmt, value)
        case ConvertStringTransform(conversion=conversion):
            return CONVERSIONS[conversion](value)
        case TrimPrefixTransform(prefix=prefix):
            return _printed(value).removeprefix(prefix)
        case TrimSuffixTransform(suffix=suffix):
            return _printed(value).removesuffix(suffix)
        case RegexpTransform():
            return _find(transform, value)
        case JoinTransform():
            return _join(transform, value)
        case ReplaceTransform(search=search, replacement=replacement):
            return _replace(_printed(value), search, replacement)
        case _:
            assert_never(transform)


def _printed(value: Json) -> str:
    return value if isinstance(value, str) else gofmt.sprintf("%v", value)


def _replace(printed: str, search: str, replacement: str) -> str:
    _refuse_longer(printed.count(search) * len(replacement))
    return printed.replace(search, replacement)


def _find(transform: RegexpTransform, value: Json) -> str:
    groups = transform.regexp.find(_printed(value))
    # A negative group crashes Crossplane.
    if groups is None or not 0 <= transform.group < len(groups):
        source = goquotes.quote(transform.regexp.source)
        raise StringError(f"regexp {source} had no matches for group {transform.group}")
    return groups[transform.group]


def _join(transform: JoinTransform, value: Json) -> str:
    if not isinstance(value, list):
        raise StringError(_NO_ARRAY[transform.dialect])
    words = [_printed(item) for item in value]
    _refuse_longer(len(words) * len(transform.separator) + sum(map(len, words)))
    if transform.dialect is Dialect.NATIVE or not transform.separator:
        return transform.separator.join(words)
    # The function ends each word with the separator, then cuts off one byte, however long the separator is.
    return text(utf8("".join(word + transform.separator for word in words))[:-1])


def _encode_base64(value: Json) -> str:
    return gobase64.encode(_printed(value))


def _decode_base64(value: Json) -> str:
    try:
        return gobase64.decode(_printed(value))
    except Base64Error as error:
        raise StringError(f"string is not valid base64: {error}") from error


def _json(value: Json) -> str:
    try:
        return gojson.encode(value)
    except NotJsonError as error:
        raise StringError(f"cannot marshal to JSON: {error}") from error


def _hashed(algorithm: Callable[[bytes], str]) -> Callable[[Json], str]:
    """Return the conversion that hashes the bytes of a string, and the JSON of anything else."""

    def convert(value: Json) -> str:
        try:
            return algorithm(utf8(value if isinstance(value, str) else _json(value)))
        except StringError as error:
            raise StringError(f"cannot generate hash: {error}") from error

    return convert


def _upper(value: Json) -> str:
    return "".join(map(_upper_rune, _printed(value)))


def _upper_rune(rune: str) -> str:
    """Return the one capital of *rune*, as Go has it: no capital of it is two letters, as Python's of `ß`."""
    return next((capital for capital in (rune.upper(), rune.title()) if len(capital) == 1), rune)


def _lower(value: Json) -> str:
    # Letter by letter: Python would know the sigma at the end of a word, and that `İ` is two letters when small.
    return "".join(rune.lower()[0] for rune in _printed(value))


_NO_ARRAY: Final = {
    Dialect.NATIVE: "cannot join non-array values",
    Dialect.FUNCTION: "could not parse input array",
}

CONVERSIONS: Final[Mapping[str, Callable[[Json], str]]] = {
    "ToUpper": _upper,
    "ToLower": _lower,
    "ToBase64": _encode_base64,
    "FromBase64": _decode_base64,
    "ToJson": _json,
    "ToSha1": _hashed(lambda raw: hashlib.sha1(raw, usedforsecurity=False).hexdigest()),
    "ToSha256": _hashed(lambda raw: hashlib.sha256(raw).hexdigest()),
    "ToSha512": _hashed(lambda raw: hashlib.sha512(raw).hexdigest()),
    "ToAdler32": _hashed(lambda raw: str(zlib.adler32(raw))),
}
