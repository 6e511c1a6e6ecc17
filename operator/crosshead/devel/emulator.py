"""
An AWS of one's own: the emulator as a process to start and stop, and the switches that it has.

    with Emulator(creating=0.2) as emulator:
        rds = boto3.client("rds", endpoint_url=emulator.url, …)
        emulator.control.add_fault(kind="throttle", service="rds", times=2)
        …
        assert emulator.control.count("rds:CreateDBInstance") == 1
"""

import json
import os
import selectors
import subprocess
import sys
from fnmatch import fnmatchcase
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import urllib3

from crosshead.devel.scratch import Scratch

# Importing moto takes most of the start; a busy machine needs several times the usual 5 s.
START_SECONDS = 90.0
STOP_SECONDS = 5.0


class EmulatorError(Exception):
    """The emulator did not start, or refused what it was asked for."""


class EmulatorControl:
    """The switches of a running emulator: delays, faults, counts."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._http = urllib3.PoolManager(retries=False, timeout=10.0)

    def ready(self) -> bool:
        """Whether the emulator answers."""
        try:
            return bool(self._ask("GET", "ready")["ready"])
        except urllib3.exceptions.HTTPError:
            return False

    def add_fault(self, **rule: Any) -> str:  # noqa: ANN401  # the fields of a rule differ in type
        """
        Let calls go wrong, and return the id of the rule.

        *rule* has the fields of `emulation.faults.Rule`: kind ("error", "throttle", "status", "html", "truncate",
        "reset", "hang", "delay" or "lost-answer"), service, operation, match, code, message, status, seconds, times,
        probability, rate, burst.
        """
        return str(self._ask("POST", "faults", rule)["id"])

    def faults(self) -> list[dict[str, Any]]:
        """Return the rules in force, each with its `id` and how often it has `fired`."""
        return list(self._ask("GET", "faults"))

    def lift_fault(self, id: str) -> bool:
        """End one rule, and free the calls that wait because of it; False when there is none of that id."""
        return bool(self._ask("DELETE", f"faults/{id}")["lifted"])

    def lift_faults(self) -> int:
        """End all rules; return how many there were."""
        return int(self._ask("DELETE", "faults")["lifted"])

    def delays(self) -> dict[str, float]:
        """Return the seconds spent creating, modifying, deleting, backing_up."""
        return dict(self._ask("GET", "delays"))

    def set_delays(self, **seconds: float) -> None:
        """Change delays (creating, modifying, deleting, backing_up) of what begins from now on."""
        self._ask("POST", "delays", seconds)

    def count(self, operation: str = "*") -> int:
        """Return how often `rds:DescribeDBInstances` was called, or all that matches `rds:*`."""
        return sum(n for name, n in self.counts().items() if fnmatchcase(name, operation))

    def counts(self) -> dict[str, int]:
        """Return how often each operation was called, by `service:Operation`."""
        return dict(self._ask("GET", "requests")["counts"])

    def requests(self) -> list[dict[str, Any]]:
        """Return the latest calls, oldest first; see `emulation.journal.Entry`."""
        return list(self._ask("GET", "requests")["log"])

    def forget_requests(self) -> None:
        """Count from zero."""
        self._ask("DELETE", "requests")

    def maintain(self) -> None:
        """Let the maintenance windows come: what was modified without ApplyImmediately is applied."""
        self._ask("POST", "maintenance")

    def reset(self) -> None:
        """Forget all resources, faults and counts; delays are those of the start."""
        self._ask("POST", "reset")

    def stop(self) -> None:
        """End the emulator's process, whoever started it."""
        self._ask("POST", "stop")

    def _ask(self, method: str, what: str, content: object = None) -> Any:  # noqa: ANN401  # JSON
        body = None if content is None else json.dumps(content)
        answer = self._http.request(method, f"{self._url}/_crosshead/{what}", body=body)
        if answer.status != 200:
            raise EmulatorError(f"the emulator refused {method} {what}: {answer.json()['error']}")
        return answer.json()


class Emulator:
    """
    The emulator's process, listening on 127.0.0.1 while it runs.

    *port* 0 takes any that is free. The rest are seconds that resources stay in their passing states; 0 skips a state.
    *log* is a file for its log; without one it goes to a temporary folder that `stop` removes. It ends with the process
    that started it, unless *detached*: then `EmulatorControl(url).stop()` ends it. `url` and `control` are good once
    it has started.
    """

    def __init__(  # noqa: PLR0913  # one per switch of the command line
        self,
        port: int = 0,
        *,
        creating: float = 1.0,
        modifying: float = 0.5,
        deleting: float = 0.5,
        backing_up: float = 0.0,
        log: Path | None = None,
        detached: bool = False,
    ) -> None:
        self.url = ""
        self.pid = 0
        self.control = EmulatorControl("")
        self._port = port
        self._delays = {
            "--creating": creating,
            "--modifying": modifying,
            "--deleting": deleting,
            "--backing-up": backing_up,
        }
        self._log = log
        self._detached = detached
        self._process: subprocess.Popen[bytes] | None = None
        self._scratch: Scratch | None = None

    def begin(self) -> None:
        """Start the process and return at once, so that other things can start beside it; `start` then waits."""
        self._process = self._process or self._spawn()

    def start(self) -> Self:
        """Start the process unless it has begun, and return once AWS can be called: within 3 to 10 seconds."""
        self._process = self._process or self._spawn()
        try:
            started = json.loads(_first_line(self._process))
        except ValueError:
            log = self._log_file()
            self.stop(keep_log=True)
            raise EmulatorError(f"the AWS emulator did not start within {START_SECONDS:.0f} s; see {log}") from None
        self.url, self.pid = str(started["url"]), int(started["pid"])
        self.control = EmulatorControl(self.url)
        self._port = int(self.url.rpartition(":")[2])
        return self

    def stop(self, *, keep_log: bool = False) -> None:
        """End the process and forget its AWS; a later `start` uses the same port."""
        process, self._process = self._process, None
        if process is not None:
            _end(process)
        if self._scratch is not None and not keep_log:
            self._scratch.remove()
            self._scratch = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def _spawn(self) -> subprocess.Popen[bytes]:
        log = self._log_file()
        with log.open("ab") as errors:
            return subprocess.Popen(
                self._command(log),
                env={**os.environ, "PYTHONPATH": _python_path()},
                stdin=subprocess.DEVNULL if self._detached else subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                # Ctrl-C at a terminal is for the process that started this one, which then stops it in its turn.
                start_new_session=True,
            )

    def _command(self, log: Path) -> list[str]:
        delays = [text for flag, seconds in self._delays.items() for text in (flag, str(seconds))]
        detached = ["--detached"] if self._detached else []
        port = ["--port", str(self._port)]
        return [sys.executable, "-m", "crosshead.devel.emulation", *port, *delays, *detached, "--log", str(log)]

    def _log_file(self) -> Path:
        if self._log is not None:
            return self._log
        if self._scratch is None:
            self._scratch = Scratch()
        return self._scratch.path / "aws.log"


def _python_path() -> str:
    """Let the child find this package, installed or not."""
    root = str(Path(__file__).parents[2])
    return os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))


def _first_line(process: subprocess.Popen[bytes]) -> bytes:
    """Return the line that a child prints when it is ready; b"" when it ends or takes too long."""
    if process.stdout is None:
        return b""
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        return process.stdout.readline() if selector.select(START_SECONDS) else b""


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            stream.close()
