"""What ElastiCache tells of a replication group and of its nodes, in the shapes of its API."""

from typing import Any

from crosshead.devel.emulation.cache_group import ReplicationGroup

Shape = dict[str, Any]

# While a group is being created it has nodes, but nothing to connect to.
_UNREACHABLE = "creating"


def replication_group(group: ReplicationGroup) -> Shape:
    """Return the ReplicationGroup of *group*."""
    settings = group.settings
    shown = {
        "ReplicationGroupId": group.place.group,
        "Description": settings["ReplicationGroupDescription"],
        "GlobalReplicationGroupInfo": {},
        "Status": group.status,
        "PendingModifiedValues": {},
        "MemberClusters": group.members(),
        "AutomaticFailover": _enabled(settings["AutomaticFailoverEnabled"]),
        "MultiAZ": _enabled(settings["MultiAZEnabled"]),
        "ClusterEnabled": group.place.sharded,
        "AuthTokenEnabled": settings["AuthToken"],
        "ARN": group.arn,
        "UserGroupIds": list(settings["UserGroupIds"]),
        "LogDeliveryConfigurations": [
            {**delivery, "Status": "active"} for delivery in settings.get("LogDeliveryConfigurations") or ()
        ],
        "ReplicationGroupCreateTime": group.created,
        "DataTiering": _enabled(settings.get("DataTieringEnabled")),
        **_same(settings),
    }
    if settings["SnapshotRetentionLimit"]:
        shown["SnapshottingClusterId"] = settings.get("SnapshottingClusterId") or group.members()[-1]
    return shown if group.status == _UNREACHABLE else shown | _reachable(group)


def cache_cluster(group: ReplicationGroup, member: str, *, nodes: bool) -> Shape:
    """Return the CacheCluster of one node of *group*; its one CacheNode only when *nodes* are asked for."""
    settings = group.settings
    shown = {
        "CacheClusterId": member,
        "ReplicationGroupId": group.place.group,
        "CacheClusterStatus": group.status,
        "CacheClusterCreateTime": group.created,
        "NumCacheNodes": 1,
        "PreferredAvailabilityZone": _zone(group, member),
        "PendingModifiedValues": dict(group.pending),
        "CacheSecurityGroups": [],
        "CacheSubnetGroupName": settings["CacheSubnetGroupName"],
        "SecurityGroups": [{"SecurityGroupId": id_, "Status": "active"} for id_ in group.security_group_ids],
        "CacheParameterGroup": {
            "CacheParameterGroupName": settings["CacheParameterGroupName"],
            "ParameterApplyStatus": "in-sync",
            "CacheNodeIdsToReboot": [],
        },
        "EngineVersion": settings["EngineVersion"],
        "PreferredMaintenanceWindow": settings["PreferredMaintenanceWindow"],
        "AuthTokenEnabled": settings["AuthToken"],
        "ARN": group.arn.replace(":replicationgroup:", ":cluster:").replace(group.place.group, member),
        **_notification(group),
        **_same(settings),
    }
    return shown | ({"CacheNodes": [_node(group, member)]} if nodes else {})


def _same(settings: Shape) -> Shape:
    """Return the fields that groups and nodes show as they were asked for."""
    names = (
        "AtRestEncryptionEnabled",
        "AutoMinorVersionUpgrade",
        "CacheNodeType",
        "ClusterMode",
        "Engine",
        "IpDiscovery",
        "KmsKeyId",
        "NetworkType",
        "SnapshotRetentionLimit",
        "SnapshotWindow",
        "TransitEncryptionEnabled",
        "TransitEncryptionMode",
    )
    return {name: settings[name] for name in names if settings.get(name) is not None}


def _notification(group: ReplicationGroup) -> Shape:
    if not (topic := group.settings.get("NotificationTopicArn")):
        return {}
    status = group.settings.get("NotificationTopicStatus", "active")
    return {"NotificationConfiguration": {"TopicArn": topic, "TopicStatus": status}}


def _reachable(group: ReplicationGroup) -> Shape:
    groups = {"NodeGroups": [_node_group(group, number) for number in sorted(group.shards)]}
    if not group.place.sharded:
        return groups
    return groups | {"ConfigurationEndpoint": _endpoint(group, group.place.configuration())}


def _node_group(group: ReplicationGroup, number: int) -> Shape:
    members = group.shards[number]
    shown = {
        "NodeGroupId": f"{number:04}",
        "Status": group.status,
        "NodeGroupMembers": [_group_member(group, member, primary=member == members[0]) for member in members],
    }
    if group.place.sharded:
        return shown | {"Slots": _slots(sorted(group.shards).index(number), len(group.shards))}
    return shown | {
        "PrimaryEndpoint": _endpoint(group, group.place.primary()),
        "ReaderEndpoint": _endpoint(group, group.place.reader()),
    }


def _group_member(group: ReplicationGroup, member: str, *, primary: bool) -> Shape:
    shown = {
        "CacheClusterId": member,
        "CacheNodeId": "0001",
        "PreferredAvailabilityZone": _zone(group, member),
    }
    if group.place.sharded:
        return shown
    role = "primary" if primary else "replica"
    return shown | {"CurrentRole": role, "ReadEndpoint": _endpoint(group, group.place.node(member))}


def _node(group: ReplicationGroup, member: str) -> Shape:
    return {
        "CacheNodeId": "0001",
        "CacheNodeStatus": group.status,
        "CacheNodeCreateTime": group.created,
        "ParameterGroupStatus": "in-sync",
        "CustomerAvailabilityZone": _zone(group, member),
        **({} if group.status == _UNREACHABLE else {"Endpoint": _endpoint(group, group.place.node(member))}),
    }


def _endpoint(group: ReplicationGroup, address: str) -> Shape:
    return {"Address": address, "Port": group.settings["Port"]}


def _zone(group: ReplicationGroup, member: str) -> str:
    """Spread the nodes of every shard over the zones, in their order."""
    return group.zones[(int(member.rpartition("-")[2]) - 1) % len(group.zones)]


def _slots(index: int, count: int) -> str:
    first, last = 16384 * index // count, 16384 * (index + 1) // count - 1
    return f"{first}-{last}"


def _enabled(value: object) -> str:
    return "enabled" if value else "disabled"
