"""ProviderConfigs and their usages (aws.upbound.io, aws.m.upbound.io): how to reach AWS, and who does so."""

from typing import Annotated, Literal

from pydantic import Field, WithJsonSchema

from crosshead.api.crds import AGE, Column, Names, Version, custom_resource_definition
from crosshead.api.model import ApiModel, FreeObject, Int64, rules
from crosshead.api.references import ProviderConfigReference, Reference, SecretKeyRef
from crosshead.api.schemas import structural
from crosshead.api.status import ConditionedStatus
from crosshead.base.values import Draft


class EnvironmentVariable(ApiModel):
    """A variable in the environment of the operator."""

    name: str
    """The name of the variable."""


class FilePath(ApiModel):
    """A file that the operator can read."""

    path: str
    """The path of the file."""


class TokenConfig(ApiModel):
    """Where a token comes from."""

    source: Literal["Secret", "Filesystem"]
    """The kind of place."""
    secret_ref: SecretKeyRef | None = None
    """The key of the Secret that holds the token."""
    fs: FilePath | None = None
    """The file that holds the token."""


class WebIdentity(ApiModel):
    """A role to assume with a token of another identity provider."""

    role_arn: str | None = Field(None, alias="roleARN")
    """The ARN of the role."""
    role_session_name: str | None = None
    """The name of the session."""
    token_config: TokenConfig | None = None
    """Where the token comes from."""


class UpboundIdentity(ApiModel):
    """Accepted for compatibility; credentials of this source are not supported."""

    web_identity: WebIdentity | None = None
    """The role to assume."""


class Credentials(ApiModel):
    """Where the credentials come from."""

    # "Environment" is the community provider's word; the others are those of Upbound's.
    source: Literal["None", "Secret", "IRSA", "WebIdentity", "PodIdentity", "Upbound", "Environment"]
    """The kind of place."""
    secret_ref: SecretKeyRef | None = None
    """The key of the Secret that holds a credentials file as the AWS CLI writes it."""
    env: EnvironmentVariable | None = None
    """The variable that holds a credentials file; with Environment, the usual AWS_* variables by default."""
    fs: FilePath | None = None
    """The credentials file."""
    web_identity: WebIdentity | None = None
    """The role to assume, for the source WebIdentity."""
    upbound: UpboundIdentity | None = None
    """The role to assume, for the source Upbound."""


class SessionTag(ApiModel):
    """A tag of a session."""

    key: str
    """The key of the tag."""
    value: str
    """The value of the tag."""


class AssumedRole(ApiModel):
    """A role to assume."""

    role_arn: str | None = Field(None, alias="roleARN")
    """The ARN of the role."""
    external_id: str | None = Field(None, alias="externalID")
    """The external id that the role asks for."""
    tags: tuple[SessionTag, ...] = ()
    """Tags of the session."""
    transitive_tag_keys: tuple[str, ...] = ()
    """The keys of tags that the next roles of the chain get, too."""


class DynamicUrl(ApiModel):
    """A URL that is put together from service and region: `<protocol>://<service>.<region>.<host>`."""

    protocol: Literal["http", "https"]
    """How to talk to the host."""
    host: str
    """The end of the host's name."""


class EndpointUrl(ApiModel):
    """Where the services are."""

    type: Literal["Static", "Dynamic", "Auto"]
    """How the URL is told."""
    static: str | None = None
    """The URL of all services."""
    dynamic: DynamicUrl | None = None
    """What the URL of a service is put together from."""


class Endpoint(ApiModel):
    """Services that are not where AWS has them."""

    url: EndpointUrl
    """Where the services are."""
    services: tuple[str, ...] = ()
    """The services that are there; all when none is named."""
    hostname_immutable: bool | None = None
    """Whether the host's name stays as it is (no bucket is put in front of it)."""
    partition_id: str | None = None
    """The partition of the services' ARNs."""
    signing_name: str | None = None
    """The service that requests are signed for."""
    signing_region: str | None = None
    """The region that requests are signed for."""
    signing_method: str | None = None
    """How requests are signed."""
    source: Literal["ServiceMetadata", "Custom"] | None = None
    """Accepted for compatibility."""


Delay = Annotated[str | None, WithJsonSchema({"type": "string"})]


class FailureLimiter(ApiModel):
    """How long to wait after a failure; twice as long after each further one."""

    base_delay: Delay = Field(
        None, json_schema_extra=rules(("duration(self) >= duration('1s')", "baseDelay must be at least 1s"))
    )
    """How long to wait after the first failure."""
    max_delay: Delay = Field(
        None, json_schema_extra=rules(("duration(self) >= duration('60s')", "maxDelay must be at least 60s"))
    )
    """How long to wait at most."""


class ReconciliationPolicy(ApiModel):
    """How often the resources of this configuration are looked at."""

    exponential_failure_rate_limiter: FailureLimiter | None = None
    """How long to wait after failures."""


class ProviderConfigSpec(ApiModel):
    """How to reach AWS."""

    credentials: Credentials
    """Where the credentials come from."""
    assume_role_chain: tuple[AssumedRole, ...] = ()
    """Roles to assume, one from the other."""
    endpoint: Endpoint | None = None
    """Where the services are, when they are not where AWS has them."""
    reconciliation_policy: ReconciliationPolicy | None = None
    """How often the resources of this configuration are looked at."""
    skip_credentials_validation: bool | None = Field(None, alias="skip_credentials_validation")
    """Whether to do without asking AWS whose credentials they are; the account is 000000000000 then."""
    skip_region_validation: bool | None = Field(None, alias="skip_region_validation")
    """Whether any region will do."""
    s3_use_path_style: bool | None = Field(None, alias="s3_use_path_style")
    """Whether buckets stand in the path of a URL instead of in its host."""
    skip_metadata_api_check: bool | None = Field(None, alias="skip_metadata_api_check")
    """Accepted for compatibility."""
    skip_requesting_account_id: bool | None = Field(None, alias="skip_requesting_account_id")
    """Whether to do without the account's id."""


class ProviderConfigStatus(ConditionedStatus):
    """Who uses the configuration."""

    users: Int64 = 0
    """How many resources use it."""


class ProviderConfig(ApiModel):
    """How to reach AWS: credentials, roles and endpoints."""

    api_version: str
    kind: str
    metadata: FreeObject
    spec: ProviderConfigSpec
    status: ProviderConfigStatus = ProviderConfigStatus()


class UsingResource(ApiModel):
    """A resource that uses a configuration."""

    api_version: str
    """The group and version of the resource."""
    kind: str
    """The kind of the resource."""
    name: str
    """The name of the resource."""
    uid: str | None = None
    """The UID of the resource."""


class ProviderConfigUsage(ApiModel):
    """One resource that uses a configuration, which must not be deleted for that time."""

    api_version: str
    kind: str
    metadata: FreeObject
    provider_config_ref: Reference
    """The configuration."""
    resource_ref: UsingResource
    """The resource."""


class NamespacedProviderConfigUsage(ApiModel):
    """One resource of a namespace that uses a configuration, which must not be deleted for that time."""

    api_version: str
    kind: str
    metadata: FreeObject
    provider_config_ref: ProviderConfigReference
    """The configuration."""
    resource_ref: UsingResource
    """The resource."""


_GROUP = "aws.upbound.io"
_NAMESPACED_GROUP = "aws.m.upbound.io"
_CATEGORIES = ("crossplane", "providerconfig", "aws")


def provider_config_crds() -> list[Draft]:
    """Return the CRDs of ProviderConfig, of both families, and of ClusterProviderConfig."""
    return [
        _config_crd(_GROUP, "ProviderConfig", "Cluster"),
        _config_crd(_NAMESPACED_GROUP, "ProviderConfig", "Namespaced"),
        _config_crd(_NAMESPACED_GROUP, "ClusterProviderConfig", "Cluster"),
    ]


def provider_config_usage_crds() -> list[Draft]:
    """Return the CRDs of ProviderConfigUsage, of both families."""
    return [
        _usage_crd(_GROUP, ProviderConfigUsage, (), "Cluster"),
        _usage_crd(
            _NAMESPACED_GROUP,
            NamespacedProviderConfigUsage,
            (Column("CONFIG-KIND", ".providerConfigRef.kind"),),
            "Namespaced",
        ),
    ]


def _config_crd(group: str, kind: str, scope: str) -> Draft:
    names = Names(kind, f"{kind.lower()}s", categories=_CATEGORIES)
    columns = (AGE, Column("SOURCE", ".spec.credentials.source", priority=1))
    version = Version("v1beta1", structural(ProviderConfig), columns)
    return custom_resource_definition(group, names, (version,), scope=scope)


def _usage_crd(group: str, model: type[ApiModel], extra: tuple[Column, ...], scope: str) -> Draft:
    names = Names("ProviderConfigUsage", "providerconfigusages", categories=_CATEGORIES)
    columns = (
        AGE,
        *extra,
        Column("CONFIG-NAME", ".providerConfigRef.name"),
        Column("RESOURCE-KIND", ".resourceRef.kind"),
        Column("RESOURCE-NAME", ".resourceRef.name"),
    )
    version = Version("v1beta1", structural(model), columns, has_status=False)
    return custom_resource_definition(group, names, (version,), scope=scope)
