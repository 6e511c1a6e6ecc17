"""
From pydantic models to structural schemas: the subset of OpenAPI v3 that the API server accepts in a CRD.

Structural means: no references, no nullable unions, a type everywhere, defaults only where they say something.
"""

from collections.abc import Mapping
from inspect import cleandoc

from pydantic import BaseModel

from crosshead.base.values import Draft, Json, Object

# What pydantic says and a structural schema must not, or need not.
_DROPPED = frozenset({"title", "$defs", "additionalProperties", "discriminator", "examples"})


def structural(model: type[BaseModel]) -> Draft:
    """Return the structural schema of *model*, under the names its objects carry in JSON."""
    schema = model.model_json_schema(by_alias=True)
    return _clean(schema, schema.get("$defs", {}))


def _clean(schema: Object, definitions: Object) -> Draft:
    whole = _resolve(schema, definitions)
    cleaned = {key: _keyword(key, value, definitions) for key, value in whole.items() if key not in _DROPPED}
    # `additionalProperties: false` would forbid pruning; only the schema of a map's values is structural.
    if isinstance(values := whole.get("additionalProperties"), Mapping):
        cleaned["additionalProperties"] = _clean(values, definitions)
    # As Go's omitempty has it: what would have been there unasked only makes every object longer.
    if not cleaned.get("default"):
        cleaned.pop("default", None)
    if "const" in cleaned:
        cleaned["enum"] = [cleaned.pop("const")]
    return dict(sorted(cleaned.items()))


def _resolve(schema: Object, definitions: Object) -> Draft:
    """Put what a reference or an optional stands for in its place; what is said next to it (its default, say) wins."""
    beside = {key: value for key, value in schema.items() if key not in ("$ref", "anyOf")}
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return {**_resolve(definitions[name], definitions), **beside}
    if "anyOf" in schema:
        # A structural schema has no unions: an optional field is one that may be left out, not one that may be null.
        (only,) = (branch for branch in schema["anyOf"] if branch.get("type") != "null")
        return {**_resolve(only, definitions), **beside}
    return beside


def _keyword(key: str, value: Json, definitions: Object) -> Json:
    match key:
        case "properties":
            return {name: _clean(part, definitions) for name, part in value.items()}
        case "items":
            return _clean(value, definitions)
        case "default" if isinstance(value, Mapping):
            return {name: part for name, part in value.items() if part is not None}
        case "description":
            return " ".join(cleandoc(value).split())
        case _:
            return value
