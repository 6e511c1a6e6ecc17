"""
Connections to functions: one for each, kept while it is used, given up when its endpoint or our certificates change.

A function that did not answer in time is given two calls at a time until it answers again: each call holds a thread
of ours for as long as it waits, and the functions that do answer need those.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import grpc

from crosshead.base.errors import StalledError
from crosshead.functions.credentials import Credentials, Tls, none
from crosshead.functions.runtimes import Remote

Seconds = float

# How long a connection that nobody uses is kept, as Crossplane keeps it.
IDLE: Final[Seconds] = 600.0
# What a function may answer at most. etcd takes objects of 1.5 MB; a composition of a hundred of them is not one.
MAX_ANSWER: Final = 16 * 1024 * 1024

_PROBES: Final = 2
_ROUND_ROBIN: Final = '{"loadBalancingConfig":[{"round_robin":{}}]}'


class Connection:
    """A channel to one target, and how many calls are under way on it."""

    def __init__(self, channel: grpc.Channel, remote: Remote, tls: Tls | None) -> None:
        self.channel = channel
        self.used = 0.0
        self._made_for = (remote.target, remote.secure, tls)
        self._lock = threading.Lock()
        self._calls = 0
        self._late = False

    def serves(self, remote: Remote, tls: Tls | None) -> bool:
        """Whether it is the connection to *remote* with *tls*."""
        return self._made_for == (remote.target, remote.secure, tls)

    @contextmanager
    def turn(self) -> Iterator[bool]:
        """Be under way; the value is whether there is room for it, which there is not while others wait in vain."""
        with self._lock:
            admitted = not self._late or self._calls < _PROBES
            self._calls += admitted
        try:
            yield admitted
        finally:
            with self._lock:
                self._calls -= admitted

    def answered(self, *, in_time: bool) -> None:
        """Remember whether the function answers in time."""
        self._late = not in_time

    def is_idle(self) -> bool:
        """Whether no call is under way."""
        return self._calls == 0


class Connections:
    """
    The connections to all functions, by name. Safe to use from several threads.

    :param credentials: our side of mutual TLS.
    :param max_answer: how many bytes a function may answer; more is refused unread.
    """

    def __init__(
        self,
        credentials: Credentials = none,
        *,
        max_answer: int = MAX_ANSWER,
        clock: Callable[[], Seconds] = time.monotonic,
    ) -> None:
        self.max_answer = max_answer
        self._credentials = credentials
        self._clock = clock
        self._lock = threading.Lock()
        self._open: dict[str, Connection] = {}
        self._swept = clock()

    def get(self, function: str, remote: Remote) -> Connection:
        """
        Return the connection to *remote*, which runs *function*; nothing is sent yet.

        Raises `StalledError` when it is to be secure and we have no certificates.
        """
        tls = self._tls(function) if remote.secure else None
        with self._lock:
            self._sweep()
            known = self._open.get(function)
            if known is None or not known.serves(remote, tls):
                self._hang_up(function)
                known = self._open[function] = Connection(_channel(remote, tls, self.max_answer), remote, tls)
            known.used = self._clock()
            return known

    def close(self) -> None:
        """Close all of them; calls under way end with an error."""
        with self._lock:
            for function in tuple(self._open):
                self._hang_up(function)

    def functions(self) -> tuple[str, ...]:
        """Return the functions that there is a connection to, sorted."""
        return tuple(sorted(self._open))

    def _tls(self, function: str) -> Tls:
        tls = self._credentials()
        if tls is None:
            raise StalledError(
                "RunFunction",
                f'cannot get gRPC client connection for Function "{function}": its endpoint wants mutual TLS, '
                "and there are no client certificates; name their directory with --tls-client-certs-dir",
            )
        return tls

    def _sweep(self) -> None:
        now = self._clock()
        if now - self._swept < IDLE / 10:
            return
        self._swept = now
        for function, connection in tuple(self._open.items()):
            if connection.is_idle() and now - connection.used > IDLE:
                self._hang_up(function)

    def _hang_up(self, function: str) -> None:
        connection = self._open.pop(function, None)
        if connection is not None:
            connection.channel.close()


def _channel(remote: Remote, tls: Tls | None, max_answer: int) -> grpc.Channel:
    options = [
        ("grpc.max_receive_message_length", max_answer),
        ("grpc.max_send_message_length", -1),
        ("grpc.use_local_subchannel_pool", 1),
        # A function that restarts is back within seconds, and nobody should wait for two minutes then.
        ("grpc.initial_reconnect_backoff_ms", 100),
        # This one bounds the handshakes, too.
        ("grpc.min_reconnect_backoff_ms", 5000),
        ("grpc.max_reconnect_backoff_ms", 1000),
        # All the pods behind a headless service have their share.
        ("grpc.service_config", _ROUND_ROBIN),
        # Proxies are for the outside world.
        ("grpc.enable_http_proxy", 0),
    ]
    if tls is None:
        return grpc.insecure_channel(remote.target, options=options)
    credentials = grpc.ssl_channel_credentials(tls.authority, tls.key, tls.certificate)
    return grpc.secure_channel(remote.target, credentials, options=options)
