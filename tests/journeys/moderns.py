"""Composites of Crossplane 2 and what they are composed of: objects in namespaces, described by templates."""

import json
from collections.abc import Mapping
from typing import Any

from tests.journeys.stage import Stage, eventually

GROUP = "modern.example.org"
SHOP, BAR = "shop", "bar"
LAMP = f"lamps.{GROUP}"
NAME = "crossplane.io/composition-resource-name"
PLACES = ({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}} for name in (SHOP, BAR))

_TEXT = {"type": "string"}
_LAMPS = {
    "apiVersion": "apiextensions.k8s.io/v1",
    "kind": "CustomResourceDefinition",
    "metadata": {"name": LAMP},
    "spec": {
        "group": GROUP,
        "scope": "Namespaced",
        "names": {"kind": "Lamp", "plural": "lamps", "singular": "lamp", "listKind": "LampList"},
        "versions": [
            {
                "name": "v1",
                "served": True,
                "storage": True,
                "schema": {
                    "openAPIV3Schema": {
                        "type": "object",
                        "properties": {
                            "spec": {"type": "object", "properties": {"size": _TEXT}},
                            "status": {"type": "object", "x-kubernetes-preserve-unknown-fields": True},
                        },
                    }
                },
            }
        ],
    },
}


def furnish(stage: Stage) -> None:
    """Have two namespaces, and lamps: a kind that lives in namespaces and tells when it is ready."""
    stage.apply(*PLACES, _LAMPS)
    stage.kubectl("wait", "--for=condition=Established", f"crd/{LAMP}", "--timeout=30s")


def xrd(kind: str, scope: str = "", /, *, version: str = "v2", **spec: Any) -> dict[str, Any]:
    """Return an XRD of apiVersion *version*; without a *scope* it has the one that its version implies."""
    properties = {
        "spec": {"type": "object", "properties": {"size": {**_TEXT, "default": "small"}}},
        "status": {"type": "object", "properties": {"seen": _TEXT}},
    }
    schema = {"type": "object", "properties": properties}
    return {
        "apiVersion": f"apiextensions.crossplane.io/{version}",
        "kind": "CompositeResourceDefinition",
        "metadata": {"name": resource(kind)},
        "spec": {
            "group": GROUP,
            "names": {"kind": kind, "plural": f"{kind.lower()}s"},
            "versions": [{"name": "v1", "served": True, "referenceable": True, "schema": {"openAPIV3Schema": schema}}],
            **({"scope": scope} if scope else {}),
            **spec,
        },
    }


def resource(kind: str) -> str:
    """Return how kubectl is told of *kind*."""
    return f"{kind.lower()}s.{GROUP}"


def composition(name: str, kind: str, template: str, **metadata: Any) -> dict[str, Any]:
    """Return a composition of one step, function-jinja with *template*."""
    source = {"source": "Inline", "inline": {"template": template}}
    step = {
        "step": "only",
        "functionRef": {"name": "function-jinja"},
        "input": {"apiVersion": "jinja.fn.crosshead.io/v1beta1", "kind": "Template", **source},
    }
    return {
        "apiVersion": "apiextensions.crossplane.io/v1",
        "kind": "Composition",
        "metadata": {"name": name, **metadata},
        "spec": {
            "compositeTypeRef": {"apiVersion": f"{GROUP}/v1", "kind": kind},
            "mode": "Pipeline",
            "pipeline": [step],
        },
    }


def offer(stage: Stage, definition: Mapping[str, Any]) -> None:
    """Apply an XRD, and return once its composites can be made."""
    stage.apply(dict(definition))
    stage.kubectl("wait", "--for=condition=Established", f"xrd/{definition['metadata']['name']}", "--timeout=30s")


def composite(kind: str, name: str, namespace: str = SHOP, **spec: Any) -> dict[str, Any]:
    """Return a composite, in *namespace* or, when that is empty, in none."""
    place = {"namespace": namespace} if namespace else {}
    return {"apiVersion": f"{GROUP}/v1", "kind": kind, "metadata": {"name": name, **place}, "spec": spec}


def lit(stage: Stage, name: str, namespace: str = SHOP) -> None:
    """Have the lamp *name* say that it is ready, as its controller would."""
    status = {"status": {"conditions": [{"type": "Ready", "status": "True"}]}}
    stage.kubectl("patch", LAMP, name, "-n", namespace, "--type=merge", "-p", json.dumps(status))


def composed(stage: Stage, obj: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a composite refers to, by its name in the composition; fails when something is missing."""
    named: dict[str, list[str]] = {}
    for one in obj["spec"].get("crossplane", obj["spec"])["resourceRefs"]:
        place = one.get("namespace") or obj["metadata"].get("namespace", "default")
        group, _, version = one["apiVersion"].rpartition("/")
        named.setdefault(place, []).append(f"{one['kind']}{f'.{version}.{group}' if group else ''}/{one['name']}")
    texts = [stage.kubectl("get", *names, "-n", place, "-o", "json") for place, names in named.items()]
    found = [one for text in texts for one in json.loads(text).get("items", [json.loads(text)])]
    return {one["metadata"]["annotations"][NAME]: one for one in found}


def told(stage: Stage, kind: str, name: str, namespace: str = SHOP) -> dict[str, tuple[str, str]]:
    """Return the status and the reason of each condition of a composite, by type."""
    obj = stage.get(resource(kind), name, namespace) or {}
    conditions = (obj.get("status") or {}).get("conditions") or ()
    return {c["type"]: (c["status"], c["reason"]) for c in conditions}


def synced(stage: Stage, kind: str, name: str, namespace: str = SHOP) -> str:
    """Return what the Synced condition of a composite says, empty when that it is."""
    found = stage.condition(resource(kind), name, "Synced", namespace)
    return found.get("message", "") if found.get("status") == "False" else ""


def events(stage: Stage, name: str, reason: str) -> list[str]:
    """Return the messages of the events with *reason* about objects of *name*."""
    selector = f"--field-selector=involvedObject.name={name},reason={reason}"
    return [e["message"] for e in json.loads(stage.kubectl("get", "events", "-A", selector, "-o", "json"))["items"]]


def remove(stage: Stage, kind: str, *names: str, namespace: str = SHOP) -> None:
    """Delete composites, and return once they and all that they are composed of are gone."""
    place = ["-n", namespace] if namespace else []
    stage.kubectl("delete", resource(kind), *names, *place, "--wait=false")
    label = f"crossplane.io/composite in ({','.join(names)})"
    kinds = f"{resource(kind)},configmaps,services,deployments,secrets,nopresources,{LAMP}"
    eventually(
        lambda: stage.kubectl("get", kinds, "-A", "-l", label, "-o", "name") == "", f"nothing of {names} is left"
    )
