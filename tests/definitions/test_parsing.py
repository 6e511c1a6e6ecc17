"""What Go's decoding into JSONSchemaProps and encoding it again does to a schema."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crosshead.base.errors import StalledError
from crosshead.definitions.parsing import parse


@pytest.mark.parametrize(
    "schema",
    [
        pytest.param(
            {"type": "string", "minLength": 0, "pattern": "^a", "format": "uuid"}, id="limits of a string, 0 too"
        ),
        pytest.param(
            {"type": "integer", "minimum": 1, "exclusiveMinimum": True, "multipleOf": 2}, id="limits of a number"
        ),
        pytest.param({"type": "array", "items": {"type": "string"}, "x-kubernetes-list-type": "set"}, id="a set"),
        pytest.param({"items": [{"type": "string"}]}, id="items as a list, which the API server refuses, not we"),
        pytest.param({"additionalProperties": False}, id="no additional properties"),
        pytest.param({"additionalProperties": {"type": "string"}}, id="additional properties of a type"),
        pytest.param({"dependencies": {"a": ["b"], "c": {"type": "string"}}}, id="dependencies of both forms"),
        pytest.param({"enum": ["a", None, 1, {"b": []}]}, id="an enum of anything, null too"),
        pytest.param({"default": False, "example": 0}, id="a default that is false"),
        pytest.param({"x-kubernetes-preserve-unknown-fields": False}, id="a flag that is kept although it is false"),
        pytest.param({"not": {"required": ["a"]}, "oneOf": [{"required": ["b"]}]}, id="alternatives"),
        pytest.param({"externalDocs": {"url": "https://example.org"}}, id="external documentation"),
        pytest.param({"properties": {"type": {"type": "string"}, "Foo": {}}}, id="properties called like keywords"),
        pytest.param(
            {"x-kubernetes-validations": [{"rule": "true", "message": "m", "optionalOldSelf": True}]}, id="a rule"
        ),
    ],
)
def test_what_the_type_knows_is_kept(schema):
    assert parse(schema, "s") == schema


@pytest.mark.parametrize(
    ("schema", "kept"),
    [
        pytest.param({"examples": ["a"], "x-mine": 1, "const": 3}, {}, id="unknown keywords"),
        pytest.param({"type": None, "default": None}, {}, id="null"),
        pytest.param({"description": "", "required": [], "properties": {}, "enum": []}, {}, id="what is empty"),
        pytest.param({"nullable": False, "uniqueItems": False}, {}, id="flags that are false"),
        pytest.param(
            {"TYPE": "string", "MaxLength": 3}, {"type": "string", "maxLength": 3}, id="upper case is lower case"
        ),
        pytest.param({"maximum": 10.0}, {"maximum": 10}, id="a whole number loses its fraction"),
        pytest.param({"minimum": 0.5}, {"minimum": 0.5}, id="another does not"),
        pytest.param({"properties": {"a": None}}, {"properties": {"a": {}}}, id="a property that is null"),
        pytest.param({"allOf": [None], "required": [None]}, {"allOf": [{}], "required": [""]}, id="null in a list"),
        pytest.param(
            {"x-kubernetes-validations": [{"message": "m", "mine": 1}]},
            {"x-kubernetes-validations": [{"rule": "", "message": "m"}]},
            id="a rule without a rule, which the API server refuses, not we",
        ),
    ],
)
def test_what_go_drops_is_dropped(schema, kept):
    assert parse(schema, "s") == kept


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        pytest.param("string", "s must be a schema, not 'string'", id="a schema that is a string"),
        pytest.param({"type": 5}, "s.type must be a string, not 5", id="a type that is a number"),
        pytest.param({"nullable": "yes"}, "s.nullable must be true or false, not 'yes'", id="a flag that is a string"),
        pytest.param({"maxLength": 6.0}, "s.maxLength must be an integer, not 6.0", id="a length with a fraction"),
        pytest.param({"maxLength": True}, "s.maxLength must be an integer, not True", id="a length that is a flag"),
        pytest.param({"maximum": "9"}, "s.maximum must be a number, not '9'", id="a maximum that is a string"),
        pytest.param({"maximum": False}, "s.maximum must be a number, not False", id="a maximum that is a flag"),
        pytest.param({"required": "a"}, "s.required must be a list, not 'a'", id="required without a list"),
        pytest.param({"required": ["a", 2]}, "s.required[1] must be a string, not 2", id="a number among the required"),
        pytest.param({"properties": ["a"]}, "s.properties must be an object, not ['a']", id="properties as a list"),
        pytest.param(
            {"properties": {"a": {"items": {"type": []}}}},
            "s.properties.a.items.type must be a string, not []",
            id="deep down",
        ),
        pytest.param(
            {"additionalProperties": "no"},
            "s.additionalProperties must be true, false or a schema, not 'no'",
            id="additional properties as a string",
        ),
        pytest.param(
            {"externalDocs": "x"}, "s.externalDocs must be an object, not 'x'", id="documentation as a string"
        ),
        pytest.param({"items": 3}, "s.items must be a schema, not 3", id="items as a number"),
        pytest.param(
            {"type": list(range(40))},
            "s.type must be a string, not [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11...",
            id="a long value is cut",
        ),
    ],
)
def test_what_does_not_fit_is_refused_where_it_stands(schema, words):
    with pytest.raises(StalledError) as caught:
        parse(schema, "s")

    assert caught.value.reason == "RenderCRD"
    assert caught.value.message == f"cannot parse schema: {words}"


keywords = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(["string", "object", ""]),
        "nullable": st.booleans(),
        "maximum": st.floats(allow_nan=False, allow_infinity=False),
        "default": st.none() | st.booleans() | st.text() | st.integers(),
        "required": st.lists(st.text()),
        "unknown": st.text(),
    },
)
schemas = st.recursive(
    keywords,
    lambda inner: st.fixed_dictionaries(
        {}, optional={"properties": st.dictionaries(st.text(), inner), "items": inner, "allOf": st.lists(inner)}
    ),
)


# How long an example takes says more about the machine than about the code.
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(schemas)
def test_what_was_parsed_once_stays_as_it_is(schema):
    once = parse(schema, "s")

    assert parse(once, "s") == once
