"""EKS as the emulator knows it: clusters and what is below them, as documents of AWS' form, with states that pass."""

import base64
from collections.abc import Mapping
from typing import Any, ClassVar

import moto.eks.models as moto_eks
import moto.eks.urls as moto_urls
from moto.core.base_backend import BaseBackend
from moto.core.utils import utcnow
from moto.ec2.models import ec2_backends
from moto.eks.exceptions import (
    InvalidParameterException,
    InvalidRequestException,
    ResourceInUseException,
    ResourceNotFoundException,
)
from moto.moto_api._internal import mock_random
from moto.utilities.utils import get_partition

from crosshead.devel.emulation.timeline import Delays, Timeline

Document = dict[str, Any]

LATEST = "1.34"
_PARTS = ("nodegroups", "addons", "associations", "entries")


class Cluster:
    """One cluster: what AWS says of it, and its parts by name."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.parts: dict[str, dict[str, Document]] = {part: {} for part in _PARTS}

    @property
    def is_active(self) -> bool:
        """Whether it can be used; moto asks that, too."""
        return bool(self.document["status"] == "ACTIVE")


class EKSBackend(BaseBackend):  # type: ignore[misc]  # moto ships no types
    """The clusters of one account and region."""

    # moto looks for it beside the module of the class, which ours is not.
    _url_module = moto_urls
    timeline: ClassVar[Timeline] = Timeline(Delays())

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.clusters: dict[str, Cluster] = {}
        self.partition = get_partition(region_name)

    def arn(self, *path: str) -> str:
        """Return the ARN of what *path* leads to."""
        return f"arn:{self.partition}:eks:{self.region_name}:{self.account_id}:{'/'.join(path)}"

    def cluster(self, name: str) -> Cluster:
        """Return a cluster that exists."""
        if name not in self.clusters:
            raise ResourceNotFoundException(message=f"No cluster found for name: {name}.")
        return self.clusters[name]

    def active(self, name: str) -> Cluster:
        """Return a cluster that something can be added to."""
        cluster = self.cluster(name)
        if not cluster.is_active:
            raise InvalidRequestException(message=f"Cluster '{name}' is not in ACTIVE status")
        return cluster

    def part(self, cluster: str, kind: str, name: str) -> Document:
        """Return a part of a cluster that exists."""
        parts = self.cluster(cluster).parts[kind]
        if name not in parts:
            raise ResourceNotFoundException(message=f"No {kind} found for name: {name}.")
        return parts[name]

    def create_cluster(self, asked: Document) -> Document:
        """Create a cluster."""
        name = asked["name"]
        if name in self.clusters:
            raise ResourceInUseException(message=f"Cluster already exists with name: {name}")
        self.clusters[name] = Cluster(self._cluster_document(asked))
        return self.become(self.clusters[name].document, "CREATING", self.timeline.delays.creating)

    def delete_cluster(self, name: str) -> Document:
        """Delete a cluster that nothing runs in."""
        cluster = self.cluster(name)
        if cluster.document.get("deletionProtection"):
            raise InvalidRequestException(message=f"Cluster {name} has deletion protection enabled")
        if cluster.parts["nodegroups"]:
            raise ResourceInUseException(message="Cluster has nodegroups attached")
        return self.leave(cluster.document, lambda: self.clusters.pop(name, None))

    def add(self, cluster: str, kind: str, name: str, document: Document) -> Document:
        """Add a part to a cluster."""
        parts = self.active(cluster).parts[kind]
        if name in parts:
            raise ResourceInUseException(message=f"{name} already exists in cluster {cluster}")
        parts[name] = document
        return self.become(document, "CREATING", self.timeline.delays.creating) if "status" in document else document

    def remove(self, cluster: str, kind: str, name: str) -> Document:
        """Take a part of a cluster away."""
        parts, document = self.cluster(cluster).parts[kind], self.part(cluster, kind, name)
        if "status" not in document:
            return parts.pop(name)
        return self.leave(document, lambda: parts.pop(name, None))

    def update(self, document: Document, changes: Mapping[str, Any]) -> Document:
        """Change a cluster or a part of one, which takes time, and no other change meanwhile."""
        if document.get("status", "ACTIVE") != "ACTIVE":
            raise ResourceInUseException(message=f"it is {document['status']}: another change is under way")
        for name, value in changes.items():
            document[name] = {**document[name], **value} if isinstance(document.get(name), dict) else value
        document["modifiedAt"] = utcnow()
        return self.become(document, "UPDATING", self.timeline.delays.modifying) if "status" in document else document

    def become(self, document: Document, state: str, seconds: float) -> Document:
        """Let *document* be in *state* for some time, and usable then."""
        document["status"] = state
        self.timeline.after(seconds, lambda: document.update(status="ACTIVE"))
        return document

    def leave(self, document: Document, end: Any) -> Document:  # noqa: ANN401 (whatever is called at the end)
        """Let *document* go, and call *end* when it is gone."""
        document["status"] = "DELETING"
        self.timeline.after(self.timeline.delays.deleting, end)
        return document

    def by_arn(self, arn: str) -> Document:
        """Return whatever has *arn*."""
        for cluster in self.clusters.values():
            for document in (cluster.document, *(one for parts in cluster.parts.values() for one in parts.values())):
                if arn in document.values():
                    return document
        raise ResourceNotFoundException(message=f"Resource was not found: {arn}")

    def _cluster_document(self, asked: Document) -> Document:
        name, id_ = asked["name"], mock_random.get_random_string(32, lower_case=True)
        issuer = f"https://oidc.eks.{self.region_name}.amazonaws.com/id/{id_.upper()}"
        return {
            **asked,
            "arn": self.arn("cluster", name),
            "createdAt": utcnow(),
            "version": asked.get("version") or LATEST,
            "endpoint": f"https://{id_}.gr7.{self.region_name}.eks.amazonaws.com",
            "resourcesVpcConfig": self._network(asked["resourcesVpcConfig"]),
            "kubernetesNetworkConfig": {
                "serviceIpv4Cidr": "172.20.0.0/16",
                "ipFamily": "ipv4",
                "elasticLoadBalancing": {"enabled": False},
                **(asked.get("kubernetesNetworkConfig") or {}),
            },
            "logging": asked.get("logging") or {"clusterLogging": []},
            "identity": {"oidc": {"issuer": issuer}},
            "certificateAuthority": {"data": base64.b64encode(f"-----{name}-----\n".encode()).decode()},
            "platformVersion": "eks.1",
            "tags": asked.get("tags") or {},
            "encryptionConfig": asked.get("encryptionConfig") or [],
            "accessConfig": {
                "authenticationMode": (asked.get("accessConfig") or {}).get("authenticationMode") or "API"
            },
            "upgradePolicy": asked.get("upgradePolicy") or {"supportType": "EXTENDED"},
            "deletionProtection": asked.get("deletionProtection") or False,
        }

    def _network(self, asked: Document) -> Document:
        known = ec2_backends[self.account_id][self.region_name].describe_subnets()
        places = {subnet.id: subnet.vpc_id for subnet in known}
        strangers = [subnet for subnet in asked["subnetIds"] if subnet not in places]
        if strangers:
            raise InvalidParameterException(message=f"The subnet ID '{strangers[0]}' does not exist")
        return {
            "endpointPublicAccess": True,
            "endpointPrivateAccess": False,
            "publicAccessCidrs": ["0.0.0.0/0"],
            "securityGroupIds": [],
            **asked,
            "vpcId": places[asked["subnetIds"][0]],
            "clusterSecurityGroupId": f"sg-{mock_random.get_random_hex(17)}",
        }


def install(timeline: Timeline) -> None:
    """Put these clusters in the place of moto's."""
    EKSBackend.timeline = timeline
    moto_eks.eks_backends.backend = EKSBackend
