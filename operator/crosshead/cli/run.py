"""`crosshead run`: the operator."""

import argparse
import asyncio
import logging
import os
import signal
import threading
from types import FrameType

import kopf

from crosshead.cli import settings
from crosshead.cli.assembly import Operator
from crosshead.cli.converting import Converting
from crosshead.cli.leading import Leading
from crosshead.handlers import edge
from crosshead.handlers.probes import Probes
from crosshead.runtime.metrics import Metrics

_log = logging.getLogger(__name__)
# kopf's own end took 0.2 s when measured, and hung once after its watches had been torn: it is not waited for longer.
_LAST_SECONDS = 20.0


def add_parser(words: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `run` to the command line."""
    parser = words.add_parser("run", help="run the operator")
    parser.add_argument("--kubeconfig", help="default: KUBECONFIG, the pod's service account, or ~/.kube/config")
    parser.add_argument(
        "--leader-election",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="wait for the Lease before working",
    )
    parser.add_argument(
        "--enable-python-functions",
        action="store_true",
        help="let compositions run Python of their own (function-python, function-pythonic) beside the operator",
    )
    settings.add_arguments(parser)
    parser.set_defaults(handle=run)


def run(arguments: argparse.Namespace) -> int:
    """Run until a signal ends it; return the exit status."""
    logging.basicConfig(level=arguments.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    # kopf runs in a thread of ours, and its signals are our business: its warning about that helps nobody.
    logging.getLogger("kopf._core.reactor.running").setLevel(logging.ERROR)
    # It tells a refresh that has failed with a traceback; what has failed is on the conditions, in a sentence.
    logging.getLogger("botocore.credentials").setLevel(logging.ERROR)
    if arguments.kubeconfig:
        # kopf and the official package find it here too.
        os.environ["KUBECONFIG"] = arguments.kubeconfig
    metrics = Metrics()
    operator = Operator(arguments, metrics)
    operator.check()
    stop = threading.Event()
    leading = Leading(operator, arguments, lost=stop.set)
    address = (arguments.health_address, arguments.health_port)
    probes = Probes(address, leading.troubles, leading.unreadiness, metrics.registry)
    probes.start()
    _stop_on_signals(stop)
    converting = Converting(arguments, operator.api, operator.cache, operator.connection.host)
    try:
        converting.start()
        return _run_kopf(leading, stop)
    finally:
        converting.stop()
        probes.stop()


def _stop_on_signals(stop: threading.Event) -> None:
    def note(number: int, frame: FrameType | None) -> None:
        del frame
        _log.warning("%s: stopping", signal.Signals(number).name)
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, note)


def _run_kopf(leading: Leading, stop: threading.Event) -> int:
    """Run kopf in a thread of its own: its end, however it comes, is ours, and a hang of its must not be."""
    ended: list[BaseException | None] = []

    def body() -> None:
        try:
            asyncio.run(_kopf(leading, stop))
            ended.append(None)
        except BaseException as error:  # noqa: BLE001 (whatever it was, the process ends of it)
            _log.critical("the operator has ended", exc_info=error)
            ended.append(error)
        finally:
            stop.set()

    thread = threading.Thread(target=body, name="kopf", daemon=True)
    thread.start()
    while not stop.wait(3600):
        pass
    thread.join(_LAST_SECONDS)
    leading.stop()
    if thread.is_alive():
        _log.critical("kopf does not end: ending without it")
        logging.shutdown()
        # The interpreter would wait for kopf's threads, for ever.
        os._exit(1)
    return 0 if ended == [None] and not leading.was_lost else 1


async def _kopf(leading: Leading, stop: threading.Event) -> None:
    try:
        await kopf.operator(
            registry=edge.registry_for(leading),
            settings=edge.settings(),
            standalone=True,
            clusterwide=True,
            stop_flag=stop,
        )
        if not stop.is_set():
            raise RuntimeError("kopf has ended, and nobody has asked it to")
    finally:
        # Before the loop is closed: that waits for its threads, one of which waits for this flag.
        stop.set()
