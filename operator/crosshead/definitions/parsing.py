"""
The author's part of a schema, as Crossplane reads it: decoded into Kubernetes' JSONSchemaProps and written out again.

What that type does not know is dropped, and so is what Go calls empty; what does not fit is an error that says where.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

from crosshead.base.errors import StalledError
from crosshead.base.values import Draft, Json
from crosshead.definitions.reading import RENDER_CRD

# Reads a value found at a path. None never gets here: to Go, null says as little as nothing.
_Reader: TypeAlias = Callable[[Json, str], Json]


def parse(schema: Json, where: str) -> Draft:
    """Return *schema*, found at the path *where*, as JSONSchemaProps holds it."""
    if not isinstance(schema, Mapping):
        raise _unfit(where, "a schema", schema)
    kept: Draft = {}
    for key, value in schema.items():
        # encoding/json does not tell upper from lower case.
        known = _KEYWORDS.get(key.lower())
        if known is None or value is None:
            continue
        name, read, keep_empty = known
        told = read(value, f"{where}.{key}")
        if keep_empty or not _is_empty(told):
            kept[name] = told
    return kept


def _is_empty(value: Json) -> bool:
    return value in ("", False, [], {})


def _unfit(where: str, wanted: str, value: Json) -> StalledError:
    return StalledError(RENDER_CRD, f"cannot parse schema: {where} must be {wanted}, not {_abbreviated(value)}")


def _abbreviated(value: Json) -> str:
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:37]}..."


def _text(value: Json, where: str) -> str:
    if not isinstance(value, str):
        raise _unfit(where, "a string", value)
    return value


def _flag(value: Json, where: str) -> bool:
    if not isinstance(value, bool):
        raise _unfit(where, "true or false", value)
    return value


def _integer(value: Json, where: str) -> int:
    # A float is refused even when it is a whole number: Go decides by how the number is written.
    if isinstance(value, bool) or not isinstance(value, int):
        raise _unfit(where, "an integer", value)
    return value


def _number(value: Json, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise _unfit(where, "a number", value)
    # Go writes a whole number without a fraction, however it was read.
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _anything(value: Json, _: str) -> Json:
    return value


def _list_of(read: _Reader, empty: Json) -> _Reader:
    """Return the reader of a list. A null among its items stands for *empty*, as it does for Go."""

    def read_list(value: Json, where: str) -> list[Json]:
        if not isinstance(value, list):
            raise _unfit(where, "a list", value)
        return [read(empty if item is None else item, f"{where}[{index}]") for index, item in enumerate(value)]

    return read_list


def _map_of(read: _Reader) -> _Reader:
    def read_map(value: Json, where: str) -> Draft:
        if not isinstance(value, Mapping):
            raise _unfit(where, "an object", value)
        return {name: read({} if part is None else part, f"{where}.{name}") for name, part in value.items()}

    return read_map


_texts = _list_of(_text, "")
_schemas = _list_of(parse, {})
_schema_map = _map_of(parse)


def _schema_or_flag(value: Json, where: str) -> Json:
    if not isinstance(value, (bool, Mapping)):
        raise _unfit(where, "true, false or a schema", value)
    return value if isinstance(value, bool) else parse(value, where)


def _schema_or_schemas(value: Json, where: str) -> Json:
    return _schemas(value, where) if isinstance(value, list) else parse(value, where)


def _schema_or_texts(value: Json, where: str) -> Json:
    return _texts(value, where) if isinstance(value, list) else parse(value, where)


def _record_of(fields: Mapping[str, _Reader]) -> _Reader:
    def read_record(value: Json, where: str) -> Draft:
        if not isinstance(value, Mapping):
            raise _unfit(where, "an object", value)
        told = {
            name: read(value[name], f"{where}.{name}") for name, read in fields.items() if value.get(name) is not None
        }
        return {name: part for name, part in told.items() if not _is_empty(part)}

    return read_record


_rule_fields = _record_of(
    {
        "rule": _text,
        "message": _text,
        "messageExpression": _text,
        "reason": _text,
        "fieldPath": _text,
        "optionalOldSelf": _flag,
    }
)


def _rule(value: Json, where: str) -> Draft:
    # The rule itself is written even when it is empty, so that the API server can say what is wrong with it.
    return {"rule": "", **_rule_fields(value, where)}


def _table() -> Mapping[str, tuple[str, _Reader, bool]]:
    """Return, by keyword in lower case: the keyword, how to read its value, and whether an empty one is kept."""
    readers: Mapping[_Reader, str] = {
        _text: "id $schema $ref description type format title pattern",
        _flag: "exclusiveMaximum exclusiveMinimum uniqueItems nullable "
        "x-kubernetes-embedded-resource x-kubernetes-int-or-string",
        _texts: "required x-kubernetes-list-map-keys",
        _list_of(_anything, None): "enum",
        _schemas: "allOf oneOf anyOf",
        _schema_map: "properties patternProperties definitions",
        _map_of(_schema_or_texts): "dependencies",
        _list_of(_rule, {}): "x-kubernetes-validations",
    }
    # Behind these stands a pointer in Go: what was said is kept, even 0, "" and false.
    pointers: Mapping[_Reader, str] = {
        _anything: "default example",
        _integer: "maxLength minLength maxItems minItems maxProperties minProperties",
        _number: "maximum minimum multipleOf",
        _schema_or_flag: "additionalProperties additionalItems",
        _schema_or_schemas: "items",
        parse: "not",
        _record_of({"description": _text, "url": _text}): "externalDocs",
        _flag: "x-kubernetes-preserve-unknown-fields",
        _text: "x-kubernetes-list-type x-kubernetes-map-type",
    }
    return MappingProxyType(
        {
            keyword.lower(): (keyword, read, keep_empty)
            for table, keep_empty in ((readers, False), (pointers, True))
            for read, keywords in table.items()
            for keyword in keywords.split()
        }
    )


_KEYWORDS: Final = _table()
