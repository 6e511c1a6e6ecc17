"""
Find what the CRD of Composition keeps out of a cluster, and a file may hold: missing fields, values of no use.

Crossplane's own validation (`validation`, `step_faults`) relies on the API server for these, and so says none of it;
these are the API server's words. Takes a spec of the right shape.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeAlias

from crosshead.base import goquotes
from crosshead.base.values import Json
from crosshead.compose.faults import Fault, required
from crosshead.compose.shapes import Shape

Raw: TypeAlias = Mapping[str, Any]


def find(spec: Raw) -> Iterator[Fault]:
    """Yield what the schema of compositions has against *spec*."""
    yield from _SPEC(spec, "spec")


def _fields(needed: str = "", /, **known: Shape) -> Shape:
    """Return the shape of an object that has the fields *needed*; of those *known*, what is in them is looked at."""

    def check(value: Json, path: str) -> Iterator[Fault]:
        told: Raw = value
        yield from (Fault(f"{path}.{name}", "Required value") for name in needed.split() if told.get(name) is None)
        for name, shape in known.items():
            if told.get(name) is not None:
                yield from shape(told[name], f"{path}.{name}")

    return check


def _items(each: Shape, *, least: int = 0, most: int | None = None) -> Shape:
    def check(value: Json, path: str) -> Iterator[Fault]:
        if len(value) < least:
            yield Fault(path, f"Invalid value: {len(value)}: {path} in body should have at least {least} items")
        if most is not None and len(value) > most:
            yield Fault(path, f"Too many: {len(value)}: must have at most {most} items")
        for index, item in enumerate(value):
            yield from each(item, f"{path}[{index}]")

    return check


def _choice(*allowed: str) -> Shape:
    def check(value: Json, path: str) -> Iterator[Fault]:
        if value not in allowed:
            known = ", ".join(map(goquotes.quote, allowed))
            yield Fault(path, f"Unsupported value: {goquotes.quote(value)}: supported values: {known}")

    return check


def _unique(key: str, each: Shape) -> Shape:
    """Return the shape of an array of *each*, no two of which have the same *key*."""

    def check(value: Json, path: str) -> Iterator[Fault]:
        yield from _items(each)(value, path)
        names = [item.get(key) for item in value]
        for index, name in enumerate(names):
            if name in names[:index]:
                shown = f"{goquotes.quote(key)}:{goquotes.quote(name or '')}"
                yield Fault(f"{path}[{index}]", f"Duplicate value: map[string]interface {{}}{{{shown}}}")

    return check


def _embedded(value: Json, path: str) -> Iterator[Fault]:
    yield from (
        required(f"{path}.{name}", "must not be empty") for name in ("apiVersion", "kind") if not value.get(name)
    )


def _selector(value: Json, path: str) -> Iterator[Fault]:
    yield from _fields("requirementName apiVersion kind")(value, path)
    if value.get("name") is not None and value.get("matchLabels") is not None:
        yield Fault(path, 'Invalid value: "object": name and matchLabels are mutually exclusive')


_CONVERSIONS: Final = (
    *("ToUpper", "ToLower", "ToBase64", "FromBase64"),
    *("ToJson", "ToSha1", "ToSha256", "ToSha512", "ToAdler32"),
)
_TRANSFORM: Final = _fields(
    match=_fields(fallbackTo=_choice("Value", "Input")),
    string=_fields(convert=_choice(*_CONVERSIONS), join=_fields("separator")),
)
_COMBINE: Final = _fields(
    "variables strategy",
    variables=_items(_fields("fromFieldPath"), least=1),
    strategy=_choice("string"),
    string=_fields("fmt"),
)
_PATCH_TYPES: Final = (
    *("FromCompositeFieldPath", "PatchSet", "ToCompositeFieldPath"),
    *("CombineFromComposite", "CombineToComposite"),
)
_PATCHES: Final = _items(
    _fields(
        type=_choice(*_PATCH_TYPES),
        combine=_COMBINE,
        transforms=_items(_TRANSFORM),
        policy=_fields(fromFieldPath=_choice("Optional", "Required")),
    )
)
_DETAIL_TYPES: Final = ("FromConnectionSecretKey", "FromFieldPath", "FromValue")
_CREDENTIALS: Final = _items(
    _fields("name source", source=_choice("None", "Secret"), secretRef=_fields("name namespace"))
)
_REQUIREMENTS: Final = _fields(
    requiredResources=_unique("requirementName", _selector),
    requiredSchemas=_unique("requirementName", _fields("requirementName apiVersion kind")),
)
_STEP: Final = _fields(
    "step functionRef",
    functionRef=_fields("name"),
    input=_embedded,
    credentials=_CREDENTIALS,
    requirements=_REQUIREMENTS,
)
_SPEC: Final = _fields(
    mode=_choice("Resources", "Pipeline"),
    patchSets=_items(_fields("name patches", patches=_PATCHES)),
    resources=_items(_fields(patches=_PATCHES, connectionDetails=_items(_fields(type=_choice(*_DETAIL_TYPES))))),
    pipeline=_items(_STEP, most=99),
)
