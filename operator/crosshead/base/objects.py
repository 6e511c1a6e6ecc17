"""The one place that knows where Kubernetes keeps an object's name, labels, owners and conditions."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crosshead.base.names import PAUSED
from crosshead.base.values import Object


@dataclass(frozen=True, slots=True, order=True)
class Kind:
    """A group, version and kind, as `apiVersion` and `kind` spell it."""

    api_version: str
    kind: str

    @property
    def group(self) -> str:
        """The API group; empty for the core group."""
        return self.api_version.rpartition("/")[0]

    @property
    def version(self) -> str:
        """The version within the group."""
        return self.api_version.rpartition("/")[2]

    @property
    def group_kind(self) -> str:
        """`Kind.group` as Go's GroupKind prints it: the kind alone in the core group."""
        return f"{self.kind}.{self.group}" if self.group else self.kind

    def __str__(self) -> str:
        return f"{self.kind}.{self.api_version}"


@dataclass(frozen=True, slots=True, order=True)
class Ref:
    """Where an object is: its kind, its namespace (empty when cluster-scoped) and its name."""

    kind: Kind
    name: str
    namespace: str = ""

    def __str__(self) -> str:
        where = f" in namespace {self.namespace!r}" if self.namespace else ""
        return f"{self.kind.kind} {self.name!r}{where}"


def kind_of(obj: Object) -> Kind:
    """Return the kind of *obj*."""
    return Kind(obj["apiVersion"], obj["kind"])


def ref_of(obj: Object) -> Ref:
    """Return where *obj* is."""
    return Ref(kind_of(obj), name(obj), namespace(obj))


def _part(value: Any) -> Mapping[str, Any]:  # noqa: ANN401 (what functions and templates make may be anything)
    """Return *value* if there can be something in it; else, as to Go's unstructured objects, there is nothing."""
    # Nearly all are dicts, and to know that is much cheaper.
    return value if isinstance(value, (dict, Mapping)) else {}


def metadata(obj: Object) -> Mapping[str, Any]:
    """Return the metadata of *obj*, empty when it has none."""
    return _part(obj.get("metadata"))


def name(obj: Object) -> str:
    """Return the name of *obj*, empty when it has none yet."""
    return str(metadata(obj).get("name") or "")


def namespace(obj: Object) -> str:
    """Return the namespace of *obj*, empty when it is cluster-scoped."""
    return str(metadata(obj).get("namespace") or "")


def uid(obj: Object) -> str:
    """Return the UID of *obj*, empty before it was created."""
    return str(metadata(obj).get("uid") or "")


def resource_version(obj: Object) -> str:
    """Return the resource version of *obj*, empty before it was created."""
    return str(metadata(obj).get("resourceVersion") or "")


def generation(obj: Object) -> int:
    """Return the generation of *obj*; 0 before it was created."""
    return int(metadata(obj).get("generation") or 0)


def labels(obj: Object) -> Mapping[str, str]:
    """Return the labels of *obj*."""
    return _part(metadata(obj).get("labels"))


def annotations(obj: Object) -> Mapping[str, str]:
    """Return the annotations of *obj*."""
    return _part(metadata(obj).get("annotations"))


def finalizers(obj: Object) -> tuple[str, ...]:
    """Return the finalizers of *obj*, in order."""
    return tuple(metadata(obj).get("finalizers") or ())


def spec(obj: Object) -> Mapping[str, Any]:
    """Return the spec of *obj*, empty when it has none."""
    return _part(obj.get("spec"))


def status(obj: Object) -> Mapping[str, Any]:
    """Return the status of *obj*, empty when it has none."""
    return _part(obj.get("status"))


def is_deleting(obj: Object) -> bool:
    """Whether somebody has asked for *obj* to be deleted."""
    return bool(metadata(obj).get("deletionTimestamp"))


def is_paused(obj: Object) -> bool:
    """Whether reconciliation of *obj* is paused: the annotation must be exactly "true", as Crossplane has it."""
    return annotations(obj).get(PAUSED) == "true"


def controller(obj: Object) -> Mapping[str, Any] | None:
    """Return the owner reference of the controller of *obj*, or None."""
    owners = metadata(obj).get("ownerReferences") or ()
    return next((owner for owner in owners if owner.get("controller")), None)


def controller_uid(obj: Object) -> str:
    """Return the UID of the controller of *obj*, empty when it has none."""
    owner = controller(obj)
    return str(owner["uid"]) if owner else ""


def controller_reference(owner: Object) -> dict[str, Any]:
    """Return the owner reference that makes *owner* the controller of another object."""
    return {
        "apiVersion": owner["apiVersion"],
        "kind": owner["kind"],
        "name": name(owner),
        "uid": uid(owner),
        "controller": True,
        "blockOwnerDeletion": True,
    }
