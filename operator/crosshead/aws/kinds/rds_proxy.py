"""
RDS: proxies, which keep connections to databases open for those that come and go.

https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBProxy.html, API_ModifyDBProxy.html
"""

from dataclasses import replace
from typing import Final

from crosshead.aws.calls import Call, Create, Delete, Read, Update
from crosshead.aws.descriptor import Descriptor, Readiness, Shown, fixed, settable
from crosshead.aws.kinds.rds_tags import TAGGING, tags_of
from crosshead.aws.pointing import ARN, ROLE, SECURITY_GROUP, SUBNET, kind, many, one
from crosshead.aws.shapes import FLAG, NUMBER, TEXT, Block, Member, Texts
from crosshead.managed.facts import Naming

_NAMED: Final = {"DBProxyName": "id"}
_AUTH: Final = Block(
    (
        Member("authScheme", "AuthScheme"),
        Member("clientPasswordAuthType", "ClientPasswordAuthType"),
        Member("description", "Description"),
        Member("iamAuth", "IAMAuth"),
        Member("secretArn", "SecretArn"),
        Member("username", "UserName"),
    )
)

PROXY: Final = Descriptor(
    service="rds",
    kind="Proxy",
    plural="proxies",
    naming=Naming.BY_US,
    identity="DBProxyName",
    reads=(Read(Call("describe_db_proxies", _NAMED), "DBProxies[0]"), tags_of("DBProxyArn")),
    creates=(Create(Call("create_db_proxy", _NAMED), "DBProxy.DBProxyName"),),
    updates=(Update(call=Call("modify_db_proxy", _NAMED)),),
    delete=Delete(call=Call("delete_db_proxy", _NAMED)),
    readiness=Readiness(
        path="Status",
        ready=frozenset({"available"}),
        settling=frozenset({"modifying"}),
        coming=frozenset({"creating", "reactivating"}),
        failed={
            "incompatible-network": "its subnets have no free addresses, or lie in one zone",
            "insufficient-resource-limits": "the account may have no more of what it needs: ask AWS for more",
            "suspending": "AWS is suspending it, as nobody has used it for long",
            "suspended": "AWS has suspended it, as nobody has used it for long: change it to wake it",
        },
    ),
    tagging=TAGGING,
    absent=frozenset({"DBProxyNotFoundFault"}),
    exists=frozenset({"DBProxyAlreadyExistsFault"}),
    fields=(
        settable("auth", _AUTH, "Auth"),
        settable("debugLogging", FLAG, "DebugLogging"),
        settable("defaultAuthScheme", TEXT, "DefaultAuthScheme"),
        fixed("endpointNetworkType", TEXT, "EndpointNetworkType"),
        fixed("engineFamily", TEXT, "EngineFamily"),
        settable("idleClientTimeout", NUMBER, "IdleClientTimeout"),
        settable("requireTls", FLAG, "RequireTLS"),
        settable("roleArn", TEXT, "RoleArn"),
        fixed("targetConnectionNetworkType", TEXT, "TargetConnectionNetworkType"),
        replace(settable("vpcSecurityGroupIds", Texts(), "VpcSecurityGroupIds"), modify="SecurityGroups"),
        fixed("vpcSubnetIds", Texts(), "VpcSubnetIds"),
    ),
    required=("engineFamily",),
    references=(
        one("auth[*].secretArn", kind("secretsmanager", "Secret"), ARN),
        one("roleArn", ROLE, ARN),
        many("vpcSecurityGroupIds", SECURITY_GROUP),
        many("vpcSubnetIds", SUBNET),
    ),
    shown=(Shown("id", "DBProxyName"), Shown("arn", "DBProxyArn"), Shown("endpoint", "Endpoint")),
)
