"""The Secrets of a managed resource: those it reads, the passwords we make up for it, and the one it publishes."""

import base64
from dataclasses import replace
from typing import Any

from crosshead.base import conditions, fieldpaths, names, objects
from crosshead.base.errors import AlreadyExistsError, ConflictError, NotReadyError
from crosshead.base.fieldpaths import FieldPathError
from crosshead.base.objects import Kind, Ref
from crosshead.base.values import Json, Object, SecretValue
from crosshead.managed import initial
from crosshead.managed.facts import SecretInput
from crosshead.managed.policies import Verb
from crosshead.reconcilers import connections
from crosshead.reconcilers.connections import SECRET
from crosshead.reconcilers.managed_knowledge import CONNECT, PUBLISH, Known, worded
from crosshead.reconcilers.managed_memory import Data
from crosshead.reconcilers.ports import World

# As many characters as Crossplane's generator makes.
_PASSWORD_LENGTH = 27


def read_secrets(known: Known, world: World) -> Known:
    """Read the secret inputs, and make up those that we are asked to make up."""
    found = {one.argument: _read(one, known, world) for one in known.facts.secret_inputs}
    secrets = {argument: value for argument, value in found.items() if value is not None}
    return replace(known, secrets=secrets, told=_told(known.managed, secrets, known, world))


def _told(managed: Object, secrets: Data, known: Known, world: World) -> Data:
    """
    Return what the connection Secret says of *secrets*: an input may have changed while we were not there to see it.

    Read once per start: from then on we know ourselves what was told. Nothing was told to what has never been synced.
    """
    target = _target(managed)
    news = not known.memory.has_published(objects.ref_of(managed))
    if not (secrets and target and news and conditions.find(managed, names.SYNCED)):
        return {}
    published = known.memory.read_secret(target, world) or {}
    kept = {argument: published.get(f"attribute.{argument}") for argument in secrets}
    return {argument: value for argument, value in kept.items() if value is not None}


def _read(wanted: SecretInput, known: Known, world: World) -> SecretValue | None:
    parameters = declared_initially(known.managed)
    given = _at(parameters, wanted.field)
    if not given:
        return None
    source = Ref(SECRET, given["name"], given.get("namespace") or objects.namespace(known.managed))
    data = known.memory.read_secret(source, world)
    value = (data or {}).get(given["key"])
    if value is not None and value.reveal():
        return value
    # Nothing will be sent: nothing is needed.
    if objects.is_deleting(known.managed) or not known.allowed & {Verb.CREATE, Verb.UPDATE}:
        return None
    if wanted.generate and _at(parameters, wanted.generate) is True:
        return _generate(known, source, given["key"], data, world)
    lacks = f"{source} does not exist" if data is None else f"{source} does not hold a value"
    raise NotReadyError(
        CONNECT, f"connect failed: cannot read spec.forProvider.{wanted.field}: {lacks} (wanted: key {given['key']!r})"
    )


def _generate(known: Known, target: Ref, key: str, existing: Data | None, world: World) -> SecretValue:
    value = world.dice.password(_PASSWORD_LENGTH)
    data = {key: base64.b64encode(value.reveal()).decode()}
    known.memory.forget_secret(target)
    with worded(f"connect failed: cannot write {target}", CONNECT):
        if existing is None:
            _create_secret(known.managed, target, data, world)
        else:
            world.api.patch(target, {"data": data})
    return value


def _create_secret(managed: Object, target: Ref, data: dict[str, str], world: World) -> None:
    # We own it because we made it, but do not control it: Crossplane's generator does neither more nor less.
    owner = {key: objects.controller_reference(managed)[key] for key in ("apiVersion", "kind", "name", "uid")}
    metadata = {"name": target.name, "namespace": target.namespace, "ownerReferences": [owner]}
    try:
        world.api.create({"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "data": data})
    except AlreadyExistsError as error:
        # Another pass, or a user, was faster: theirs is the password.
        raise ConflictError(CONNECT, f"{target} was created by somebody else meanwhile") from error


def publish(managed: Object, data: Data, known: Known, world: World) -> None:
    """Put *data* into the connection Secret, and have the composite look at it: Secrets are not watched."""
    target = _target(managed)
    owner, now = objects.ref_of(managed), world.clock.now()
    if target is None or not data or known.memory.is_published(owner, target, data, now):
        return
    with worded("cannot publish connection details", PUBLISH):
        written = connections.publish(managed, target, data, world)
    known.memory.note_published(owner, target, data, now)
    controller = objects.controller(managed)
    if written and controller is not None:
        kind = Kind(controller["apiVersion"], controller["kind"])
        world.requests.add(Ref(kind, controller["name"], objects.namespace(managed)))


def _target(managed: Object) -> Ref | None:
    wanted = objects.spec(managed).get("writeConnectionSecretToRef")
    if not wanted:
        return None
    return Ref(SECRET, wanted["name"], wanted.get("namespace") or objects.namespace(managed))


def declared_initially(managed: Object) -> dict[str, Any]:
    """Return `forProvider` over `initProvider`."""
    spec = objects.spec(managed)
    return initial.over(spec.get("forProvider") or {}, spec.get("initProvider") or {})


def _at(parameters: Object, path: str) -> Json:
    try:
        return fieldpaths.get(parameters, path)
    except FieldPathError:
        return None
