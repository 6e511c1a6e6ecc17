"""
Hold a composition against the schemas of what it composes from, and of what it composes.

The schema-aware validation of Crossplane ≤ 1.20, with its modes and words; its webhook knew Resources mode only, here
the inputs of function-patch-and-transform are looked at as well. Patches, the types that go through their transforms,
readiness checks and connection details must name what the schemas have.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from crosshead.base import goquotes, objects
from crosshead.base.objects import Kind
from crosshead.base.values import Object
from crosshead.compose import schema_paths, schema_types
from crosshead.compose.dialects import Dialect
from crosshead.compose.faults import Fault, invalid, required
from crosshead.compose.functions import patch_and_transform_reading
from crosshead.compose.functions.patch_and_transform_reading import InputError
from crosshead.compose.patch_reading import COMBINE_PATCHES, DEFAULT_TYPE, FIELD_PATCHES
from crosshead.compose.patches import Direction
from crosshead.compose.schema_paths import Schema, SchemaPathError
from crosshead.compose.schema_types import TypesFaultError

Raw: TypeAlias = Mapping[str, Any]
# Finds the CRD of a kind, None when there is none.
FindCrd: TypeAlias = Callable[[Kind], Object | None]

MODE: Final = "crossplane.io/composition-schema-aware-validation-mode"
WARN, LOOSE, STRICT = "warn", "loose", "strict"

_COMPATIBLE: Final = (
    "the fromFieldPath does not have a type compatible with the toFieldPath according to their schemas "
    "and no transforms were provided"
)
_OUTPUT: Final = "the provided transforms do not output a type compatible with the toFieldPath according to the schema"
_DIRECTIONS: Final = {**FIELD_PATCHES[Dialect.FUNCTION], **COMBINE_PATCHES[Dialect.FUNCTION]}
_CHECKED: Final = {
    "MatchString": "string",
    "MatchInteger": "integer",
    "MatchTrue": "boolean",
    "MatchFalse": "boolean",
}
_INPUT: Final = ("pt.fn.crossplane.io/v1beta1", "Resources")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What there is to say: *refusals* keep the composition from use, *warnings* do not."""

    refusals: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Templates:
    """Templates at *path* that share patch sets; *environment* are patches between composite and environment."""

    path: str
    resources: Sequence[Raw]
    patch_sets: Sequence[Raw]
    environment: Sequence[Raw] = ()


@dataclass(frozen=True, slots=True)
class _Sides:
    """The schemas of what a patch reads and writes."""

    composite: Schema
    composed: Schema
    patch_sets: Sequence[Raw] = ()

    def of(self, direction: Direction) -> tuple[Schema, Schema]:
        """Return the schemas of source and target. Nobody knows what is in an environment."""
        return {
            Direction.FROM_COMPOSITE: (self.composite, self.composed),
            Direction.TO_COMPOSITE: (self.composed, self.composite),
            Direction.FROM_ENVIRONMENT: (None, self.composed),
            Direction.TO_ENVIRONMENT: (self.composed, None),
        }[direction]


def judge(composition: Object, crd_of: FindCrd) -> Verdict:
    """
    Return what the schemas say of *composition*, which has no faults otherwise, as strictly as its annotation wants.

    Without a CRD of everything that is named, nothing is checked: that is refused in the mode strict, and otherwise
    warned of. What contradicts a schema is refused in the modes strict and loose.
    """
    mode = objects.annotations(composition).get(MODE, WARN)
    if mode not in {WARN, LOOSE, STRICT}:
        why = f"cannot get validation mode: invalid schema-aware composition validation mode: {mode}"
        return Verdict(refusals=(why,))
    spec = objects.spec(composition)
    missing = [_not_found(kind) for kind in kinds(spec) if crd_of(kind) is None]
    if missing and mode == STRICT:
        return Verdict((f"there were some errors while getting the needed CRDs: [{' '.join(missing)}]",))
    found = [str(fault) for fault in faults(spec, crd_of)] if not missing else []
    if mode == WARN:
        where = f"Composition {goquotes.quote(objects.name(composition))} invalid for schema-aware validation"
        return Verdict(warnings=(*missing, *(f"{where}: {fault}" for fault in found)))
    return Verdict(tuple(found), tuple(missing))


def kinds(spec: Raw) -> tuple[Kind, ...]:
    """Return the kinds whose CRDs are needed for *spec*: the composite's, and those of the bases, each group once."""
    bases = (base for each in _all(spec) for template in each.resources if (base := _kind(template)) is not None)
    seen = {(kind.group, kind.kind): kind for kind in reversed((_composite(spec), *bases))}
    return tuple(reversed(seen.values()))


def faults(spec: Raw, crd_of: FindCrd) -> Iterator[Fault]:
    """Yield where *spec* contradicts the schemas of the CRDs there are; of each patch the first fault."""
    composite = _schema(_composite(spec), crd_of)
    for each in _all(spec):
        for index, template in enumerate(each.resources):
            path = f"{each.path}.resources[{index}]"
            sides = _Sides(composite, _schema(_kind(template), crd_of), each.patch_sets)
            yield from (fault.under(path) for fault in _in_template(template, sides))
        for index, patch in enumerate(each.environment):
            fault = _in_patch(patch, _Sides(composite, None))
            yield from [fault.under(f"{each.path}.environment.patches[{index}]")] if fault else []


def _not_found(kind: Kind) -> str:
    return f'CustomResourceDefinition.apiextensions.k8s.io "{kind.kind}.{kind.group}" not found'


def _composite(spec: Raw) -> Kind:
    told = spec.get("compositeTypeRef") or {}
    return Kind(str(told.get("apiVersion") or ""), str(told.get("kind") or ""))


def _kind(template: Raw) -> Kind | None:
    base = template.get("base")
    return Kind(str(base.get("apiVersion")), str(base.get("kind"))) if isinstance(base, Mapping) else None


def _schema(kind: Kind | None, crd_of: FindCrd) -> Schema:
    crd = crd_of(kind) if kind is not None else None
    if kind is None or crd is None:
        return None
    versions = {version.get("name"): version for version in objects.spec(crd).get("versions") or ()}
    found: Schema = ((versions.get(kind.version) or {}).get("schema") or {}).get("openAPIV3Schema")
    return found


def _all(spec: Raw) -> Iterator[_Templates]:
    """Yield the templates of *spec*: its own, and those of its steps of function-patch-and-transform."""
    yield _Templates("spec", spec.get("resources") or (), spec.get("patchSets") or ())
    for index, step in enumerate(spec.get("pipeline") or ()):
        told = step.get("input") or {}
        if (told.get("apiVersion"), told.get("kind")) == _INPUT:
            yield from _of_input(told, f"spec.pipeline[{index}].input")


def _of_input(told: Object, path: str) -> Iterator[_Templates]:
    try:
        sound = patch_and_transform_reading.decoded(told)
    except InputError:  # the function will say so
        return
    environment = (sound.get("environment") or {}).get("patches") or ()
    yield _Templates(path, sound.get("resources") or (), sound.get("patchSets") or (), environment)


def _in_template(template: Raw, sides: _Sides) -> Iterator[Fault]:
    found = (
        *((f"patches[{i}]", _in_patch(each, sides)) for i, each in enumerate(template.get("patches") or ())),
        *(
            (f"readinessChecks[{i}]", _in_check(each, sides.composed))
            for i, each in enumerate(template.get("readinessChecks") or ())
        ),
        *(
            (f"connectionDetails[{i}]", _in_path(each, "fromFieldPath", sides.composed))
            for i, each in enumerate(template.get("connectionDetails") or ())
        ),
    )
    yield from (fault.under(path) for path, fault in found if fault)


def _in_check(check: Raw, schema: Schema) -> Fault | None:
    fault = _in_path(check, "fieldPath", schema)
    if fault is not None:
        return fault
    path, wanted = check.get("fieldPath") or "", _CHECKED.get(check.get("type") or "", "")
    if schema_types.fits(schema_paths.type_at(schema, path), wanted):
        return None
    return invalid("fieldPath", path, f"expected field path to be of type {wanted}")


def _in_path(told: Raw, field: str, schema: Schema) -> Fault | None:
    try:
        schema_paths.type_at(schema, told.get(field) or "")
    except SchemaPathError as error:
        return invalid(field, told[field], str(error))
    return None


def _in_patch(patch: Raw, sides: _Sides) -> Fault | None:
    kind = patch.get("type") or DEFAULT_TYPE
    if kind == "PatchSet":
        return _in_patch_set(patch["patchSetName"], sides)
    source, target = sides.of(_DIRECTIONS[kind])
    patch = {**patch, "toFieldPath": patch.get("toFieldPath") or patch.get("fromFieldPath")}
    fault = _in_sources(patch, kind, source) or _in_path(patch, "toFieldPath", target)
    return fault or _in_types(patch, kind, source, target)


def _in_patch_set(name: str, sides: _Sides) -> Fault | None:
    for number, patch_set in enumerate(sides.patch_sets):
        if patch_set.get("name") == name:
            found = (_in_patch(patch, sides) for patch in patch_set.get("patches") or ())
            told = ((index, fault) for index, fault in enumerate(found) if fault)
            return next((fault.under(f"patchSets[{number}].patches[{index}]") for index, fault in told), None)
    return None


def _in_sources(patch: Raw, kind: str, schema: Schema) -> Fault | None:
    if kind in FIELD_PATCHES[Dialect.FUNCTION]:
        return _in_path(patch, "fromFieldPath", schema)
    for index, variable in enumerate(patch["combine"].get("variables") or ()):
        if fault := _in_path(variable, "fromFieldPath", schema):
            return fault.under(f"combine.variables[{index}]")
    return None


def _in_types(patch: Raw, kind: str, source: Schema, target: Schema) -> Fault | None:
    is_combined = kind in COMBINE_PATCHES[Dialect.FUNCTION]
    before = "string" if is_combined else schema_paths.type_at(source, patch["fromFieldPath"])
    place, transforms = schema_paths.type_at(target, patch["toFieldPath"]), patch.get("transforms") or ()
    try:
        made = schema_types.after(transforms, before)
    except TypesFaultError as error:
        return error.fault
    if schema_types.fits(made, place):
        return None
    if not transforms:
        return required("transforms", f"{_COMPATIBLE}: {before} != {place}")
    return invalid("transforms", made, f"{_OUTPUT}: {made} != {place}")
