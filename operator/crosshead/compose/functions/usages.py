"""Usages as function-sequencer and function-deletion-protection compose them, named as they name them."""

import hashlib
from typing import Final

from crosshead.base import objects
from crosshead.base.values import Draft, Object

V1_API: Final = "apiextensions.crossplane.io/v1beta1"
V2_API: Final = "protection.crossplane.io/v1beta1"

_LONGEST: Final = 63
_HASH: Final = 6


def compose(of: Object, name: str, *, is_v1: bool) -> Draft:
    """
    Return a usage of *of*, called *name*; what it is for is the caller's to add to its spec.

    That of Crossplane 1 is cluster-scoped always, that of Crossplane 2 is where *of* is.
    """
    if is_v1:
        return _usage(V1_API, "Usage", {"name": name}, of)
    namespace = objects.namespace(of)
    if not namespace:
        return _usage(V2_API, "ClusterUsage", {"name": name}, of)
    return _usage(V2_API, "Usage", {"name": name, "namespace": namespace}, of)


def _usage(api_version: str, kind: str, metadata: Draft, of: Object) -> Draft:
    return {"apiVersion": api_version, "kind": kind, "metadata": metadata, "spec": {"of": refer(of)}}


def refer(obj: Object) -> Draft:
    """Return how a usage refers to *obj*."""
    return {
        "apiVersion": obj.get("apiVersion") or "",
        "kind": obj.get("kind") or "",
        "resourceRef": {"name": objects.name(obj)},
    }


def is_usage(obj: Object, *, is_v1: bool) -> bool:
    """Whether *obj* is a usage of that version."""
    kind = (obj.get("apiVersion"), obj.get("kind"))
    # No sets: of an object that a template makes, these may be anything.
    return kind == (V1_API, "Usage") if is_v1 else kind in ((V2_API, "Usage"), (V2_API, "ClusterUsage"))


def name(suffix: str, *about: Object) -> str:
    """Return the name of a usage that is about the objects *about*: readable, unique by its hash, short enough."""
    told = "-".join(f"{obj.get('kind') or ''}-{objects.name(obj)}" for obj in about).lower()
    ending = f"{hashlib.sha256(told.encode()).hexdigest()[:_HASH]}-{suffix}"
    if len(told) + 1 + len(ending) <= _LONGEST:
        return f"{told}-{ending}"
    cut = told[: _LONGEST - len(ending) - 1]
    return f"{cut}{ending}" if cut.endswith("-") else f"{cut}-{ending}"
