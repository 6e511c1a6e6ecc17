"""
function-go-templating, built in.

Go's own text/template, sprig and YAML are in a WebAssembly module (`gotemplate/`, built at set-up): so a template
does here what it does there, and can reach neither files nor network nor this process.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from crosshead.base.errors import ReconcileError
from crosshead.base.values import Object
from crosshead.compose.functions import inputs, replies
from crosshead.compose.functions.inputs import TEXT
from crosshead.compose.protocol import Request, Resource, Response, State, respond
from crosshead.functions import go_core, wire
from crosshead.functions.wasm import GuestError

ENVIRONMENT: Final = "apiextensions.crossplane.io/environment"

_INPUT: Final = inputs.document(
    "v1beta1.GoTemplate",
    delims=inputs.struct("v1beta1.Delims", left=TEXT, right=TEXT),
    options=inputs.items(TEXT),
    source=TEXT,
    inline=inputs.struct("v1beta1.TemplateSourceInline", template=TEXT, templates=inputs.items(TEXT)),
    fileSystem=inputs.struct("v1beta1.TemplateSourceFileSystem", dirPath=TEXT),
    environment=inputs.struct("v1beta1.TemplateSourceEnvironment", key=TEXT),
)
_SEPARATOR: Final = "\n---\n"
# Making keys takes seconds, everything else milliseconds.
_SLOW: Final = re.compile(r"gen(CA|SelfSigned|SignedCert|PrivateKey)|bcrypt|htpasswd|derivePassword")
_SECONDS, _SECONDS_IF_SLOW = 10.0, 30.0


class _SourceError(ValueError):
    """An input that does not say where the templates are, or says it wrongly."""


def run(request: Request, root: Path | None = None) -> Response:
    """
    Answer as function-go-templating does.

    :param root: where `fileSystem.dirPath` starts. None refuses it: that would be the function image's disk, and
        a composition has no business on ours.
    """
    try:
        return _rendered(request, inputs.read(request, _INPUT), root)
    except inputs.InputError as error:
        return replies.refuse(request, f"cannot get Function input from *v1.RunFunctionRequest: {error}")
    except _SourceError as error:
        return replies.refuse(request, f"invalid function input: {error}")
    except GuestError as error:
        return replies.refuse(request, f"cannot execute template: {error}")
    except ReconcileError as error:
        return replies.refuse(request, str(error))


def _rendered(request: Request, told: Object, root: Path | None) -> Response:
    template = _template(request, told, root)
    left, right = _delims(told.get("delims") or {})
    question = {
        "template": template,
        "left": left,
        "right": right,
        "options": told.get("options") or [],
        "request": wire.request_to_json(request),
    }
    seconds = _SECONDS_IF_SLOW if _SLOW.search(template) else _SECONDS
    answer = go_core.core().ask(json.dumps(question, default=dict).encode(), seconds)
    return _response(request, wire.response_from_json(json.loads(answer)))


def _delims(told: Object) -> tuple[str, str]:
    """Return the delimiters, empty ones where the usual are meant. One alone does not count."""
    left, right = told.get("left"), told.get("right")
    return ("", "") if left is None or right is None else (left, right)


def _response(request: Request, said: Response) -> Response:
    """Return the response to *request*, of which the templates *said* only a part."""
    response = replace(
        respond(request),
        results=said.results,
        conditions=said.conditions,
        context=request.context if said.context is None else said.context,
    )
    if said.results:
        return response
    return replace(response, desired=_desired(request.desired, said.desired), requirements=said.requirements)


def _desired(before: State, said: State) -> State:
    """Return what is desired now. The function drops connection details of composed resources: nobody reads them."""
    details = before.composite.connection_details if before.composite else {}
    composite = said.composite or Resource()
    kept = {name: replace(resource, connection_details={}) for name, resource in before.resources.items()}
    return State(
        composite=replace(composite, connection_details={**details, **composite.connection_details}),
        resources={**kept, **said.resources},
    )


def _template(request: Request, told: Object, root: Path | None) -> str:
    match told.get("source"):
        case "Inline":
            return _inline(told.get("inline") or {})
        case "FileSystem":
            return _in_folder((told.get("fileSystem") or {}).get("dirPath"), root)
        case "Environment":
            return _in_environment(request, (told.get("environment") or {}).get("key"))
        case source:
            raise _SourceError(f"invalid source: {source or ''}")


def _inline(told: Object) -> str:
    template = told.get("template") or _SEPARATOR.join(text or "" for text in told.get("templates") or ())
    if not (told.get("template") or told.get("templates")):
        raise _SourceError("inline.template or inline.templates should be provided")
    return template


def _in_environment(request: Request, key: str | None) -> str:
    if not key:
        raise _SourceError("environment.key should be provided")
    environment = (request.context or {}).get(ENVIRONMENT)
    if environment is None:
        raise _SourceError(f"cannot read tmpl from the environment: {ENVIRONMENT} key does not exist in context")
    template = environment.get(key) if isinstance(environment, dict) else None
    if not isinstance(template, str):
        raise _SourceError(f"cannot read tmpl from the environment: {ENVIRONMENT} holds no text under the key {key!r}")
    return template


def _in_folder(path: str | None, root: Path | None) -> str:
    if not path:
        raise _SourceError("fileSystem.dirPath should be provided")
    if root is None:
        raise _SourceError(
            "cannot read templates from a folder of the function's own image: the function is built in here; "
            "write them inline, install the Function with a runtime of its own, "
            "or name the folder (`crosshead render --templates-dir`)"
        )
    try:
        return "".join(_text(file) + _SEPARATOR for file in _files(_below(root, root / path.lstrip("/"))))
    except (OSError, RuntimeError) as error:  # the latter: links that go in circles
        absent = isinstance(error, FileNotFoundError | NotADirectoryError)
        why = "file does not exist" if absent else "cannot be read"
        raise _SourceError(f"cannot read tmpl from the folder {{{path}}}: open {path}: {why}") from error


def _text(file: Path) -> str:
    """Return what is in *file*; what is no UTF-8 in it becomes what Go's JSON would make of it."""
    return file.read_text(encoding="utf-8", errors="replace")


def _below(root: Path, path: Path) -> Path:
    """Return the real *path*; one that leads out of *root*, be it by links, is as good as none."""
    real = path.resolve(strict=True)
    if ".." in path.relative_to(root).parts or not real.is_relative_to(root.resolve()):
        raise FileNotFoundError(path)
    return real


def _files(folder: Path) -> Iterator[Path]:
    """Yield the files below *folder* in the order of their names, without what is hidden, or a link."""
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        if path.name.startswith(".") or path.is_symlink():
            continue
        if path.is_dir():
            yield from _files(path)
        elif path.is_file():  # and no pipe: one could wait for ever
            yield path
