"""
EKS: clusters, and access to them.

https://docs.aws.amazon.com/eks/latest/APIReference/
"""

from typing import Final

from crosshead.aws.calls import Call, Create, Delete, Read, Refusal, Update
from crosshead.aws.descriptor import Descriptor, Field, Shown, sent
from crosshead.aws.kinds.eks_cluster_fields import FIELDS, SHOWN_VPC, changes
from crosshead.aws.kinds.eks_idiom import CLUSTER, EXISTS, TAGGING, states
from crosshead.aws.kinds.eks_kubeconfig import access
from crosshead.aws.minting import Minting
from crosshead.aws.pointing import ARN, ID, ROLE, SECURITY_GROUP, SUBNET, many, one, within
from crosshead.aws.shapes import Block, Member
from crosshead.base.values import Object
from crosshead.managed.facts import Naming

_NAMED: Final = {"name": "id"}


_EKS_CLUSTER: Final = Descriptor(
    service="eks",
    kind="Cluster",
    plural="clusters",
    versions=("v1beta1", "v1beta2"),
    naming=Naming.BY_US,
    identity="name",
    reads=(Read(Call("describe_cluster", _NAMED), "merge(cluster, {ClusterId: cluster.id})"),),
    creates=(Create(Call("create_cluster", _NAMED), "cluster.name"),),
    updates=(
        Update(call=Call("update_cluster_config", _NAMED), plan=changes),
        Update(call=Call("update_cluster_version", {**_NAMED, "force": "spec.forceUpdateVersion"})),
        Update(call=Call("associate_encryption_config", {"clusterName": "id"})),
    ),
    exists=EXISTS,
    delete=Delete(
        refusals=(
            Refusal("record.deletionProtection", "it is protected: set spec.forProvider.deletionProtection to false"),
        ),
        call=Call("delete_cluster", _NAMED),
    ),
    readiness=states(FAILED="see its health in AWS, then delete it and create another"),
    tagging=TAGGING,
    fields=FIELDS,
    required=("vpcConfig",),
    references=(
        one("roleArn", ROLE, ARN),
        within("vpcConfig[0]", many("securityGroupIds", SECURITY_GROUP)),
        within("vpcConfig[0]", many("subnetIds", SUBNET)),
    ),
    minted=Minting(make=access),
    shown=(
        Shown("arn", "arn"),
        Shown(
            "certificateAuthority",
            "certificateAuthority",
            Block((Member("data", "data"),), single=True, lone=False),
        ),
        # Only clusters on an Outpost have one.
        Shown("clusterId", "ClusterId"),
        Shown("createdAt", "createdAt"),
        Shown("endpoint", "endpoint"),
        # Upstream shows nothing before it can be used, and what stands on it waits for this.
        Shown("id", "status != 'CREATING' && name || null"),
        Shown(
            "identity",
            "identity",
            Block(
                (Member("oidc", "oidc", Block((Member("issuer", "issuer"),), single=True, lone=False)),),
                single=True,
                lone=False,
            ),
        ),
        Shown("platformVersion", "platformVersion"),
        Shown("status", "status"),
        Shown("vpcConfig", "resourcesVpcConfig", SHOWN_VPC),
    ),
)


def _of_cluster(scene: Object) -> Object:
    """Access is called as its cluster is, before and after we have it."""
    return {"id": scene["id"] or scene["spec"].get("clusterName")}


_CLUSTER_AUTH: Final = Descriptor(
    service="eks",
    kind="ClusterAuth",
    plural="clusterauths",
    naming=Naming.BY_PROVIDER,
    identity="name",
    names=_of_cluster,
    reads=(Read(Call("describe_cluster", _NAMED), "cluster"),),
    # Nothing of AWS' is created: we have access already, and sign for it.
    creates=(Create(Call("describe_cluster", {"name": "spec.clusterName"}), "cluster.name"),),
    delete=Delete(call=Call("describe_cluster", when="`false`"), resets=True),
    readiness=states(FAILED="see the health of the cluster in AWS"),
    fields=(Field(name="clusterName", read="name"), sent("refreshPeriod")),
    references=(one("clusterName", CLUSTER, ID),),
    minted=Minting(make=access, period="refreshPeriod", shown="lastRefreshTime"),
    shown=(Shown("lastRefreshTime", "LastRefreshTime"),),
)

KINDS: Final = (_EKS_CLUSTER, _CLUSTER_AUTH)
