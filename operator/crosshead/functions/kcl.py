"""
function-kcl, built in: KCL programs given inline, run by kcl-lib in a process of its own.

A program gets `option("params")` with oxr, ocds, dxr, dcds, ctx, extraResources and the parameters of its input; what
it makes (the list `items`, or each document) is read by `kcl_meaning`. Packages cannot be fetched: there is no network.
"""

import base64
import json
import re
from functools import cache
from pathlib import Path
from typing import Final

from crosshead.base import encoding
from crosshead.base.values import Draft, Json, Object
from crosshead.compose.functions import replies
from crosshead.compose.protocol import Request, Resource, Response
from crosshead.functions import kcl_meaning
from crosshead.functions.kcl_meaning import KclError
from crosshead.functions.workers import WorkerError, Workers

_WORKER: Final = Path(__file__).parent / "kcl_worker.py"
_SECONDS: Final = 10.0
_ELSEWHERE: Final = re.compile(r"\s*(oci|git|ssh|https?)://|\s*github\.com/|\s*\S+\.k\s*$")


def run(request: Request) -> Response:
    """Answer as function-kcl does."""
    try:
        spec = _spec(request)
        return kcl_meaning.response(request, spec, _outcome(_source(spec), _params(request, spec)))
    except KclError as error:
        return replies.refuse(request, str(error))
    except WorkerError as error:
        return replies.refuse(request, f"failed to run kcl function: {error}")


@cache
def _workers() -> Workers:
    return Workers(_WORKER)


def _spec(request: Request) -> Object:
    spec = (request.input or {}).get("spec")
    if not isinstance(spec, dict):
        raise KclError("invalid function input: spec: Required value: spec.source must hold a KCL program")
    kcl_meaning.check(spec, kcl_meaning.SPEC, "invalid function input", "spec")
    return spec


def _source(spec: Object) -> str:
    source = spec.get("source")
    if not isinstance(source, str) or not source.strip():
        raise KclError("invalid function input: spec.source: Required value: kcl source cannot be empty")
    if _ELSEWHERE.match(source) or spec.get("dependencies"):
        raise KclError("invalid function input: packages cannot be fetched here: write the program into spec.source")
    return source


def _params(request: Request, spec: Object) -> Draft:
    """Return what `option("params")` is. Numbers without a fraction are integers, as they are in the objects."""
    observed, desired = request.observed, request.desired
    told = {
        **(spec.get("params") or {}),
        "oxr": observed.composite.resource if observed.composite else {},
        "dxr": desired.composite.resource if desired.composite else {},
        "ocds": {name: _seen(each) for name, each in observed.resources.items()},
        "dcds": {name: {"Resource": each.resource} for name, each in desired.resources.items()},
        "ctx": request.context or {},
        "extraResources": {
            key: [_seen(each) for each in found]
            for key, found in {**request.extra_resources, **request.required_resources}.items()
        },
    }
    normalized: Draft = encoding.normalized(told)
    return normalized


def _seen(resource: Resource) -> Draft:
    details = {key: base64.b64encode(value).decode() for key, value in resource.connection_details.items()}
    return {"Resource": resource.resource, "ConnectionDetails": details}


def _outcome(source: str, params: Draft) -> list[Json]:
    question = json.dumps({"source": source, "params": params})
    answer = json.loads(_workers().ask(question.encode(), _SECONDS))
    if "error" in answer:
        raise KclError(f"failed to run kcl function: {answer['error']}")
    return [json.loads(line) for line in answer["documents"].splitlines() if line.strip()]
