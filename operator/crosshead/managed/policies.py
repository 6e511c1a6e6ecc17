"""
What we may do to an external resource: management policies, and the deletion policy where there is one.

As Crossplane ≥ 2.0 has it. Crossplane lists the sets of verbs it accepts; the list is the rule in `_is_supported`.
"""

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import Final

from crosshead.base.errors import StalledError
from crosshead.base.values import Object


class Verb(Enum):
    """Something that may be done to an external resource."""

    OBSERVE = "Observe"
    CREATE = "Create"
    UPDATE = "Update"
    DELETE = "Delete"
    LATE_INITIALIZE = "LateInitialize"


Verbs = frozenset[Verb]

EVERYTHING: Final = ("*",)
_VERBS: Final[Mapping[str, Verb]] = MappingProxyType({verb.value: verb for verb in Verb})


def is_paused(spec: Object) -> bool:
    """Whether an empty list of policies asks us to leave the resource alone, its deletion included."""
    return spec.get("managementPolicies") == []


def allowed(spec: Object) -> Verbs:
    """
    Return what *spec* allows; DELETE is in it exactly when the deletion of the object deletes the external resource.

    `deletionPolicy: Orphan` wins over `["*"]` alone: whoever spells the verbs out and names Delete, means it.
    """
    given = tuple(spec.get("managementPolicies") or EVERYTHING)
    if given == EVERYTHING:
        orphan = spec.get("deletionPolicy") == "Orphan"
        return frozenset(Verb) - {Verb.DELETE} if orphan else frozenset(Verb)
    verbs = frozenset(_VERBS[word] for word in given if word in _VERBS)
    if len(verbs) < len(set(given)) or not _is_supported(verbs):
        raise StalledError("CannotUseInvalidManagementPolicy", _complaint(given))
    return verbs


def _is_supported(verbs: Verbs) -> bool:
    """Everything begins with Observe; who deletes but does not create can do nothing else."""
    changes = verbs & {Verb.UPDATE, Verb.LATE_INITIALIZE}
    return Verb.OBSERVE in verbs and (Verb.CREATE in verbs or Verb.DELETE not in verbs or not changes)


def _complaint(given: tuple[str, ...]) -> str:
    return (
        f"spec.managementPolicies is set to a value ({', '.join(given)}) which is not supported: use * alone, or "
        "Observe with any of Create, Update, Delete and LateInitialize (Delete without Create goes with Observe only)"
    )
