"""What a template of function-jinja can call, besides what Jinja brings: filters, and functions about one request."""

import base64
import binascii
import hashlib
import json
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final, NoReturn

from crosshead.base import encoding, fieldpaths, gojson, goyaml
from crosshead.base.encoding import normalized
from crosshead.base.fieldpaths import NotFoundError
from crosshead.base.names import READY
from crosshead.base.values import Draft, Json, Object
from crosshead.compose.functions import documents, statuses
from crosshead.compose.functions.environment_configs import ENVIRONMENT
from crosshead.compose.protocol import Request, Resource, State

GROUP: Final = "jinja.fn.crosshead.io"
NAME_ANNOTATION: Final = f"{GROUP}/composition-resource-name"
READY_ANNOTATION: Final = f"{GROUP}/ready"


def variables(request: Request) -> dict[str, Any]:
    """Return what a template knows of *request*. All of it is a copy: a template changes nothing."""
    context = normalized(request.context or {})
    found = {**request.extra_resources, **request.required_resources}
    told = {
        "observed": _state(request.observed),
        "desired": _state(request.desired),
        "context": context,
        "environment": context.get(ENVIRONMENT) or {},
        "required": {name: [normalized(one.resource) for one in several] for name, several in found.items()},
        "credentials": {name: _texts(data) for name, data in request.credentials.items()},
    }
    return {**told, "xr": told["observed"]["composite"]["resource"], **_functions(told["observed"]["resources"])}


def _state(state: State) -> Draft:
    resources = {name: _resource(one) for name, one in state.resources.items()}
    return {"composite": _resource(state.composite or Resource()), "resources": resources}


def _resource(one: Resource) -> Draft:
    details = _texts(one.connection_details)
    return {"resource": normalized(one.resource), "connection_details": details, "ready": one.ready.value}


def _texts(data: Mapping[str, bytes]) -> dict[str, str]:
    return {key: encoding.clean(encoding.text(value)) for key, value in data.items()}


def _functions(observed: Mapping[str, Draft]) -> dict[str, Callable[..., Any]]:
    def observed_resource(name: str) -> Json:
        return observed[name]["resource"] if name in observed else None

    def connection_detail(name: str, key: str, default: Json = None) -> Json:
        return observed[name]["connection_details"].get(key, default) if name in observed else default

    def is_ready(name: str) -> bool:
        return name in observed and statuses.is_true(observed[name]["resource"], READY)

    return {
        "observed_resource": observed_resource,
        "connection_detail": connection_detail,
        "is_ready": is_ready,
        "condition": _condition,
        "fail": _fail,
        "field": _field,
        "ready": _ready,
        "resource_name": _resource_name,
    }


def _condition(obj: Object, type: str) -> Draft:
    """Return the condition of *type* that *obj* shows; one that it does not show is Unknown."""
    found = statuses.find(obj or {}, type)
    return {"type": type, "status": found.status, "reason": found.reason, "message": found.message}


def _fail(message: str) -> NoReturn:
    raise ValueError(message)


def _field(obj: Object, path: str, default: Json = None) -> Json:
    """Return what is at the field path *path* of *obj*, *default* when there is nothing."""
    try:
        return fieldpaths.get(obj, path)
    except NotFoundError:
        return default


def _resource_name(name: str) -> str:
    """Return the annotation that makes an object the composed resource *name*."""
    return f"{NAME_ANNOTATION}: {gojson.encode(name)}"


def _ready(state: bool | str = True) -> str:  # noqa: FBT001, FBT002 (a template says `ready(false)`)
    """Return the annotation that says whether an object is ready."""
    return f"{READY_ANNOTATION}: {gojson.encode(str(state))}"


def _to_json(value: Json) -> str:
    documents.measure(value)
    return gojson.encode(normalized(value))


def _to_yaml(value: Json) -> str:
    documents.measure(value)
    return goyaml.encode(normalized(value)).removesuffix("\n")


def _from_json(text: str) -> Json:
    value = json.loads(text, parse_constant=_no_number)
    documents.measure(value)
    return value


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number in JSON")


def _b64encode(text: str) -> str:
    return base64.b64encode(encoding.utf8(text)).decode()


def _b64decode(text: str) -> str:
    try:
        return encoding.clean(encoding.text(base64.b64decode(text, validate=True)))
    except binascii.Error as error:
        raise ValueError("this is not base64") from error


def _hash(algorithm: str) -> Callable[[str], str]:
    return lambda text: hashlib.new(algorithm, encoding.utf8(text), usedforsecurity=False).hexdigest()


FILTERS: Final[Mapping[str, Callable[..., Any]]] = MappingProxyType(
    {
        "b64decode": _b64decode,
        "b64encode": _b64encode,
        "from_json": _from_json,
        "from_yaml": documents.read,
        "md5": _hash("md5"),
        "quote": _to_json,
        "sha1": _hash("sha1"),
        "sha256": _hash("sha256"),
        "to_json": _to_json,
        "to_yaml": _to_yaml,
        "tojson": _to_json,
    }
)
