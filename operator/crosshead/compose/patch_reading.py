"""Read patches as a composition spells them; takes JSON of the right shape that was checked and has no fault."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

from crosshead.base import fieldpaths, merging
from crosshead.base.fieldpaths import FieldPathError
from crosshead.base.merging import MergeOptions
from crosshead.compose import transform_reading
from crosshead.compose.dialects import Dialect
from crosshead.compose.patches import BrokenPatch, CombinePatch, Direction, FieldPatch, Patch, Path

Raw: TypeAlias = Mapping[str, Any]

_NATIVE_FIELD_PATCHES: Final = {
    "FromCompositeFieldPath": Direction.FROM_COMPOSITE,
    "ToCompositeFieldPath": Direction.TO_COMPOSITE,
}
_NATIVE_COMBINE_PATCHES: Final = {
    "CombineFromComposite": Direction.FROM_COMPOSITE,
    "CombineToComposite": Direction.TO_COMPOSITE,
}
# Crossplane >= 1.18 has no environment outside of functions.
FIELD_PATCHES: Final[Mapping[Dialect, Mapping[str, Direction]]] = {
    Dialect.NATIVE: _NATIVE_FIELD_PATCHES,
    Dialect.FUNCTION: _NATIVE_FIELD_PATCHES
    | {
        "FromEnvironmentFieldPath": Direction.FROM_ENVIRONMENT,
        "ToEnvironmentFieldPath": Direction.TO_ENVIRONMENT,
    },
}
COMBINE_PATCHES: Final[Mapping[Dialect, Mapping[str, Direction]]] = {
    Dialect.NATIVE: _NATIVE_COMBINE_PATCHES,
    Dialect.FUNCTION: _NATIVE_COMBINE_PATCHES
    | {
        "CombineFromEnvironment": Direction.FROM_ENVIRONMENT,
        "CombineToEnvironment": Direction.TO_ENVIRONMENT,
    },
}
# What functions have in place of `mergeOptions`. The last two are older names.
TO_FIELD_PATH_POLICIES: Final[Mapping[str, MergeOptions | None]] = {
    "Replace": None,
    "MergeObjects": MergeOptions(keep_map_values=True),
    "MergeObjectsAppendArrays": MergeOptions(keep_map_values=True, append_slice=True),
    "ForceMergeObjects": MergeOptions(),
    "ForceMergeObjectsAppendArrays": MergeOptions(append_slice=True),
    "MergeObject": MergeOptions(keep_map_values=True),
    "AppendArray": MergeOptions(append_slice=True),
}
DEFAULT_TYPE: Final = "FromCompositeFieldPath"


def inlined(patches: Sequence[Raw], patch_sets: Mapping[str, Sequence[Raw]]) -> Iterator[Raw]:
    """Yield *patches* with those of a patch set in place of each patch that names it."""
    for patch in patches:
        if patch.get("type") == "PatchSet":
            yield from patch_sets[patch["patchSetName"]]
        else:
            yield patch


def read(raw: Raw, dialect: Dialect = Dialect.NATIVE) -> Patch:
    """Return the patch that *raw* spells."""
    kind = raw.get("type") or DEFAULT_TYPE
    if kind in COMBINE_PATCHES[dialect]:
        return _combine(raw, kind, dialect)
    target = raw["fromFieldPath"] if raw.get("toFieldPath") is None else raw["toFieldPath"]
    return FieldPatch(
        type=kind,
        direction=FIELD_PATCHES[dialect][kind],
        source=_path(raw["fromFieldPath"]),
        target=_path(target),
        is_wide="[*]" in target,
        transforms=tuple(transform_reading.read(transform, dialect) for transform in raw.get("transforms") or ()),
        is_required=_policy(raw).get("fromFieldPath") == "Required",
        merge=_merge_options(raw, dialect),
        dialect=dialect,
    )


def _combine(raw: Raw, kind: str, dialect: Dialect) -> Patch:
    direction = COMBINE_PATCHES[dialect][kind]
    problem = _combine_problem(raw["combine"], dialect)
    if problem:
        return BrokenPatch(kind, direction, problem)
    return CombinePatch(
        type=kind,
        direction=direction,
        variables=tuple(
            _path(variable.get("fromFieldPath") or "") for variable in raw["combine"].get("variables") or ()
        ),
        fmt=raw["combine"]["string"].get("fmt") or "",
        target=_path(raw["toFieldPath"] if raw.get("toFieldPath") is not None else raw["fromFieldPath"]),
        transforms=tuple(transform_reading.read(transform, dialect) for transform in raw.get("transforms") or ()),
        is_required=_policy(raw).get("fromFieldPath") == "Required",
        # To Crossplane the result of a combination replaces what is there, whatever the policy says.
        merge=None if dialect is Dialect.NATIVE else _merge_options(raw, dialect),
        dialect=dialect,
    )


def _combine_problem(combine: Raw, dialect: Dialect) -> str:
    """Return what keeps a combination from working; Crossplane finds out only when it is made."""
    strategy = combine.get("strategy") or ""
    if not combine.get("variables") and dialect is Dialect.NATIVE:
        return "combine patch types require at least one variable"
    if strategy != "string":
        return f"combine strategy {strategy} is not supported"
    if combine.get("string") is None:
        return f"given combine strategy {strategy} requires configuration"
    return ""


def _policy(raw: Raw) -> Raw:
    return raw.get("policy") or {}


def _merge_options(raw: Raw, dialect: Dialect) -> MergeOptions | str | None:
    """Return how to merge; text when nobody knows, which is told when the value is ready."""
    policy = _policy(raw)
    if dialect is Dialect.NATIVE:
        return merging.read_options(policy.get("mergeOptions"))
    wanted = policy.get("toFieldPath")
    if wanted is None:
        return None
    return TO_FIELD_PATH_POLICIES.get(wanted, f"invalid patch policy {wanted}")


def _path(text: str) -> Path:
    try:
        return fieldpaths.parse(text)
    except FieldPathError:
        return text
