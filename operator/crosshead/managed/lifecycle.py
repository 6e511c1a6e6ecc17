"""What to do next about one external resource: a pure decision from one look at it."""

from collections.abc import Mapping
from enum import Enum, auto
from types import MappingProxyType
from typing import Final

from crosshead.managed.external import Observation
from crosshead.managed.policies import Verb, Verbs


class Action(Enum):
    """What to do next. Each is done at most once in a pass."""

    NOTHING = auto()
    CREATE = auto()
    UPDATE = auto()
    # It differs in what cannot be changed in place, and we never replace.
    REFUSE = auto()
    DELETE = auto()
    # Let the object go; the external resource is gone, or stays.
    RELEASE = auto()
    # A change is under way: look again.
    WAIT = auto()
    # It should be there, and we may not create it.
    MISS = auto()


NEEDS: Final[Mapping[Action, Verb]] = MappingProxyType(
    {
        Action.CREATE: Verb.CREATE,
        Action.UPDATE: Verb.UPDATE,
        Action.REFUSE: Verb.UPDATE,
        Action.DELETE: Verb.DELETE,
    }
)


def decide(seen: Observation, allowed: Verbs, *, deleting: bool, recent: bool = False) -> Action:
    """
    Choose the next action for a resource that looks like *seen*.

    :param deleting: somebody has asked for the object to be deleted.
    :param recent: we have created it so recently that not to see it may mean that the news has not spread.
    """
    if deleting:
        return _decide_departure(seen, allowed, recent=recent)
    if not seen.exists:
        return _decide_absence(allowed, recent=recent)
    if seen.busy:
        return Action.WAIT
    if Verb.UPDATE not in allowed:
        return Action.NOTHING
    # One field that cannot change refuses the whole update, as upjet does: half of a declaration is no declaration.
    if seen.immutable:
        return Action.REFUSE
    return Action.UPDATE if seen.drift else Action.NOTHING


def _decide_departure(seen: Observation, allowed: Verbs, *, recent: bool) -> Action:
    if Verb.DELETE not in allowed:
        return Action.RELEASE
    # What is there and does not show yet would be left behind, and nobody would know of it.
    if seen.busy or (recent and not seen.exists):
        return Action.WAIT
    return Action.DELETE if seen.exists else Action.RELEASE


def _decide_absence(allowed: Verbs, *, recent: bool) -> Action:
    if Verb.CREATE not in allowed:
        return Action.MISS
    return Action.WAIT if recent else Action.CREATE
