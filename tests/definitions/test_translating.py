import pytest
from jsonschema import Draft202012Validator

from crosshead.definitions import rendering
from crosshead.definitions.translating import json_schemas
from tests.definitions.xrds import schema, version, xrd


def translated(**properties):
    defined = xrd(versions=[version(schema={"openAPIV3Schema": schema(properties=properties)})])
    (only,) = json_schemas(rendering.composite_crd(defined))
    return only.schema


def is_valid(told, **spec):
    lake = {"apiVersion": "water.example.org/v1", "kind": "XLake", "metadata": {"name": "l", "labels": {"a": "b"}}}
    return Draft202012Validator(told).is_valid({**lake, "spec": spec})


def test_there_is_one_schema_per_version():
    versions = [version("v1alpha1", referenceable=False), version("v1")]

    first, second = json_schemas(rendering.claim_crd(xrd(versions=versions)))

    assert first.file_name == "water.example.org_v1alpha1_lake.json"
    assert second.schema["$id"] == "water.example.org/v1/lake.json"
    assert second.schema["x-kubernetes-group-version-kind"] == [
        {"group": "water.example.org", "version": "v1", "kind": "Lake"}
    ]


def test_the_result_is_a_json_schema():
    Draft202012Validator.check_schema(translated(depth={"type": "integer", "minimum": 1}))


NESTED = {"type": "object", "properties": {"a": {"type": "string"}}}


@pytest.mark.parametrize(
    ("depth", "value", "valid"),
    [
        pytest.param({"type": "integer"}, 3, True, id="what fits"),
        pytest.param({"type": "integer"}, "deep", False, id="what does not"),
        pytest.param(NESTED, {"a": "x"}, True, id="a field that is named"),
        pytest.param(NESTED, {"b": "x"}, False, id="a field that is not, which the API server would drop"),
        pytest.param({"type": "array", "items": NESTED}, [{"b": "x"}], False, id="nor in a list"),
        pytest.param({"type": "array", "items": [NESTED]}, 3, False, id="items as a list"),
        pytest.param({"type": "object", "additionalProperties": {"type": "string"}}, {"b": "x"}, True, id="a map"),
        pytest.param({"type": "object", "additionalProperties": True}, {"b": 1}, True, id="a map of anything"),
        pytest.param({**NESTED, "x-kubernetes-preserve-unknown-fields": True}, {"b": "x"}, True, id="unknown fields"),
        pytest.param({"type": "object", "x-kubernetes-embedded-resource": True}, {"kind": "K"}, True, id="an object"),
        pytest.param({"type": "integer", "minimum": 3, "exclusiveMinimum": True}, 3, False, id="more than the minimum"),
        pytest.param({"type": "integer", "minimum": 3, "exclusiveMinimum": True}, 4, True, id="more than it is more"),
        pytest.param({"type": "integer", "exclusiveMaximum": True}, 4, True, id="less than nothing in particular"),
        pytest.param({"type": "string", "nullable": True}, None, True, id="null where it may be"),
        pytest.param({"type": "string", "enum": ["a"], "nullable": True}, None, True, id="null beside an enum"),
        pytest.param({"nullable": True}, None, True, id="null where anything may be"),
        pytest.param({"type": "string"}, None, False, id="null where it may not be"),
        pytest.param(
            {**NESTED, "oneOf": [{"required": ["a"], "properties": {"a": {"enum": ["x"]}}}]},
            {"a": "x"},
            True,
            id="an alternative that names a part of the object",
        ),
        pytest.param({**NESTED, "not": {"required": ["a"]}}, {"a": "x"}, False, id="what must not be"),
    ],
)
def test_what_the_api_server_takes_is_valid(depth, value, valid):
    assert is_valid(translated(depth=depth), depth=value) is valid


def test_metadata_is_the_api_servers_affair():
    assert is_valid(translated(), compositionRef={"name": "usual"})
