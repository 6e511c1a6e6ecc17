"""
Find everything that is wrong with a composition in Resources mode, before it composes anything.

What Crossplane's own validation finds is told in its words. Paths are whole, from `spec` on.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

from crosshead.compose import connection, readiness, shapes, transform_faults
from crosshead.compose.faults import Fault, duplicate, invalid, required
from crosshead.compose.patch_reading import COMBINE_PATCHES, FIELD_PATCHES

Raw: TypeAlias = Mapping[str, Any]

_MIXED: Final = "cannot mix named and anonymous resources, all resources must have a name or none must have a name"


def faults(spec: Raw) -> tuple[Fault, ...]:
    """Return what is wrong with *spec*: first its shape, and when there is nothing, what it says."""
    return shape_faults(spec) or logical_faults(spec)


def shape_faults(spec: Raw) -> tuple[Fault, ...]:
    """Return what in *spec* is not of the type that it has to be."""
    return tuple(shapes.COMPOSITION_SPEC(spec, "spec"))


def logical_faults(spec: Raw) -> tuple[Fault, ...]:
    """Return what makes no sense in *spec*, which is of the right shape."""
    return tuple(_logical(spec))


def _logical(spec: Raw) -> Iterator[Fault]:
    mode = spec.get("mode") or "Resources"
    if mode != "Resources":
        yield invalid("spec.mode", mode, "only compositions in Resources mode are supported")
        return
    resources = spec.get("resources") or ()
    if not resources:
        detail = "an array of resources is required in Resources mode (the default if no mode is specified)"
        yield required("spec.resources", detail)
    yield from _in_names([resource.get("name") or "" for resource in resources])
    patch_sets = spec.get("patchSets") or ()
    for index, patch_set in enumerate(patch_sets):
        yield from _in_patch_set(patch_set, f"spec.patchSets[{index}]")
    declared = frozenset(patch_set.get("name") or "" for patch_set in patch_sets)
    for index, resource in enumerate(resources):
        yield from _in_resource(resource, f"spec.resources[{index}]", declared)


def _in_names(names: Sequence[str]) -> Iterator[Fault]:
    seen: set[str] = set()
    for index, name in enumerate(names):
        path = f"spec.resources[{index}].name"
        if bool(name) != bool(names[0]):
            yield invalid(path, name, _MIXED) if name else required(path, _MIXED)
        elif name in seen:
            yield duplicate(path, name)
        if name:
            seen.add(name)


def _in_patch_set(patch_set: Raw, path: str) -> Iterator[Fault]:
    for index, patch in enumerate(patch_set.get("patches") or ()):
        here = f"{path}.patches[{index}]"
        if patch.get("type") == "PatchSet":
            yield invalid(f"{here}.type", "PatchSet", "cannot use patches within patches")
        else:
            yield from _in_patch(patch, here)


def _in_resource(resource: Raw, path: str, patch_sets: frozenset[str]) -> Iterator[Fault]:
    yield from _in_base(resource.get("base"), f"{path}.base")
    for index, patch in enumerate(resource.get("patches") or ()):
        here = f"{path}.patches[{index}]"
        found = _in_reference(patch, here, patch_sets) if patch.get("type") == "PatchSet" else _in_patch(patch, here)
        yield from found
    for index, check in enumerate(resource.get("readinessChecks") or ()):
        yield from _told(readiness.fault(check), f"{path}.readinessChecks[{index}]")
    for index, detail in enumerate(resource.get("connectionDetails") or ()):
        yield from _told(connection.fault(detail), f"{path}.connectionDetails[{index}]")


def _told(fault: Fault | None, path: str) -> Iterator[Fault]:
    if fault is not None:
        yield fault.under(path)


def _in_base(base: Raw | None, path: str) -> Iterator[Fault]:
    if base is None:
        yield required(path, "a resource needs a base template")
        return
    for field in ("apiVersion", "kind"):
        if not isinstance(base.get(field), str) or not base[field]:
            yield required(f"{path}.{field}", "must not be empty")
    if not isinstance(base.get("metadata") or {}, dict):
        yield required(f"{path}.metadata", "must be an object")


def _in_reference(patch: Raw, path: str, patch_sets: frozenset[str]) -> Iterator[Fault]:
    name = patch.get("patchSetName")
    path = f"{path}.patchSetName"
    if name is None:
        yield required(path, "must be specified when type is patchSet")
        yield required(path, "patchSetName must be set for patch type PatchSet")
    elif name not in patch_sets:
        yield invalid(path, name, "patchSetName must be the name of a declared patchSet")


def _in_patch(patch: Raw, path: str) -> Iterator[Fault]:
    """Yield the first fault of the fields of *patch*, or else that of its transforms."""
    fault = _in_fields(patch)
    if fault is not None:
        yield fault.under(path)
        return
    for index, transform in enumerate(patch.get("transforms") or ()):
        fault = transform_faults.find(transform)
        if fault is not None:
            yield fault.under(f"{path}.transforms[{index}]")
            return


def _in_fields(patch: Raw) -> Fault | None:
    kind = patch.get("type") or "FromCompositeFieldPath"
    if kind not in {*FIELD_PATCHES, *COMBINE_PATCHES}:
        return invalid("type", kind, "unknown patch type")
    needed = ("fromFieldPath",) if kind in FIELD_PATCHES else ("combine", "toFieldPath")
    missing = next((field for field in needed if patch.get(field) is None), None)
    if missing is None:
        return None
    return required(missing, f"{missing} must be set for patch type {patch.get('type') or ''}")
