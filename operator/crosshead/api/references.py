"""The shapes in which one object points at another."""

from typing import Literal

from pydantic import ConfigDict, Field

from crosshead.api.model import ApiModel


class TypeRef(ApiModel):
    """A kind of object."""

    api_version: str
    """The group and version of the kind."""
    kind: str
    """The kind."""


class NameRef(ApiModel):
    """An object of a kind that needs no saying, by its name."""

    name: str
    """Name of the object."""


class SecretRef(ApiModel):
    """A Secret."""

    name: str
    """Name of the Secret."""
    namespace: str
    """Namespace of the Secret."""


class LocalSecretRef(ApiModel):
    """A Secret in the namespace of whoever refers to it."""

    name: str
    """Name of the Secret."""


class LocalSecretKeyRef(LocalSecretRef):
    """One key of a Secret in the namespace of whoever refers to it."""

    key: str
    """The key whose value is meant."""


class SecretKeyRef(SecretRef):
    """One key of a Secret."""

    key: str
    """The key whose value is meant."""


class LabelRequirement(ApiModel):
    """What the value of one label must be."""

    key: str
    """The label."""
    operator: str
    """In, NotIn, Exists or DoesNotExist."""
    values: tuple[str, ...] = Field((), json_schema_extra={"x-kubernetes-list-type": "atomic"})
    """The values that In and NotIn speak of."""


class LabelSelector(ApiModel):
    """Objects, by their labels; all that is said must hold."""

    model_config = ConfigDict(json_schema_extra={"x-kubernetes-map-type": "atomic"})

    match_labels: dict[str, str] = Field(default_factory=dict)
    """Labels with their values."""
    match_expressions: tuple[LabelRequirement, ...] = Field((), json_schema_extra={"x-kubernetes-list-type": "atomic"})
    """What values of labels must be."""


class Policy(ApiModel):
    """When a reference is resolved, and what it means when that fails."""

    resolution: Literal["Required", "Optional"] = "Required"
    """Required: nothing happens until the reference can be resolved. Optional: one that cannot be is left out."""
    resolve: Literal["Always", "IfNotPresent"] | None = None
    """Always: on every reconcile. IfNotPresent (the default): only while the field it fills is empty."""


class Reference(ApiModel):
    """Another managed resource, by its name."""

    name: str
    """Name of the referenced object."""
    policy: Policy | None = None
    """How the reference is resolved."""


class Selector(ApiModel):
    """Another managed resource, by its labels or its controller."""

    match_labels: dict[str, str] = Field(default_factory=dict)
    """Labels that the selected object carries."""
    match_controller_ref: bool = False
    """Whether the selected object must have the same controller as the selecting one."""
    policy: Policy | None = None
    """How the selection is made."""


class NamespacedReference(Reference):
    """Another managed resource, by its name; in the same namespace unless another is named."""

    namespace: str | None = None
    """Namespace of the referenced object."""


class NamespacedSelector(Selector):
    """Another managed resource, by its labels or its controller; in the same namespace unless another is named."""

    namespace: str | None = None
    """Namespace of the selected object."""


class ProviderConfigReference(ApiModel):
    """A ProviderConfig of the same namespace, or a ClusterProviderConfig."""

    kind: str
    """ProviderConfig or ClusterProviderConfig."""
    name: str
    """Name of the configuration."""
