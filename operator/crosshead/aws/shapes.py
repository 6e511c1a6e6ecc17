"""
The shapes of our fields: how their values pass to AWS and back, and when two of them mean the same.

Values in our form are what `forProvider` and `atProvider` hold. A block that may occur only once is, in our form,
a list of one (`v1beta1`) or the object itself (later versions): both are read, the list is written. `forms.py` turns
lists into objects where a version wants those.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import assert_never

from crosshead.base.values import Json

# Whether a declared value and a found one mean the same, both in our form; the third is all declared parameters.
Same = Callable[[Json, Json, Mapping[str, Json]], bool]


class Scalar(Enum):
    """A value without parts."""

    TEXT = "text"
    NUMBER = "number"
    FLAG = "flag"
    # Upstream has changed its mind about these between boolean and "true"/"false": both are read, the text is written.
    FLAG_TEXT = "flag or text"
    # The same with numbers: both are read, the number is written.
    NUMBER_TEXT = "number or text"


TEXT, NUMBER, FLAG, FLAG_TEXT = Scalar.TEXT, Scalar.NUMBER, Scalar.FLAG, Scalar.FLAG_TEXT
NUMBER_TEXT = Scalar.NUMBER_TEXT


@dataclass(frozen=True, slots=True)
class Texts:
    """
    A list of texts; a set unless *ordered*.

    AWS may keep it *within* a structure of that one member, or *each* text in a structure of that member.
    """

    ordered: bool = False
    within: str = ""
    each: str = ""


@dataclass(frozen=True, slots=True)
class Map:
    """Texts by key; AWS may keep them in *pairs* of `Key` and `Value`."""

    pairs: bool = False


@dataclass(frozen=True, slots=True)
class Member:
    """One part of a block: our name, AWS' name, and what may stand there. Without *aws* it is accepted, not heeded."""

    name: str
    aws: str = ""
    shape: "Shape" = Scalar.TEXT
    same: Same | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """
    An object with members, or a list of such; *single* when AWS takes only one.

    *lone* says whether we take only one: a list of one in `v1beta1`, the object itself in later versions and in the
    namespaced family. As *single* says when it is not said. One that is *nested* is the object itself in all versions.
    """

    members: tuple[Member, ...]
    single: bool = False
    lone: bool | None = None
    nested: bool = False

    @property
    def is_lone(self) -> bool:
        """Whether we take only one."""
        return self.single if self.lone is None else self.lone


Shape = Scalar | Texts | Map | Block


def encode(shape: Shape, value: Json) -> Json:
    """Return what AWS wants to hear for *value*."""
    match shape:
        case Scalar():
            return _encode_scalar(shape, value)
        case Texts(within=member, each=part):
            items = [{part: str(item)} if part else str(item) for item in value]
            return {member: items} if member else items
        case Map(pairs):
            texts = {str(key): str(item) for key, item in value.items()}
            return [{"Key": key, "Value": item} for key, item in sorted(texts.items())] if pairs else texts
        case Block(members, single):
            parts = [_encode_members(members, item) for item in _items(value)]
            return (parts[0] if parts else {}) if single else parts
        case _:
            assert_never(shape)


def _encode_scalar(shape: Scalar, value: Json) -> Json:
    match shape:
        case Scalar.TEXT:
            return str(value)
        case Scalar.NUMBER:
            return whole(value)
        case Scalar.NUMBER_TEXT:
            return _counted(value)
        case Scalar.FLAG | Scalar.FLAG_TEXT:
            return truth(value)
        case _:
            assert_never(shape)


def _encode_members(members: Iterable[Member], item: Mapping[str, Json]) -> dict[str, Json]:
    return {m.aws: encode(m.shape, item[m.name]) for m in members if m.aws and item.get(m.name) is not None}


def decode(shape: Shape, value: Json) -> Json:
    """Return in our form what AWS says; None when it says nothing."""
    if value is None:
        return None
    match shape:
        case Scalar():
            return _decode_scalar(shape, value)
        case Texts(ordered, member, part):
            listed = value.get(member, ()) if member else value
            items = [item[part] for item in listed] if part else listed
            return list(items) if ordered else sorted(items)
        case Map(pairs):
            texts = {item["Key"]: item["Value"] for item in value} if pairs else value
            return {str(key): str(item) for key, item in texts.items()}
        case Block(members, single):
            found = [_decode_members(members, item) for item in ([value] if single else value)]
            return found[0] if shape.nested else found
        case _:
            assert_never(shape)


def _decode_scalar(shape: Scalar, value: Json) -> Json:
    match shape:
        case Scalar.TEXT:
            return plain(value)
        case Scalar.NUMBER | Scalar.NUMBER_TEXT:
            return whole(value)
        case Scalar.FLAG:
            return truth(value)
        case Scalar.FLAG_TEXT:
            return str(truth(value)).lower()
        case _:
            assert_never(shape)


def _decode_members(members: Iterable[Member], item: Mapping[str, Json]) -> dict[str, Json]:
    found = {m.name: decode(m.shape, item.get(m.aws)) for m in members if m.aws}
    return {name: value for name, value in found.items() if value is not None}


def matches(shape: Shape, declared: Json, found: Json, parameters: Mapping[str, Json]) -> bool:
    """Whether *found* is what *declared* asks for. Members left out of a declared block are AWS' to choose."""
    match shape:
        case Scalar():
            return bool(_encode_scalar(shape, declared) == (found if found is None else _encode_scalar(shape, found)))
        case Texts(ordered):
            return list(declared) == list(found) if ordered else set(declared) == set(found)
        case Map():
            return bool(declared == found)
        case Block(members):
            return _blocks_match(members, _items(declared), _items(found), parameters)
        case _:
            assert_never(shape)


def _blocks_match(
    members: tuple[Member, ...], declared: list[Json], found: list[Json], parameters: Mapping[str, Json]
) -> bool:
    return len(declared) == len(found) and all(
        any(_members_match(members, mine, theirs, parameters) for theirs in found) for mine in declared
    )


def _members_match(
    members: Iterable[Member], mine: Mapping[str, Json], theirs: Mapping[str, Json], parameters: Mapping[str, Json]
) -> bool:
    return all(
        _member_matches(m, mine[m.name], theirs.get(m.name), parameters)
        for m in members
        if m.aws and mine.get(m.name) is not None
    )


def _member_matches(member: Member, mine: Json, theirs: Json, parameters: Mapping[str, Json]) -> bool:
    # AWS leaves members out that are false, zero or empty.
    if theirs is None:
        return mine in (False, 0, "", "false", [], {})
    if member.same is not None:
        return member.same(mine, theirs, parameters)
    return matches(member.shape, mine, theirs, parameters)


def _items(value: Json) -> list[Json]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _counted(value: Json) -> Json:
    """Return a number that may be written as a text. What is none stays, for AWS to refuse."""
    try:
        return whole(value)
    except ValueError:
        return value


def whole(value: Json) -> int | float:
    """Return a number as AWS wants it: `type: number` lets 20.0 through, and AWS does not."""
    number = float(value)
    return int(number) if number.is_integer() else number


def truth(value: Json) -> bool:
    """Return a flag that may be written as a text."""
    return value is True or str(value).lower() == "true"


def plain(value: Json) -> Json:
    """Return *value* as JSON has it: times as RFC 3339, sets and tuples as lists."""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    return value
