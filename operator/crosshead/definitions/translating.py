"""
From the schemas of a CRD to JSON Schema, as editors read it.

Unlike the schema in the CRD, the result refuses fields that the API server would drop: a misspelt field is worth a
red line. Where the API server takes anything (metadata, `x-kubernetes-preserve-unknown-fields`), so does the result.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from crosshead.base import objects
from crosshead.base.values import Draft, Json, Object

_LISTED: Final = frozenset({"allOf", "anyOf", "oneOf"})
_BOUNDS: Final = (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum"))
_OPEN: Final = ("x-kubernetes-preserve-unknown-fields", "x-kubernetes-embedded-resource")


@dataclass(frozen=True, slots=True)
class JsonSchema:
    """The JSON Schema of one version of a kind, and the name of the file that is usual for it."""

    file_name: str
    schema: Object


def json_schemas(crd: Object) -> Iterator[JsonSchema]:
    """Yield the JSON Schema of each version in *crd*."""
    spec = objects.spec(crd)
    group, kind = spec["group"], spec["names"]["kind"]
    for version in spec["versions"]:
        name = version["name"]
        told = {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$id": f"{group}/{name}/{kind.lower()}.json",
            "x-kubernetes-group-version-kind": [{"group": group, "version": name, "kind": kind}],
            **_root(version["schema"]["openAPIV3Schema"]),
        }
        yield JsonSchema(f"{group}_{name}_{kind.lower()}.json", told)


def _root(schema: Object) -> Draft:
    told = _closed(schema)
    # What the API server keeps of metadata is not up to the CRD.
    metadata = _translated(schema["properties"]["metadata"])
    return {**told, "properties": {**told["properties"], "metadata": metadata}}


def _closed(schema: Json) -> Json:
    """Translate *schema*, which stands where the API server drops fields that it does not name."""
    if not isinstance(schema, Mapping):
        return schema
    told = _translated(schema)
    is_open = any(schema.get(keyword) for keyword in _OPEN) or "additionalProperties" in schema
    return told if is_open or schema.get("type") != "object" else {**told, "additionalProperties": False}


def _translated(schema: Object) -> Draft:
    told = {key: _keyword(key, value) for key, value in schema.items() if not key.startswith("x-kubernetes-")}
    for exclusive, bound in _BOUNDS:
        if told.pop(exclusive, False) and bound in told:
            told[exclusive] = told.pop(bound)
    if told.pop("nullable", False) and "type" in told:
        told["type"] = [told["type"], "null"]
        if "enum" in told:
            told["enum"] = [*told["enum"], None]
    return told


def _keyword(key: str, value: Json) -> Json:
    if key == "properties":
        return {name: _closed(part) for name, part in value.items()}
    if key in ("items", "additionalProperties"):
        return _closed(value)
    # Alternatives see the whole object, of which each names but a part: closed, they would all fail.
    if key in _LISTED:
        return [_alternative(part) for part in value]
    return _alternative(value) if key == "not" else value


def _alternative(schema: Object) -> Draft:
    told = _translated(schema)
    if "properties" in told:
        told["properties"] = {name: _alternative(part) for name, part in schema["properties"].items()}
    return told
