"""The process behind `crosshead dev up`: it starts one instance, keeps it until it is told to end, and cleans up."""

import argparse
import contextlib
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType

from crosshead.devel.control_plane import ControlPlane
from crosshead.devel.emulator import Emulator
from crosshead.devel.instances import Instance, Record
from crosshead.devel.locations import Binaries


def main(argv: Sequence[str]) -> int:
    """Leave the parent, supervise in the child."""
    arguments = _parser().parse_args(argv)
    if os.fork():
        return 0
    signal.signal(signal.SIGTERM, _interrupt)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(KeyboardInterrupt):
        _supervise(Instance(arguments.folder), Binaries(*arguments.programs), aws=arguments.aws)
    return 0


def _supervise(instance: Instance, binaries: Binaries, *, aws: bool) -> None:
    instance.write_pid()
    with contextlib.ExitStack() as stack:
        emulator = stack.enter_context(_beginning(instance)) if aws else None
        plane = stack.enter_context(ControlPlane(binaries, instance.folder))
        aws_url = emulator.start().url if emulator else ""
        instance.write_record(Record(plane.serving_url, plane.admin_token, str(plane.kubeconfig), aws_url))
        while True:
            signal.pause()


@contextlib.contextmanager
def _beginning(instance: Instance) -> Iterator[Emulator]:
    """Let the emulator start beside the control plane, which takes as long; stop it at the end."""
    emulator = Emulator(log=instance.folder / "aws.log")
    try:
        emulator.begin()
        yield emulator
    finally:
        emulator.stop()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--no-aws", dest="aws", action="store_false")
    parser.add_argument("folder", type=Path)
    parser.add_argument("programs", type=Path, nargs=3)
    return parser


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    # A second signal must not interrupt the clean-up that the first one has begun.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
