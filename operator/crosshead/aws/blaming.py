"""Which field of ours AWS complains about: it knows its own names only."""

import re
from collections.abc import Iterator

from crosshead.aws.descriptor import Descriptor
from crosshead.base.values import Object


def blame(descriptor: Descriptor, parameters: Object, said: str) -> str:
    """Return ` (see spec.forProvider.x)` for the field that *said* is about; "" when that is not clear."""
    words = frozenset(re.findall(r"[\w.:/-]+", said))
    named = tuple(_named(descriptor, words))
    quoted = tuple(_quoted(descriptor, parameters, said))
    clear = next((names for names in (named, quoted) if len(names) == 1), ())
    return "".join(f" (see spec.forProvider.{name})" for name in clear)


def _named(descriptor: Descriptor, words: frozenset[str]) -> Iterator[str]:
    for field in descriptor.fields:
        if words & ({field.create, field.modify} - {""}):
            yield field.name


def _quoted(descriptor: Descriptor, parameters: Object, said: str) -> Iterator[str]:
    for field in descriptor.fields:
        value = parameters.get(field.name)
        # Shorter ones stand in any sentence.
        if isinstance(value, str) and len(value) >= 4 and field.create and value in said:
            yield field.name
