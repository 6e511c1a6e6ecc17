"""One emulator for all tests of a run, with short delays, as new before each test."""

import functools
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import boto3
import pytest
from botocore.config import Config

from crosshead.devel.emulator import Emulator, EmulatorControl

DELAY = 0.3
REGION = "eu-west-1"

Aws = Callable[..., Any]


@pytest.fixture(scope="session")
def process() -> Iterator[Emulator]:
    with Emulator(creating=DELAY, modifying=DELAY, deleting=DELAY) as emulator:
        yield emulator


@pytest.fixture
def control(process: Emulator) -> EmulatorControl:
    process.control.reset()
    return process.control


@pytest.fixture
def instant(control: EmulatorControl) -> EmulatorControl:
    """An emulator without delays."""
    control.set_delays(creating=0, modifying=0, deleting=0)
    return control


@pytest.fixture(scope="session")
def clients(process: Emulator) -> Aws:
    session = boto3.Session("AKIAIOSFODNN7EXAMPLE", "a-secret-of-no-value", region_name=REGION)

    @functools.cache
    def of(
        service: str, *, attempts: int = 1, timeout: float = 10, region: str = REGION, mode: str = "standard"
    ) -> Any:
        retries = {"total_max_attempts": attempts, "mode": mode}
        config = Config(retries=retries, read_timeout=timeout, connect_timeout=timeout, max_pool_connections=20)
        return session.client(service, endpoint_url=process.url, config=config, region_name=region)

    return of


@pytest.fixture
def client(clients: Aws, control: EmulatorControl) -> Aws:  # noqa: ARG001  # what clients find is as new
    return clients


@pytest.fixture
def rds(client: Aws) -> Any:
    return client("rds")


@pytest.fixture
def cache(client: Aws) -> Any:
    return client("elasticache")


@pytest.fixture
def ec2(client: Aws) -> Any:
    return client("ec2")


@pytest.fixture
def s3(client: Aws) -> Any:
    return client("s3")


@pytest.fixture
def subnets(ec2: Any) -> list[str]:
    """The three subnets of the default network."""
    return [subnet["SubnetId"] for subnet in ec2.describe_subnets()["Subnets"]]


@pytest.fixture
def cache_subnets(cache: Any, subnets: list[str]) -> str:
    """A cache subnet group of two zones."""
    cache.create_cache_subnet_group(
        CacheSubnetGroupName="net", CacheSubnetGroupDescription="two zones", SubnetIds=subnets[:2]
    )
    return "net"


@pytest.fixture
def passed() -> Callable[[], None]:
    """Let the delays pass."""
    return lambda: time.sleep(DELAY + 0.05)


@pytest.fixture
def in_background() -> Iterator[Callable[..., Future[Any]]]:
    """Call something in a thread of its own."""
    with ThreadPoolExecutor(16) as threads:
        yield threads.submit
