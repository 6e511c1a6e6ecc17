"""`crosshead render`, also `crosshead composition render`: what a composition makes of a composite."""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from crosshead.base import objects
from crosshead.base.errors import StalledError
from crosshead.base.objects import Kind
from crosshead.base.values import Draft, Object
from crosshead.cli import choices, documents, settings
from crosshead.compose import pipelines, previews
from crosshead.compose.previews import Wanted
from crosshead.compose.schema_faults import MODE
from crosshead.functions.registry import BuiltIns
from crosshead.reconcilers.plans import is_pipeline

_NOT_THE_COMPOSITES = (
    "resourceRef",
    "writeConnectionSecretToRef",
    "publishConnectionDetailsTo",
    "compositeDeletePolicy",
)


def add_parser(words: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `render` to the command line."""
    _arguments(words.add_parser("render", help="show what a composition makes of a composite resource or a claim"))


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("composite", metavar="XR", help="file of the composite resource, or of the claim")
    parser.add_argument("composition", metavar="COMPOSITION", help="file of the Composition")
    parser.add_argument(
        "functions", metavar="FUNCTIONS", nargs="?", help="file or folder of the Functions (Pipeline mode)"
    )
    add = parser.add_argument
    add(
        "--context-files",
        action="append",
        default=[],
        metavar="KEY=FILE",
        help="context for the first function, as JSON",
    )
    add("--context-values", action="append", default=[], metavar="KEY=JSON", help="context for the first function")
    add("-r", "--include-function-results", action="store_true", help="show what the functions say")
    add("-x", "--include-full-xr", action="store_true", help="show metadata and spec of the composite, too")
    add("-c", "--include-context", action="store_true", help="show the context after the last function")
    add("-o", "--observed-resources", metavar="PATH", help="composed resources that exist")
    add("-e", "--required-resources", "--extra-resources", metavar="PATH", help="objects that functions may require")
    add("-s", "--required-schemas", metavar="PATH", help="CRDs whose schemas functions may require")
    add("--function-credentials", metavar="PATH", help="Secrets that functions may be given")
    add("--xrd", metavar="FILE", help="the XRD: its defaults are applied, and claims become its composites")
    add(
        "--composition-schemas",
        metavar="PATH",
        help=f"CRDs and XRDs that the composition is held against first, as strictly as its annotation {MODE} says",
    )
    add("--templates-dir", type=choices.folder, metavar="DIR", help=choices.TEMPLATES)
    add("--tls-client-certs-dir", type=choices.folder, metavar="DIR", help=choices.CLIENT_CERTIFICATES)
    add(
        "--without-built-ins",
        type=choices.shut_out,
        default=frozenset(),
        metavar="NAMES",
        help=choices.WITHOUT_BUILT_INS,
    )
    add("--timeout", default="1m", type=settings.duration, help="how long the functions may take together (default 1m)")
    parser.set_defaults(handle=render)


def render(arguments: argparse.Namespace) -> int:
    """Print the documents; return the exit status."""
    composition = _of_kind(documents.one(arguments.composition, "Composition"), "Composition", arguments.composition)
    xrd = documents.one(arguments.xrd, "CompositeResourceDefinition") if arguments.xrd else None
    composite = _composite(documents.one(arguments.composite, "composite resource"), composition, xrd)
    _check_kind(composite, composition, arguments)
    if arguments.composition_schemas:
        _check_schemas(composition, xrd, arguments)
    observed = _optional(arguments.observed_resources)
    wanted = Wanted(arguments.include_full_xr, arguments.include_function_results, arguments.include_context)
    spec = objects.spec(composition)
    if is_pipeline(composition):
        shown = _pipeline(composite, spec, observed, wanted, arguments)
    else:
        shown = previews.preview_resources(composite, spec, observed, wanted)
    documents.write(shown, sys.stdout)
    return 0


def _check_schemas(composition: Object, xrd: Object | None, arguments: argparse.Namespace) -> None:
    from crosshead.cli import schemas  # noqa: PLC0415 (few ask for it, and everybody would wait for it)

    known = documents.read(arguments.composition_schemas)
    schemas.check(composition, arguments.composition, [*known, *([xrd] if xrd else [])])


def _pipeline(
    composite: Object, spec: Object, observed: Sequence[Object], wanted: Wanted, arguments: argparse.Namespace
) -> list[Draft]:
    # What a pipeline of composition functions needs (gRPC above all) takes a third of a second to import.
    from crosshead.cli import surroundings  # noqa: PLC0415

    steps = [step.function for step in pipelines.plan(spec)]
    functions = documents.read(arguments.functions) if arguments.functions else surroundings.supposed(steps)
    built_ins = BuiltIns(without=arguments.without_built_ins, templates=arguments.templates_dir)
    with surroundings.offline(
        functions,
        required=_optional(arguments.required_resources),
        schemas=_optional(arguments.required_schemas),
        credentials=_optional(arguments.function_credentials),
        timeout=arguments.timeout.total_seconds(),
        runtimes=surroundings.Runtimes(built_ins, arguments.tls_client_certs_dir),
    ) as world:
        return previews.preview(composite, spec, observed, world, wanted, _context(arguments))


def _optional(path: str | None) -> list[Draft]:
    return documents.read(path) if path else []


def _of_kind(obj: Draft, kind: str, path: str) -> Draft:
    if obj["kind"] != kind:
        raise StalledError("InvalidFile", f"{path}: kind: {obj['kind']!r} should be {kind}")
    return obj


def _composite(obj: Draft, composition: Object, xrd: Object | None) -> Object:
    wanted = objects.spec(composition).get("compositeTypeRef") or {}
    kind = Kind(str(wanted.get("apiVersion", "")), str(wanted.get("kind", "")))
    if objects.kind_of(obj) != kind and objects.namespace(obj) and _is_claim(obj, kind, xrd):
        obj = _from_claim(obj, kind)
    return _with_defaults(obj, xrd) if xrd is not None else obj


def _is_claim(obj: Object, kind: Kind, xrd: Object | None) -> bool:
    if xrd is not None:
        return bool((objects.spec(xrd).get("claimNames") or {}).get("kind") == obj["kind"])
    # Without the XRD, the usual names tell: a Thing claims an XThing of its group.
    return objects.kind_of(obj).group == kind.group and kind.kind in {f"X{obj['kind']}", f"Composite{obj['kind']}"}


def _from_claim(claim: Object, kind: Kind) -> Draft:
    """Return the composite that *claim* would get, but for its random suffix."""
    name, namespace = objects.name(claim), objects.namespace(claim)
    labels = {"crossplane.io/claim-name": name, "crossplane.io/claim-namespace": namespace}
    reference = {"apiVersion": claim["apiVersion"], "kind": claim["kind"], "name": name, "namespace": namespace}
    spec = {k: v for k, v in objects.spec(claim).items() if k not in _NOT_THE_COMPOSITES}
    metadata = {"name": name, "labels": {**objects.labels(claim), **labels}}
    return {
        "apiVersion": kind.api_version,
        "kind": kind.kind,
        "metadata": metadata,
        "spec": {**spec, "claimRef": reference},
    }


def _with_defaults(obj: Object, xrd: Object) -> Object:
    versions = {v.get("name"): v for v in objects.spec(xrd).get("versions") or ()}
    version = versions.get(objects.kind_of(obj).version)
    if version is None:
        raise StalledError("InvalidFile", f"the XRD has no version {objects.kind_of(obj).version!r}")
    schema = (version.get("schema") or {}).get("openAPIV3Schema") or {}
    defaulted: Object = with_defaults(obj, schema)
    return defaulted


def with_defaults(value: Any, schema: Mapping[str, Any]) -> Any:  # noqa: ANN401 (any JSON)
    """Return *value* with the defaults of *schema* where it says nothing, as the API server applies them."""
    if isinstance(value, dict):
        properties: Mapping[str, Any] = schema.get("properties") or {}
        given = {**{k: s["default"] for k, s in properties.items() if "default" in s and k not in value}, **value}
        more = schema.get("additionalProperties")
        below = more if isinstance(more, dict) else {}
        return {k: with_defaults(v, properties.get(k, below)) for k, v in given.items()}
    if isinstance(value, list):
        return [with_defaults(item, schema.get("items") or {}) for item in value]
    return value


def _check_kind(composite: Object, composition: Object, arguments: argparse.Namespace) -> None:
    wanted = objects.spec(composition).get("compositeTypeRef") or {}
    for field in ("apiVersion", "kind"):
        if composite[field] != wanted.get(field):
            raise StalledError(
                "InvalidFile",
                f"{arguments.composition}: spec.compositeTypeRef.{field}: {wanted.get(field)!r} does not match "
                f"{field} {composite[field]!r} of {arguments.composite}",
            )


def _context(arguments: argparse.Namespace) -> Draft | None:
    values = [(*_pair(text), text) for text in arguments.context_values]
    files = [(key, _content(path), path) for key, path in map(_pair, arguments.context_files)]
    found = {key: _json(text, where) for key, text, where in [*files, *values]}
    return found or None


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals or not key:
        raise StalledError("InvalidArgument", f"{text!r} should be written KEY=VALUE")
    return key, value


def _content(path: str) -> str:
    try:
        return Path(path).read_text()
    except OSError as error:
        raise StalledError("InvalidFile", f"cannot read {path}: {error.strerror or error}") from error


def _json(text: str, where: str) -> Any:  # noqa: ANN401 (any JSON)
    try:
        return json.loads(text)
    except ValueError as error:
        raise StalledError("InvalidArgument", f"{where}: this is no JSON: {error}") from error
