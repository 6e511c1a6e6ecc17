"""The objects of these tests."""

from typing import Any

from crosshead.base.objects import Kind, Ref

THING = Kind("example.org/v1", "Thing")
THINGS = "/apis/example.org/v1/things"
NAMESPACED = "/apis/example.org/v1/namespaces/team/things"


def thing(name: str = "one", version: str = "1", uid: str = "", **meta: Any) -> dict[str, Any]:
    """A namespaced object; its UID follows from its name."""
    return {
        "apiVersion": THING.api_version,
        "kind": THING.kind,
        "metadata": {
            "name": name,
            "namespace": "team",
            "uid": uid or f"uid-of-{name}",
            "resourceVersion": version,
            **meta,
        },
    }


def ref(name: str = "one") -> Ref:
    return Ref(THING, name, "team")


def owned_by(uid: str) -> list[dict[str, Any]]:
    return [{"apiVersion": "example.org/v1", "kind": "Owner", "name": "o", "uid": uid, "controller": True}]


def crd(uid: str = "crd-1", *, established: bool = True, served: bool = True) -> dict[str, Any]:
    """The definition of `THING`."""
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "things.example.org", "uid": uid, "resourceVersion": "5"},
        "spec": {
            "group": "example.org",
            "scope": "Namespaced",
            "names": {"plural": "things", "singular": "thing", "kind": "Thing", "listKind": "ThingList"},
            "versions": [{"name": "v1", "served": served, "storage": True, "schema": {"openAPIV3Schema": OPEN}}],
        },
        "status": {"conditions": [{"type": "Established", "status": str(established)}]},
    }


OPEN = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}

DISCOVERED = {
    "kind": "APIResourceList",
    "resources": [
        {"name": "things", "kind": "Thing", "namespaced": True},
        {"name": "things/status", "kind": "Thing", "namespaced": True},
        {"name": "owners", "kind": "Owner", "namespaced": False},
    ],
}
