"""The parameters of a Lambda function. AWS shows most of them, and nothing of where its code is from."""

from collections.abc import Mapping
from typing import Final

from crosshead.aws.comparing import key
from crosshead.aws.descriptor import Field, sent, unheeded
from crosshead.aws.shapes import FLAG, NUMBER, TEXT, Block, Map, Member, Same, Shape, Texts
from crosshead.base.values import Json, Object

CODE: Final = "update_function_code"
CONCURRENCY: Final = "put_function_concurrency"
SIGNING: Final = "put_function_code_signing_config"
# Where the code is from: AWS wants all of it whenever it hears of one of them.
_PLACE: Final = ("s3Bucket", "s3Key", "s3ObjectVersion", "imageUri", "sourceKmsKeyArn")


def _shown(
    name: str, shape: Shape, aws: str, *, absent: Json = None, late: bool = True, same: Same | None = None
) -> Field:
    """Return a field of the configuration; *absent* is what AWS means when it says nothing of it."""
    return Field(
        name=name,
        shape=shape,
        create=aws,
        modify=aws,
        read=f"Configuration.{aws}",
        absent=absent,
        late=late,
        same=same,
    )


def _block(*members: Member) -> Block:
    return Block(members, single=True)


def _told(name: str, aws: str) -> Field:
    """Return a field that says where the code is from."""
    return Field(name=name, create=f"Code.{aws}", modify=aws, via=CODE, along=_PLACE, told=True)


def _nothing(_: Json, __: Json) -> Object:
    """Nothing is sent for it: that it differs says that the code must be sent."""
    return {}


def _same_variables(declared: Json, found: Json, _: Mapping[str, Json]) -> bool:
    """AWS shows no environment that has no variables."""
    mine, theirs = ((one[0].get("variables") or {}) if one else {} for one in (declared, found))
    return bool(mine == theirs)


FIELDS: Final = (
    Field(
        name="architectures",
        shape=Texts(ordered=True),
        create="Architectures",
        modify="Architectures",
        read="Configuration.Architectures",
        via=CODE,
        along=_PLACE,
    ),
    _shown(
        "capacityProviderConfig",
        _block(
            Member(
                "lambdaManagedInstancesCapacityProviderConfig",
                "LambdaManagedInstancesCapacityProviderConfig",
                _block(
                    Member("capacityProviderArn", "CapacityProviderArn"),
                    Member("executionEnvironmentMemoryGibPerVcpu", "ExecutionEnvironmentMemoryGiBPerVCpu", NUMBER),
                    Member("perExecutionEnvironmentMaxConcurrency", "PerExecutionEnvironmentMaxConcurrency", NUMBER),
                ),
            )
        ),
        "CapacityProviderConfig",
        absent=[],
    ),
    Field(
        name="codeSha256",
        modify="S3Key",
        read="Configuration.CodeSha256",
        via=CODE,
        along=_PLACE,
        change=_nothing,
        late=False,
    ),
    Field(
        name="codeSigningConfigArn",
        create="CodeSigningConfigArn",
        modify="CodeSigningConfigArn",
        read="SigningArn",
        via=SIGNING,
        absent="",
        late=False,
    ),
    _shown("deadLetterConfig", _block(Member("targetArn", "TargetArn")), "DeadLetterConfig", absent=[]),
    _shown("description", TEXT, "Description"),
    _shown(
        "durableConfig",
        _block(
            Member("executionTimeout", "ExecutionTimeout", NUMBER),
            Member("retentionPeriod", "RetentionPeriodInDays", NUMBER),
        ),
        "DurableConfig",
        absent=[],
    ),
    _shown(
        "environment", _block(Member("variables", "Variables", Map())), "Environment", absent=[], same=_same_variables
    ),
    _shown("ephemeralStorage", _block(Member("size", "Size", NUMBER)), "EphemeralStorage"),
    _shown(
        "fileSystemConfig",
        Block((Member("arn", "Arn"), Member("localMountPath", "LocalMountPath")), lone=True),
        "FileSystemConfigs",
        absent=[],
    ),
    _shown("handler", TEXT, "Handler"),
    Field(
        name="imageConfig",
        shape=_block(
            Member("command", "Command", Texts(ordered=True)),
            Member("entryPoint", "EntryPoint", Texts(ordered=True)),
            Member("workingDirectory", "WorkingDirectory"),
        ),
        create="ImageConfig",
        modify="ImageConfig",
        read="Configuration.ImageConfigResponse.ImageConfig",
        absent=[],
        late=False,
    ),
    Field(
        name="imageUri",
        create="Code.ImageUri",
        modify="ImageUri",
        read="Code.ImageUri",
        via=CODE,
        along=_PLACE,
        late=False,
    ),
    _shown("kmsKeyArn", TEXT, "KMSKeyArn", absent="", same=key),
    Field(
        name="layers",
        shape=Texts(ordered=True),
        create="Layers",
        modify="Layers",
        read="Configuration.Layers[].Arn",
        absent=[],
    ),
    _shown(
        "loggingConfig",
        _block(
            Member("applicationLogLevel", "ApplicationLogLevel"),
            Member("logFormat", "LogFormat"),
            Member("logGroup", "LogGroup"),
            Member("systemLogLevel", "SystemLogLevel"),
        ),
        "LoggingConfig",
    ),
    _shown("memorySize", NUMBER, "MemorySize"),
    Field(name="packageType", create="PackageType", read="Configuration.PackageType"),
    sent("publish", FLAG, "Publish"),
    sent("publishTo", TEXT, "PublishTo"),
    # AWS puts the network interfaces of a function away by itself.
    unheeded("replaceSecurityGroupsOnDestroy", FLAG),
    unheeded("replacementSecurityGroupIds", Texts()),
    Field(
        name="reservedConcurrentExecutions",
        shape=NUMBER,
        modify="ReservedConcurrentExecutions",
        read="Concurrency.ReservedConcurrentExecutions",
        via=CONCURRENCY,
        absent=-1,
        late=False,
    ),
    _shown("role", TEXT, "Role"),
    _shown("runtime", TEXT, "Runtime"),
    _told("s3Bucket", "S3Bucket"),
    _told("s3Key", "S3Key"),
    _told("s3ObjectVersion", "S3ObjectVersion"),
    sent("skipDestroy", FLAG),
    _shown("snapStart", _block(Member("applyOn", "ApplyOn")), "SnapStart", late=False),
    # Whatever it says, another one asks for the code to be sent again.
    Field(name="sourceCodeHash", modify="S3Key", via=CODE, along=_PLACE, change=_nothing, told=True),
    _told("sourceKmsKeyArn", "SourceKMSKeyArn"),
    Field(
        name="tenancyConfig",
        shape=_block(Member("tenantIsolationMode", "TenantIsolationMode")),
        create="TenancyConfig",
        read="Configuration.TenancyConfig",
    ),
    _shown("timeout", NUMBER, "Timeout"),
    _shown("tracingConfig", _block(Member("mode", "Mode")), "TracingConfig"),
    # How long Terraform waits: nobody waits here.
    unheeded("useResourceTimeoutForPropagation", FLAG),
    Field(
        name="vpcConfig",
        shape=_block(
            Member("ipv6AllowedForDualStack", "Ipv6AllowedForDualStack", FLAG),
            Member("securityGroupIds", "SecurityGroupIds", Texts()),
            Member("subnetIds", "SubnetIds", Texts()),
        ),
        create="VpcConfig",
        modify="VpcConfig",
        # A function that is in no network shows one of nothing.
        read="Configuration.VpcConfig.SubnetIds[0] && Configuration.VpcConfig",
        absent=[],
    ),
)
