"""
Read the input of function-patch-and-transform, once: `read` gives a plan that can be run for many requests.

What is wrong with the input as a whole raises `InputError` with the function's words. A base that is none is told when
the turn of its resource comes, as upstream.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias

from crosshead.base import encoding, gostructs
from crosshead.base.fieldpaths import Shape
from crosshead.base.gostructs import DecodeError
from crosshead.base.values import Draft, Json, Object
from crosshead.compose import connection, numbers, patch_reading, readiness
from crosshead.compose.connection import Detail
from crosshead.compose.dialects import Dialect
from crosshead.compose.functions import patch_and_transform_faults as faults
from crosshead.compose.functions.patch_and_transform_sinks import kind_fault
from crosshead.compose.functions.patch_and_transform_types import RESOURCES
from crosshead.compose.patch_reading import DEFAULT_TYPE
from crosshead.compose.patches import BrokenPatch, CombinePatch, Direction, FieldPatch, Patch
from crosshead.compose.readiness import Check, FieldEquals

Raw: TypeAlias = Mapping[str, Any]

_FUNCTION: Final = Dialect.FUNCTION
_INTEGER: Final[Shape] = "integer"


class InputError(ValueError):
    """An input that the function refuses."""


@dataclass(frozen=True, slots=True)
class Template:
    """
    One resource. Without *base* it is the one that an earlier function desires.

    *fault* is what is wrong with the base. *sees_doubles*: a check depends on numbers being doubles.
    """

    name: str
    base: Draft | None = None
    fault: str = ""
    patches: tuple[Patch, ...] = ()
    checks: tuple[Check, ...] = ()
    details: tuple[Detail, ...] = ()
    sees_doubles: bool = False

    def draft(self) -> Draft:
        """Return a copy of the base."""
        copy: Draft = encoding.normalized(self.base)
        return copy


@dataclass(frozen=True, slots=True)
class SecretPatch:
    """A patch of a `SecretReference`. *forgives*: its errors count for nothing. *is_known*: it is of a known type."""

    patch: Patch
    forgives: bool
    is_known: bool = True


@dataclass(frozen=True, slots=True)
class SecretReference:
    """Where the connection secret of a modern composite goes."""

    name: str = ""
    namespace: str = ""
    patches: tuple[SecretPatch, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """An input, read."""

    templates: tuple[Template, ...] = ()
    environment: tuple[Patch, ...] = ()
    secret: SecretReference = SecretReference()


def read(told: Object) -> Plan:
    """Return the plan that the input *told* spells."""
    sound = decoded(told)
    return Plan(_templates(sound), _environment(sound), _secret(sound.get("writeConnectionSecretToRef") or {}))


def decoded(told: Object) -> Object:
    """Return the input *told* as the function sees it; raises `InputError` for the first thing that is wrong."""
    try:
        seen: Object = gostructs.decode(RESOURCES, told)
    except DecodeError as error:
        raise InputError(
            "cannot get Function input: cannot get function input *v1beta1.Resources from *v1.RunFunctionRequest:"
            f" cannot unmarshal JSON from *structpb.Struct into *v1beta1.Resources: {error}"
        ) from error
    fault = faults.find(seen)
    if fault is not None:
        raise InputError(f"invalid Function input: {fault}")
    return seen


def _templates(sound: Raw) -> tuple[Template, ...]:
    sets = {each["name"]: each.get("patches") or () for each in sound.get("patchSets") or ()}
    return tuple(_template(raw, sets) for raw in sound.get("resources") or ())


def _template(raw: Raw, patch_sets: Mapping[str, Sequence[Raw]]) -> Template:
    checks = tuple(readiness.read(check, _FUNCTION) for check in raw.get("readinessChecks") or ())
    fault = "" if "base" not in raw else _base_fault(raw["base"])
    return Template(
        name=raw["name"],
        base=_base(raw["base"]) if "base" in raw and not fault else None,
        fault=fault,
        patches=_patches(raw.get("patches") or (), patch_sets),
        checks=checks,
        details=tuple(connection.read(detail) for detail in raw.get("connectionDetails") or ()),
        sees_doubles=any(isinstance(check, FieldEquals) and check.shape == _INTEGER for check in checks),
    )


def _base_fault(base: Json) -> str:
    if not isinstance(base, dict):
        kind = {bool: "bool", str: "string", list: "array"}.get(type(base), "number")
        return f"json: cannot unmarshal {kind} into Go value of type map[string]interface {{}}"
    return kind_fault(base)


def _base(base: Json) -> Draft:
    """Return *base* as it is after protobuf and Kubernetes' JSON: its numbers are integers where they can be."""
    draft: Draft = encoding.normalized(numbers.doubled(base))
    return draft


def _patches(raws: Sequence[Raw], patch_sets: Mapping[str, Sequence[Raw]]) -> tuple[Patch, ...]:
    for raw in raws:
        if raw.get("type") == "PatchSet" and raw["patchSetName"] not in patch_sets:
            raise InputError(f"cannot resolve PatchSets: cannot find PatchSet by name {raw['patchSetName']}")
    return tuple(patch_reading.read(raw, _FUNCTION) for raw in patch_reading.inlined(raws, patch_sets))


# A patch of the environment goes from the observed composite to the environment, or from there to the desired
# composite; the types that name the environment mean the same.
_SEEN_FROM_ENVIRONMENT: Final = {
    Direction.TO_ENVIRONMENT: Direction.FROM_COMPOSITE,
    Direction.FROM_ENVIRONMENT: Direction.TO_COMPOSITE,
}


def _environment(sound: Raw) -> tuple[Patch, ...]:
    return tuple(map(_environment_patch, (sound.get("environment") or {}).get("patches") or ()))


def _environment_patch(raw: Raw) -> Patch:
    patch = patch_reading.read(raw, _FUNCTION)
    if isinstance(patch, FieldPatch):
        return replace(patch, direction=_SEEN_FROM_ENVIRONMENT.get(patch.direction, patch.direction))
    # Nobody has checked the policy of a combination: here all but Optional is Required.
    return replace(patch, is_required=not _is_optional(raw)) if isinstance(patch, CombinePatch) else patch


def _is_optional(raw: Raw) -> bool:
    return bool((raw.get("policy") or {}).get("fromFieldPath", "Optional") == "Optional")


def _secret(raw: Raw) -> SecretReference:
    return SecretReference(
        raw.get("name") or "", raw.get("namespace") or "", tuple(map(_secret_patch, raw.get("patches") or ()))
    )


def _secret_patch(raw: Raw) -> SecretPatch:
    """Return the patch that *raw* spells, which nobody has checked; only two types are known."""
    kind = raw.get("type") or DEFAULT_TYPE
    if kind == "CombineFromComposite":
        return SecretPatch(_secret_combine(raw), forgives=False)
    if kind == DEFAULT_TYPE:
        patch = patch_reading.read({"fromFieldPath": "", **raw, "policy": _required(raw)}, _FUNCTION)
        return SecretPatch(patch, forgives=_is_optional(raw))
    return SecretPatch(BrokenPatch(kind, Direction.FROM_COMPOSITE, ""), forgives=False, is_known=False)


def _secret_combine(raw: Raw) -> Patch:
    if raw.get("combine") is None:  # upstream crashes
        return BrokenPatch("CombineFromComposite", Direction.FROM_COMPOSITE, "no combine is given")
    return patch_reading.read({"fromFieldPath": "", **raw, "policy": _required(raw)}, _FUNCTION)


def _required(raw: Raw) -> Raw:
    """Return the policy of *raw* with a required source: whoever applies the patch decides what an error means."""
    return {**(raw.get("policy") or {}), "fromFieldPath": "Required"}
