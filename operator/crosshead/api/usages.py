"""
Usage: protects a resource from deletion while something uses it.

There are three: the one of apiextensions.crossplane.io, and since Crossplane 2.0 those of protection.crossplane.io,
Usage in a namespace and ClusterUsage outside.
"""

from pydantic import ConfigDict, Field

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


class NamespacedNameRef(NameRef):
    """An object by its name, and its namespace when that is another one."""

    namespace: str | None = None
    """Namespace of the object."""


class NamespacedSelector(ResourceSelector):
    """A resource by its labels or its controller, and its namespace when that is another one."""

    namespace: str | None = None
    """Namespace of the resource; the usage's own by default."""


class NamespacedUsedResource(UsedResource):
    """A resource that is used, in whatever namespace."""

    resource_ref: NamespacedNameRef | None = None
    """The resource, by its name."""
    resource_selector: NamespacedSelector | None = None
    """The resource, by its labels or its controller, when resourceRef does not name it."""


_POINTS_SOMEWHERE = rules(
    (
        "has(self.resourceRef) || has(self.resourceSelector)",
        "either a resource reference or a resource selector should be set.",
    )
)


_SAYS_WHY = ("has(self.by) || has(self.reason)", 'either "spec.by" or "spec.reason" must be specified.')
_ELSEWHERE = " || ".join(
    f"has(self.of.{how}) && has(self.of.{how}.namespace)" for how in ("resourceRef", "resourceSelector")
)
_STAYS_AT_HOME = (
    f"has(self.by) || !({_ELSEWHERE})",
    'cross-namespace "spec.of" is not allowed without "spec.by" resource.',
)


class UsageSpec(ApiModel):
    """What uses what."""

    model_config = ConfigDict(json_schema_extra=rules(_SAYS_WHY))

    of: UsedResource = Field(json_schema_extra=_POINTS_SOMEWHERE)
    """The resource that is protected."""
    by: UsedResource | None = Field(None, json_schema_extra=_POINTS_SOMEWHERE)
    """The resource that uses it."""
    reason: str | None = None
    """Why it is protected, when nothing in particular uses it."""
    replay_deletion: bool | None = None
    """Whether a deletion that was refused is repeated once the usage is gone."""


class NamespacedUsageSpec(UsageSpec):
    """What uses what. What uses is in the namespace of the usage."""

    model_config = ConfigDict(json_schema_extra=rules(_SAYS_WHY, _STAYS_AT_HOME))

    of: NamespacedUsedResource = Field(json_schema_extra=_POINTS_SOMEWHERE)
    """The resource that is protected."""


class Usage(ApiModel):
    """One resource that uses another, which must not be deleted for that time."""

    api_version: str
    kind: str
    metadata: FreeObject
    spec: UsageSpec
    status: ConditionedStatus = ConditionedStatus()


class NamespacedUsage(ApiModel):
    """A resource of a namespace that uses another, which must not be deleted for that time."""

    api_version: str
    kind: str
    metadata: FreeObject
    spec: NamespacedUsageSpec
    status: ConditionedStatus = ConditionedStatus()


_PROTECTION = "protection.crossplane.io"
_COLUMNS = (Column("DETAILS", r".metadata.annotations.crossplane\.io/usage-details"), READY, AGE)


def usage_crd() -> Draft:
    """Return the CRD of Usage."""
    names = Names("Usage", "usages", categories=("crossplane",))
    schema = structural(Usage)
    versions = (Version("v1alpha1", schema, _COLUMNS, storage=False), Version("v1beta1", schema, _COLUMNS))
    return custom_resource_definition("apiextensions.crossplane.io", names, versions)


def namespaced_usage_crd() -> Draft:
    """Return the CRD of protection's Usage."""
    names = Names("Usage", "usages", categories=("crossplane",))
    version = Version("v1beta1", structural(NamespacedUsage), _COLUMNS)
    return custom_resource_definition(_PROTECTION, names, (version,), scope="Namespaced")


def cluster_usage_crd() -> Draft:
    """Return the CRD of protection's ClusterUsage, which is the old Usage by another name."""
    names = Names("ClusterUsage", "clusterusages", categories=("crossplane",))
    return custom_resource_definition(_PROTECTION, names, (Version("v1beta1", structural(Usage), _COLUMNS),))
