"""What Prometheus is told of functions, under the names that Crossplane ≥ 1.15 uses; plus which runtimes ran them."""

from collections.abc import Iterable
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram

from crosshead.compose.protocol import Result, Severity
from crosshead.functions.runtimes import METHODS, Runtime

Seconds = float

_ASKED: Final = ("function_name", "function_package", "grpc_target", "grpc_method")
_ANSWERED: Final = (*_ASKED, "grpc_code", "result_severity")


class FunctionMetrics:
    """The numbers of all functions, in *registry*."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._requests = Counter(
            "function_run_function_request_total", "RunFunctionRequests sent.", _ASKED, registry=registry
        )
        self._responses = Counter(
            "function_run_function_response_total", "RunFunctionResponses received.", _ANSWERED, registry=registry
        )
        self._seconds = Histogram(
            "function_run_function_seconds", "Time that functions took.", _ANSWERED, registry=registry
        )
        self._runtimes = Counter(
            "crosshead_function_runs_total",
            "Runs of functions, by what ran them: FunctionRevision, Development or InProcess.",
            ("function_name", "runtime"),
            registry=registry,
        )

    def asked(self, function: str, runtime: Runtime) -> None:
        """Count a call that begins."""
        self._requests.labels(function, runtime.package, runtime.target, METHODS[0]).inc()
        self._runtimes.labels(function, runtime.source).inc()

    def answered(self, function: str, runtime: Runtime, code: str, results: Iterable[Result], took: Seconds) -> None:
        """Count a call that has ended with gRPC's *code* and *results*, after *took* seconds."""
        labels = (function, runtime.package, runtime.target, METHODS[0], code, _severity(results))
        self._responses.labels(*labels).inc()
        self._seconds.labels(*labels).observe(took)


def _severity(results: Iterable[Result]) -> str:
    """Return how serious the worst of *results* is, as Crossplane's metrics spell it."""
    found = {result.severity for result in results}
    if Severity.FATAL in found:
        return "Fatal"
    return "Warning" if Severity.WARNING in found else "Normal"
