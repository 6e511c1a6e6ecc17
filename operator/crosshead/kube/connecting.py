"""
HTTP to the API server: a bounded pool of connections for requests, and one connection for each watch.

The official package's client is left out: its lists cost four times as much CPU, its watches have no read timeout.
Whatever goes wrong below HTTP is an `UnreachableError`; whatever the server answers is an answer, good or bad.
"""

import contextlib
import socket
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import urllib3
from urllib3.connection import HTTPConnection

from crosshead.base.errors import ThrottledError
from crosshead.kube.credentials import Credentials, load_credentials
from crosshead.kube.errors import UnreachableError
from crosshead.kube.messages import Answer, Request

Seconds = float

USER_AGENT = "crosshead"
_CONNECT_TIMEOUT = 5.0
# A watch answers with its headers at once; only its body may be silent for long.
_HEADER_TIMEOUT = 15.0
# A peer that is gone without a word is noticed within a minute, within 20 s when something was sent to it.
_TCP_OPTIONS = (("TCP_KEEPIDLE", 15), ("TCP_KEEPINTVL", 5), ("TCP_USER_TIMEOUT", 20_000))
_KEEP_ALIVE = [
    (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
    *((socket.IPPROTO_TCP, getattr(socket, name), value) for name, value in _TCP_OPTIONS if hasattr(socket, name)),
]


class Stream:
    """The lines of an answer that goes on. `close` may be called by another thread, and ends the iteration there."""

    def __init__(self, answer: urllib3.BaseHTTPResponse) -> None:
        self._answer = answer

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._answer.close()

    def __iter__(self) -> Iterator[bytes]:
        """Yield line by line; an unfinished last line is dropped. Raises `UnreachableError` when the line is cut."""
        rest = b""
        with _translated("watch"):
            for chunk in self._answer.read_chunked(decode_content=True):
                *lines, rest = (rest + chunk).split(b"\n")
                yield from lines

    def close(self) -> None:
        """Hang up. Closing alone would not wake the thread that reads; shutting the socket down does."""
        # TypeError: the reader closes it at the same moment.
        with contextlib.suppress(OSError, ValueError, RuntimeError, TypeError):
            self._answer.shutdown()


class Connection:
    """The way to one API server. Safe to use from any thread; at most *maxsize* requests at a time."""

    def __init__(self, credentials: Credentials, maxsize: int = 8) -> None:
        self.credentials = credentials
        self._requests = _pool(credentials, maxsize=maxsize, block=True)
        # As many as there are kinds; beyond that number they work, too, but are not kept for the next watch.
        self._watches = _pool(credentials, maxsize=256, block=False)

    @property
    def host(self) -> str:
        """The URL of the API server."""
        return self.credentials.host

    def send(self, request: Request, timeout: Seconds = 30.0) -> Answer:
        """Send *request* and return the whole answer. A refused token is read anew and tried once more."""
        answer = self._send(request, timeout)
        if answer.status == 401 and self.credentials.reload():
            return self._send(request, timeout)
        return answer

    def open(self, request: Request, silence: Seconds) -> Stream | Answer:
        """Send *request* and return its lines as they come, allowing *silence* between them; else the refusal."""
        timeout = urllib3.Timeout(connect=_CONNECT_TIMEOUT, read=min(silence, _HEADER_TIMEOUT))
        with _translated(request.method):
            answer = self._urlopen(self._watches, request, timeout, preload=False)
            if answer.status != 200:
                return _whole(answer)
        if isinstance(answer.connection, HTTPConnection) and answer.connection.sock is not None:
            answer.connection.sock.settimeout(silence)
        return Stream(answer)

    def close(self) -> None:
        """Close the connections that nobody uses."""
        self._requests.clear()
        self._watches.clear()

    def _send(self, request: Request, timeout: Seconds) -> Answer:
        limits = urllib3.Timeout(connect=min(_CONNECT_TIMEOUT, timeout), read=timeout)
        with _translated(request.method):
            return _whole(self._urlopen(self._requests, request, limits, preload=True))

    def _urlopen(
        self, pool: urllib3.PoolManager, request: Request, timeout: urllib3.Timeout, *, preload: bool
    ) -> urllib3.BaseHTTPResponse:
        headers = {"Accept": "application/json", "User-Agent": USER_AGENT, **self.credentials.headers()}
        if request.body is not None:
            headers["Content-Type"] = request.content_type
        return pool.urlopen(
            request.method,
            self.host + request.target,
            body=request.body,
            headers=headers,
            timeout=timeout,
            pool_timeout=timeout.read_timeout,
            retries=False,
            redirect=False,
            preload_content=preload,
        )


def connect(kubeconfig: str | Path | None = None, maxsize: int = 8) -> Connection:
    """Return the way to the API server of *kubeconfig* (see `load_credentials`); nothing is sent yet."""
    return Connection(load_credentials(kubeconfig), maxsize)


def _pool(credentials: Credentials, *, maxsize: int, block: bool) -> urllib3.PoolManager:
    options: dict[str, Any] = {
        "maxsize": maxsize,
        "block": block,
        "ssl_context": credentials.tls,
        "socket_options": [*HTTPConnection.default_socket_options, *_KEEP_ALIVE],
    }
    if credentials.server_name:
        options["server_hostname"] = credentials.server_name
        options["assert_hostname"] = credentials.server_name
    if credentials.proxy:
        return urllib3.ProxyManager(credentials.proxy, **options)
    return urllib3.PoolManager(**options)


def _whole(answer: urllib3.BaseHTTPResponse) -> Answer:
    return Answer(answer.status, answer.headers, answer.data)


@contextlib.contextmanager
def _translated(doing: str) -> Iterator[None]:
    try:
        yield
    except urllib3.exceptions.EmptyPoolError as error:
        raise ThrottledError("TooManyRequests", "too many requests to the API server are under way") from error
    except (urllib3.exceptions.HTTPError, OSError) as error:
        raise UnreachableError(f"cannot {doing} at the API server: {_words(error)}") from error


def _words(error: Exception) -> str:
    """Return stable words: the library's own hold addresses of memory and numbers of ports."""
    match error:
        case urllib3.exceptions.NewConnectionError():
            return "connection refused"
        case urllib3.exceptions.TimeoutError() | TimeoutError():
            return "it does not answer in time"
        case urllib3.exceptions.SSLError():
            return "the TLS connection failed"
        case urllib3.exceptions.ProxyError():
            return "the proxy failed"
        case _:
            return "the connection was lost"
