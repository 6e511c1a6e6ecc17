"""An API server over real sockets that says what it is told to: for all that a real one does only on its worst days."""

import contextlib
import json
import queue
import socket
import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Seen:
    """A request that has come."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Any

    @property
    def verb(self) -> str:
        return "WATCH" if self.query.get("watch") else self.method


@dataclass(frozen=True)
class Reply:
    """An answer: a body, or lines of a stream that then ends, is cut off, or is held open in silence."""

    body: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    lines: tuple[Any, ...] | None = None
    then: str = "end"


HELD = Reply(lines=(), then="hold")


def refused(code: int, reason: str = "", message: str = "no", **details: Any) -> Reply:
    """An answer that says no, as an API server does."""
    status = {"kind": "Status", "code": code, "reason": reason, "message": message, "details": details}
    return Reply(status, status=code)


def listed(*items: Any, version: str = "10", rest: str = "") -> Reply:
    """The answer to a list."""
    return Reply({"metadata": {"resourceVersion": version, "continue": rest}, "items": list(items)})


class FakeApiServer:
    """
    Serves scripts: for each verb (`GET`, `WATCH`, `PATCH`, …) and path the replies in order, the last one for ever.

    What has no script is refused with 404. `say` adds a line to the streams that are held open.
    """

    def __init__(self) -> None:
        self.seen: list[Seen] = []
        self._scripts: dict[tuple[str, str], deque[Reply]] = {}
        self._lock = threading.Lock()
        self._open: list[tuple[queue.Queue[bytes | None], socket.socket]] = []
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _answer(self) -> None:
                fake._serve(self)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _answer  # noqa: N815

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def script(self, verb: str, path: str, *replies: Reply) -> None:
        with self._lock:
            self._scripts[verb, path] = deque(replies)

    def say(self, line: Any) -> None:
        with self._lock:
            for lines, _ in self._open:
                lines.put(json.dumps(line).encode())

    def hang_up(self) -> None:
        """Cut every stream that is held open."""
        with self._lock:
            for lines, sock in self._open:
                _cut(sock)
                lines.put(None)
            self._open.clear()

    def count(self, verb: str) -> int:
        return sum(seen.verb == verb for seen in list(self.seen))

    def streams(self) -> int:
        with self._lock:
            return len(self._open)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.hang_up()
        self._server.shutdown()
        self._server.server_close()

    def _serve(self, http: BaseHTTPRequestHandler) -> None:
        url = urlsplit(http.path)
        content = http.rfile.read(int(http.headers.get("Content-Length") or 0))
        body = json.loads(content) if content else None
        seen = Seen(http.command, url.path, dict(parse_qsl(url.query)), dict(http.headers), body)
        self.seen.append(seen)
        reply = self._reply(seen)
        if reply.lines is None:
            _send(http, reply)
        else:
            self._stream(http, reply)

    def _reply(self, seen: Seen) -> Reply:
        with self._lock:
            replies = self._scripts.get((seen.verb, seen.path))
            if not replies:
                return refused(404, "NotFound", f"no script for {seen.verb} {seen.path}")
            return replies.popleft() if len(replies) > 1 else replies[0]

    def _stream(self, http: BaseHTTPRequestHandler, reply: Reply) -> None:
        http.send_response(reply.status)
        http.send_header("Transfer-Encoding", "chunked")
        http.end_headers()
        for line in reply.lines or ():
            _chunk(http, line if isinstance(line, bytes) else json.dumps(line).encode() + b"\n")
        if reply.then == "hold":
            self._hold(http)
        http.close_connection = True
        if reply.then == "end":
            http.wfile.write(b"0\r\n\r\n")
        else:
            _cut(http.connection)

    def _hold(self, http: BaseHTTPRequestHandler) -> None:
        lines: queue.Queue[bytes | None] = queue.Queue()
        with self._lock:
            self._open.append((lines, http.connection))
        while (line := lines.get()) is not None:
            _chunk(http, line + b"\n")


def _send(http: BaseHTTPRequestHandler, reply: Reply) -> None:
    content = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
    http.send_response(reply.status)
    for name, value in {"Content-Length": str(len(content)), **reply.headers}.items():
        http.send_header(name, value)
    http.end_headers()
    http.wfile.write(content)


def _chunk(http: BaseHTTPRequestHandler, content: bytes) -> None:
    http.wfile.write(f"{len(content):x}\r\n".encode() + content + b"\r\n")
    http.wfile.flush()


def _cut(sock: socket.socket) -> None:
    with contextlib.suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)
