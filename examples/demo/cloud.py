"""AWS as its console would show it: asked directly, past the operator."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

Record = Mapping[str, Any]

_SAFE = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
_KEYS = {"aws_access_key_id": "emulator", "aws_secret_access_key": "emulator"}


@dataclass(frozen=True, slots=True)
class Cloud:
    """The AWS behind one endpoint, in one region."""

    url: str
    region: str = "us-east-1"
    _clients: dict[str, Any] = field(default_factory=dict)

    def client(self, service: str) -> Any:  # noqa: ANN401 (boto3 makes its clients at run time)
        """Return boto3's client of a service."""
        if service not in self._clients:
            config = Config(s3={"addressing_style": "path"}, retries={"mode": "standard"})
            where = {"endpoint_url": self.url, "region_name": self.region, "config": config}
            self._clients[service] = boto3.client(service, **where, **_KEYS)
        return self._clients[service]

    def databases(self) -> Sequence[Record]:
        """Return the RDS instances."""
        return list(self.client("rds").describe_db_instances()["DBInstances"])

    def database(self, beginning: str) -> Record | None:
        """Return the RDS instance whose name begins so, None when there is none."""
        return next((d for d in self.databases() if d["DBInstanceIdentifier"].startswith(beginning)), None)

    def subnet_groups(self) -> Sequence[Record]:
        """Return the RDS subnet groups."""
        return list(self.client("rds").describe_db_subnet_groups()["DBSubnetGroups"])

    def caches(self) -> Sequence[Record]:
        """Return the ElastiCache replication groups."""
        return list(self.client("elasticache").describe_replication_groups()["ReplicationGroups"])

    def vpcs(self) -> Sequence[Record]:
        """Return the networks that are not AWS's default one."""
        return [v for v in self.client("ec2").describe_vpcs()["Vpcs"] if not v["IsDefault"]]

    def subnets(self, vpc: str) -> Sequence[Record]:
        """Return the subnets of a network."""
        filters = [{"Name": "vpc-id", "Values": [vpc]}]
        return list(self.client("ec2").describe_subnets(Filters=filters)["Subnets"])

    def security_groups(self) -> Sequence[Record]:
        """Return the security groups that AWS has not made by itself."""
        return [
            g for g in self.client("ec2").describe_security_groups()["SecurityGroups"] if g["GroupName"] != "default"
        ]

    def buckets(self) -> Sequence[str]:
        """Return the names of the buckets."""
        return [b["Name"] for b in self.client("s3").list_buckets()["Buckets"]]

    def bucket(self, beginning: str) -> str | None:
        """Return the name of the bucket that begins so, None when there is none."""
        return next((b for b in self.buckets() if b.startswith(beginning)), None)

    def is_versioned(self, bucket: str) -> bool:
        """Whether the bucket keeps old versions."""
        return bool(self.client("s3").get_bucket_versioning(Bucket=bucket).get("Status") == "Enabled")

    def is_encrypted(self, bucket: str) -> bool:
        """Whether the bucket has a default encryption of its own."""
        return self._has(self.client("s3").get_bucket_encryption, bucket)

    def is_closed(self, bucket: str) -> bool:
        """Whether all four public access blocks are on."""
        try:
            block = self.client("s3").get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
        except ClientError:
            return False
        return all(block[name] for name in _SAFE)

    @staticmethod
    def _has(ask: Any, bucket: str) -> bool:  # noqa: ANN401 (a method of a client)
        try:
            ask(Bucket=bucket)
        except ClientError:
            return False
        return True
