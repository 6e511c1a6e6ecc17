"""A schema says what can be at a path of its objects, and what cannot."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosshead.compose import schema_paths
from crosshead.compose.schema_paths import SchemaPathError

SCHEMA = {
    "type": "object",
    "properties": {
        "metadata": {"type": "object", "properties": {"name": {"type": "string", "maxLength": 63}}},
        "spec": {
            "type": "object",
            "properties": {
                "size": {"type": "integer"},
                "ratio": {"type": "number"},
                "port": {"x-kubernetes-int-or-string": True},
                "tags": {"type": "object", "additionalProperties": {"type": "string"}},
                "ports": {"type": "object", "additionalProperties": {"x-kubernetes-int-or-string": True}},
                "anything": {"type": "object", "additionalProperties": True},
                "nothing": {"type": "object", "additionalProperties": False},
                "free": {"type": "object", "x-kubernetes-preserve-unknown-fields": True},
                "raw": {"x-kubernetes-preserve-unknown-fields": True},
                "zones": {"type": "array", "maxItems": 2, "items": {"type": "string"}},
                "rules": {
                    "type": "array",
                    "items": {"type": "object", "properties": {"open": {"type": "boolean"}}},
                },
                "untyped": {"type": "array"},
                "odd": {"type": "date"},
                "template": {"type": "object", "x-kubernetes-embedded-resource": True, "properties": {"a": {}}},
            },
        },
    },
}


@pytest.mark.parametrize(
    ("path", "type"),
    [
        ("spec", "object"),
        ("spec.size", "integer"),
        ("spec['ratio']", "number"),
        ("spec.port", ""),
        ("spec.tags[example.org/owner]", "string"),
        ("spec.ports.http", ""),
        ("spec.anything.at.all[3]", ""),
        ("spec.free.at.all", ""),
        ("spec.raw[0].x", ""),
        ("spec.zones", "array"),
        ("spec.zones[1]", "string"),
        ("spec.zones[*]", "string"),
        ("spec.rules[*].open", "boolean"),
        ("spec.tags[*]", "string"),
        ("spec[*]", ""),
        ("apiVersion", "string"),
        ("metadata.name", "string"),
        ("metadata.generateName", "string"),
        ("metadata.generation", "integer"),
        ("metadata.labels[x]", "string"),
        ("metadata.ownerReferences[0].uid", ""),
        ("spec.template.metadata.annotations", "object"),
        ("spec.template.kind", "string"),
        ("spec.template.a", ""),
        ("", ""),
    ],
)
def test_the_type_of_what_is_there_is_told(path, type):
    assert schema_paths.type_at(SCHEMA, path) == type


@pytest.mark.parametrize(
    ("path", "complaint"),
    [
        ("spec.sise", "field 'sise' is not valid according to the schema"),
        ("status.x", "field 'status' is not valid according to the schema"),
        ("metadata.nome", "field 'nome' is not valid according to the schema"),
        ("spec.nothing.x", "field 'x' is not valid according to the schema"),
        ("spec.template.b", "field 'b' is not valid according to the schema"),
        ("spec.size.x", "trying to access a field 'x' of object, but schema says parent is of type: 'integer'"),
        ("spec.zones.x", "trying to access a field 'x' of object, but schema says parent is of type: 'array'"),
        ("spec.size[*]", "trying to access a field '*' of object, but schema says parent is of type: 'integer'"),
        ("spec.tags[0]", "trying to access a 'object' by index"),
        ("spec.port[0]", "trying to access a '' by index"),
        ("spec.zones[2]", "index is above the allowed size of the array: 2 > 1"),
        ("spec.untyped[0]", "no items found in array"),
        ("spec.untyped[*]", "no items found in array"),
        ("spec.odd", 'field path "spec.odd" has an unsupported type "date"'),
        ("spec.[", "unexpected '[' at position 5"),
        ("spec[", "unterminated '[' at position 4"),
    ],
)
def test_a_path_that_leads_nowhere_is_refused_in_crossplanes_words(path, complaint):
    with pytest.raises(SchemaPathError) as caught:
        schema_paths.type_at(SCHEMA, path)

    assert str(caught.value) == complaint


def test_without_a_schema_everything_may_be_there():
    assert schema_paths.type_at(None, "spec.x[3]") == ""


PIECES = st.sampled_from(["spec", "metadata", "tags", ".", "[", "]", "0", "*", "'", "free", "zones", "rules", "x"])


@given(st.lists(PIECES, max_size=8).map("".join))
def test_whatever_the_path_there_is_an_answer(path):
    try:
        told = schema_paths.type_at(SCHEMA, path)
    except SchemaPathError:
        told = ""

    assert isinstance(told, str)


KEYWORDS = st.dictionaries(
    st.sampled_from(["type", "items", "x-kubernetes-preserve-unknown-fields", "maxItems"]), st.none(), max_size=2
)
SCHEMAS = st.recursive(
    KEYWORDS,
    lambda each: st.fixed_dictionaries(
        {},
        optional={
            "type": st.sampled_from(["object", "array", "string", ""]),
            "properties": st.dictionaries(st.sampled_from(["a", "b", "metadata"]), each, max_size=2),
            "additionalProperties": each | st.booleans(),
            "items": each,
            "maxItems": st.integers(0, 3),
        },
    ),
    max_leaves=6,
)


@given(SCHEMAS, st.sampled_from(["a", "a.b", "a[0]", "a[*].b", "metadata.labels.x", "metadata.a.b"]))
def test_whatever_the_schema_there_is_an_answer(schema, path):
    try:
        told = schema_paths.type_at(schema, path)
    except SchemaPathError:
        told = ""

    assert isinstance(told, str)
