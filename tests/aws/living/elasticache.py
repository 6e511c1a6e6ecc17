"""The lives of the kinds of elasticache."""

from tests.aws.lives import AUTH_TOKEN, Life

LIVES = (
    Life(
        "elasticache",
        "SubnetGroup",
        lambda land: {"subnetIds": list(land.subnets[:2]), "description": "where it lives"},
        change={"description": "where it lives now", "tags": {"team": "orders"}},
    ),
    Life(
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
    ),
)
