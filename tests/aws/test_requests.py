"""What we say to AWS, without AWS."""

from typing import Any

import pytest

from crosshead.aws import requests, scenes
from crosshead.aws.blaming import blame
from crosshead.aws.calls import Request
from crosshead.aws.catalogue import KINDS
from crosshead.aws.descriptor import Descriptor
from crosshead.base.objects import Kind
from crosshead.base.values import SecretValue
from crosshead.managed.external import Declared, Drift, Observation

PLACE = {"region": "us-east-1", "partition": "aws"}
EVERYTHING = frozenset(
    {"AllocatedStorage", "DBInstanceClass", "Engine", "MasterUserPassword", "DBSubnetGroupDescription", "Tags"}
)


def descriptor(kind: str, service: str = "rds") -> Descriptor:
    return next(d for d in KINDS if (d.service, d.kind) == (service, kind))


def declared(parameters: dict[str, Any], secrets: dict[str, SecretValue] | None = None) -> Declared:
    kind = Kind("rds.aws.upbound.io/v1beta1", "Instance")
    return Declared(kind, "orders", "u", "", parameters, parameters, secrets or {})


def sent(
    kind: str, parameters: dict[str, Any], drift: dict[str, tuple[Any, Any]], service: str = "rds", **at: Any
) -> Any:
    wanted = declared(parameters, {"auth_token": SecretValue("t0ken")})
    found = tuple(Drift(name, *values) for name, values in drift.items())
    seen = Observation(exists=True, drift=found, at_provider=at)
    scene = scenes.scene(descriptor(kind, service), wanted, PLACE, at=at, id="it")
    made = requests.updates(descriptor(kind, service), wanted, seen, scene)
    return [(request.operation, dict(request.arguments)) for request in made]


def test_a_create_sends_what_is_declared_and_what_the_operation_takes() -> None:
    wanted = declared(
        {"allocatedStorage": 20.0, "instanceClass": "db.t3.micro", "skipFinalSnapshot": True, "multiAz": True},
        {"password": SecretValue("s3cr3t")},
    )
    scene = scenes.scene(descriptor("Instance"), wanted, PLACE)

    request = requests.creation(descriptor("Instance"), wanted, {"b": "2", "a": "1"}, scene, EVERYTHING)

    assert request.operation == "create_db_instance"
    assert request.arguments == {
        "DBInstanceIdentifier": "orders",
        "AllocatedStorage": 20,
        "DBInstanceClass": "db.t3.micro",
        "MasterUserPassword": "s3cr3t",
        "Tags": [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}],
    }
    assert "s3cr3t" not in repr(request)


def test_a_create_says_what_aws_insists_on() -> None:
    wanted = declared({})
    scene = scenes.scene(descriptor("SubnetGroup"), wanted, PLACE)

    request = requests.creation(descriptor("SubnetGroup"), wanted, {}, scene, EVERYTHING)

    assert request.arguments["DBSubnetGroupDescription"] == "Managed by Crossplane"


@pytest.mark.parametrize(
    ("parameters", "operation"),
    [
        pytest.param({}, "create_db_instance", id="from nothing"),
        pytest.param({"snapshotIdentifier": "s"}, "restore_db_instance_from_db_snapshot", id="from a snapshot"),
        pytest.param({"replicateSourceDb": "s"}, "create_db_instance_read_replica", id="as a replica"),
        pytest.param(
            {"restoreToPointInTime": [{"useLatestRestorableTime": True}]},
            "restore_db_instance_to_point_in_time",
            id="from the past",
        ),
    ],
)
def test_ways_to_create(parameters: dict[str, Any], operation: str) -> None:
    scene = scenes.scene(descriptor("Instance"), declared(parameters), PLACE)

    assert requests.way(descriptor("Instance"), scene).call.operation == operation


@pytest.mark.parametrize(
    ("parameters", "drift", "arguments"),
    [
        pytest.param({"multiAz": True, "port": 1}, {"multiAz": (True, False)}, {"MultiAZ": True}, id="what differs"),
        pytest.param(
            {"multiAz": True, "applyImmediately": True},
            {"multiAz": (True, False)},
            {"MultiAZ": True, "ApplyImmediately": True},
            id="and whether at once",
        ),
        pytest.param({"port": 5433}, {"port": (5433, 5432)}, {"DBPortNumber": 5433}, id="under its other name"),
        pytest.param(
            {"iops": 4000, "allocatedStorage": 400, "storageType": "gp3", "multiAz": True},
            {"iops": (4000, 3000)},
            {"Iops": 4000, "AllocatedStorage": 400, "StorageType": "gp3"},
            id="and what AWS wants repeated",
        ),
        pytest.param(
            {"enabledCloudwatchLogsExports": ["a", "b"]},
            {"enabledCloudwatchLogsExports": (["a", "b"], ["b", "c"])},
            {"CloudwatchLogsExportConfiguration": {"EnableLogTypes": ["a"], "DisableLogTypes": ["c"]}},
            id="a difference",
        ),
    ],
)
def test_an_update_sends(parameters: dict[str, Any], drift: Any, arguments: dict[str, Any]) -> None:
    assert sent("Instance", parameters, drift, identifier="it") == [
        ("modify_db_instance", {"DBInstanceIdentifier": "it", **arguments})
    ]


def test_nothing_is_sent_for_nothing() -> None:
    assert sent("Instance", {"multiAz": True, "applyImmediately": True}, {}) == []


def test_ec2_takes_one_attribute_at_a_time() -> None:
    wanted = {"enableDnsSupport": True, "enableDnsHostnames": True}

    made = sent("VPC", wanted, dict.fromkeys(wanted, (True, False)), "ec2")

    assert made == [
        ("modify_vpc_attribute", {"VpcId": "it", "EnableDnsSupport": {"Value": True}}),
        ("modify_vpc_attribute", {"VpcId": "it", "EnableDnsHostnames": {"Value": True}}),
    ]


def test_a_setting_of_a_bucket_is_sent_whole() -> None:
    wanted = {"bucket": "b", "blockPublicAcls": True, "blockPublicPolicy": False}

    made = sent("BucketPublicAccessBlock", wanted, {"blockPublicAcls": (True, False)}, "s3")

    block = {"BlockPublicAcls": True, "BlockPublicPolicy": False}
    assert made == [("put_public_access_block", {"Bucket": "it", "PublicAccessBlockConfiguration": block})]


@pytest.mark.parametrize(
    ("parameters", "drift", "at", "expected"),
    [
        pytest.param(
            {"numCacheClusters": 3},
            {"numCacheClusters": (3, 2)},
            {"numCacheClusters": 2},
            ("increase_replica_count", {"NewReplicaCount": 2}),
            id="one more",
        ),
        pytest.param(
            {"numCacheClusters": 2},
            {"numCacheClusters": (2, 3)},
            {"numCacheClusters": 3},
            ("decrease_replica_count", {"NewReplicaCount": 1}),
            id="one fewer",
        ),
        pytest.param(
            {"replicasPerNodeGroup": 2},
            {"replicasPerNodeGroup": (2, 1)},
            {"replicasPerNodeGroup": 1},
            ("increase_replica_count", {"NewReplicaCount": 2}),
            id="one more per group",
        ),
        pytest.param(
            {"numNodeGroups": 2},
            {"numNodeGroups": (2, 4)},
            {"numNodeGroups": 4},
            (
                "modify_replication_group_shard_configuration",
                {"NodeGroupCount": 2, "NodeGroupsToRemove": ["0003", "0004"]},
            ),
            id="two groups fewer",
        ),
        pytest.param(
            {"numNodeGroups": 4},
            {"numNodeGroups": (4, 2)},
            {"numNodeGroups": 2},
            ("modify_replication_group_shard_configuration", {"NodeGroupCount": 4}),
            id="two groups more",
        ),
    ],
)
def test_a_group_is_resized(parameters: Any, drift: Any, at: Any, expected: tuple[str, dict[str, Any]]) -> None:
    operation, arguments = expected

    assert sent("ReplicationGroup", parameters, drift, "elasticache", **at) == [
        (operation, {"ReplicationGroupId": "it", "ApplyImmediately": True, **arguments})
    ]


def test_a_new_token_is_rotated_in() -> None:
    made = sent("ReplicationGroup", {}, {"authTokenSecretRef": ("x", "y")}, "elasticache")

    told = {"AuthToken": "t0ken", "AuthTokenUpdateStrategy": "ROTATE"}
    assert made == [("modify_replication_group", {"ReplicationGroupId": "it", **told})]


def test_user_groups_are_told_as_a_difference() -> None:
    drift = {"userGroupIds": (["a", "b"], ["b", "c"])}

    made = sent("ReplicationGroup", {"userGroupIds": ["a", "b"]}, drift, "elasticache")

    told = {"UserGroupIdsToAdd": ["a"], "UserGroupIdsToRemove": ["c"]}
    assert made == [("modify_replication_group", {"ReplicationGroupId": "it", **told})]


@pytest.mark.parametrize(
    ("kind", "service", "expected"),
    [
        pytest.param(
            "Instance",
            "rds",
            [
                ("add_tags_to_resource", {"ResourceName": "arn", "Tags": [{"Key": "new", "Value": "1"}]}),
                ("remove_tags_from_resource", {"ResourceName": "arn", "TagKeys": ["old"]}),
            ],
            id="what differs",
        ),
        pytest.param(
            "VPC",
            "ec2",
            [
                ("create_tags", {"Resources": ["it"], "Tags": [{"Key": "new", "Value": "1"}]}),
                ("delete_tags", {"Resources": ["it"], "Tags": [{"Key": "old"}]}),
            ],
            id="as EC2 has it",
        ),
        pytest.param(
            "Bucket",
            "s3",
            [
                (
                    "put_bucket_tagging",
                    {
                        "Bucket": "it",
                        "Tagging": {
                            "TagSet": [
                                {"Key": "crossplane-uid", "Value": "u"},
                                {"Key": "kept", "Value": "1"},
                                {"Key": "new", "Value": "1"},
                            ]
                        },
                    },
                )
            ],
            id="all of them, ours too",
        ),
    ],
)
def test_tags_are_corrected(kind: str, service: str, expected: Any) -> None:
    tags = ({"kept": "1", "new": "1"}, {"kept": "1", "old": "1", "crossplane-uid": "u"})

    assert sent(kind, {}, {"tags": tags}, service, arn="arn") == expected


def test_a_call_that_is_not_called_for_is_no_request() -> None:
    group = descriptor("SecurityGroup", "ec2")
    scene = {"id": "sg-1", "spec": {}}

    assert [requests.plain(call, scene) for call in group.delete.before] == [None, None]


def test_a_request_does_not_show_what_it_carries() -> None:
    assert repr(Request("op", {"Password": "hunter2"})) == "Request(operation='op', codes=frozenset())"


@pytest.mark.parametrize(
    ("said", "blamed"),
    [
        pytest.param("Invalid DB Instance class: db.t9.micro", " (see spec.forProvider.instanceClass)", id="a value"),
        pytest.param("The parameter DBPortNumber is not valid", " (see spec.forProvider.port)", id="AWS' name for it"),
        pytest.param("BackupRetentionPeriod or MultiAZ", "", id="two names: who knows"),
        pytest.param("orders-db and db.t9.micro", "", id="two values: who knows"),
        pytest.param("no", "", id="nothing to go by"),
    ],
)
def test_the_field_that_aws_complains_about(said: str, blamed: str) -> None:
    parameters = {"instanceClass": "db.t9.micro", "dbName": "orders-db", "engine": "no"}

    assert blame(descriptor("Instance"), parameters, said) == blamed
