"""What to say to AWS: a create, an update, a delete as requests. Pure; `external.py` sends them."""

from collections.abc import Iterator, Mapping

from crosshead.aws import scenes, shapes, tagging
from crosshead.aws.descriptor import Call, Create, Descriptor, Field, Request, Secret, Update
from crosshead.base.errors import StalledError
from crosshead.base.values import Draft, Object
from crosshead.managed.external import Declared, Drift, Observation


def plain(call: Call, scene: Object) -> Request | None:
    """Return *call* as a request, None when it is not called for."""
    if call.when and not scenes.search(call.when, scene):
        return None
    return Request(call.operation, scenes.arguments(call.arguments, scene), call.codes)


def way(descriptor: Descriptor, scene: Object) -> Create:
    """Return the first way to create it that is called for: from a snapshot, as a replica, from nothing."""
    return next(c for c in descriptor.creates if not c.call.when or scenes.search(c.call.when, scene))


def creation(
    descriptor: Descriptor, declared: Declared, tags: Mapping[str, str], scene: Object, accepted: frozenset[str]
) -> Request:
    """Return the request that creates it, with the members that are *accepted* by the operation."""
    call = way(descriptor, scene).call
    target = scenes.arguments(call.arguments, scene)
    for field in descriptor.fields:
        value = scene["spec"].get(field.name, field.default or None)
        if field.create and field.create.partition(".")[0] in accepted and value is not None:
            scenes.put(target, field.create, _encoded(field, value))
    for secret in descriptor.secrets:
        if secret.input.argument in declared.secrets and secret.member in accepted:
            target[secret.member] = _text(secret, declared)
    return Request(call.operation, {**target, **_tag_arguments(descriptor, tags)}, call.codes)


def _text(secret: Secret, declared: Declared) -> str:
    try:
        return declared.secrets[secret.input.argument].reveal().decode()
    except UnicodeDecodeError:
        # `from None`: the error would carry the secret.
        field = f"spec.forProvider.{secret.input.field}"
        raise StalledError("InvalidSecret", f"the value that {field} points at is not text") from None


def _encoded(field: Field, value: object) -> object:
    encoded = shapes.encode(field.shape, value)
    return field.wrap(encoded) if field.wrap else encoded


def _tag_arguments(descriptor: Descriptor, tags: Mapping[str, str]) -> Draft:
    where = descriptor.tagging
    if where is None or not where.create:
        return {}
    if where.resource:
        return {where.create: [{"ResourceType": where.resource, "Tags": tagging.spelt(where, tags)}]}
    return {where.create: tagging.spelt(where, tags)}


def left_out(descriptor: Descriptor, parameters: Object) -> Iterator[Drift]:
    """Yield the declared fields that a create does not take."""
    for field in descriptor.fields:
        if field.modify and field.read and not field.create and parameters.get(field.name) is not None:
            yield Drift(field.name, parameters[field.name], None)


def updates(descriptor: Descriptor, declared: Declared, seen: Observation, scene: Object) -> Iterator[Request]:
    """Yield the requests that correct the drift of *seen*."""
    drift = {d.field: d for d in seen.drift}
    for update in descriptor.updates:
        fields = [f for f in descriptor.fields if f.modify and f.name in drift and _via(descriptor, f) == update]
        secrets = [s for s in descriptor.secrets if s.input.field in drift and update is descriptor.updates[0]]
        if update.plan and fields:
            yield from update.plan({f.name: drift[f.name].declared for f in fields}, scene)
        elif update.one_by_one:
            yield from (_change(update, (field,), drift, scene) for field in fields)
        elif fields or secrets:
            request = _change(update, _grouped(descriptor, update, fields, scene["spec"]), drift, scene)
            yield _with_secrets(request, secrets, declared, scene)
    if "tags" in drift and descriptor.tagging is not None:
        yield from _retagging(descriptor, drift["tags"], scene)


def _via(descriptor: Descriptor, field: Field) -> Update:
    return next(u for u in descriptor.updates if not field.via or u.call.operation == field.via)


def _grouped(descriptor: Descriptor, update: Update, changed: list[Field], parameters: Object) -> tuple[Field, ...]:
    """Return the fields that one request carries: what changed, and what AWS wants repeated with it."""
    names = {f.name for f in changed} | set(update.always) | {name for f in changed for name in f.along}
    return tuple(
        field
        for field in descriptor.fields
        if field.modify and parameters.get(field.name) is not None and (field.name in names or update.whole)
    )


def _change(update: Update, fields: tuple[Field, ...], drift: Mapping[str, Drift], scene: Object) -> Request:
    target = scenes.arguments(update.call.arguments, scene)
    for field in fields:
        declared = scene["spec"][field.name]
        if field.change is not None:
            found = drift[field.name].found if field.name in drift else declared
            target.update(field.change(declared, found))
        else:
            scenes.put(target, field.modify, _encoded(field, declared))
    return Request(update.call.operation, target, update.call.codes)


def _with_secrets(request: Request, secrets: list[Secret], declared: Declared, scene: Object) -> Request:
    extra: Draft = {}
    for secret in secrets:
        extra[secret.member] = _text(secret, declared)
        extra.update(scenes.arguments(secret.along, scene))
    return Request(request.operation, {**request.arguments, **extra}, request.codes)


def _retagging(descriptor: Descriptor, drift: Drift, scene: Object) -> Iterator[Request]:
    where = descriptor.tagging
    if where is None:
        return
    # A call that replaces all tags must repeat those that say whose it is, too.
    kept = {tagging.UID: drift.found[tagging.UID]} if where.remove is None and tagging.UID in drift.found else {}
    changed = {k: v for k, v in drift.declared.items() if where.remove is None or drift.found.get(k) != v}
    if changed or where.remove is None:
        target = scenes.arguments(where.add.arguments, scene)
        scenes.put(target, where.add_member, tagging.spelt(where, {**changed, **kept}))
        yield Request(where.add.operation, target)
    superfluous = sorted(set(drift.found) - set(drift.declared) - {tagging.UID})
    if superfluous and where.remove is not None:
        target = scenes.arguments(where.remove.arguments, scene)
        target[where.remove_member] = [{where.key: k} for k in superfluous] if where.remove_as_tags else superfluous
        yield Request(where.remove.operation, target)
