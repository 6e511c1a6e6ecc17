"""
Compose: from a composition's spec and a composite to the resources that should exist, and back.

`plan` reads a spec once (keep the plan as long as the revision lives), `render` says what to apply, and after that has
been applied `conclude` says what it means for the composite. Everything is a function of its arguments; what goes in is
never changed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, TypeAlias

from crosshead.base import drafts, fieldpaths, naming, objects
from crosshead.base.encoding import normalized
from crosshead.base.errors import StalledError
from crosshead.base.fieldpaths import FieldPath
from crosshead.base.objects import Kind
from crosshead.base.values import Draft, Object, SecretValue
from crosshead.compose import (
    connection,
    defaulting,
    faults,
    metadata,
    patch_reading,
    patches,
    readiness,
    validation,
)
from crosshead.compose.connection import Detail
from crosshead.compose.metadata import MetadataError
from crosshead.compose.patches import Direction, Patch, PatchError
from crosshead.compose.readiness import Check, ReadinessError

Raw: TypeAlias = Mapping[str, Any]

REASON: Final = "ComposeResources"

_TOO_DEEP: Final = "nested too deeply"


@dataclass(frozen=True, slots=True)
class Template:
    """One resource of a composition. *name* is its place ("0", "1", …) when it *is_anonymous*."""

    name: str
    is_anonymous: bool
    base: Object
    patches: tuple[Patch, ...]
    checks: tuple[Check, ...]
    details: tuple[Detail, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """A composition's spec, read."""

    templates: tuple[Template, ...]


@dataclass(frozen=True, slots=True)
class Desired:
    """One resource that should exist; without *object* when it could not be rendered, and *error* says why."""

    name: str
    object: Object | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Rendered:
    """All that should exist, in the order of the composition."""

    resources: tuple[Desired, ...]

    def get(self, name: str) -> Desired | None:
        """Return the resource called *name* in the composition."""
        return next((resource for resource in self.resources if resource.name == name), None)


@dataclass(frozen=True, slots=True)
class Conclusion:
    """
    What the composed resources mean for their composite.

    *composite* is the composite with what patches wrote to it; *written* holds that and nothing else, arrays whole:
    fit for a merge patch or an apply. *connection* are the details to publish, *ready* tells of every resource.
    """

    composite: Object
    written: Object = field(default_factory=dict)
    ready: Mapping[str, bool] = field(default_factory=dict)
    connection: Mapping[str, SecretValue] = field(default_factory=dict)


def plan(spec: Object) -> Plan:
    """Read the spec of a composition in Resources mode; `StalledError` tells what is wrong with it."""
    found = validation.shape_faults(spec)
    if not found:
        spec = defaulting.with_defaults(spec)
        found = validation.logical_faults(spec)
    if found:
        raise StalledError(REASON, f"invalid composition: {faults.summary(found)}")
    sets = {each.get("name") or "": each.get("patches") or () for each in spec.get("patchSets") or ()}
    try:
        return Plan(tuple(_template(raw, index, sets) for index, raw in enumerate(spec["resources"])))
    except RecursionError as error:
        raise StalledError(REASON, f"invalid composition: spec.resources: {_TOO_DEEP}") from error


def _template(raw: Raw, index: int, patch_sets: Mapping[str, Sequence[Raw]]) -> Template:
    inlined = patch_reading.inlined(raw.get("patches") or (), patch_sets)
    return Template(
        name=raw.get("name") or str(index),
        is_anonymous=not raw.get("name"),
        base=_base(raw["base"]),
        patches=tuple(patch_reading.read(patch) for patch in inlined),
        checks=tuple(readiness.read(check) for check in raw.get("readinessChecks") or ()),
        details=tuple(connection.read(detail) for detail in raw.get("connectionDetails") or ()),
    )


def _base(raw: Raw) -> Draft:
    """Return the base without a name: a template that many composites share cannot name their resources."""
    base: Draft = normalized(raw)
    base["metadata"] = {key: value for key, value in (base.get("metadata") or {}).items() if key != "name"}
    return base


def render(plan: Plan, composite: Object, observed: Mapping[str, Object]) -> Rendered:
    """
    Return what should exist for *composite*.

    *observed* are the composed resources that exist, by their names in the composition: they keep their names. One
    that cannot be rendered is told with its error and keeps the others from nothing; refer to it all the same, or it
    would be deleted.
    """
    return Rendered(tuple(_desired(template, composite, observed.get(template.name)) for template in plan.templates))


def _desired(template: Template, composite: Object, observed: Object | None) -> Desired:
    try:
        return Desired(template.name, _render(template, composite, observed))
    except (PatchError, MetadataError, _UnfitError) as error:
        return Desired(template.name, error=str(error))
    except RecursionError:
        return Desired(template.name, error=_TOO_DEEP)


class _UnfitError(ValueError):
    """A template that does not suit what exists, or makes what cannot exist."""


def _render(template: Template, composite: Object, observed: Object | None) -> Draft:
    draft: Draft = normalized(template.base)
    if observed is not None:
        _keep_identity(draft, observed)
    patches.apply_all(template.patches, Direction.FROM_COMPOSITE, composite, draft)
    _check_type(draft)
    metadata.complete(draft, composite, "" if template.is_anonymous else template.name)
    metadata.give_name(draft, composite, template.name)
    _check_name(draft)
    return draft


def _check_type(draft: Draft) -> None:
    """A patch may have written anything anywhere."""
    if not isinstance(draft.get("metadata"), dict):
        raise _UnfitError("metadata: not an object")
    wrong = next((name for name in ("apiVersion", "kind") if not isinstance(draft.get(name), str)), None)
    if wrong:
        raise _UnfitError(f"{wrong}: not a string")


def _keep_identity(draft: Draft, observed: Object) -> None:
    old, new = objects.kind_of(observed), objects.kind_of(draft)
    if old.group_kind != new.group_kind:
        raise _UnfitError(
            "cannot change the kind or group of a composed resource"
            f" from {_spelled(old)} to {_spelled(new)} (possible composed resource template mismatch)"
        )
    for key in ("name", "namespace", "generateName"):
        draft["metadata"].pop(key, None)
        if objects.metadata(observed).get(key):
            draft["metadata"][key] = objects.metadata(observed)[key]


def _spelled(kind: Kind) -> str:
    """Return *kind* as Go's GroupVersionKind prints it."""
    return f"{kind.api_version}, Kind={kind.kind}"


def _check_name(draft: Draft) -> None:
    fault = naming.name_fault(objects.name(draft), objects.kind_of(draft))
    if fault:
        raise _UnfitError(f"invalid name {objects.name(draft)!r}: {fault}")


def conclude(
    plan: Plan,
    composite: Object,
    rendered: Rendered,
    observed: Mapping[str, Object],
    secrets: Mapping[str, Mapping[str, bytes]],
) -> Conclusion:
    """
    Return what the composed resources mean for *composite*.

    *observed* are the resources as they are after having been applied, *secrets* the data of their own connection
    secrets, both by their names in the composition. What was not rendered, or does not exist, is not ready and says
    nothing. `StalledError` when a patch to the composite or a readiness check fails: that ends it, as upstream.
    """
    wanted = {resource.name for resource in rendered.resources if resource.object is not None}
    draft = _draft(composite)
    written: list[FieldPath] = []
    ready: dict[str, bool] = {}
    details: dict[str, SecretValue] = {}
    for template in plan.templates:
        obj = observed.get(template.name) if template.name in wanted else None
        ready[template.name] = False
        if obj is not None:
            written += _write_back(template, obj, draft)
            details |= connection.extract(
                template.details, partial(fieldpaths.get, obj), secrets.get(template.name) or {}
            )
            ready[template.name] = _is_ready(template, obj)
    return Conclusion(draft, _excerpt(draft, written), ready, details)


def _draft(composite: Object) -> Draft:
    try:
        draft: Draft = normalized(composite)
    except RecursionError as error:
        raise StalledError(REASON, f"the composite resource is {_TOO_DEEP}") from error
    return draft


def _write_back(template: Template, obj: Object, draft: Draft) -> Sequence[FieldPath]:
    try:
        return patches.apply_all(template.patches, Direction.TO_COMPOSITE, obj, draft)
    except PatchError as error:
        raise StalledError(REASON, f'composed resource "{template.name}": {error}') from error


def _is_ready(template: Template, obj: Object) -> bool:
    try:
        return readiness.is_ready(obj, template.checks)
    except ReadinessError as error:
        message = f'cannot check readiness of composed resource "{template.name}": {error}'
        raise StalledError(REASON, message) from error


def _excerpt(obj: Object, paths: Sequence[FieldPath]) -> Draft:
    """Return what is at *paths* in *obj* and nothing else; an array is whole or not there."""
    excerpt: Draft = {}
    taken: set[tuple[str, ...]] = set()
    for path in sorted(filter(None, map(_fields_of, paths)), key=len):
        # A part of what is there whole already, or was: a later patch may have put something else in its place.
        if taken.isdisjoint(path[:length] for length in range(1, len(path) + 1)):
            drafts.assign(excerpt, FieldPath(path), fieldpaths.get(obj, FieldPath(path)))
            taken.add(path)
    return excerpt


def _fields_of(path: FieldPath) -> tuple[str, ...]:
    """Return the names on *path* up to the first index."""
    first_index = next((at for at, segment in enumerate(path.segments) if isinstance(segment, int)), None)
    return tuple(map(str, path.segments[:first_index]))
