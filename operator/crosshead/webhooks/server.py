"""
Webhooks over HTTPS: the API server posts a review, and reads the answer from the same connection.

Connections stay open between reviews: to shake hands anew costs more than most answers.
"""

import json
import logging
import ssl
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from crosshead.base.values import Object, SecretValue

Answer = Callable[[Object], Object]

# A list of ten thousand objects comes as one review.
_LARGEST: Final = 256 * 2**20
_SILENCE_SECONDS: Final = 120.0

_log = logging.getLogger(__name__)


class Webhooks:
    """Answers what is posted to the paths of *answers*, on *address*, with the certificate of *secret* (`tls.*`)."""

    def __init__(
        self, address: tuple[str, int], secret: Mapping[str, SecretValue], answers: Mapping[str, Answer]
    ) -> None:
        self._server = _Server(address, _handler(answers))
        self._server.context = _context(secret)
        self._thread = threading.Thread(target=self._server.serve_forever, name="webhooks", daemon=True)

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


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    context: ssl.SSLContext

    def get_request(self) -> tuple[Any, Any]:
        """Accept a connection. Hands are shaken by whoever serves it, so that a silent client holds up nobody."""
        plain, address = super().get_request()
        plain.settimeout(_SILENCE_SECONDS)
        return self.context.wrap_socket(plain, server_side=True, do_handshake_on_connect=False), address

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 (the base class's signature)
        """Note that a client went away; that is its own business."""
        del request
        _log.debug("a webhook's client at %s broke off", client_address, exc_info=True)


def _handler(answers: Mapping[str, Answer]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = _SILENCE_SECONDS

        def do_POST(self) -> None:
            """Answer one review."""
            length = int(self.headers.get("Content-Length") or 0)
            answer = answers.get(self.path.partition("?")[0])
            if answer is None or not 0 < length <= _LARGEST:
                self._say(404 if answer is None else 413, {"error": "no such webhook, or no review of a sensible size"})
                return
            self._answer(answer, self.rfile.read(length))

        def _answer(self, answer: Answer, body: bytes) -> None:
            try:
                asked = json.loads(body)
            except ValueError:
                self._say(400, {"error": "the body is not JSON"})
                return
            if not isinstance(asked, dict):
                self._say(400, {"error": "the body is not an object"})
                return
            self._say(200, answer(asked))

        def _say(self, status: int, body: Object) -> None:
            text = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            # What was not read of a refused request would be taken for the next one.
            self.close_connection = status != 200
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: ANN401 (the base class's signature)
            """Say nothing: the API server asks often."""

    return Handler


def _context(secret: Mapping[str, SecretValue]) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    # The ssl module reads certificates from files alone.
    with TemporaryDirectory(prefix="crosshead-") as folder:
        certificate, key = Path(folder, "tls.crt"), Path(folder, "tls.key")
        certificate.write_bytes(secret["tls.crt"].reveal())
        key.touch(mode=0o600)
        key.write_bytes(secret["tls.key"].reveal())
        context.load_cert_chain(certificate, key)
    return context
