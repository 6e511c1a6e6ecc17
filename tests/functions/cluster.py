"""Functions and FunctionRevisions as a runner sees them, and a runner for them."""

from dataclasses import dataclass, field

from crosshead.base import objects
from crosshead.definitions.packages import FUNCTION, FUNCTION_REVISION
from crosshead.functions.connections import Connections
from crosshead.functions.registry import BuiltIns
from crosshead.functions.runner import FunctionRunner

NONE = BuiltIns({})


@dataclass
class Installed:
    """What is installed; *unsynced* kinds are not known yet."""

    objects: list = field(default_factory=list)
    unsynced: set = field(default_factory=set)

    def get(self, ref):
        return next((obj for obj in self.objects if objects.ref_of(obj) == ref), None)

    def list(self, kind, namespace=""):
        return [o for o in self.objects if objects.kind_of(o) == kind and namespace in {"", objects.namespace(o)}]

    def is_synced(self, kind):
        return kind not in self.unsynced


def function(name="fn", package="registry.example.org/acme/function-acme:v1", target=None):
    annotations = {"render.crossplane.io/runtime": "Development"} if target is not None else {}
    if target:
        annotations["render.crossplane.io/runtime-development-target"] = target
    metadata = {"name": name, "annotations": annotations}
    return {"apiVersion": FUNCTION.api_version, "kind": "Function", "metadata": metadata, "spec": {"package": package}}


def revision(name="fn-1", of="fn", endpoint=None, state="Active", image="registry.example.org/acme/function-acme:v1"):
    return {
        "apiVersion": FUNCTION_REVISION.api_version,
        "kind": "FunctionRevision",
        "metadata": {"name": name, "labels": {"pkg.crossplane.io/package": of}},
        "spec": {"desiredState": state, "image": image, "revision": 1},
        "status": {"endpoint": endpoint} if endpoint else {},
    }


def runner_at(target, *, timeout=5.0, built_ins=NONE, **options):
    """Return a runner of one function `fn`, which runs at *target*."""
    return FunctionRunner(Installed([function(target=target)]), built_ins, Connections(**options), timeout=timeout)
