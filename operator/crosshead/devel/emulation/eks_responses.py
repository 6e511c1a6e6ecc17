"""The operations of EKS' API, over the documents of the store."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

import moto.eks.responses as moto_responses
import moto.eks.urls as moto_urls
from moto.core.responses import ActionResult, EmptyResult
from moto.core.utils import utcnow
from moto.eks.exceptions import InvalidParameterException
from moto.moto_api._internal import mock_random

from crosshead.devel.emulation import eks_store
from crosshead.devel.emulation.eks_store import Document
from crosshead.devel.emulation.timeline import Timeline

# What may change together in one call; of two groups, AWS takes one.
_AUTOMATIC = frozenset({"computeConfig", "kubernetesNetworkConfig", "storageConfig"})
_REACH = frozenset({"endpointPublicAccess", "endpointPrivateAccess", "publicAccessCidrs"})
_PATHS = (
    "clusters/(?P<name>[^/]+)/updates",
    "clusters/(?P<name>[^/]+)/encryption-config/associate",
    "clusters/(?P<name>[^/]+)/node-groups/(?P<nodegroupName>[^/]+)/update-version",
    "clusters/(?P<name>[^/]+)/addons",
    "clusters/(?P<name>[^/]+)/addons/(?P<addonName>[^/]+)",
    "clusters/(?P<name>[^/]+)/addons/(?P<addonName>[^/]+)/update",
    "clusters/(?P<name>[^/]+)/pod-identity-associations",
    "clusters/(?P<name>[^/]+)/pod-identity-associations/(?P<associationId>[^/]+)",
    "clusters/(?P<name>[^/]+)/access-entries",
    "clusters/(?P<name>[^/]+)/access-entries/(?P<principalArn>.+)",
)


class EKSResponse(moto_responses.EKSResponse):  # type: ignore[misc]  # moto ships no types
    """One request; moto finds the method by the name of the operation."""

    def create_cluster(self) -> Any:  # noqa: ANN401, D102
        return ActionResult({"cluster": self.eks_backend.create_cluster(self._body())})

    def list_clusters(self) -> Any:  # noqa: ANN401, D102
        return ActionResult({"clusters": list(self.eks_backend.clusters)})

    def describe_cluster(self) -> Any:  # noqa: ANN401, D102
        return ActionResult({"cluster": self.eks_backend.cluster(self._part(2)).document})

    def delete_cluster(self) -> Any:  # noqa: ANN401, D102
        return ActionResult({"cluster": self.eks_backend.delete_cluster(self._part(2))})

    def update_cluster_config(self) -> Any:  # noqa: ANN401, D102
        changes = self._body()
        if len(set(_groups(changes))) > 1:
            raise InvalidParameterException(message="Only one type of update can be allowed.")
        return self._updated(self.eks_backend.cluster(self._part(2)).document, changes)

    def update_cluster_version(self) -> Any:  # noqa: ANN401, D102
        return self._updated(self.eks_backend.cluster(self._part(2)).document, {"version": self._body()["version"]})

    def associate_encryption_config(self) -> Any:  # noqa: ANN401, D102
        return self._updated(self.eks_backend.cluster(self._part(2)).document, self._body())

    def create_nodegroup(self) -> Any:  # noqa: ANN401, D102
        cluster, asked = self._part(2), self._body()
        document = self._nodegroup(cluster, asked)
        return ActionResult(
            {"nodegroup": self.eks_backend.add(cluster, "nodegroups", asked["nodegroupName"], document)}
        )

    def list_nodegroups(self) -> Any:  # noqa: ANN401, D102
        return ActionResult({"nodegroups": list(self.eks_backend.cluster(self._part(2)).parts["nodegroups"])})

    def describe_nodegroup(self) -> Any:  # noqa: ANN401, D102
        return ActionResult({"nodegroup": self._found("nodegroups")})

    def delete_nodegroup(self) -> Any:  # noqa: ANN401, D102
        return ActionResult({"nodegroup": self.eks_backend.remove(self._part(2), "nodegroups", self._part(4))})

    def update_nodegroup_config(self) -> Any:  # noqa: ANN401, D102
        group, asked = self._found("nodegroups"), self._body()
        labels, taints = asked.pop("labels", None) or {}, asked.pop("taints", None) or {}
        if labels:
            gone = set(labels.get("removeLabels") or ())
            group["labels"] = {key: value for key, value in group["labels"].items() if key not in gone}
            asked["labels"] = labels.get("addOrUpdateLabels") or {}
        if taints:
            asked["taints"] = _retainted(group["taints"], taints)
        return self._updated(group, asked)

    def update_nodegroup_version(self) -> Any:  # noqa: ANN401, D102
        asked = {name: value for name, value in self._body().items() if name not in {"force", "clientRequestToken"}}
        return self._updated(self._found("nodegroups"), asked)

    def create_addon(self) -> Any:  # noqa: ANN401, D102
        cluster, asked = self._part(2), self._body()
        document = {
            "addonVersion": "v1.0.0-eksbuild.1",
            **{name: value for name, value in asked.items() if name != "resolveConflicts"},
            "clusterName": cluster,
            "addonArn": self.eks_backend.arn("addon", cluster, asked["addonName"], mock_random.get_random_hex(8)),
            "status": "",
            "createdAt": utcnow(),
            "modifiedAt": utcnow(),
            "podIdentityAssociations": [],
        }
        added = self.eks_backend.add(cluster, "addons", asked["addonName"], document)
        self._associate(cluster, added, asked.get("podIdentityAssociations") or [])
        return ActionResult({"addon": added})

    def describe_addon(self) -> Any:  # noqa: ANN401, D102
        return ActionResult({"addon": self._found("addons")})

    def update_addon(self) -> Any:  # noqa: ANN401, D102
        addon, asked = self._found("addons"), self._body()
        asked.pop("resolveConflicts", None)
        if (associations := asked.pop("podIdentityAssociations", None)) is not None:
            self._associate(self._part(2), addon, associations)
        return self._updated(addon, asked)

    def delete_addon(self) -> Any:  # noqa: ANN401, D102
        self._associate(self._part(2), self._found("addons"), [])
        return ActionResult({"addon": self.eks_backend.remove(self._part(2), "addons", self._part(4))})

    def create_pod_identity_association(self) -> Any:  # noqa: ANN401, D102
        return ActionResult({"association": self._new_association(self._part(2), self._body())})

    def describe_pod_identity_association(self) -> Any:  # noqa: ANN401, D102
        return ActionResult({"association": self._found("associations")})

    def list_pod_identity_associations(self) -> Any:  # noqa: ANN401, D102
        wanted = {name: self._get_param(name) for name in ("namespace", "serviceAccount") if self._get_param(name)}
        found = self.eks_backend.cluster(self._part(2)).parts["associations"].values()
        return ActionResult({"associations": [one for one in found if wanted.items() <= one.items()]})

    def update_pod_identity_association(self) -> Any:  # noqa: ANN401, D102
        return ActionResult({"association": self.eks_backend.update(self._found("associations"), self._body())})

    def delete_pod_identity_association(self) -> Any:  # noqa: ANN401, D102
        return ActionResult({"association": self.eks_backend.remove(self._part(2), "associations", self._part(4))})

    def create_access_entry(self) -> Any:  # noqa: ANN401, D102
        cluster, asked = self._part(2), self._body()
        principal = asked["principalArn"]
        document = {
            "kubernetesGroups": [],
            "type": "STANDARD",
            "username": principal,
            "tags": {},
            **asked,
            "clusterName": cluster,
            "accessEntryArn": self.eks_backend.arn("access-entry", cluster, "role", mock_random.get_random_hex(8)),
            "createdAt": utcnow(),
            "modifiedAt": utcnow(),
        }
        return ActionResult({"accessEntry": self.eks_backend.add(cluster, "entries", principal, document)})

    def describe_access_entry(self) -> Any:  # noqa: ANN401, D102
        return ActionResult({"accessEntry": self._entry()})

    def update_access_entry(self) -> Any:  # noqa: ANN401, D102
        return ActionResult({"accessEntry": self.eks_backend.update(self._entry(), self._body())})

    def delete_access_entry(self) -> Any:  # noqa: ANN401, D102
        self.eks_backend.remove(self._part(2), "entries", self._principal())
        return EmptyResult()

    def tag_resource(self) -> Any:  # noqa: ANN401, D102
        document = self.eks_backend.by_arn(self._extract_arn_from_path())
        document["tags"] = {**(document.get("tags") or {}), **self._body()["tags"]}
        return EmptyResult()

    def untag_resource(self) -> Any:  # noqa: ANN401, D102
        document, keys = self.eks_backend.by_arn(self._extract_arn_from_path()), set(self.querystring["tagKeys"])
        document["tags"] = {key: value for key, value in document["tags"].items() if key not in keys}
        return EmptyResult()

    def _body(self) -> Document:
        asked: Document = json.loads(self.body or "{}")
        asked.pop("clientRequestToken", None)
        return asked

    def _part(self, index: int) -> str:
        """Return a part of the path `/clusters/<name>/addons/<name>`, of which the first is empty."""
        return unquote(self.path.split("/")[index])

    def _found(self, kind: str) -> Document:
        found: Document = self.eks_backend.part(self._part(2), kind, self._part(4))
        return found

    def _principal(self) -> str:
        return unquote("/".join(self.path.split("/")[4:]))

    def _entry(self) -> Document:
        found: Document = self.eks_backend.part(self._part(2), "entries", self._principal())
        return found

    def _updated(self, document: Document, changes: Mapping[str, Any]) -> Any:  # noqa: ANN401  # moto's
        self.eks_backend.update(document, changes)
        return ActionResult({"update": {"id": str(mock_random.uuid4()), "status": "InProgress"}})

    def _new_association(self, cluster: str, asked: Document) -> Document:
        parts = self.eks_backend.cluster(cluster).parts["associations"].values()
        whose = {name: asked[name] for name in ("namespace", "serviceAccount")}
        id_ = next((one["associationId"] for one in parts if whose.items() <= one.items()), "")
        id_ = id_ or f"a-{mock_random.get_random_hex(17)}"
        document = {
            "tags": {},
            "disableSessionTags": False,
            **asked,
            "clusterName": cluster,
            "associationId": id_,
            "associationArn": self.eks_backend.arn("podidentityassociation", cluster, id_),
            "createdAt": utcnow(),
        }
        added: Document = self.eks_backend.add(cluster, "associations", id_, document)
        return added

    def _associate(self, cluster: str, addon: Document, wanted: list[Document]) -> None:
        """Let the service accounts of an add-on have the roles that are *wanted*, and no others."""
        parts = self.eks_backend.cluster(cluster).parts["associations"]
        for arn in addon["podIdentityAssociations"]:
            parts.pop(arn.rpartition("/")[2], None)
        made = [self._new_association(cluster, {"namespace": "kube-system", **one}) for one in wanted]
        addon["podIdentityAssociations"] = [one["associationArn"] for one in made]

    def _nodegroup(self, cluster: str, asked: Document) -> Document:
        version = asked.get("version") or self.eks_backend.cluster(cluster).document["version"]
        name, id_ = asked["nodegroupName"], str(mock_random.uuid4())
        templated = "launchTemplate" in asked
        return {
            "capacityType": "ON_DEMAND",
            "amiType": "AL2023_x86_64_STANDARD",
            "releaseVersion": f"{version}.0-20260101",
            "scalingConfig": {"minSize": 2, "maxSize": 2, "desiredSize": 2},
            "updateConfig": {"maxUnavailable": 1},
            "labels": {},
            "taints": [],
            "tags": {},
            **({} if templated else {"instanceTypes": ["t3.medium"], "diskSize": 20}),
            **asked,
            "version": version,
            "clusterName": cluster,
            "nodegroupArn": self.eks_backend.arn("nodegroup", cluster, name, id_),
            "createdAt": utcnow(),
            "modifiedAt": utcnow(),
            "status": "",
            "health": {"issues": []},
            "resources": {"autoScalingGroups": [{"name": f"eks-{name}-{id_}"}]},
        }


def _groups(changes: Mapping[str, Any]) -> list[str]:
    """Return the kinds of change that AWS would see in *changes*."""
    names = ["automatic" if name in _AUTOMATIC else name for name in changes if name != "resourcesVpcConfig"]
    network = changes.get("resourcesVpcConfig") or {}
    return [*names, *("reach" if name in _REACH else "place" for name in network)]


def _retainted(taints: list[Document], changes: Mapping[str, list[Document]]) -> list[Document]:
    new = changes.get("addOrUpdateTaints") or []
    old = {(one["key"], one["effect"]) for one in [*new, *(changes.get("removeTaints") or [])]}
    return [*(one for one in taints if (one["key"], one["effect"]) not in old), *new]


def install(timeline: Timeline) -> None:
    """Put this EKS in the place of moto's."""
    eks_store.install(timeline)
    for path in list(moto_urls.url_paths):
        moto_urls.url_paths[path] = EKSResponse.dispatch
    for path in _PATHS:
        moto_urls.url_paths[f"{{0}}/{path}$"] = EKSResponse.dispatch
