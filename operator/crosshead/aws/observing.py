"""What a look at AWS means: readiness, drift, what AWS chose, what is shown. A pure function of a record."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from crosshead.aws import scenes, shapes, tagging
from crosshead.aws.calls import Paths
from crosshead.aws.descriptor import Descriptor, Field, Readiness, Secret
from crosshead.base import conditions
from crosshead.base.conditions import Condition
from crosshead.base.values import Draft, Json, Object, SecretValue
from crosshead.managed.external import Declared, Drift, Observation


@dataclass(frozen=True, slots=True)
class Seen:
    """A record, and what it is compared with. *tags* are those that it must carry."""

    descriptor: Descriptor
    declared: Declared
    record: Object
    tags: Mapping[str, str]

    @property
    def effective(self) -> Object:
        """The record as it will be: what AWS has accepted and not yet made counts as made, or we would ask for ever."""
        pending = self.record.get(self.descriptor.pending) or {}
        return {**self.record, **{name: value for name, value in pending.items() if value is not None}}


def is_gone(descriptor: Descriptor, record: Object) -> bool:
    """Whether AWS lists something that is no more."""
    readiness = descriptor.readiness
    return readiness is not None and scenes.search(readiness.path, record) in readiness.gone


def observation(seen: Seen) -> Observation:
    """Return what the record means for what was declared."""
    ready, busy = _readiness(seen.descriptor.readiness, seen.record)
    drift = tuple(_drift(seen))
    fixed = {
        d.field for field in seen.descriptor.fields for d in drift if d.field == field.name and _is_fixed(field, d)
    }
    return Observation(
        exists=True,
        ready=ready,
        busy=busy,
        external_name=str(scenes.search(seen.descriptor.identity, seen.record) or seen.declared.external_name),
        at_provider=_at_provider(seen),
        drift=tuple(d for d in drift if d.field not in fixed),
        immutable=tuple(d for d in drift if d.field in fixed),
        late=_late(seen),
        connection=_connection(seen),
    )


def _is_fixed(field: Field, drift: Drift) -> bool:
    """Whether it cannot be changed: AWS never does, or not those members of it that differ."""
    if not (field.frozen and isinstance(field.shape, shapes.Block)):
        return field.immutable
    frozen = shapes.Block(tuple(m for m in field.shape.members if m.name in field.frozen), single=True)
    return not shapes.matches(frozen, drift.declared, drift.found, {})


def _readiness(readiness: Readiness | None, record: Object) -> tuple[Condition, bool]:
    """Return the condition to show, and whether a change is under way."""
    if readiness is None:
        return conditions.available(), False
    status = str(scenes.search(readiness.path, record) or "")
    told = f"AWS reports status {status!r}"
    if status in readiness.ready or status in readiness.settling:
        return conditions.available(), status in readiness.settling
    if status in readiness.going:
        return conditions.deleting(), True
    if status in readiness.coming:
        return conditions.creating(told), True
    if status in readiness.failed:
        return conditions.unavailable(f"{told}: {readiness.failed[status]}"), False
    return conditions.unavailable(told), True


def is_going(descriptor: Descriptor, record: Object) -> bool:
    """Whether AWS is deleting it already."""
    readiness = descriptor.readiness
    return readiness is not None and scenes.search(readiness.path, record) in readiness.going


def found(field: Field, record: Object) -> Json:
    """Return the value of *field* in our form; None when AWS does not say."""
    value = scenes.search(field.read, record) if field.read else None
    return field.absent if value is None else shapes.decode(field.shape, value)


def _drift(seen: Seen) -> Iterator[Drift]:
    """Yield what is declared and AWS shows otherwise. What was left out, and what AWS does not show, is no drift."""
    parameters = scenes.parameters(seen.descriptor, seen.declared.parameters)
    record = seen.effective
    for field in seen.descriptor.fields:
        mine, theirs = parameters.get(field.name), found(field, record)
        if mine is not None and theirs is not None and not _same(field, mine, theirs, parameters):
            yield Drift(field.name, mine, theirs)
    yield from _tag_drift(seen)


def agrees(field: Field, mine: Json, record: Object, parameters: Object) -> bool:
    """Whether *record* shows *mine* in *field*."""
    theirs = found(field, record)
    return theirs is not None and mine is not None and _same(field, mine, theirs, parameters)


def _same(field: Field, mine: Json, theirs: Json, parameters: Object) -> bool:
    if field.same is not None:
        return field.same(mine, theirs, parameters)
    return shapes.matches(field.shape, mine, theirs, parameters)


def _tag_drift(seen: Seen) -> Iterator[Drift]:
    where = seen.descriptor.tagging
    raw = scenes.search(where.read, seen.record) if where is not None else None
    if where is None or raw is None:
        return
    theirs = tagging.found(where, raw)
    if tagging.compared(theirs) != tagging.compared(seen.tags):
        yield Drift("tags", dict(seen.tags), theirs)


def _late(seen: Seen) -> Draft:
    declared = scenes.parameters(seen.descriptor, {**seen.declared.initial, **seen.declared.parameters})
    chosen = {
        field.name: found(field, seen.record)
        for field in seen.descriptor.fields
        if field.late and field.read and declared.get(field.name) is None
    }
    return {name: value for name, value in chosen.items() if value not in (None, "", [], {})}


def _at_provider(seen: Seen) -> Draft:
    shown: Draft = {"region": seen.record["region"]} if seen.descriptor.regional else {}
    shown.update((field.name, found(field, seen.record)) for field in seen.descriptor.fields)
    extra = {s.name: shapes.decode(s.shape, scenes.search(s.read, seen.record)) for s in seen.descriptor.shown}
    return {name: value for name, value in {**shown, **extra, **_shown_tags(seen)}.items() if value is not None}


def _shown_tags(seen: Seen) -> Draft:
    where = seen.descriptor.tagging
    if where is None:
        return {}
    tags = tagging.read(where, scenes.search(where.read, seen.record))
    return {"tags": tags, "tagsAll": tags}


def _connection(seen: Seen) -> dict[str, SecretValue]:
    known = details(seen.descriptor.connection, seen.record)
    return {**known, **secret_details(seen.descriptor, seen.declared)}


def details(paths: Paths, record: Object) -> dict[str, SecretValue]:
    """Return the connection details that stand at *paths* in *record*: those that are there."""
    values = {key: scenes.search(path, record) for key, path in paths.items()}
    return {key: SecretValue(str(value)) for key, value in values.items() if value not in (None, "")}


def secret_details(descriptor: Descriptor, declared: Declared) -> dict[str, SecretValue]:
    """Return the connection details that we have sent to AWS, and that AWS never shows."""
    return {
        key: value
        for secret in descriptor.secrets
        if secret.input.argument in declared.secrets
        for name in secret.keys
        for key, value in _named(secret, name, declared.secrets[secret.input.argument])
    }


def _named(secret: Secret, key: str, value: SecretValue) -> Iterator[tuple[str, SecretValue]]:
    """Yield *value* with its connection key, or what it consists of with numbered ones."""
    if not secret.input.many:
        yield key, value
        return
    for number, part in enumerate(value.parts()):
        yield f"{key}.{number}", part
