"""
Identifiers that AWS accepts, made of names that Kubernetes accepts.

The same ones every time, or a create could not be repeated.
"""

import hashlib
import re
from typing import Final

from crosshead.base.values import Draft, Object

_DATABASE_LIMIT: Final = 63
# What RDS calls an instance itself: `db-` and 26 capitals and digits. An identifier of ours is lower case.
_RESOURCE_ID: Final = re.compile(r"db-[A-Z0-9]{6,}")


def database(name: str) -> str:
    """Return *name* as an RDS identifier: letters, digits, single hyphens, a letter first, 63 characters at most."""
    legal = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    started = legal if legal[:1].isalpha() else f"db-{legal}"
    if len(started) <= _DATABASE_LIMIT:
        return started
    return f"{started[:54].rstrip('-')}-{_digest(name)}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def database_names(scene: Object) -> Draft:
    """
    Return what a DB instance is looked up by.

    Upstream's external name is RDS' resource id, which only a filter finds; the identifier is a parameter, or made of
    the object's name. Who imports an instance may give either as the external name.
    """
    known = scene["id"] or ""
    if _RESOURCE_ID.fullmatch(known):
        return {"resource": known, "identifier": None}
    return {"resource": None, "identifier": known.lower() or _identifier(scene)}


def _identifier(scene: Object) -> str:
    spec = scene["spec"]
    if spec.get("identifier"):
        return str(spec["identifier"]).lower()
    if spec.get("identifierPrefix"):
        return f"{str(spec['identifierPrefix']).lower()}{_digest(scene['uid'])}"
    return database(scene["name"])
