"""
The parameters of a replication group, and where ElastiCache keeps them: some with the group, some with its members.

https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html
"""

from dataclasses import replace
from typing import Final

from crosshead.aws.comparing import caseless, key, version
from crosshead.aws.descriptor import Field, fixed, sent, settable
from crosshead.aws.shapes import FLAG, FLAG_TEXT, NUMBER, TEXT, Block, Member, Shape, Texts
from crosshead.base.values import Json

_LOGS: Final = Block(
    (
        Member("destination", "Destination", TEXT),
        Member("destinationType", "DestinationType", TEXT),
        Member("logFormat", "LogFormat", TEXT),
        Member("logType", "LogType", TEXT),
    )
)
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


def _delivered(value: Json) -> Json:
    """AWS names a destination by its type, in a structure of structures."""
    details = {
        "cloudwatch-logs": ("CloudWatchLogsDetails", "LogGroup"),
        "kinesis-firehose": ("KinesisFirehoseDetails", "DeliveryStream"),
    }
    told = []
    for log in value:
        where, what = details.get(log.get("DestinationType", ""), details["cloudwatch-logs"])
        rest = {name: part for name, part in log.items() if name != "Destination"}
        told.append({**rest, "DestinationDetails": {where: {what: log.get("Destination")}}})
    return told


_DELIVERIES: Final = """
LogDeliveryConfigurations[].{
  Destination: DestinationDetails.CloudWatchLogsDetails.LogGroup
    || DestinationDetails.KinesisFirehoseDetails.DeliveryStream,
  DestinationType: DestinationType, LogFormat: LogFormat, LogType: LogType
}
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
    sent("replicationGroupDescription"),
    settable("engine", TEXT, "Engine", same=caseless),
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
    sent("numberCacheClusters", NUMBER),
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
    Field(name="clusterMode", shape=_CLUSTER_MODE),
    settable("clusterOperationMode", TEXT, "ClusterMode", late=False),
    replace(
        settable("automaticFailoverEnabled", FLAG, "AutomaticFailoverEnabled"),
        read="AutomaticFailover && (AutomaticFailover == 'enabled' || AutomaticFailover == 'enabling')",
    ),
    replace(settable("multiAzEnabled", FLAG, "MultiAZEnabled"), read="MultiAZ && MultiAZ == 'enabled'"),
    sent("preferredCacheClusterAzs", Texts(ordered=True), "PreferredCacheClusterAZs"),
    sent("availabilityZones", Texts()),
    replace(
        fixed("port", NUMBER, "Port"),
        read="Port || ConfigurationEndpoint.Port || NodeGroups[0].PrimaryEndpoint.Port",
    ),
    fixed("networkType", TEXT, "NetworkType"),
    settable("ipDiscovery", TEXT, "IpDiscovery"),
    replace(fixed("subnetGroupName", TEXT, "CacheSubnetGroupName"), read="Member.CacheSubnetGroupName"),
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
    settable("transitEncryptionEnabled", FLAG, "TransitEncryptionEnabled"),
    settable("transitEncryptionMode", TEXT, "TransitEncryptionMode"),
    sent("authTokenUpdateStrategy"),
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
    replace(
        settable("logDeliveryConfiguration", _LOGS, "LogDeliveryConfigurations", late=False),
        read=_DELIVERIES,
        wrap=_delivered,
    ),
    Field(name="applyImmediately", shape=FLAG, modify="ApplyImmediately"),
)
