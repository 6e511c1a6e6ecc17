"""Composition functions for the operator: found in its cache, run in process or over gRPC, imported when needed."""

import threading
from typing import TYPE_CHECKING

from crosshead.base.objects import Ref
from crosshead.compose.protocol import Request, Response
from crosshead.functions import credentials
from crosshead.functions.registry import BuiltIns
from crosshead.kube.cache import ObjectCache
from crosshead.kube.client import KubeApi
from crosshead.reconcilers.connections import SECRET
from crosshead.reconcilers.function_certificates import CLIENT
from crosshead.runtime.metrics import Metrics

if TYPE_CHECKING:
    from crosshead.functions.runner import FunctionRunner


class CompositionFunctions:
    """Satisfies the port Functions. Who has no pipeline pays nothing for gRPC: 25 MB, and a third of a second."""

    def __init__(self, cache: ObjectCache, api: KubeApi, built_ins: BuiltIns, metrics: Metrics, namespace: str) -> None:
        self._cache, self._api, self._metrics = cache, api, metrics
        self._built_ins, self._namespace = built_ins, namespace
        self._lock = threading.Lock()
        self._runner: FunctionRunner | None = None

    def run(self, function: str, request: Request) -> Response:
        """Call the Function of this name."""
        return self._running().run(function, request)

    def close(self) -> None:
        """Hang up."""
        with self._lock:
            if self._runner is not None:
                self._runner.close()

    def _running(self) -> "FunctionRunner":
        with self._lock:
            if self._runner is None:
                self._runner = self._make()
            return self._runner

    def _make(self) -> "FunctionRunner":
        from crosshead.functions.connections import Connections  # noqa: PLC0415 (see the class)
        from crosshead.functions.metrics import FunctionMetrics  # noqa: PLC0415
        from crosshead.functions.runner import FunctionRunner  # noqa: PLC0415

        certificate = Ref(SECRET, CLIENT, self._namespace)
        connections = Connections(credentials.from_secret(lambda: self._api.fetch(certificate)))
        told = FunctionMetrics(self._metrics.registry)
        return FunctionRunner(self._cache, self._built_ins, connections, metrics=told)
