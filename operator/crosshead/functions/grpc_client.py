"""
One call of a function over gRPC: v1 of the protocol, or v1beta1 with the same bytes where v1 is not implemented.

A function may be called as often as one likes, that is its contract; so a connection that breaks is tried again, a few
times within the deadline. Whatever else goes wrong becomes one of our errors, with a text that stays the same.
"""

import threading
import time
from collections.abc import Callable
from typing import Final

import grpc

from crosshead.base.errors import StalledError
from crosshead.compose.protocol import Request, Response
from crosshead.functions import failures, messages
from crosshead.functions.connections import Connection
from crosshead.functions.failures import Failure
from crosshead.functions.runtimes import METHODS, REASON

Seconds = float

# A pod that restarts refuses connections for a moment; for longer than that the work queue waits better than we do.
PAUSES: Final[tuple[Seconds, ...]] = (0.1, 0.4)

_BROKEN: Final = frozenset({grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED})


def run(connection: Connection, function: str, target: str, request: Request, timeout: Seconds) -> Response:
    """Return what *function* at *target* answers to *request*; raises one of our errors when there is no answer."""
    try:
        answer = call(connection, messages.request_to_bytes(request), timeout)
    except Failure as failure:
        raise failures.error(failure, function, target, timeout) from failure
    try:
        return messages.response_from_bytes(answer)
    except StalledError as error:
        text = f'cannot run Function "{function}": {target} answered nonsense: {error.message}'
        raise StalledError(REASON, text) from error


def call(
    connection: Connection, request: bytes, timeout: Seconds, sleep: Callable[[Seconds], object] | None = None
) -> bytes:
    """
    Return what the function answers to *request*, within *timeout*.

    Raises `Failure`, which `failures.error` turns into one of our errors.
    """
    with connection.turn() as admitted:
        if not admitted:
            raise Failure(grpc.StatusCode.DEADLINE_EXCEEDED, "")
        return _persist(connection, request, time.monotonic() + timeout, sleep or threading.Event().wait)


def _persist(connection: Connection, request: bytes, deadline: Seconds, sleep: Callable[[Seconds], object]) -> bytes:
    for pause in (*PAUSES, None):
        try:
            return _either(connection, request, deadline)
        except Failure as failure:
            left = deadline - time.monotonic()
            if failure.code not in _BROKEN or pause is None or left <= pause or failures.is_lasting(failure):
                raise
            sleep(pause)
    raise AssertionError("the last attempt returns or raises")


def _either(connection: Connection, request: bytes, deadline: Seconds) -> bytes:
    v1, v1beta1 = METHODS
    try:
        return _once(connection, v1, request, deadline)
    except Failure as failure:
        if failure.code is not grpc.StatusCode.UNIMPLEMENTED:
            raise
    return _once(connection, v1beta1, request, deadline)


def _once(connection: Connection, method: str, request: bytes, deadline: Seconds) -> bytes:
    # Bytes in, bytes out: what a lying function answers is parsed where its errors can be told.
    run: grpc.UnaryUnaryMultiCallable[bytes, bytes] = connection.channel.unary_unary(method)
    try:
        answer: bytes = run(request, timeout=max(deadline - time.monotonic(), 0.001))
    except grpc.RpcError as error:
        code, details = error.code(), error.details() or ""
        connection.answered(in_time=code is not grpc.StatusCode.DEADLINE_EXCEEDED)
        raise Failure(code, details) from error
    except ValueError as error:  # the channel was closed: the function has moved, or we stop
        raise Failure(grpc.StatusCode.CANCELLED, "the connection was closed") from error
    connection.answered(in_time=True)
    return answer
