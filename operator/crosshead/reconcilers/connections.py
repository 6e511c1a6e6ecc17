"""
Connection Secrets: published by a composite or a managed resource, propagated to a claim.

As Crossplane does: of type `connection.crossplane.io/v1alpha1`, controlled by the publisher, adopted only when nobody
controls it and it has that type; keys are merged, and nothing is written when nothing has changed.
"""

import base64
from collections.abc import Mapping

from crosshead.base import names, objects
from crosshead.base.errors import AlreadyExistsError, ConflictError, StalledError
from crosshead.base.objects import Kind, Ref
from crosshead.base.values import Object, SecretValue
from crosshead.reconcilers import summaries
from crosshead.reconcilers.ports import World

SECRET = Kind("v1", "Secret")


def read(ref: Ref, world: World) -> dict[str, SecretValue]:
    """Return the data of the Secret at *ref*, empty when there is none. One API request."""
    secret = world.api.fetch(ref)
    return decoded(secret) if secret is not None else {}


def decoded(secret: Object) -> dict[str, SecretValue]:
    """Return the data of *secret*."""
    return {k: SecretValue(base64.b64decode(v or "")) for k, v in (secret.get("data") or {}).items()}


def publish(owner: Object, target: Ref, data: Mapping[str, SecretValue], world: World) -> bool:
    """
    Put *data* into the Secret at *target*, controlled by *owner*; return whether anything was written.

    Raises `StalledError` when a Secret of that name exists and is not ours to write.
    """
    existing = world.api.fetch(target)
    encoded = {k: base64.b64encode(v.reveal()).decode() for k, v in data.items()}
    if existing is None:
        return _create(owner, target, encoded, world)
    _refuse_foreign(owner, existing, target)
    held = existing.get("data") or {}
    missing = {k: v for k, v in encoded.items() if held.get(k) != v}
    if not missing and objects.controller_uid(existing) == objects.uid(owner):
        return False
    metadata = {
        "ownerReferences": [objects.controller_reference(owner)],
        "resourceVersion": objects.resource_version(existing),
    }
    world.api.patch(target, {"metadata": metadata, "data": missing})
    return True


def _create(owner: Object, target: Ref, encoded: Mapping[str, str], world: World) -> bool:
    secret = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {
            "name": target.name,
            "namespace": target.namespace,
            "ownerReferences": [objects.controller_reference(owner)],
        },
        "type": names.CONNECTION_SECRET_TYPE,
        "data": dict(encoded),
    }
    try:
        world.api.create(secret)
    except AlreadyExistsError as error:
        raise ConflictError("PublishConnectionSecret", f"{target} was created by somebody else meanwhile") from error
    return True


def _refuse_foreign(owner: Object, existing: Object, target: Ref) -> None:
    controller = objects.controller_uid(existing)
    if controller == objects.uid(owner):
        return
    if controller or existing.get("type") != names.CONNECTION_SECRET_TYPE:
        whose = "controlled by another object" if controller else f"of type {existing.get('type')!r}"
        raise StalledError(
            "PublishConnectionSecret",
            f"cannot publish connection details: {target} exists and is {whose}; name another Secret in "
            "spec.writeConnectionSecretToRef",
        )


def propagate(composite: Object, claim: Object, world: World) -> str:
    """
    Copy the connection Secret of *composite* to where *claim* wants it; return the time of the write, "" without one.

    Nothing happens unless both name a Secret. The source must be controlled by the composite: a claim must not be able
    to read a Secret that is not its own.
    """
    source, target = _target(composite), objects.spec(claim).get("writeConnectionSecretToRef")
    if source is None or not target:
        return ""
    secret = world.api.fetch(source)
    if secret is None:
        return ""
    if objects.controller_uid(secret) != objects.uid(composite):
        raise StalledError(
            "PropagateConnectionSecret",
            f"cannot propagate connection details: {source} is not controlled by the composite resource",
        )
    wanted = Ref(SECRET, target["name"], objects.namespace(claim))
    written = publish(claim, wanted, decoded(secret), world)
    return summaries.timestamp(world) if written else ""


def _target(obj: Object) -> Ref | None:
    wanted = objects.spec(obj).get("writeConnectionSecretToRef")
    return Ref(SECRET, wanted["name"], wanted["namespace"]) if wanted and wanted.get("namespace") else None
