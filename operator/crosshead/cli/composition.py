"""`crosshead composition …`: the words of Crossplane's CLI that are about compositions."""

import argparse

from crosshead.cli import render


def add_parser(words: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `composition` to the command line."""
    parser = words.add_parser("composition", help="work with compositions")
    render.add_parser(parser.add_subparsers(dest="word", metavar="WORD", required=True))
