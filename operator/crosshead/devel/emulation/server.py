"""HTTP on 127.0.0.1: one thread per connection, kept alive, and cut when an answer says so."""

import contextlib
import http
import logging
import socket
import struct
import threading
from typing import Any, cast

from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.serving import BaseWSGIServer, make_server

from crosshead.devel.emulation.answers import Answer
from crosshead.devel.emulation.gate import CONTROL, Controller, Gate

_LOG = logging.getLogger(__name__)

# Ours replace the ones that the application cannot know.
_FRAMING = {"content-length", "transfer-encoding", "connection"}


class Handler(MotoRequestHandler):  # type: ignore[misc]  # moto ships no types
    """
    Reads whole requests and writes whole answers.

    werkzeug's own loop closes the connection after each answer, and waits 10 ms for stray input before it does;
    boto3 keeps its connections.
    """

    protocol_version = "HTTP/1.1"
    # Headers and body are two small writes: with Nagle's algorithm the second would wait 40 ms for the peer.
    disable_nagle_algorithm = True

    gate: Gate
    control: Controller

    def run_wsgi(self) -> None:
        """Answer one request; http.server calls this for every method."""
        environ = self.make_environ()
        body = self._read(environ)
        path = environ["PATH_INFO"]
        if path.startswith(CONTROL):
            answer = self.control.answer(self.command, path.removeprefix(CONTROL), body)
        else:
            answer = self.gate.answer(environ, body)
        self._cut(answer) if answer.cut else self._write(answer)

    def _read(self, environ: dict[str, Any]) -> bytes:
        stream = environ["wsgi.input"]
        if environ.get("wsgi.input_terminated"):
            return cast(bytes, stream.read())
        return cast(bytes, stream.read(int(environ.get("CONTENT_LENGTH") or 0)))

    def _write(self, answer: Answer) -> None:
        # HEAD, 204 and 304 have no body; the length that a HEAD answer names is that of the body it does not send.
        bodiless = self.command == "HEAD" or answer.status in {204, 304}
        given = {name.lower(): value for name, value in answer.headers}
        length = given.get("content-length", "0") if self.command == "HEAD" else str(len(answer.body))
        self.send_response(answer.status, _phrase(answer.status))
        for name, value in answer.headers:
            if name.lower() not in _FRAMING:
                self.send_header(name, value)
        self.send_header("Content-Length", length)
        self.end_headers()
        if not bodiless:
            self.wfile.write(answer.body)

    def _cut(self, answer: Answer) -> None:
        self.close_connection = True
        with contextlib.suppress(OSError):
            if answer.cut == "reset":
                # Lingering for zero seconds makes the kernel send RST instead of FIN.
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                socket.close(self.connection.detach())
            else:
                self.connection.shutdown(socket.SHUT_RDWR)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Log what was asked; the journal knows the rest."""
        _LOG.info("%s %s %s %s", self.command, self.path, code, size)


def _phrase(status: int) -> str:
    try:
        return http.HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


def listen(port: int, gate: Gate, control: Controller) -> BaseWSGIServer:
    """Bind 127.0.0.1:*port* (0: any that is free); requests wait until the server is told to serve."""

    def unused(*_: object) -> list[bytes]:
        raise AssertionError("the handler answers without a WSGI application")

    handler = type("GateHandler", (Handler,), {"gate": gate, "control": control})
    return make_server("127.0.0.1", port, unused, threaded=True, request_handler=handler)


def stop(server: BaseWSGIServer) -> None:
    """End `serve_forever`, from any thread: a request that asks for it still gets its answer."""
    threading.Thread(target=server.shutdown, daemon=True).start()
