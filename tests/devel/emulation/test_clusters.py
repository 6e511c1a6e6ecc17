"""RDS clusters, their members and what belongs to them, as boto3 sees them."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.devel.emulation.aws import code

pytestmark = pytest.mark.emulator


def create(rds: Any, name: str = "orders", **parameters: Any) -> dict[str, Any]:
    usual = {"Engine": "aurora-postgresql", "MasterUsername": "app", "MasterUserPassword": "not-a-real-one"}
    return rds.create_db_cluster(DBClusterIdentifier=name, **(usual | parameters))["DBCluster"]


def join(rds: Any, name: str = "orders-0", **parameters: Any) -> dict[str, Any]:
    usual = {"DBClusterIdentifier": "orders", "Engine": "aurora-postgresql", "DBInstanceClass": "db.serverless"}
    return rds.create_db_instance(DBInstanceIdentifier=name, **(usual | parameters))["DBInstance"]


def cluster(rds: Any, name: str = "orders") -> dict[str, Any]:
    return rds.describe_db_clusters(DBClusterIdentifier=name)["DBClusters"][0]


def member(rds: Any, name: str = "orders-0") -> dict[str, Any]:
    return rds.describe_db_instances(DBInstanceIdentifier=name)["DBInstances"][0]


def delete(rds: Any, name: str = "orders") -> dict[str, Any]:
    return rds.delete_db_cluster(DBClusterIdentifier=name, SkipFinalSnapshot=True)["DBCluster"]


def test_a_cluster_is_created_before_it_is_available(rds, passed):
    created = create(rds)

    assert created["Status"] == cluster(rds)["Status"] == cluster(rds)["Status"] == "creating"
    passed()
    assert cluster(rds)["Status"] == "available"


def test_a_cluster_is_modified_for_a_while(rds, passed, instant):
    create(rds)
    instant.set_delays(modifying=0.3)

    rds.modify_db_cluster(DBClusterIdentifier="orders", BackupRetentionPeriod=7, ApplyImmediately=True)

    assert cluster(rds)["Status"] == "modifying"
    with pytest.raises(ClientError) as caught:
        rds.modify_db_cluster(DBClusterIdentifier="orders", BackupRetentionPeriod=8)
    assert code(caught.value) == "InvalidDBClusterStateFault"
    passed()
    assert (cluster(rds)["Status"], cluster(rds)["BackupRetentionPeriod"]) == ("available", 7)


def test_what_waits_for_the_window_is_pending_until_it_comes(rds, instant):
    create(rds, EngineVersion="15")

    rds.modify_db_cluster(DBClusterIdentifier="orders", EngineVersion="16", AllowMajorVersionUpgrade=True)

    assert cluster(rds)["EngineVersion"] == "15.10"
    assert cluster(rds)["PendingModifiedValues"] == {"EngineVersion": "16.6"}
    instant.maintain()
    assert (cluster(rds)["EngineVersion"], cluster(rds)["PendingModifiedValues"]) == ("16.6", {})


def test_a_cluster_is_deleted_before_it_is_gone(rds, instant, passed):
    create(rds)
    instant.set_delays(deleting=0.3)

    delete(rds)

    assert cluster(rds)["Status"] == "deleting"
    with pytest.raises(ClientError) as caught:
        delete(rds)
    assert code(caught.value) == "InvalidDBClusterStateFault"
    passed()
    with pytest.raises(rds.exceptions.DBClusterNotFoundFault):
        cluster(rds)


@pytest.mark.usefixtures("instant")
@pytest.mark.parametrize(
    "how",
    [
        pytest.param({}, id="neither"),
        pytest.param({"SkipFinalSnapshot": True, "FinalDBSnapshotIdentifier": "last"}, id="both"),
    ],
)
def test_a_cluster_is_deleted_with_a_last_snapshot_or_without(rds, how):
    create(rds)

    with pytest.raises(ClientError) as caught:
        rds.delete_db_cluster(DBClusterIdentifier="orders", **how)

    assert code(caught.value) == "InvalidParameterCombination"


def test_a_member_lives_like_an_instance(rds, instant, passed):
    create(rds)
    instant.set_delays(creating=0.3)

    assert join(rds)["DBInstanceStatus"] == "creating"
    assert "Endpoint" not in member(rds)
    passed()
    assert member(rds)["DBInstanceStatus"] == "available"
    assert cluster(rds)["DBClusterMembers"][0]["IsClusterWriter"] is True


def test_members_that_are_being_deleted_do_not_hold_their_cluster(rds, instant):
    create(rds)
    join(rds)
    with pytest.raises(ClientError) as caught:
        delete(rds)
    assert code(caught.value) == "InvalidDBClusterStateFault"

    instant.set_delays(deleting=0.3)
    rds.delete_db_instance(DBInstanceIdentifier="orders-0")

    assert delete(rds)["Status"] == "deleting"


@pytest.mark.usefixtures("instant")
def test_a_name_is_taken_once(rds):
    create(rds)

    with pytest.raises(ClientError) as caught:
        create(rds)

    assert code(caught.value) == "DBClusterAlreadyExistsFault"


@pytest.mark.usefixtures("instant")
@pytest.mark.parametrize(
    ("missing", "expected"),
    [
        pytest.param({"DBSubnetGroupName": "nowhere"}, "DBSubnetGroupNotFoundFault", id="subnets"),
        pytest.param({"DBClusterParameterGroupName": "nobody"}, "DBParameterGroupNotFound", id="parameters"),
        pytest.param({"DBClusterInstanceClass": "db.m5d.large"}, "InvalidParameterCombination", id="storage"),
    ],
)
def test_what_a_cluster_needs_must_be_there(rds, missing, expected):
    with pytest.raises(ClientError) as caught:
        create(rds, **missing)

    assert code(caught.value) == expected


def test_a_proxy_is_created_before_it_is_available(rds, ec2, passed):
    subnets = [subnet["SubnetId"] for subnet in ec2.describe_subnets()["Subnets"]][:2]
    role = "arn:aws:iam::123456789012:role/proxies"
    rds.create_db_proxy(DBProxyName="pool", EngineFamily="MYSQL", RoleArn=role, VpcSubnetIds=subnets, Auth=[])

    assert rds.describe_db_proxies(DBProxyName="pool")["DBProxies"][0]["Status"] == "creating"
    with pytest.raises(ClientError) as caught:
        rds.modify_db_proxy(DBProxyName="pool", RequireTLS=True)
    assert code(caught.value) == "InvalidDBProxyStateFault"
    passed()
    rds.modify_db_proxy(DBProxyName="pool", RequireTLS=True)
    passed()
    proxy = rds.describe_db_proxies(DBProxyName="pool")["DBProxies"][0]
    assert (proxy["Status"], proxy["RequireTLS"]) == ("available", True)


def test_a_deployment_is_made_before_it_is_available(rds, instant, passed):
    made = rds.create_db_instance(
        DBInstanceIdentifier="blue",
        Engine="mysql",
        DBInstanceClass="db.t4g.micro",
        AllocatedStorage=20,
        MasterUsername="app",
        MasterUserPassword="not-a-real-one",
    )["DBInstance"]
    instant.set_delays(creating=0.3)

    rds.create_blue_green_deployment(BlueGreenDeploymentName="change", Source=made["DBInstanceArn"])

    assert rds.describe_blue_green_deployments()["BlueGreenDeployments"][0]["Status"] == "PROVISIONING"
    passed()
    assert rds.describe_blue_green_deployments()["BlueGreenDeployments"][0]["Status"] == "AVAILABLE"
