"""Function and FunctionRevision (pkg.crossplane.io): a composition function that is installed, and its versions."""

from typing import Literal

from pydantic import Field

from crosshead.api.crds import AGE, Column, Names, Version, custom_resource_definition
from crosshead.api.model import ApiModel, FreeObject, Int64
from crosshead.api.references import NameRef
from crosshead.api.schemas import structural
from crosshead.api.status import ConditionedStatus
from crosshead.base.values import Draft

GROUP = "pkg.crossplane.io"


class RuntimeConfigRef(NameRef):
    """What configures the runtime of a package."""

    api_version: str = "pkg.crossplane.io/v1beta1"
    """The group and version of the configuration."""
    kind: str = "DeploymentRuntimeConfig"
    """The kind of the configuration."""


class LocalRef(ApiModel):
    """A Secret in the namespace that the packages run in."""

    name: str = ""
    """Name of the Secret."""


class ObjectRef(ApiModel):
    """An object that a revision has made."""

    api_version: str
    """The group and version of the object."""
    kind: str
    """The kind of the object."""
    name: str
    """Name of the object."""
    uid: str | None = None
    """UID of the object."""


class PackageRules(ApiModel):
    """What a package and its revisions have in common."""

    common_labels: dict[str, str] = Field(default_factory=dict)
    """Labels for all that the package makes."""
    ignore_crossplane_constraints: bool = False
    """Whether the package may be installed although it says that it needs another version of Crossplane."""
    package_pull_policy: str = "IfNotPresent"
    """When the image is pulled: Always, IfNotPresent or Never."""
    package_pull_secrets: tuple[LocalRef, ...] = ()
    """Secrets to pull the image with."""
    runtime_config_ref: RuntimeConfigRef = RuntimeConfigRef(name="default")
    """What configures the Deployment that runs the package."""
    skip_dependency_resolution: bool = False
    """Whether the packages that this one depends on are left to you."""


class FunctionSpec(PackageRules):
    """Which function is to be installed, and how."""

    package: str
    """The image of the function."""
    revision_activation_policy: str = "Automatic"
    """Whether a new revision is used at once (Automatic) or when you say so (Manual)."""
    revision_history_limit: Int64 = 1
    """How many old revisions are kept; 0 keeps them all."""


class FunctionStatus(ConditionedStatus):
    """What has become of the package."""

    current_identifier: str | None = None
    """The image that the current revision was made from."""
    current_revision: str | None = None
    """The current revision, be it in use or not."""
    resolved_package: str | None = None
    """The image after all rewriting."""
    runtime: str | None = None
    """What runs the function when it is not a Deployment: InProcess (in the operator itself) or Development."""


class Function(ApiModel):
    """A composition function that is installed."""

    api_version: str
    kind: str
    metadata: FreeObject
    spec: FunctionSpec
    status: FunctionStatus | None = None


class FunctionRevisionSpec(PackageRules):
    """Which image the revision is, and whether it is in use."""

    desired_state: Literal["Active", "Inactive"]
    """Whether the revision is in use."""
    image: str
    """The image of the function."""
    revision: Int64
    """The number of the revision; a higher one is newer."""
    tls_client_secret_name: str | None = None
    """The Secret that holds the certificate the package shows as a client."""
    tls_server_secret_name: str | None = None
    """The Secret that holds the certificate the package shows as a server."""


class FunctionRevisionStatus(ConditionedStatus):
    """What has become of the revision."""

    capabilities: tuple[str, ...] = ()
    """What the function can be used for: composition, operation."""
    endpoint: str | None = None
    """Where the function is to be called."""
    found_dependencies: Int64 | None = None
    """How many packages it depends on."""
    installed_dependencies: Int64 | None = None
    """How many of them are installed."""
    invalid_dependencies: Int64 | None = None
    """How many of them are installed in a version that does not do."""
    object_refs: tuple[ObjectRef, ...] = ()
    """What the revision has made."""
    resolved_image: str | None = None
    """The image after all rewriting."""
    tls_server_secret_name: str | None = None
    """The Secret that the function's certificate was written to."""


class FunctionRevision(ApiModel):
    """One version of a function that is, or was, installed."""

    api_version: str
    kind: str
    metadata: FreeObject
    spec: FunctionRevisionSpec
    status: FunctionRevisionStatus | None = None


class TemplateMetadata(ApiModel):
    """Metadata of an object to be made."""

    annotations: dict[str, str] = Field(default_factory=dict)
    """Annotations for it."""
    labels: dict[str, str] = Field(default_factory=dict)
    """Labels for it."""
    name: str | None = None
    """A name for it, in place of the one it would be given."""


class MetadataTemplate(ApiModel):
    """The part of an object to be made that you may choose."""

    metadata: TemplateMetadata | None = None
    """Its metadata."""


class DeploymentTemplate(MetadataTemplate):
    """The Deployment to be made; what is left out is filled in."""

    spec: FreeObject | None = None
    """Its specification, as a Deployment has it; the container `package-runtime` is the one that runs the package."""


class DeploymentRuntimeConfigSpec(ApiModel):
    """How packages are to be run."""

    deployment_template: DeploymentTemplate | None = None
    """The Deployment of the package."""
    service_account_template: MetadataTemplate | None = None
    """The ServiceAccount of the Deployment."""
    service_template: MetadataTemplate | None = None
    """The Service before the Deployment."""


class DeploymentRuntimeConfig(ApiModel):
    """How packages are to be run: Deployment, Service and ServiceAccount."""

    api_version: str
    kind: str
    metadata: FreeObject
    spec: DeploymentRuntimeConfigSpec = DeploymentRuntimeConfigSpec()


_FUNCTION_COLUMNS = (
    Column("INSTALLED", ".status.conditions[?(@.type=='Installed')].status"),
    Column("HEALTHY", ".status.conditions[?(@.type=='Healthy')].status"),
    Column("PACKAGE", ".spec.package"),
    Column("RUNTIME", ".status.runtime", priority=1),
    AGE,
)
_REVISION_COLUMNS = (
    Column("HEALTHY", ".status.conditions[?(@.type=='RevisionHealthy')].status"),
    Column("RUNTIME", ".status.conditions[?(@.type=='RuntimeHealthy')].status"),
    Column("IMAGE", ".spec.image"),
    Column("STATE", ".spec.desiredState"),
    AGE,
    Column("REVISION", ".spec.revision", priority=1),
)


def function_crd() -> Draft:
    """Return the CRD of Function."""
    names = Names("Function", "functions", categories=("crossplane", "pkg"))
    return custom_resource_definition(GROUP, names, _versions(structural(Function), _FUNCTION_COLUMNS))


def function_revision_crd() -> Draft:
    """Return the CRD of FunctionRevision."""
    names = Names("FunctionRevision", "functionrevisions", categories=("crossplane", "pkgrev"))
    return custom_resource_definition(GROUP, names, _versions(structural(FunctionRevision), _REVISION_COLUMNS))


def deployment_runtime_config_crd() -> Draft:
    """Return the CRD of DeploymentRuntimeConfig."""
    names = Names("DeploymentRuntimeConfig", "deploymentruntimeconfigs", categories=("crossplane",))
    version = Version("v1beta1", structural(DeploymentRuntimeConfig), (AGE,), has_status=False)
    return custom_resource_definition(GROUP, names, (version,))


def _versions(schema: Draft, columns: tuple[Column, ...]) -> tuple[Version, ...]:
    # Both are served by every Crossplane since 1.17, and manifests of both are about.
    return (Version("v1", schema, columns), Version("v1beta1", schema, columns, storage=False))
