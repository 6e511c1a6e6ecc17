"""
ElastiCache clusters: Memcached, Redis on one node, and further nodes of a replication group.

https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateCacheCluster.html
"""

from dataclasses import replace
from typing import Final

from crosshead.aws.calls import Call, Create, Delete, Read, Update
from crosshead.aws.comparing import caseless, version
from crosshead.aws.descriptor import Descriptor, Field, Readiness, Shown, fixed, sent, settable
from crosshead.aws.kinds.elasticache_logs import DELIVERIES
from crosshead.aws.kinds.elasticache_tagging import TAGGING, TAGS
from crosshead.aws.pointing import ID, SECURITY_GROUP, kind, many, one
from crosshead.aws.shapes import FLAG, FLAG_TEXT, NUMBER, TEXT, Block, Member, Texts
from crosshead.base.values import Json, Object
from crosshead.managed.facts import Naming


def _counted(declared: Json, found: Json) -> Object:
    """To take nodes away one must say which: the last ones."""
    doomed = [f"{number:04d}" for number in range(int(declared) + 1, int(found) + 1)]
    return {"NumCacheNodes": int(declared), **({"CacheNodeIdsToRemove": doomed} if doomed else {})}


def _new_zones(scene: Object) -> Object:
    """Nodes that are added go to the zones that are declared for them."""
    zones = scene["spec"].get("preferredAvailabilityZones") or ()
    had, wanted = scene.get("at", {}).get("numCacheNodes"), scene["spec"].get("numCacheNodes")
    is_growing = had is not None and wanted is not None and had < wanted
    return {"newZones": (list(zones[int(had) : int(wanted)]) if is_growing else None) or None}


_ZONE: Final = (
    "PreferredAvailabilityZone && PreferredAvailabilityZone != 'Multiple' && PreferredAvailabilityZone || null"
)
_MODE: Final = """
(PreferredAvailabilityZone == 'Multiple' && 'cross-az') || (PreferredAvailabilityZone && 'single-az') || null
"""
_PORT: Final = "ConfigurationEndpoint.Port || CacheNodes[0].Endpoint.Port"
_NODES: Final = """
CacheNodes[].{
  Id: CacheNodeId, Address: Endpoint.Address, Port: Endpoint.Port,
  AvailabilityZone: CustomerAvailabilityZone, OutpostArn: CustomerOutpostArn
}
"""

_FIELDS: Final = (
    settable("engine", TEXT, "Engine", same=caseless),
    settable("engineVersion", TEXT, "EngineVersion", same=version),
    settable("nodeType", TEXT, "CacheNodeType"),
    Field(
        name="numCacheNodes",
        shape=NUMBER,
        create="NumCacheNodes",
        modify="NumCacheNodes",
        read="NumCacheNodes",
        late=False,
        change=_counted,
    ),
    replace(
        settable("parameterGroupName", TEXT, "CacheParameterGroupName", late=False, same=caseless),
        read="CacheParameterGroup.CacheParameterGroupName",
    ),
    replace(fixed("port", NUMBER, "Port"), read=_PORT),
    fixed("subnetGroupName", TEXT, "CacheSubnetGroupName", same=caseless),
    replace(settable("securityGroupIds", Texts(), "SecurityGroupIds"), read="SecurityGroups[].SecurityGroupId"),
    replace(fixed("availabilityZone", TEXT, "PreferredAvailabilityZone"), read=_ZONE),
    replace(settable("azMode", TEXT, "AZMode", late=False), read=_MODE),
    sent("preferredAvailabilityZones", Texts(ordered=True), "PreferredAvailabilityZones"),
    fixed("replicationGroupId", TEXT, "ReplicationGroupId"),
    sent("outpostMode", TEXT, "OutpostMode"),
    fixed("preferredOutpostArn", TEXT, "PreferredOutpostArn"),
    fixed("networkType", TEXT, "NetworkType"),
    settable("ipDiscovery", TEXT, "IpDiscovery"),
    fixed("transitEncryptionEnabled", FLAG, "TransitEncryptionEnabled"),
    settable("autoMinorVersionUpgrade", FLAG_TEXT, "AutoMinorVersionUpgrade"),
    settable("maintenanceWindow", TEXT, "PreferredMaintenanceWindow", same=caseless),
    replace(settable("notificationTopicArn", TEXT, "NotificationTopicArn"), read="NotificationConfiguration.TopicArn"),
    settable("snapshotRetentionLimit", NUMBER, "SnapshotRetentionLimit"),
    settable("snapshotWindow", TEXT, "SnapshotWindow"),
    sent("snapshotArns", Texts(ordered=True), "SnapshotArns"),
    sent("snapshotName", TEXT, "SnapshotName"),
    sent("finalSnapshotIdentifier"),
    DELIVERIES,
    Field(name="applyImmediately", shape=FLAG, modify="ApplyImmediately"),
)

CLUSTER: Final = Descriptor(
    service="elasticache",
    kind="Cluster",
    plural="clusters",
    naming=Naming.BY_US,
    identity="CacheClusterId",
    names=_new_zones,
    reads=(
        Read(
            Call("describe_cache_clusters", {"CacheClusterId": "id", "ShowCacheNodeInfo": "`true`"}), "CacheClusters[0]"
        ),
        TAGS,
    ),
    creates=(Create(Call("create_cache_cluster", {"CacheClusterId": "id"}), "CacheCluster.CacheClusterId"),),
    updates=(
        Update(
            call=Call("modify_cache_cluster", {"CacheClusterId": "id", "NewAvailabilityZones": "newZones"}),
            always=("applyImmediately",),
        ),
    ),
    delete=Delete(
        call=Call(
            "delete_cache_cluster", {"CacheClusterId": "id", "FinalSnapshotIdentifier": "spec.finalSnapshotIdentifier"}
        )
    ),
    readiness=Readiness(
        path="CacheClusterStatus",
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
    absent=frozenset({"CacheClusterNotFound", "CacheClusterNotFoundFault"}),
    exists=frozenset({"CacheClusterAlreadyExists"}),
    fields=_FIELDS,
    references=(
        one("parameterGroupName", kind("elasticache", "ParameterGroup")),
        one("replicationGroupId", kind("elasticache", "ReplicationGroup"), ID),
        many("securityGroupIds", SECURITY_GROUP),
        one("subnetGroupName", kind("elasticache", "SubnetGroup")),
    ),
    connection={"cluster_address": "ConfigurationEndpoint.Address", "port": f"to_string(({_PORT}) || '')"},
    shown=(
        Shown("id", "CacheClusterId"),
        Shown("arn", "ARN"),
        Shown(
            "cacheNodes",
            _NODES,
            Block(
                (
                    Member("id", "Id"),
                    Member("address", "Address"),
                    Member("port", "Port", NUMBER),
                    Member("availabilityZone", "AvailabilityZone"),
                    Member("outpostArn", "OutpostArn"),
                )
            ),
        ),
        Shown("clusterAddress", "ConfigurationEndpoint.Address"),
        Shown(
            "configurationEndpoint",
            "ConfigurationEndpoint.Address"
            " && join(':', [ConfigurationEndpoint.Address, to_string(ConfigurationEndpoint.Port)])",
        ),
        Shown("engineVersionActual", "EngineVersion"),
    ),
)
