"""
Serve a built-in as a composition function: v1 and v1beta1 of the protocol, over mutual TLS or plaintext.

So that a Crossplane installation can run ours, and that the original and ours can be asked the same question.
"""

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final, NoReturn

import grpc
from crossplane.function.proto.v1 import run_function_pb2 as fnv1
from crossplane.function.proto.v1beta1 import run_function_pb2 as fnv1beta1
from grpc_reflection.v1alpha import reflection

from crosshead.base.errors import ReconcileError, StalledError
from crosshead.functions import messages
from crosshead.functions.credentials import Tls
from crosshead.functions.registry import BuiltIn

MEGABYTE: Final = 1024 * 1024

_SERVICES: Final = tuple(
    version.DESCRIPTOR.services_by_name["FunctionRunnerService"].full_name for version in (fnv1, fnv1beta1)
)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Serving:
    """A function being served, on *port*."""

    server: grpc.Server
    port: int

    def wait(self) -> None:
        """Return when it has stopped."""
        self.server.wait_for_termination()

    def stop(self, grace: float = 5.0) -> None:
        """Take no more calls, give those under way *grace* seconds, and return."""
        self.server.stop(grace).wait()


def serve(
    function: BuiltIn, address: str, tls: Tls | None, *, threads: int = 4, max_message: int = 4 * MEGABYTE
) -> Serving:
    """
    Serve *function* on *address*, in plaintext when *tls* is None; returns at once.

    :param max_message: how many bytes a request may have; the default is that of the Go SDK.
    """
    options = [("grpc.max_receive_message_length", max_message), ("grpc.so_reuseport", 0)]
    server = grpc.server(ThreadPoolExecutor(threads, "function"), options=options)
    server.add_generic_rpc_handlers([_handlers(service, function) for service in _SERVICES])
    reflection.enable_server_reflection([*_SERVICES, reflection.SERVICE_NAME], server)
    try:
        port = server.add_secure_port(address, _credentials(tls)) if tls else server.add_insecure_port(address)
    except RuntimeError as error:
        raise StalledError("Serve", f"cannot listen on {address}") from error
    server.start()
    return Serving(server, port)


def _handlers(service: str, function: BuiltIn) -> grpc.GenericRpcHandler:
    # Bytes in, bytes out: both versions of the protocol are the same on the wire.
    handler: grpc.RpcMethodHandler[bytes, bytes] = grpc.unary_unary_rpc_method_handler(
        lambda data, context: _answer(function, data, context)
    )
    return grpc.method_handlers_generic_handler(service, {"RunFunction": handler})


def _answer(function: BuiltIn, data: bytes, context: grpc.ServicerContext) -> bytes:
    try:
        request = messages.request_from_bytes(data)
    except StalledError as error:
        _refuse(context, grpc.StatusCode.INVALID_ARGUMENT, error.message)
    try:
        return messages.response_to_bytes(function(request))
    except ReconcileError as error:
        _refuse(context, grpc.StatusCode.INTERNAL, error.message)
    except Exception as error:  # noqa: BLE001 (the caller must hear of it, whatever it is)
        _log.exception("the function failed: this is a bug")
        _refuse(context, grpc.StatusCode.INTERNAL, f"the function failed: {type(error).__name__}")


def _refuse(context: grpc.ServicerContext, code: grpc.StatusCode, details: str) -> NoReturn:
    context.abort(code, details)
    raise AssertionError("abort raises")


def _credentials(tls: Tls) -> grpc.ServerCredentials:
    return grpc.ssl_server_credentials([(tls.key, tls.certificate)], tls.authority, require_client_auth=True)
