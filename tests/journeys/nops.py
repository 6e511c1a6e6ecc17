"""XRDs, compositions and claims of NopResources: whatever composition does, seen without a cloud."""

import json
from collections.abc import Sequence
from typing import Any

from tests.journeys.stage import Stage, eventually

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


def offer(stage: Stage, kind: str, claim: str = "", **spec: Any) -> None:
    """Apply an XRD, and return once it is usable."""
    stage.apply(xrd(kind, claim, **spec))
    condition = "Offered" if claim else "Established"
    stage.kubectl("wait", f"--for=condition={condition}", f"xrd/{plural(kind)}.{GROUP}", "--timeout=30s")


def claim_ready(stage: Stage, kind: str, name: str, **spec: Any) -> Any:
    """Apply a claim, and return it once it is ready."""
    stage.apply(thing(kind, name, **spec))
    return stage.wait_ready(resource(kind), name, NAMESPACE)


def claimed(stage: Stage, kind: str, name: str) -> Any:
    """Return the composite that a claim is bound to."""
    reference = stage.get(resource(kind), name, NAMESPACE)["spec"]["resourceRef"]
    return stage.get(resource(reference["kind"]), reference["name"])


def made(stage: Stage, name: str) -> dict[str, Any]:
    """Return the NopResources of the claim *name*, by their names in the composition."""
    found = json.loads(stage.kubectl("get", NOP, "-l", f"crossplane.io/claim-name={name}", "-o", "json"))["items"]
    return {o["metadata"]["annotations"]["crossplane.io/composition-resource-name"]: o for o in found}


def sizes(stage: Stage, name: str) -> dict[str, str | None]:
    """Return the sizes of the NopResources of the claim *name*, by their names in the composition."""
    return {n: o["spec"]["forProvider"]["fields"].get("size") for n, o in made(stage, name).items()}


def delete(stage: Stage, kind: str, *names: str) -> None:
    """Delete claims, and return once they and all that was made of them are gone."""
    stage.kubectl("delete", resource(kind), *names, "-n", NAMESPACE, "--wait=false")
    eventually(
        lambda: not any(stage.get(resource(kind), n, NAMESPACE) or made(stage, n) for n in names), f"{names} are gone"
    )


def comes_back(stage: Stage, name: str) -> None:
    """Delete a NopResource by hand, and return once another one has taken its place."""
    lost = stage.get(NOP, name)["metadata"]["uid"]
    # kubectl would wait for the name to be free, which it may never see.
    stage.kubectl("delete", NOP, name, "--wait=false")
    eventually(lambda: (stage.get(NOP, name) or {}).get("metadata", {}).get("uid", lost) != lost, f"{name} is back", 10)
