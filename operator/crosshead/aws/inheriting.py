"""What bears the origin of an object and was made for another: AWS' search by tags finds it, for most services."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from crosshead.aws import observing, scenes, tagging
from crosshead.aws.calling import OBSERVE, Caller
from crosshead.aws.calls import Call, Read
from crosshead.aws.codes import NOT_ALLOWED
from crosshead.aws.descriptor import Descriptor
from crosshead.base.values import Object
from crosshead.managed import origins
from crosshead.managed.external import Declared, Left

# Who may not search goes without: what was left behind then stays where it is.
_SEARCH: Final = Call(
    "get_resources",
    {"TagFilters": (f"[{{Key: '{tagging.ORIGIN}', Values: [origin]}}, {{Key: '{tagging.KIND}', Values: [kind]}}]")},
    codes=NOT_ALLOWED,
    paged=True,
    client="resourcegroupstaggingapi",
)


def called(caller: Caller, declared: Declared, scene: Object) -> Iterator[tuple[str, ...]]:
    """Yield what each of those that AWS finds may be called: as the kind says, or the last part of its ARN, or all."""
    if (remains := caller.descriptor.remains) is not None:
        yield from _listed(caller, declared, remains, scene)
        return
    for answer in caller.call(declared, OBSERVE, _SEARCH, scene):
        for found in answer.get("ResourceTagMappingList") or ():
            arn = str(found["ResourceARN"])
            yield re.split("[:/]", arn)[-1], arn


def _listed(caller: Caller, declared: Declared, remains: Read, scene: Object) -> Iterator[tuple[str, ...]]:
    scene = {**scene, "root": origins.root(declared.origin)}
    for answer in caller.call(declared, OBSERVE, remains.call, scene):
        found = scenes.search(remains.result, answer) or ()
        yield from ((str(name),) for name in (remains.pick(found, scene) if remains.pick else found))


def left(descriptor: Descriptor, declared: Declared, record: Object) -> Left | None:
    """Return what *record* shows, when its tags say that an object of the same origin has left it."""
    tags = _tags(descriptor, record)
    is_over = observing.is_gone(descriptor, record) or observing.is_going(descriptor, record)
    if is_over or not tagging.is_left(tags, declared):
        return None
    seen = observing.observation(observing.Seen(descriptor, declared, record, {}))
    return Left(seen.external_name, tags.get(tagging.UID, ""), seen.immutable)


def _tags(descriptor: Descriptor, record: Object) -> Mapping[str, str]:
    where = descriptor.tagging
    if where is not None:
        return tagging.read(where, scenes.search(where.read, record))
    return dict(scenes.search(descriptor.traces, record) or {}) if descriptor.traces else {}
