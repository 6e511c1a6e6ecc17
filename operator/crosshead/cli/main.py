"""The command line: `crosshead WORD …`."""

import argparse
import sys
from collections.abc import Sequence
from importlib import metadata

from crosshead.base.errors import ReconcileError
from crosshead.cli import crds, dev, run, xrd

COMMANDS = (run, dev, xrd, crds)


def parser() -> argparse.ArgumentParser:
    """Return the parser of every command."""
    root = argparse.ArgumentParser(prog="crosshead", description=metadata.metadata("crosshead")["Summary"])
    root.add_argument("--version", action="version", version=f"crosshead {metadata.version('crosshead')}")
    words = root.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for command in COMMANDS:
        command.add_parser(words)
    return root


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command that *argv* asks for; return its exit status. What people did wrong is told in one line."""
    arguments = parser().parse_args(argv)
    try:
        return int(arguments.handle(arguments))
    except (ReconcileError, OSError) as error:
        print(f"crosshead {arguments.command}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
