"""
ElastiCache replication groups: Redis and Valkey with replicas, in one group of nodes or in several.

https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ReplicationGroup.html
"""

from typing import Final

from crosshead.aws.calls import Call, Create, Delete, Read, Request, Update
from crosshead.aws.descriptor import Descriptor, Readiness, Secret, Shown
from crosshead.aws.kinds.elasticache_group_fields import FIELDS, FORMER, RENAMED
from crosshead.aws.kinds.elasticache_tagging import TAGGING, TAGS
from crosshead.aws.pointing import KEY, SECURITY_GROUP, kind, many, one
from crosshead.aws.shapes import FLAG, Texts
from crosshead.base.values import Object
from crosshead.managed.facts import Naming, SecretInput


def _resize(changed: Object, scene: Object) -> tuple[Request, ...]:
    """Replicas are added and taken away by two calls, counted per node group and without the primary; only at once."""
    per_group = "replicasPerNodeGroup" in changed
    field, primaries = ("replicasPerNodeGroup", 0) if per_group else ("numCacheClusters", 1)
    wanted, found = int(changed[field]), int(scene["at"].get(field) or 0)
    operation = "increase_replica_count" if wanted > found else "decrease_replica_count"
    arguments = {"ReplicationGroupId": scene["id"], "NewReplicaCount": wanted - primaries, "ApplyImmediately": True}
    return (Request(operation, arguments),)


def _reshard(changed: Object, scene: Object) -> tuple[Request, ...]:
    """To take node groups away one must say which: the last ones."""
    wanted, found = int(changed["numNodeGroups"]), int(scene["at"].get("numNodeGroups") or 0)
    doomed = [f"{number:04d}" for number in range(wanted + 1, found + 1)]
    arguments = {"ReplicationGroupId": scene["id"], "NodeGroupCount": wanted, "ApplyImmediately": True}
    return (
        Request(
            "modify_replication_group_shard_configuration",
            {**arguments, **({"NodeGroupsToRemove": doomed} if doomed else {})},
        ),
    )


_PRIMARY: Final = "NodeGroups[0].PrimaryEndpoint.Address"
_READER: Final = "NodeGroups[0].ReaderEndpoint.Address"
_PORT: Final = "ConfigurationEndpoint.Port || NodeGroups[0].PrimaryEndpoint.Port"

# Whose data are copied must be said when snapshots begin, unless there are several node groups.
_SNAPSHOTTED: Final = """
(spec.snapshotRetentionLimit > `0` && at.snapshotRetentionLimit == `0` && !(at.clusterEnabled) && at.memberClusters[-1])
  || null
"""
_GROWS: Final = """
spec.numCacheClusters > at.numCacheClusters || spec.replicasPerNodeGroup > at.replicasPerNodeGroup
"""

REPLICATION_GROUP: Final = Descriptor(
    service="elasticache",
    kind="ReplicationGroup",
    plural="replicationgroups",
    versions=("v1beta1", "v1beta2"),
    naming=Naming.BY_US,
    identity="ReplicationGroupId",
    reads=(
        Read(Call("describe_replication_groups", {"ReplicationGroupId": "id"}), "ReplicationGroups[0]"),
        Read(
            Call(
                "describe_cache_clusters",
                {"CacheClusterId": "record.MemberClusters[0]", "ShowCacheNodeInfo": "`true`"},
                when="record.MemberClusters",
            ),
            "CacheClusters[0]",
            "Member",
        ),
        TAGS,
    ),
    creates=(
        Create(Call("create_replication_group", {"ReplicationGroupId": "id"}), "ReplicationGroup.ReplicationGroupId"),
    ),
    updates=(
        Update(
            call=Call("modify_replication_group", {"ReplicationGroupId": "id", "SnapshottingClusterId": _SNAPSHOTTED}),
            always=("applyImmediately",),
        ),
        # Failover and several zones need replicas: those come before they are asked for, and go afterwards.
        Update(call=Call("increase_replica_count"), plan=_resize, ahead=_GROWS),
        Update(call=Call("modify_replication_group_shard_configuration"), plan=_reshard),
    ),
    delete=Delete(
        call=Call(
            "delete_replication_group",
            {"ReplicationGroupId": "id", "FinalSnapshotIdentifier": "spec.finalSnapshotIdentifier"},
        )
    ),
    readiness=Readiness(
        # A group is available before its members are, and only then can either be changed.
        path="(Status == 'available' && Member.CacheClusterStatus) || Status",
        ready=frozenset({"available"}),
        settling=frozenset({"modifying", "snapshotting", "rebooting cluster nodes", "updating"}),
        coming=frozenset({"creating"}),
        failed={
            "create-failed": "AWS could not create it: delete it, and look at its subnets, class and engine",
            "incompatible-network": "its subnets have no free addresses, or its subnet group was changed beneath it",
            "incompatible_parameters": "its parameter group holds values that it cannot start with",
            "restore-failed": "its snapshot could not be restored",
        },
    ),
    tagging=TAGGING,
    pending="PendingModifiedValues",
    absent=frozenset({"ReplicationGroupNotFoundFault"}),
    exists=frozenset({"ReplicationGroupAlreadyExists"}),
    fields=FIELDS,
    former=FORMER,
    renamed=RENAMED,
    references=(
        one("globalReplicationGroupId", kind("elasticache", "GlobalReplicationGroup"), "status.atProvider.id"),
        one("kmsKeyId", KEY),
        many("securityGroupIds", SECURITY_GROUP),
        one("subnetGroupName", kind("elasticache", "SubnetGroup")),
    ),
    secrets=(
        Secret(
            SecretInput("authTokenSecretRef", "auth_token", "autoGenerateAuthToken"),
            "AuthToken",
            ("attribute.auth_token",),
            {"AuthTokenUpdateStrategy": "spec.authTokenUpdateStrategy || 'ROTATE'"},
            missing="AuthTokenEnabled == `false` && !(PendingModifiedValues.AuthTokenStatus)",
        ),
    ),
    connection={
        "configuration_endpoint_address": "ConfigurationEndpoint.Address",
        "primary_endpoint_address": _PRIMARY,
        "reader_endpoint_address": _READER,
        "port": f"to_string(({_PORT}) || '')",
    },
    shown=(
        Shown("id", "ReplicationGroupId"),
        Shown("arn", "ARN"),
        Shown("clusterEnabled", "ClusterEnabled", FLAG),
        Shown("configurationEndpointAddress", "ConfigurationEndpoint.Address"),
        Shown("primaryEndpointAddress", _PRIMARY),
        Shown("readerEndpointAddress", _READER),
        Shown("engineVersionActual", "Member.EngineVersion"),
        Shown("memberClusters", "MemberClusters", Texts()),
    ),
)
