"""What databases can do beside the life that all kinds live: be restored, be promoted, be replaced under way."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from crosshead.aws.external import AwsExternal
from crosshead.base.errors import NotReadyError, StalledError
from crosshead.base.values import SecretValue
from crosshead.devel.emulator import EmulatorControl
from crosshead.managed.external import Declared, Observation
from tests.aws.lives import PASSWORD, Land, Life, changed, create, settle

SOURCE = {
    "engine": "mysql",
    "instanceClass": "db.t4g.micro",
    "allocatedStorage": 20,
    "username": "admin",
    "backupRetentionPeriod": 7,
    "skipFinalSnapshot": True,
    "applyImmediately": True,
}
AURORA = {"engine": "aurora-mysql", "masterUsername": "admin", "skipFinalSnapshot": True}
MASTER_PASSWORD = {"master_password": SecretValue("correct-horse")}


@pytest.fixture
def instances(land: Land) -> AwsExternal:
    return land.external("rds", "Instance")


@pytest.fixture
def clusters(land: Land) -> AwsExternal:
    return land.external("rds", "Cluster")


def instance(land: Land, name: str, **parameters: Any) -> Declared:
    wanted = {**SOURCE, **parameters}
    return Life("rds", "Instance", lambda _: wanted, secrets=PASSWORD).declared(land, name)


def cluster(land: Land, name: str, **parameters: Any) -> Declared:
    wanted = {**AURORA, **parameters}
    return Life("rds", "Cluster", lambda _: wanted, secrets=MASTER_PASSWORD).declared(land, name)


def asked(control: EmulatorControl) -> set[str]:
    """The operations that change something, since the last time."""
    operations = {operation.partition(":")[2] for operation in control.counts()}
    return {operation for operation in operations if not operation.startswith(("Describe", "List"))}


def updated(external: AwsExternal, declared: Declared) -> Observation:
    external.update(declared, external.observe(declared))
    return settle(external, declared)


# Where an instance comes from


def _snapshot(land: Land, source: str) -> Mapping[str, Any]:
    return {"snapshotIdentifier": land.made("rds", "Snapshot", f"{source}-then", dbInstanceIdentifier=source)}


def _moment(_: Land, source: str) -> Mapping[str, Any]:
    return {"restoreToPointInTime": [{"sourceDbInstanceIdentifier": source, "useLatestRestorableTime": True}]}


@pytest.mark.parametrize(
    ("origin", "operation"),
    [
        pytest.param(_snapshot, "RestoreDBInstanceFromDBSnapshot", id="a snapshot"),
        pytest.param(_moment, "RestoreDBInstanceToPointInTime", id="a moment"),
    ],
)
def test_a_restored_instance_becomes_what_is_declared(
    origin: Any, operation: str, land: Land, instances: AwsExternal, name: str, control: EmulatorControl
) -> None:
    """The restore takes some of it, and not the password: that is drift until it is set."""
    create(instances, instance(land, name))
    wanted = instance(
        land, f"{name}-again", **origin(land, name), backupRetentionPeriod=14, instanceClass="db.t4g.small"
    )
    control.forget_requests()

    restored = create(instances, wanted)
    seen = settle(instances, restored)

    assert operation in asked(control)
    assert {drift.field for drift in seen.drift} >= {"passwordSecretRef"}
    assert updated(instances, restored).drift == ()
    assert instances.observe(restored).at_provider["backupRetentionPeriod"] == 14


def test_an_instance_is_imported_from_a_bucket(
    land: Land, instances: AwsExternal, name: str, control: EmulatorControl
) -> None:
    backup = {"bucketName": land.bucket, "ingestionRole": "arn:aws:iam::123456789012:role/reader"}
    engine = {"sourceEngine": "mysql", "sourceEngineVersion": "8.0.43"}
    control.forget_requests()

    born = create(instances, instance(land, name, s3Import=[{**backup, **engine}]))

    assert asked(control) == {"RestoreDBInstanceFromS3"}
    assert settle(instances, born).drift == ()


def test_a_replica_follows_its_source_until_it_is_promoted(land: Land, instances: AwsExternal, name: str) -> None:
    create(instances, instance(land, name))
    wanted = replace(instance(land, f"{name}-r", replicateSourceDb=name), secrets={})
    replica = create(instances, wanted)
    assert settle(instances, replica).drift == ()

    with pytest.raises(StalledError, match=f"a replica of '{name}' cannot follow another source"):
        updated(instances, changed(replica, replicateSourceDb="another"))
    promoted = changed(replica, replicateSourceDb="")

    assert updated(instances, promoted).drift == ()
    assert instances.observe(promoted).at_provider.get("replicateSourceDb") is None


def test_of_a_replica_no_last_snapshot_is_taken(land: Land, instances: AwsExternal, name: str) -> None:
    """AWS takes none: what a replica holds is its source's."""
    create(instances, instance(land, name))
    wanted = instance(land, f"{name}-r", replicateSourceDb=name, skipFinalSnapshot=False)
    replica = create(instances, replace(wanted, secrets={}))

    instances.delete(replica)

    assert not instances.observe(replica).exists


def test_an_instance_is_renamed_and_stays_the_same(land: Land, instances: AwsExternal, name: str) -> None:
    born = create(instances, instance(land, name))

    seen = updated(instances, changed(born, identifier=f"{name}-renamed"))

    assert (seen.drift, seen.external_name) == ((), born.external_name)
    assert seen.at_provider["identifier"] == f"{name}-renamed"


def test_aws_keeps_the_password_and_gives_it_back(land: Land, instances: AwsExternal, name: str) -> None:
    born = create(instances, instance(land, name))

    kept = updated(instances, replace(changed(born, manageMasterUserPassword=True), secrets={}))
    back = updated(instances, changed(born, manageMasterUserPassword=False))

    assert (kept.drift, back.drift) == ((), ())
    assert kept.at_provider["masterUserSecret"][0]["secretArn"].startswith("arn:aws:secretsmanager:")
    assert "masterUserSecret" not in back.at_provider


def test_a_cluster_has_its_password_from_aws_and_from_us(land: Land, clusters: AwsExternal, name: str) -> None:
    born = create(clusters, cluster(land, name))

    kept = updated(clusters, replace(changed(born, manageMasterUserPassword=True), secrets={}))
    seen = clusters.observe(changed(born, manageMasterUserPassword=False))
    back = updated(clusters, changed(born, manageMasterUserPassword=False))

    assert (kept.drift, back.drift) == ((), ())
    assert {drift.field for drift in seen.drift} == {"manageMasterUserPassword", "masterPasswordSecretRef"}


# Blue/green deployments


def test_a_deployment_changes_an_instance_by_replacing_it(land: Land, instances: AwsExternal, name: str) -> None:
    before = create(instances, instance(land, name, engineVersion="8.0", blueGreenUpdate=[{"enabled": True}]))
    wanted = changed(before, engineVersion="8.4", instanceClass="db.t4g.small", allowMajorVersionUpgrade=True)

    made = updated(instances, wanted)
    changed_green = updated(instances, wanted)
    switched = updated(instances, wanted)

    assert made.external_name == changed_green.external_name == before.external_name
    assert switched.external_name != before.external_name
    assert (switched.at_provider["identifier"], switched.at_provider["engineVersion"]) == (name, "8.4.6")
    assert [drift.field for drift in switched.drift] == ["blueGreenUpdate"]
    tidied = updated(instances, wanted)
    assert (tidied.drift, tidied.external_name) == ((), switched.external_name)


def test_what_a_deployment_left_is_found_by_its_tag_when_deployments_are_no_longer_wanted(
    land: Land, instances: AwsExternal, name: str
) -> None:
    before = create(instances, instance(land, name, blueGreenUpdate=[{"enabled": True}]))
    wanted = changed(before, instanceClass="db.t4g.small")
    for _ in range(4):
        seen = updated(instances, wanted)

    after = instances.observe(changed(wanted, blueGreenUpdate=[{"enabled": False}]))

    assert (after.exists, after.external_name) == (True, seen.external_name)


def test_while_a_deployment_is_made_nothing_else_happens(
    land: Land, instances: AwsExternal, name: str, control: EmulatorControl
) -> None:
    before = create(instances, instance(land, name, blueGreenUpdate=[{"enabled": True}]))
    wanted = changed(before, instanceClass="db.t4g.small")
    control.set_delays(creating=0.3)

    instances.update(wanted, instances.observe(wanted))

    seen = instances.observe(wanted)
    assert (seen.busy, seen.ready.reason) == (True, "Available")


@pytest.mark.parametrize("steps", [pytest.param(1, id="under way"), pytest.param(3, id="done")])
def test_a_deployment_goes_with_its_instance(
    steps: int, land: Land, instances: AwsExternal, name: str, control: EmulatorControl
) -> None:
    before = create(instances, instance(land, name, blueGreenUpdate=[{"enabled": True}]))
    wanted = changed(before, instanceClass="db.t4g.small")
    for _ in range(steps):
        updated(instances, wanted)
    control.forget_requests()

    instances.delete(wanted)

    assert {"DeleteBlueGreenDeployment", "DeleteDBInstance"} <= asked(control)
    assert not instances.observe(wanted).exists


def test_a_password_needs_no_deployment(
    land: Land, instances: AwsExternal, name: str, control: EmulatorControl
) -> None:
    born = create(instances, instance(land, name, blueGreenUpdate=[{"enabled": True}]))
    control.forget_requests()

    updated(instances, replace(born, secrets={"password": SecretValue("another-horse")}))

    assert asked(control) == {"ModifyDBInstance"}


# Clusters


def test_a_restored_cluster_becomes_what_is_declared(
    land: Land, clusters: AwsExternal, name: str, control: EmulatorControl
) -> None:
    create(clusters, cluster(land, name))
    moment = {"sourceClusterIdentifier": name, "useLatestRestorableTime": True, "restoreType": "copy-on-write"}
    control.forget_requests()

    restored = create(clusters, cluster(land, f"{name}-again", restoreToPointInTime=[moment], backupRetentionPeriod=14))

    assert asked(control) == {"RestoreDBClusterToPointInTime"}
    assert "masterPasswordSecretRef" in {drift.field for drift in settle(clusters, restored).drift}
    assert updated(clusters, restored).drift == ()


def test_a_cluster_is_imported_from_a_bucket(
    land: Land, clusters: AwsExternal, name: str, control: EmulatorControl
) -> None:
    backup = {"bucketName": land.bucket, "ingestionRole": "arn:aws:iam::123456789012:role/reader"}
    engine = {"sourceEngine": "mysql", "sourceEngineVersion": "8.0.43"}
    control.forget_requests()

    born = create(clusters, cluster(land, name, s3Import=[{**backup, **engine}]))

    assert asked(control) == {"RestoreDBClusterFromS3"}
    assert settle(clusters, born).drift == ()


def test_a_cluster_with_members_waits_for_them_to_go(land: Land, clusters: AwsExternal, name: str) -> None:
    members = land.external("rds", "ClusterInstance")
    owner = create(clusters, cluster(land, name))
    wanted = {"clusterIdentifier": name, "engine": "aurora-mysql", "instanceClass": "db.serverless"}
    member = create(members, Life("rds", "ClusterInstance", lambda _: wanted).declared(land, f"{name}-0"))
    assert members.observe(member).at_provider["writer"] is True

    with pytest.raises(NotReadyError, match="still contains DB instances in non-deleting state"):
        clusters.delete(owner)
    members.delete(member)
    clusters.delete(owner)

    assert not clusters.observe(owner).exists


def test_a_protected_cluster_is_not_deleted(land: Land, clusters: AwsExternal, name: str) -> None:
    born = create(clusters, cluster(land, name, deletionProtection=True))

    with pytest.raises(StalledError, match=r"deletion protection is on: set spec.forProvider.deletionProtection to"):
        clusters.delete(born)
    clusters.delete(changed(born, deletionProtection=False))

    assert not clusters.observe(born).exists


def test_a_cluster_takes_a_last_snapshot_when_it_is_named(
    land: Land, clusters: AwsExternal, name: str, control: EmulatorControl
) -> None:
    born = create(clusters, cluster(land, name, skipFinalSnapshot=False))

    with pytest.raises(StalledError, match=r"set spec.forProvider.finalSnapshotIdentifier, or skipFinalSnapshot to"):
        clusters.delete(born)
    clusters.delete(changed(born, finalSnapshotIdentifier=f"{name}-last"))

    again = create(clusters, cluster(land, f"{name}-again", snapshotIdentifier=f"{name}-last"))
    assert settle(clusters, again).exists
    assert "RestoreDBClusterFromSnapshot" in asked(control)


def test_a_cluster_of_three_zones_is_a_cluster(land: Land, clusters: AwsExternal, name: str) -> None:
    storage = {"dbClusterInstanceClass": "db.m5d.large", "allocatedStorage": 100, "storageType": "io1", "iops": 1000}
    born = create(clusters, cluster(land, name, engine="mysql", **storage, applyImmediately=True))

    assert settle(clusters, born).drift == ()
    assert updated(clusters, changed(born, allocatedStorage=200, iops=2000)).drift == ()


def test_what_waits_for_a_window_is_no_drift_of_a_cluster(land: Land, clusters: AwsExternal, name: str) -> None:
    born = create(clusters, cluster(land, name))
    wanted = changed(born, storageType="aurora-iopt1")

    seen = updated(clusters, wanted)

    assert (seen.drift, seen.at_provider["storageType"]) == ((), "")


# Groups


def test_parameters_are_set_by_twenty_and_read_by_the_page(land: Land, name: str, control: EmulatorControl) -> None:
    groups = land.external("rds", "ParameterGroup")
    parameters = [{"name": f"rds.setting_{number:03}", "value": str(number)} for number in range(130)]
    life = Life("rds", "ParameterGroup", lambda _: {"family": "postgres16", "parameter": parameters})
    control.forget_requests()

    born = create(groups, life.declared(land, name))

    assert control.counts()["rds:ModifyDBParameterGroup"] == 7
    assert groups.observe(born).drift == ()
    fewer = changed(born, parameter=parameters[:1])
    assert updated(groups, fewer).at_provider["parameter"] == [
        {"name": "rds.setting_000", "value": "0", "applyMethod": "immediate"}
    ]


def test_a_parameter_that_has_its_default_is_as_declared(land: Land, name: str) -> None:
    """AWS does not count it as set."""
    groups = land.external("rds", "ParameterGroup")
    wanted = {"family": "postgres16", "parameter": [{"name": "rds.force_ssl", "value": "1"}]}
    born = create(groups, Life("rds", "ParameterGroup", lambda _: wanted).declared(land, name))

    assert groups.observe(born).drift == ()
    assert {drift.field for drift in groups.observe(changed(born, parameter=[])).drift} == set()


def test_what_a_running_engine_cannot_take_over_is_refused(land: Land, name: str) -> None:
    groups = land.external("rds", "ParameterGroup")
    born = create(groups, Life("rds", "ParameterGroup", lambda _: {"family": "postgres16"}).declared(land, name))
    wanted = changed(born, parameter=[{"name": "max_connections", "value": "100"}])

    with pytest.raises(StalledError, match="cannot use immediate apply method for static parameter: max_connections"):
        updated(groups, wanted)


@pytest.mark.parametrize(
    ("kind", "parameters"),
    [
        pytest.param("ParameterGroup", {"family": "postgres16"}, id="parameters"),
        pytest.param("OptionGroup", {"engineName": "mysql", "majorEngineVersion": "8.0"}, id="options"),
    ],
)
def test_a_group_is_left_alone_when_that_is_wished(
    kind: str, parameters: Mapping[str, Any], land: Land, name: str, control: EmulatorControl
) -> None:
    groups = land.external("rds", kind)
    born = create(groups, Life("rds", kind, lambda _: {**parameters, "skipDestroy": True}).declared(land, name))
    control.forget_requests()

    groups.delete(born)

    assert asked(control) == set()
    assert not groups.observe(born).exists
