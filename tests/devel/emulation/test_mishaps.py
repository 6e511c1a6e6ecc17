"""Faults as boto3 meets them: what it raises, what it retries, and what was done meanwhile."""

import time

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError, ReadTimeoutError
from botocore.parsers import ResponseParserError

from crosshead.devel.emulator import EmulatorError
from tests.devel.emulation.aws import code, create_database, status

pytestmark = pytest.mark.emulator

CALLS = {
    "rds": lambda client: client.describe_db_instances(),
    "elasticache": lambda client: client.describe_replication_groups(),
    "ec2": lambda client: client.describe_vpcs(),
    "iam": lambda client: client.list_roles(),
    "sts": lambda client: client.get_caller_identity(),
    "s3": lambda client: client.list_buckets(),
    "secretsmanager": lambda client: client.list_secrets(),
}


@pytest.mark.parametrize(
    ("service", "denied", "throttled"),
    [
        pytest.param("rds", ("AccessDenied", 403), ("Throttling", 400), id="query: rds"),
        pytest.param("elasticache", ("AccessDenied", 403), ("Throttling", 400), id="query: elasticache"),
        pytest.param("iam", ("AccessDenied", 403), ("Throttling", 400), id="query: iam"),
        pytest.param("sts", ("AccessDenied", 403), ("Throttling", 400), id="query: sts"),
        pytest.param("ec2", ("UnauthorizedOperation", 403), ("RequestLimitExceeded", 503), id="ec2"),
        pytest.param("s3", ("AccessDenied", 403), ("SlowDown", 503), id="rest-xml: s3"),
        pytest.param("secretsmanager", ("AccessDeniedException", 400), ("ThrottlingException", 400), id="json"),
    ],
)
def test_refusals_are_spelled_as_each_service_spells_them(control, client, service, denied, throttled):
    control.add_fault(kind="error", service=service, code="AccessDenied", times=1)
    control.add_fault(kind="throttle", service=service, times=1)

    for wanted in (denied, throttled):
        with pytest.raises(ClientError) as caught:
            CALLS[service](client(service))
        assert (code(caught.value), status(caught.value)) == wanted
    CALLS[service](client(service))


def test_an_error_has_the_code_message_and_status_that_it_was_given(control, client):
    control.add_fault(
        kind="error", service="rds", code="InsufficientDBInstanceCapacity", message="no <room>", status=409
    )

    with pytest.raises(ClientError, match="no <room>") as caught:
        client("rds").describe_db_instances()

    assert (code(caught.value), status(caught.value)) == ("InsufficientDBInstanceCapacity", 409)


def test_a_head_request_learns_only_the_status(control, client):
    control.add_fault(kind="throttle", service="s3", operation="HeadBucket")

    with pytest.raises(ClientError) as caught:
        client("s3").head_bucket(Bucket="invoices")

    assert code(caught.value) == "503"


def test_a_load_balancer_answers_in_html(control, client):
    control.add_fault(kind="html", service="rds")

    with pytest.raises(ResponseParserError):
        client("rds").describe_db_instances()


def test_a_bare_status_has_no_code(control, client):
    control.add_fault(kind="status", service="rds", status=502)

    with pytest.raises(ClientError) as caught:
        client("rds").describe_db_instances()

    assert status(caught.value) == 502


def test_a_truncated_answer_cannot_be_read(control, client):
    control.add_fault(kind="truncate", service="rds")

    with pytest.raises(ResponseParserError):
        client("rds").describe_db_instances()


def test_a_reset_connection_is_seen_as_such(control, client):
    control.add_fault(kind="reset", service="rds")

    with pytest.raises(ConnectionClosedError):
        client("rds").describe_db_instances()


def test_a_lost_answer_is_lost_after_the_deed(control, client):
    control.add_fault(kind="lost-answer", service="rds", operation="CreateDBInstance", times=1)

    with pytest.raises(ConnectionClosedError):
        create_database(client("rds"))

    assert len(client("rds").describe_db_instances()["DBInstances"]) == 1


def test_a_call_that_hangs_runs_into_the_timeout(control, client):
    control.add_fault(kind="hang", service="rds", operation="Describe*")

    with pytest.raises(ReadTimeoutError):
        client("rds", timeout=0.3).describe_db_instances()


def test_others_are_served_while_one_hangs(control, client, in_background):
    control.add_fault(kind="hang", service="rds")
    hanging = in_background(client("rds").describe_db_instances)

    client("ec2").describe_vpcs()

    assert not hanging.done()
    control.lift_faults()
    assert isinstance(hanging.exception(5), ConnectionClosedError)


def test_a_delayed_call_is_answered_late_and_well(control, client):
    control.add_fault(kind="delay", service="rds", seconds=0.3)
    started = time.monotonic()

    assert client("rds").describe_db_instances()["DBInstances"] == []
    assert time.monotonic() - started >= 0.3


def test_a_fault_can_be_for_one_resource_only(control, client):
    control.add_fault(kind="error", service="rds", match="DBInstanceIdentifier=orders")

    create_database(client("rds"), "invoices")
    with pytest.raises(ClientError):
        create_database(client("rds"), "orders")


def test_a_fault_in_s3_can_be_for_one_bucket_and_operation_only(control, client):
    client("s3", region="us-east-1").create_bucket(Bucket="invoices")
    control.add_fault(kind="error", service="s3", operation="GetBucketTagging", match="/invoices", code="AccessDenied")

    client("s3").head_bucket(Bucket="invoices")
    with pytest.raises(ClientError) as caught:
        client("s3").get_bucket_tagging(Bucket="invoices")
    assert code(caught.value) == "AccessDenied"


def test_a_fault_ends_after_so_many_times(control, client):
    control.add_fault(kind="throttle", service="rds", times=2)

    client("rds", attempts=3).describe_db_instances()

    assert control.count("rds:DescribeDBInstances") == 3
    assert [entry["fault"] for entry in control.requests()] == ["throttle", "throttle", ""]
    assert control.faults()[0]["fired"] == 2


def test_calls_within_the_rate_pass(control, client):
    control.add_fault(kind="throttle", service="rds", rate=0.001, burst=3)
    rds = client("rds")

    for _ in range(3):
        rds.describe_db_instances()
    with pytest.raises(ClientError, match="Rate exceeded"):
        rds.describe_db_instances()
    client("rds", region="us-east-1").describe_db_instances()


def test_a_client_with_patience_gets_through_a_throttle(control, client):
    control.add_fault(kind="throttle", service="rds", rate=20, burst=1)
    rds = client("rds", attempts=8)

    for _ in range(4):
        rds.describe_db_instances()

    throttled = [entry for entry in control.requests() if entry["fault"] == "throttle"]
    assert len(throttled) == control.count("rds:*") - 4
    assert throttled


def test_one_fault_is_lifted_by_its_id(control, client):
    id_ = control.add_fault(kind="error", service="rds")
    control.add_fault(kind="error", service="ec2")

    assert control.lift_fault(id_)
    client("rds").describe_db_instances()
    with pytest.raises(ClientError):
        client("ec2").describe_vpcs()
    assert not control.lift_fault(id_)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        pytest.param({"kind": "explode"}, "kind is 'explode'", id="an unknown kind"),
        pytest.param({"kind": "error", "sevice": "rds"}, "a rule has no 'sevice'", id="a misspelled field"),
        pytest.param({"kind": "error", "times": "2"}, "times of a rule is '2'", id="a number as text"),
        pytest.param({}, "kind is None", id="nothing"),
    ],
)
def test_a_rule_that_means_nothing_is_refused_with_a_sentence(control, rule, words):
    with pytest.raises(EmulatorError, match=words):
        control.add_fault(**rule)

    assert control.faults() == []
