"""Find everything that is wrong with the pipeline of a composition, in the words of Crossplane's own validation."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

from crosshead.compose.faults import Fault, duplicate, required
from crosshead.compose.shapes import OBJECT, TEXT, fields, items

Raw: TypeAlias = Mapping[str, Any]

_SECRET_REF: Final = fields(name=TEXT, namespace=TEXT)
_SELECTED: Final = fields(
    requirementName=TEXT, apiVersion=TEXT, kind=TEXT, namespace=TEXT, name=TEXT, matchLabels=OBJECT
)
PIPELINE: Final = items(
    fields(
        step=TEXT,
        functionRef=fields(name=TEXT),
        input=OBJECT,
        credentials=items(fields(name=TEXT, source=TEXT, secretRef=_SECRET_REF)),
        requirements=fields(requiredResources=items(_SELECTED), requiredSchemas=items(_SELECTED)),
    )
)
"""The shape of a pipeline."""


def find(steps: Sequence[Raw], path: str) -> Iterator[Fault]:
    """Yield what makes no sense in *steps*, a pipeline of the right shape that stands at *path*."""
    yield from _repeated(steps, path, "step")
    for index, step in enumerate(steps):
        yield from _in_credentials(step.get("credentials") or (), f"{path}[{index}].credentials")


def _in_credentials(credentials: Sequence[Raw], path: str) -> Iterator[Fault]:
    yield from _repeated(credentials, path, "name")
    for index, each in enumerate(credentials):
        if each.get("source") == "Secret" and each.get("secretRef") is None:
            yield required(f"{path}[{index}].secretRef", "must be specified when source is Secret")


def _repeated(parts: Sequence[Raw], path: str, key: str) -> Iterator[Fault]:
    seen: set[str] = set()
    for index, part in enumerate(parts):
        name = part.get(key) or ""
        if name in seen:
            yield duplicate(f"{path}[{index}].{key}", name)
        seen.add(name)
