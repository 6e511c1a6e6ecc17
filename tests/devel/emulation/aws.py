"""Calls that many tests make, with the parameters that do not matter to them."""

from typing import Any

from botocore.exceptions import ClientError


def create_database(rds: Any, name: str = "orders", **parameters: Any) -> dict[str, Any]:
    usual = {
        "Engine": "postgres",
        "DBInstanceClass": "db.t4g.micro",
        "AllocatedStorage": 20,
        "MasterUsername": "app",
        "MasterUserPassword": "not-a-real-one",
    }
    return rds.create_db_instance(DBInstanceIdentifier=name, **(usual | parameters))["DBInstance"]


def database(rds: Any, name: str = "orders") -> dict[str, Any]:
    return rds.describe_db_instances(DBInstanceIdentifier=name)["DBInstances"][0]


def delete_database(rds: Any, name: str = "orders") -> dict[str, Any]:
    return rds.delete_db_instance(DBInstanceIdentifier=name, SkipFinalSnapshot=True)["DBInstance"]


def create_cache(cache: Any, name: str = "sessions", **parameters: Any) -> dict[str, Any]:
    usual = {"ReplicationGroupDescription": "sessions of the shop", "CacheNodeType": "cache.t4g.micro"}
    return cache.create_replication_group(ReplicationGroupId=name, **(usual | parameters))["ReplicationGroup"]


def replication_group(cache: Any, name: str = "sessions") -> dict[str, Any]:
    return cache.describe_replication_groups(ReplicationGroupId=name)["ReplicationGroups"][0]


def code(error: ClientError) -> str:
    return error.response["Error"]["Code"]


def status(error: ClientError) -> int:
    return error.response["ResponseMetadata"]["HTTPStatusCode"]
