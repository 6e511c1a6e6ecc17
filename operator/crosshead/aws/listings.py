"""
The calls that list what others look at one by one, of all services.

Only those are here whose items are what the look itself shows. What IAM, KMS, SQS or DynamoDB list are names, and each
must be asked for its rest anyway.
"""

from dataclasses import replace
from types import MappingProxyType
from typing import Final

from crosshead.aws.calls import Call, Many, Read
from crosshead.aws.descriptor import Descriptor


def _many(operation: str, items: str, *keys: str, asked: str = "id", **arguments: str) -> Many:
    return Many(Call(operation, arguments), items, asked, keys)


_LISTINGS: Final = (
    ("cloudwatchlogs", _many("describe_log_groups", "logGroups", "logGroupName")),
    ("ec2", _many("describe_addresses", "Addresses", "AllocationId")),
    ("ec2", _many("describe_instances", "Reservations", "Instances[].InstanceId")),
    ("ec2", _many("describe_internet_gateways", "InternetGateways", "InternetGatewayId")),
    ("ec2", _many("describe_launch_templates", "LaunchTemplates", "LaunchTemplateId")),
    ("ec2", _many("describe_nat_gateways", "NatGateways", "NatGatewayId")),
    ("ec2", _many("describe_route_tables", "RouteTables", "RouteTableId")),
    ("ec2", _many("describe_security_groups", "SecurityGroups", "GroupId")),
    ("ec2", _many("describe_security_group_rules", "SecurityGroupRules", "SecurityGroupRuleId")),
    ("ec2", _many("describe_subnets", "Subnets", "SubnetId")),
    ("ec2", _many("describe_vpc_endpoints", "VpcEndpoints", "VpcEndpointId")),
    ("ec2", _many("describe_vpcs", "Vpcs", "VpcId")),
    ("ecr", _many("describe_repositories", "repositories", "repositoryName")),
    ("elasticache", _many("describe_cache_clusters", "CacheClusters", "CacheClusterId", ShowCacheNodeInfo="`true`")),
    ("elasticache", _many("describe_cache_parameter_groups", "CacheParameterGroups", "CacheParameterGroupName")),
    ("elasticache", _many("describe_cache_subnet_groups", "CacheSubnetGroups", "CacheSubnetGroupName")),
    ("elasticache", _many("describe_replication_groups", "ReplicationGroups", "ReplicationGroupId")),
    ("elasticache", _many("describe_serverless_caches", "ServerlessCaches", "ServerlessCacheName")),
    ("elasticache", _many("describe_user_groups", "UserGroups", "UserGroupId")),
    ("elasticache", _many("describe_users", "Users", "UserId")),
    ("rds", _many("describe_db_clusters", "DBClusters", "DBClusterIdentifier", "DbClusterResourceId")),
    (
        "rds",
        _many("describe_db_cluster_parameter_groups", "DBClusterParameterGroups", "DBClusterParameterGroupName"),
    ),
    ("rds", _many("describe_db_instances", "DBInstances", "DBInstanceIdentifier", "DbiResourceId")),
    ("rds", _many("describe_db_parameter_groups", "DBParameterGroups", "DBParameterGroupName")),
    ("rds", _many("describe_db_proxies", "DBProxies", "DBProxyName")),
    ("rds", _many("describe_db_snapshots", "DBSnapshots", "DBSnapshotIdentifier")),
    ("rds", _many("describe_db_subnet_groups", "DBSubnetGroups", "DBSubnetGroupName")),
    ("rds", _many("describe_option_groups", "OptionGroupsList", "OptionGroupName")),
)
_BY_OPERATION: Final = MappingProxyType({(service, many.call.operation): many for service, many in _LISTINGS})

# What is looked for where it is not the external name.
_ASKED: Final = MappingProxyType(
    {
        ("ec2", "Route"): "table",
        ("rds", "Instance"): "resource || identifier",
    }
)

# Buckets of another region are not listed: the look itself says where they are.
_BUCKETS: Final = Many(Call("list_buckets", {"BucketRegion": "region"}), "Buckets", "id", ("Name",))
# As many tags as buckets have: a page of a hundred buckets, where a look at each would be a request.
_TAGS_OF_BUCKETS: Final = Many(
    Call(
        "get_resources",
        {"ResourceTypeFilters": '`["s3:bucket"]`', "ResourcesPerPage": "`100`"},
        client="resourcegroupstaggingapi",
    ),
    "ResourceTagMappingList",
    "join('', ['arn:', partition, ':s3:::', id])",
    ("ResourceARN",),
    "Tags",
)
_MEMBERS: Final = "record.MemberClusters[0]"


def with_listings(descriptor: Descriptor) -> Descriptor:
    """Return *descriptor* with the listings that show the same as its looks."""
    first, *others = descriptor.reads
    return replace(descriptor, reads=(_first(descriptor, first), *(_other(descriptor, read) for read in others)))


def _first(descriptor: Descriptor, read: Read) -> Read:
    if (descriptor.service, descriptor.kind) == ("s3", "Bucket"):
        return replace(read, many=_BUCKETS)
    many = _BY_OPERATION.get((descriptor.service, read.call.operation))
    # A look that chooses among many of them is a listing itself.
    if many is None or read.call.each or "[0]" not in read.result:
        return read
    asked = _ASKED.get((descriptor.service, descriptor.kind), many.asked)
    return replace(read, many=replace(many, asked=asked))


def _other(descriptor: Descriptor, read: Read) -> Read:
    if (descriptor.service, descriptor.kind, read.into) == ("s3", "Bucket", "TagSet"):
        return replace(read, many=_TAGS_OF_BUCKETS)
    if (descriptor.service, read.into) != ("elasticache", "Member"):
        return read
    return replace(read, many=replace(_BY_OPERATION["elasticache", read.call.operation], asked=_MEMBERS))
