"""
Find everything that is wrong with a composition, before it composes anything.

What Crossplane's own validation finds is told in its words. Paths are whole, from `spec` on.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

from crosshead.compose import connection, declared_faults, readiness, shapes, step_faults, transform_faults
from crosshead.compose.dialects import Dialect
from crosshead.compose.faults import Fault, duplicate, invalid, required
from crosshead.compose.patch_reading import COMBINE_PATCHES, DEFAULT_TYPE, FIELD_PATCHES

Raw: TypeAlias = Mapping[str, Any]

_RESOURCES: Final = "Resources"
_NO_RESOURCES: Final = "an array of resources is required in Resources mode (the default if no mode is specified)"
_NO_STEPS: Final = "an array of pipeline steps is required in Pipeline mode"
_ANONYMOUS: Final = "cannot have anonymous resources when composition has functions"
_MIXED: Final = "cannot mix named and anonymous resources, all resources must have a name or none must have a name"

_PIPELINE: Final = shapes.fields(pipeline=step_faults.PIPELINE)


def faults(spec: Raw) -> tuple[Fault, ...]:
    """
    Return what is wrong with *spec*: first its shape, and when there is nothing, what it says.

    As Crossplane 1.20 does: the resources are looked at in Pipeline mode too, and the pipeline in Resources mode;
    connection details are not looked at.
    """
    return shape_faults(spec) or tuple(_logical(spec))


def shape_faults(spec: Raw) -> tuple[Fault, ...]:
    """Return what in *spec* is not of the type that it has to be."""
    return (*shapes.COMPOSITION_SPEC(spec, "spec"), *_PIPELINE(spec, "spec"))


def logical_faults(spec: Raw) -> tuple[Fault, ...]:
    """Return what makes no sense in *spec*, which is of the right shape, and keeps it from use in Resources mode."""
    if (mode := spec.get("mode") or _RESOURCES) != _RESOURCES:
        return (invalid("spec.mode", mode, "only compositions in Resources mode are supported"),)
    return (*_logical(spec), *_in_details(spec)) or tuple(declared_faults.find(spec))


def pipeline_faults(spec: Raw) -> tuple[Fault, ...]:
    """Return what keeps *spec* from use in Pipeline mode: its shape, what it says, or what its CRD would not take."""
    steps = spec.get("pipeline") or ()
    shape = tuple(_PIPELINE(spec, "spec"))
    return shape or tuple(step_faults.find(steps, "spec.pipeline")) or tuple(declared_faults.find({"pipeline": steps}))


def _logical(spec: Raw) -> Iterator[Fault]:
    resources, steps = spec.get("resources") or (), spec.get("pipeline") or ()
    yield from _in_mode(spec.get("mode") or _RESOURCES, resources, steps)
    yield from _in_names([resource.get("name") or "" for resource in resources], with_functions=bool(steps))
    patch_sets = spec.get("patchSets") or ()
    for index, patch_set in enumerate(patch_sets):
        yield from _in_patch_set(patch_set, f"spec.patchSets[{index}]")
    declared = frozenset(patch_set.get("name") or "" for patch_set in patch_sets)
    for index, resource in enumerate(resources):
        yield from _in_resource(resource, f"spec.resources[{index}]", declared)
    yield from step_faults.find(steps, "spec.pipeline")


def _in_mode(mode: str, resources: Sequence[Raw], steps: Sequence[Raw]) -> Iterator[Fault]:
    if mode == _RESOURCES and not resources:
        yield required("spec.resources", _NO_RESOURCES)
    if mode == "Pipeline" and not steps:
        yield required("spec.pipeline", _NO_STEPS)


def _in_names(names: Sequence[str], *, with_functions: bool) -> Iterator[Fault]:
    seen: set[str] = set()
    for index, name in enumerate(names):
        path = f"spec.resources[{index}].name"
        if not name and with_functions:
            yield required(path, _ANONYMOUS)
        elif name in seen:
            yield duplicate(path, name)
        elif index and bool(name) != bool(seen):
            yield invalid(path, name, _MIXED) if name else required(path, _MIXED)
        elif name:
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


def _in_details(spec: Raw) -> Iterator[Fault]:
    """Yield what Crossplane finds out about connection details only when it reads them, with every reconcile."""
    for number, resource in enumerate(spec.get("resources") or ()):
        for index, detail in enumerate(resource.get("connectionDetails") or ()):
            yield from _told(connection.fault(detail), f"spec.resources[{number}].connectionDetails[{index}]")


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
    kind = patch.get("type") or DEFAULT_TYPE
    if kind not in {*FIELD_PATCHES[Dialect.NATIVE], *COMBINE_PATCHES[Dialect.NATIVE]}:
        return invalid("type", kind, "unknown patch type")
    needed = ("fromFieldPath",) if kind in FIELD_PATCHES[Dialect.NATIVE] else ("combine", "toFieldPath")
    missing = next((field for field in needed if patch.get(field) is None), None)
    if missing is None:
        return None
    return required(missing, f"{missing} must be set for patch type {patch.get('type') or ''}")
