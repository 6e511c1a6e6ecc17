"""The stage of the journeys: the real operator process, beside a real control plane and an AWS emulator over HTTP."""

import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import urllib3
import yaml

from crosshead.devel.emulator import Emulator, EmulatorControl
from crosshead.devel.loopback import Reservation
from crosshead.devel.processes import Server, last_lines

ROOT = Path(__file__).parents[2]
REGION = "us-east-1"
# Short, so that a journey is; long enough for two observations of each state.
FLAGS = (
    "--no-leader-election",
    "--poll-interval=2s",
    "--backoff-first=200ms",
    "--backoff-ceiling-external=2s",
    # The emulator shows at once what it has made.
    "--creation-grace=2s",
)
PATIENCE = 60.0
# The groups of all kinds but those that live in AWS.
CORE = (
    "apiextensions.crossplane.io",
    "aws.m.upbound.io",
    "aws.upbound.io",
    "nop.crossplane.io",
    "pkg.crossplane.io",
    "protection.crossplane.io",
)


def eventually(found: Callable[[], Any], sentence: str, patience: float = PATIENCE) -> Any:
    """Return what *found* returns once that is true; fail with *sentence* when it never is."""
    deadline = time.monotonic() + patience
    while not (result := found()):
        assert time.monotonic() < deadline, f"not within {patience:.0f} s: {sentence}"
        time.sleep(0.2)
    return result


def serve(kubectl: Callable[..., str], *groups: str) -> None:
    """Have the API server that *kubectl* talks to serve the kinds of *groups*, if it does not yet."""
    # One group after the other: all at once takes an API server longer than a kubectl is given.
    for group in groups:
        paths = sorted((ROOT / "crds").glob(f"{group}_*.yaml"))
        files = [word for path in paths for word in ("-f", str(path))]
        # Not server-side: an API server of 1.20 refuses to apply what it does not know of a CRD, else drops it.
        kubectl("apply", "--validate=false", *files)
        eventually(lambda files=files: _are_served(kubectl, files), f"the kinds of {group} are served", 2 * PATIENCE)


def _are_served(kubectl: Callable[..., str], files: Sequence[str]) -> bool:
    # Not with `kubectl wait`, which fails for a CRD that has no conditions yet.
    lines = kubectl("get", *files, "-o", "custom-columns=:.status.conditions", "--no-headers").splitlines()
    return all("status:True type:Established" in line for line in lines)


@dataclass
class Stage:
    """What a journey acts on."""

    kubectl: Callable[..., str]
    emulator: Emulator
    operator: Server
    health: str

    @property
    def control(self) -> EmulatorControl:
        """The emulator's switches."""
        return EmulatorControl(self.emulator.url)

    def aws(self, service: str, region: str = REGION) -> Any:
        """Return a client of the emulator that shares nothing with the operator."""
        keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
        return boto3.client(service, region_name=region, endpoint_url=self.emulator.url, **keys)

    def apply(self, *manifests: dict[str, Any]) -> None:
        """Apply *manifests* with kubectl."""
        self.kubectl("apply", "-f", "-", stdin=yaml.safe_dump_all(manifests))

    def get(self, kind: str, name: str = "", namespace: str = "") -> Any:
        """Return an object, or the items of a kind; None when it does not exist."""
        place = ["-n", namespace] if namespace else []
        text = self.kubectl("get", kind, *([name] if name else []), *place, "-o", "json", "--ignore-not-found")
        found = json.loads(text) if text.strip() else None
        return found["items"] if found and "items" in found else found

    def serve(self, *groups: str) -> None:
        """Have the API server serve the kinds of *groups*, if it does not yet."""
        serve(self.kubectl, *groups)

    def condition(self, kind: str, name: str, type: str, namespace: str = "") -> dict[str, str]:
        """Return a condition of an object, empty when it has none of that type."""
        obj = self.get(kind, name, namespace) or {}
        found = (obj.get("status") or {}).get("conditions") or []
        return next((c for c in found if c["type"] == type), {})

    def wait_ready(self, kind: str, name: str, namespace: str = "") -> Any:
        """Return an object once it is Ready."""
        eventually(
            lambda: self.condition(kind, name, "Ready", namespace).get("status") == "True", f"{kind} {name} is Ready"
        )
        return self.get(kind, name, namespace)

    def wait_gone(self, kind: str, name: str, namespace: str = "") -> None:
        """Return once an object is gone."""
        eventually(lambda: self.get(kind, name, namespace) is None, f"{kind} {name} is gone")

    def composed(self, claim: Any, kind: str) -> Any:
        """Return the one resource of *kind* that *claim*'s composite is composed of, None when there is none."""
        label = f"crossplane.io/composite={claim['spec']['resourceRef']['name']}"
        found = json.loads(self.kubectl("get", kind, "-l", label, "-o", "json"))["items"]
        assert len(found) <= 1, found
        return found[0] if found else None

    def instances(self) -> Sequence[Any]:
        """Return the database instances that AWS has."""
        return self.aws("rds").describe_db_instances()["DBInstances"]

    def restart_operator(self) -> None:
        """Start the operator again, and wait until it works."""
        self.operator.start()
        self.await_operator()

    def await_operator(self) -> None:
        """Wait until the operator says that it is ready."""
        eventually(self._is_ready, f"the operator is ready: {last_lines(self.operator.log)}", 30.0)

    def _is_ready(self) -> bool:
        self.operator.check()
        try:
            return urllib3.request("GET", f"{self.health}/readyz", retries=False, timeout=2.0).status == 200
        except urllib3.exceptions.HTTPError:
            return False


@contextmanager
def stage(admin: Path, kubectl: Callable[..., str], folder: Path, flags: Sequence[str] = FLAGS) -> Iterator[Stage]:
    """Start the emulator and the operator with every kind and the golden path installed; stop them at the end."""
    port, hook = Reservation(), Reservation()
    health = f"http://127.0.0.1:{port.port}"
    # The same after each start, as behind a Service: another one makes the API server begin anew with every kind.
    own = (f"--kubeconfig={admin}", f"--health-port={port.port}", f"--webhook-url=https://127.0.0.1:{hook.port}")
    operator = Server([sys.executable, "-m", "crosshead", "run", *own, *flags], folder / "operator.log")
    with Emulator(creating=1.0, modifying=0.5, deleting=0.5) as emulator:
        running = Stage(kubectl, emulator, operator, health)
        install(running)
        try:
            running.restart_operator()
            kubectl("apply", "-f", str(ROOT / "compositions"), "--recursive")
            kubectl("wait", "--for=condition=Offered", "xrd", "--all", "--timeout=30s")
            yield running
        finally:
            operator.stop()
            port.release()
            hook.release()
            sys.stdout.write(last_lines(operator.log))  # pytest shows it where a journey failed


def install(stage: Stage) -> None:
    """Install the kinds that most journeys need, the namespaces, and what leads to the emulator."""
    stage.serve(*CORE, *(f"{service}.aws.upbound.io" for service in ("ec2", "elasticache", "rds", "s3")))
    for namespace in ("crossplane-system", "order-service-prod", "checkout-dev"):
        stage.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}})
    stage.apply(*provider_config(stage.emulator.url))
    stage.kubectl("apply", "-f", str(ROOT / "examples" / "platform"))


def provider_config(url: str, name: str = "default") -> list[dict[str, Any]]:
    """Return configurations of both families that lead to the emulator at *url*, and their Secret."""
    text = (ROOT / "examples" / "aws" / "emulator.yaml").read_text()
    secret, *configs = yaml.safe_load_all(text)
    for config in configs:
        config["metadata"]["name"] = name
        config["spec"]["endpoint"]["url"]["static"] = url
    return [secret, *configs]


def postgres(name: str, namespace: str = "checkout-dev", **spec: Any) -> dict[str, Any]:
    """Return the claim of a small development database."""
    wanted = {"storageGb": 20, "region": REGION, "environment": "development"}
    return {
        "apiVersion": "platform.example.org/v1alpha1",
        "kind": "PostgresDatabase",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {**wanted, **spec},
    }
