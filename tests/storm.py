"""AWS in bad weather: microburst between us and the emulator, which breaks requests and answers as networks do."""

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import boto3
import urllib3

from crosshead.devel.loopback import Reservation
from crosshead.devel.processes import Server

Rule = dict[str, Any]

_START_SECONDS = 60.0

# Nearly every third request goes wrong, in all the ways that there are. The first rule that fires decides.
GALE: Sequence[Rule] = (
    {"service": "*", "probability": 0.08, "error": {"code": "InternalFailure", "status": 500}},
    {"service": "*", "probability": 0.06, "error": {"code": "ServiceUnavailable", "status": 503}},
    {"service": "ec2", "probability": 0.06, "error": {"code": "RequestLimitExceeded", "status": 503}},
    {"service": "s3", "probability": 0.06, "error": {"code": "SlowDown", "status": 503}},
    {"service": "dynamodb", "probability": 0.06, "error": {"code": "ThrottlingException", "status": 400}},
    {"service": "*", "probability": 0.05, "error": {"code": "Throttling", "status": 400}},
    {"service": "*", "probability": 0.05, "reset": True},
    # AWS has done it, and nobody hears of it.
    {"service": "*", "probability": 0.06, "response": {"abort_frac": 0.3}},
    {"service": "*", "probability": 0.03, "response": {"truncate_frac": 0.5}},
    {"service": "*", "probability": 0.02, "timeout_ms": 500},
)


class Storm:
    """A microburst process in front of *upstream*; calm until it is given rules."""

    def __init__(self, upstream: str, log: Path) -> None:
        self._port = Reservation()
        self.url = f"http://127.0.0.1:{self._port.port}"
        command = [sys.executable, "-m", "microburst", "--upstream", upstream, "--host", "127.0.0.1"]
        self._server = Server([*command, "--port", str(self._port.port)], log)
        self._http = urllib3.PoolManager(retries=False, timeout=30.0)

    def __enter__(self) -> Self:
        self._server.start()
        deadline = time.monotonic() + _START_SECONDS
        while not self._is_up():
            self._server.check()
            assert time.monotonic() < deadline, "microburst has not started"
            time.sleep(0.2)
        # The first request has it load the models of all services, which takes seconds.
        keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
        boto3.client("sts", region_name="us-east-1", endpoint_url=self.url, **keys).get_caller_identity()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.stop()
        self._port.release()

    def blow(self, *rules: Rule) -> None:
        """Have these rules in force, and no others."""
        self._ask("DELETE", "fired")
        self._ask("POST", "rules", list(rules))

    def fired(self) -> list[dict[str, Any]]:
        """Return what has gone wrong under the rules."""
        found: list[dict[str, Any]] = self._ask("GET", "fired")
        return found

    def _is_up(self) -> bool:
        try:
            return self._ask("GET", "health") is not None
        except urllib3.exceptions.HTTPError:
            return False

    def _ask(self, method: str, what: str, content: Any = None) -> Any:
        answer = self._http.request(method, f"{self.url}/_microburst/{what}", json=content)
        assert answer.status < 300, answer.data
        return answer.json()
