"""Usage (apiextensions.crossplane.io): protects a resource from deletion while something uses it."""

from pydantic import Field

from crosshead.api.crds import AGE, READY, Column, Names, Version, custom_resource_definition
from crosshead.api.model import ApiModel, FreeObject, rules
from crosshead.api.references import NameRef
from crosshead.api.schemas import structural
from crosshead.api.status import ConditionedStatus
from crosshead.base.values import Draft


class ResourceSelector(ApiModel):
    """A resource, by its labels or its controller."""

    match_labels: dict[str, str] = Field(default_factory=dict)
    """Labels that the resource carries."""
    match_controller_ref: bool | None = None
    """Whether the resource must have the same controller as the usage."""


class UsedResource(ApiModel):
    """A resource that uses, or is used."""

    api_version: str | None = None
    """The group and version of the resource."""
    kind: str | None = None
    """The kind of the resource."""
    resource_ref: NameRef | None = None
    """The resource, by its name."""
    resource_selector: ResourceSelector | None = None
    """The resource, by its labels or its controller, when resourceRef does not name it."""


_POINTS_SOMEWHERE = rules(
    (
        "has(self.resourceRef) || has(self.resourceSelector)",
        "either a resource reference or a resource selector should be set.",
    )
)


class UsageSpec(ApiModel):
    """What uses what."""

    of: UsedResource = Field(json_schema_extra=_POINTS_SOMEWHERE)
    """The resource that is protected."""
    by: UsedResource | None = Field(None, json_schema_extra=_POINTS_SOMEWHERE)
    """The resource that uses it."""
    reason: str | None = None
    """Why it is protected, when nothing in particular uses it."""
    replay_deletion: bool | None = None
    """Whether a deletion that was refused is repeated once the usage is gone."""


class Usage(ApiModel):
    """One resource that uses another, which must not be deleted for that time."""

    api_version: str
    kind: str
    metadata: FreeObject
    spec: UsageSpec = Field(
        json_schema_extra=rules(
            ("has(self.by) || has(self.reason)", 'either "spec.by" or "spec.reason" must be specified.')
        )
    )
    status: ConditionedStatus = ConditionedStatus()


_COLUMNS = (Column("DETAILS", r".metadata.annotations.crossplane\.io/usage-details"), READY, AGE)


def usage_crd() -> Draft:
    """Return the CRD of Usage."""
    names = Names("Usage", "usages", categories=("crossplane",))
    schema = structural(Usage)
    versions = (Version("v1alpha1", schema, _COLUMNS, storage=False), Version("v1beta1", schema, _COLUMNS))
    return custom_resource_definition("apiextensions.crossplane.io", names, versions)
