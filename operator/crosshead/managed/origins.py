"""
Where a managed resource comes from: what is the same of it when it is deleted and declared again.

Its UID is not, nor are the names of a composite and of what it composes: they are made anew. The same are the cluster,
the claim (or the composite without one, or the object itself), and the names by which compositions call it.
"""

import hashlib
import re
from collections.abc import Iterable
from typing import Final

from crosshead.base import objects
from crosshead.base.objects import Kind
from crosshead.base.values import Object

# What every service of AWS takes as the value of a tag.
_LONGEST: Final = 256
_ILLEGAL: Final = re.compile(r"[^\w .:/=+@-]", re.ASCII)
_DIGEST_LENGTH: Final = 16
# Where the name of the root stands in an origin.
_NAME: Final = 3


def origin(cluster: str, root: Object, path: Iterable[str]) -> str:
    """
    Return the origin of what stands at *path* below *root*, in the cluster of this UID.

    :param root: the composite on top, or the managed resource that nobody has composed.
    :param path: the names in the compositions, from the top down.
    """
    claim = objects.spec(root).get("claimRef")
    if claim:
        kind, namespace, name = Kind(claim["apiVersion"], claim["kind"]), claim["namespace"], claim["name"]
    else:
        kind, namespace, name = objects.kind_of(root), objects.namespace(root), objects.name(root)
    return _legal("/".join((cluster, kind.group_kind, namespace, name, *path)))


def root(origin: str) -> str:
    """Return the name of what *origin* begins with: the claim, or the composite without one; "" when it has none."""
    parts = origin.split("/")
    return parts[_NAME] if len(parts) > _NAME else ""


def _legal(text: str) -> str:
    """Return *text* as it may stand in a tag: two texts stay two."""
    if len(text) <= _LONGEST and not _ILLEGAL.search(text):
        return text
    digest = hashlib.sha256(text.encode()).hexdigest()[:_DIGEST_LENGTH]
    return f"{_ILLEGAL.sub('_', text)[: _LONGEST - _DIGEST_LENGTH - 1]}={digest}"
