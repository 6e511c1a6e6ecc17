"""
What a schema says of a field path: the JSON type of what is there, or why there can be nothing.

The schema is that of a CRD's version. Where it says nothing (`x-kubernetes-preserve-unknown-fields` and the like),
everything may be there. The words of the errors are those of Crossplane 1.20.
"""

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from crosshead.base import fieldpaths
from crosshead.base.fieldpaths import WILDCARD, FieldPathError, Segment

# None is the schema that says nothing.
Schema: TypeAlias = Mapping[str, Any] | None

_TYPES: Final = frozenset({"array", "boolean", "integer", "null", "number", "object", "string"})
_STRING: Final = {"type": "string"}
_INTEGER: Final = {"type": "integer"}
_STRINGS: Final = {"type": "array", "items": _STRING}
_PAIRS: Final = {"type": "object", "additionalProperties": _STRING}
_LIST: Final = {"type": "array", "items": {"x-kubernetes-preserve-unknown-fields": True}}
# Whatever a CRD says of them, an object has these: the API server sees to it.
_METADATA: Final = {
    "annotations": _PAIRS,
    "creationTimestamp": _STRING,
    "deletionGracePeriodSeconds": _INTEGER,
    "deletionTimestamp": _STRING,
    "finalizers": _STRINGS,
    "generateName": _STRING,
    "generation": _INTEGER,
    "labels": _PAIRS,
    "managedFields": _LIST,
    "name": _STRING,
    "namespace": _STRING,
    "ownerReferences": _LIST,
    "resourceVersion": _STRING,
    "selfLink": _STRING,
    "uid": _STRING,
}


class SchemaPathError(ValueError):
    """A path that leads nowhere in any object of the schema."""


def type_at(schema: Schema, path: str) -> str:
    """Return the JSON type of what is at *path* of an object of *schema*, empty when that is not said."""
    try:
        segments = fieldpaths.parse(path).segments
    except FieldPathError as error:
        raise SchemaPathError(str(error)) from error
    here = _whole(schema) if schema is not None and segments else None
    for segment in segments:
        if here is None:
            return ""
        here = _below(here, segment)
    return _type(here, path)


def _type(schema: Schema, path: str) -> str:
    # What has no type may be several: a number or a text, or anything at all.
    found = str((schema or {}).get("type") or "")
    if found and found not in _TYPES:
        raise SchemaPathError(f'field path "{path}" has an unsupported type "{found}"')
    return found


def _whole(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return *schema* of a whole object, with what every object has."""
    given: Mapping[str, Any] = schema.get("properties") or {}
    metadata = {**_METADATA, **((given.get("metadata") or {}).get("properties") or {})}
    every = {"apiVersion": _STRING, "kind": _STRING}
    return {**schema, "properties": {**every, **given, "metadata": {"type": "object", "properties": metadata}}}


def _below(parent: Mapping[str, Any], segment: Segment) -> Schema:
    if isinstance(segment, int):
        return _element(parent, segment)
    if segment == WILDCARD and parent.get("type") == "array":
        return _items(parent)
    return _field(parent, segment)


def _field(parent: Mapping[str, Any], name: str) -> Schema:
    kind = parent.get("type") or "object"
    if kind != "object":
        what = f"trying to access a field '{name}' of object, but schema says parent is of type: '{kind}'"
        raise SchemaPathError(what)
    parent = _whole(parent) if parent.get("x-kubernetes-embedded-resource") else parent
    properties: Mapping[str, Any] = parent.get("properties") or {}
    if name in properties:
        found: Schema = properties[name]
        return found
    return _unnamed(parent, name)


def _unnamed(parent: Mapping[str, Any], name: str) -> Schema:
    """Return the schema of the field *name* that *parent* does not name, but may allow."""
    more = parent.get("additionalProperties")
    if isinstance(more, Mapping) and more:
        return more
    # A wildcard stands for all fields, of different types.
    is_any = name == WILDCARD and parent.get("properties")
    if more or isinstance(more, Mapping) or is_any or parent.get("x-kubernetes-preserve-unknown-fields"):
        return None
    raise SchemaPathError(f"field '{name}' is not valid according to the schema")


def _element(parent: Mapping[str, Any], index: int) -> Schema:
    kind = parent.get("type") or ""
    if not kind and parent.get("x-kubernetes-preserve-unknown-fields"):
        return None
    if kind != "array":
        raise SchemaPathError(f"trying to access a '{kind}' by index")
    most = parent.get("maxItems")
    if most is not None and most <= index:
        raise SchemaPathError(f"index is above the allowed size of the array: {index} > {most - 1}")
    return _items(parent)


def _items(parent: Mapping[str, Any]) -> Schema:
    found: Schema = parent.get("items")
    if found is None:
        raise SchemaPathError("no items found in array")
    return found
