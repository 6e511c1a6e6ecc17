"""The command line: `crosshead WORD …`. A word's module is imported when it is asked for: `render` starts fast."""

import argparse
import importlib
import os
import signal
import sys
from collections.abc import Sequence
from importlib import metadata

from crosshead.base.errors import ReconcileError

COMMANDS = {
    "run": "run the operator",
    "render": "show what a composition makes of a composite resource or a claim",
    "composition": "work with compositions (`composition render` is `render`)",
    "xrd": "work with CompositeResourceDefinitions",
    "function": "serve a built-in composition function",
    "dev": "a control plane and an AWS emulator on this machine",
    "kinds": "write a page of documentation for each AWS kind",
    "crds": "write the CustomResourceDefinitions of crosshead's own kinds",
}
# As a shell tells of a program that this signal has ended.
_PIPE_CLOSED = 128 + signal.SIGPIPE


def parser(word: str | None) -> argparse.ArgumentParser:
    """Return the parser of the command *word*; of all of them, by name only, when it is none."""
    root = argparse.ArgumentParser(prog="crosshead", description=metadata.metadata("crosshead")["Summary"])
    root.add_argument("--version", action="version", version=f"crosshead {metadata.version('crosshead')}")
    words = root.add_subparsers(dest="command", metavar="COMMAND", required=True)
    if word in COMMANDS:
        importlib.import_module(f"crosshead.cli.{word}").add_parser(words)
    else:
        for name, text in COMMANDS.items():
            words.add_parser(name, help=text)
    return root


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command that *argv* asks for; return its exit status. What people did wrong is told in one line."""
    words = sys.argv[1:] if argv is None else list(argv)
    arguments = parser(words[0] if words else None).parse_args(words)
    try:
        return _flushed(int(arguments.handle(arguments)))
    except BrokenPipeError:
        # Who reads along (`| head`) has read enough. The interpreter flushes once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _PIPE_CLOSED
    except (ReconcileError, OSError) as error:
        print(f"crosshead {arguments.command}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _flushed(status: int) -> int:
    """Return *status* once all that was printed has been taken."""
    sys.stdout.flush()
    return status


if __name__ == "__main__":
    sys.exit(main())
