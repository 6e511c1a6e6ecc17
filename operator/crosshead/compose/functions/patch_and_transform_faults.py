"""
Find what is wrong with the input of function-patch-and-transform before anything runs: the first fault, in its words.

Takes an input that was decoded. What is not checked here (transforms and policies of combinations, the patches of a
connection secret's reference) fails when its turn comes, as upstream. Only the first fault is ever asked for: what
stands after a `yield` relies on there having been no fault.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeAlias

from crosshead.compose import connection, readiness, transform_faults
from crosshead.compose.dialects import Dialect
from crosshead.compose.faults import Fault, invalid, required
from crosshead.compose.patch_reading import COMBINE_PATCHES, DEFAULT_TYPE, FIELD_PATCHES, TO_FIELD_PATH_POLICIES

Raw: TypeAlias = Mapping[str, Any]

_FUNCTION: Final = Dialect.FUNCTION
# The environment is patched from and to the composite only; two names stand for what the others do.
ENVIRONMENT_PATCHES: Final = frozenset({*FIELD_PATCHES[_FUNCTION], *COMBINE_PATCHES[Dialect.NATIVE]})


def find(told: Raw) -> Fault | None:
    """Return the first fault of the input *told*, its path seen from the input; None when there is none."""
    return next(_faults(told), None)


def _faults(told: Raw) -> Iterator[Fault]:
    for patch_set in told.get("patchSets") or ():
        # The paths of these begin at the set itself, upstream, too.
        yield from _in_patch_set(patch_set)
    resources = told.get("resources") or ()
    environment = (told.get("environment") or {}).get("patches") or ()
    if not resources and not environment:
        yield required("resources", "resources or environment patches are required")
    for index, template in enumerate(resources):
        yield from _under(f"resources[{index}]", _in_template(template))
    for index, patch in enumerate(environment):
        yield from _in_environment_patch(patch, f"environment.patches[{index}]")


def _under(path: str, faults: Iterator[Fault]) -> Iterator[Fault]:
    return (fault.under(path) for fault in faults)


def _in_patch_set(patch_set: Raw) -> Iterator[Fault]:
    if not patch_set.get("name"):
        yield required("name", "name is required")
    for index, patch in enumerate(patch_set.get("patches") or ()):
        if patch.get("type") == "PatchSet":
            detail = "patch type *v1beta1.PatchSetPatch does not support patch of type PatchSet"
            yield invalid(f"patches[{index}].type", "PatchSet", detail)
        yield from _under(f"patches[{index}]", _in_patch(patch))


def _in_template(template: Raw) -> Iterator[Fault]:
    if not template.get("name"):
        yield required("name", "name is required")
    for index, patch in enumerate(template.get("patches") or ()):
        yield from _under(f"patches[{index}]", _in_patch(patch))
    for index, detail in enumerate(template.get("connectionDetails") or ()):
        yield from _told(f"connectionDetails[{index}]", connection.fault(detail, _FUNCTION))
    for index, check in enumerate(template.get("readinessChecks") or ()):
        yield from _told(f"readinessChecks[{index}]", readiness.fault(check, _FUNCTION))


def _told(path: str, fault: Fault | None) -> Iterator[Fault]:
    if fault is not None:
        yield fault.under(path)


def _in_environment_patch(patch: Raw, path: str) -> Iterator[Fault]:
    kind = patch.get("type") or DEFAULT_TYPE
    if kind not in ENVIRONMENT_PATCHES:
        yield invalid(f"{path}[type]", kind, "invalid environment patch type")
    yield from _under(path, _in_patch(patch))


def _in_patch(patch: Raw) -> Iterator[Fault]:
    kind = patch.get("type") or DEFAULT_TYPE
    if kind == "PatchSet":
        yield from _unless(patch.get("patchSetName"), "patchSetName", kind)
    elif kind in COMBINE_PATCHES[_FUNCTION]:
        yield from _unless(patch.get("combine") is not None, "combine", kind)
        yield from _unless(_target(patch), "toFieldPath", kind)
        yield from _under("combine", _in_combine(patch["combine"]))
    elif kind in FIELD_PATCHES[_FUNCTION]:
        yield from _unless(patch.get("fromFieldPath"), "fromFieldPath", kind)
        yield from _in_transforms(patch)
        yield from _in_policy(patch.get("policy") or {})
    else:
        yield invalid("type", kind, "unknown patch type")


def _target(patch: Raw) -> str:
    return str(patch.get("toFieldPath", patch.get("fromFieldPath", "")))


def _unless(present: object, field: str, kind: str) -> Iterator[Fault]:
    if not present:
        yield required(field, f"{field} must be set for patch type {kind}")


def _in_combine(combine: Raw) -> Iterator[Fault]:
    strategy = combine.get("strategy") or ""
    if not strategy:
        yield required("strategy", "a combine strategy must be provided")
    if strategy != "string":
        yield invalid("strategy", strategy, "unknown strategy type")
    if combine.get("string") is None:
        yield required("string", "string must be set for combine strategy string")
    if not combine.get("variables"):
        yield required("variables", "at least one variable must be provided")
    for index, variable in enumerate(combine["variables"]):
        if not variable.get("fromFieldPath"):
            path = f"variables[{index}].fromFieldPath"
            yield required(path, "fromFieldPath must be set for each combine variable")


def _in_transforms(patch: Raw) -> Iterator[Fault]:
    for index, transform in enumerate(patch.get("transforms") or ()):
        yield from _told(f"transforms[{index}]", transform_faults.find(transform, _FUNCTION))


def _in_policy(policy: Raw) -> Iterator[Fault]:
    target = policy.get("toFieldPath", "Replace")
    if target not in TO_FIELD_PATH_POLICIES:
        yield invalid("policy.toFieldPathPolicy", target, "unknown toFieldPathPolicy")
    source = policy.get("fromFieldPath", "Optional")
    if source not in {"Optional", "Required"}:
        yield invalid("policy.fromFieldPathPolicy", source, "unknown fromFieldPathPolicy")
