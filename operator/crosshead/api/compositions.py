"""Composition and CompositionRevision: what a composite is composed of."""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from crosshead.api.crds import AGE, Column, Names, Version, custom_resource_definition
from crosshead.api.model import IMMUTABLE, ApiModel, EmbeddedObject, FreeObject, Int64, rules
from crosshead.api.patches import Patch, PatchSet
from crosshead.api.references import NameRef, SecretRef, TypeRef
from crosshead.api.schemas import structural
from crosshead.api.status import ConditionedStatus
from crosshead.base.values import Draft


def _keyed(by: str) -> Any:  # noqa: ANN401 (what pydantic's Field returns)
    return Field(json_schema_extra={"x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": [by]})


class MatchCondition(ApiModel):
    """A condition to wait for."""

    type: str = Field("Ready", json_schema_extra={"default": "Ready"})
    """The type of the condition."""
    status: str = Field("True", json_schema_extra={"default": "True"})
    """The status that the condition must have."""


class ReadinessCheck(ApiModel):
    """What must be so for a composed resource to count as ready."""

    type: Literal["MatchString", "MatchInteger", "NonEmpty", "MatchCondition", "MatchTrue", "MatchFalse", "None"]
    """What is checked."""
    field_path: str | None = None
    """The path of the value to check."""
    match_string: str | None = None
    """The string that the value must equal."""
    match_integer: Int64 | None = None
    """The integer that the value must equal."""
    match_condition: MatchCondition | None = None
    """The condition that the resource must have."""


class ConnectionDetail(ApiModel):
    """One key of the composite's connection secret."""

    name: str | None = None
    """The key; fromConnectionSecretKey by default."""
    type: Literal["FromConnectionSecretKey", "FromFieldPath", "FromValue"] | None = None
    """Where the value comes from; told from the other fields when it is not given."""
    from_connection_secret_key: str | None = None
    """The key of the composed resource's connection secret that holds the value."""
    from_field_path: str | None = None
    """The path in the composed resource that holds the value."""
    value: str | None = None
    """The value itself."""


class ComposedTemplate(ApiModel):
    """One of the resources that a composite is composed of."""

    name: str | None = None
    """The name of the template within the Composition. All templates have one, or none has."""
    base: EmbeddedObject
    """The resource before it is patched."""
    patches: tuple[Patch, ...] = ()
    """What makes the base the resource of one composite in particular."""
    connection_details: tuple[ConnectionDetail, ...] = ()
    """What the resource adds to the composite's connection secret."""
    readiness_checks: tuple[ReadinessCheck, ...] = Field(
        (ReadinessCheck(type="MatchCondition", match_condition=MatchCondition()),),
        json_schema_extra={
            "default": [{"type": "MatchCondition", "matchCondition": {"type": "Ready", "status": "True"}}]
        },
    )
    """What must be so for the resource to count as ready; all of it."""


class FunctionCredentials(ApiModel):
    """Credentials that are handed to a function."""

    # Crossplane 2 refuses the source None, by a slip; 1.20 takes it.
    model_config = ConfigDict(
        json_schema_extra=rules(
            ("self.source == 'None' || has(self.secretRef)", "the Secret source requires a secretRef")
        )
    )

    name: str
    """The name by which the function knows them."""
    source: Literal["None", "Secret"]
    """Where they come from."""
    secret_ref: SecretRef | None = None
    """The Secret that holds them."""


class RequiredResource(ApiModel):
    """Objects that a function gets to see: one by its name, or all that carry labels."""

    model_config = ConfigDict(
        json_schema_extra=rules(
            ("!(has(self.name) && has(self.matchLabels))", "name and matchLabels are mutually exclusive")
        )
    )

    requirement_name: str
    """The name by which the function knows them."""
    api_version: str
    """The group and version of their kind."""
    kind: str
    """Their kind."""
    namespace: str | None = None
    """Their namespace, when they live in one."""
    name: str | None = None
    """Name of the one object."""
    match_labels: dict[str, str] = Field(default_factory=dict)
    """Labels that the objects carry."""


class RequiredSchema(TypeRef):
    """The OpenAPI schema of a kind, which a function gets to see."""

    requirement_name: str
    """The name by which the function knows it."""


class FunctionRequirements(ApiModel):
    """What a function gets to see from its first call on."""

    required_resources: Annotated[tuple[RequiredResource, ...], _keyed("requirementName")] = ()
    """Objects of the cluster."""
    required_schemas: Annotated[tuple[RequiredSchema, ...], _keyed("requirementName")] = ()
    """Schemas of kinds."""


class PipelineStep(ApiModel):
    """One function of a pipeline."""

    step: str
    """The name of the step."""
    function_ref: NameRef
    """The function."""
    input: EmbeddedObject | None = None
    """What the function is told."""
    credentials: Annotated[tuple[FunctionCredentials, ...], _keyed("name")] = ()
    """Credentials that the function needs."""
    requirements: FunctionRequirements | None = None
    """What the function needs to see before it can say so itself."""


class CompositionSpec(ApiModel):
    """What a composite is composed of."""

    model_config = ConfigDict(
        json_schema_extra=rules(
            ("self.mode != 'Pipeline' || has(self.pipeline)", "an array of pipeline steps is required in Pipeline mode")
        )
    )

    composite_type_ref: TypeRef = Field(json_schema_extra=IMMUTABLE)
    """The kind of composites that this is for."""
    mode: Literal["Resources", "Pipeline"] = "Resources"
    """Whether resources says what to compose, or the functions of pipeline do."""
    patch_sets: tuple[PatchSet, ...] = ()
    """Patches that several resources share."""
    resources: tuple[ComposedTemplate, ...] = ()
    """The resources to compose, in mode Resources."""
    pipeline: Annotated[tuple[PipelineStep, ...], _keyed("step")] = Field((), min_length=1, max_length=99)
    """The functions that say what to compose, in mode Pipeline."""
    write_connection_secrets_to_namespace: str | None = None
    """The namespace of the composites' connection secrets."""
    publish_connection_details_with_store_config_ref: NameRef = NameRef(name="default")
    """Accepted for compatibility; external secret stores are not supported."""


class CompositionRevisionSpec(CompositionSpec):
    """What a composite was to be composed of at a certain time."""

    revision: Int64
    """The number of the revision; the highest one is the latest."""


class Composition(ApiModel):
    """What composites of a kind are composed of."""

    api_version: str
    kind: str
    metadata: FreeObject
    spec: CompositionSpec


class CompositionRevision(ApiModel):
    """A Composition as it was at a certain time."""

    api_version: str
    kind: str
    metadata: FreeObject
    spec: CompositionRevisionSpec
    status: ConditionedStatus = ConditionedStatus()


_TYPES = (
    Column("XR-KIND", ".spec.compositeTypeRef.kind"),
    Column("XR-APIVERSION", ".spec.compositeTypeRef.apiVersion"),
)


def composition_crd() -> Draft:
    """Return the CRD of Composition."""
    names = Names("Composition", "compositions", short=("comp",), categories=("crossplane",))
    version = Version("v1", structural(Composition), (*_TYPES, AGE), has_status=False)
    return custom_resource_definition("apiextensions.crossplane.io", names, (version,))


def composition_revision_crd() -> Draft:
    """Return the CRD of CompositionRevision."""
    names = Names("CompositionRevision", "compositionrevisions", short=("comprev",), categories=("crossplane",))
    columns = (Column("REVISION", ".spec.revision"), *_TYPES, AGE)
    version = Version("v1", structural(CompositionRevision), columns)
    return custom_resource_definition("apiextensions.crossplane.io", names, (version,))
