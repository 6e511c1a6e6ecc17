"""
The probes and the metrics, over HTTP: `/healthz`, `/readyz`, `/metrics`.

They tell the truth of this moment. `/healthz` fails when a restart could help (a thread of ours is stuck or gone),
`/readyz` also while the caches are not filled. A standby, waiting for the Lease, is healthy and ready.
"""

import threading
from collections.abc import Callable, Iterable, Mapping
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import CollectorRegistry, make_wsgi_app

Check = Callable[[], Mapping[str, str]]
StartResponse = Callable[[str, list[tuple[str, str]]], Any]


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Silent(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: ANN401 (the base class's signature)
        """Say nothing: kubelet asks every few seconds."""


class Probes:
    """Serves the probes on *address* from a thread of its own."""

    def __init__(self, address: tuple[str, int], health: Check, readiness: Check, registry: CollectorRegistry) -> None:
        self._checks = {"/healthz": health, "/readyz": readiness}
        self._metrics = make_wsgi_app(registry)
        self._server = make_server(*address, self._answer, server_class=_Server, handler_class=_Silent)
        self._thread = threading.Thread(target=self._server.serve_forever, name="probes", daemon=True)

    @property
    def port(self) -> int:
        """The port that is listened on."""
        return int(self._server.server_port)

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Answer no longer."""
        self._server.shutdown()
        self._server.server_close()

    def _answer(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == "/metrics":
            return self._metrics(environ, start_response)  # type: ignore[no-any-return]  # not typed upstream
        check = self._checks.get(path)
        troubles = check() if check else {"path": "there is /healthz, /readyz and /metrics"}
        status = "404 Not Found" if check is None else "503 Service Unavailable" if troubles else "200 OK"
        start_response(status, [("Content-Type", "text/plain; charset=utf-8")])
        lines = [f"{part}: {trouble}" for part, trouble in sorted(troubles.items())] or ["ok"]
        return ["\n".join(lines).encode() + b"\n"]
