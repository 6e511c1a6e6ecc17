"""The Secrets of a managed resource: those it reads, the passwords we make up for it, and the one it publishes."""

import base64
import copy
from dataclasses import replace
from itertools import count, takewhile

from crosshead.base import conditions, drafts, fieldpaths, names, objects
from crosshead.base.errors import AlreadyExistsError, ConflictError, NotReadyError
from crosshead.base.fieldpaths import FieldPathError
from crosshead.base.objects import Kind, Ref
from crosshead.base.values import Draft, Json, Object, SecretValue
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
    inputs = (one for one in known.facts.secret_inputs if one.argument in secrets)
    kept = {one.argument: _noted(one, published) for one in inputs}
    return {argument: value for argument, value in kept.items() if value is not None}


def _noted(wanted: SecretInput, published: Data) -> SecretValue | None:
    key = f"attribute.{wanted.argument}"
    if not wanted.many:
        return published.get(key)
    numbered = (published.get(f"{key}.{number}") for number in count())
    parts = list(takewhile(lambda part: part is not None, numbered))
    return SecretValue.joined(part for part in parts if part is not None) if parts else None


def _read(wanted: SecretInput, known: Known, world: World) -> SecretValue | None:
    parameters = declared_initially(known)
    given = _at(parameters, wanted.field)
    if not given:
        return None
    if not wanted.many:
        return _value(wanted, given, known, world)
    values = [_value(wanted, one, known, world) for one in given]
    found = [value for value in values if value is not None]
    return SecretValue.joined(found) if len(found) == len(values) else None


def _value(wanted: SecretInput, given: Object, known: Known, world: World) -> SecretValue | None:
    parameters = declared_initially(known)
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


def declared(known: Known, part: str = "forProvider") -> Draft:
    """Return the parameters of a *part* of the spec, with the values of references inside its lists."""
    values = known.unwritten.get(part, ())
    parameters = objects.spec(known.managed).get(part) or {}
    if not values:
        return dict(parameters)
    filled = copy.deepcopy(dict(parameters))
    for path, value in values:
        drafts.assign(filled, path, value)
    return filled


def declared_initially(known: Known) -> Draft:
    """Return `forProvider` over `initProvider`."""
    return initial.over(declared(known), declared(known, "initProvider"))


def _at(parameters: Object, path: str) -> Json:
    try:
        return fieldpaths.get(parameters, path)
    except FieldPathError:
        return None
