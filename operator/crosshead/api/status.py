"""The parts that the status of every object of ours has."""

from typing import Annotated

from pydantic import Field

from crosshead.api.model import ApiModel, DateTime, Int64


class StatusCondition(ApiModel):
    """One condition that the object is in."""

    type: str
    """What the condition is about. An object has at most one condition of each type."""
    status: str
    """True, False or Unknown."""
    reason: str
    """Why, in one CamelCase word."""
    message: str = ""
    """Why, in a sentence."""
    last_transition_time: DateTime
    """When the condition last became what it is."""
    observed_generation: Int64 | None = None
    """The metadata.generation that the condition speaks of."""


Conditions = Annotated[
    tuple[StatusCondition, ...],
    Field(json_schema_extra={"x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["type"]}),
]


class ConditionedStatus(ApiModel):
    """A status that consists of conditions."""

    conditions: Conditions = ()
    """The conditions that the object is in."""
