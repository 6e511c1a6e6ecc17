"""ElastiCache replication groups, their nodes, subnet groups and parameter groups, as boto3 sees them."""

import pytest
from botocore.exceptions import ClientError

from tests.devel.emulation.aws import code, create_cache, replication_group

pytestmark = pytest.mark.emulator

REPLICATED = {"NumCacheClusters": 3, "AutomaticFailoverEnabled": True}


def nodes(cache):
    return cache.describe_cache_clusters(ShowCacheNodeInfo=True)["CacheClusters"]


def test_a_group_is_created_before_it_can_be_reached(cache, passed):
    created = create_cache(cache)

    assert created["Status"] == replication_group(cache)["Status"] == "creating"
    assert "NodeGroups" not in replication_group(cache)
    passed()
    assert replication_group(cache)["Status"] == "available"
    (shard,) = replication_group(cache)["NodeGroups"]
    assert shard["PrimaryEndpoint"]["Address"].endswith(".euw1.cache.amazonaws.com")
    assert shard["ReaderEndpoint"]["Address"].startswith("sessions-ro.")


@pytest.mark.usefixtures("instant")
def test_without_delays_everything_is_instant(cache):
    assert create_cache(cache)["Status"] == "available"
    cache.modify_replication_group(ReplicationGroupId="sessions", SnapshotRetentionLimit=3, ApplyImmediately=True)
    assert replication_group(cache)["SnapshotRetentionLimit"] == 3
    cache.delete_replication_group(ReplicationGroupId="sessions")
    with pytest.raises(cache.exceptions.ReplicationGroupNotFoundFault):
        replication_group(cache)


@pytest.mark.usefixtures("instant")
def test_a_group_has_as_many_nodes_as_asked_for(cache, cache_subnets):
    create_cache(
        cache,
        **REPLICATED,
        CacheSubnetGroupName=cache_subnets,
        EngineVersion="7.0",
        PreferredMaintenanceWindow="mon:03:00-mon:04:00",
    )

    assert replication_group(cache)["MemberClusters"] == ["sessions-001", "sessions-002", "sessions-003"]
    assert [node["CacheClusterId"] for node in nodes(cache)] == replication_group(cache)["MemberClusters"]
    node = nodes(cache)[1]
    assert node["ReplicationGroupId"] == "sessions"
    assert node["CacheSubnetGroupName"] == cache_subnets
    assert node["EngineVersion"] == "7.0.7"
    assert node["CacheParameterGroup"]["CacheParameterGroupName"] == "default.redis7"
    assert node["PreferredMaintenanceWindow"] == "mon:03:00-mon:04:00"
    assert node["SecurityGroups"][0]["Status"] == "active"
    assert node["CacheNodes"][0]["Endpoint"]["Address"].startswith("sessions-002.")
    assert {n["PreferredAvailabilityZone"] for n in nodes(cache)} == {"eu-west-1a", "eu-west-1b"}


@pytest.mark.usefixtures("instant")
def test_the_nodes_of_a_group_are_no_clusters_of_their_own(cache):
    create_cache(cache, **REPLICATED)

    alone = cache.describe_cache_clusters(ShowCacheClustersNotInReplicationGroups=True)["CacheClusters"]

    assert alone == []


@pytest.mark.usefixtures("instant")
def test_an_encrypted_group_is_reached_by_other_names(cache):
    create_cache(cache, TransitEncryptionEnabled=True, AuthToken="not-a-real-token")

    (shard,) = replication_group(cache)["NodeGroups"]

    assert shard["PrimaryEndpoint"]["Address"].startswith("master.sessions.")
    assert replication_group(cache)["AuthTokenEnabled"] is True
    assert replication_group(cache)["TransitEncryptionMode"] == "required"


@pytest.mark.usefixtures("instant")
def test_a_sharded_group_has_one_address_for_all(cache):
    create_cache(cache, NumNodeGroups=2, ReplicasPerNodeGroup=1, AutomaticFailoverEnabled=True)

    shown = replication_group(cache)

    assert shown["ClusterEnabled"] is True
    assert "clustercfg" in shown["ConfigurationEndpoint"]["Address"]
    assert [shard["Slots"] for shard in shown["NodeGroups"]] == ["0-8191", "8192-16383"]
    assert shown["MemberClusters"] == [
        "sessions-0001-001",
        "sessions-0001-002",
        "sessions-0002-001",
        "sessions-0002-002",
    ]


def test_a_modification_takes_its_time(cache, instant, passed):
    create_cache(cache)
    instant.set_delays(modifying=0.3)

    changed = cache.modify_replication_group(
        ReplicationGroupId="sessions",
        CacheNodeType="cache.m7g.large",
        ReplicationGroupDescription="larger",
        SnapshotWindow="01:00-02:00",
        AutoMinorVersionUpgrade=False,
        ApplyImmediately=True,
    )["ReplicationGroup"]

    assert (changed["Status"], changed["CacheNodeType"]) == ("modifying", "cache.t4g.micro")
    assert nodes(cache)[0]["PendingModifiedValues"] == {"CacheNodeType": "cache.m7g.large"}
    passed()
    changed = replication_group(cache)
    assert (changed["Status"], changed["CacheNodeType"]) == ("available", "cache.m7g.large")
    assert changed["Description"] == "larger"
    assert changed["SnapshotWindow"] == "01:00-02:00"
    assert changed["AutoMinorVersionUpgrade"] is False


def test_an_upgrade_waits_for_the_maintenance_window(cache, instant):
    create_cache(cache, EngineVersion="6.2")

    cache.modify_replication_group(ReplicationGroupId="sessions", EngineVersion="7.1")

    assert nodes(cache)[0]["EngineVersion"] == "6.2.6"
    assert nodes(cache)[0]["PendingModifiedValues"] == {"EngineVersion": "7.1.0"}
    instant.maintain()
    assert nodes(cache)[0]["EngineVersion"] == "7.1.0"
    assert nodes(cache)[0]["CacheParameterGroup"]["CacheParameterGroupName"] == "default.redis7"


@pytest.mark.parametrize("state", ["creating", "modifying", "deleting"])
@pytest.mark.parametrize("operation", ["modify_replication_group", "delete_replication_group"])
def test_a_busy_group_refuses_to_be_changed_or_deleted(cache, instant, state, operation):
    instant.set_delays(**{state: 60})
    create_cache(cache)
    begin = {
        "creating": lambda: None,
        "modifying": lambda: cache.modify_replication_group(ReplicationGroupId="sessions", SnapshotRetentionLimit=1),
        "deleting": lambda: cache.delete_replication_group(ReplicationGroupId="sessions"),
    }
    begin[state]()

    with pytest.raises(ClientError, match="not in available state") as caught:
        getattr(cache, operation)(ReplicationGroupId="sessions")

    assert code(caught.value) == "InvalidReplicationGroupState"


def test_a_deleted_group_lingers_and_is_gone_with_its_nodes(cache, instant, passed):
    create_cache(cache, **REPLICATED, Tags=[{"Key": "team", "Value": "shop"}])
    instant.set_delays(deleting=0.3)

    cache.delete_replication_group(ReplicationGroupId="sessions")

    assert replication_group(cache)["Status"] == "deleting"
    passed()
    with pytest.raises(cache.exceptions.ReplicationGroupNotFoundFault):
        replication_group(cache)
    assert nodes(cache) == []
    again = create_cache(cache)
    assert cache.list_tags_for_resource(ResourceName=again["ARN"])["TagList"] == []


@pytest.mark.usefixtures("instant")
def test_a_final_snapshot_outlives_its_group(cache):
    create_cache(cache)

    cache.delete_replication_group(ReplicationGroupId="sessions", FinalSnapshotIdentifier="last")

    assert cache.describe_snapshots(SnapshotName="last")["Snapshots"][0]["ReplicationGroupId"] == "sessions"


@pytest.mark.usefixtures("instant")
def test_replicas_come_and_go(cache):
    create_cache(cache, NumCacheClusters=2)

    cache.increase_replica_count(ReplicationGroupId="sessions", NewReplicaCount=3, ApplyImmediately=True)
    assert len(replication_group(cache)["MemberClusters"]) == len(nodes(cache)) == 4
    cache.decrease_replica_count(ReplicationGroupId="sessions", NewReplicaCount=1, ApplyImmediately=True)
    assert replication_group(cache)["MemberClusters"] == ["sessions-001", "sessions-002"]


@pytest.mark.usefixtures("instant")
def test_shards_come_and_go(cache):
    create_cache(cache, NumNodeGroups=2, ReplicasPerNodeGroup=1, AutomaticFailoverEnabled=True)
    reshard = cache.modify_replication_group_shard_configuration

    reshard(ReplicationGroupId="sessions", NodeGroupCount=3, ApplyImmediately=True)
    assert replication_group(cache)["MemberClusters"][4:] == ["sessions-0003-001", "sessions-0003-002"]
    reshard(ReplicationGroupId="sessions", NodeGroupCount=2, NodeGroupsToRemove=["0002"], ApplyImmediately=True)
    assert [shard["NodeGroupId"] for shard in replication_group(cache)["NodeGroups"]] == ["0001", "0003"]


@pytest.mark.usefixtures("instant")
@pytest.mark.parametrize(
    ("created", "asked", "refusal"),
    [
        pytest.param({}, {"NodeGroupCount": 2}, "InvalidParameterValue", id="not sharded"),
        pytest.param({"NumNodeGroups": 2}, {"NodeGroupCount": 2}, "NoOperationFault", id="as many as there are"),
        pytest.param({"NumNodeGroups": 2}, {"NodeGroupCount": 1}, "InvalidParameterCombination", id="which one"),
    ],
)
def test_resharding_that_makes_no_sense_is_refused(cache, created, asked, refusal):
    create_cache(cache, **created)

    with pytest.raises(ClientError) as caught:
        cache.modify_replication_group_shard_configuration(
            ReplicationGroupId="sessions", ApplyImmediately=True, **asked
        )

    assert code(caught.value) == refusal


@pytest.mark.usefixtures("instant")
def test_a_replica_is_removed_by_name_and_its_name_is_used_again(cache):
    create_cache(cache, NumCacheClusters=3)

    cache.decrease_replica_count(
        ReplicationGroupId="sessions", ReplicasToRemove=["sessions-002"], ApplyImmediately=True
    )
    assert replication_group(cache)["MemberClusters"] == ["sessions-001", "sessions-003"]
    cache.increase_replica_count(ReplicationGroupId="sessions", NewReplicaCount=2, ApplyImmediately=True)
    assert replication_group(cache)["MemberClusters"] == ["sessions-001", "sessions-002", "sessions-003"]


@pytest.mark.parametrize(
    ("operation", "count", "refusal"),
    [
        pytest.param("increase_replica_count", 2, "NoOperationFault", id="as many as there are"),
        pytest.param("increase_replica_count", 1, "InvalidParameterValue", id="an increase to fewer"),
        pytest.param("decrease_replica_count", 3, "InvalidParameterValue", id="a decrease to more"),
        pytest.param("decrease_replica_count", 0, "InvalidParameterCombination", id="none left to fail over to"),
    ],
)
@pytest.mark.usefixtures("instant")
def test_a_replica_count_that_makes_no_sense_is_refused(cache, operation, count, refusal):
    create_cache(cache, **REPLICATED)

    with pytest.raises(ClientError) as caught:
        getattr(cache, operation)(ReplicationGroupId="sessions", NewReplicaCount=count, ApplyImmediately=True)

    assert code(caught.value) == refusal
    assert len(nodes(cache)) == 3


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        pytest.param({"AutomaticFailoverEnabled": True}, "at least two cache clusters", id="failover of one node"),
        pytest.param({"NumCacheClusters": 2, "MultiAZEnabled": True}, "automatic failover", id="zones, no failover"),
        pytest.param({"AuthToken": "not-a-real-token"}, "encryption-in-transit", id="a token in the clear"),
        pytest.param({"NumCacheClusters": 7}, "between 1 and 6", id="too many nodes"),
        pytest.param({"CacheSubnetGroupName": "nowhere"}, "not found", id="no subnet group"),
        pytest.param({"CacheParameterGroupName": "none"}, "not found", id="no parameter group"),
    ],
)
@pytest.mark.usefixtures("instant")
def test_a_creation_that_aws_would_refuse_is_refused(cache, parameters, words):
    with pytest.raises(ClientError, match=words):
        create_cache(cache, **parameters)


@pytest.mark.usefixtures("instant")
def test_a_second_group_of_the_same_name_is_refused(cache):
    create_cache(cache)

    with pytest.raises(cache.exceptions.ReplicationGroupAlreadyExistsFault):
        create_cache(cache, "Sessions")


@pytest.mark.usefixtures("instant")
def test_tags_are_added_and_removed(cache):
    arn = create_cache(cache, Tags=[{"Key": "team", "Value": "shop"}])["ARN"]

    added = cache.add_tags_to_resource(ResourceName=arn, Tags=[{"Key": "stage", "Value": "prod"}])
    removed = cache.remove_tags_from_resource(ResourceName=arn, TagKeys=["team"])

    assert {tag["Key"] for tag in added["TagList"]} == {"team", "stage"}
    assert removed["TagList"] == cache.list_tags_for_resource(ResourceName=arn)["TagList"]
    assert removed["TagList"] == [{"Key": "stage", "Value": "prod"}]


def test_a_cluster_without_replication_comes_and_goes(cache, passed):
    cache.create_cache_cluster(CacheClusterId="plain", Engine="memcached", CacheNodeType="cache.t4g.micro")

    assert nodes(cache)[0]["CacheClusterStatus"] == "creating"
    passed()
    assert nodes(cache)[0]["CacheClusterStatus"] == "available"
    cache.delete_cache_cluster(CacheClusterId="plain")
    assert nodes(cache)[0]["CacheClusterStatus"] == "deleting"
    passed()
    assert nodes(cache) == []
