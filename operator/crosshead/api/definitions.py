"""
CompositeResourceDefinition (XRD): which kinds of composite, and of claim, there are.

Both versions of the XRD have the same fields, which is why the API server can turn one into the other without being
told how: v1 is stored, v2 shows it. They differ in what an XRD is that does not say its scope, and in the rules.
"""

from typing import Literal

from pydantic import ConfigDict, Field

from crosshead.api.crds import AGE, Column, Names, Version, custom_resource_definition
from crosshead.api.model import IMMUTABLE, UNCHANGED, ApiModel, FreeObject, Int32, rules
from crosshead.api.references import LabelSelector, NameRef, TypeRef
from crosshead.api.schemas import structural
from crosshead.api.status import ConditionedStatus
from crosshead.base.values import Draft


class KindNames(ApiModel):
    """The names of a kind, as a CRD has them."""

    plural: str
    """The plural, as in the URL; in lower case."""
    singular: str | None = None
    """The singular; the kind in lower case by default."""
    kind: str
    """The kind, in CamelCase."""
    list_kind: str | None = None
    """The kind of a list; `<kind>List` by default."""
    short_names: tuple[str, ...] = ()
    """What kubectl takes instead of the plural."""
    categories: tuple[str, ...] = ()
    """The groups of kinds (`kubectl get <category>`) to which this one belongs."""


class PrinterColumn(ApiModel):
    """A column of `kubectl get`."""

    name: str
    """The heading."""
    type: str
    """The OpenAPI type of the value."""
    json_path: str
    """Where the value is in the object."""
    format: str | None = None
    """The OpenAPI format of the value."""
    description: str | None = None
    """What the column shows."""
    priority: Int32 | None = None
    """Columns of a priority above 0 are only shown in wide output."""


class VersionSchema(ApiModel):
    """The author's part of a version's schema."""

    open_apiv3_schema: FreeObject | None = Field(None, alias="openAPIV3Schema")
    """The schema of spec and status, without what Crossplane adds to both."""


class ScaleSubresource(ApiModel):
    """Where the numbers of `kubectl scale` and of autoscalers are."""

    spec_replicas_path: str
    """The path of the wanted number, below spec."""
    status_replicas_path: str
    """The path of the number that there is, below status."""
    label_selector_path: str | None = None
    """The path of the selector of what is being scaled, as text."""


class Subresources(ApiModel):
    """What the defined kinds have besides status, which they all have."""

    scale: ScaleSubresource | None = None
    """The subresource scale."""


class DefinitionVersion(ApiModel):
    """One version of the defined kinds."""

    name: str
    """The name of the version, such as v1alpha1."""
    referenceable: bool
    """Whether Compositions refer to this version; exactly one must be referenceable."""
    served: bool
    """Whether the API server serves this version."""
    deprecated: bool | None = None
    """Whether whoever uses this version is warned."""
    deprecation_warning: str | None = Field(None, max_length=256)
    """The warning."""
    # Named apart from BaseModel.schema, which pydantic would warn of.
    validation: VersionSchema | None = Field(None, alias="schema")
    """The schema of this version."""
    additional_printer_columns: tuple[PrinterColumn, ...] = ()
    """Columns that `kubectl get` shows before those that all composites have."""
    subresources: Subresources | None = None
    """The subresources of this version."""


class ServiceReference(ApiModel):
    """A Service of the cluster."""

    namespace: str
    """Namespace of the Service."""
    name: str
    """Name of the Service."""
    path: str | None = None
    """The path of the URL."""
    port: Int32 | None = None
    """The port; 443 by default."""


class WebhookClient(ApiModel):
    """How to reach a webhook."""

    url: str | None = None
    """Its URL, when it is not a Service."""
    service: ServiceReference | None = None
    """Its Service."""
    ca_bundle: str | None = None
    """The certificates to trust, in PEM, in Base64."""


class ConversionWebhook(ApiModel):
    """The webhook that converts between versions."""

    client_config: WebhookClient | None = None
    """How to reach it."""
    conversion_review_versions: tuple[str, ...]
    """The versions of ConversionReview that it understands, the preferred one first."""


class Conversion(ApiModel):
    """How the API server converts between versions."""

    strategy: str
    """None (only apiVersion changes) or Webhook."""
    webhook: ConversionWebhook | None = None
    """The webhook, for the strategy Webhook."""


class GeneratedMetadata(ApiModel):
    """What to add to the metadata of the CRDs that are made of a definition."""

    labels: dict[str, str] = Field(default_factory=dict)
    """Labels to add."""
    annotations: dict[str, str] = Field(default_factory=dict)
    """Annotations to add."""


_LOWER_CASE = (
    ("self.plural == self.plural.lowerAscii()", "Plural name must be lowercase"),
    ("!has(self.singular) || self.singular == self.singular.lowerAscii()", "Singular name must be lowercase"),
)
_NAMES = rules(UNCHANGED, *_LOWER_CASE)


class DefinitionSpec(ApiModel):
    """What every version of the definition says."""

    group: str = Field(json_schema_extra=IMMUTABLE)
    """The API group of the defined kinds."""
    names: KindNames = Field(json_schema_extra=_NAMES)
    """The names of the composite's kind. The definition must be called `<plural>.<group>`."""
    default_composition_ref: NameRef | None = None
    """The Composition of composites that choose none."""
    enforced_composition_ref: NameRef | None = Field(None, json_schema_extra=IMMUTABLE)
    """The Composition of all composites, whatever they choose."""
    default_composition_update_policy: Literal["Automatic", "Manual"] = "Automatic"
    """Whether composites that do not say otherwise follow the latest revision of their Composition."""
    default_composition_revision_selector: LabelSelector | None = None
    """Which revisions of their Composition composites use that do not say otherwise."""
    connection_secret_keys: tuple[str, ...] = ()
    """The keys that the composites' connection secrets may have; any when there are none. Only for LegacyCluster."""
    versions: tuple[DefinitionVersion, ...]
    """The versions of the defined kinds."""
    metadata: GeneratedMetadata | None = None
    """What to add to the metadata of the CRDs that are made of this definition."""


class DefinitionSpecV1(DefinitionSpec):
    """What is defined."""

    model_config = ConfigDict(
        json_schema_extra=rules(
            (
                "self.scope == 'LegacyCluster' || !has(self.claimNames)",
                "Only LegacyCluster composite resources can offer claims",
            ),
            (
                "self.scope == 'LegacyCluster' || !has(self.connectionSecretKeys)",
                "Only LegacyCluster composite resources support connection secrets",
            ),
        )
    )

    scope: Literal["LegacyCluster", "Namespaced", "Cluster"] = Field("LegacyCluster", json_schema_extra=IMMUTABLE)
    """Where composites live. LegacyCluster: outside of namespaces, as they did before Crossplane 2.0, with claims."""
    claim_names: KindNames | None = Field(None, json_schema_extra=_NAMES)
    """The names of the claim's kind; there are no claims without. Only for the scope LegacyCluster."""
    default_composite_delete_policy: Literal["Background", "Foreground"] = "Background"
    """Whether claims that do not say otherwise wait for their composite when they are deleted."""
    # Crossplane 2 refuses the strategy None here, by a slip; 1.20 takes it, and so does v2.
    conversion: Conversion | None = Field(
        None,
        json_schema_extra=rules(
            (
                "self.strategy != 'Webhook' || has(self.webhook)",
                "Webhook configuration is required when conversion strategy is Webhook",
            )
        ),
    )
    """How the API server converts between versions."""


class DefinitionSpecV2(DefinitionSpec):
    """What is defined."""

    model_config = ConfigDict(
        json_schema_extra=rules(
            (
                "!has(self.claimNames) || self.scope == 'LegacyCluster'",
                "Claims aren't supported in apiextensions.crossplane.io/v2",
            ),
            (
                "!has(self.connectionSecretKeys) || self.scope == 'LegacyCluster'",
                "XR connection secrets aren't supported in apiextensions.crossplane.io/v2",
            ),
        )
    )

    scope: Literal["Namespaced", "Cluster"] = Field("Namespaced", json_schema_extra=IMMUTABLE)
    """Where composites live. One that says LegacyCluster was written as v1, and can only be changed as v1."""
    claim_names: KindNames | None = None
    """The names of the claim's kind, of definitions that were written as v1."""
    default_composite_delete_policy: Literal["Background", "Foreground"] | None = None
    """Whether claims wait for their composite when they are deleted, of definitions that were written as v1."""
    conversion: Conversion | None = None
    """How the API server converts between versions."""


class Controllers(ApiModel):
    """The kinds that are being reconciled."""

    composite_resource_type: TypeRef | None = None
    """The kind of composite."""
    composite_resource_claim_type: TypeRef | None = None
    """The kind of claim."""


class DefinitionStatus(ConditionedStatus):
    """How far the definition has got."""

    controllers: Controllers | None = None
    """The kinds that are being reconciled because of this definition."""


class CompositeResourceDefinition(ApiModel):
    """A kind of composite resource, and of the claims for it."""

    api_version: str
    kind: str
    metadata: FreeObject
    spec: DefinitionSpecV1
    status: DefinitionStatus = DefinitionStatus()


class CompositeResourceDefinitionV2(ApiModel):
    """A kind of composite resource."""

    api_version: str
    kind: str
    metadata: FreeObject
    spec: DefinitionSpecV2
    status: DefinitionStatus = DefinitionStatus()


_COLUMNS = (
    Column("ESTABLISHED", ".status.conditions[?(@.type=='Established')].status"),
    Column("OFFERED", ".status.conditions[?(@.type=='Offered')].status"),
    AGE,
)


def definition_crd() -> Draft:
    """Return the CRD of CompositeResourceDefinition."""
    names = Names(
        "CompositeResourceDefinition",
        "compositeresourcedefinitions",
        short=("xrd", "xrds"),
        categories=("crossplane",),
    )
    versions = (
        Version("v1", structural(CompositeResourceDefinition), _COLUMNS),
        Version("v2", structural(CompositeResourceDefinitionV2), _COLUMNS, storage=False),
    )
    return custom_resource_definition("apiextensions.crossplane.io", names, versions)
