"""
Named control planes that outlive the command that starts them: `crosshead dev up`, `down`, `status`.

Each has a folder, and a supervising process that holds a lock on it for as long as it lives. The lock is the truth:
a process id in a file may be anybody's by now.
"""

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import urllib3

from crosshead.devel.access import Access
from crosshead.devel.certificates import Certificates
from crosshead.devel.emulator import EmulatorControl
from crosshead.devel.locations import Binaries
from crosshead.devel.processes import last_lines
from crosshead.devel.scratch import lock

_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?")
_SECONDS_TO_START = 120.0
_SECONDS_TO_STOP = 30.0
_SECONDS_BETWEEN_LOOKS = 0.1


class InstanceError(RuntimeError):
    """An instance cannot be started or stopped."""


@dataclass(frozen=True, slots=True)
class Record:
    """What a started instance says of itself."""

    url: str
    token: str
    kubeconfig: str
    # Empty when it was started without an AWS.
    aws_url: str


@dataclass(frozen=True, slots=True)
class Instance:
    """The files of one instance; all of them are in one folder."""

    folder: Path

    @property
    def name(self) -> str:
        """The name that people know it by."""
        return self.folder.name

    @property
    def log(self) -> Path:
        """What its supervising process said."""
        return self.folder / "supervisor.log"

    @property
    def _record(self) -> Path:
        return self.folder / "instance.json"

    @property
    def _pid(self) -> Path:
        return self.folder / "supervisor.pid"

    def record(self) -> Record | None:
        """Return what it says of itself; None before it has started."""
        with contextlib.suppress(FileNotFoundError):
            return Record(**json.loads(self._record.read_text()))
        return None

    def write_record(self, record: Record) -> None:
        """Say that it has started; whoever reads sees all of it, or nothing."""
        unfinished = self.folder / "instance.unfinished"
        unfinished.touch(mode=0o600)
        unfinished.write_text(json.dumps(asdict(record)))
        unfinished.rename(self._record)

    def write_pid(self) -> None:
        """Name this process as the supervising one."""
        self._pid.write_text(str(os.getpid()))

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the supervising process; only to be called while somebody holds the lock."""
        with contextlib.suppress(FileNotFoundError, ValueError, ProcessLookupError):
            os.kill(int(self._pid.read_text()), number)

    def is_running(self) -> bool:
        """Whether its supervising process lives."""
        try:
            descriptor = lock(self.folder)
        except FileNotFoundError:
            return False
        if descriptor is not None:
            os.close(descriptor)
        return descriptor is None


@dataclass(frozen=True, slots=True)
class Status:
    """The truth about an instance, found by asking it."""

    name: str
    running: bool
    ready: bool
    record: Record | None


def named(root: Path, name: str) -> Instance:
    """Return the instance of that name, which need not exist."""
    if not _NAME.fullmatch(name):
        raise InstanceError(f"the name {name!r} is none: it takes up to 32 of a-z, 0-9 and, inside, -")
    return Instance(root / "instances" / name)


def every(root: Path) -> list[Instance]:
    """Return the instances that there are, living or left behind, by name."""
    return [Instance(folder) for folder in sorted((root / "instances").glob("*")) if folder.is_dir()]


def up(instance: Instance, binaries: Binaries, *, aws: bool = True) -> Record:
    """Start *instance* unless it runs, and wait until it is ready; it goes on when this process ends."""
    instance.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    # Whoever asks just now whether it runs holds the lock too, for an instant.
    held = lock(instance.folder, patience=0.5)
    if held is not None:
        try:
            _remove_content(instance.folder)
            _start(instance, binaries, held, aws=aws)
        finally:
            # The supervising process has inherited the lock: there is no moment without it.
            os.close(held)
    _wait(lambda: instance.record() is not None or not instance.is_running(), _SECONDS_TO_START)
    return _started(instance)


def _started(instance: Instance) -> Record:
    record = instance.record()
    if record is None:
        said = last_lines(instance.log)
        down(instance)
        raise InstanceError(f"instance {instance.name!r} did not start: {said}")
    return record


def _start(instance: Instance, binaries: Binaries, held: int, *, aws: bool) -> None:
    programs = [str(binaries.etcd), str(binaries.apiserver), str(binaries.controller_manager)]
    options = [] if aws else ["--no-aws"]
    with instance.log.open("ab") as log:
        # It forks and returns at once: nobody's child, it is reaped by init, whenever it ends.
        subprocess.run(
            [sys.executable, "-m", "crosshead.devel.supervising", *options, str(instance.folder), *programs],
            env=os.environ | {"PYTHONPATH": _python_path()},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=(held,),
            start_new_session=True,
            check=True,
        )


def _python_path() -> str:
    """Let the child find this package, installed or not."""
    root = str(Path(__file__).parents[2])
    return os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))


def down(instance: Instance) -> bool:
    """Stop *instance* and remove all that it had; return whether there was anything."""
    if not instance.folder.is_dir():
        return False
    for number in (signal.SIGTERM, signal.SIGKILL):
        if instance.is_running():
            instance.signal(number)
            _wait(lambda: not instance.is_running(), _SECONDS_TO_STOP)
    if instance.is_running():
        raise InstanceError(f"instance {instance.name!r} did not stop, see {instance.log}")
    shutil.rmtree(instance.folder, ignore_errors=True)
    return True


def look(instance: Instance) -> Status:
    """Ask *instance* how it is."""
    running = instance.is_running()
    record = instance.record()
    ready = running and record is not None and _answers(instance, record)
    return Status(instance.name, running, ready, record)


def _answers(instance: Instance, record: Record) -> bool:
    access = Access(record.url, Certificates(instance.folder / "pki").authority, record.token)
    return access.answers("/readyz") and (not record.aws_url or _aws_answers(record.aws_url))


def _aws_answers(url: str) -> bool:
    try:
        return EmulatorControl(url).ready()
    except (urllib3.exceptions.HTTPError, ValueError):
        return False


def _wait(done: Callable[[], bool], patience: float) -> None:
    deadline = time.monotonic() + patience
    while not done() and time.monotonic() < deadline:
        time.sleep(_SECONDS_BETWEEN_LOOKS)


def _remove_content(folder: Path) -> None:
    """Remove what a killed instance has left, but not the folder, which is locked."""
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
