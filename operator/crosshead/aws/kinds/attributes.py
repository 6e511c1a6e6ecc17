"""Attributes of queues and topics: texts by name, whatever they mean."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from crosshead.aws.comparing import document
from crosshead.aws.descriptor import Field
from crosshead.aws.shapes import FLAG, TEXT, Same, Scalar, encode
from crosshead.base.values import Draft, Json

Parameters = Mapping[str, Json]
# What is said when nothing is there. A number that AWS does not show has none.
_NOTHING: Final[Mapping[Scalar, Json]] = {TEXT: "", FLAG: False}


def text(value: Json) -> str:
    """Return *value* as an attribute has it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def only_true(value: Json) -> Json:
    """Return a flag that may not even be mentioned when it is not set."""
    return "true" if value else None


def attribute(
    name: str,
    aws: str,
    shape: Scalar = TEXT,
    *,
    created: bool = True,
    late: bool = True,
    same: Same | None = None,
) -> Field:
    """Return the field of an attribute; *created* is false for what a create does not take."""
    member = f"Attributes.{aws}"
    return Field(
        name=name,
        shape=shape,
        create=member if created else "",
        modify=member,
        read=aws,
        absent=_NOTHING.get(shape),
        late=late and shape is not FLAG,
        same=same,
        wrap=text,
    )


def alone(field: Field) -> Field:
    """Return *field* as an attribute that AWS changes by itself, in a call that names it."""

    def change(declared: Json, _: Json) -> Draft:
        return {"AttributeName": field.read, "AttributeValue": text(encode(field.shape, declared))}

    return replace(field, modify="AttributeValue", change=change)


def redrive(declared: Json, found: Json, parameters: Parameters) -> bool:
    """Whether two redrive policies say the same: AWS counts in numbers, users in texts as well."""
    return document(_counted(declared), _counted(found), parameters)


def _counted(policy: Json) -> Json:
    try:
        return json.dumps({name: _number(value) for name, value in json.loads(policy).items()})
    except (TypeError, ValueError, AttributeError):
        return policy


def _number(value: Json) -> Json:
    return int(value) if isinstance(value, str) and value.isdigit() else value
