"""`crosshead kinds`: writes a page of documentation for each AWS kind, with its example, into a folder."""

import argparse
from pathlib import Path

from crosshead.aws import pages
from crosshead.aws.catalogue import KINDS
from crosshead.aws.descriptor import Descriptor


def add_parser(words: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `kinds` to the command line."""
    parser = words.add_parser("kinds", help="write a page for each AWS kind into a folder", description=__doc__)
    parser.add_argument("--output-dir", metavar="DIR", type=Path, required=True, help="the folder to write to")
    parser.add_argument("--examples-dir", metavar="DIR", type=Path, help="a folder with `<service>/<plural>.yaml`")
    parser.set_defaults(handle=_handle)


def _handle(arguments: argparse.Namespace) -> int:
    folder: Path = arguments.output_dir
    folder.mkdir(parents=True, exist_ok=True)
    sorted_kinds = sorted(KINDS, key=lambda one: (one.service, one.kind))
    texts = {pages.title(one): pages.page(one, _example(one, arguments.examples_dir)) for one in sorted_kinds}
    for name, text in {**texts, "index": pages.index(sorted_kinds)}.items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
    return 0


def _example(descriptor: Descriptor, folder: Path | None) -> str:
    path = folder / descriptor.service / f"{descriptor.plural}.yaml" if folder else None
    return path.read_text(encoding="utf-8") if path is not None and path.is_file() else ""
