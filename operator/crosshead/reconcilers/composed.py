"""The composed resources of a composite: found, referred to, listened to. Called by the steps of `composites`."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from crosshead.base import conditions, names, objects
from crosshead.base.errors import ForbiddenError, ReconcileError
from crosshead.base.objects import Kind, Ref
from crosshead.base.values import Draft, Object, SecretValue
from crosshead.compose import rendering
from crosshead.compose.connection import SecretKeyDetail
from crosshead.definitions import reading
from crosshead.definitions.placing import Machinery
from crosshead.reconcilers import connections, permissions
from crosshead.reconcilers.ports import World


def references(composite: Object, machinery: Machinery) -> Sequence[Mapping[str, Any]]:
    """Return the references of *composite* to the resources it is composed of."""
    return machinery.of(composite).get("resourceRefs") or ()


@dataclass(frozen=True, slots=True)
class Seen:
    """
    What there is of what a composite refers to.

    *resources* are those that exist, by the name of their template. *hidden* are the references to those that we are
    not allowed to look at, and *refusal* says why: they may exist or not.
    """

    resources: dict[str, Object] = field(default_factory=dict)
    hidden: tuple[Mapping[str, Any], ...] = ()
    refusal: ForbiddenError | None = None


def observe(composite: Object, machinery: Machinery, world: World) -> Seen:
    """
    Look at the composed resources of *composite*.

    Those without a name, gone, or controlled by somebody else are left out, as Crossplane does. The cache answers; only
    where it cannot know yet (a kind we have not watched before) the API server is asked.
    """
    found: dict[str, Object] = {}
    hidden: list[Mapping[str, Any]] = []
    refusal: ForbiddenError | None = None
    for index, reference in enumerate(references(composite, machinery)):
        try:
            obj = _look_up(reference, composite, world) if reference.get("name") else None
        except ForbiddenError as error:
            hidden.append(reference)
            refusal = error
            continue
        if obj is None or objects.controller_uid(obj) not in {"", objects.uid(composite)}:
            continue
        # Templates without names are told apart by their order, so their resources carry no annotation.
        found[objects.annotations(obj).get(names.COMPOSITION_RESOURCE_NAME) or str(index)] = obj
    return Seen(found, tuple(hidden), refusal)


def unseen(hidden: Sequence[Mapping[str, Any]], refusal: ReconcileError | None) -> dict[str, str]:
    """Return what is *hidden* from us, with what would show it."""
    why = permissions.explained(refusal) if refusal is not None else ""
    return {f"{one['kind']} {one['name']}": why for one in hidden}


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
    bases: Sequence[Object] | None,
    rendered: rendering.Rendered,
    observed: Mapping[str, Object],
    hidden: Sequence[Mapping[str, Any]] = (),
) -> Sequence[Mapping[str, Any]]:
    """
    Return a reference to everything that should exist: in the order of the composition's *bases*, or sorted without.

    What cannot be rendered keeps the reference it has: without it the resource would be orphaned. So does what is
    *hidden* from us, desired or not.
    """
    if bases is None:
        found = [one.object or observed.get(one.name) for one in rendered.resources]
        wanted = [_reference(obj) for obj in found if obj is not None]
        return sorted([*wanted, *_others(hidden, wanted)], key=_in_order)
    wanted = [
        _reference(one.object or observed.get(one.name) or _nameless(base))
        for base, one in zip(bases, rendered.resources, strict=True)
    ]
    # Templates without names are told apart by their place: theirs come first.
    return [*wanted, *_others(hidden, wanted)]


def _others(hidden: Sequence[Mapping[str, Any]], wanted: Sequence[Mapping[str, Any]]) -> list[Draft]:
    known = {_spelled(one) for one in wanted if one.get("name")}
    return [dict(one) for one in hidden if _spelled(one) not in known]


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
