"""What a pydantic model becomes as a structural schema."""

from typing import Annotated, Literal

import pytest
from pydantic import Field

from crosshead.api.model import ApiModel, EmbeddedObject, FreeJson, FreeMap, FreeObject, Int64, rules
from crosshead.api.schemas import structural


class Inner(ApiModel):
    """An inner thing."""

    name: str
    """Its name."""
    size: int | None = None


class Outer(ApiModel):
    """
    An outer thing.

    In two paragraphs.
    """

    plain_text: str
    optional: str | None = None
    choice: Literal["a", "b"] = "a"
    only: Literal["x"]
    flag: bool = False
    many: tuple[Inner, ...] = ()
    one: Inner
    default_one: Inner = Inner(name="usual")
    described: Inner | None = None
    """What it is here."""
    labels: dict[str, str] = Field(default_factory=dict)
    inners: dict[str, Inner] = Field(default_factory=dict)
    anything: FreeJson = None
    any_object: FreeObject = Field(default_factory=dict)
    any_map: FreeMap = Field(default_factory=dict)
    embedded: EmbeddedObject
    big: Int64 = 0
    listed: Annotated[tuple[Inner, ...], Field(json_schema_extra={"x-kubernetes-list-type": "atomic"})] = ()
    ruled: str = Field("", json_schema_extra=rules(("self != ''", "say something")))


SCHEMA = structural(Outer)
INNER = {
    "description": "An inner thing.",
    "type": "object",
    "properties": {"name": {"description": "Its name.", "type": "string"}, "size": {"type": "integer"}},
    "required": ["name"],
}


@pytest.mark.parametrize(
    ("field", "schema"),
    [
        pytest.param("plainText", {"type": "string"}, id="a name is written as in JSON"),
        pytest.param("optional", {"type": "string"}, id="optional means that it may be left out"),
        pytest.param("choice", {"type": "string", "enum": ["a", "b"], "default": "a"}, id="a choice with a default"),
        pytest.param("only", {"type": "string", "enum": ["x"]}, id="a choice of one"),
        pytest.param("flag", {"type": "boolean"}, id="false is no default worth writing"),
        pytest.param("many", {"type": "array", "items": INNER}, id="nor is an empty list"),
        pytest.param("one", INNER, id="a model is put in its place"),
        pytest.param("defaultOne", {**INNER, "default": {"name": "usual"}}, id="a default without nulls"),
        pytest.param("described", {**INNER, "description": "What it is here."}, id="the nearer description wins"),
        pytest.param("labels", {"type": "object", "additionalProperties": {"type": "string"}}, id="a map"),
        pytest.param("inners", {"type": "object", "additionalProperties": INNER}, id="a map of models"),
        pytest.param("anything", {"x-kubernetes-preserve-unknown-fields": True}, id="any JSON"),
        pytest.param("anyObject", {"type": "object", "x-kubernetes-preserve-unknown-fields": True}, id="any object"),
        pytest.param(
            "anyMap",
            {"type": "object", "additionalProperties": {"x-kubernetes-preserve-unknown-fields": True}},
            id="any map",
        ),
        pytest.param(
            "embedded",
            {"type": "object", "x-kubernetes-embedded-resource": True, "x-kubernetes-preserve-unknown-fields": True},
            id="an object in an object",
        ),
        pytest.param("big", {"type": "integer", "format": "int64"}, id="an integer of a size"),
        pytest.param("listed", {"type": "array", "items": INNER, "x-kubernetes-list-type": "atomic"}, id="a keyword"),
        pytest.param(
            "ruled",
            {"type": "string", "x-kubernetes-validations": [{"rule": "self != ''", "message": "say something"}]},
            id="a rule",
        ),
    ],
)
def test_a_field_becomes(field, schema):
    assert SCHEMA["properties"][field] == schema


def test_what_has_no_default_is_required():
    assert SCHEMA["required"] == ["plainText", "only", "one", "embedded"]


def test_a_description_is_one_line():
    assert SCHEMA["description"] == "An outer thing. In two paragraphs."
