"""
Which URL a kind is served at: its plural, and whether it is namespaced.

The CRDs that the cache shows answer for free, a table knows the kinds of Kubernetes that we use ourselves, and the API
server is asked once for the rest.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from crosshead.base.errors import AbsentError
from crosshead.base.objects import Kind
from crosshead.base.values import Object

CRD: Final = Kind("apiextensions.k8s.io/v1", "CustomResourceDefinition")
EVENT: Final = Kind("v1", "Event")
LEASE: Final = Kind("coordination.k8s.io/v1", "Lease")
SECRET: Final = Kind("v1", "Secret")


@dataclass(frozen=True, slots=True)
class Resource:
    """How the API server's URLs spell a kind."""

    kind: Kind
    plural: str
    namespaced: bool

    @property
    def crd(self) -> str:
        """The name of the CustomResourceDefinition, if it is a custom resource."""
        return f"{self.plural}.{self.kind.group}"

    def path(self, name: str = "", namespace: str = "", subresource: str = "") -> str:
        """Return the path of one object, or of all when no name is given."""
        parts = [group_path(self.kind.api_version)]
        if self.namespaced and namespace:
            parts += ["namespaces", quote(namespace, safe="")]
        parts.append(self.plural)
        parts += [quote(part, safe="") for part in (name, subresource) if part]
        return "/".join(parts)


_KNOWN: Final[Mapping[Kind, Resource]] = {
    resource.kind: resource
    for resource in (
        Resource(CRD, "customresourcedefinitions", namespaced=False),
        Resource(EVENT, "events", namespaced=True),
        Resource(LEASE, "leases", namespaced=True),
        Resource(SECRET, "secrets", namespaced=True),
        Resource(Kind("v1", "ConfigMap"), "configmaps", namespaced=True),
        Resource(Kind("v1", "Namespace"), "namespaces", namespaced=False),
        Resource(Kind("v1", "Service"), "services", namespaced=True),
        Resource(Kind("v1", "ServiceAccount"), "serviceaccounts", namespaced=True),
        Resource(Kind("apps/v1", "Deployment"), "deployments", namespaced=True),
        Resource(Kind("rbac.authorization.k8s.io/v1", "ClusterRole"), "clusterroles", namespaced=False),
        Resource(Kind("rbac.authorization.k8s.io/v1", "ClusterRoleBinding"), "clusterrolebindings", namespaced=False),
    )
}


class Discovery:
    """
    What is known of the kinds' URLs.

    :param read: return the JSON document at a path of the API server; raises `AbsentError` when there is none.
    """

    def __init__(self, read: Callable[[str], Object]) -> None:
        self._read = read
        self._lock = threading.Lock()
        self._asked: dict[Kind, Resource] = {}
        self._crds: dict[tuple[str, str], tuple[str, bool]] = {}

    def find(self, kind: Kind) -> Resource:
        """Return how *kind* is served. Raises `AbsentError` when the API server does not serve it."""
        if kind in _KNOWN:
            return _KNOWN[kind]
        with self._lock:
            known = self._crds.get((kind.group, kind.kind))
            asked = self._asked.get(kind)
        if known:
            return Resource(kind, *known)
        return asked or self._ask(kind)

    def forget(self, kind: Kind) -> None:
        """Ask the API server again when *kind* is next needed: what we know of it was wrong."""
        with self._lock:
            self._asked.pop(kind, None)

    def learn(self, old: Object | None, new: Object | None) -> None:
        """Take note of a CRD that has come, changed or gone (listens to the cache; other kinds are ignored)."""
        crd = new or old
        if crd is None or crd.get("kind") != CRD.kind or crd.get("apiVersion") != CRD.api_version:
            return
        spec = crd["spec"]
        key = (spec["group"], spec["names"]["kind"])
        with self._lock:
            if new is None:
                self._crds.pop(key, None)
            else:
                self._crds[key] = (spec["names"]["plural"], spec["scope"] == "Namespaced")

    def _ask(self, kind: Kind) -> Resource:
        served = self._read(group_path(kind.api_version)).get("resources") or ()
        for entry in served:
            if entry["kind"] == kind.kind and "/" not in entry["name"]:
                found = Resource(kind, entry["name"], bool(entry["namespaced"]))
                with self._lock:
                    self._asked[kind] = found
                return found
        raise AbsentError(f"the API server serves no kind {kind.kind!r} in {kind.api_version!r}")


def is_built_in(kind: Kind) -> bool:
    """Whether *kind* is one that every cluster serves, whatever it says while it starts."""
    return kind in _KNOWN


def group_path(api_version: str) -> str:
    """Return the path below which the kinds of *api_version* are served."""
    return f"/apis/{api_version}" if "/" in api_version else f"/api/{api_version}"
