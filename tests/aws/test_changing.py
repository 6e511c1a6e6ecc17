"""The irregular lives: databases under way, pending changes, protections, buckets that are not empty."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from crosshead.aws import emptying
from crosshead.base.errors import NotReadyError, StalledError
from crosshead.base.values import SecretValue
from crosshead.devel.emulator import EmulatorControl
from crosshead.managed.external import Declared
from tests.aws.lives import Land, changed, create, settle
from tests.aws.living.catalogue import LIVES

BUCKET = next(life for life in LIVES if life.kind == "Bucket")
GROUP = next(life for life in LIVES if life.kind == "ReplicationGroup")


@pytest.fixture
def database(land: Land, unnamed: Declared) -> Iterator[Declared]:
    external = land.external("rds", "Instance")
    declared = create(external, unnamed)
    settle(external, declared)
    yield declared
    external.delete(declared)


@pytest.fixture
def bucket(land: Land, name: str) -> Declared:
    return create(land.external("s3", "Bucket"), changed(BUCKET.declared(land, name), forceDestroy=False))


def client(land: Land, service: str, kind: str) -> Any:
    return land.external(service, kind).account.clients.patient


def test_what_is_being_created_is_busy_and_says_so(land: Land, unnamed: Declared, control: EmulatorControl) -> None:
    external = land.external("rds", "Instance")
    control.set_delays(creating=0.3)
    declared = create(external, unnamed)

    early, late = external.observe(declared), settle(external, declared)

    assert (early.busy, early.ready.reason, early.ready.message) == (True, "Creating", "AWS reports status 'creating'")
    assert (late.busy, late.ready.reason) == (False, "Available")
    assert (set(early.connection), set(late.connection)) == (
        {"password", "attribute.password", "username"},
        {"password", "attribute.password", "username", "endpoint", "address", "host", "port"},
    )


def test_what_is_being_modified_stays_ready_and_is_busy(
    land: Land, database: Declared, control: EmulatorControl
) -> None:
    external = land.external("rds", "Instance")
    control.set_delays(modifying=0.3)
    wanted = changed(database, instanceClass="db.t3.large", applyImmediately=True)
    external.update(wanted, external.observe(wanted))

    seen = external.observe(wanted)

    assert (seen.busy, seen.ready.status) == (True, "True")
    settle(external, wanted)


def test_what_is_being_deleted_is_left_alone(land: Land, unnamed: Declared, control: EmulatorControl) -> None:
    external = land.external("rds", "Instance")
    declared = create(external, unnamed)
    control.set_delays(deleting=0.3)
    external.delete(declared)
    external.delete(declared)

    assert external.observe(declared).ready.reason == "Deleting"
    assert control.count("rds:DeleteDBInstance") == 1


def test_a_change_that_waits_for_the_maintenance_window_is_asked_for_once(
    land: Land, database: Declared, control: EmulatorControl
) -> None:
    external = land.external("rds", "Instance")
    wanted = changed(database, instanceClass="db.t3.large")
    external.update(wanted, external.observe(wanted))

    pending = settle(external, wanted)
    control.maintain()
    done = settle(external, wanted)

    assert (pending.drift, pending.at_provider["instanceClass"]) == ((), "db.t3.micro")
    assert (done.drift, done.at_provider["instanceClass"]) == ((), "db.t3.large")


def test_a_change_of_mind_before_the_maintenance_window_is_drift(land: Land, database: Declared) -> None:
    """What is pending will come, unless it is taken back."""
    external = land.external("rds", "Instance")
    wanted = changed(database, instanceClass="db.t3.large")
    external.update(wanted, external.observe(wanted))

    seen = settle(external, database)

    assert [(drift.field, drift.found) for drift in seen.drift] == [("instanceClass", "db.t3.large")]
    assert seen.at_provider["instanceClass"] == "db.t3.micro"


def test_a_password_that_has_changed_is_sent(land: Land, database: Declared, control: EmulatorControl) -> None:
    external = land.external("rds", "Instance")
    renewed = replace(database, secrets={"password": SecretValue("battery-staple")})

    seen = external.observe(renewed)
    external.update(renewed, seen)

    assert [drift.field for drift in seen.drift] == ["passwordSecretRef"]
    assert "battery" not in repr(seen)
    assert control.count("rds:ModifyDBInstance") == 1
    assert external.observe(renewed).drift == ()


def test_a_protected_database_is_not_deleted(land: Land, database: Declared) -> None:
    external = land.external("rds", "Instance")
    protected = changed(database, deletionProtection=True)
    external.update(protected, external.observe(protected))
    settle(external, protected)

    with pytest.raises(StalledError, match=r"set spec.forProvider.deletionProtection to false") as caught:
        external.delete(protected)

    assert caught.value.reason == "CannotDeleteExternalResource"
    external.delete(changed(database, deletionProtection=False))
    assert not external.observe(database).exists


def test_a_database_is_not_deleted_without_a_word_about_its_snapshot(land: Land, database: Declared) -> None:
    with pytest.raises(StalledError, match="finalSnapshotIdentifier, or skipFinalSnapshot to true"):
        land.external("rds", "Instance").delete(changed(database, skipFinalSnapshot=False))


def test_the_final_snapshot_is_made(land: Land, unnamed: Declared) -> None:
    external = land.external("rds", "Instance")
    last = f"{unnamed.name}-last"
    declared = create(external, changed(unnamed, skipFinalSnapshot=False, finalSnapshotIdentifier=last))
    settle(external, declared)

    external.delete(declared)

    found = client(land, "rds", "Instance").describe_db_snapshots(DBSnapshotIdentifier=last)
    assert [snapshot["DBInstanceIdentifier"] for snapshot in found["DBSnapshots"]] == [unnamed.name]


def test_a_database_is_restored_from_a_snapshot(land: Land, database: Declared, name: str) -> None:
    external = land.external("rds", "Instance")
    snapshot = f"{name}-copy"
    client(land, "rds", "Instance").create_db_snapshot(
        DBSnapshotIdentifier=snapshot, DBInstanceIdentifier=database.name
    )
    wanted = changed(replace(database, name=f"{name}-again", uid=f"uid-{name}"), snapshotIdentifier=snapshot)

    restored = create(external, replace(wanted, external_name=""))

    assert settle(external, restored).at_provider["identifier"] == f"{name}-again"
    external.delete(restored)


def test_a_replica_is_created_from_its_source(land: Land, database: Declared, name: str) -> None:
    external = land.external("rds", "Instance")
    wanted = {"region": "us-east-1", "instanceClass": "db.t3.micro", "skipFinalSnapshot": True}
    replica = replace(
        changed(replace(database, parameters=wanted), replicateSourceDb=database.name),
        name=f"{name}-replica",
        uid=f"uid-{name}",
        external_name="",
        secrets={},
    )

    born = create(external, replica)

    seen = settle(external, born)
    assert (seen.at_provider["replicateSourceDb"], seen.drift) == (database.name, ())
    external.delete(born)


def test_a_bucket_that_is_not_empty_says_what_to_do(land: Land, bucket: Declared) -> None:
    client(land, "s3", "Bucket").put_object(Bucket=bucket.name, Key="a", Body=b"1")

    with pytest.raises(StalledError, match=r"not empty: empty it, or set spec.forProvider.forceDestroy to true"):
        land.external("s3", "Bucket").delete(bucket)


def test_force_destroy_empties_a_bucket_versions_and_all(land: Land, bucket: Declared) -> None:
    external, s3 = land.external("s3", "Bucket"), client(land, "s3", "Bucket")
    s3.put_bucket_versioning(Bucket=bucket.name, VersioningConfiguration={"Status": "Enabled"})
    s3.put_object(Bucket=bucket.name, Key="a", Body=b"1")
    s3.put_object(Bucket=bucket.name, Key="a", Body=b"2")
    s3.delete_object(Bucket=bucket.name, Key="a")
    s3.create_multipart_upload(Bucket=bucket.name, Key="b")

    external.delete(changed(bucket, forceDestroy=True))

    assert not external.observe(bucket).exists


def test_a_bucket_is_emptied_a_part_at_a_time(land: Land, bucket: Declared, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(emptying, "_PAGES", 1)
    client(land, "s3", "Bucket").put_object(Bucket=bucket.name, Key="a", Body=b"1")
    external, wanted = land.external("s3", "Bucket"), changed(bucket, forceDestroy=True)

    with pytest.raises(NotReadyError, match="it is still being emptied"):
        external.delete(wanted)
    external.delete(wanted)

    assert not external.observe(bucket).exists


def test_a_bucket_lives_where_it_was_declared(land: Land, name: str) -> None:
    external = land.external("s3", "Bucket", region="eu-west-1")
    declared = create(external, changed(BUCKET.declared(land, name), region="eu-west-1"))

    seen = external.observe(declared)

    assert (seen.at_provider["bucketRegion"], seen.connection["region"]) == ("eu-west-1", SecretValue("eu-west-1"))


def test_a_group_is_made_smaller_again(land: Land, name: str) -> None:
    external = land.external("elasticache", "ReplicationGroup")
    declared = create(external, changed(GROUP.declared(land, name), numCacheClusters=3))
    settle(external, declared)
    smaller = changed(declared, numCacheClusters=2)

    external.update(smaller, external.observe(smaller))

    assert settle(external, smaller).at_provider["numCacheClusters"] == 2


def test_the_old_names_of_parameters_still_count(land: Land, name: str) -> None:
    external = land.external("elasticache", "ReplicationGroup")
    old = {"replicationGroupDescription": "sessions", "numberCacheClusters": 2, "nodeType": "cache.t3.micro"}
    declared = replace(GROUP.declared(land, name), parameters=old, initial=old, secrets={})

    born = create(external, declared)

    seen = settle(external, born)
    assert (seen.at_provider["description"], seen.at_provider["numCacheClusters"]) == ("sessions", 2)
    assert (seen.drift, "numCacheClusters" in seen.late) == ((), False)


def test_a_new_security_group_lets_nothing_out(land: Land) -> None:
    """As upstream has it: only what is declared may leave."""
    found = client(land, "ec2", "SecurityGroup").describe_security_groups(GroupIds=[land.group])

    assert found["SecurityGroups"][0]["IpPermissionsEgress"] == []
