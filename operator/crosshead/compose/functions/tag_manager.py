"""
function-tag-manager 0.9: tags are added to, kept in and taken from every desired resource that can have tags.

Of two tags of one key among `addTags` with the same policy the first counts. What is wrong with one source of tags, or
with one resource, is passed over in silence, as upstream.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from crosshead.base import drafts, fieldpaths, objects
from crosshead.base.encoding import normalized
from crosshead.base.fieldpaths import FieldPathError
from crosshead.base.objects import Kind
from crosshead.base.values import Draft, Json, Object
from crosshead.compose.functions import inputs, replies, taggable
from crosshead.compose.functions.environment_configs import ENVIRONMENT
from crosshead.compose.functions.inputs import InputError
from crosshead.compose.protocol import Request, Resource, Response, respond

_IGNORED: Final = "tag-manager.fn.crossplane.io/ignore-resource"
_TAGS: Final = "spec.forProvider.tags"
_SOURCE: Final = {"type": inputs.TEXT, "fromFieldPath": inputs.TEXT}
_KEYS: Final = inputs.items(inputs.TEXT)
_ADD: Final = inputs.struct("v1beta1.AddTag", tags=inputs.maps(inputs.TEXT), policy=inputs.TEXT, **_SOURCE)
_IGNORE: Final = inputs.struct("v1beta1.IgnoreTag", keys=_KEYS, policy=inputs.TEXT, **_SOURCE)
_REMOVE: Final = inputs.struct("v1beta1.RemoveTag", keys=_KEYS, **_SOURCE)
_INPUT: Final = inputs.document(
    "v1beta1.ManagedTags",
    addTags=inputs.items(_ADD),
    ignoreTags=inputs.items(_IGNORE),
    removeTags=inputs.items(_REMOVE),
)


class _SourceError(ValueError):
    """A source of tags that is none."""


def run(request: Request) -> Response:
    """Return the response of function-tag-manager."""
    try:
        told = inputs.read(request, _INPUT)
    except InputError as error:
        return replies.refuse(request, f"cannot get Function input from *v1.RunFunctionRequest: {error}")
    try:
        tagged = {name: _managed(request, told, name, one) for name, one in request.desired.resources.items()}
    except _SourceError as error:
        return replies.refuse(request, str(error))
    return replies.normal(replies.with_resources(respond(request), tagged), "Successfully Processed tags")


def _managed(request: Request, told: Object, name: str, desired: Resource) -> Resource:
    obj = desired.resource
    kind = Kind(str(obj.get("apiVersion") or ""), str(obj.get("kind") or ""))
    if _is_ignored(obj) or not taggable.takes_tags(kind):
        return desired
    tags = _with(_tags_at(obj, _TAGS), [(one, _added(request, one)) for one in _entries(told, "addTags")])
    observed = request.observed.resources.get(name)
    if observed:
        known = _tags_at(observed.resource, "status.atProvider.tags") or {}
        tags = _with(tags, [(one, _kept(request, one, known)) for one in _entries(told, "ignoreTags")])
    unwanted = {key for one in _entries(told, "removeTags") for key in _keys(request, one)}
    return replace(desired, resource=_tagged(obj, tags, unwanted))


def _entries(told: Object, field: str) -> list[Object]:
    return [one or {} for one in told.get(field) or ()]


def _is_ignored(obj: Object) -> bool:
    annotation, label = objects.annotations(obj).get(_IGNORED), objects.labels(obj).get(_IGNORED)
    return str(label if annotation is None else annotation).lower() == "true"


def _tags_at(obj: Object, path: str) -> dict[str, str] | None:
    """Return the tags at *path*, None without any. What is no text is an empty one, as decoding makes it upstream."""
    try:
        value = fieldpaths.get(obj, path)
    except FieldPathError:
        return None
    if not isinstance(value, Mapping):
        return None
    return {key: one if isinstance(one, str) else "" for key, one in value.items()}


def _with(tags: dict[str, str] | None, sources: Sequence[tuple[Object, Mapping[str, str]]]) -> dict[str, str] | None:
    """Return *tags* with those of *sources*: first what gives way to tags that are there, then what replaces them."""
    retained = _first(more for source, more in sources if _gives_way(source))
    replacing = _first(more for source, more in sources if not _gives_way(source))
    merged = {**retained, **{key: value for key, value in (tags or {}).items() if value or key not in retained}}
    return {**merged, **replacing} or tags


def _gives_way(source: Object) -> bool:
    # Without a type the policy counts for nothing, as upstream.
    return bool(source.get("type")) and source.get("policy") == "Retain"


def _first(several: Iterable[Mapping[str, str]]) -> dict[str, str]:
    merged: dict[str, str] = {}
    for more in several:
        merged |= {key: value for key, value in more.items() if not merged.get(key)}
    return merged


def _added(request: Request, source: Object) -> Mapping[str, str]:
    match source.get("type") or "FromValue":
        case "FromValue":
            return {key: value or "" for key, value in (source.get("tags") or {}).items()}
        case "FromCompositeFieldPath":
            return _tags_at(replies.composite(request), _path(source)) or {}
        case "FromEnvironmentFieldPath":
            return _tags_at(_environment(request), _path(source)) or {}
        case _:
            return {}


def _kept(request: Request, source: Object, known: Mapping[str, str]) -> Mapping[str, str]:
    return {key: known[key] for key in _keys(request, source) if key in known}


def _keys(request: Request, source: Object) -> list[str]:
    match source.get("type") or "FromValue":
        case "FromValue":
            return [key or "" for key in source.get("keys") or ()]
        case "FromCompositeFieldPath":
            return _keys_at(replies.composite(request), _path(source))
        case "FromEnvironmentFieldPath":
            return _keys_at(_environment(request), _path(source))
        case _:
            return []


def _keys_at(obj: Object, path: str) -> list[str]:
    try:
        value: Json = fieldpaths.get(obj, path)
    except FieldPathError:
        return []
    return [key for key in value if isinstance(key, str)] if isinstance(value, list) else []


def _path(source: Object) -> str:
    if source.get("fromFieldPath") is None:
        raise _SourceError(f"fromFieldPath cannot be nil for type '{source.get('type')}'")
    return str(source["fromFieldPath"])


def _environment(request: Request) -> Object:
    told = (request.context or {}).get(ENVIRONMENT)
    return told if isinstance(told, Mapping) else {}


def _tagged(obj: Object, tags: Mapping[str, str] | None, unwanted: set[str]) -> Object:
    left = None if tags is None else {key: value for key, value in tags.items() if key not in unwanted}
    draft: Draft = normalized(obj)
    try:
        drafts.assign(draft, _TAGS, left)
    except FieldPathError:
        return obj
    return draft
