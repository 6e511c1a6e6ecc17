"""The shapes of data that have no schema of ours: JSON, and Kubernetes objects as the API server gives them."""

import base64
import json
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

# A JSON value: None, bool, int, float, str, list or dict of such. `Any` because mypy's recursive alias would
# make every access a cast, and the shape is checked by the API server's schemas, not by us.
Json: TypeAlias = Any

# A Kubernetes object, or a part of one. Never changed in place: the cache hands out what it holds.
Object: TypeAlias = Mapping[str, Json]

# An object being built, before anybody else has seen it.
Draft: TypeAlias = dict[str, Json]


class SecretValue:
    """Bytes that must not be seen: `repr` and `str` give `***`, `reveal()` the bytes; equal by content."""

    __slots__ = ("_value",)

    def __init__(self, value: bytes | str) -> None:
        self._value = value.encode() if isinstance(value, str) else value

    def reveal(self) -> bytes:
        """Return the secret itself."""
        return self._value

    @classmethod
    def joined(cls, values: Iterable["SecretValue"]) -> "SecretValue":
        """Return *values* as one, which `parts` takes apart."""
        return cls(json.dumps([base64.b64encode(one.reveal()).decode() for one in values]))

    def parts(self) -> list["SecretValue"]:
        """Return the values that were joined."""
        return [SecretValue(base64.b64decode(part)) for part in json.loads(self._value)]

    def __repr__(self) -> str:
        return "***"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SecretValue) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)
