"""Ports of 127.0.0.1 that stay ours, also while the server that uses them is down."""

import contextlib
import random
import socket

# Below the kernel's ephemeral range (32768 and up): there, while the server restarts, a client that reconnects in a
# loop could be given the server's own port, and the server would find it taken.
_FIRST, _LAST = 20000, 29999
_TRIES = 200


class Reservation:
    """
    A port of 127.0.0.1 that no other instance is given until this one is released.

    The reservation is an abstract Unix socket named after the port: the kernel grants it to one process, and takes
    it back when that one dies, so nothing is left behind.
    """

    def __init__(self) -> None:
        self.port, self._guard = _reserve()

    def release(self) -> None:
        """Give the port back."""
        self._guard.close()


def _reserve() -> tuple[int, socket.socket]:
    dice = random.SystemRandom()
    for _ in range(_TRIES):
        port = dice.randint(_FIRST, _LAST)
        guard = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        with contextlib.suppress(OSError):
            guard.bind(f"\0crosshead/port/{port}")
            _bind(port)
            return port, guard
        guard.close()
    raise OSError(f"found no free port of 127.0.0.1 from {_FIRST} to {_LAST} in {_TRIES} tries")


def _bind(port: int) -> None:
    """Raise `OSError` when somebody listens on *port*."""
    with socket.socket() as probe:
        # As servers do: a connection that is still winding down must not count as somebody.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))
