"""The names that Crossplane gives: made of what is known, so that the same input names the same child."""

import hashlib
import re
from typing import Final

from crosshead.base import names, objects
from crosshead.base.objects import Kind
from crosshead.base.values import Object

# Composed names and composite names are label values too.
_LONGEST: Final = 63
_HASH_LENGTH: Final = 12
RANDOM_LENGTH: Final = 5
_LONGEST_NAME: Final = 253

_SUBDOMAIN: Final = "[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*"
_SUBDOMAIN_WORDS: Final = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and"
    " end with an alphanumeric character (e.g. 'example.com', regex used for validation is '" + _SUBDOMAIN + "')"
)
_RBAC_GROUP: Final = "rbac.authorization.k8s.io"


def child_name(prefix: str, parent_uid: str, child: str) -> str:
    """Return the name of *child* of the object with *parent_uid*, as Crossplane ≥ 2.0 makes it: always the same."""
    digest = hashlib.sha256((parent_uid + child).encode()).hexdigest()[:_HASH_LENGTH]
    if prefix and not prefix.endswith("-"):
        prefix += "-"
    room = _LONGEST - _HASH_LENGTH
    return (prefix if len(prefix) <= room else prefix[: room - 1] + "-") + digest


def random_base(prefix: str) -> str:
    """Return what of *prefix* stays when `RANDOM_LENGTH` random characters follow it."""
    return prefix[: _LONGEST - RANDOM_LENGTH]


def composed_owner(composite: Object) -> str:
    """Return the field owner under which the resources composed by *composite* are applied."""
    kind = Kind(composite.get("apiVersion") or "", composite.get("kind") or "")
    digest = hashlib.sha256((objects.name(composite) + kind.group_kind).encode()).hexdigest()
    return names.COMPOSED_OWNER_PREFIX + digest


def name_fault(name: str, kind: Kind) -> str:
    """Return what is wrong with *name* for an object of *kind*, empty when nothing is. RBAC allows colons."""
    if len(name) > _LONGEST_NAME:
        return f"must be no more than {_LONGEST_NAME} characters"
    if kind.group == _RBAC_GROUP:
        name = name.replace(":", "-")
    return "" if re.fullmatch(_SUBDOMAIN, name) else _SUBDOMAIN_WORDS
