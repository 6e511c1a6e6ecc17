"""
What a CompositeResourceDefinition says, read in one place.

Defaults are those of the XRD's own CRD, so that an XRD from a file reads like one from the API server.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from crosshead.base import objects
from crosshead.base.errors import StalledError
from crosshead.base.objects import Kind
from crosshead.base.values import Object
from crosshead.definitions.placing import LEGACY, MODERN, Machinery

V1: Final = "apiextensions.crossplane.io/v1"
V2: Final = "apiextensions.crossplane.io/v2"
"""The XRD's own versions. They differ in what scope an XRD has that does not say it; v1 is stored."""

LEGACY_CLUSTER: Final = "LegacyCluster"
NAMESPACED: Final = "Namespaced"
CLUSTER: Final = "Cluster"

RENDER_CRD = "RenderCRD"
"""The reason of every error that an XRD is to blame for, as Crossplane's events have it."""


def group(xrd: Object) -> str:
    """Return the API group of the defined kinds."""
    return str(objects.spec(xrd).get("group") or "")


def names(xrd: Object) -> Mapping[str, Any]:
    """Return the names of the composite's kind."""
    return objects.spec(xrd).get("names") or {}


def scope(xrd: Object) -> str:
    """
    Return LegacyCluster, Namespaced or Cluster: where composites live, and of which generation they are.

    An XRD that does not say it is of the scope that its apiVersion implies.
    """
    implied = NAMESPACED if xrd.get("apiVersion") == V2 else LEGACY_CLUSTER
    return str(objects.spec(xrd).get("scope") or implied)


def machinery(xrd: Object) -> Machinery:
    """Return where the composites of *xrd* keep their machinery."""
    return LEGACY if scope(xrd) == LEGACY_CLUSTER else MODERN


def is_namespaced(xrd: Object) -> bool:
    """Whether the composites of *xrd* live in namespaces, and so does what they are composed of."""
    return scope(xrd) == NAMESPACED


def claim_names(xrd: Object) -> Mapping[str, Any] | None:
    """Return the names of the claim's kind, None when the XRD offers no claims."""
    return objects.spec(xrd).get("claimNames")


def versions(xrd: Object) -> Sequence[Mapping[str, Any]]:
    """Return the versions of the defined kinds, in the author's order."""
    return objects.spec(xrd).get("versions") or ()


def referenceable_versions(xrd: Object) -> Sequence[str]:
    """Return the names of the versions that are marked referenceable; a sound XRD has exactly one."""
    return [str(version.get("name")) for version in versions(xrd) if version.get("referenceable")]


def referenceable_version(xrd: Object) -> str:
    """
    Return the name of the version that Compositions refer to, and that is stored.

    Of several it is the last, as it is for Crossplane: `checking` refuses such an XRD, but whoever looks up the kinds
    of all XRDs must not fall over one.
    """
    marked = referenceable_versions(xrd)
    if not marked:
        why = "exactly one of spec.versions must be referenceable, but none is"
        raise StalledError(RENDER_CRD, f"CompositeResourceDefinition {objects.name(xrd)!r}: {why}")
    return marked[-1]


def composite_kind(xrd: Object) -> Kind:
    """Return the kind of the composites, in the version that Compositions refer to."""
    return Kind(f"{group(xrd)}/{referenceable_version(xrd)}", str(names(xrd).get("kind") or ""))


def claim_kind(xrd: Object) -> Kind | None:
    """Return the kind of the claims, in the version that Compositions refer to; None when the XRD offers no claims."""
    claim = claim_names(xrd)
    return Kind(f"{group(xrd)}/{referenceable_version(xrd)}", str(claim.get("kind") or "")) if claim else None


def composite_crd_name(xrd: Object) -> str:
    """Return the name of the composite's CRD: that of the XRD, so that the API server refuses a misnamed XRD's CRD."""
    return objects.name(xrd)


def claim_crd_name(xrd: Object) -> str | None:
    """Return the name of the claim's CRD, None when the XRD offers no claims."""
    claim = claim_names(xrd)
    return f"{claim.get('plural')}.{group(xrd)}" if claim else None


def stored_kind(crd: Object) -> Kind:
    """Return the kind of *crd* in the version it is stored in: what is left to delete whatever the XRD says by now."""
    spec = objects.spec(crd)
    stored = next(version["name"] for version in spec["versions"] if version["storage"])
    return Kind(f"{spec['group']}/{stored}", spec["names"]["kind"])


def machinery_of(crd: Object) -> Machinery:
    """Return where the composites of *crd*, a CRD that an XRD has made, keep their machinery."""
    stored = next(version for version in objects.spec(crd)["versions"] if version["storage"])
    spec = stored["schema"]["openAPIV3Schema"]["properties"]["spec"]["properties"]
    # An author may have a field of that name too, but hardly with references in it.
    return MODERN if "resourceRefs" in (spec.get("crossplane") or {}).get("properties", {}) else LEGACY


def connection_secret_keys(xrd: Object) -> frozenset[str]:
    """Return the keys that connection secrets may have; when it is empty, they may have any."""
    return frozenset(objects.spec(xrd).get("connectionSecretKeys") or ())


def default_composition_ref(xrd: Object) -> str:
    """Return the name of the Composition of composites that choose none, empty when there is none."""
    return _name(objects.spec(xrd).get("defaultCompositionRef"))


def enforced_composition_ref(xrd: Object) -> str:
    """Return the name of the Composition of all composites, empty when they may choose."""
    return _name(objects.spec(xrd).get("enforcedCompositionRef"))


def default_composite_delete_policy(xrd: Object) -> str:
    """Return Background or Foreground: how claims that do not say otherwise delete their composite."""
    return str(objects.spec(xrd).get("defaultCompositeDeletePolicy") or "Background")


def default_update_policy(xrd: Object) -> str:
    """Return Automatic or Manual: whether composites that do not say otherwise follow the latest revision."""
    return str(objects.spec(xrd).get("defaultCompositionUpdatePolicy") or "Automatic")


def default_revision_selector(xrd: Object) -> Mapping[str, Any] | None:
    """Return the selector of revisions of composites that have none of their own, if there is one."""
    return objects.spec(xrd).get("defaultCompositionRevisionSelector") or None


def _name(ref: Mapping[str, Any] | None) -> str:
    return str((ref or {}).get("name") or "")
