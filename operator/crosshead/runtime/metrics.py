"""What Prometheus is told, under names that dashboards rely on."""

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

Seconds = float

_DURATIONS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metrics:
    """The numbers of one operator, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._reconciles = Counter(
            "crosshead_reconcile_total", "Reconciles, by kind and result.", ("kind", "result"), registry=self.registry
        )
        self._durations = Histogram(
            "crosshead_reconcile_seconds",
            "Time that reconciles took.",
            ("kind",),
            buckets=_DURATIONS,
            registry=self.registry,
        )
        self._requests = Counter(
            "crosshead_kube_requests_total",
            "Requests to the API server; the code is 0 when no answer came.",
            ("verb", "resource", "code"),
            registry=self.registry,
        )
        self._latencies = Histogram(
            "crosshead_kube_request_seconds",
            "Time that requests to the API server took.",
            ("verb",),
            buckets=_DURATIONS,
            registry=self.registry,
        )

    def reconciled(self, kind: str, result: str, took: Seconds) -> None:
        """Count a reconcile."""
        self._reconciles.labels(kind, result).inc()
        self._durations.labels(kind).observe(took)

    def requested(self, verb: str, resource: str, code: int, took: Seconds) -> None:
        """Count a request to the API server; a watch lasts, its duration says nothing and is left out."""
        self._requests.labels(verb, resource, str(code)).inc()
        if verb != "WATCH":
            self._latencies.labels(verb).observe(took)

    def gauge(self, name: str, help: str, value: Callable[[], float]) -> None:
        """Show what *value* returns whenever somebody asks, under `crosshead_` and *name*."""
        Gauge(f"crosshead_{name}", help, registry=self.registry).set_function(value)

    def counter(self, name: str, help: str, *labels: str) -> Counter:
        """Return a new counter, under `crosshead_` and *name*."""
        return Counter(f"crosshead_{name}", help, labels, registry=self.registry)

    def page(self) -> bytes:
        """Return everything in Prometheus' text format."""
        return generate_latest(self.registry)
