"""NopResource (nop.crossplane.io): a managed resource that owns nothing, for tests, benches and teaching."""

from pydantic import Field

from crosshead.api.managed import ManagedVersion, managed_crd
from crosshead.api.model import ApiModel, FreeObject
from crosshead.api.schemas import structural
from crosshead.base.values import Draft


class ConditionAfter(ApiModel):
    """A condition that the resource gets some time after it was created."""

    time: str
    """How long after the creation, as Go writes durations (10s, 1m30s)."""
    condition_type: str
    """The type of the condition."""
    condition_status: str
    """The status of the condition."""
    condition_reason: str | None = None
    """The reason of the condition."""


class NopConnectionDetail(ApiModel):
    """One key of the resource's connection secret."""

    name: str
    """The key."""
    value: str
    """The value."""


class NopParameters(ApiModel):
    """How the resource is to behave."""

    condition_after: tuple[ConditionAfter, ...] = ()
    """The conditions that the resource gets, and when."""
    connection_details: tuple[NopConnectionDetail, ...] = ()
    """What the resource's connection secret holds."""
    fields: FreeObject = Field(default_factory=dict)
    """Anything; for compositions to patch."""


class NopObservation(ApiModel):
    """What is shown of the resource."""

    fields: FreeObject = Field(default_factory=dict)
    """Anything."""


def nop_crd() -> Draft:
    """Return the CRD of NopResource."""
    version = ManagedVersion(
        name="v1alpha1",
        for_provider=structural(NopParameters),
        at_provider=structural(NopObservation),
        description="A managed resource that owns nothing outside the cluster.",
    )
    return managed_crd("nop.crossplane.io", "NopResource", "nopresources", (version,), provider="nop")
