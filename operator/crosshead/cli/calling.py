"""Composition functions for the operator: found in its cache, run in process or over gRPC, imported when needed."""

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from crosshead.base.objects import Ref
from crosshead.compose.protocol import Request, Response
from crosshead.functions import credentials
from crosshead.functions.credentials import Credentials
from crosshead.functions.registry import BuiltIns
from crosshead.kube.cache import ObjectCache
from crosshead.kube.client import KubeApi
from crosshead.kube.events import EventRecorder
from crosshead.reconcilers.connections import SECRET
from crosshead.reconcilers.function_certificates import CLIENT
from crosshead.runtime.metrics import Metrics

if TYPE_CHECKING:
    from crosshead.functions.runner import FunctionRunner
    from crosshead.functions.runtimes import Runtime


def client_credentials(directory: Path | None, namespace: str, api: KubeApi) -> Credentials:
    """Return our side of mutual TLS: what is in *directory*, or else in the Secret that Crossplane, too, has for it."""
    if directory is not None:
        return credentials.from_directory(directory)
    certificate = Ref(SECRET, CLIENT, namespace)
    return credentials.from_secret(lambda: api.fetch(certificate))


class CompositionFunctions:
    """Satisfies the port Functions. Who has no pipeline pays nothing for gRPC: 25 MB, and a third of a second."""

    def __init__(
        self, cache: ObjectCache, built_ins: BuiltIns, credentials: Credentials, metrics: Metrics, events: EventRecorder
    ) -> None:
        self._cache, self._metrics, self._events = cache, metrics, events
        self._built_ins, self._credentials = built_ins, credentials
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

        told = FunctionMetrics(self._metrics.registry)
        connections = Connections(self._credentials)
        return FunctionRunner(self._cache, self._built_ins, connections, metrics=told, announce=self._announce)

    def _announce(self, function: str, runtime: "Runtime") -> None:
        """Tell what runs *function*, on the function: compositions and composites of any number share it."""
        from crosshead.functions import runtimes  # noqa: PLC0415

        about = runtimes.about(function, self._cache)
        if about is not None:
            self._events.normal(about, runtimes.REASON, runtimes.described(runtime))
