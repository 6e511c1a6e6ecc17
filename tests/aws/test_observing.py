"""What a record means, without AWS."""

from typing import Any

import pytest

from crosshead.aws import observing
from crosshead.aws.catalogue import KINDS
from crosshead.aws.descriptor import Descriptor
from crosshead.base.objects import Kind
from crosshead.base.values import SecretValue
from crosshead.managed.external import Declared, Observation

PLACE = {"region": "us-east-1", "partition": "aws"}


def descriptor(kind: str, service: str = "rds") -> Descriptor:
    return next(d for d in KINDS if (d.service, d.kind) == (service, kind))


def observed(
    record: dict[str, Any], parameters: dict[str, Any], kind: str = "Instance", service: str = "rds"
) -> Observation:
    wanted = Declared(Kind(f"{service}.aws.upbound.io/v1beta1", kind), "orders", "u", "", parameters, parameters)
    tags = {"crossplane-name": "orders"}
    return observing.observation(observing.Seen(descriptor(kind, service), wanted, {**PLACE, **record}, tags))


@pytest.mark.parametrize(
    ("status", "shown", "busy"),
    [
        pytest.param("available", ("True", "Available", ""), False, id="ready"),
        pytest.param("backing-up", ("True", "Available", ""), True, id="usable, and under way"),
        pytest.param("creating", ("False", "Creating", "AWS reports status 'creating'"), True, id="coming"),
        pytest.param("deleting", ("False", "Deleting", ""), True, id="going"),
        pytest.param(
            "storage-full",
            ("False", "Unavailable", "AWS reports status 'storage-full': raise spec.forProvider.allocatedStorage"),
            False,
            id="somebody must do something",
        ),
        pytest.param(
            "of-tomorrow", ("False", "Unavailable", "AWS reports status 'of-tomorrow'"), True, id="never heard of"
        ),
    ],
)
def test_a_status_says_whether_it_is_ready(status: str, shown: tuple[str, str, str], *, busy: bool) -> None:
    seen = observed({"DBInstanceStatus": status}, {})

    assert (seen.ready.status, seen.ready.reason, seen.ready.message) == shown
    assert seen.busy is busy


def test_what_is_deleted_and_still_listed_is_gone() -> None:
    assert observing.is_gone(descriptor("Instance"), {"DBInstanceStatus": "deleted"})
    assert not observing.is_gone(descriptor("SubnetGroup"), {})


@pytest.mark.parametrize(
    ("parameters", "record", "drift"),
    [
        pytest.param({}, {"MultiAZ": True}, [], id="what was left out is AWS' to choose"),
        pytest.param({"multiAz": True}, {}, [], id="what AWS does not show cannot be told"),
        pytest.param({"multiAz": True}, {"MultiAZ": False}, ["multiAz"], id="what differs"),
        pytest.param({"multiAz": False}, {"MultiAZ": True}, ["multiAz"], id="false is set, too"),
        pytest.param({"maxAllocatedStorage": 100}, {}, ["maxAllocatedStorage"], id="silence that means none"),
        pytest.param({"maxAllocatedStorage": 0}, {}, [], id="none asked for, none there"),
        pytest.param(
            {"multiAz": True}, {"MultiAZ": False, "PendingModifiedValues": {"MultiAZ": True}}, [], id="soon as declared"
        ),
        pytest.param(
            {"port": 5433},
            {"Endpoint": {"Port": 5432}, "PendingModifiedValues": {"Port": 5433}},
            [],
            id="a port to come",
        ),
        pytest.param({"engine": "Postgres"}, {"Engine": "postgres"}, [], id="AWS lower-cases"),
        pytest.param({"name": "orders"}, {"DBName": "billing"}, ["dbName"], id="under its old name"),
        pytest.param(
            {"vpcSecurityGroupIds": ["b", "a"]},
            {"VpcSecurityGroups": [{"VpcSecurityGroupId": "a"}, {"VpcSecurityGroupId": "b"}]},
            [],
            id="sets have no order",
        ),
    ],
)
def test_drift(parameters: dict[str, Any], record: dict[str, Any], drift: list[str]) -> None:
    seen = observed(record, parameters)

    assert [found.field for found in (*seen.drift, *seen.immutable)] == drift


@pytest.mark.parametrize(
    ("tags", "drift"),
    [
        pytest.param([{"Key": "crossplane-name", "Value": "orders"}], [], id="as wanted"),
        pytest.param(
            [{"Key": "crossplane-name", "Value": "orders"}, {"Key": "aws:cloudformation:stack-id", "Value": "x"}],
            [],
            id="AWS' own do not count",
        ),
        pytest.param(
            [{"Key": "crossplane-name", "Value": "orders"}, {"Key": "crossplane-uid", "Value": "x"}],
            [],
            id="ours does not count",
        ),
        pytest.param([{"Key": "crossplane-name"}], ["tags"], id="another value"),
        pytest.param([], ["tags"], id="none"),
        pytest.param(None, [], id="AWS does not tell yet"),
    ],
)
def test_drift_of_tags(tags: Any, drift: list[str]) -> None:
    assert [found.field for found in observed({"TagList": tags}, {}).drift] == drift


def test_what_aws_chose_is_told_but_not_what_it_may_choose_again() -> None:
    late = observed(
        {"MultiAZ": False, "CACertificateIdentifier": "rds-ca-2019", "DBName": "orders", "Timezone": ""}, {}
    ).late

    assert late == {"multiAz": False}


def test_the_status_shows_what_is_and_not_what_will_be() -> None:
    seen = observed({"DBInstanceClass": "small", "PendingModifiedValues": {"DBInstanceClass": "large"}}, {})

    assert seen.at_provider["instanceClass"] == "small"


def test_what_changes_by_itself_is_not_shown() -> None:
    assert "latestRestorableTime" not in observed({"LatestRestorableTime": "2026-01-01"}, {}).at_provider


def test_connection_details_come_with_the_endpoint() -> None:
    seen = observed({"MasterUsername": "postgres", "Endpoint": {"Address": "db.example.org", "Port": 5432}}, {})

    assert seen.connection == {
        "username": SecretValue("postgres"),
        "host": SecretValue("db.example.org"),
        "address": SecretValue("db.example.org"),
        "port": SecretValue("5432"),
        "endpoint": SecretValue("db.example.org:5432"),
    }


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        pytest.param({"Status": "available", "Member": {"CacheClusterStatus": "available"}}, "Available", id="all are"),
        pytest.param(
            {"Status": "available", "Member": {"CacheClusterStatus": "creating"}}, "Creating", id="one is not"
        ),
        pytest.param({"Status": "creating", "Member": None}, "Creating", id="there is none yet"),
        pytest.param({"Status": "create-failed"}, "Unavailable", id="there will be none"),
    ],
)
def test_a_group_is_ready_when_its_members_are(record: dict[str, Any], reason: str) -> None:
    assert observed(record, {}, "ReplicationGroup", "elasticache").ready.reason == reason


def test_log_deliveries_are_told_apart() -> None:
    logs = [
        {
            "LogType": "slow-log",
            "DestinationType": "kinesis-firehose",
            "LogFormat": "json",
            "DestinationDetails": {"KinesisFirehoseDetails": {"DeliveryStream": "s"}},
        }
    ]
    declared = [{"logType": "slow-log", "destinationType": "kinesis-firehose", "logFormat": "json", "destination": "s"}]

    seen = observed(
        {"LogDeliveryConfigurations": logs}, {"logDeliveryConfiguration": declared}, "ReplicationGroup", "elasticache"
    )

    assert (seen.at_provider["logDeliveryConfiguration"], seen.drift) == (declared, ())
