"""What the documents of a template mean: composed resources, the composite's status, or word to Crossplane itself."""

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from crosshead.base import objects
from crosshead.base.encoding import normalized
from crosshead.base.values import Draft, Json, Object
from crosshead.compose.functions.documents import Document
from crosshead.compose.functions.jinja_helpers import GROUP, NAME_ANNOTATION, READY_ANNOTATION
from crosshead.compose.protocol import (
    Condition,
    Ready,
    Request,
    Requirements,
    Resource,
    Response,
    Selector,
    Status,
    Target,
)

T = TypeVar("T")

_META: Final = f"meta.{GROUP}/v1beta1"
_READY: Final = {"True": Ready.TRUE, "False": Ready.FALSE, "Unspecified": Ready.UNSPECIFIED}
_STATUSES: Final = {"True": Status.TRUE, "False": Status.FALSE, "Unknown": Status.UNKNOWN}
_TARGETS: Final = {"Composite": Target.COMPOSITE, "CompositeAndClaim": Target.COMPOSITE_AND_CLAIM}
# Those that Crossplane sets itself.
_SYSTEM_CONDITIONS: Final = frozenset(("Ready", "Synced", "Healthy", "UpToDate", "Responsive"))


class ObjectError(ValueError):
    """A document that means nothing."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the documents so far have said. *names* are the composed resources that this template has made."""

    response: Response
    names: frozenset[str] = frozenset()


def take(told: Told, request: Request, document: Document) -> Told:
    """Return *told* with what *document* says."""
    obj = document.value
    if not isinstance(obj, Mapping) or not obj.get("apiVersion") or not obj.get("kind"):
        raise ObjectError("it is no object with apiVersion and kind")
    if obj["apiVersion"] == _META:
        return replace(told, response=_take_meta(told.response, obj))
    annotations = _annotations(obj)
    if NAME_ANNOTATION in annotations:
        return _take_composed(told, normalized(obj), annotations)
    composite = request.observed.composite.resource if request.observed.composite else {}
    if (obj["apiVersion"], obj["kind"]) == (composite.get("apiVersion"), composite.get("kind")):
        return replace(told, response=_take_composite(told.response, normalized(obj), annotations))
    raise ObjectError(f"{obj['kind']} {objects.name(obj)!r} has no annotation {NAME_ANNOTATION}")


def _annotations(obj: Object) -> Mapping[str, Json]:
    metadata = obj.get("metadata") or {}
    annotations = metadata.get("annotations") or {} if isinstance(metadata, Mapping) else metadata
    if not isinstance(annotations, Mapping):
        raise ObjectError("its metadata or annotations are no object")
    return annotations


def _take_composed(told: Told, obj: Object, annotations: Mapping[str, Json]) -> Told:
    name = annotations[NAME_ANNOTATION]
    if not isinstance(name, str) or not name:
        raise ObjectError(f"the annotation {NAME_ANNOTATION} is no text: quote it")
    if name in told.names:
        raise ObjectError(f"there are two composed resources {name!r}")
    resource = Resource(_without_ours(obj), ready=_ready(annotations))
    desired = told.response.desired
    desired = replace(desired, resources={**desired.resources, name: resource})
    return Told(replace(told.response, desired=desired), told.names | {name})


def _ready(annotations: Mapping[str, Json]) -> Ready:
    wanted = annotations.get(READY_ANNOTATION, "Unspecified")
    if not isinstance(wanted, str) or wanted not in _READY:
        raise ObjectError(f"the annotation {READY_ANNOTATION} is none of the texts {', '.join(_READY)}")
    return _READY[wanted]


def _without_ours(obj: Object) -> Draft:
    metadata = dict(obj["metadata"])
    left = {key: value for key, value in metadata.pop("annotations").items() if key not in _OURS}
    return {**obj, "metadata": {**metadata, "annotations": left} if left else metadata}


_OURS: Final = frozenset((NAME_ANNOTATION, READY_ANNOTATION))


def _take_composite(response: Response, obj: Object, annotations: Mapping[str, Json]) -> Response:
    if "spec" in obj:
        raise ObjectError("a template may set the status of the composite, not its spec")
    known = response.desired.composite or Resource()
    status = _merged(known.resource.get("status") or {}, obj.get("status") or {})
    told = {**known.resource, "apiVersion": obj["apiVersion"], "kind": obj["kind"], "status": status}
    ready = _ready(annotations) if READY_ANNOTATION in annotations else known.ready
    composite = replace(known, resource=told, ready=ready)
    return replace(response, desired=replace(response.desired, composite=composite))


def _merged(under: Object, over: Object) -> Draft:
    merged = dict(under)
    for key, value in over.items():
        both = isinstance(value, Mapping) and isinstance(merged.get(key), Mapping)
        merged[key] = _merged(merged[key], value) if both else value
    return merged


def _take_meta(response: Response, obj: Object) -> Response:
    take_one = _META_KINDS.get(str(obj["kind"]))
    if take_one is None:
        raise ObjectError(f"kind {obj['kind']!r} is none of {', '.join(_META_KINDS)}")
    return take_one(response, obj)


def _take_connection_details(response: Response, obj: Object) -> Response:
    details = {key: _bytes(key, value) for key, value in _object(obj, "data").items()}
    known = response.desired.composite or Resource()
    composite = replace(known, connection_details={**known.connection_details, **details})
    return replace(response, desired=replace(response.desired, composite=composite))


def _bytes(key: str, value: Json) -> bytes:
    text = _text(value, f"data[{key}]")
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ObjectError(f"data[{key}] is not base64") from error


def _take_context(response: Response, obj: Object) -> Response:
    data = normalized(_object(obj, "data"))
    return replace(response, context=_merged(response.context or {}, data))


def _take_requirements(response: Response, obj: Object) -> Response:
    wanted = {name: _selector(name, one) for name, one in _object(obj, "requirements").items()}
    known = response.requirements or Requirements()
    return replace(response, requirements=replace(known, resources={**known.resources, **wanted}))


def _selector(name: str, told: Json) -> Selector:
    where = f"requirements[{name}]"
    if not isinstance(told, Mapping):
        raise ObjectError(f"{where} is no object")
    if ("matchName" in told) == ("matchLabels" in told):
        raise ObjectError(f"{where} needs either matchName or matchLabels")
    texts = {key: _text(told.get(key), f"{where}.{key}") for key in ("apiVersion", "kind")}
    others = {key: _text(told[key], f"{where}.{key}") for key in ("matchName", "namespace") if key in told}
    labels = _labels(told["matchLabels"], where) if "matchLabels" in told else None
    name_wanted, namespace = others.get("matchName"), others.get("namespace")
    return Selector(texts["apiVersion"], texts["kind"], name_wanted, labels, namespace)


def _labels(told: Json, where: str) -> dict[str, str]:
    if not isinstance(told, Mapping):
        raise ObjectError(f"{where}.matchLabels is no object")
    return {key: _text(value, f"{where}.matchLabels[{key}]") for key, value in told.items()}


def _take_conditions(response: Response, obj: Object) -> Response:
    told = obj.get("conditions")
    if not isinstance(told, list):
        raise ObjectError("conditions is no array")
    target = _one_of(obj.get("target", "Composite"), "target", _TARGETS)
    conditions = [_condition(one, f"conditions[{index}]", target) for index, one in enumerate(told)]
    return replace(response, conditions=(*response.conditions, *conditions))


def _condition(told: Json, where: str, target: Target) -> Condition:
    if not isinstance(told, Mapping):
        raise ObjectError(f"{where} is no object")
    name, reason = (_text(told.get(field), f"{where}.{field}") for field in ("type", "reason"))
    if name in _SYSTEM_CONDITIONS:
        raise ObjectError(f"{where}.type is {name!r}, which Crossplane sets itself")
    message = _text(told["message"], f"{where}.message") if told.get("message") is not None else None
    return Condition(name, _one_of(told.get("status"), f"{where}.status", _STATUSES), reason, message, target)


def _object(obj: Object, field: str) -> Object:
    told = obj.get(field)
    if not isinstance(told, Mapping):
        raise ObjectError(f"{field} is no object")
    return told


def _text(told: Json, where: str) -> str:
    if not isinstance(told, str):
        raise ObjectError(f"{where} is no text")
    return told


def _one_of(told: Json, where: str, choices: Mapping[str, T]) -> T:
    if not isinstance(told, str) or told not in choices:
        raise ObjectError(f"{where} is none of the texts {', '.join(choices)}")
    return choices[told]


_META_KINDS: Final[Mapping[str, Callable[[Response, Object], Response]]] = {
    "CompositeConnectionDetails": _take_connection_details,
    "Conditions": _take_conditions,
    "Context": _take_context,
    "RequiredResources": _take_requirements,
}
