"""The base of every model of an object whose schema is ours, and the types of the parts whose schema is not."""

from collections.abc import Mapping
from typing import Annotated, Any, TypeAlias

from pydantic import BaseModel, ConfigDict, WithJsonSchema
from pydantic.alias_generators import to_camel


class ApiModel(BaseModel):
    """A part of a Kubernetes object that we own the schema of."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        populate_by_name=True,
        frozen=True,
        # The API server prunes what the schema does not know; a model must not be stricter than the server that
        # admitted the object, or one written for a newer Crossplane could not be read at all.
        extra="ignore",
        use_attribute_docstrings=True,
    )


FreeJson: TypeAlias = Annotated[Any, WithJsonSchema({"x-kubernetes-preserve-unknown-fields": True})]
"""Any JSON value."""

FreeObject: TypeAlias = Annotated[
    Mapping[str, Any], WithJsonSchema({"type": "object", "x-kubernetes-preserve-unknown-fields": True})
]
"""Any JSON object."""

EmbeddedObject: TypeAlias = Annotated[
    Mapping[str, Any],
    WithJsonSchema(
        {"type": "object", "x-kubernetes-embedded-resource": True, "x-kubernetes-preserve-unknown-fields": True}
    ),
]
"""A whole Kubernetes object inside another."""

FreeMap: TypeAlias = Annotated[
    Mapping[str, Any],
    WithJsonSchema({"type": "object", "additionalProperties": {"x-kubernetes-preserve-unknown-fields": True}}),
]
"""A map from string to any JSON value."""

Int32: TypeAlias = Annotated[int, WithJsonSchema({"type": "integer", "format": "int32"})]
"""An integer as Go's int32 holds it."""

Int64: TypeAlias = Annotated[int, WithJsonSchema({"type": "integer", "format": "int64"})]
"""An integer as Go's int64 holds it."""

DateTime: TypeAlias = Annotated[str, WithJsonSchema({"type": "string", "format": "date-time"})]
"""A moment, as RFC 3339 writes it; kept as text because nothing here calculates with it."""


def rules(*checks: tuple[str, str]) -> dict[str, Any]:
    """
    Return the schema keyword that makes the API server evaluate *checks*: pairs of a CEL rule and its message.

    API server 1.20 does not know the keyword and drops it.
    """
    return {"x-kubernetes-validations": [{"rule": rule, "message": message} for rule, message in checks]}


UNCHANGED = ("self == oldSelf", "Value is immutable")
"""The check that a field stays as it was first written, to combine with others."""

IMMUTABLE = rules(UNCHANGED)
