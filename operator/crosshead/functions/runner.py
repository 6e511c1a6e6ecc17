"""
Run composition functions: find what runs one, ask it, and tell what it answers or why it did not.

Whatever a function does, what comes out is a `Response` or one of our errors, and the caller keeps what there was.
gRPC is imported when a function needs it: a composition of built-ins renders without.
"""

import logging
import math
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from crosshead.base.errors import ReconcileError, StalledError
from crosshead.compose.protocol import DEFAULT_TTL, Request, Response, Result
from crosshead.functions.codecs import CAPABILITIES
from crosshead.functions.registry import BuiltIns
from crosshead.functions.runtimes import REASON, InProcess, Objects, Remote, Runtime, choose

if TYPE_CHECKING:
    from crosshead.functions.connections import Connections
    from crosshead.functions.metrics import FunctionMetrics

Seconds = float

# How long a function may take. Crossplane gives a whole reconcile two minutes; a pipeline has several functions.
TIMEOUT: Final[Seconds] = 60.0

_log = logging.getLogger(__name__)


class FunctionRunner:
    """
    Runs functions by name. Safe to use from several threads.

    :param known: the Functions and FunctionRevisions: the cache of the operator, or what `render` was given.
    :param built_ins: what may run inside this process.
    :param connections: to the functions that do not; without them there are no certificates, and only plaintext.
    :param announce: told of each function's first run, and of a run by another runtime than the one before.
    """

    def __init__(
        self,
        known: Objects,
        built_ins: BuiltIns,
        connections: "Connections | None" = None,
        *,
        metrics: "FunctionMetrics | None" = None,
        timeout: Seconds = TIMEOUT,
        announce: Callable[[str, Runtime], None] = lambda *_: None,
    ) -> None:
        self._known = known
        self._built_ins = built_ins
        self._lock = threading.Lock()
        self._connections = connections
        self._metrics = metrics
        self._timeout = timeout
        self._announce = announce
        self._ran: dict[str, Runtime] = {}

    def runtime(self, function: str) -> Runtime:
        """Return what runs *function*; raises what `run` would."""
        return choose(function, self._known, self._built_ins)

    def run(self, function: str, request: Request, timeout: Seconds | None = None) -> Response:
        """
        Return what *function* answers to *request*, within *timeout* seconds when it is not one of ours.

        Raises `NotReadyError`, `TransientError` or `StalledError`, with the text for the Synced condition.
        """
        runtime = self.runtime(function)
        request = request if request.capabilities else replace(request, capabilities=CAPABILITIES[1:])
        if self._metrics is not None:
            self._metrics.asked(function, runtime)
        # Two threads that meet here tell the same news.
        if self._ran.get(function) != runtime:
            self._ran[function] = runtime
            self._announce(function, runtime)
        began = time.monotonic()
        try:
            response = self._ask(function, runtime, request, self._timeout if timeout is None else timeout)
        except ReconcileError as error:
            # gRPC's code, when gRPC it was that failed.
            self._answered(function, runtime, getattr(error.__cause__, "code_name", "Unknown"), (), began)
            raise
        self._answered(function, runtime, "OK", response.results, began)
        return response

    def close(self) -> None:
        """Close all connections."""
        if self._connections is not None:
            self._connections.close()

    def _answered(self, function: str, runtime: Runtime, code: str, results: Sequence[Result], began: Seconds) -> None:
        if self._metrics is not None:
            self._metrics.answered(function, runtime, code, results, time.monotonic() - began)

    def _ask(self, function: str, runtime: Runtime, request: Request, timeout: Seconds) -> Response:
        match runtime:
            case InProcess():
                return self._ask_ourselves(function, runtime, request)
            case Remote():
                return self._ask_remote(function, runtime, request, timeout)

    def _ask_ourselves(self, function: str, runtime: InProcess, request: Request) -> Response:
        try:
            response = self._built_ins.get(runtime.name)(request)
        except ReconcileError:
            raise
        except Exception as error:
            # A built-in answers; one that does not is a bug of ours, and must not look like an empty answer.
            _log.exception("the built-in %s failed: this is a bug", runtime.name)
            what = f"the built-in {runtime.name} failed: {type(error).__name__}"
            raise StalledError(REASON, f'cannot run Function "{function}": {what}') from error
        # A minute is what every SDK puts into an answer of which its function says nothing.
        is_for_good = self._built_ins.is_pure(runtime.name) and response.ttl == DEFAULT_TTL
        return replace(response, ttl=math.inf) if is_for_good else response

    def _ask_remote(self, function: str, remote: Remote, request: Request, timeout: Seconds) -> Response:
        from crosshead.functions import grpc_client  # noqa: PLC0415 (see above)
        from crosshead.functions.connections import Connections  # noqa: PLC0415

        with self._lock:
            connections = self._connections = self._connections or Connections()
        return grpc_client.run(connections.get(function, remote), function, remote.target, request, timeout)
