"""`python -m crosshead.devel.emulation`: run the emulated AWS until it is stopped, or until its parent is gone."""

import argparse
import json
import logging
import os
import sys
import threading
from pathlib import Path

from crosshead.devel.emulation import world
from crosshead.devel.emulation.control import Control
from crosshead.devel.emulation.gate import Gate
from crosshead.devel.emulation.server import listen, stop
from crosshead.devel.emulation.timeline import Delays, Timeline


def arguments(given: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m crosshead.devel.emulation", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="on 127.0.0.1; 0 takes any that is free")
    for name in Delays.__slots__:
        flag = f"--{name.replace('_', '-')}"
        parser.add_argument(flag, type=float, default=getattr(Delays(), name), help=f"seconds spent {name}")
    parser.add_argument("--detached", action="store_true", help="outlive the parent")
    parser.add_argument("--log", type=Path, help="a file for one line per request, and moto's tracebacks")
    return parser.parse_args(given)


def main() -> None:
    """Serve; the first and only line on standard output says where, once everything is warm."""
    options = arguments()
    logging.basicConfig(filename=options.log, level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    timeline = Timeline(Delays(**{name: getattr(options, name) for name in Delays.__slots__}))
    gate = Gate(world.create(timeline), timeline)
    server = listen(options.port, gate, Control(gate, lambda: stop(server)))
    world.warm_up(gate)
    if not options.detached:
        threading.Thread(target=_leave_with_parent, daemon=True).start()
    sys.stdout.write(json.dumps({"url": f"http://127.0.0.1:{server.port}", "pid": os.getpid()}) + "\n")
    sys.stdout.flush()
    server.serve_forever()


def _leave_with_parent() -> None:
    """Wait for the end of standard input: the parent holds its other side, and the kernel closes it with the parent."""
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    main()
