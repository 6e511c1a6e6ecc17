"""Changes of databases that are calls of their own: which calls, for which wishes. What no emulator can do is here."""

from collections.abc import Mapping
from typing import Any

import pytest

from crosshead.aws.calls import Request
from crosshead.aws.kinds.rds_cluster import CLUSTER
from crosshead.aws.kinds.rds_instance import INSTANCE
from crosshead.base.errors import StalledError

ARN = "arn:aws:rds:us-east-1:123456789012:cluster:orders"


def planned(changed: Mapping[str, Any], **at: Any) -> list[tuple[str, Mapping[str, Any]]]:
    """The calls that change one field of a cluster."""
    name = next(iter(changed))
    field = next(field for field in CLUSTER.fields if field.name == name)
    plan = next(update.plan for update in CLUSTER.updates if update.call.operation == field.via)
    assert plan is not None
    requests = plan(changed, {"id": "orders", "at": {"arn": ARN, **at}})
    return [(request.operation, request.arguments) for request in requests]


@pytest.mark.parametrize(
    ("wanted", "mode", "expected"),
    [
        pytest.param(True, "provisioned", ("enable_http_endpoint", {"ResourceArn": ARN}), id="on"),
        pytest.param("false", "provisioned", ("disable_http_endpoint", {"ResourceArn": ARN}), id="off"),
        pytest.param(
            True,
            "serverless",
            (
                "modify_db_cluster",
                {"DBClusterIdentifier": "orders", "EnableHttpEndpoint": True, "ApplyImmediately": True},
            ),
            id="on, of the first generation",
        ),
    ],
)
def test_the_http_endpoint_has_calls_of_its_own(wanted: Any, mode: str, expected: Any) -> None:
    assert planned({"enableHttpEndpoint": wanted}, engineMode=mode) == [expected]


def test_a_cluster_leaves_its_global_cluster() -> None:
    assert planned({"globalClusterIdentifier": ""}, globalClusterIdentifier="world") == [
        ("remove_from_global_cluster", {"GlobalClusterIdentifier": "world", "DbClusterIdentifier": ARN})
    ]


def test_a_replica_becomes_a_cluster_of_its_own() -> None:
    assert planned({"replicationSourceIdentifier": ""}, replicationSourceIdentifier="source") == [
        ("promote_read_replica_db_cluster", {"DBClusterIdentifier": "orders"})
    ]


@pytest.mark.parametrize(
    ("field", "why"),
    [
        pytest.param("globalClusterIdentifier", "a cluster of global cluster 'old' cannot join another", id="global"),
        pytest.param("replicationSourceIdentifier", "a replica of 'old' cannot follow another source", id="replica"),
    ],
)
def test_what_only_a_create_can_do_is_refused_with_advice(field: str, why: str) -> None:
    with pytest.raises(StalledError, match=f"{why}: set spec.forProvider.{field} back to it, or to '' to leave it"):
        planned({field: "new"}, **{field: "old"})


# Blue/green deployments of an instance

BLUE = {"identifier": "orders", "arn": "arn:aws:rds:us-east-1:123456789012:db:orders"}
GREEN = {"DBInstanceIdentifier": "orders-green-abcdef", "DBInstanceClass": "db.t4g.micro", "EngineVersion": "8.4.6"}
WISH = {"blueGreenUpdate": [{"enabled": True}], "instanceClass": "db.t4g.small", "engineVersion": "8.4"}
MODIFICATION = Request(
    "modify_db_instance",
    {"DBInstanceIdentifier": "orders", "DBInstanceClass": "db.t4g.small", "EngineVersion": "8.4"},
)


def instead(request: Request, **record: Any) -> list[tuple[str, Mapping[str, Any]]]:
    """The calls that are made instead of *request*."""
    deployed = INSTANCE.updates[0].instead
    assert deployed is not None
    requests = deployed(request, {"spec": WISH, "at": BLUE, "record": record})
    return [(one.operation, one.arguments) for one in requests]


def deployment(status: str, **more: Any) -> dict[str, Any]:
    return {"BlueGreenDeploymentIdentifier": "bgd-1", "Status": status, **more}


def test_a_deployment_is_made_with_the_version_that_it_is_for() -> None:
    told = {"Source": BLUE["arn"], "BlueGreenDeploymentName": "orders-change", "TargetEngineVersion": "8.4"}
    assert instead(MODIFICATION) == [("create_blue_green_deployment", told)]


def test_green_is_changed_in_what_it_lacks() -> None:
    assert instead(MODIFICATION, Deployment=deployment("AVAILABLE"), Green=GREEN) == [
        (
            "modify_db_instance",
            {
                "DBInstanceIdentifier": "orders-green-abcdef",
                "ApplyImmediately": True,
                "DBInstanceClass": "db.t4g.small",
            },
        )
    ]


@pytest.mark.parametrize(
    "green",
    [
        pytest.param({**GREEN, "DBInstanceClass": "db.t4g.small"}, id="it is so"),
        pytest.param({**GREEN, "PendingModifiedValues": {"DBInstanceClass": "db.t4g.small"}}, id="it will be"),
    ],
)
def test_the_two_switch_when_green_lacks_nothing(green: Mapping[str, Any]) -> None:
    assert instead(MODIFICATION, Deployment=deployment("AVAILABLE"), Green=green) == [
        ("switchover_blue_green_deployment", {"BlueGreenDeploymentIdentifier": "bgd-1"})
    ]


def test_while_a_deployment_is_under_way_nothing_is_asked() -> None:
    assert instead(MODIFICATION, Deployment=deployment("PROVISIONING")) == []


def test_what_blue_can_take_while_it_works_needs_no_deployment() -> None:
    light = Request("modify_db_instance", {"DBInstanceIdentifier": "orders", "DeletionProtection": True})

    assert instead(light) == [("modify_db_instance", light.arguments)]


def test_a_password_does_not_wait_for_a_deployment() -> None:
    both = Request("modify_db_instance", {**MODIFICATION.arguments, "MasterUserPassword": "x"})

    assert [operation for operation, _ in instead(both)] == ["modify_db_instance", "create_blue_green_deployment"]
    assert instead(both)[0][1] == {"DBInstanceIdentifier": "orders", "MasterUserPassword": "x"}


def test_a_deployment_that_has_failed_says_what_to_do() -> None:
    failed = deployment("SWITCHOVER_FAILED", StatusDetails="replication lags")

    with pytest.raises(
        StalledError, match=r"bgd-1 is SWITCHOVER_FAILED \(replication lags\): delete it, and another is made"
    ):
        instead(MODIFICATION, Deployment=failed, Green=GREEN)


def test_blue_is_deleted_although_it_is_protected() -> None:
    tidy = INSTANCE.updates[2].plan
    assert tidy is not None
    blue = {"DBInstanceIdentifier": "orders-old1", "DBInstanceStatus": "available", "DeletionProtection": True}

    requests = tidy({}, {"record": {"Left": deployment("SWITCHOVER_COMPLETED"), "Blue": blue}})

    assert [request.operation for request in requests] == [
        "modify_db_instance",
        "delete_db_instance",
        "delete_blue_green_deployment",
    ]
