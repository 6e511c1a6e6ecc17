"""The stage: a control plane, an AWS emulator and the operator, processes all of them, and all gone at the end."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import urllib3

from crosshead.devel import locations, programs
from crosshead.devel.access import Access
from crosshead.devel.control_plane import ControlPlane
from crosshead.devel.emulator import Emulator
from crosshead.devel.locations import Binaries
from crosshead.devel.loopback import Reservation
from crosshead.devel.processes import Server, last_lines
from demo import cluster
from demo.cloud import Cloud
from demo.cluster import Cluster
from demo.scene import Scene
from demo.telling import DemoError, Teller

# Checks of AWS every 5 s instead of every 10 min, so that a drift is seen while one watches.
_PACE = ("--poll-interval=5s", "--backoff-ceiling-external=5s")
_RIGHTS = ("namespace", "service-account", "roles-operator", "roles-people", "roles-golden-path")
# The groups of the kinds that the demo is about.
_GROUPS: Final = (
    "apiextensions.crossplane.io",
    "aws.m.upbound.io",
    "aws.upbound.io",
    "ec2.aws.upbound.io",
    "elasticache.aws.upbound.io",
    "nop.crossplane.io",
    "pkg.crossplane.io",
    "protection.crossplane.io",
    "rds.aws.upbound.io",
    "s3.aws.upbound.io",
)


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything that runs."""

    plane: ControlPlane
    emulator: Emulator
    operator: Server
    scene: Scene

    @property
    def pids(self) -> dict[str, int]:
        """The processes that run now."""
        own = {"operator": self.operator.pid or 0, "emulator": self.emulator.pid}
        return {**self.plane.pids, **{name: pid for name, pid in own.items() if pid}}


@contextmanager
def stage(teller: Teller) -> Iterator[Stage]:
    """Start everything; stop it in the reverse order, however the story ends."""
    with ExitStack() as stack:
        teller.chapter("Setting the stage")
        binaries = programs.find(teller.say)
        emulator = Emulator(creating=3, modifying=2, deleting=2)
        stack.callback(emulator.stop)
        # Each takes some seconds, mostly of waiting: side by side.
        emulator.begin()
        plane = _start_plane(teller, binaries, stack)
        emulator.start()
        teller.say(f"AWS emulator: {emulator.url}")
        scene = Scene(teller, _cluster(teller, plane), Cloud(emulator.url))
        _verify_beginning(scene)
        _install(scene)
        operator = _start_operator(teller, plane, scene, stack)
        try:
            yield Stage(plane, emulator, operator, scene)
        except DemoError:
            teller.say(f"the operator's last words: {last_lines(operator.log)}")
            raise


def verify_end(teller: Teller, pids: dict[str, int], status: int | None, folder: Path) -> None:
    """Verify that nothing of the stage is left."""
    left = sorted(name for name, pid in pids.items() if _runs(pid))
    teller.check(f"the {len(pids)} processes have ended{': ' + ', '.join(left) if left else ''}", not left)
    teller.check("the operator ended with status 0 when it was asked to", status == 0)
    teller.check("no file of the control plane is left", not folder.exists())


def _start_plane(teller: Teller, binaries: Binaries, stack: ExitStack) -> ControlPlane:
    started = time.monotonic()
    plane = stack.enter_context(ControlPlane(binaries))
    names = ", ".join(sorted(plane.pids))
    teller.say(f"control plane: {names} on 127.0.0.1, ready after {time.monotonic() - started:.1f} s")
    return plane


def _cluster(teller: Teller, plane: ControlPlane) -> Cluster:
    kubectl = locations.find_kubectl()
    if kubectl is None:
        raise DemoError("there is no kubectl on the PATH, and none in the virtual environment: run make setup")
    return Cluster(kubectl, plane.kubeconfig, teller)


def _verify_beginning(scene: Scene) -> None:
    version = scene.cluster.do("version", "-o", "json", show=False)
    scene.teller.check("the API server answers kubectl", '"serverVersion"' in version)
    empty = not scene.cloud.databases() and not scene.cloud.buckets() and not scene.cloud.vpcs()
    scene.teller.check("AWS is empty: no database, no bucket, no network", empty)


def _install(scene: Scene) -> None:
    """Bring the kinds and the rights that the operator needs."""
    # Before 1.25 kubectl's own check does not know the validation rules in these files; the server drops them.
    files = sorted(path for group in _GROUPS for path in (cluster.ROOT / "crds").glob(f"{group}_*.yaml"))
    # An API server takes a minute for all kinds there are; the demo's are enough here.
    scene.teller.command(f"kubectl apply --validate=false -f crds/…  # the {len(files)} kinds that the demo is about")
    scene.cluster.do("apply", "--validate=false", *(f"--filename={path}" for path in files), show=False)
    scene.cluster.do("apply", *(word for name in _RIGHTS for word in ("-f", f"deploy/{name}.yaml")))
    scene.cluster.do("wait", "--for=condition=Established", "crd", "--all", "--timeout=30s")


def _start_operator(teller: Teller, plane: ControlPlane, scene: Scene, stack: ExitStack) -> Server:
    """Start `crosshead run` with the rights of deploy/, and no more."""
    kubeconfig = plane.folder / "operator.kubeconfig"
    token = scene.cluster.do("create", "token", "crosshead", "-n", "crossplane-system", show=False)
    Access(plane.serving_url, plane.authority, token).write_kubeconfig(kubeconfig)
    port = Reservation()
    stack.callback(port.release)
    program = Path(sys.executable).with_name("crosshead")
    flags = (f"--kubeconfig={kubeconfig}", f"--health-port={port.port}", *_PACE)
    operator = Server((str(program), "run", *flags), plane.folder / "operator.log")
    teller.command(f"crosshead run --kubeconfig=… {' '.join(_PACE)}  # as service account crosshead of deploy/")
    operator.start()
    stack.callback(operator.stop, 30.0)
    teller.wait("the operator is ready", _readiness(operator, port.port), 30)
    teller.check("the operator says that it is ready, with the rights of its service account", operator.alive)
    return operator


def _readiness(operator: Server, port: int) -> Callable[[], tuple[str, bool | None]]:
    def look() -> tuple[str, bool | None]:
        if not operator.alive:
            raise DemoError(f"the operator has ended: {last_lines(operator.log)}")
        return "not yet", True if _answers(f"http://127.0.0.1:{port}/readyz") else None

    return look


def _answers(url: str) -> bool:
    try:
        return urllib3.request("GET", url, retries=False, timeout=2.0).status == 200
    except urllib3.exceptions.HTTPError:
        return False


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
