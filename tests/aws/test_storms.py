"""Lives in bad weather: what every kind must come through when a third of what is asked goes wrong."""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

import boto3
import pytest

from crosshead.aws.external import AwsExternal
from crosshead.aws.memory import Memory
from crosshead.aws.pacing import Paces
from crosshead.aws.provider import AwsProvider
from crosshead.aws.sessions import Clients
from crosshead.base.errors import NotReadyError, ReconcileError, ThrottledError, TransientError
from crosshead.devel.emulator import Emulator, EmulatorControl
from crosshead.managed.external import Declared
from tests.aws.lives import Land
from tests.aws.living.catalogue import LIVES
from tests.storm import GALE, Storm

# Time passes so much faster for whoever waits.
HASTE = 60
# What may be told of bad weather: nothing that says that somebody has declared something wrong.
WEATHER = (TransientError, ThrottledError, NotReadyError)
PASSES = 120

LISTINGS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "ec2 VPC": ("describe_vpcs", "Vpcs"),
        "s3 Bucket": ("list_buckets", "Buckets"),
        "rds Instance": ("describe_db_instances", "DBInstances"),
        "elasticache ReplicationGroup": ("describe_replication_groups", "ReplicationGroups"),
        "iam Role": ("list_roles", "Roles"),
        "dynamodb Table": ("list_tables", "TableNames"),
    }
)
CREATES: Mapping[str, str] = MappingProxyType(
    {
        "ec2 VPC": "CreateVpc",
        "s3 Bucket": "CreateBucket",
        "rds Instance": "CreateDBInstance",
        "elasticache ReplicationGroup": "CreateReplicationGroup",
        "iam Role": "CreateRole",
        "dynamodb Table": "CreateTable",
    }
)


@pytest.fixture(scope="module")
def storm(emulator: Emulator, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Storm]:
    with Storm(emulator.url, tmp_path_factory.mktemp("storm") / "storm.log") as running:
        yield running


@pytest.fixture
def hasty(land: Land, storm: Storm) -> Iterator[Land]:
    """The land behind the storm, for a provider that waits for nothing in vain."""
    paces = Paces(now=lambda: time.monotonic() * HASTE)
    yield replace(land, url=storm.url, provider=AwsProvider(clients=Clients(paces=paces)))
    storm.blow()


@dataclass
class Passes:
    """The passes of a life cycle over one resource, of which one fails every now and then."""

    external: AwsExternal
    declared: Declared
    failures: list[ReconcileError] = field(default_factory=list)

    def until(self, act: Callable[[], bool]) -> None:
        """Go on with *act* until it says that all is done."""
        for _ in range(PASSES):
            try:
                if act():
                    return
            except ReconcileError as error:
                self.failures.append(error)
        pytest.fail(f"not within {PASSES} passes: {[str(failure) for failure in self.failures[-3:]]}")

    def arrive(self) -> bool:
        """Bring it one step further; return whether it is as it was declared."""
        seen = self.external.observe(self.declared)
        if seen.busy:
            return False
        if seen.exists:
            self.declared = replace(self.declared, external_name=self.declared.external_name or seen.external_name)
            if seen.drift:
                self.external.update(self.declared, seen)
            return not seen.drift and seen.ready.status == "True"
        self.declared = replace(self.declared, external_name=self.external.create(self.declared).external_name)
        return False

    def leave(self) -> bool:
        """Return whether it is gone; else have it deleted."""
        seen = self.external.observe(self.declared)
        if seen.exists:
            self.external.delete(self.declared)
        return not seen.exists and not seen.busy


def passes(land: Land, called: str, name: str) -> Passes:
    life = next(life for life in LIVES if life.id == called)
    external = land.external(life.service, life.kind)
    memory = Memory(now=lambda: time.monotonic() * HASTE)
    return Passes(replace(external, memory=memory), life.declared(land, name))


def there(emulator: Emulator, called: str, name: str) -> int:
    """Return how many of these AWS has, which we see without any storm."""
    operation, member = LISTINGS[called]
    keys: dict[str, Any] = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    client = boto3.client(called.split(maxsplit=1)[0], region_name="us-east-1", endpoint_url=emulator.url, **keys)
    return sum(f'"{name}"' in json.dumps(found, default=str) for found in getattr(client, operation)()[member])


@pytest.mark.parametrize("called", LISTINGS)
def test_a_life_in_a_gale(hasty: Land, storm: Storm, emulator: Emulator, name: str, called: str) -> None:
    life = passes(hasty, called, name)
    storm.blow(*GALE)

    life.until(life.arrive)
    made = there(emulator, called, name)
    life.until(life.leave)

    assert (made, there(emulator, called, name)) == (1, 0)
    # The answer to HEAD has no body: what a 400 was about, nobody can tell.
    told = [str(error) for error in life.failures if not isinstance(error, WEATHER)]
    assert [text for text in told if not text.endswith("AWS answered 400: Bad Request")] == []
    assert storm.fired()


@pytest.mark.parametrize("called", LISTINGS)
def test_a_create_whose_answer_is_lost(
    hasty: Land, storm: Storm, emulator: Emulator, control: EmulatorControl, name: str, called: str
) -> None:
    life = passes(hasty, called, name)
    service, create = called.split(maxsplit=1)[0], CREATES[called]
    storm.blow({"service": service, "operation": create, "response": {"abort_frac": 0.3}, "times": 1})

    life.until(life.arrive)

    assert len(storm.fired()) == 1
    assert there(emulator, called, name) == 1
    # Of a bucket, nothing is needed of the answer that was lost.
    assert {type(error) for error in life.failures} <= {TransientError, NotReadyError}
    assert control.count(f"{service}:{create}") == 1
    life.until(life.leave)


@pytest.mark.parametrize("called", LISTINGS)
def test_a_service_that_hangs(
    hasty: Land, storm: Storm, monkeypatch: pytest.MonkeyPatch, name: str, called: str
) -> None:
    monkeypatch.setattr("crosshead.aws.wiring._READ_SECONDS", 0.3)
    life = passes(hasty, called, name)
    storm.blow({"service": called.split(maxsplit=1)[0], "timeout_ms": 5000})

    began = time.monotonic()
    with pytest.raises(TransientError, match=r"AWS cannot be reached \(ReadTimeoutError\)"):
        life.arrive()

    assert time.monotonic() - began < 10
