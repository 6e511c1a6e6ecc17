"""`crosshead xrd convert`: prints the CRDs, or the JSON Schemas, that CompositeResourceDefinitions make."""

import argparse
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml
from pydantic import ValidationError

from crosshead.api.definitions import CompositeResourceDefinition, CompositeResourceDefinitionV2
from crosshead.base.errors import StalledError
from crosshead.base.values import Draft, Json, Object
from crosshead.cli import crds
from crosshead.definitions import checking, reading, rendering
from crosshead.definitions.translating import json_schemas

_KIND: Final = "CompositeResourceDefinition"
_MODELS: Final = {reading.V1: CompositeResourceDefinition, reading.V2: CompositeResourceDefinitionV2}

# What the API server would refuse, but Crossplane's own conversion takes: worth a warning.
_LENIENT: Final = frozenset({"missing", "literal_error", "string_too_long"})


@dataclass(frozen=True, slots=True)
class _Document:
    """One result: the name of its file, when each has one, and its text."""

    file_name: str
    text: str


def add_parser(words: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `xrd convert` to the command line."""
    xrd = words.add_parser("xrd", help="work with CompositeResourceDefinitions (XRDs)")
    actions = xrd.add_subparsers(dest="action", metavar="ACTION", required=True)
    convert = actions.add_parser("convert", help="print the CRDs that an XRD makes", description=__doc__)
    convert.add_argument("file", nargs="?", default="-", help="the file with the XRD; '-', the default, is stdin")
    output = convert.add_mutually_exclusive_group()
    output.add_argument("-o", "--output-file", "--output", metavar="PATH", type=Path, help="the file to write to")
    output.add_argument("--output-dir", metavar="DIR", type=Path, help="the folder to write to, a file for each result")
    convert.add_argument("--format", choices=("crd", "jsonschema"), default="crd", help="what to make of the XRD")
    convert.set_defaults(handle=_convert)


def _convert(arguments: argparse.Namespace) -> int:
    where = "standard input" if arguments.file == "-" else arguments.file
    made = [crd for place, xrd in _load(where, _read(arguments.file, where)) for crd in _crds(place, xrd)]
    results = list(_documents(made, arguments.format))
    if arguments.output_dir is not None:
        _write_each(results, arguments.output_dir)
        return 0
    if arguments.format == "jsonschema" and len(results) > 1:
        raise _bad(where, f"it makes {len(results)} JSON Schemas, which do not fit into one output; use --output-dir")
    text = "".join(result.text for result in results)
    if arguments.output_file is not None:
        arguments.output_file.write_text(text, encoding="utf-8")
    else:
        print(text, end="")
    return 0


def _documents(made: Sequence[Object], wanted: str) -> Iterator[_Document]:
    for crd in made:
        if wanted == "crd":
            yield _Document(f"{crd['metadata'].get('name')}.yaml", crds.text(crd))
            continue
        for each in json_schemas(crd):
            yield _Document(each.file_name, json.dumps(each.schema, indent=2, ensure_ascii=False) + "\n")


def _write_each(results: Sequence[_Document], directory: Path) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    for result in results:
        (directory / result.file_name).write_text(result.text, encoding="utf-8")


def _crds(place: str, xrd: Object) -> list[Draft]:
    """Return the CRDs of *xrd*, found at *place*; what the API server would refuse of them is only warned of."""
    try:
        composite, claim = rendering.composite_crd(xrd), rendering.claim_crd(xrd)
    except StalledError as error:
        raise _bad(place, error.message) from error
    for problem in checking.problems(xrd):
        print(f"warning: {place}: {problem}", file=sys.stderr)
    return [composite] if claim is None else [composite, claim]


def _read(file: str, where: str) -> str:
    try:
        return sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise _bad(where, f"it must be UTF-8: {error}") from error


def _load(where: str, text: str) -> Iterator[tuple[str, Object]]:
    """Yield the XRDs in *text*, each with the place where it was found."""
    documents = [document for document in _parse(where, text) if document is not None]
    if not documents:
        raise _bad(where, "there is nothing in it")
    for number, document in enumerate(documents, start=1):
        place = f"{where}, document {number}"
        _refuse_others(place, document)
        _refuse_misfits(place, document)
        yield place, document


def _parse(where: str, text: str) -> list[Json]:
    try:
        return list(yaml.load_all(text, Loader=_JsonLoader))
    except yaml.YAMLError as error:
        raise _bad(where, f"it is no YAML: {' '.join(str(error).split())}") from error


def _refuse_others(place: str, document: Json) -> None:
    if not isinstance(document, Mapping):
        raise _bad(place, f"it must be an object, not {type(document).__name__}")
    for field, wanted in (("kind", [_KIND]), ("apiVersion", list(_MODELS))):
        if document.get(field) not in wanted:
            raise _bad(place, f"{field} must be {' or '.join(map(repr, wanted))}, not {document.get(field)!r}")


def _refuse_misfits(place: str, document: Object) -> None:
    """Raise for the first field that is of the wrong type; everything after this may rely on the types."""
    try:
        _MODELS[document["apiVersion"]].model_validate(_without_nulls(document))
    except ValidationError as error:
        for problem in error.errors(include_url=False):
            if problem["type"] not in _LENIENT:
                raise _bad(place, f"{_path(problem['loc'])}: {problem['msg'].lower()}") from error


def _path(location: Sequence[int | str]) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in location).removeprefix(".")


def _without_nulls(value: Json) -> Json:
    """Return *value* without nulls: to Go, whose rules hold here, null says as little as nothing."""
    if isinstance(value, Mapping):
        return {key: _without_nulls(part) for key, part in value.items() if part is not None}
    return [_without_nulls(part) for part in value] if isinstance(value, list) else value


def _bad(place: str, problem: str) -> StalledError:
    return StalledError("InvalidInput", f"{place}: {problem}")


class _JsonLoader(yaml.SafeLoader):
    """Reads YAML as Kubernetes does: what JSON cannot say (a date, say) is text."""

    # A copy: the resolvers of the base class are everybody's.
    yaml_implicit_resolvers: dict[Any, Any] = {  # noqa: RUF012 (as the base class has it)
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


# 1e3 is a number in JSON, and so in Kubernetes; to PyYAML it is one only with a point and a sign.
_JsonLoader.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"^[-+]?[0-9]+(\.[0-9]*)?[eE][-+]?[0-9]+$"), list("-+0123456789")
)
