"""Functions that do not do as they should, and servers that are no functions at all; on 127.0.0.1, in this process."""

import contextlib
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import grpc

V1, V1BETA1 = "apiextensions.fn.proto.v1", "apiextensions.fn.proto.v1beta1"


@contextlib.contextmanager
def function(answer, versions=(V1,), *, port=0, tls=None, **server_options):
    """Serve *answer*, a callable from the bytes of a request and its context to those of a response."""
    options = [("grpc.max_send_message_length", -1), ("grpc.so_reuseport", 0)]
    server = grpc.server(ThreadPoolExecutor(8), options=options, **server_options)
    for version in versions:
        handler = grpc.unary_unary_rpc_method_handler(answer)
        service = f"{version}.FunctionRunnerService"
        server.add_generic_rpc_handlers([grpc.method_handlers_generic_handler(service, {"RunFunction": handler})])
    address = f"127.0.0.1:{port}"
    bound = server.add_secure_port(address, tls) if tls else server.add_insecure_port(address)
    server.start()
    try:
        yield f"127.0.0.1:{bound}"
    finally:
        server.stop(0).wait()


@contextlib.contextmanager
def hanging(versions=(V1,)):
    """Serve a function that answers only when the test is over; yields its target and a counter of its calls."""
    over, calls = threading.Event(), []

    def answer(data, _context):
        calls.append(data)
        over.wait(30)
        return b""

    with function(answer, versions) as target:
        yield target, calls
        over.set()


def nobody():
    """Return a target where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"127.0.0.1:{server.getsockname()[1]}"


@contextlib.contextmanager
def web_server():
    """Serve HTTP/1.1, as somebody does who mixes up ports."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Quiet(BaseHTTPRequestHandler):
    def log_message(self, format, *arguments):
        pass


@contextlib.contextmanager
def raw(speak):
    """Serve TCP: *speak* is given each connection."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=_accept, args=(server, speak))
        thread.start()
        try:
            yield f"127.0.0.1:{server.getsockname()[1]}"
        finally:
            server.shutdown(socket.SHUT_RDWR)
            thread.join()


def _accept(server, speak):
    with contextlib.suppress(OSError):
        while True:
            connection, _ = server.accept()
            with connection:
                speak(connection)
