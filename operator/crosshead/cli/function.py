"""`crosshead function`: our built-in functions, served as a composition function is, for Crossplane or for `render`."""

import argparse
import os
import signal
import sys
import types
from pathlib import Path
from typing import TYPE_CHECKING

from crosshead.base.errors import StalledError
from crosshead.cli import choices
from crosshead.functions import registry
from crosshead.functions.registry import BuiltIns

if TYPE_CHECKING:
    from crosshead.functions.serving import Serving

_MEGABYTE = 1024 * 1024


def add_parser(words: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `function` and its words to the command line."""
    parser = words.add_parser("function", help="serve a built-in composition function", description=__doc__)
    inner = parser.add_subparsers(dest="word", metavar="WORD", required=True)
    _add_list(inner)
    _add_serve(inner)


def _add_list(inner: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    listing = inner.add_parser("list", help="print the names of the built-in functions")
    listing.set_defaults(handle=_list)


def _add_serve(inner: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    serve = inner.add_parser("serve", help="serve one until told to stop (v1 and v1beta1 of the protocol)")
    serve.add_argument("name", metavar="NAME", help="which one: function-auto-ready, or auto-ready for short")
    serve.add_argument("--address", default="0.0.0.0:9443", help="where to listen (default: %(default)s)")
    serve.add_argument(
        "--tls-certs-dir",
        type=Path,
        metavar="DIR",
        default=os.environ.get("TLS_SERVER_CERTS_DIR"),
        help="tls.crt, tls.key and ca.crt for mutual TLS (default: $TLS_SERVER_CERTS_DIR)",
    )
    serve.add_argument("--insecure", action="store_true", help="serve in plaintext, whatever --tls-certs-dir says")
    serve.add_argument("--max-recv-message-size", type=int, default=4, metavar="MB", help="default: %(default)s")
    serve.add_argument("--templates-dir", type=choices.folder, metavar="DIR", help=choices.TEMPLATES)
    serve.set_defaults(handle=_serve)


def _list(arguments: argparse.Namespace) -> int:
    del arguments
    print(*BuiltIns(scripts=True).names(), sep="\n")
    return 0


def _serve(arguments: argparse.Namespace) -> int:
    # Imported only here: gRPC takes its time, and every other word of the command line can do without it.
    from crosshead.functions import credentials, serving  # noqa: PLC0415

    if not arguments.insecure and not arguments.tls_certs_dir:
        raise StalledError("Serve", "mutual TLS needs --tls-certs-dir; to serve in plaintext, say --insecure")
    tls = None if arguments.insecure else credentials.read(Path(arguments.tls_certs_dir))
    limit = arguments.max_recv_message_size * _MEGABYTE
    name = _named(arguments.name)
    built_in = BuiltIns(scripts=True, templates=arguments.templates_dir).get(name)
    running = serving.serve(built_in, arguments.address, tls, max_message=limit)
    _stop_on_signals(running)
    how = "in plaintext" if tls is None else "over mutual TLS"
    print(f"serving {name} on port {running.port}, {how}", file=sys.stderr, flush=True)
    running.wait()
    return 0


def _named(given: str) -> str:
    built_ins, name = BuiltIns(scripts=True), registry.bare_name(given)
    found = built_ins.find(name) or built_ins.find(f"function-{name}")
    if found is None:
        raise StalledError("Serve", f"there is no built-in function {given!r}: {', '.join(built_ins.names())}")
    return found


def _stop_on_signals(running: "Serving") -> None:
    def stop(number: int, frame: types.FrameType | None) -> None:
        del number, frame
        running.server.stop(5.0)  # returns at once; `wait` returns when it is done

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
