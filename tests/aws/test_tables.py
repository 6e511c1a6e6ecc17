"""What tables can do beside the life that all kinds live: be restored, and change one thing after the other."""

from collections.abc import Mapping
from typing import Any

import pytest

from crosshead.aws.external import AwsExternal
from crosshead.aws.kinds.dynamodb import TABLE
from crosshead.base.errors import StalledError
from crosshead.devel.emulator import EmulatorControl
from crosshead.managed.external import Declared
from tests.aws.lives import Land, Life, changed, create, settle

KEYS = {"attribute": [{"name": "id", "type": "S"}], "hashKey": "id"}
ON_DEMAND = {**KEYS, "billingMode": "PAY_PER_REQUEST"}


@pytest.fixture
def tables(land: Land) -> AwsExternal:
    return land.external("dynamodb", "Table")


def table(land: Land, name: str, **parameters: Any) -> Declared:
    return Life("dynamodb", "Table", lambda _: {**ON_DEMAND, **parameters}).declared(land, name)


def index(name: str) -> dict[str, Any]:
    return {"name": f"by-{name}", "hashKey": name, "projectionType": "ALL"}


def attributes(*names: str) -> list[dict[str, str]]:
    return [{"name": name, "type": "S"} for name in ("id", *names)]


def planned(changes: Mapping[str, Any], found: Mapping[str, Any], **spec: Any) -> list[Mapping[str, Any]]:
    """What the calls say that change a table, one after the other."""
    plan = TABLE.updates[0].plan
    assert plan is not None
    scene = {"id": "orders", "region": "us-east-1", "spec": {**ON_DEMAND, **spec, **changes}, "at": found}
    requests = plan(changes, scene)
    return [{name: said for name, said in request.arguments.items() if name != "TableName"} for request in requests]


def test_indexes_come_and_go_one_at_a_time(
    land: Land, tables: AwsExternal, name: str, control: EmulatorControl
) -> None:
    born = create(tables, table(land, name))
    settle(tables, born)
    wanted = changed(born, attribute=attributes("a", "b"), globalSecondaryIndex=[index("a"), index("b")])
    control.set_delays(modifying=0.2)

    tables.update(wanted, tables.observe(wanted))
    first = settle(tables, wanted)
    tables.update(wanted, first)
    second = settle(tables, wanted)

    assert {drift.field for drift in first.drift} == {"globalSecondaryIndex"}
    assert [one["name"] for one in first.at_provider["globalSecondaryIndex"]] == ["by-a"]
    assert second.drift == ()


def test_an_index_of_other_keys_is_another_index() -> None:
    found = {"globalSecondaryIndex": [{**index("a"), "keySchema": [{"attributeName": "a", "keyType": "HASH"}]}]}
    wanted = {"attribute": attributes("b"), "globalSecondaryIndex": [{**index("b"), "name": "by-a"}]}

    first, second = planned(wanted, found)

    assert first == {"GlobalSecondaryIndexUpdates": [{"Delete": {"IndexName": "by-a"}}]}
    assert second["GlobalSecondaryIndexUpdates"][0]["Create"]["KeySchema"] == [
        {"AttributeName": "b", "KeyType": "HASH"}
    ]


@pytest.mark.parametrize(
    ("changes", "found", "expected"),
    [
        pytest.param(
            {"streamViewType": "KEYS_ONLY"},
            {"streamEnabled": True},
            [
                {"StreamSpecification": {"StreamEnabled": False}},
                {"StreamSpecification": {"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"}},
            ],
            id="another stream",
        ),
        pytest.param(
            {"billingMode": "PROVISIONED", "readCapacity": 5.0},
            {"globalSecondaryIndex": [{"name": "a"}]},
            [
                {
                    "BillingMode": "PROVISIONED",
                    "ProvisionedThroughput": {"ReadCapacityUnits": 5, "WriteCapacityUnits": 2},
                    "GlobalSecondaryIndexUpdates": [
                        {"Update": {"IndexName": "a", "ProvisionedThroughput": {"ReadCapacityUnits": 1}}}
                    ],
                }
            ],
            id="provisioned, with its indexes",
        ),
        pytest.param(
            {"serverSideEncryption": [{"enabled": True, "kmsKeyArn": "arn:key"}]},
            {},
            [{"SSESpecification": {"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": "arn:key"}}],
            id="a key of ours",
        ),
        pytest.param(
            {"replica": [{"regionName": "eu-west-1", "consistencyMode": "STRONG"}]},
            {"replica": [{"regionName": "us-east-1"}, {"regionName": "us-west-2"}]},
            [
                {"ReplicaUpdates": [{"Delete": {"RegionName": "us-west-2"}}]},
                {
                    "ReplicaUpdates": [{"Create": {"RegionName": "eu-west-1"}}],
                    "MultiRegionConsistency": "STRONG",
                    "GlobalTableWitnessUpdates": [{"Create": {"RegionName": "us-east-2"}}],
                },
            ],
            id="replicas that agree",
        ),
        pytest.param(
            {"warmThroughput": [{"readUnitsPerSecond": 15000.0}], "onDemandThroughput": [{"maxReadRequestUnits": 10}]},
            {},
            [{"OnDemandThroughput": {"MaxReadRequestUnits": 10}}, {"WarmThroughput": {"ReadUnitsPerSecond": 15000}}],
            id="throughput",
        ),
        pytest.param(
            {"attribute": [{"name": "id", "type": "N"}]},
            {},
            [{"AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "N"}]}],
            id="what AWS itself refuses",
        ),
    ],
)
def test_each_change_is_said_as_aws_takes_it(changes: Any, found: Any, expected: Any) -> None:
    indexes = [{"name": "a", "readCapacity": 1}, {"name": "new", "readCapacity": 1}]
    more = {"writeCapacity": 2, "streamEnabled": True, "globalTableWitness": [{"regionName": "us-east-2"}]}

    assert planned(changes, found, globalSecondaryIndex=indexes, **more) == expected


def test_items_expire_by_another_attribute_after_they_have_expired_by_none() -> None:
    plan = TABLE.updates[2].plan
    assert plan is not None
    found = {"ttl": [{"attributeName": "old", "enabled": True}]}

    requests = plan({"ttl": [{"attributeName": "new", "enabled": True}]}, {"id": "orders", "at": found})

    assert [request.arguments["TimeToLiveSpecification"] for request in requests] == [
        {"Enabled": False, "AttributeName": "old"},
        {"Enabled": True, "AttributeName": "new"},
    ]


def test_a_table_that_is_provisioned_is_paid_by_the_request_and_back(
    land: Land, tables: AwsExternal, name: str
) -> None:
    capacity = {"readCapacity": 5, "writeCapacity": 5}
    born = create(tables, table(land, name, billingMode="PROVISIONED", **capacity))
    settle(tables, born)
    wanted = changed(born, billingMode="PAY_PER_REQUEST")

    tables.update(wanted, tables.observe(wanted))
    assert settle(tables, wanted).drift == ()
    tables.update(born, tables.observe(born))

    assert settle(tables, born).drift == ()


def _moment(_: AwsExternal, source: Declared) -> Mapping[str, Any]:
    return {"restoreSourceName": source.name, "restoreToLatestTime": True}


def _backup(tables: AwsExternal, source: Declared) -> Mapping[str, Any]:
    client = tables.account.clients.patient
    made = client.create_backup(TableName=source.name, BackupName="then")
    return {"restoreBackupArn": made["BackupDetails"]["BackupArn"]}


@pytest.mark.parametrize("origin", [pytest.param(_moment, id="a moment"), pytest.param(_backup, id="a backup")])
def test_a_restored_table_becomes_what_is_declared(origin: Any, land: Land, tables: AwsExternal, name: str) -> None:
    """A restore takes no tags, and has no protection: both are drift until they are set."""
    source = create(tables, table(land, name, pointInTimeRecovery=[{"enabled": True}]))
    settle(tables, source)

    wanted = table(land, f"{name}-again", **origin(tables, source), deletionProtectionEnabled=True)
    restored = create(tables, wanted)
    seen = settle(tables, restored)
    tables.update(restored, seen)

    assert {drift.field for drift in seen.drift} == {"tags", "deletionProtectionEnabled"}
    assert settle(tables, restored).drift == ()


def test_a_table_is_imported_from_a_bucket(land: Land, tables: AwsExternal, name: str) -> None:
    source = [{"bucket": land.bucket, "keyPrefix": "orders/"}]
    csv = [{"csv": [{"delimiter": ";"}]}]

    born = create(
        tables,
        table(land, name, importTable=[{"inputFormat": "CSV", "inputFormatOptions": csv, "s3BucketSource": source}]),
    )

    assert born.external_name == name
    assert settle(tables, born).exists


def test_a_protected_table_is_not_deleted(land: Land, tables: AwsExternal, name: str) -> None:
    born = create(tables, table(land, name, deletionProtectionEnabled=True))
    settle(tables, born)

    with pytest.raises(StalledError, match=r"set spec.forProvider.deletionProtectionEnabled to false"):
        tables.delete(born)
    tables.delete(changed(born, deletionProtectionEnabled=False))

    assert not tables.observe(born).exists


def test_replicas_of_ours_go_with_the_table(
    land: Land, tables: AwsExternal, name: str, control: EmulatorControl
) -> None:
    born = create(tables, table(land, name, replica=[{"regionName": "eu-west-1"}]))
    settle(tables, born)
    control.forget_requests()

    tables.delete(born)

    assert control.counts()["dynamodb:UpdateTable"] == 1
    assert not tables.observe(born).exists
