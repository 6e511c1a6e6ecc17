"""What the cache leaves out of an object: what nobody reads and everybody would pay memory for."""

from crosshead.base import names, objects
from crosshead.base.values import Object
from crosshead.kube.discovery import CRD

# Our field owners: what they own tells whether an apply would change anything.
_OUR_OWNERS = ("apiextensions.crossplane.io/", names.MANAGED_OWNER)
_XRD = "CompositeResourceDefinition"


def shrink(obj: Object) -> Object:
    """Return what the cache keeps of *obj*."""
    entries = objects.metadata(obj).get("managedFields")
    if entries:
        kept = [entry for entry in entries if str(entry.get("manager", "")).startswith(_OUR_OWNERS)]
        if len(kept) < len(entries):
            obj = {**obj, "metadata": {**obj["metadata"], "managedFields": kept}}
    return _without_schemas(obj) if _is_foreign_crd(obj) else obj


def _is_foreign_crd(obj: Object) -> bool:
    if obj.get("kind") != CRD.kind or obj.get("apiVersion") != CRD.api_version:
        return False
    owner = objects.controller(obj)
    return owner is None or owner.get("kind") != _XRD


def _without_schemas(crd: Object) -> Object:
    versions = [{k: v for k, v in version.items() if k != "schema"} for version in crd["spec"].get("versions") or ()]
    return {**crd, "spec": {**crd["spec"], "versions": versions}}
