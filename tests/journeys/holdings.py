"""What AWS holds, service by service: taken before and after, it tells what has been left behind."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import jmespath

from tests.journeys.stage import Stage

# By service and operation: an expression for the names of what the answer lists.
LISTINGS: Final[Mapping[str, Mapping[str, str]]] = {
    "dynamodb": {"list_tables": "TableNames"},
    "ec2": {
        "describe_addresses": "Addresses[].AllocationId",
        "describe_instances": "Reservations[].Instances[?State.Name!='terminated'][].InstanceId",
        "describe_internet_gateways": "InternetGateways[].InternetGatewayId",
        "describe_launch_templates": "LaunchTemplates[].LaunchTemplateId",
        "describe_nat_gateways": "NatGateways[?State!='deleted'].NatGatewayId",
        "describe_network_interfaces": "NetworkInterfaces[].NetworkInterfaceId",
        "describe_route_tables": "RouteTables[].RouteTableId",
        "describe_security_groups": "SecurityGroups[].GroupId",
        "describe_subnets": "Subnets[].SubnetId",
        "describe_volumes": "Volumes[].VolumeId",
        "describe_vpc_endpoints": "VpcEndpoints[?State!='deleted'].VpcEndpointId",
        "describe_vpcs": "Vpcs[].VpcId",
    },
    "ecr": {"describe_repositories": "repositories[].repositoryName"},
    "eks": {"list_clusters": "clusters"},
    "elasticache": {
        "describe_cache_clusters": "CacheClusters[].CacheClusterId",
        "describe_cache_parameter_groups": "CacheParameterGroups[].CacheParameterGroupName",
        "describe_cache_subnet_groups": "CacheSubnetGroups[].CacheSubnetGroupName",
        "describe_replication_groups": "ReplicationGroups[].ReplicationGroupId",
        "describe_snapshots": "Snapshots[].SnapshotName",
        "describe_user_groups": "UserGroups[].UserGroupId",
        "describe_users": "Users[].UserId",
    },
    "iam": {
        "list_instance_profiles": "InstanceProfiles[].InstanceProfileName",
        "list_open_id_connect_providers": "OpenIDConnectProviderList[].Arn",
        "list_roles": "Roles[].RoleName",
        "list_users": "Users[].UserName",
    },
    "kms": {"list_aliases": "Aliases[].AliasName"},
    "lambda": {"list_functions": "Functions[].FunctionName"},
    "logs": {"describe_log_groups": "logGroups[].logGroupName"},
    "rds": {
        "describe_db_clusters": "DBClusters[].DBClusterIdentifier",
        "describe_db_cluster_parameter_groups": "DBClusterParameterGroups[].DBClusterParameterGroupName",
        "describe_db_cluster_snapshots": "DBClusterSnapshots[].DBClusterSnapshotIdentifier",
        "describe_db_instances": "DBInstances[].DBInstanceIdentifier",
        "describe_db_parameter_groups": "DBParameterGroups[].DBParameterGroupName",
        "describe_db_snapshots": "DBSnapshots[].DBSnapshotIdentifier",
        "describe_db_subnet_groups": "DBSubnetGroups[].DBSubnetGroupName",
        "describe_option_groups": "OptionGroupsList[].OptionGroupName",
    },
    "route53": {"list_hosted_zones": "HostedZones[].Id"},
    "s3": {"list_buckets": "Buckets[].Name"},
    "secretsmanager": {"list_secrets": "SecretList[].Name"},
    "sns": {"list_subscriptions": "Subscriptions[].SubscriptionArn", "list_topics": "Topics[].TopicArn"},
    "sqs": {"list_queues": "QueueUrls"},
    "ssm": {"describe_parameters": "Parameters[].Name"},
}
# Groups that AWS makes when something first uses them, and that nobody can delete.
_OF_AWS: Final = "default"


class Holdings:
    """All that AWS holds in some regions; each as `region service operation name`."""

    def __init__(self, stage: Stage, regions: Sequence[str]) -> None:
        # To make a client takes longer than to ask it.
        self._clients = {
            (region, service): stage.aws(service, region) for region in regions for service in (*LISTINGS, *_OTHERS)
        }

    def now(self) -> frozenset[str]:
        """Return what there is at present."""
        clients = self._clients.items()
        return frozenset(f"{region} {name}" for (region, service), client in clients for name in _held(service, client))


def _held(service: str, client: Any) -> Iterator[str]:
    for operation, names in LISTINGS.get(service, {}).items():
        found = jmespath.search(names, getattr(client, operation)()) or ()
        yield from (f"{service} {operation} {name}" for name in found if not name.startswith(_OF_AWS))
    yield from (f"{service} {name}" for name in _OTHERS.get(service, _nothing)(client))


def _nothing(_: Any) -> Iterator[str]:
    yield from ()


def _policies(iam: Any) -> Iterator[str]:
    yield from (f"list_policies {policy['PolicyName']}" for policy in iam.list_policies(Scope="Local")["Policies"])


def _keys(kms: Any) -> Iterator[str]:
    """Yield the keys of customers: they wait for their end for a week at least."""
    ids = [key["KeyId"] for key in kms.list_keys()["Keys"]]
    keys = [kms.describe_key(KeyId=one)["KeyMetadata"] for one in ids]
    yield from (
        f"list_keys {key['KeyId']}" for key in keys if key["KeyManager"] == "CUSTOMER" and "DeletionDate" not in key
    )


def _of_clusters(eks: Any) -> Iterator[str]:
    for name in eks.list_clusters()["clusters"]:
        yield from (f"list_nodegroups {name}/{one}" for one in eks.list_nodegroups(clusterName=name)["nodegroups"])
        associations = eks.list_pod_identity_associations(clusterName=name)["associations"]
        yield from (f"list_pod_identity_associations {name}/{one['associationId']}" for one in associations)


_OTHERS: Final = {"eks": _of_clusters, "iam": _policies, "kms": _keys}
