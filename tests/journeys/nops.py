"""XRDs, compositions and claims of NopResources: whatever composition does, seen without a cloud."""

from collections.abc import Sequence
from typing import Any

GROUP = "nop.example.org"
NAMESPACE = "checkout-dev"
NOP = "nopresources.nop.crossplane.io"


def xrd(kind: str, claim: str = "", /, *, versions: Sequence[str] = ("v1",), **spec: Any) -> dict[str, Any]:
    """
    Return the XRD of composites of *kind* and, when it is given, of claims of kind *claim*.

    The first of *versions* is the referenceable one; *fields* are more properties of the spec.
    """
    names = {"names": _names(kind)} | ({"claimNames": _names(claim)} if claim else {})
    fields = spec.pop("fields", {})
    return {
        "apiVersion": "apiextensions.crossplane.io/v1",
        "kind": "CompositeResourceDefinition",
        "metadata": {"name": f"{plural(kind)}.{GROUP}"},
        "spec": {
            "group": GROUP,
            **names,
            "versions": [_version(name, fields, referenceable=name == versions[0]) for name in sorted(versions)],
            **spec,
        },
    }


def plural(kind: str) -> str:
    """Return the plural of *kind* in lower case."""
    return f"{kind.lower()}s"


def resource(kind: str) -> str:
    """Return how kubectl is told of *kind*."""
    return f"{plural(kind)}.{GROUP}"


def _names(kind: str) -> dict[str, str]:
    return {"kind": kind, "plural": plural(kind)}


def _version(name: str, fields: dict[str, Any], *, referenceable: bool) -> dict[str, Any]:
    text = {"type": "string"}
    spec = {"type": "object", "properties": {"size": text, "colour": text, **fields}}
    status = {"type": "object", "properties": {"seen": text, "place": {"type": "object", "additionalProperties": text}}}
    schema = {"type": "object", "properties": {"spec": spec, "status": status}}
    return {"name": name, "served": True, "referenceable": referenceable, "schema": {"openAPIV3Schema": schema}}


def composition(name: str, kind: str, *resources: dict[str, Any], labels: Any = None, **spec: Any) -> dict[str, Any]:
    """Return a composition of *resources* for composites of *kind*."""
    version = spec.pop("version", "v1")
    return {
        "apiVersion": "apiextensions.crossplane.io/v1",
        "kind": "Composition",
        "metadata": {"name": name, "labels": labels or {}},
        "spec": {
            "compositeTypeRef": {"apiVersion": f"{GROUP}/{version}", "kind": kind},
            "resources": list(resources),
            **spec,
        },
    }


def nop(name: str, *patches: dict[str, Any], ready: str = "0s", **template: Any) -> dict[str, Any]:
    """Return a template of a NopResource that is ready after *ready*."""
    after = {"time": ready, "conditionType": "Ready", "conditionStatus": "True", "conditionReason": "Available"}
    spec = {"forProvider": {"conditionAfter": [after], "fields": {}, **template.pop("provider", {})}}
    spec |= template.pop("spec", {})
    base = {"apiVersion": "nop.crossplane.io/v1alpha1", "kind": "NopResource", "spec": spec}
    return {"name": name, "base": base, "patches": list(patches), **template}


def down(source: str = "spec.size", target: str = "spec.forProvider.fields.size", **more: Any) -> dict[str, Any]:
    """Return a patch from the composite to a composed resource."""
    return {"type": "FromCompositeFieldPath", "fromFieldPath": source, "toFieldPath": target, **more}


def up(source: str, target: str, **more: Any) -> dict[str, Any]:
    """Return a patch from a composed resource to the composite."""
    return {"type": "ToCompositeFieldPath", "fromFieldPath": source, "toFieldPath": target, **more}


def thing(kind: str, name: str, /, namespace: str = NAMESPACE, version: str = "v1", **spec: Any) -> dict[str, Any]:
    """Return a claim, or without *namespace* a composite."""
    place = {"namespace": namespace} if namespace else {}
    metadata = {"name": name, **place, **spec.pop("metadata", {})}
    return {"apiVersion": f"{GROUP}/{version}", "kind": kind, "metadata": metadata, "spec": {"size": "small", **spec}}
