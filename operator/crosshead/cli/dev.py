"""`crosshead dev`: a control plane and an AWS of one's own. What scripts want goes to stdout, the rest to stderr."""

import argparse
import sys
from pathlib import Path

from crosshead.devel import instances, programs
from crosshead.devel.instances import InstanceError, Status
from crosshead.devel.locations import state_root
from crosshead.devel.programs import ProgramsError

_ROW = "{:<16} {:<12} {:<24} {:<24} {}"


def add_parser(words: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `dev` and its words to the command line."""
    parser = words.add_parser("dev", help="run a local control plane and an AWS emulator")
    inner = parser.add_subparsers(dest="word", metavar="WORD", required=True)
    _add_up(inner)
    down = inner.add_parser("down", help="stop an instance and remove all that it had")
    _add_instance(down)
    down.add_argument("--all", action="store_true", help="stop every instance")
    down.set_defaults(handle=_down)
    status = inner.add_parser("status", help="list the instances; fails when one of them is not ready")
    _add_state(status)
    status.set_defaults(handle=_status)
    prepare = inner.add_parser("prepare", help="only see that the programs are in the cache, which may take minutes")
    _add_kubernetes(prepare)
    prepare.set_defaults(handle=_prepare)


def _add_up(inner: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    up = inner.add_parser("up", help="start an instance in the background and print the path of its kubeconfig")
    _add_instance(up)
    _add_kubernetes(up)
    up.add_argument("--no-aws", dest="aws", action="store_false", help="start no AWS emulator beside it")
    up.set_defaults(handle=_up)


def _add_instance(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--name", default="default", help="several instances run side by side (default: %(default)s)")
    _add_state(parser)


def _add_state(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--state-dir", type=Path, default=state_root(), help="where instances live: %(default)s")


def _add_kubernetes(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--kubernetes", metavar="VERSION", help="default: the newest in the cache, else what is to be had"
    )


def _up(arguments: argparse.Namespace) -> int:
    try:
        instance = instances.named(arguments.state_dir, arguments.name)
        binaries = programs.find(_say, arguments.kubernetes)
        record = instances.up(instance, binaries, aws=arguments.aws)
    except (InstanceError, ProgramsError) as error:
        return _fail(error)
    _say(f"instance {instance.name!r} is ready: API server {record.url}, AWS {record.aws_url or 'not started'}")
    _say("use it with: export KUBECONFIG=" + record.kubeconfig)
    print(record.kubeconfig)
    return 0


def _down(arguments: argparse.Namespace) -> int:
    try:
        root = arguments.state_dir
        chosen = instances.every(root) if arguments.all else [instances.named(root, arguments.name)]
        for instance in chosen:
            news = "is stopped and removed" if instances.down(instance) else "does not exist"
            _say(f"instance {instance.name!r} {news}")
    except InstanceError as error:
        return _fail(error)
    return 0


def _status(arguments: argparse.Namespace) -> int:
    found = [instances.look(instance) for instance in instances.every(arguments.state_dir)]
    if not found:
        _say("there is no instance; crosshead dev up starts one")
    else:
        print(_ROW.format("NAME", "STATE", "API SERVER", "AWS", "KUBECONFIG"))
    for status in found:
        print(_row(status))
    return 0 if all(status.ready for status in found) else 1


def _row(status: Status) -> str:
    record = status.record
    if record is None:
        return _ROW.format(status.name, _state(status), "-", "-", "-")
    return _ROW.format(status.name, _state(status), record.url, record.aws_url or "-", record.kubeconfig)


def _state(status: Status) -> str:
    if not status.running:
        return "dead"
    if status.record is None:
        return "starting"
    return "ready" if status.ready else "not ready"


def _prepare(arguments: argparse.Namespace) -> int:
    try:
        binaries = programs.find(_say, arguments.kubernetes)
    except ProgramsError as error:
        return _fail(error)
    print(binaries.apiserver.parent)
    return 0


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def _fail(error: Exception) -> int:
    _say(f"crosshead dev: {error}")
    return 1
