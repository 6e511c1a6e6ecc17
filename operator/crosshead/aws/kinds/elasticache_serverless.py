"""
ElastiCache serverless caches: an endpoint and a bill, no nodes.

https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateServerlessCache.html
"""

from typing import Final

from crosshead.aws.calls import Call, Create, Delete, Read, Update
from crosshead.aws.comparing import caseless, key, version
from crosshead.aws.descriptor import Descriptor, Field, Readiness, Shown, fixed, sent, settable
from crosshead.aws.kinds.elasticache_tagging import TAGGING, TAGS
from crosshead.aws.pointing import KEY, SECURITY_GROUP, SUBNET, many, one
from crosshead.aws.shapes import NUMBER, TEXT, Block, Member, Texts
from crosshead.base.values import Json, Object
from crosshead.managed.facts import Naming

# Upstream has lists of one here in every version.
_LIMITS: Final = Block(
    (
        Member(
            "dataStorage",
            "DataStorage",
            Block(
                (
                    Member("maximum", "Maximum", NUMBER),
                    Member("minimum", "Minimum", NUMBER),
                    Member("unit", "Unit"),
                ),
                single=True,
                lone=False,
            ),
        ),
        Member(
            "ecpuPerSecond",
            "ECPUPerSecond",
            Block(
                (Member("maximum", "Maximum", NUMBER), Member("minimum", "Minimum", NUMBER)), single=True, lone=False
            ),
        ),
    ),
    single=True,
    lone=False,
)
_ENDPOINT: Final = Block((Member("address", "Address"), Member("port", "Port", NUMBER)), single=True, lone=False)


def _grouped(declared: Json, _: Json) -> Object:
    """That there is to be no group any more is told by a flag."""
    return {"UserGroupId": declared} if declared else {"RemoveUserGroup": True}


SERVERLESS_CACHE: Final = Descriptor(
    service="elasticache",
    kind="ServerlessCache",
    plural="serverlesscaches",
    naming=Naming.BY_US,
    identity="ServerlessCacheName",
    reads=(Read(Call("describe_serverless_caches", {"ServerlessCacheName": "id"}), "ServerlessCaches[0]"), TAGS),
    creates=(
        Create(Call("create_serverless_cache", {"ServerlessCacheName": "id"}), "ServerlessCache.ServerlessCacheName"),
    ),
    updates=(Update(call=Call("modify_serverless_cache", {"ServerlessCacheName": "id"})),),
    delete=Delete(call=Call("delete_serverless_cache", {"ServerlessCacheName": "id"})),
    readiness=Readiness(
        path="Status",
        ready=frozenset({"available"}),
        settling=frozenset({"modifying"}),
        coming=frozenset({"creating"}),
        failed={"create-failed": "AWS could not create it: delete it, and look at its subnets and its security groups"},
    ),
    tagging=TAGGING,
    absent=frozenset({"ServerlessCacheNotFoundFault"}),
    exists=frozenset({"ServerlessCacheAlreadyExistsFault"}),
    fields=(
        settable("engine", TEXT, "Engine", same=caseless),
        settable("majorEngineVersion", TEXT, "MajorEngineVersion", same=version),
        settable("description", TEXT, "Description"),
        settable("cacheUsageLimits", _LIMITS, "CacheUsageLimits"),
        fixed("kmsKeyId", TEXT, "KmsKeyId", same=key),
        settable("securityGroupIds", Texts(), "SecurityGroupIds"),
        fixed("subnetIds", Texts(), "SubnetIds"),
        fixed("networkType", TEXT, "NetworkType"),
        settable("snapshotRetentionLimit", NUMBER, "SnapshotRetentionLimit"),
        settable("dailySnapshotTime", TEXT, "DailySnapshotTime"),
        sent("snapshotArnsToRestore", Texts(ordered=True), "SnapshotArnsToRestore"),
        Field(
            name="userGroupId",
            create="UserGroupId",
            modify="UserGroupId",
            read="UserGroupId",
            absent="",
            change=_grouped,
        ),
    ),
    required=("engine",),
    references=(
        one("kmsKeyId", KEY),
        many("securityGroupIds", SECURITY_GROUP),
        many("subnetIds", SUBNET),
    ),
    shown=(
        Shown("id", "ServerlessCacheName"),
        Shown("arn", "ARN"),
        Shown("createTime", "CreateTime"),
        Shown("endpoint", "Endpoint", _ENDPOINT),
        Shown("readerEndpoint", "ReaderEndpoint", _ENDPOINT),
        Shown("fullEngineVersion", "FullEngineVersion"),
        Shown("status", "Status"),
    ),
)
