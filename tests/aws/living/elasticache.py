"""The lives of the kinds of elasticache."""

from dataclasses import replace

from crosshead.base.values import SecretValue
from tests.aws.lives import AUTH_TOKEN, Life

PASSWORDS = SecretValue.joined([SecretValue("correct-horse-battery"), SecretValue("battery-staple-correct")])

_REPLICATED = Life(
    "elasticache",
    "ReplicationGroup",
    lambda land: {
        "description": "sessions",
        "engine": "redis",
        "engineVersion": "7.x",
        "nodeType": "cache.t3.micro",
        "numCacheClusters": 2,
        "automaticFailoverEnabled": True,
        "securityGroupIds": [land.group],
        "transitEncryptionEnabled": True,
        "atRestEncryptionEnabled": "true",
        "applyImmediately": True,
    },
    change={"numCacheClusters": 3, "nodeType": "cache.t3.small", "snapshotRetentionLimit": 5, "tags": {"a": "b"}},
    refused={"atRestEncryptionEnabled": False},
    secrets=AUTH_TOKEN,
)
_CLUSTER = Life(
    "elasticache",
    "Cluster",
    lambda land: {
        "engine": "memcached",
        "engineVersion": "1.6",
        "nodeType": "cache.t3.micro",
        "numCacheNodes": 2,
        "azMode": "cross-az",
        "preferredAvailabilityZones": ["us-east-1a", "us-east-1b"],
        "securityGroupIds": [land.group],
        "maintenanceWindow": "Sun:05:00-Sun:06:00",
        "applyImmediately": True,
    },
    change={"numCacheNodes": 3, "autoMinorVersionUpgrade": "false", "tags": {"team": "orders"}},
    refused={"port": 11212},
)

_ANYBODY = {"userName": "anybody", "engine": "redis", "accessString": "on ~* +@all", "noPasswordRequired": True}

LIVES = (
    Life(
        "elasticache",
        "SubnetGroup",
        lambda land: {"subnetIds": list(land.subnets[:2]), "description": "where it lives"},
        change={"description": "where it lives now", "tags": {"team": "orders"}},
    ),
    Life(
        "elasticache",
        "ParameterGroup",
        lambda _: {
            "family": "redis7",
            "name": "Orders",
            "parameter": [{"name": f"list-{n}", "value": str(n)} for n in range(25)],
        },
        change={
            "parameter": [{"name": "list-1", "value": "2"}, {"name": "maxmemory-policy", "value": "allkeys-lru"}],
            "tags": {"team": "orders"},
        },
        refused={"family": "redis6.x", "description": "something else"},
    ),
    _REPLICATED,
    replace(
        _REPLICATED,
        variant="sharded",
        parameters=lambda _: {
            "description": "sessions",
            "engine": "valkey",
            "nodeType": "cache.t3.micro",
            "clusterMode": [{"numNodeGroups": 2, "replicasPerNodeGroup": 1}],
            "automaticFailoverEnabled": True,
            "multiAzEnabled": True,
            "autoMinorVersionUpgrade": True,
        },
        change={"clusterMode": [{"numNodeGroups": 3, "replicasPerNodeGroup": 1}]},
        drifts=("numNodeGroups",),
        refused={},
        secrets={},
    ),
    replace(
        _REPLICATED,
        variant="alone that is joined",
        parameters=lambda _: {
            "replicationGroupDescription": "sessions",
            "numberCacheClusters": 1,
            "logDeliveryConfiguration": [
                {
                    "destination": "slow",
                    "destinationType": "cloudwatch-logs",
                    "logFormat": "json",
                    "logType": "slow-log",
                },
                {"destination": "all", "destinationType": "kinesis-firehose", "logFormat": "text", "logType": "engine"},
            ],
        },
        change={
            "replicationGroupDescription": "baskets",
            "numberCacheClusters": 2,
            "automaticFailoverEnabled": True,
            "transitEncryptionEnabled": True,
            "logDeliveryConfiguration": [],
        },
        drifts=(
            "description",
            "numCacheClusters",
            "automaticFailoverEnabled",
            "transitEncryptionEnabled",
            "logDeliveryConfiguration",
        ),
        refused={},
        secrets={},
    ),
    _CLUSTER,
    replace(
        _CLUSTER,
        variant="of redis",
        parameters=lambda land: {
            "engine": "redis",
            "nodeType": "cache.t3.micro",
            "numCacheNodes": 1,
            "availabilityZone": "us-east-1b",
            "securityGroupIds": [land.group],
        },
        change={"nodeType": "cache.t3.small", "snapshotRetentionLimit": 3},
        refused={"availabilityZone": "us-east-1c", "subnetGroupName": "another"},
    ),
    Life(
        "elasticache",
        "ServerlessCache",
        lambda land: {
            "engine": "valkey",
            "majorEngineVersion": "8",
            "description": "sessions",
            "cacheUsageLimits": [{"dataStorage": [{"maximum": 10, "unit": "GB"}]}],
            "securityGroupIds": [land.group],
            "subnetIds": list(land.subnets[:2]),
        },
        change={
            "description": "baskets",
            "cacheUsageLimits": [
                {"dataStorage": [{"maximum": 20, "unit": "GB"}], "ecpuPerSecond": [{"maximum": 5000}]}
            ],
            "snapshotRetentionLimit": 3,
            "tags": {"team": "orders"},
        },
        refused={"networkType": "ipv6"},
    ),
    Life(
        "elasticache",
        "User",
        lambda _: {"userName": "orders", "engine": "REDIS", "accessString": "on ~orders:* -@all +@read"},
        change={"accessString": "on ~orders:* +@read +@write", "tags": {"team": "orders"}},
        refused={"userName": "baskets"},
        secrets={"passwords": PASSWORDS},
    ),
    Life(
        "elasticache",
        "User",
        lambda _: (
            {"userName": "orders", "engine": "valkey", "accessString": "on allkeys +@all"}
            | {"authenticationMode": [{"type": "password"}]}
        ),
        change={"engine": "redis"},
        secrets={"authentication_mode.0.passwords": PASSWORDS},
        variant="with a mode",
    ),
    Life(
        "elasticache",
        "User",
        lambda _: {
            "userName": "anybody",
            "engine": "redis",
            "accessString": "off -@all",
            "authenticationMode": [{"type": "no-password-required"}],
        },
        change={"authenticationMode": [{"type": "iam"}]},
        variant="without password",
    ),
    Life(
        "elasticache",
        "UserGroup",
        lambda land: {
            "engine": "redis",
            "userIds": ["default", land.made("elasticache", "User", "land-anybody", **_ANYBODY)],
        },
        change={"userIds": ["default"], "tags": {"team": "orders"}},
    ),
)
