"""The lives of the kinds of rds."""

from tests.aws.lives import PASSWORD, Life

LIVES = (
    Life(
        "rds",
        "SubnetGroup",
        lambda land: {"subnetIds": list(land.subnets[:2]), "description": "where it lives"},
        change={"description": "where it lives now", "tags": {"team": "orders"}},
    ),
    Life(
        "rds",
        "Instance",
        lambda land: {
            "engine": "postgres",
            "engineVersion": "14",
            "instanceClass": "db.t3.micro",
            "allocatedStorage": 20.0,
            "maxAllocatedStorage": 100,
            "storageType": "gp3",
            "storageEncrypted": True,
            "username": "postgres",
            "dbName": "orders",
            "backupRetentionPeriod": 7,
            "maintenanceWindow": "Mon:03:00-Mon:04:00",
            "publiclyAccessible": False,
            "vpcSecurityGroupIds": [land.group],
            "enabledCloudwatchLogsExports": ["postgresql"],
            "skipFinalSnapshot": True,
            "applyImmediately": True,
        },
        change={
            "instanceClass": "db.t3.small",
            "backupRetentionPeriod": 14,
            "maxAllocatedStorage": 200,
            "enabledCloudwatchLogsExports": ["upgrade"],
            "tags": {"team": "orders"},
        },
        refused={"storageEncrypted": False},
        secrets=PASSWORD,
        absent_name="db-AAAAAAAAAAAAAAAAAAAAAAAAAA",
    ),
)
