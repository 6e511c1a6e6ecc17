"""
EKS: groups of nodes.

https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateNodegroup.html
"""

from typing import Final

from crosshead.aws.calls import Call, Create, Delete, Read, Update
from crosshead.aws.comparing import version
from crosshead.aws.descriptor import Descriptor, Field, Shown, fixed, sent, settable
from crosshead.aws.kinds.eks_idiom import CLUSTER, EXISTS, TAGGING, states
from crosshead.aws.pointing import ARN, ID, ROLE, SECURITY_GROUP, SUBNET, many, one, within
from crosshead.aws.shapes import FLAG, NUMBER, TEXT, Block, Map, Member, Texts
from crosshead.base.values import Json, Object
from crosshead.managed.facts import Naming

_GROUP: Final = {"clusterName": "cluster", "nodegroupName": "id"}


def _names(scene: Object) -> Object:
    """A group is called what the annotation says, its cluster stands beside it; an import may give `cluster:group`."""
    cluster, colon, name = (scene["id"] or "").rpartition(":")
    return {"id": name if colon else scene["id"], "cluster": scene["spec"].get("clusterName") or cluster or None}


def _relabelled(declared: Json, found: Json) -> Object:
    """AWS wants what is new or other, and the keys of what is not wanted any more."""
    new = {key: value for key, value in declared.items() if (found or {}).get(key) != value}
    old = sorted(set(found or {}) - set(declared))
    return {"labels": {**({"addOrUpdateLabels": new} if new else {}), **({"removeLabels": old} if old else {})}}


def _tainted_otherwise(declared: Json, found: Json) -> Object:
    new = [taint for taint in declared if taint not in (found or ())]
    kept = {(taint["key"], taint["effect"]) for taint in declared}
    old = [taint for taint in found or () if (taint["key"], taint["effect"]) not in kept]
    return {"taints": {**({"addOrUpdateTaints": new} if new else {}), **({"removeTaints": old} if old else {})}}


def _numbers(*names: str) -> tuple[Member, ...]:
    return tuple(Member(name, name, NUMBER) for name in names)


_REPAIR: Final = Block(
    (
        Member("enabled", "enabled", FLAG),
        *_numbers(
            "maxParallelNodesRepairedCount",
            "maxParallelNodesRepairedPercentage",
            "maxUnhealthyNodeThresholdCount",
            "maxUnhealthyNodeThresholdPercentage",
        ),
        Member(
            "nodeRepairConfigOverrides",
            "nodeRepairConfigOverrides",
            Block(
                (
                    *_numbers("minRepairWaitTimeMins"),
                    Member("nodeMonitoringCondition", "nodeMonitoringCondition"),
                    Member("nodeUnhealthyReason", "nodeUnhealthyReason"),
                    Member("repairAction", "repairAction"),
                )
            ),
        ),
    ),
    single=True,
)
_UPDATING: Final = Block(
    (*_numbers("maxUnavailable", "maxUnavailablePercentage"), Member("updateStrategy", "updateStrategy")), single=True
)

_FIELDS: Final = (
    fixed("amiType", TEXT, "amiType"),
    fixed("capacityType", TEXT, "capacityType"),
    Field(name="clusterName", read="clusterName"),
    fixed("diskSize", NUMBER, "diskSize"),
    sent("forceUpdateVersion", FLAG),
    fixed("instanceTypes", Texts(ordered=True), "instanceTypes"),
    Field(name="labels", shape=Map(), create="labels", modify="labels", read="labels", absent={}, change=_relabelled),
    Field(
        name="launchTemplate",
        shape=Block((Member("id", "id"), Member("name", "name"), Member("version", "version")), single=True),
        create="launchTemplate",
        modify="launchTemplate",
        read="launchTemplate",
        via="update_nodegroup_version",
        frozen=("id", "name"),
    ),
    Field(
        name="nodeRepairConfig",
        shape=_REPAIR,
        create="nodeRepairConfig",
        modify="nodeRepairConfig",
        read="nodeRepairConfig",
        absent=[{"enabled": False}],
        late=False,
    ),
    fixed("nodeRoleArn", TEXT, "nodeRole"),
    # AWS releases images all the time: the release is what it is, unless somebody asks for another.
    Field(
        name="releaseVersion",
        create="releaseVersion",
        modify="releaseVersion",
        read="releaseVersion",
        via="update_nodegroup_version",
        late=False,
    ),
    fixed(
        "remoteAccess",
        Block(
            (
                Member("ec2SshKey", "ec2SshKey"),
                Member("sourceSecurityGroupIds", "sourceSecurityGroups", Texts()),
            ),
            single=True,
        ),
        "remoteAccess",
    ),
    settable("scalingConfig", Block(_numbers("desiredSize", "maxSize", "minSize"), single=True), "scalingConfig"),
    fixed("subnetIds", Texts(), "subnets"),
    Field(
        name="taint",
        shape=Block((Member("effect", "effect"), Member("key", "key"), Member("value", "value"))),
        create="taints",
        modify="taints",
        read="taints",
        absent=[],
        change=_tainted_otherwise,
    ),
    settable("updateConfig", _UPDATING, "updateConfig"),
    Field(
        name="version",
        create="version",
        modify="version",
        read="version",
        via="update_nodegroup_version",
        late=False,
        same=version,
    ),
)

_NODE_GROUP: Final = Descriptor(
    service="eks",
    kind="NodeGroup",
    plural="nodegroups",
    versions=("v1beta1", "v1beta2"),
    naming=Naming.BY_US,
    identity="nodegroupName",
    names=_names,
    reads=(Read(Call("describe_nodegroup", _GROUP), "nodegroup"),),
    creates=(Create(Call("create_nodegroup", _GROUP), "nodegroup.nodegroupName"),),
    updates=(
        Update(call=Call("update_nodegroup_config", _GROUP)),
        Update(call=Call("update_nodegroup_version", {**_GROUP, "force": "spec.forceUpdateVersion"})),
    ),
    exists=EXISTS,
    delete=Delete(call=Call("delete_nodegroup", _GROUP)),
    readiness=states(
        CREATE_FAILED="see its health in AWS, then delete it and create another",
        DELETE_FAILED="see its health in AWS; it is tried again",
        DEGRADED="see its health in AWS",
    ),
    tagging=TAGGING,
    fields=_FIELDS,
    required=("scalingConfig",),
    references=(
        one("clusterName", CLUSTER, ID),
        one("nodeRoleArn", ROLE, ARN),
        within("remoteAccess[0]", many("sourceSecurityGroupIds", SECURITY_GROUP)),
        many("subnetIds", SUBNET),
        one("version", CLUSTER, "spec.forProvider.version"),
    ),
    shown=(
        Shown("arn", "nodegroupArn"),
        Shown("id", "clusterName && join(':', [clusterName, nodegroupName])"),
        Shown(
            "resources",
            "resources",
            Block(
                (
                    Member("autoscalingGroups", "autoScalingGroups", Block((Member("name", "name"),))),
                    Member("remoteAccessSecurityGroupId", "remoteAccessSecurityGroup"),
                ),
                single=True,
                lone=False,
            ),
        ),
        Shown("status", "status"),
    ),
)

KINDS: Final = (_NODE_GROUP,)
