"""
Lambda: functions, and who may call them.

https://docs.aws.amazon.com/lambda/latest/api/
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Final

from crosshead.aws.calls import Call, Create, Delete, Read, Request, Update
from crosshead.aws.descriptor import Descriptor, Field, Readiness, Shown, Tagging
from crosshead.aws.kinds.lambda_function_fields import CODE, CONCURRENCY, FIELDS, SIGNING
from crosshead.aws.pointing import ARN, BUCKET, KEY, ROLE, SECURITY_GROUP, SUBNET, kind, many, one, within
from crosshead.aws.shapes import FLAG, NUMBER, TEXT, Block, Member, Shape, Texts
from crosshead.base.values import Json, Object
from crosshead.managed.facts import Naming, Reference

_NAMED: Final = {"FunctionName": "id"}
_FUNCTION_KIND: Final = kind("lambda", "Function")
_ARN: Final = "Configuration.FunctionArn"


def _invoked(version: str, path: str, guard: str, action: str) -> str:
    """Return the ARN by which API Gateway calls what *path* names."""
    before = f"':apigateway:', region, ':lambda:path/{version}/functions/'"
    return f"{guard} && join('', ['arn:', partition, {before}, {path}, '/{action}'])"


_QUALIFIED: Final = f"{_ARN} && join(':', [{_ARN}, Configuration.Version])"


def _concurrency(changed: Object, scene: Object) -> tuple[Request, ...]:
    """Less than nothing reserved is nothing reserved; nothing reserved would be that it never runs."""
    whose, wanted = {"FunctionName": scene["id"]}, int(changed["reservedConcurrentExecutions"])
    if wanted < 0:
        return (Request("delete_function_concurrency", whose),)
    return (Request(CONCURRENCY, {**whose, "ReservedConcurrentExecutions": wanted}),)


_FUNCTION: Final = Descriptor(
    service="lambda",
    kind="Function",
    plural="functions",
    versions=("v1beta1", "v1beta2"),
    naming=Naming.BY_US,
    identity="Configuration.FunctionName",
    reads=(
        Read(Call("get_function", _NAMED)),
        Read(
            Call("get_function_code_signing_config", _NAMED, when="spec.codeSigningConfigArn"),
            "CodeSigningConfigArn",
            "SigningArn",
        ),
    ),
    creates=(Create(Call("create_function", _NAMED), "FunctionName"),),
    updates=(
        Update(call=Call("update_function_configuration", _NAMED)),
        Update(call=Call(CODE, {**_NAMED, "Publish": "spec.publish", "PublishTo": "spec.publishTo"})),
        Update(call=Call(CONCURRENCY), plan=_concurrency),
        Update(call=Call(SIGNING, _NAMED)),
    ),
    delete=Delete(call=Call("delete_function", _NAMED), keep="spec.skipDestroy"),
    readiness=Readiness(
        path="Configuration.LastUpdateStatus == 'InProgress' && 'Updating' || Configuration.State || 'Active'",
        # Nobody has called it for weeks: the next call wakes it up.
        ready=frozenset({"Active", "Inactive"}),
        settling=frozenset({"Updating"}),
        coming=frozenset({"Pending"}),
        going=frozenset({"Deleting"}),
        failed={"Failed": "see its StateReason in AWS"},
    ),
    tagging=Tagging(
        read="Tags || `{}`",
        add=Call("tag_resource", {"Resource": "at.arn"}),
        remove=Call("untag_resource", {"Resource": "at.arn"}),
        mapped=True,
    ),
    exists=frozenset({"ResourceConflictException"}),
    fields=FIELDS,
    references=(
        within("deadLetterConfig[0]", one("targetArn", kind("sqs", "Queue"), ARN)),
        within("fileSystemConfig[0]", one("arn", kind("efs", "AccessPoint"), ARN)),
        one("kmsKeyArn", KEY, ARN),
        Reference("layers", "layersRefs", "layersSelector", kind("lambda", "LayerVersion"), ARN, many=True),
        within("loggingConfig[0]", one("logGroup", kind("cloudwatchlogs", "Group"))),
        many("replacementSecurityGroupIds", SECURITY_GROUP),
        one("role", ROLE, ARN),
        one("s3Bucket", BUCKET),
        within("vpcConfig[0]", many("securityGroupIds", SECURITY_GROUP)),
        within("vpcConfig[0]", many("subnetIds", SUBNET)),
    ),
    shown=(
        Shown("arn", _ARN),
        Shown("id", "Configuration.FunctionName"),
        Shown("invokeArn", _invoked("2015-03-31", _ARN, _ARN, "invocations")),
        Shown("lastModified", "Configuration.LastModified"),
        Shown("qualifiedArn", _QUALIFIED),
        Shown(
            "qualifiedInvokeArn",
            _invoked("2015-03-31", f"join(':', [{_ARN}, Configuration.Version])", _ARN, "invocations"),
        ),
        Shown("responseStreamingInvokeArn", _invoked("2021-11-15", _ARN, _ARN, "response-streaming-invocations")),
        Shown("signingJobArn", "Configuration.SigningJobArn"),
        Shown("signingProfileVersionArn", "Configuration.SigningProfileVersionArn"),
        Shown("sourceCodeSize", "Configuration.CodeSize", NUMBER),
        Shown("version", "Configuration.Version"),
        Shown(
            "vpcConfig",
            "Configuration.VpcConfig.SubnetIds[0] && Configuration.VpcConfig",
            Block(
                (
                    Member("ipv6AllowedForDualStack", "Ipv6AllowedForDualStack", FLAG),
                    Member("securityGroupIds", "SecurityGroupIds", Texts()),
                    Member("subnetIds", "SubnetIds", Texts()),
                    Member("vpcId", "VpcId"),
                ),
                single=True,
            ),
        ),
    ),
)


def _statement_name(scene: Object) -> Object:
    """A statement has a name of its user's, or one that is made of the object's."""
    spec = scene["spec"]
    prefix = spec.get("statementIdPrefix")
    made = f"{prefix}{hashlib.sha256(scene['uid'].encode()).hexdigest()[:16]}" if prefix else scene["name"]
    return {"id": scene["id"] or spec.get("statementId") or made}


def _statement(policy: Json, scene: Object) -> Json:
    """Return the statement that *scene* is about, of the policy of a function; None when there is none."""
    statements = json.loads(policy)["Statement"] if policy else ()
    return next((one for one in statements if one.get("Sid") == scene["id"]), None)


def _same_principal(declared: Json, found: Json, _: Mapping[str, Json]) -> bool:
    """A service is shown as it is, an account as the ARN of its root."""
    return str(found) in {str(declared), f"arn:aws:iam::{declared}:root"}


_PERMISSION: Final = {"FunctionName": "spec.functionName", "Qualifier": "spec.qualifier"}


def _settled(name: str, aws: str, read: str, shape: Shape = TEXT) -> Field:
    """Return a field that is said once: a statement cannot be changed."""
    return Field(name=name, shape=shape, create=aws, read=read, late=False)


_LAMBDA_PERMISSION: Final = Descriptor(
    service="lambda",
    kind="Permission",
    plural="permissions",
    naming=Naming.BY_PROVIDER,
    identity="Sid",
    names=_statement_name,
    reads=(Read(Call("get_policy", _PERMISSION), "Policy", pick=_statement),),
    creates=(Create(Call("add_permission", {"FunctionName": "spec.functionName", "StatementId": "id"}), "id"),),
    delete=Delete(call=Call("remove_permission", {**_PERMISSION, "StatementId": "id"})),
    exists=frozenset({"ResourceConflictException"}),
    fields=(
        _settled("action", "Action", "Action"),
        _settled("eventSourceToken", "EventSourceToken", 'Condition.StringEquals."lambda:EventSourceToken"'),
        Field(name="functionName"),
        _settled("functionUrlAuthType", "FunctionUrlAuthType", 'Condition.StringEquals."lambda:FunctionUrlAuthType"'),
        _settled(
            "invokedViaFunctionUrl",
            "InvokedViaFunctionUrl",
            'Condition.Bool."lambda:InvokedViaFunctionUrl"',
            FLAG,
        ),
        Field(
            name="principal",
            create="Principal",
            read="Principal.Service || Principal.AWS || Principal",
            late=False,
            same=_same_principal,
        ),
        _settled("principalOrgId", "PrincipalOrgID", 'Condition.StringEquals."aws:PrincipalOrgID"'),
        Field(name="qualifier", create="Qualifier"),
        _settled("sourceAccount", "SourceAccount", 'Condition.StringEquals."AWS:SourceAccount"'),
        _settled("sourceArn", "SourceArn", 'Condition.ArnLike."AWS:SourceArn"'),
        Field(name="statementId", read="Sid"),
        Field(name="statementIdPrefix"),
    ),
    required=("action", "principal"),
    references=(
        one("functionName", _FUNCTION_KIND),
        one("qualifier", kind("lambda", "Alias")),
    ),
    shown=(Shown("id", "Sid"),),
)

KINDS: Final = (_FUNCTION, _LAMBDA_PERMISSION)
