"""
ElastiCache: the subnets that caches live in, and all kinds of the service.

https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/
"""

from dataclasses import replace
from typing import Final

from crosshead.aws.calls import Call, Create, Delete, Read, Update
from crosshead.aws.descriptor import Descriptor, Shown, settable
from crosshead.aws.kinds.elasticache_cluster import CLUSTER
from crosshead.aws.kinds.elasticache_parameter_group import PARAMETER_GROUP
from crosshead.aws.kinds.elasticache_replication_group import REPLICATION_GROUP
from crosshead.aws.kinds.elasticache_serverless import SERVERLESS_CACHE
from crosshead.aws.kinds.elasticache_tagging import TAGGING, TAGS
from crosshead.aws.kinds.elasticache_users import USER, USER_GROUP
from crosshead.aws.pointing import SUBNET, many
from crosshead.aws.shapes import TEXT, Texts
from crosshead.managed.facts import Naming

_SUBNET_GROUP: Final = Descriptor(
    service="elasticache",
    kind="SubnetGroup",
    plural="subnetgroups",
    naming=Naming.BY_US,
    identity="CacheSubnetGroupName",
    reads=(
        Read(Call("describe_cache_subnet_groups", {"CacheSubnetGroupName": "id"}), "CacheSubnetGroups[0]"),
        TAGS,
    ),
    creates=(
        Create(
            Call("create_cache_subnet_group", {"CacheSubnetGroupName": "id"}), "CacheSubnetGroup.CacheSubnetGroupName"
        ),
    ),
    updates=(Update(call=Call("modify_cache_subnet_group", {"CacheSubnetGroupName": "id"}), always=("subnetIds",)),),
    delete=Delete(call=Call("delete_cache_subnet_group", {"CacheSubnetGroupName": "id"})),
    tagging=TAGGING,
    absent=frozenset({"CacheSubnetGroupNotFoundFault", "CacheSubnetGroupNotFound"}),
    exists=frozenset({"CacheSubnetGroupAlreadyExists"}),
    fields=(
        replace(
            settable("description", TEXT, "CacheSubnetGroupDescription"),
            default="Managed by Crossplane",
        ),
        replace(settable("subnetIds", Texts(), "SubnetIds"), read="Subnets[].SubnetIdentifier"),
    ),
    references=(many("subnetIds", SUBNET),),
    shown=(Shown("arn", "ARN"), Shown("id", "CacheSubnetGroupName"), Shown("vpcId", "VpcId")),
)

KINDS: Final = (
    _SUBNET_GROUP,
    PARAMETER_GROUP,
    REPLICATION_GROUP,
    CLUSTER,
    SERVERLESS_CACHE,
    USER,
    USER_GROUP,
)
