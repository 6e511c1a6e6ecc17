"""A TCP proxy on 127.0.0.1 that can be cut, closed to newcomers, or made to swallow everything without a word."""

import contextlib
import select
import socket
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

import yaml

from crosshead.devel.control_plane import ControlPlane


class Proxy:
    """
    Forwards to *port*, until it is told otherwise.

    `cut` ends every connection and refuses new ones; `swallow` leaves them open but forwards nothing, in either
    direction, as a half-open connection does; `restore` forwards new connections again.
    """

    def __init__(self, port: int) -> None:
        self._target = port
        self._lock = threading.Lock()
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._mute: set[socket.socket] = set()
        self._swallowing = self._closed = False
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.accepted = 0

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.cut()

    def cut(self) -> None:
        self._closed = True
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._end_all()

    def swallow(self) -> None:
        with self._lock:
            self._swallowing = True
            self._mute.update(sock for pair in self._pairs for sock in pair)

    def restore(self) -> None:
        """Forward new connections; the swallowed ones stay as dead as they are."""
        self._swallowing = False
        if self._closed:
            self._closed = False
            self._listener = socket.create_server(("127.0.0.1", self.port))
            threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def _end_all(self) -> None:
        with self._lock:
            for pair in self._pairs:
                for sock in pair:
                    with contextlib.suppress(OSError):
                        sock.shutdown(socket.SHUT_RDWR)
            self._pairs.clear()

    def _accept(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = listener.accept()
                self.accepted += 1
                self._connect(client)

    def _connect(self, client: socket.socket) -> None:
        try:
            server = socket.create_connection(("127.0.0.1", self._target), timeout=5)
        except OSError:
            client.close()
            return
        with self._lock:
            self._pairs.append((client, server))
            if self._swallowing:
                self._mute.update((client, server))
        threading.Thread(target=self._forward, args=(client, server), daemon=True).start()

    def _forward(self, client: socket.socket, server: socket.socket) -> None:
        other = {client: server, server: client}
        with contextlib.suppress(OSError), client, server:
            while True:
                ready, _, _ = select.select([client, server], [], [])
                for sock in ready:
                    content = sock.recv(65536)
                    if not content:
                        return
                    if sock not in self._mute:
                        other[sock].sendall(content)


def kubeconfig_through(proxy: Proxy, plane: ControlPlane, folder: Path) -> Path:
    """Write a kubeconfig for *plane* whose way leads through *proxy*, and return where."""
    config = yaml.safe_load(plane.kubeconfig.read_text())
    config["clusters"][0]["cluster"]["server"] = proxy.url
    path = folder / "kubeconfig"
    path.write_text(yaml.safe_dump(config))
    return path
