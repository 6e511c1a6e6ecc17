"""The composed resources of a composite: found, referred to, applied. Called by the steps of `composites`."""

import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from crosshead.base import applying, conditions, names, naming, objects
from crosshead.base.errors import AbsentError, ForbiddenError, InvalidObjectError, StalledError
from crosshead.base.objects import Kind, Ref
from crosshead.base.values import Draft, Object, SecretValue
from crosshead.compose import rendering
from crosshead.compose.connection import SecretKeyDetail
from crosshead.definitions import reading
from crosshead.definitions.placing import Machinery
from crosshead.reconcilers import connections
from crosshead.reconcilers.ports import World
from crosshead.reconcilers.undeclared import Undeclared, leaving_out


def references(composite: Object, machinery: Machinery) -> Sequence[Mapping[str, Any]]:
    """Return the references of *composite* to the resources it is composed of."""
    return machinery.of(composite).get("resourceRefs") or ()


def observe(composite: Object, machinery: Machinery, world: World) -> dict[str, Object]:
    """
    Return the composed resources that exist, by the name of their template.

    Those without a name, gone, or controlled by somebody else are left out, as Crossplane does. The cache answers; only
    where it cannot know yet (a kind we have not watched before) the API server is asked.
    """
    found: dict[str, Object] = {}
    for index, reference in enumerate(references(composite, machinery)):
        obj = _look_up(reference, composite, world) if reference.get("name") else None
        if obj is None or objects.controller_uid(obj) not in {"", objects.uid(composite)}:
            continue
        # Templates without names are told apart by their order, so their resources carry no annotation.
        found[objects.annotations(obj).get(names.COMPOSITION_RESOURCE_NAME) or str(index)] = obj
    return found


def _look_up(reference: Mapping[str, Any], composite: Object, world: World) -> Object | None:
    kind = Kind(reference["apiVersion"], reference["kind"])
    ref = Ref(kind, reference["name"], _place(reference, composite))
    world.watches.start(kind)
    # A composition may give a namespace to what cannot have one: the API server drops it.
    found = world.cache.get(ref) or world.cache.get(Ref(kind, reference["name"]))
    if found is not None or world.cache.is_synced(kind):
        return found
    return world.api.fetch(ref)


def _place(reference: Mapping[str, Any], composite: Object) -> str:
    noted = json.loads(objects.annotations(composite).get(names.RESOURCE_NAMESPACES) or "{}")
    return str(reference.get("namespace") or noted.get(_spelled(reference)) or objects.namespace(composite))


def _spelled(reference: Mapping[str, Any]) -> str:
    return f"{reference['kind']}.{reference['apiVersion']}/{reference['name']}"


def _notes(composite: Object, references: Sequence[Mapping[str, Any]]) -> Draft:
    """
    Return the change to the annotation that notes the namespaces of composed resources; empty when it says it all.

    Composites of before Crossplane 2.0 have no field for them in their references: the API server drops it.
    """
    places = {_spelled(r): r["namespace"] for r in references if r.get("namespace")}
    elsewhere = {k: v for k, v in sorted(places.items()) if v != objects.namespace(composite)}
    wanted = json.dumps(elsewhere) if elsewhere else None
    if wanted == objects.annotations(composite).get(names.RESOURCE_NAMESPACES):
        return {}
    return {names.RESOURCE_NAMESPACES: wanted}


def _are_same(old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]) -> bool:
    """Whether *old* are the references *new*, but for namespaces that the API server may have dropped."""
    nowhere = [[{k: v for k, v in one.items() if k != "namespace"} for one in some] for some in (old, new)]
    return list(old) == list(new) or (nowhere[0] == nowhere[1] and list(old) == nowhere[0])


def configured(composite: Object, machinery: Machinery, revision: Object) -> Object:
    """Return *composite* as it will be once `recording` was written: with its prefix label and Secret reference."""
    changes = configuration(composite, machinery, revision)
    if not changes:
        return composite
    labels = {**objects.labels(composite), **((changes.get("metadata") or {}).get("labels") or {})}
    spec = {**objects.spec(composite), **(changes.get("spec") or {})}
    return {**composite, "metadata": {**objects.metadata(composite), "labels": labels}, "spec": spec}


def configuration(composite: Object, machinery: Machinery, revision: Object) -> Draft:
    """Return what *composite* lacks before anything can be composed: the prefix of names, and where its Secret goes."""
    changes: Draft = {}
    if not objects.labels(composite).get(names.COMPOSITE_LABEL):
        changes["metadata"] = {"labels": {names.COMPOSITE_LABEL: objects.name(composite)}}
    namespace = objects.spec(revision).get("writeConnectionSecretsToNamespace")
    # Only composites of before Crossplane 2.0 have connection Secrets of their own.
    if machinery.is_legacy and namespace and not objects.spec(composite).get("writeConnectionSecretToRef"):
        secret = {"name": objects.uid(composite), "namespace": namespace}
        changes["spec"] = {"writeConnectionSecretToRef": secret}
    return changes


def recording(
    composite: Object,
    machinery: Machinery,
    choice: tuple[str, str],
    references: Sequence[Mapping[str, Any]],
    configuration: Object,
) -> Draft:
    """
    Return the changes to write on *composite* before anything is created; empty when it says all of it.

    *choice* names the composition and its revision; *configuration* is what `configuration` returned.
    """
    metadata: Draft = dict(configuration.get("metadata") or {})
    held = objects.finalizers(composite)
    if names.COMPOSITE_FINALIZER not in held:
        metadata["finalizers"] = [*held, names.COMPOSITE_FINALIZER]
    if notes := _notes(composite, references):
        metadata["annotations"] = notes
    spec = {**(configuration.get("spec") or {}), **_machinery_changes(machinery.of(composite), choice, references)}
    if not metadata and not spec:
        return {}
    # Lists are written whole: only on top of what we have seen.
    metadata["resourceVersion"] = objects.resource_version(composite)
    return {"metadata": metadata, **(machinery.patch(spec) if spec else {})}


def _machinery_changes(
    known: Mapping[str, Any], choice: tuple[str, str], references: Sequence[Mapping[str, Any]]
) -> Draft:
    composition, revision = choice
    wanted = {"compositionRef": {"name": composition}, "compositionRevisionRef": {"name": revision}}
    changes: Draft = {key: value for key, value in wanted.items() if known.get(key) != value}
    if not _are_same(known.get("resourceRefs") or (), references):
        changes["resourceRefs"] = list(references)
    return changes


def desired_references(
    bases: Sequence[Object] | None, rendered: rendering.Rendered, observed: Mapping[str, Object]
) -> Sequence[Mapping[str, Any]]:
    """
    Return a reference to everything that should exist: in the order of the composition's *bases*, or sorted without.

    What cannot be rendered keeps the reference it has: without it the resource would be orphaned.
    """
    if bases is None:
        found = [one.object or observed.get(one.name) for one in rendered.resources]
        return sorted((_reference(obj) for obj in found if obj is not None), key=_in_order)
    return [
        _reference(one.object or observed.get(one.name) or _nameless(base))
        for base, one in zip(bases, rendered.resources, strict=True)
    ]


def _in_order(reference: Mapping[str, Any]) -> str:
    # One string of all, as upstream: the order shows to everybody who compares.
    return "".join(str(reference.get(key) or "") for key in ("apiVersion", "kind", "name", "namespace"))


def _nameless(base: Object) -> Object:
    # A template that has never rendered holds its place: those without names are told apart by their order.
    return {"apiVersion": base.get("apiVersion"), "kind": base.get("kind")}


def _reference(obj: Object) -> Draft:
    place = {"name": objects.name(obj), "namespace": objects.namespace(obj)}
    reference = {"apiVersion": obj["apiVersion"], "kind": obj["kind"]}
    return reference | {key: value for key, value in place.items() if value}


def apply(
    composite: Object,
    rendered: rendering.Rendered,
    observed: Mapping[str, Object],
    undeclared: Undeclared | None,
    world: World,
) -> tuple[dict[str, Object], dict[str, str]]:
    """
    Apply every rendered resource that is not as desired yet.

    Returns the composed resources as they are now by template name, and of those that the API server refused as
    invalid what it said. Anything else ends the pass, as Crossplane does. With *undeclared*, fields that a kind does
    not have are left out instead.
    """
    now: dict[str, Object] = {}
    unsynced: dict[str, str] = {}
    owner = naming.composed_owner(composite)
    for one in rendered.resources:
        if one.object is None:
            unsynced[one.name] = ""
            now.update({one.name: observed[one.name]} if one.name in observed else {})
            continue
        attempt = partial(_apply, observed=observed.get(one.name), owner=owner, world=world)
        try:
            now[one.name], lost = _apply_declared(one.object, attempt, undeclared, world)
        except InvalidObjectError as error:
            unsynced[one.name] = error.message
            text = f"cannot apply composed resource {one.name!r}: {error.message}"
            world.events.warning(composite, "ComposeResources", text)
            now.update({one.name: observed[one.name]} if one.name in observed else {})
            continue
        if lost:
            text = f"composed resource {one.name!r} is applied without {', '.join(lost)}: its kind has no such field"
            world.events.warning(composite, "ComposeResources", text)
    return now, unsynced


def _apply_declared(
    desired: Object, attempt: Callable[[Object], Object], undeclared: Undeclared | None, world: World
) -> tuple[Object, tuple[str, ...]]:
    if undeclared is None:
        return attempt(desired), ()
    return leaving_out(desired, attempt, undeclared, world.cache)


def _apply(desired: Object, observed: Object | None, owner: str, world: World) -> Object:
    world.watches.start(objects.kind_of(desired))
    if observed is None:
        _refuse_foreign(desired, world)
        return _written(desired, owner, world)
    if objects.is_deleting(observed) or applying.is_applied(desired, observed, owner):
        return observed
    # Under the UID an apply can only update what we have seen, never bring back what is gone.
    metadata = {**objects.metadata(desired), "uid": objects.uid(observed)}
    return _written({**desired, "metadata": metadata}, owner, world)


def _refuse_foreign(desired: Object, world: World) -> None:
    """A forced apply would take over an object of the same name: never what somebody else controls."""
    existing = world.cache.get(objects.ref_of(desired))
    if existing is None:
        return
    controller = objects.controller(existing)
    ours = objects.controller_uid(desired)
    if controller is not None and controller.get("uid") != ours:
        raise StalledError(
            "ComposeResources",
            f"cannot compose resources: {objects.ref_of(desired)} is controlled by "
            f"{controller.get('kind')} {controller.get('name')!r}",
        )


def _written(desired: Object, owner: str, world: World) -> Object:
    try:
        return world.api.apply(desired, owner)
    except AbsentError as error:
        kind = objects.kind_of(desired)
        raise StalledError(
            "ComposeResources",
            f"cannot compose resources: the API server knows no kind {kind.kind} in {kind.api_version}",
        ) from error
    except ForbiddenError as error:
        raise ForbiddenError(
            "RoleBasedAccessControl", f"cannot compose resources: {objects.ref_of(desired)}: {error.message}"
        ) from error


def read_secrets(plan: rendering.Plan, observed: Mapping[str, Object], world: World) -> dict[str, Mapping[str, bytes]]:
    """Return the connection details of those composed resources that are ready, where the composition reads them."""
    wanted = {t.name for t in plan.templates if any(isinstance(detail, SecretKeyDetail) for detail in t.details)}
    return {
        name: {key: value.reveal() for key, value in _secret_of(obj, world).items()}
        for name, obj in observed.items()
        if name in wanted and conditions.is_true(obj, names.READY)
    }


def _secret_of(obj: Object, world: World) -> Mapping[str, SecretValue]:
    wanted = objects.spec(obj).get("writeConnectionSecretToRef")
    if not wanted:
        return {}
    namespace = wanted.get("namespace") or objects.namespace(obj)
    return connections.read(Ref(connections.SECRET, wanted["name"], namespace), world)


def publish(composite: Object, xrd: Object, details: Mapping[str, SecretValue], world: World) -> bool:
    """Write *details* to the composite's connection Secret; only the keys that the XRD lists, when it lists any."""
    # Composites of the second generation have none; a field of that name is their author's own.
    legacy = reading.machinery(xrd).is_legacy
    target = objects.spec(composite).get("writeConnectionSecretToRef") if legacy else None
    allowed = reading.connection_secret_keys(xrd)
    kept = {k: v for k, v in details.items() if not allowed or k in allowed}
    if not target or not kept:
        return False
    return connections.publish(composite, Ref(connections.SECRET, target["name"], target["namespace"]), kept, world)
