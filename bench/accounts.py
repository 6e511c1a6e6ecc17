"""An account with a thousand buckets and five hundred databases: what it costs to keep them as they are."""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import boto3

from bench import metrics
from bench.claims import Claims, Kind, Object
from bench.stage import ROOT, Stage
from crosshead.aws.batching import Batches
from crosshead.aws.external import AwsExternal
from crosshead.aws.memory import Memory
from crosshead.aws.provider import AwsProvider
from crosshead.base import objects
from crosshead.base.objects import Kind as ManagedKind
from crosshead.base.values import SecretValue
from crosshead.managed.external import Declared

BUCKETS, DATABASES = 1000, 500
POLLED = 1000
REGION: Final = "us-east-1"
# A minute instead of ten: what is counted per poll does not depend on it.
POLL_SECONDS = 60
FLAGS: Final = (f"--poll-interval={POLL_SECONDS}s",)
_POLLS_PER_HOUR = 6
_POLLS = 2
_NEWCOMERS = 25
# As patient as the looks of a poll interval of ten minutes are.
_PATIENT_SECONDS = 60.0
_PATIENCE = 900.0
_S3: Final = Kind("s3.aws.upbound.io", "v1beta1", "buckets")
_INSTANCE: Final = ManagedKind("rds.aws.upbound.io/v1beta1", "Instance")
_KEYS: Final = {"aws_access_key_id": "bench", "aws_secret_access_key": "bench"}
_POSTGRES: Final = {
    "DBInstanceClass": "db.t3.micro",
    "Engine": "postgres",
    "AllocatedStorage": 20,
    "MasterUsername": "bench",
    "MasterUserPassword": "correct-horse",
}
_RDS: Final = Kind("rds.aws.upbound.io", "v1beta1", "instances")


def measure(stage: Stage) -> Mapping[str, Any]:
    """Make everything, let it rest for some polls, and see how soon something new is seen to meanwhile."""
    _configure(stage)
    buckets, databases = _names("bucket", BUCKETS), _names("database", DATABASES)
    with Claims(stage.api, _S3) as made_buckets, Claims(stage.api, _RDS) as made_databases:
        started = made_databases.create([_database(name) for name in databases])
        made_buckets.create([_bucket(name) for name in buckets])
        made_databases.wait(made_databases.ready, databases, _PATIENCE)
        done = made_buckets.wait(made_buckets.ready, buckets, _PATIENCE)
        ready = done - started
    # The polls after a change ask for each by itself: what rests has not changed for a while.
    time.sleep(POLL_SECONDS * 2)
    return {"managed_1500_ready_s": round(ready, 1), **_rest(stage), **_welcome(stage)}


def poll_databases(stage: Stage) -> Mapping[str, Any]:
    """Look at a thousand databases as a poll does, in this process, and count what AWS is asked."""
    rds = boto3.client("rds", region_name=REGION, endpoint_url=stage.emulator.url, **_KEYS)
    for name in _names("polled", POLLED):
        rds.create_db_instance(DBInstanceIdentifier=name, **_POSTGRES)
    external = _external(stage)
    declared = [_declared(name) for name in _names("polled", POLLED)]
    stage.emulator.control.forget_requests()
    alone = _asked(stage, external, declared[:50])
    listed = _asked(stage, external, [replace(one, patience=_PATIENT_SECONDS) for one in declared])
    return {"rds_1000_requests_per_poll": listed, "rds_1000_requests_one_by_one": alone * len(declared) // 50}


def _asked(stage: Stage, external: AwsExternal, declared: Sequence[Declared]) -> int:
    before = sum(stage.emulator.control.counts().values())
    for one in declared:
        if not external.observe(one).exists:
            raise AssertionError(f"{one.name} was not found")
    return sum(stage.emulator.control.counts().values()) - before


def _external(stage: Stage) -> AwsExternal:
    endpoint = {"url": {"type": "Static", "static": stage.emulator.url}}
    secret = {"source": "Secret", "secretRef": {"namespace": "aws", "name": "keys", "key": "creds"}}
    config = {
        "kind": "ProviderConfig",
        "metadata": {"name": "default"},
        "spec": {"credentials": secret, "endpoint": endpoint, "skip_credentials_validation": True},
    }
    ini = SecretValue("[default]\naws_access_key_id = bench\naws_secret_access_key = bench\n")
    found = AwsProvider().connect(_INSTANCE, {"region": REGION}, config, {"creds": ini})
    if not isinstance(found, AwsExternal):
        raise TypeError("the cluster-scoped family is lived without a detour")
    external = replace(found, memory=Memory(), batches=Batches())
    for name in _names("polled", POLLED):
        external.note(_declared(name), exists=True)
    return external


def _declared(name: str) -> Declared:
    parameters = {"region": REGION}
    return Declared(_INSTANCE, name, f"uid-of-{name}", name, parameters, parameters)


def _rest(stage: Stage) -> Mapping[str, Any]:
    stage.emulator.control.forget_requests()
    began, cpu = stage.count(), metrics.cpu_seconds(stage.pid)
    time.sleep(POLL_SECONDS * _POLLS)
    asked = stage.emulator.control.counts()
    spent = (metrics.cpu_seconds(stage.pid) - cpu) / _POLLS
    per_poll = {operation: round(count / _POLLS, 1) for operation, count in sorted(asked.items())}
    return {
        "managed_1500_rss_mb": round(metrics.resident_mb(stage.pid), 1),
        "managed_1500_cpu_s_per_poll": round(spent, 2),
        "managed_1500_aws_requests_per_hour": round(sum(per_poll.values()) * _POLLS_PER_HOUR),
        "managed_1500_aws_requests_per_poll": per_poll,
        "managed_1500_writes_at_rest": stage.count().since(began).writes,
    }


def _welcome(stage: Stage) -> Mapping[str, Any]:
    """Make new objects all through a poll; return how long the slowest has waited for its first reconcile."""
    waited = []
    with Claims(stage.api, _S3, lambda bucket: bool(objects.finalizers(bucket))) as newcomers:
        for name in _names("newcomer", _NEWCOMERS):
            created = newcomers.create([_bucket(name)])
            waited.append(newcomers.wait(newcomers.ready, [name], _PATIENCE) - created)
            time.sleep(POLL_SECONDS / _NEWCOMERS)
    return {"first_reconcile_while_polling_s": round(max(waited), 3)}


def _configure(stage: Stage) -> None:
    account = (ROOT / "examples/aws/emulator.yaml").read_text().replace("http://127.0.0.1:5005", stage.emulator.url)
    stage.kubectl("apply", "-f", "-", stdin=account)
    password = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "bench-password"}}
    stage.kubectl("apply", "-f", "-", stdin=json.dumps({**password, "stringData": {"password": "correct-horse"}}))


def _names(prefix: str, count: int) -> list[str]:
    return [f"{prefix}-{number}" for number in range(count)]


def _bucket(name: str) -> Object:
    return {
        "apiVersion": f"{_S3.group}/{_S3.version}",
        "kind": "Bucket",
        "metadata": {"name": name},
        "spec": {"forProvider": {"region": REGION, "tags": {"team": "bench"}}},
    }


def _database(name: str) -> Object:
    parameters = {
        "region": REGION,
        "identifier": name,
        "engine": "postgres",
        "instanceClass": "db.t3.micro",
        "allocatedStorage": 20,
        "username": "bench",
        "passwordSecretRef": {"name": "bench-password", "namespace": "default", "key": "password"},
        "skipFinalSnapshot": True,
    }
    return {
        "apiVersion": f"{_RDS.group}/{_RDS.version}",
        "kind": "Instance",
        "metadata": {"name": name},
        "spec": {"forProvider": parameters},
    }
