"""Processes that end when they are told to, and in any case with the process that started them."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from crosshead.devel.caching import Say

# The kernel ties a process to the *thread* that started it, so that thread must live as long as this process.
_SPAWNER = ThreadPoolExecutor(1, thread_name_prefix="spawner")
_TIED = Path(__file__).with_name("tied.py")
_SECONDS_BETWEEN_WORDS = 10.0


class ProcessError(RuntimeError):
    """A program ended, or did not do what it is there for; the text ends with the last lines of its log."""


class Server:
    """One program that runs until it is stopped; can be started again. Its output is appended to *log*."""

    def __init__(self, command: Sequence[str], log: Path) -> None:
        self.command = tuple(command)
        self.log = log
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def name(self) -> str:
        """The program's name, for people."""
        return Path(self.command[0]).name

    @property
    def pid(self) -> int | None:
        """The id of the running process, None when there is none."""
        return self._process.pid if self._process is not None and self.alive else None

    @property
    def alive(self) -> bool:
        """Whether it runs now."""
        return self._process is not None and self._process.poll() is None

    @property
    def status(self) -> int | None:
        """The exit status of the process that has ended, None while it runs."""
        return self._process.poll() if self._process is not None else None

    def start(self) -> None:
        """Start it; a second start does nothing."""
        if not self.alive:
            self._process = _SPAWNER.submit(_spawn, self.command, self.log, "exec").result()

    def stop(self, patience: float = 10.0) -> None:
        """Ask it to end, wait at most *patience* seconds, then kill it; gone when this returns."""
        self.ask_to_end()
        if self._process is not None:
            _end(self._process, patience)

    def ask_to_end(self) -> None:
        """Send it SIGTERM and do not wait: several can so end side by side."""
        if self._process is not None and self.alive:
            self._process.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it at once, as a crash would; gone when this returns."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def check(self) -> None:
        """Raise `ProcessError` when it has ended by itself."""
        if self._process is not None and not self.alive:
            raise ProcessError(f"{self.name} ended with status {self._process.returncode}: {last_lines(self.log)}")


@dataclass(frozen=True, slots=True)
class Step:
    """A command of a longer job: what it does in words, and how long it usually takes."""

    what: str
    seconds: float
    command: tuple[str, ...]


def run(step: Step, folder: Path, environment: Mapping[str, str], log: Path, say: Say) -> None:
    """
    Run *step* in *folder* to its end, saying every ten seconds how far it is.

    Interrupted (or killed), it takes with it whatever the command has started.
    """
    started = time.monotonic()
    say(f"{step.what} (about {step.seconds:.0f} s)")
    process = _SPAWNER.submit(_spawn, step.command, log, "guard", folder, environment).result()
    try:
        while _still_running(process):
            say(f"{step.what}: {time.monotonic() - started:.0f} s, usually about {step.seconds:.0f} s")
    finally:
        process.send_signal(signal.SIGTERM)
        _end(process, patience=10.0)
    if process.returncode != 0:
        raise ProcessError(f"{step.what} failed with status {process.returncode}: {last_lines(log)}")


def _still_running(process: subprocess.Popen[bytes]) -> bool:
    try:
        process.wait(_SECONDS_BETWEEN_WORDS)
    except subprocess.TimeoutExpired:
        return True
    return False


def last_lines(log: Path, count: int = 8) -> str:
    """Return the end of a log, on one line."""
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    return " | ".join(lines[-count:]) or "it said nothing"


def _spawn(
    command: Sequence[str],
    log: Path,
    mode: str,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> subprocess.Popen[bytes]:
    tied = [sys.executable, "-IS", str(_TIED), str(os.getpid()), mode, *command]
    with log.open("ab") as output:
        return subprocess.Popen(
            tied,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=folder,
            env=environment,
            # Ctrl-C at a terminal is ours to deal with, in our order; it must not reach the servers by itself.
            start_new_session=True,
        )


def _end(process: subprocess.Popen[bytes], patience: float) -> None:
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
