"""
From a CompositeResourceDefinition to the CRDs of its composites and claims, as Crossplane 1.20 or 2.3 makes them.

What the API server would refuse is rendered all the same, as Crossplane does; `checking` says it in better words.
"""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from crosshead.base import objects
from crosshead.base.errors import StalledError
from crosshead.base.values import Draft, Object
from crosshead.definitions import machinery, reading
from crosshead.definitions.machinery import Release
from crosshead.definitions.parsing import parse
from crosshead.definitions.placing import LEGACY, MODERN

# So that a composite's name can be the value of a label.
_LONGEST_NAME = 63

# What an author may say of the whole, of spec and of status. The rest (anyOf, additionalProperties, …) is not theirs.
_STATUS_KEYWORDS = ("required", "description", "x-kubernetes-validations", "oneOf")
_ROOT_KEYWORDS = {Release.V1_20: ("description",), Release.V2_3: ("description", "x-kubernetes-validations")}
_SPEC_KEYWORDS = (*_STATUS_KEYWORDS, "x-kubernetes-preserve-unknown-fields")


@dataclass(frozen=True, slots=True)
class _Flavour:
    """What tells one CRD from another: that of composites from that of claims, and one release's from the other's."""

    release: Release
    names: Mapping[str, Any]
    category: str
    scope: str
    spec: Object
    status: Object
    columns: Sequence[Object]


def release(xrd: Object) -> Release:
    """
    Return whose CRDs *xrd* gets when nobody says: 1.20's for as long as it asks for nothing that only 2.3 can do.

    Such are the scopes Namespaced and Cluster, and the subresource scale.
    """
    asks = reading.scope(xrd) != reading.LEGACY_CLUSTER or any(map(_scale, reading.versions(xrd)))
    return Release.V2_3 if asks else Release.V1_20


def composite_crd(xrd: Object, of: Release | None = None) -> Draft:
    """Return the CRD of the composites that *xrd* defines, as release *of* makes it (see `release`)."""
    of = of or release(xrd)
    # 1.20 does not know of scopes.
    is_modern = of is Release.V2_3 and not reading.machinery(xrd).is_legacy
    flavour = _modern(xrd, of) if is_modern else _legacy(xrd, of)
    return _render(xrd, reading.composite_crd_name(xrd), flavour)


def _legacy(xrd: Object, of: Release) -> _Flavour:
    return _Flavour(
        release=of,
        names=reading.names(xrd),
        category="composite",
        scope="Cluster",
        spec=machinery.composite_spec(reading.default_update_policy(xrd), of),
        status=machinery.status(of),
        columns=machinery.composite_columns(LEGACY),
    )


def _modern(xrd: Object, of: Release) -> _Flavour:
    namespaced = reading.is_namespaced(xrd)
    return _Flavour(
        release=of,
        names=reading.names(xrd),
        category="composite",
        scope="Namespaced" if namespaced else "Cluster",
        spec=machinery.modern_composite_spec(reading.default_update_policy(xrd), namespaced=namespaced),
        status=machinery.modern_status(of),
        columns=machinery.composite_columns(MODERN),
    )


def claim_crd(xrd: Object, of: Release | None = None) -> Draft | None:
    """Return the CRD of the claims that *xrd* offers, as release *of* makes it; None when it offers none."""
    names, name = reading.claim_names(xrd), reading.claim_crd_name(xrd)
    if names is None or name is None:
        return None
    _refuse_clash(xrd, names)
    of = of or release(xrd)
    flavour = _Flavour(
        release=of,
        names=names,
        category="claim",
        scope="Namespaced",
        spec=machinery.claim_spec(_delete_policy(xrd), of),
        status=machinery.status(of),
        columns=machinery.CLAIM_COLUMNS,
    )
    return _render(xrd, name, flavour)


def _delete_policy(xrd: Object) -> str | None:
    # The CRD of XRDs fills it in for v1 only: those of v2 ought not to offer claims.
    is_filled_in = xrd.get("apiVersion") != reading.V2 or "defaultCompositeDeletePolicy" in objects.spec(xrd)
    return reading.default_composite_delete_policy(xrd) if is_filled_in else None


def _refuse_clash(xrd: Object, claim: Mapping[str, Any]) -> None:
    for field in ("kind", "plural", "singular", "listKind"):
        if (name := claim.get(field)) and name == reading.names(xrd).get(field):
            why = f"spec.claimNames.{field} {name!r} must differ from spec.names.{field}"
            raise StalledError(reading.RENDER_CRD, f"cannot render CRD of claims: {why}")


def _render(xrd: Object, name: str, flavour: _Flavour) -> Draft:
    conversion = objects.spec(xrd).get("conversion")
    crd = {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": _metadata(xrd, name),
        "spec": {
            "group": reading.group(xrd),
            "names": _names(flavour),
            "scope": flavour.scope,
            "versions": [_version(version, flavour) for version in reading.versions(xrd)],
            **({"conversion": conversion} if conversion else {}),
        },
    }
    # Parts of the XRD and of the machinery stand in several places: a copy belongs to the caller alone.
    return deepcopy(crd)


def _metadata(xrd: Object, name: str) -> Draft:
    added = objects.spec(xrd).get("metadata") or {}
    told = {
        "name": name,
        "labels": {**objects.labels(xrd), **(added.get("labels") or {})},
        # The XRD's own annotations are about the XRD (kubectl's last-applied one above all).
        "annotations": dict(added.get("annotations") or {}),
        "ownerReferences": [_owner(xrd)],
    }
    return {key: value for key, value in told.items() if value}


def _owner(xrd: Object) -> Draft:
    # Owned by the storage version of the XRD, whichever version it was read in.
    return {
        "apiVersion": "apiextensions.crossplane.io/v1",
        "kind": "CompositeResourceDefinition",
        "name": objects.name(xrd),
        "uid": objects.uid(xrd),
        "controller": True,
        "blockOwnerDeletion": True,
    }


def _names(flavour: _Flavour) -> Draft:
    told = {
        **{field: flavour.names.get(field) for field in ("singular", "listKind", "shortNames")},
        "categories": [*(flavour.names.get("categories") or ()), flavour.category],
    }
    given = {field: value for field, value in told.items() if value}
    return {"kind": flavour.names.get("kind", ""), "plural": flavour.names.get("plural", ""), **given}


def _version(version: Mapping[str, Any], flavour: _Flavour) -> Draft:
    told = {
        "name": version.get("name", ""),
        "served": bool(version.get("served")),
        "storage": bool(version.get("referenceable")),
        "deprecated": version.get("deprecated") or None,
        "deprecationWarning": version.get("deprecationWarning"),
        "additionalPrinterColumns": [*(version.get("additionalPrinterColumns") or ()), *flavour.columns],
        "schema": {"openAPIV3Schema": _root(_authored(version), flavour)},
        "subresources": {"status": {}, **(_scale(version) if flavour.release is Release.V2_3 else {})},
    }
    return {key: value for key, value in told.items() if value is not None}


def _scale(version: Mapping[str, Any]) -> Draft:
    """Return the subresource scale of *version*, if it has one: nothing else of its subresources is the author's."""
    scale = (version.get("subresources") or {}).get("scale")
    return {"scale": {path: where for path, where in scale.items() if where is not None}} if scale else {}


def _authored(version: Mapping[str, Any]) -> Draft:
    """Return the author's part of the schema of *version*."""
    name = version.get("name")
    schema = (version.get("schema") or {}).get("openAPIV3Schema")
    if schema is None:
        raise StalledError(reading.RENDER_CRD, f"version {name!r} has no schema: schema.openAPIV3Schema must be given")
    try:
        return parse(schema, "openAPIV3Schema")
    except StalledError as error:
        raise StalledError(error.reason, f"version {name!r}: {error.message}") from error


def _root(authored: Object, flavour: _Flavour) -> Draft:
    parts = authored.get("properties", {})
    told = {
        "type": "object",
        "required": ["spec"],
        "properties": {
            "apiVersion": {"type": "string"},
            "kind": {"type": "string"},
            "metadata": _name_limit(parts.get("metadata", {})),
            "spec": _section(parts.get("spec", {}), _SPEC_KEYWORDS, flavour.spec),
            "status": _section(parts.get("status", {}), _STATUS_KEYWORDS, flavour.status),
        },
    }
    return {**told, **_said(authored, _ROOT_KEYWORDS[flavour.release])}


def _name_limit(metadata: Object) -> Draft:
    wanted = metadata.get("properties", {}).get("name", {}).get("maxLength", _LONGEST_NAME)
    name = {"type": "string", "maxLength": min(wanted, _LONGEST_NAME)}
    return {"type": "object", "properties": {"name": name}}


def _section(authored: Object, keywords: Sequence[str], fields: Object) -> Draft:
    """Return the schema of spec or status: what the author says by *keywords*, and *fields* over the author's own."""
    properties = {**authored.get("properties", {}), **fields}
    return {**_said(authored, keywords), "type": "object", "properties": properties}


def _said(authored: Object, keywords: Sequence[str]) -> Draft:
    return {keyword: authored[keyword] for keyword in keywords if keyword in authored}
