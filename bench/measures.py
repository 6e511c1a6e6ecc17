"""What is measured, one function each. The words of the results are those of `build/bench.json`."""

import statistics
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import yaml
from kubernetes import client

from bench import metrics
from bench.claims import Claims, Kind, Object
from bench.stage import ROOT, WORK, Stage

MANY = 100
REST_SECONDS = 60.0
_TRIPLES = Kind("bench.example.org", "v1alpha1", "triples", "bench")
_DATABASES = Kind("platform.example.org", "v1alpha1", "postgresdatabases", "order-service-prod")
# After the last claim is ready, until the last event is written.
_SETTLE_SECONDS = 5.0
_PATIENCE = 180.0

Results = Mapping[str, Any]


def prepare_triples(stage: Stage) -> None:
    """Install the bench's definition and composition, and wait until claims can be made."""
    stage.kubectl("create", "namespace", "bench")
    stage.kubectl("apply", "-f", str(WORK / "xrd.yaml"), "-f", str(WORK / "composition-resources.yaml"))
    stage.kubectl("wait", "--for=condition=Offered", "xrd/xtriples.bench.example.org", "--timeout=30s")


def one_claim(stage: Stage) -> Results:
    """Measure one claim alone, five times after a first that does not count."""
    with Claims(stage.api, _TRIPLES) as claims:
        seconds = [_one(claims, _triple(f"one-{n}")) for n in range(6)]
    return {"claim_ready_s": round(statistics.median(seconds[1:]), 3), "claim_ready_all_s": _rounded(seconds[1:])}


def many_claims(stage: Stage) -> Results:
    """Measure a hundred claims at once: until all are ready, a minute of rest, until all are gone."""
    names = [f"many-{n}" for n in range(MANY)]
    with Claims(stage.api, _TRIPLES) as claims:
        began, cpu = stage.count(), metrics.cpu_seconds(stage.pid)
        started = claims.create([_triple(name) for name in names])
        ready = claims.wait(claims.ready, names, _PATIENCE) - started
        cpu_ready = metrics.cpu_seconds(stage.pid) - cpu
        time.sleep(_SETTLE_SECONDS)
        up = stage.count().since(began)
        rest = _rest(stage)
        began_down, cpu_down = stage.count(), metrics.cpu_seconds(stage.pid)
        deleted = claims.delete(names)
        gone = claims.wait(claims.gone, names, _PATIENCE) - deleted
        looks = _wait_for_none_left(stage)
        all_gone = time.monotonic() - deleted
        time.sleep(_SETTLE_SECONDS)
        down = stage.count().since(began_down)
        cpu_gone = metrics.cpu_seconds(stage.pid) - cpu_down
    requests = up.requests + down.requests - Counter({"LIST nopresources": looks})
    return {
        "claims_100_ready_s": round(ready, 2),
        "claims_100_gone_s": round(gone, 2),
        "claims_100_all_gone_s": round(all_gone, 2),
        "requests_per_claim": _per_claim(requests),
        "cpu_s": round(cpu_ready + cpu_gone, 2),
        "cpu_to_ready_s": round(cpu_ready, 2),
        "apiserver_cpu_s": round(up.apiserver_cpu + down.apiserver_cpu, 2),
        "apiserver_cpu_to_ready_s": round(up.apiserver_cpu, 2),
        **rest,
    }


def postgres(stage: Stage) -> Results:
    """Measure the golden path's database claim, three times after a first that does not count."""
    _prepare_golden_path(stage)
    with Claims(stage.api, _DATABASES) as claims:
        seconds = [_one(claims, _database(f"order-service-db-{n}")) for n in range(4)]
    return {"postgres_ready_s": round(statistics.median(seconds[1:]), 3), "postgres_ready_all_s": _rounded(seconds[1:])}


def _wait_for_none_left(stage: Stage) -> int:
    """Wait until the composed resources are gone too; return how many requests that took."""
    listing = client.CustomObjectsApi(stage.api).list_cluster_custom_object
    for looks in range(1, int(_PATIENCE) + 1):
        if not listing("nop.crossplane.io", "v1alpha1", "nopresources", limit=1)["items"]:
            return looks
        time.sleep(1)
    raise TimeoutError(f"composed resources are left {_PATIENCE:.0f} s after their claims were gone")


def _rest(stage: Stage) -> Results:
    began, cpu = stage.count(), metrics.cpu_seconds(stage.pid)
    time.sleep(REST_SECONDS)
    done = stage.count().since(began)
    return {
        "writes_at_rest_60s": done.writes,
        "requests_at_rest_60s": done.total,
        "cpu_at_rest_60s": round(metrics.cpu_seconds(stage.pid) - cpu, 2),
        "rss_mb": round(metrics.resident_mb(stage.pid), 1),
    }


def _per_claim(requests: Mapping[str, int]) -> Mapping[str, float]:
    total = sum(requests.values()) / MANY
    return {"total": round(total, 2), **{key: round(count / MANY, 2) for key, count in sorted(requests.items())}}


def _one(claims: Claims, claim: Object) -> float:
    name = claim["metadata"]["name"]
    started = claims.create([claim])
    ready = claims.wait(claims.ready, [name], _PATIENCE) - started
    claims.delete([name])
    claims.wait(claims.gone, [name], _PATIENCE)
    # So that what is left to do for this one is not done at the next one's expense.
    time.sleep(1)
    return ready


def _triple(name: str) -> Object:
    return {
        "apiVersion": "bench.example.org/v1alpha1",
        "kind": "Triple",
        "metadata": {"name": name, "namespace": "bench"},
        "spec": {"size": "small", "region": "eu-west-1", "compositionRef": {"name": "triples-resources"}},
    }


def _database(name: str) -> Object:
    example = yaml.safe_load((ROOT / "examples/order-service-prod/postgres.yaml").read_text())
    return {**example, "metadata": {**example["metadata"], "name": name}}


def _prepare_golden_path(stage: Stage) -> None:
    account = (ROOT / "examples/aws/emulator.yaml").read_text().replace("http://127.0.0.1:5005", stage.emulator.url)
    stage.kubectl("apply", "-f", "-", stdin=account)
    stage.kubectl("apply", "-f", "examples/platform/namespaces.yaml", "-f", "examples/platform/network-us-east-1.yaml")
    stage.kubectl("apply", "-f", "compositions/postgres/")
    network = "vpcs.ec2.aws.upbound.io,subnets.ec2.aws.upbound.io"
    stage.kubectl("wait", "--for=condition=Ready", network, "--all", "--timeout=60s")
    stage.kubectl("wait", "--for=condition=Offered", "xrd/xpostgresdatabases.platform.example.org", "--timeout=30s")


def _rounded(seconds: Sequence[float]) -> list[float]:
    return [round(s, 3) for s in seconds]
