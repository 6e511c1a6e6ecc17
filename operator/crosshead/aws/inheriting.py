"""What bears the origin of an object and was made for another: AWS' search by tags finds it, for every service."""

import re
from collections.abc import Iterator
from typing import Final

from crosshead.aws import observing, scenes, tagging
from crosshead.aws.calling import OBSERVE, Caller
from crosshead.aws.descriptor import Call, Descriptor
from crosshead.base.values import Object
from crosshead.managed.external import Declared, Left

# Who may not search by tags goes without: what was left behind then stays where it is.
_NOT_ALLOWED: Final = frozenset({"AccessDeniedException", "AccessDenied", "UnauthorizedException"})
_SEARCH: Final = Call(
    "get_resources",
    {"TagFilters": (f"[{{Key: '{tagging.ORIGIN}', Values: [origin]}}, {{Key: '{tagging.KIND}', Values: [kind]}}]")},
    codes=_NOT_ALLOWED,
    paged=True,
    client="resourcegroupstaggingapi",
)


def called(caller: Caller, declared: Declared, scene: Object) -> Iterator[tuple[str, ...]]:
    """Yield what each of those that AWS finds may be called: the last part of its ARN, or all of it."""
    for answer in caller.call(declared, OBSERVE, _SEARCH, scene):
        for found in answer.get("ResourceTagMappingList") or ():
            arn = str(found["ResourceARN"])
            yield re.split("[:/]", arn)[-1], arn


def left(descriptor: Descriptor, declared: Declared, record: Object) -> Left | None:
    """Return what *record* shows, when its tags say that an object of the same origin has left it."""
    where = descriptor.tagging
    tags = tagging.read(where, scenes.search(where.read, record)) if where is not None else {}
    is_over = observing.is_gone(descriptor, record) or observing.is_going(descriptor, record)
    if is_over or not tagging.is_left(tags, declared):
        return None
    seen = observing.observation(observing.Seen(descriptor, declared, record, {}))
    return Left(seen.external_name, tags.get(tagging.UID, ""), seen.immutable)
