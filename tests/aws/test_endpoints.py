"""Where the services are, in which regions, and what requests are signed for."""

from typing import Any

import pytest

from crosshead.aws import endpoints
from crosshead.aws.sessions import Clients
from crosshead.base.errors import StalledError
from tests.aws.lives import KEYS, config

URL = "http://127.0.0.1:9"
STATIC = {"url": {"type": "Static", "static": URL}}
DYNAMIC = {"url": {"type": "Dynamic", "dynamic": {"protocol": "http", "host": "aws.example.org"}}}


@pytest.fixture(scope="module")
def clients() -> Clients:
    return Clients()


@pytest.mark.parametrize(
    ("endpoint", "service", "url"),
    [
        pytest.param(STATIC, "rds", URL, id="an address for all services"),
        pytest.param({**STATIC, "services": ["rds"]}, "rds", URL, id="for this service"),
        pytest.param({**STATIC, "services": ["s3"]}, "rds", "https://rds.us-east-1.amazonaws.com", id="for another"),
        pytest.param({**STATIC, "services": ["cloudwatchlogs"]}, "logs", URL, id="a service of two names"),
        pytest.param(DYNAMIC, "rds", "http://rds.us-east-1.aws.example.org", id="an address per service and region"),
        pytest.param(DYNAMIC, "iam", "http://iam.aws.example.org", id="a service without regions"),
        pytest.param({"url": {"type": "Auto"}}, "rds", "https://rds.us-east-1.amazonaws.com", id="as AWS has it"),
    ],
)
def test_where_a_service_is(clients: Clients, endpoint: dict[str, Any], service: str, url: str) -> None:
    client = clients.get(config(URL, endpoint=endpoint), KEYS, service, "us-east-1").patient

    assert client.meta.endpoint_url == url


@pytest.mark.parametrize(
    ("spec", "style"),
    [
        pytest.param({"s3_use_path_style": True, "endpoint": {}}, {"addressing_style": "path"}, id="asked for"),
        pytest.param({}, {"addressing_style": "path"}, id="an emulator's host does not change"),
        pytest.param({"endpoint": {}}, None, id="as AWS has it"),
    ],
)
def test_how_buckets_are_addressed(clients: Clients, spec: dict[str, Any], style: dict[str, str] | None) -> None:
    client = clients.get(config(URL, **spec), KEYS, "s3", "us-east-1").patient

    assert client.meta.config.s3 == style


@pytest.mark.parametrize(
    ("said", "scope"),
    [
        pytest.param({}, "us-east-1/sqs", id="what is asked"),
        pytest.param({"signingRegion": "eu-west-1"}, "eu-west-1/sqs", id="another region"),
        pytest.param({"signingName": "queue"}, "us-east-1/queue", id="another name"),
    ],
)
def test_what_requests_are_signed_for(clients: Clients, said: dict[str, str], scope: str) -> None:
    client = clients.get(config(URL, endpoint={**STATIC, **said}), KEYS, "sqs", "us-east-1").once()
    signed: list[str] = []

    def stop(request: Any, **_: object) -> None:
        signed.append(request.headers["Authorization"].decode())
        raise InterruptedError

    client.meta.events.register("before-send", stop)
    with pytest.raises(InterruptedError):
        client.list_queues()

    assert f"/{scope}/aws4_request" in signed[0]


@pytest.mark.parametrize(
    ("region", "partition"),
    [("us-east-1", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov"), ("mars", "aws")],
)
def test_partitions(clients: Clients, region: str, partition: str) -> None:
    assert clients.partition(region, config(URL)) == partition


def test_a_partition_that_is_said(clients: Clients) -> None:
    assert clients.partition("mars", config(URL, endpoint={**STATIC, "partitionId": "red"})) == "red"


@pytest.mark.parametrize(
    ("region", "words"),
    [
        pytest.param(
            "us-eats-1", "AWS has no region 'us-eats-1': did you mean us-east-1 or us-west-1 or us-east-2? ", id="near"
        ),
        pytest.param("mars", "AWS has no region 'mars': correct spec.forProvider.region. ", id="far"),
    ],
)
def test_a_region_that_aws_does_not_have_stalls(clients: Clients, region: str, words: str) -> None:
    with pytest.raises(StalledError) as caught:
        clients.get(config(URL), KEYS, "rds", region)

    assert str(caught.value) == f"{words}If it does, set skip_region_validation in ProviderConfig 'default'"


def test_any_region_will_do_for_who_says_so(clients: Clients) -> None:
    client = clients.get(config(URL, skip_region_validation=True), KEYS, "rds", "mars-north-1").patient

    assert client.meta.region_name == "mars-north-1"


def test_a_region_that_cannot_stand_in_a_url_stalls(clients: Clients) -> None:
    with pytest.raises(StalledError, match="makes no client of rds in 'not a region'"):
        clients.get(config(URL, skip_region_validation=True), KEYS, "rds", "not a region")


@pytest.mark.parametrize(
    ("role", "default", "home"),
    [
        pytest.param("arn:aws:iam::1:role/x", None, "us-east-1", id="AWS' main partition"),
        pytest.param("arn:aws:iam::1:role/x", "eu-west-1", "eu-west-1", id="where the operator runs"),
        pytest.param("arn:aws:iam::1:role/x", "cn-north-1", "us-east-1", id="the operator is in another partition"),
        pytest.param("arn:aws-cn:iam::1:role/x", "eu-west-1", "cn-north-1", id="China"),
        pytest.param("x", None, "us-east-1", id="no ARN"),
    ],
)
def test_where_a_role_is_assumed(role: str, default: str | None, home: str) -> None:
    assert endpoints.home(role, default) == home
