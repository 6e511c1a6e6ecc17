"""
Read the YAML that a template made, much as kubectl reads manifests: YAML 1.1, of which only what JSON can say.

Dates stay text and 1:30 is no number of seconds, as with Go's YAML. Unlike there `y` and `n` are text (they are names
of coordinates, too), and a key twice in one object is refused.
"""

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import yaml

from crosshead.base.values import Json

# More values than any object has that etcd takes: aliases can make billions out of a few lines.
_MOST_VALUES: Final = 200_000
# As many characters weigh as much as one value.
_CHARACTERS: Final = 100
_BOUNDARY: Final = re.compile(r"^---[ \t]*(?:#.*)?$", re.MULTILINE)
_TRUE: Final = frozenset(("yes", "true", "on"))
_BOOL: Final = re.compile(r"yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF")
_INT: Final = re.compile(r"[-+]?(?:0b[01_]+|0o?[0-7_]+|0x[0-9a-fA-F_]+|0|[1-9][0-9_]*)")
_FLOAT: Final = re.compile(r"[-+]?(?:\.[0-9_]+|[0-9][0-9_]*(?:\.[0-9_]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)")


class DocumentError(ValueError):
    """Text that is no YAML, or says what JSON cannot."""


class TooLargeError(DocumentError):
    """More values than anybody means."""


@dataclass(frozen=True, slots=True)
class Document:
    """One document of a text. *line* is where it begins, counted from 1."""

    value: Json
    line: int


def read_all(text: str) -> Iterator[Document]:
    """Yield the documents of *text* that hold something."""
    line, rest = 1, text
    while rest:
        boundary = _BOUNDARY.search(rest)
        part, rest = (rest[: boundary.start()], rest[boundary.end() :]) if boundary else (rest, "")
        value = read(part, line)
        if value is not None:
            yield Document(value, line + _blank_lines(part))
        line += part.count("\n")


def _blank_lines(text: str) -> int:
    return text.count("\n", 0, len(text) - len(text.lstrip()))


def read(text: str, line: int = 1) -> Json:
    """Return the one document *text*, which begins at *line* of whatever the errors shall speak of."""
    try:
        value = yaml.load(text, Loader=_Loader)  # noqa: S506 (it makes nothing but JSON)
    except yaml.MarkedYAMLError as error:
        at = error.problem_mark.line if error.problem_mark else 0
        raise DocumentError(f"line {line + at}: {error.problem or error.context}") from error
    except (yaml.YAMLError, ValueError) as error:
        raise DocumentError(f"line {line}: {error}") from error
    except RecursionError as error:
        raise TooLargeError(f"line {line}: nested too deeply") from error
    measure(value)
    return value


def measure(value: Json) -> int:
    """Return how many values there are in *value*, each as often as it would be written; too many are refused."""
    waiting, count = [value], 0
    while waiting:
        here = waiting.pop()
        count += 1 + (len(here) // _CHARACTERS if isinstance(here, str) else 0)
        if isinstance(here, Mapping):
            waiting.extend(here.values())
        elif isinstance(here, list | tuple):
            waiting.extend(here)
        if count + len(waiting) > _MOST_VALUES:
            raise TooLargeError(f"more than {_MOST_VALUES} values")
    return count


class _Loader(yaml.SafeLoader):
    # What a plain text means is decided here, and by nothing that was registered elsewhere.
    yaml_implicit_resolvers: Any = {}  # noqa: RUF012 (PyYAML's way)
    yaml_constructors: ClassVar[Any] = {}

    def object(self, node: Any) -> dict[str, Json]:  # noqa: ANN401 (PyYAML's own type)
        """Return the object that *node* spells."""
        self.flatten_mapping(node)
        made: dict[str, Json] = {}
        for key_node, value_node in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, str):
                raise _refusal(key_node, f"the key {key_node.value!r} is no text: quote it")
            if key in made:
                raise _refusal(key_node, f"the key {key!r} is there twice")
            made[key] = self.construct_object(value_node, deep=True)
        return made

    def array(self, node: Any) -> list[Json]:  # noqa: ANN401 (PyYAML's own type)
        """Return the array that *node* spells."""
        return [self.construct_object(item, deep=True) for item in node.value]

    def refuse(self, node: Any) -> Json:  # noqa: ANN401 (PyYAML's own type)
        """Refuse a tag that JSON has nothing for."""
        raise _refusal(node, f"the tag {node.tag!r} means nothing here")


def _refusal(node: Any, why: str) -> yaml.MarkedYAMLError:  # noqa: ANN401 (PyYAML's own type)
    return yaml.MarkedYAMLError(problem=why, problem_mark=node.start_mark)


def _integer(text: str) -> int:
    plain = text.replace("_", "").lower()
    digits = plain.lstrip("+-")
    base = {"0x": 16, "0b": 2, "0o": 8}.get(digits[:2], 8 if digits[:1] == "0" else 10)
    return int(plain, base) if digits.strip("0") else 0


def _number(text: str) -> float:
    number = float(text.replace("_", "").lower().replace(".inf", "inf"))
    if not math.isfinite(number):
        raise ValueError(f"{text!r} is no number in JSON")
    return number


def _scalar(make: Callable[[str], Json]) -> Callable[[Any, Any], Json]:
    def construct(_: Any, node: Any) -> Json:  # noqa: ANN401 (PyYAML's own types)
        try:
            return make(str(node.value))
        except ValueError as error:
            raise _refusal(node, str(error)) from error

    return construct


_TAG: Final = "tag:yaml.org,2002:"
_SCALARS: Final[Mapping[str, tuple[re.Pattern[str], Callable[[str], Json]]]] = {
    "null": (re.compile(r"~|null|Null|NULL|"), lambda _: None),
    "bool": (_BOOL, lambda text: text.lower() in _TRUE),
    "int": (_INT, _integer),
    "float": (_FLOAT, _number),
    "merge": (re.compile("<<"), str),
}
for _name, (_form, _make) in _SCALARS.items():
    _Loader.add_implicit_resolver(f"{_TAG}{_name}", re.compile(f"(?:{_form.pattern})$"), None)
    _Loader.add_constructor(f"{_TAG}{_name}", _scalar(_make))
_Loader.add_constructor(f"{_TAG}str", _scalar(str))
_Loader.add_constructor(f"{_TAG}map", _Loader.object)
_Loader.add_constructor(f"{_TAG}seq", _Loader.array)
_Loader.add_constructor(None, _Loader.refuse)
