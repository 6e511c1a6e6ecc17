"""What to say to AWS: a create, an update, a delete as requests. Pure; `external.py` sends them."""

from collections.abc import Iterator, Mapping

from crosshead.aws import scenes, shapes, tagging
from crosshead.aws.calls import Call, Create, Read, Request, Update
from crosshead.aws.descriptor import Descriptor, Field, Secret
from crosshead.base.errors import StalledError
from crosshead.base.values import Draft, Json, Object, SecretValue
from crosshead.managed.external import Declared, Drift, Observation


def plain(call: Call, scene: Object) -> Request | None:
    """Return *call* as a request, None when it is not called for."""
    if call.when and not scenes.search(call.when, scene):
        return None
    return Request(call.operation, scenes.arguments(call.arguments, scene), call.codes, call.paged, call.client)


def every(call: Call, scene: Object) -> Iterator[Request]:
    """Yield *call* as requests: one, or one for each item that it is made for; none when it is not called for."""
    for item in (scenes.search(call.each, scene) or ()) if call.each else (None,):
        request = plain(call, {**scene, "item": item})
        if request is not None:
            yield request


def lookups(descriptor: Descriptor, seen: Observation) -> Iterator[Read]:
    """Yield the reads that the updates need which correct the drift of *seen*."""
    drift = {d.field for d in seen.drift}
    needed = [_via(descriptor, field) for field in descriptor.fields if field.modify and field.name in drift]
    for update in descriptor.updates:
        yield from update.reads if update in needed else ()


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
            _say(target, field, field.create, value)
    for secret in descriptor.secrets:
        if secret.input.argument in declared.secrets and secret.member.partition(".")[0] in accepted:
            scenes.put(target, secret.member, _revealed(secret, declared))
    # What cannot be tagged at once, as what is restored, has no tags for a while: that is drift.
    tagged = {member: said for member, said in _tag_arguments(descriptor, tags).items() if member in accepted}
    return Request(call.operation, {**target, **tagged}, call.codes)


def _revealed(secret: Secret, declared: Declared) -> Json:
    """Return what the member of *secret* takes."""
    value = declared.secrets[secret.input.argument]
    return [_text(secret, one) for one in value.parts()] if secret.input.many else _text(secret, value)


def _text(secret: Secret, value: SecretValue) -> Json:
    try:
        text = value.reveal().decode()
        return secret.wrap(text) if secret.wrap else text
    except ValueError:
        # `from None`: the error would carry the secret.
        field = f"spec.forProvider.{secret.input.field}"
        what = "text" if secret.wrap is None else "what it must be"
        raise StalledError("InvalidSecret", f"the value that {field} points at is not {what}") from None


def _say(target: Draft, field: Field, member: str, value: Json) -> None:
    """Put *value* into the request *target*; what is wrapped into nothing is said by saying nothing."""
    encoded = shapes.encode(field.shape, value)
    said = field.wrap(encoded) if field.wrap else encoded
    if said is not None:
        scenes.put(target, member, said)


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
    for update in sorted(descriptor.updates, key=lambda one: not (one.ahead and scenes.search(one.ahead, scene))):
        fields = [f for f in descriptor.fields if f.modify and f.name in drift and _via(descriptor, f) == update]
        secrets = [s for s in _repeated(descriptor, drift, fields) if update is descriptor.updates[0]]
        if update.plan and fields:
            yield from update.plan({f.name: drift[f.name].declared for f in fields}, scene)
        elif update.one_by_one:
            yield from (_change(update, (field,), drift, scene) for field in fields)
        elif fields or secrets:
            request = _change(update, _grouped(descriptor, update, fields, scene["spec"]), drift, scene)
            request = _with_secrets(request, secrets, declared, scene)
            yield from update.instead(request, scene) if update.instead else (request,)
    if "tags" in drift and descriptor.tagging is not None:
        yield from _retagging(descriptor, drift["tags"], scene)


def _repeated(descriptor: Descriptor, drift: Mapping[str, Drift], fields: list[Field]) -> Iterator[Secret]:
    """Yield the secrets that AWS was told otherwise, and those that go with whatever else is sent."""
    return (one for one in descriptor.secrets if one.input.field in drift or (one.always and fields))


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
            _say(target, field, field.modify, declared)
    return Request(update.call.operation, target, update.call.codes)


def _with_secrets(request: Request, secrets: list[Secret], declared: Declared, scene: Object) -> Request:
    target = dict(request.arguments)
    for secret in secrets:
        if secret.input.argument in declared.secrets:
            target.update(scenes.arguments(secret.along, scene))
            scenes.put(target, secret.member, _revealed(secret, declared))
    return Request(request.operation, target, request.codes)


def _retagging(descriptor: Descriptor, drift: Drift, scene: Object) -> Iterator[Request]:
    where = descriptor.tagging
    if where is None:
        return
    # A call that replaces all tags must repeat those that say whose it is, too.
    kept = tagging.kept(drift.found) if where.remove is None else {}
    wanted = {**drift.declared, **({tagging.ORIGIN: scene["origin"]} if where.traced and scene.get("origin") else {})}
    changed = {k: v for k, v in wanted.items() if where.remove is None or drift.found.get(k) != v}
    if changed or where.remove is None:
        target = scenes.arguments(where.add.arguments, scene)
        scenes.put(target, where.add_member, tagging.spelt(where, {**kept, **changed}))
        yield Request(where.add.operation, target)
    superfluous = sorted(set(drift.found) - set(drift.declared) - set(tagging.kept(drift.found)))
    if superfluous and where.remove is not None:
        target = scenes.arguments(where.remove.arguments, scene)
        target[where.remove_member] = [{where.key: k} for k in superfluous] if where.remove_as_tags else superfluous
        yield Request(where.remove.operation, target)
