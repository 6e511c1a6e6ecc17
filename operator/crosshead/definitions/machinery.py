"""
What Crossplane adds to the author's schemas: the fields by which composites and claims are run.

Two releases add different ones: 1.20, the last of the old generation, and 2.3. `placing` says where they stand.
"""

from collections.abc import Mapping
from enum import Enum
from typing import Any, Final

from crosshead.base.values import Draft, Object
from crosshead.definitions.placing import Machinery


class Release(Enum):
    """Whose CRDs are made. 1.20 knows composites of the scope LegacyCluster only, 2.3 those of every scope."""

    V1_20 = "1.20"
    V2_3 = "2.3"


def _text(**more: Any) -> Draft:  # noqa: ANN401 (the keywords of a schema)
    return {"type": "string", **more}


def _record(properties: Mapping[str, Object], *required: str) -> Draft:
    told: Draft = {"type": "object", "properties": dict(properties)}
    return {**told, "required": list(required)} if required else told


def _refers_by(*fields: str) -> Draft:
    """Return the schema of a reference that must give all of *fields*."""
    return _record({field: _text() for field in fields}, *fields)


_TEXT_MAP: Final[Object] = {"type": "object", "additionalProperties": _text()}
_MATCH_LABELS: Final[Object] = _record({"matchLabels": _TEXT_MAP}, "matchLabels")

# Of external secret stores, which are not supported; the field is part of the API until 1.20.
_STORE: Final[Object] = _record(
    {
        "name": _text(),
        "configRef": {**_record({"name": _text()}), "default": {"name": "default"}},
        "metadata": _record({"labels": _TEXT_MAP, "annotations": _TEXT_MAP, "type": _text()}),
    },
    "name",
)

_SELECTION: Final[Object] = {
    "compositionRef": _refers_by("name"),
    "compositionSelector": _MATCH_LABELS,
    "compositionRevisionRef": _refers_by("name"),
    "compositionRevisionSelector": _MATCH_LABELS,
}

_TIME: Final[Object] = _text(format="date-time")


def composite_spec(update_policy: str, release: Release) -> Draft:
    """Return the fields of legacy composites below `spec`. *update_policy* is what those have that say nothing."""
    return {
        **_SELECTION,
        **_store(release),
        "compositionUpdatePolicy": _update_policy(default=update_policy),
        "claimRef": _refers_by("apiVersion", "kind", "namespace", "name"),
        "resourceRefs": _resource_refs(with_namespace=release is Release.V2_3),
        "writeConnectionSecretToRef": _refers_by("name", "namespace"),
    }


def modern_composite_spec(update_policy: str, *, namespaced: bool) -> Draft:
    """
    Return the field of modern composites below `spec`, which holds all others.

    It has no default itself: the *update_policy* is only filled in where there is something else in it.
    """
    told = {
        **_SELECTION,
        "compositionUpdatePolicy": _update_policy(default=update_policy),
        # What a composite in a namespace is composed of is in that namespace too.
        "resourceRefs": _resource_refs(with_namespace=not namespaced),
    }
    description = "Configures how Crossplane will reconcile this composite resource"
    return {"crossplane": {**_record(told), "description": description}}


def claim_spec(delete_policy: str | None, release: Release) -> Draft:
    """Return the fields below the `spec` of claims. *delete_policy* is that of those that say nothing, if any."""
    default = {"default": delete_policy} if delete_policy else {}
    return {
        **_SELECTION,
        **_store(release),
        # No default: an update policy that nobody chose is the composite's to choose.
        "compositionUpdatePolicy": _update_policy(),
        "compositeDeletePolicy": _text(enum=["Background", "Foreground"], **default),
        "resourceRef": _refers_by("apiVersion", "kind", "name"),
        "writeConnectionSecretToRef": _refers_by("name"),
    }


def status(release: Release) -> Draft:
    """Return the fields below the `status` of legacy composites, and of claims: even those these have no use for."""
    return {
        **modern_status(release),
        "claimConditionTypes": {"type": "array", "items": _text(), "x-kubernetes-list-type": "set"},
        "connectionDetails": _record({"lastPublishedTime": _TIME}),
    }


def modern_status(release: Release) -> Draft:
    """Return the fields below the `status` of modern composites."""
    return {
        "conditions": {
            "description": "Conditions of the resource.",
            "type": "array",
            "items": _condition(release),
            "x-kubernetes-list-map-keys": ["type"],
            "x-kubernetes-list-type": "map",
        }
    }


def _store(release: Release) -> Draft:
    return {"publishConnectionDetailsTo": _STORE} if release is Release.V1_20 else {}


def _update_policy(**more: str) -> Draft:
    return _text(enum=["Automatic", "Manual"], **more)


def _resource_refs(*, with_namespace: bool) -> Draft:
    fields = ("apiVersion", "kind", "name", *(("namespace",) if with_namespace else ()))
    item = _record({field: _text() for field in fields}, "apiVersion", "kind")
    return {"type": "array", "items": item, "x-kubernetes-list-type": "atomic"}


def _condition(release: Release) -> Draft:
    texts = {field: _text() for field in ("message", "reason", "status", "type")}
    generation = {"observedGeneration": {"type": "integer", "format": "int64"}} if release is Release.V2_3 else {}
    fields = {"lastTransitionTime": _TIME, **texts, **generation}
    return _record(fields, "lastTransitionTime", "reason", "status", "type")


def _column(name: str, path: str, **more: Any) -> Draft:  # noqa: ANN401 (the further fields of a column)
    return {"name": name, "type": "string", "jsonPath": path, **more}


_SYNCED: Final = _column("SYNCED", ".status.conditions[?(@.type=='Synced')].status")
_READY: Final = _column("READY", ".status.conditions[?(@.type=='Ready')].status")
_AGE: Final = {"name": "AGE", "type": "date", "jsonPath": ".metadata.creationTimestamp"}

CLAIM_COLUMNS: Final[tuple[Object, ...]] = (
    _SYNCED,
    _READY,
    _column("CONNECTION-SECRET", ".spec.writeConnectionSecretToRef.name"),
    _AGE,
)


def composite_columns(machinery: Machinery) -> tuple[Object, ...]:
    """Return the columns of composites that keep their machinery at *machinery*."""
    return (
        _SYNCED,
        _READY,
        _column("COMPOSITION", f".{machinery.field('compositionRef.name')}"),
        _column("COMPOSITIONREVISION", f".{machinery.field('compositionRevisionRef.name')}", priority=1),
        _AGE,
    )
