"""RDS instances and their subnet groups, as boto3 sees them."""

import pytest
from botocore.exceptions import ClientError

from tests.devel.emulation.aws import code, create_database, database, delete_database, status

pytestmark = pytest.mark.emulator


def test_an_instance_is_created_before_it_is_available(rds, passed):
    created = create_database(rds)

    assert created["DBInstanceStatus"] == database(rds)["DBInstanceStatus"] == "creating"
    assert "Endpoint" not in database(rds)
    passed()
    assert database(rds)["DBInstanceStatus"] == "available"
    assert database(rds)["Endpoint"]["Address"].endswith(".eu-west-1.rds.amazonaws.com")


def test_an_instance_backs_itself_up_when_told_to(rds, control, passed):
    control.set_delays(creating=0, backing_up=0.3)

    assert create_database(rds)["DBInstanceStatus"] == "backing-up"
    passed()
    assert database(rds)["DBInstanceStatus"] == "available"


@pytest.mark.usefixtures("instant")
def test_without_delays_everything_is_instant(rds):
    assert create_database(rds)["DBInstanceStatus"] == "available"
    rds.modify_db_instance(DBInstanceIdentifier="orders", AllocatedStorage=40, ApplyImmediately=True)
    assert (database(rds)["DBInstanceStatus"], database(rds)["AllocatedStorage"]) == ("available", 40)
    delete_database(rds)
    with pytest.raises(rds.exceptions.DBInstanceNotFoundFault):
        database(rds)


def test_a_modification_shows_as_pending_until_it_is_done(rds, instant, passed):
    create_database(rds)
    instant.set_delays(modifying=0.3)

    rds.modify_db_instance(DBInstanceIdentifier="orders", AllocatedStorage=40, ApplyImmediately=True)

    assert database(rds)["DBInstanceStatus"] == "modifying"
    assert database(rds)["PendingModifiedValues"] == {"AllocatedStorage": 40}
    assert database(rds)["AllocatedStorage"] == 20
    passed()
    assert database(rds)["DBInstanceStatus"] == "available"
    assert database(rds)["PendingModifiedValues"] == {}
    assert database(rds)["AllocatedStorage"] == 40


def test_what_is_not_applied_immediately_waits_for_the_maintenance_window(rds, instant):
    create_database(rds)

    rds.modify_db_instance(DBInstanceIdentifier="orders", DBInstanceClass="db.m6g.large", MultiAZ=True)

    assert database(rds)["DBInstanceStatus"] == "available"
    assert database(rds)["PendingModifiedValues"] == {"DBInstanceClass": "db.m6g.large", "MultiAZ": True}
    assert database(rds)["DBInstanceClass"] == "db.t4g.micro"
    instant.maintain()
    assert database(rds)["DBInstanceClass"] == "db.m6g.large"
    assert database(rds)["PendingModifiedValues"] == {}


@pytest.mark.usefixtures("instant")
def test_what_is_asked_back_to_what_it_is_waits_no_longer(rds):
    create_database(rds)
    rds.modify_db_instance(DBInstanceIdentifier="orders", AllocatedStorage=40, MultiAZ=True)

    rds.modify_db_instance(DBInstanceIdentifier="orders", AllocatedStorage=20)

    assert database(rds)["PendingModifiedValues"] == {"MultiAZ": True}


@pytest.mark.usefixtures("instant")
def test_applying_immediately_applies_what_was_pending_too(rds):
    create_database(rds)
    rds.modify_db_instance(DBInstanceIdentifier="orders", DBInstanceClass="db.m6g.large")

    rds.modify_db_instance(DBInstanceIdentifier="orders", AllocatedStorage=40, ApplyImmediately=True)

    assert database(rds)["DBInstanceClass"] == "db.m6g.large"


@pytest.mark.parametrize(
    "state",
    [
        pytest.param("creating", id="while it is created"),
        pytest.param("modifying", id="while it is modified"),
        pytest.param("deleting", id="while it is deleted"),
    ],
)
def test_a_busy_instance_refuses_modifications(rds, instant, state):
    instant.set_delays(**{state: 60})
    create_database(rds)
    begin = {
        "creating": lambda: None,
        "modifying": lambda: rds.modify_db_instance(DBInstanceIdentifier="orders", BackupRetentionPeriod=3),
        "deleting": lambda: delete_database(rds),
    }
    begin[state]()

    with pytest.raises(ClientError, match="not in available state") as caught:
        rds.modify_db_instance(DBInstanceIdentifier="orders", BackupRetentionPeriod=7)

    assert code(caught.value) == "InvalidDBInstanceState"
    assert database(rds)["DBInstanceStatus"] == state


@pytest.mark.usefixtures("instant")
def test_storage_never_shrinks(rds):
    create_database(rds, AllocatedStorage=40)

    with pytest.raises(ClientError, match="cannot be less than the current") as caught:
        rds.modify_db_instance(DBInstanceIdentifier="orders", AllocatedStorage=20, ApplyImmediately=True)

    assert code(caught.value) == "InvalidParameterValue"


def test_a_deleted_instance_lingers_and_is_gone(rds, instant, passed):
    create_database(rds)
    instant.set_delays(deleting=0.3)

    delete_database(rds)

    assert database(rds)["DBInstanceStatus"] == "deleting"
    with pytest.raises(ClientError, match="already being deleted") as caught:
        delete_database(rds)
    assert code(caught.value) == "InvalidDBInstanceState"
    with pytest.raises(rds.exceptions.DBInstanceAlreadyExistsFault):
        create_database(rds)
    passed()
    with pytest.raises(rds.exceptions.DBInstanceNotFoundFault) as caught:
        database(rds)
    assert status(caught.value) == 404


def test_an_instance_deleted_while_it_is_created_does_not_come_back(rds, passed):
    create_database(rds)

    delete_database(rds)
    passed()

    with pytest.raises(rds.exceptions.DBInstanceNotFoundFault):
        database(rds)


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        pytest.param({}, "FinalDBSnapshotIdentifier is required", id="neither"),
        pytest.param({"SkipFinalSnapshot": True, "FinalDBSnapshotIdentifier": "last"}, "can not be", id="both"),
    ],
)
@pytest.mark.usefixtures("instant")
def test_a_deletion_says_what_becomes_of_the_data(rds, parameters, words):
    create_database(rds)

    with pytest.raises(ClientError, match=words) as caught:
        rds.delete_db_instance(DBInstanceIdentifier="orders", **parameters)

    assert code(caught.value) == "InvalidParameterCombination"
    assert database(rds)["DBInstanceStatus"] == "available"


@pytest.mark.usefixtures("instant")
def test_a_final_snapshot_outlives_its_instance(rds):
    create_database(rds)

    rds.delete_db_instance(DBInstanceIdentifier="orders", FinalDBSnapshotIdentifier="last")

    assert rds.describe_db_snapshots(DBSnapshotIdentifier="last")["DBSnapshots"][0]["Status"] == "available"


@pytest.mark.usefixtures("instant")
def test_a_snapshot_becomes_an_instance_again(rds, control, passed):
    create_database(rds, EnablePerformanceInsights=True)
    rds.delete_db_instance(DBInstanceIdentifier="orders", FinalDBSnapshotIdentifier="last")
    control.set_delays(creating=0.3)

    rds.restore_db_instance_from_db_snapshot(DBInstanceIdentifier="restored", DBSnapshotIdentifier="last")

    assert database(rds, "restored")["DBInstanceStatus"] == "creating"
    passed()
    assert database(rds, "restored")["DBInstanceStatus"] == "available"
    assert database(rds, "restored")["PerformanceInsightsEnabled"] is True


@pytest.mark.usefixtures("instant")
def test_a_replica_is_created_like_any_instance(rds, control, passed):
    create_database(rds)
    control.set_delays(creating=0.3)

    rds.create_db_instance_read_replica(DBInstanceIdentifier="replica", SourceDBInstanceIdentifier="orders")

    assert database(rds, "replica")["DBInstanceStatus"] == "creating"
    assert database(rds)["DBInstanceStatus"] == "available"
    assert database(rds, "replica")["DbiResourceId"] != database(rds)["DbiResourceId"]
    passed()
    assert database(rds, "replica")["ReadReplicaSourceDBInstanceIdentifier"] == "orders"
    with pytest.raises(rds.exceptions.DBInstanceAlreadyExistsFault):
        rds.create_db_instance_read_replica(DBInstanceIdentifier="orders", SourceDBInstanceIdentifier="replica")


@pytest.mark.usefixtures("instant")
def test_a_protected_instance_is_not_deleted(rds):
    create_database(rds, DeletionProtection=True)

    with pytest.raises(ClientError, match="protected"):
        delete_database(rds)

    assert database(rds)["DBInstanceStatus"] == "available"


@pytest.mark.usefixtures("instant")
def test_parameters_that_moto_drops_are_shown(rds):
    given = {"NetworkType": "DUAL", "DedicatedLogVolume": True, "DatabaseInsightsMode": "advanced"}
    create_database(rds, EnablePerformanceInsights=True, PerformanceInsightsRetentionPeriod=31, **given)

    shown = database(rds)

    assert {name: shown[name] for name in given} == given
    assert (shown["PerformanceInsightsEnabled"], shown["PerformanceInsightsRetentionPeriod"]) == (True, 31)
    rds.modify_db_instance(DBInstanceIdentifier="orders", EnablePerformanceInsights=False, ApplyImmediately=True)
    assert database(rds)["PerformanceInsightsEnabled"] is False


@pytest.mark.usefixtures("instant")
def test_what_is_not_asked_for_is_chosen(rds):
    create_database(rds, EngineVersion="16", StorageType="gp3", StorageEncrypted=True)

    shown = database(rds)

    assert shown["EngineVersion"].startswith("16.")
    assert (shown["Iops"], shown["StorageThroughput"]) == (3000, 125)
    assert shown["KmsKeyId"].startswith("arn:aws:kms:eu-west-1:")
    assert shown["LicenseModel"] == "postgresql-license"


@pytest.mark.usefixtures("instant")
def test_each_instance_has_a_resource_id_of_its_own(rds):
    ids = {create_database(rds, name)["DbiResourceId"] for name in ("one", "two")}

    assert len(ids) == 2


@pytest.mark.usefixtures("instant")
def test_log_exports_are_enabled_and_disabled_whatever_they_were(rds):
    create_database(rds, EnableCloudwatchLogsExports=["postgresql"])

    for wanted in (
        {"EnableLogTypes": ["postgresql", "upgrade"]},
        {"DisableLogTypes": ["postgresql", "iam-db-auth-error"]},
    ):
        rds.modify_db_instance(DBInstanceIdentifier="orders", CloudwatchLogsExportConfiguration=wanted)

    assert database(rds)["EnabledCloudwatchLogsExports"] == ["upgrade"]


@pytest.mark.usefixtures("instant")
def test_a_default_parameter_group_can_always_be_chosen(rds):
    create_database(rds, EngineVersion="16")

    rds.modify_db_instance(DBInstanceIdentifier="orders", DBParameterGroupName="default.postgres16")

    assert database(rds)["DBParameterGroups"][0]["DBParameterGroupName"] == "default.postgres16"


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        pytest.param({"MasterUserPassword": "short"}, "shorter than 8", id="a short password"),
        pytest.param({"MasterUserPassword": ""}, "must be provided", id="no password"),
        pytest.param({"ManageMasterUserPassword": True}, "ManageMasterUserPassword", id="two passwords"),
        pytest.param({"DBInstanceClass": "t4g.micro"}, "Invalid DB Instance class", id="no class"),
        pytest.param({"DBSubnetGroupName": "nowhere"}, "not found", id="no subnet group"),
    ],
)
@pytest.mark.usefixtures("instant")
def test_a_creation_that_aws_would_refuse_is_refused(rds, parameters, words):
    with pytest.raises(ClientError, match=words):
        create_database(rds, **parameters)


def test_option_groups_are_listed_without_a_name(rds):
    before = rds.describe_option_groups()["OptionGroupsList"]
    rds.create_option_group(
        OptionGroupName="ours", EngineName="mysql", MajorEngineVersion="8.0", OptionGroupDescription="ours"
    )

    found = rds.describe_option_groups()["OptionGroupsList"]

    assert (before, [group["OptionGroupName"] for group in found]) == ([], ["ours"])


@pytest.mark.usefixtures("instant")
def test_the_backups_of_a_cluster_go_with_it_but_for_the_final_one(rds):
    rds.create_db_cluster(
        DBClusterIdentifier="shop",
        Engine="aurora-postgresql",
        MasterUsername="shop",
        MasterUserPassword="long enough",
    )
    before = rds.describe_db_cluster_snapshots()["DBClusterSnapshots"]

    rds.delete_db_cluster(DBClusterIdentifier="shop", FinalDBSnapshotIdentifier="final")

    left = rds.describe_db_cluster_snapshots()["DBClusterSnapshots"]
    assert [snapshot["SnapshotType"] for snapshot in before] == ["automated"]
    assert [snapshot["DBClusterSnapshotIdentifier"] for snapshot in left] == ["final"]
