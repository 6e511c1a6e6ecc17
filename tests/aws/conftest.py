"""An emulator for the tests of the AWS room, and a network in it."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import count

import pytest

from crosshead.aws.provider import AwsProvider
from crosshead.devel.emulator import Emulator, EmulatorControl
from crosshead.managed.external import Declared
from tests.aws import lives
from tests.aws.lives import Land


@pytest.fixture(scope="session")
def emulator() -> Iterator[Emulator]:
    with Emulator(creating=0.0, modifying=0.0, deleting=0.0) as running:
        yield running


@pytest.fixture
def control(emulator: Emulator) -> Iterator[EmulatorControl]:
    emulator.control.forget_requests()
    yield emulator.control
    emulator.control.lift_faults()
    emulator.control.set_delays(creating=0.0, modifying=0.0, deleting=0.0)


_serials = count(1)


@pytest.fixture
def name() -> str:
    return f"orders-{next(_serials)}"


@pytest.fixture(scope="session")
def land(emulator: Emulator) -> Land:
    land = Land(emulator.url, AwsProvider())

    def made(service: str, kind: str, called: str, **parameters: object) -> str:
        wanted = lives.Life(service, kind, lambda _: parameters).declared(land, called)
        return lives.create(land.external(service, kind), wanted).external_name

    vpc = made("ec2", "VPC", "land", cidrBlock="10.0.0.0/16")
    zones = ("us-east-1a", "us-east-1b", "us-east-1c")
    subnets = tuple(
        made("ec2", "Subnet", f"land-{zone}", vpcId=vpc, cidrBlock=f"10.0.{number}.0/24", availabilityZone=zone)
        for number, zone in enumerate(zones)
    )
    group = made("ec2", "SecurityGroup", "land", vpcId=vpc)
    bucket = made("s3", "Bucket", "land-of-buckets")
    return replace(land, vpc=vpc, subnets=subnets, group=group, bucket=bucket)


@pytest.fixture
def unnamed(land: Land, name: str) -> Declared:
    """A DB instance that is not created yet."""
    wanted = {"engine": "postgres", "instanceClass": "db.t3.micro", "allocatedStorage": 20, "username": "postgres"}
    life = lives.Life("rds", "Instance", lambda _: {**wanted, "skipFinalSnapshot": True}, secrets=lives.PASSWORD)
    return life.declared(land, name)
