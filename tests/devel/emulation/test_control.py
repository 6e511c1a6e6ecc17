"""Counts, delays, reset, and the strength of the server itself."""

import threading

import pytest
import urllib3
from botocore.exceptions import ClientError
from botocore.parsers import ResponseParserError

from crosshead.devel.emulator import EmulatorError
from tests.devel.emulation.aws import create_database, delete_database

pytestmark = pytest.mark.emulator


def test_calls_are_counted_by_service_and_operation(control, client):
    client("rds").describe_db_instances()
    client("rds").describe_db_instances()
    client("s3").list_buckets()

    assert control.counts() == {"rds:DescribeDBInstances": 2, "s3:ListBuckets": 1}
    assert control.count("rds:DescribeDBInstances") == control.count("rds:*") == 2
    assert control.count() == 3
    control.forget_requests()
    assert control.count() == 0


@pytest.mark.parametrize(
    ("call", "operation"),
    [
        pytest.param(lambda s3: s3.head_bucket(Bucket="b-1"), "HeadBucket", id="HEAD"),
        pytest.param(lambda s3: s3.get_bucket_tagging(Bucket="b-1"), "GetBucketTagging", id="a sub-resource"),
        pytest.param(lambda s3: s3.delete_bucket(Bucket="b-1"), "DeleteBucket", id="DELETE"),
        pytest.param(lambda s3: s3.get_object(Bucket="b-1", Key="a/b?c"), "GetObject", id="an odd key"),
        pytest.param(
            lambda s3: s3.put_object(Bucket="b-1", Key="k", Body=b"Action=DeleteBucket"),
            "PutObject",
            id="a body like a query",
        ),
    ],
)
def test_operations_of_s3_are_named_though_only_the_path_tells(control, s3, call, operation):
    with pytest.raises(ClientError):
        call(s3)

    assert control.counts() == {f"s3:{operation}": 1}


def test_the_log_tells_who_asked_for_what_and_what_it_got(control, s3):
    with pytest.raises(ClientError):
        s3.head_bucket(Bucket="nowhere")

    (entry,) = control.requests()
    assert (entry["service"], entry["operation"], entry["region"]) == ("s3", "HeadBucket", "eu-west-1")
    assert (entry["path"], entry["status"], entry["key"]) == ("/nowhere", 404, "AKIAIOSFODNN7EXAMPLE")


def test_reset_forgets_everything_but_how_it_was_started(control, client):
    started = control.delays()
    control.set_delays(creating=0)
    create_database(client("rds"))
    control.add_fault(kind="error", service="rds")

    control.reset()

    assert client("rds").describe_db_instances()["DBInstances"] == []
    assert control.counts() == {"rds:DescribeDBInstances": 1}
    assert (control.faults(), control.delays()) == ([], started)


@pytest.mark.parametrize(
    ("delays", "words"),
    [
        pytest.param({"creating": -1}, "creating is -1", id="negative"),
        pytest.param({"sleeping": 1}, "sleeping", id="unknown"),
    ],
)
def test_delays_that_make_no_sense_are_refused(control, delays, words):
    before = control.delays()

    with pytest.raises(EmulatorError, match=words):
        control.set_delays(**delays)

    assert control.delays() == before


def test_an_unknown_door_names_those_that_exist(process):
    answer = urllib3.request("GET", f"{process.url}/_crosshead/fault")

    assert answer.status == 404
    assert "GET faults" in answer.json()["error"]


def test_connections_are_kept(process):
    with urllib3.HTTPConnectionPool("127.0.0.1", int(process.url.rpartition(":")[2])) as pool:
        for _ in range(5):
            assert pool.request("GET", "/_crosshead/ready").json()["ready"]

        assert pool.num_connections == 1


def test_an_operation_that_moto_lacks_is_a_page_of_html(client):
    with pytest.raises(ResponseParserError):
        client("elasticache").describe_events()

    client("elasticache").describe_replication_groups()


@pytest.mark.usefixtures("instant")
def test_sixteen_threads_do_not_disturb_each_other(control, client, in_background):
    rds = client("rds")
    together = threading.Barrier(16)

    def work(number: int) -> None:
        together.wait()
        for _ in range(4):
            create_database(rds, f"db-{number}")
            rds.describe_db_instances()
            delete_database(rds, f"db-{number}")

    for job in [in_background(work, number) for number in range(16)]:
        job.result(60)

    assert {entry["status"] for entry in control.requests()} == {200}
    assert rds.describe_db_instances()["DBInstances"] == []
