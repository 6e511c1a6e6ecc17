"""What is measured: a control plane, an AWS emulator without delays, and the operator, alone on its own."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import urllib3
from kubernetes import config

from bench import metrics, profiling
from bench.metrics import Count
from crosshead.devel import locations, programs
from crosshead.devel.control_plane import ControlPlane
from crosshead.devel.emulator import Emulator
from crosshead.devel.loopback import Reservation
from crosshead.devel.processes import ProcessError, Server, last_lines

ROOT = Path(__file__).parents[1]
# The files of the work are shared with other operators that are measured the same way.
WORK = ROOT.parent / "shared" / "bench"
# What claims and composites need.
CORE = (
    "apiextensions.crossplane.io",
    "aws.m.upbound.io",
    "aws.upbound.io",
    "ec2.aws.upbound.io",
    "nop.crossplane.io",
    "pkg.crossplane.io",
    "protection.crossplane.io",
    "rds.aws.upbound.io",
)
# Where to write what the operator spends its time on, if anywhere.
PROFILE = os.environ.get("BENCH_PROFILE", "")


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything that runs while it is measured."""

    plane: ControlPlane
    emulator: Emulator
    operator: Server
    api: Any

    def kubectl(self, *arguments: str, stdin: str | None = None) -> None:
        """Run kubectl; anything but success ends the bench."""
        command = [str(locations.find_kubectl()), f"--kubeconfig={self.plane.kubeconfig}", *arguments]
        subprocess.run(command, cwd=ROOT, input=stdin, text=True, check=True, stdout=subprocess.DEVNULL)

    def count(self) -> Count:
        """Return what the API server has counted so far."""
        return metrics.read(self.plane.metrics())

    @contextmanager
    def profiled(self) -> Iterator[None]:
        """Keep an account of what the operator does meanwhile, if it is profiled at all (see `profiling`)."""
        if not PROFILE:
            yield
            return
        profiling.begin(Path(PROFILE))
        yield
        profiling.end(Path(PROFILE))

    @property
    def pid(self) -> int:
        """The operator's process."""
        if self.operator.pid is None:
            raise ProcessError(f"the operator has ended: {last_lines(self.operator.log)}")
        return self.operator.pid


@contextmanager
def stage(*flags: str, groups: Sequence[str] = ("*",)) -> Iterator[Stage]:
    """
    Start everything, the operator with *flags*; stop it at the end, however that comes.

    :param groups: the API groups whose kinds are installed: all of them keep an API server busy for a minute.
    """
    with ExitStack() as stack:
        plane = stack.enter_context(ControlPlane(programs.find(_say)))
        emulator = stack.enter_context(Emulator(creating=0, modifying=0, deleting=0))
        port = Reservation()
        stack.callback(port.release)
        operator = Server(_command(plane, port.port, flags), plane.folder / "operator.log")
        running = Stage(plane, emulator, operator, config.new_client_from_config(str(plane.kubeconfig)))
        files = sorted(path for group in groups for path in (ROOT / "crds").glob(f"{group}_*.yaml"))
        kinds = [f"--filename={path}" for path in files]
        running.kubectl("apply", "--validate=false", *kinds, "-f", "deploy/namespace.yaml")
        running.kubectl("wait", "--for=condition=Established", "crd", "--all", "--timeout=300s")
        operator.start()
        stack.callback(operator.stop, 30.0)
        _wait_for(running, f"http://127.0.0.1:{port.port}/readyz")
        yield running


def _command(plane: ControlPlane, port: int, chosen: Sequence[str]) -> tuple[str, ...]:
    program: tuple[str, ...] = (str(Path(sys.executable).with_name("crosshead")),)
    if PROFILE:
        program = (sys.executable, "-m", "bench.profiling", PROFILE)
    # Without the Lease: its renewals are a fixed price, two writes every few seconds whatever there is to do.
    flags = ("--no-leader-election", f"--health-port={port}", *chosen, *os.environ.get("BENCH_FLAGS", "").split())
    return (*program, "run", f"--kubeconfig={plane.kubeconfig}", *flags)


def _wait_for(running: Stage, url: str) -> None:
    deadline = time.monotonic() + 30
    while not _answers(url):
        if time.monotonic() > deadline:
            raise ProcessError(f"the operator was not ready within 30 s: {last_lines(running.operator.log)}")
        # Asking for the process id tells when there is none any more.
        time.sleep(0.1 if running.pid else 0)


def _answers(url: str) -> bool:
    try:
        return urllib3.request("GET", url, retries=False, timeout=2.0).status == 200
    except urllib3.exceptions.HTTPError:
        return False


def _say(text: str) -> None:
    print(f"bench: {text}", flush=True)
