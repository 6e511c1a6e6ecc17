"""What AWS is told and never shows: a change of it is seen only by who remembers what AWS was told last."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from crosshead.aws import scenes, tagging
from crosshead.aws.descriptor import Descriptor, Secret
from crosshead.aws.memory import Memory
from crosshead.base.values import Json, Object, SecretValue
from crosshead.managed.external import Declared, Drift

_SENSITIVE = "(sensitive)"
# A secret that nobody declares.
_ANOTHER: Final = SecretValue("")


@dataclass(frozen=True, slots=True)
class Unseen:
    """A declared value that AWS never shows. *noted* is what it was told last as somebody else has written down."""

    field: str
    argument: str
    value: SecretValue
    noted: SecretValue | None = None
    # As messages show it.
    shown: Json = _SENSITIVE
    # Finds something in a record that shows that AWS has none.
    missing: str = ""


def secrets(descriptor: Descriptor, declared: Declared) -> Iterator[Secret]:
    """Yield the secrets that are declared."""
    return (secret for secret in descriptor.secrets if secret.input.argument in declared.secrets)


def unseen(descriptor: Descriptor, declared: Declared) -> Iterator[Unseen]:
    """Yield the declared values that AWS never shows."""
    for secret in secrets(descriptor, declared):
        argument = secret.input.argument
        secret_value, noted = declared.secrets[argument], declared.told.get(argument)
        yield Unseen(secret.input.field, argument, secret_value, noted, missing=secret.missing)
    parameters = scenes.parameters(descriptor, declared.parameters)
    for field in descriptor.fields:
        if field.told and (value := parameters.get(field.name)) is not None:
            written = SecretValue(json.dumps(value, sort_keys=True))
            yield Unseen(field.name, f"field {field.name}", written, shown=value)


def untold(descriptor: Descriptor, declared: Declared, record: Object, memory: Memory) -> Iterator[Drift]:
    """Yield the drift of what AWS was told otherwise, or does not have although it was told."""
    # What another object has left was told that one's secrets.
    before = _ANOTHER if _is_left(descriptor, declared, record) else None
    for one in unseen(descriptor, declared):
        is_told = memory.is_told(declared.uid, one.argument, one.value, before if one.noted is None else one.noted)
        if not is_told or (one.missing and scenes.search(one.missing, record)):
            yield Drift(one.field, one.shown, _SENSITIVE if one.shown == _SENSITIVE else "(told otherwise before)")


def _is_left(descriptor: Descriptor, declared: Declared, record: Object) -> bool:
    where = descriptor.tagging
    if where is None or not declared.origin:
        return False
    return tagging.is_left(tagging.read(where, scenes.search(where.read, record)), declared)
