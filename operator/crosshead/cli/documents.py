"""YAML documents from files, folders and standard input; what is wrong is said with file, document and line."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

import yaml

from crosshead.base.errors import StalledError
from crosshead.base.values import Draft, Object

_READER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WRITER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


def read(path: str) -> list[Draft]:
    """Return the objects of the file, or of every YAML file of the folder, at *path*; `-` is standard input."""
    if path == "-":
        return list(_documents("standard input", sys.stdin.read()))
    place = Path(path)
    if place.is_dir():
        files = sorted(p for p in place.iterdir() if p.suffix in {".yaml", ".yml"} and p.is_file())
        return [obj for file in files for obj in read(str(file))]
    try:
        text = place.read_text()
    except OSError as error:
        raise StalledError("InvalidFile", f"cannot read {path}: {error.strerror or error}") from error
    return list(_documents(path, text))


def one(path: str, what: str) -> Draft:
    """Return the one object that the file at *path* holds."""
    found = read(path)
    if len(found) != 1:
        raise StalledError("InvalidFile", f"{path} should hold one {what}, not {len(found)} documents")
    return found[0]


def _documents(name: str, text: str) -> Iterator[Draft]:
    try:
        for number, document in enumerate(yaml.load_all(text, Loader=_READER), 1):
            if document is not None:
                yield _checked(name, number, document)
    except yaml.MarkedYAMLError as error:
        line = f", line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise StalledError("InvalidFile", f"{name}{line}: {error.problem or error}") from error


def _checked(name: str, number: int, document: Any) -> Draft:  # noqa: ANN401 (whatever YAML gives)
    where = f"{name}, document {number}"
    if not isinstance(document, dict):
        raise StalledError("InvalidFile", f"{where}: should be an object, not {type(document).__name__}")
    for field in ("apiVersion", "kind"):
        if not isinstance(document.get(field), str):
            raise StalledError("InvalidFile", f"{where}: {field}: Required value: every object has one")
    # Dates and the like that YAML knows and JSON does not become what a manifest means by them: text.
    plain: Draft = json.loads(json.dumps(document, default=str))
    return plain


def write(documents: Iterator[Object] | list[Draft], out: TextIO) -> None:
    """Write *documents* as a YAML stream, keys sorted, each preceded by `---`."""
    for document in documents:
        out.write("---\n")
        yaml.dump(document, out, Dumper=_WRITER, sort_keys=True, allow_unicode=True, default_flow_style=False)
