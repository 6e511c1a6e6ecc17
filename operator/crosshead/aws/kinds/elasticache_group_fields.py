"""
The parameters of a replication group, and where ElastiCache keeps them: some with the group, some with its members.

https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from crosshead.aws.comparing import caseless, key, version
from crosshead.aws.descriptor import Field, fixed, sent, settable
from crosshead.aws.kinds.elasticache_logs import DELIVERIES
from crosshead.aws.shapes import FLAG, FLAG_TEXT, NUMBER, TEXT, Block, Member, Shape, Texts
from crosshead.base.values import Json

_NODE_GROUPS: Final = Block(
    (
        Member("nodeGroupId", "NodeGroupId", TEXT),
        Member("primaryAvailabilityZone", "PrimaryAvailabilityZone", TEXT),
        Member("primaryOutpostArn", "PrimaryOutpostArn", TEXT),
        Member("replicaAvailabilityZones", "ReplicaAvailabilityZones", Texts(ordered=True)),
        Member("replicaCount", "ReplicaCount", NUMBER),
        Member("replicaOutpostArns", "ReplicaOutpostArns", Texts(ordered=True)),
        Member("slots", "Slots", TEXT),
    )
)
_CLUSTER_MODE: Final = Block(
    (Member("numNodeGroups", "NumNodeGroups", NUMBER), Member("replicasPerNodeGroup", "ReplicasPerNodeGroup", NUMBER)),
    single=True,
)


def _encrypted(declared: Json, _: Json) -> Json:
    """Encryption is introduced in two steps: at first clients may go on without it."""
    first = {"TransitEncryptionMode": "preferred"} if declared else {}
    return {"TransitEncryptionEnabled": bool(declared), **first}


def _token(declared: Json, found: Json, _: Mapping[str, Json]) -> bool:
    """How a token is changed is no state, but that there is to be none any more is one."""
    return bool(declared != "DELETE" or found == "DELETE")


# A change that waits for its window is told under another name than the state.
_FAILOVER: Final = """
(PendingModifiedValues.AutomaticFailoverStatus || AutomaticFailover)
  && contains(['enabled', 'enabling'], PendingModifiedValues.AutomaticFailoverStatus || AutomaticFailover)
"""


def _members(declared: Json, found: Json) -> Json:
    """A change of user groups is told as whom to add and whom to remove."""
    wanted, had = set(declared), set(found)
    told = {"UserGroupIdsToAdd": sorted(wanted - had), "UserGroupIdsToRemove": sorted(had - wanted)}
    return {name: groups for name, groups in told.items() if groups}


# What AWS tells of the members of a group only, not of the group.
def _of_member(name: str, aws: str, path: str, shape: Shape = TEXT) -> Field:
    return Field(name=name, shape=shape, create=aws, modify=aws, read=f"Member.{path}")


FIELDS: Final = (
    replace(settable("description", TEXT, "ReplicationGroupDescription", late=False), read="Description"),
    # From Redis to Valkey it goes with the version and the parameters that belong to the other engine.
    replace(settable("engine", TEXT, "Engine", same=caseless), along=("engineVersion", "parameterGroupName")),
    replace(
        settable("engineVersion", TEXT, "EngineVersion", same=version),
        read="Member.PendingModifiedValues.EngineVersion || Member.EngineVersion",
    ),
    replace(
        settable("nodeType", TEXT, "CacheNodeType"),
        read="Member.PendingModifiedValues.CacheNodeType || CacheNodeType || Member.CacheNodeType",
    ),
    Field(
        name="numCacheClusters",
        shape=NUMBER,
        create="NumCacheClusters",
        modify="NewReplicaCount",
        read="MemberClusters && length(MemberClusters)",
        via="increase_replica_count",
        late=False,
    ),
    Field(
        name="replicasPerNodeGroup",
        shape=NUMBER,
        create="ReplicasPerNodeGroup",
        modify="NewReplicaCount",
        read="NodeGroups[0].NodeGroupMembers && length(NodeGroups[0].NodeGroupMembers[1:])",
        via="increase_replica_count",
        late=False,
    ),
    Field(
        name="numNodeGroups",
        shape=NUMBER,
        create="NumNodeGroups",
        modify="NodeGroupCount",
        read="NodeGroups && length(NodeGroups)",
        via="modify_replication_group_shard_configuration",
        late=False,
    ),
    Field(name="nodeGroupConfiguration", shape=_NODE_GROUPS, create="NodeGroupConfiguration"),
    settable("clusterMode", TEXT, "ClusterMode", late=False),
    replace(
        settable("automaticFailoverEnabled", FLAG, "AutomaticFailoverEnabled"),
        read=_FAILOVER,
    ),
    replace(settable("multiAzEnabled", FLAG, "MultiAZEnabled"), read="MultiAZ && MultiAZ == 'enabled'"),
    sent("preferredCacheClusterAzs", Texts(ordered=True), "PreferredCacheClusterAZs"),
    replace(
        fixed("port", NUMBER, "Port"),
        read="Port || ConfigurationEndpoint.Port || NodeGroups[0].PrimaryEndpoint.Port",
    ),
    fixed("networkType", TEXT, "NetworkType"),
    settable("ipDiscovery", TEXT, "IpDiscovery"),
    replace(fixed("subnetGroupName", TEXT, "CacheSubnetGroupName", same=caseless), read="Member.CacheSubnetGroupName"),
    _of_member("securityGroupIds", "SecurityGroupIds", "SecurityGroups[].SecurityGroupId", Texts()),
    sent("securityGroupNames", Texts(), "CacheSecurityGroupNames"),
    # A default group belongs to a version, and would hold the engine to it.
    replace(
        _of_member("parameterGroupName", "CacheParameterGroupName", "CacheParameterGroup.CacheParameterGroupName"),
        late=False,
    ),
    replace(_of_member("maintenanceWindow", "PreferredMaintenanceWindow", "PreferredMaintenanceWindow"), same=caseless),
    _of_member("notificationTopicArn", "NotificationTopicArn", "NotificationConfiguration.TopicArn"),
    settable("autoMinorVersionUpgrade", FLAG_TEXT, "AutoMinorVersionUpgrade"),
    fixed("atRestEncryptionEnabled", FLAG_TEXT, "AtRestEncryptionEnabled"),
    fixed("kmsKeyId", TEXT, "KmsKeyId", same=key),
    replace(settable("transitEncryptionEnabled", FLAG, "TransitEncryptionEnabled"), change=_encrypted),
    settable("transitEncryptionMode", TEXT, "TransitEncryptionMode"),
    Field(
        name="authTokenUpdateStrategy",
        # Lest it be sent as what a create has left out.
        create="(none takes it)",
        modify="AuthTokenUpdateStrategy",
        read="(AuthTokenEnabled && 'SET') || 'DELETE'",
        late=False,
        same=_token,
    ),
    Field(
        name="userGroupIds",
        shape=Texts(),
        create="UserGroupIds",
        modify="UserGroupIdsToAdd",
        read="UserGroupIds",
        change=_members,
    ),
    replace(fixed("dataTieringEnabled", FLAG, "DataTieringEnabled"), read="DataTiering && DataTiering == 'enabled'"),
    settable("durability", TEXT, "Durability", late=False),
    replace(
        fixed("globalReplicationGroupId", TEXT, "GlobalReplicationGroupId"),
        read="GlobalReplicationGroupInfo.GlobalReplicationGroupId",
    ),
    settable("snapshotRetentionLimit", NUMBER, "SnapshotRetentionLimit"),
    settable("snapshotWindow", TEXT, "SnapshotWindow"),
    sent("snapshotArns", Texts(), "SnapshotArns"),
    sent("snapshotName", TEXT, "SnapshotName"),
    sent("finalSnapshotIdentifier"),
    DELIVERIES,
    Field(name="applyImmediately", shape=FLAG, modify="ApplyImmediately"),
)

# What only `v1beta1` has: names that were given up, and a block that has become two fields.
FORMER: Final = (
    ("replicationGroupDescription", TEXT),
    ("numberCacheClusters", NUMBER),
    ("availabilityZones", Texts()),
    ("clusterOperationMode", TEXT),
    ("clusterMode", _CLUSTER_MODE),
)
RENAMED: Final = (
    ("replicationGroupDescription", "description"),
    ("numberCacheClusters", "numCacheClusters"),
    ("availabilityZones", "preferredCacheClusterAzs"),
    ("clusterOperationMode", "clusterMode"),
    ("clusterMode[0].numNodeGroups", "numNodeGroups"),
    ("clusterMode[0].replicasPerNodeGroup", "replicasPerNodeGroup"),
)
