"""Read patches as a composition spells them; takes JSON of the right shape that `validation` found no fault in."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

from crosshead.base import fieldpaths, merging
from crosshead.base.fieldpaths import FieldPathError
from crosshead.compose import transform_reading
from crosshead.compose.dialects import Dialect
from crosshead.compose.patches import BrokenPatch, CombinePatch, Direction, FieldPatch, Patch, Path

Raw: TypeAlias = Mapping[str, Any]

FIELD_PATCHES: Final = {
    "FromCompositeFieldPath": Direction.FROM_COMPOSITE,
    "ToCompositeFieldPath": Direction.TO_COMPOSITE,
}
COMBINE_PATCHES: Final = {
    "CombineFromComposite": Direction.FROM_COMPOSITE,
    "CombineToComposite": Direction.TO_COMPOSITE,
}


def inlined(patches: Sequence[Raw], patch_sets: Mapping[str, Sequence[Raw]]) -> Iterator[Raw]:
    """Yield *patches* with those of a patch set in place of each patch that names it."""
    for patch in patches:
        if patch.get("type") == "PatchSet":
            yield from patch_sets[patch["patchSetName"]]
        else:
            yield patch


def read(raw: Raw, dialect: Dialect = Dialect.NATIVE) -> Patch:
    """Return the patch that *raw* spells."""
    kind = raw.get("type") or "FromCompositeFieldPath"
    if kind in COMBINE_PATCHES:
        return _combine(raw, kind, dialect)
    target = raw["fromFieldPath"] if raw.get("toFieldPath") is None else raw["toFieldPath"]
    policy = raw.get("policy") or {}
    return FieldPatch(
        type=kind,
        direction=FIELD_PATCHES[kind],
        source=_path(raw["fromFieldPath"]),
        target=_path(target),
        is_wide="[*]" in target,
        transforms=tuple(transform_reading.read(transform, dialect) for transform in raw.get("transforms") or ()),
        is_required=policy.get("fromFieldPath") == "Required",
        merge=merging.read_options(policy.get("mergeOptions")),
    )


def _combine(raw: Raw, kind: str, dialect: Dialect) -> Patch:
    problem = _combine_problem(raw["combine"])
    if problem:
        return BrokenPatch(kind, COMBINE_PATCHES[kind], problem)
    return CombinePatch(
        type=kind,
        direction=COMBINE_PATCHES[kind],
        variables=tuple(_path(variable.get("fromFieldPath") or "") for variable in raw["combine"]["variables"]),
        fmt=raw["combine"]["string"].get("fmt") or "",
        target=_path(raw["toFieldPath"]),
        transforms=tuple(transform_reading.read(transform, dialect) for transform in raw.get("transforms") or ()),
        is_required=(raw.get("policy") or {}).get("fromFieldPath") == "Required",
    )


def _combine_problem(combine: Raw) -> str:
    """Return what keeps a combination from working; Crossplane finds out only when it is made."""
    strategy = combine.get("strategy") or ""
    if not combine.get("variables"):
        return "combine patch types require at least one variable"
    if strategy != "string":
        return f"combine strategy {strategy} is not supported"
    if combine.get("string") is None:
        return f"given combine strategy {strategy} requires configuration"
    return ""


def _path(text: str) -> Path:
    try:
        return fieldpaths.parse(text)
    except FieldPathError:
        return text
