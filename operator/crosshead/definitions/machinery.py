"""
What Crossplane adds to the author's schemas: the fields by which composites and claims are run.

These are the fields of Crossplane 1.20, whose XRDs are of apiVersion v1: everything stands directly below `spec`.
"""

from collections.abc import Mapping
from typing import Any, Final

from crosshead.base.values import Draft, Object


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

_SHARED: Final[Object] = {
    "compositionRef": _refers_by("name"),
    "compositionSelector": _MATCH_LABELS,
    "compositionRevisionRef": _refers_by("name"),
    "compositionRevisionSelector": _MATCH_LABELS,
    "publishConnectionDetailsTo": _STORE,
}

_RESOURCE_REFS: Final[Object] = {
    "type": "array",
    "items": _record({"apiVersion": _text(), "kind": _text(), "name": _text()}, "apiVersion", "kind"),
    "x-kubernetes-list-type": "atomic",
}

_CONDITION: Final[Object] = _record(
    {
        "lastTransitionTime": _text(format="date-time"),
        "message": _text(),
        "reason": _text(),
        "status": _text(),
        "type": _text(),
    },
    "lastTransitionTime",
    "reason",
    "status",
    "type",
)

STATUS: Final[Object] = {
    "conditions": {
        "description": "Conditions of the resource.",
        "type": "array",
        "items": _CONDITION,
        "x-kubernetes-list-map-keys": ["type"],
        "x-kubernetes-list-type": "map",
    },
    "claimConditionTypes": {"type": "array", "items": _text(), "x-kubernetes-list-type": "set"},
    "connectionDetails": _record({"lastPublishedTime": _text(format="date-time")}),
}
"""The fields below `status`: a claim has all that a composite has, also those that it has no use for."""


def composite_spec(update_policy: str) -> Draft:
    """Return the fields below the `spec` of composites whose update policy is *update_policy* by default."""
    return {
        **_SHARED,
        "compositionUpdatePolicy": _text(enum=["Automatic", "Manual"], default=update_policy),
        "claimRef": _refers_by("apiVersion", "kind", "namespace", "name"),
        "resourceRefs": _RESOURCE_REFS,
        "writeConnectionSecretToRef": _refers_by("name", "namespace"),
    }


def claim_spec(delete_policy: str) -> Draft:
    """Return the fields below the `spec` of claims whose delete policy is *delete_policy* by default."""
    return {
        **_SHARED,
        # No default: an update policy that nobody chose is the composite's to choose.
        "compositionUpdatePolicy": _text(enum=["Automatic", "Manual"]),
        "compositeDeletePolicy": _text(enum=["Background", "Foreground"], default=delete_policy),
        "resourceRef": _refers_by("apiVersion", "kind", "name"),
        "writeConnectionSecretToRef": _refers_by("name"),
    }


def _column(name: str, path: str, **more: Any) -> Draft:  # noqa: ANN401 (the further fields of a column)
    return {"name": name, "type": "string", "jsonPath": path, **more}


_SYNCED: Final = _column("SYNCED", ".status.conditions[?(@.type=='Synced')].status")
_READY: Final = _column("READY", ".status.conditions[?(@.type=='Ready')].status")
_AGE: Final = {"name": "AGE", "type": "date", "jsonPath": ".metadata.creationTimestamp"}

COMPOSITE_COLUMNS: Final[tuple[Object, ...]] = (
    _SYNCED,
    _READY,
    _column("COMPOSITION", ".spec.compositionRef.name"),
    _column("COMPOSITIONREVISION", ".spec.compositionRevisionRef.name", priority=1),
    _AGE,
)

CLAIM_COLUMNS: Final[tuple[Object, ...]] = (
    _SYNCED,
    _READY,
    _column("CONNECTION-SECRET", ".spec.writeConnectionSecretToRef.name"),
    _AGE,
)
