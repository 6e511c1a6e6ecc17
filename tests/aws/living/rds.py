"""The lives of the kinds of rds."""

from tests.aws.lives import PASSWORD, Land, Life


def _cluster(land: Land) -> str:
    """An Aurora cluster to be a member of."""
    return land.made(
        "rds",
        "Cluster",
        "land",
        engine="aurora-postgresql",
        masterUsername="postgres",
        manageMasterUserPassword=True,
        skipFinalSnapshot=True,
    )


def _instance(land: Land) -> str:
    """An instance to take snapshots of."""
    land.made(
        "rds",
        "Instance",
        "land",
        engine="mysql",
        instanceClass="db.t4g.micro",
        allocatedStorage=20,
        username="admin",
        manageMasterUserPassword=True,
        skipFinalSnapshot=True,
    )
    return "land"


_SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:orders-AbCdEf"

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
    Life(
        "rds",
        "ParameterGroup",
        lambda _: {
            "family": "postgres16",
            "description": "what orders need",
            "parameter": [
                {"name": "max_connections", "value": "200", "applyMethod": "pending-reboot"},
                {"name": "log_min_duration_statement", "value": "-1"},
                {"name": "work_mem", "value": "65536"},
            ],
        },
        change={
            "parameter": [
                {"name": "max_connections", "value": "300", "applyMethod": "pending-reboot"},
                {"name": "log_min_duration_statement", "value": "500"},
            ],
            "tags": {"team": "orders"},
        },
        refused={"family": "postgres17"},
    ),
    Life(
        "rds",
        "Cluster",
        lambda land: {
            "engine": "aurora-postgresql",
            "engineVersion": "16",
            "databaseName": "orders",
            "masterUsername": "postgres",
            "availabilityZones": ["us-east-1a"],
            "storageEncrypted": True,
            "storageType": "aurora",
            "vpcSecurityGroupIds": [land.group],
            "serverlessv2ScalingConfiguration": [{"minCapacity": 0.5, "maxCapacity": 2}],
            "backupRetentionPeriod": 7,
            "preferredMaintenanceWindow": "Mon:03:00-Mon:04:00",
            "enabledCloudwatchLogsExports": ["postgresql"],
            "skipFinalSnapshot": True,
            "applyImmediately": True,
        },
        change={
            "backupRetentionPeriod": 14,
            "serverlessv2ScalingConfiguration": [{"minCapacity": 1, "maxCapacity": 4}],
            "enabledCloudwatchLogsExports": [],
            "enableHttpEndpoint": True,
            "storageType": "aurora-iopt1",
            "iamDatabaseAuthenticationEnabled": True,
            "tags": {"team": "orders"},
        },
        refused={"storageEncrypted": False, "databaseName": "others"},
        secrets={"master_password": PASSWORD["password"]},
    ),
    Life(
        "rds",
        "ClusterInstance",
        lambda land: {
            "clusterIdentifier": _cluster(land),
            "engine": "aurora-postgresql",
            "instanceClass": "db.serverless",
            "performanceInsightsEnabled": True,
            "applyImmediately": True,
        },
        change={"instanceClass": "db.r6g.large", "promotionTier": 3, "tags": {"team": "orders"}},
        refused={"engine": "aurora-mysql"},
    ),
    Life(
        "rds",
        "ClusterParameterGroup",
        lambda _: {"family": "aurora-mysql8.0", "parameter": [{"name": "slow_query_log", "value": "1"}]},
        change={"parameter": [], "tags": {"team": "orders"}},
        refused={"description": "another"},
    ),
    Life(
        "rds",
        "OptionGroup",
        lambda _: {
            "engineName": "mysql",
            "majorEngineVersion": "8.0",
            "option": [
                {
                    "optionName": "MARIADB_AUDIT_PLUGIN",
                    "optionSettings": [{"name": "SERVER_AUDIT_EVENTS", "value": "CONNECT"}],
                },
                {"optionName": "MEMCACHED", "port": 11211},
            ],
        },
        change={
            "option": [
                {
                    "optionName": "MARIADB_AUDIT_PLUGIN",
                    "optionSettings": [{"name": "SERVER_AUDIT_EVENTS", "value": "CONNECT,QUERY"}],
                }
            ],
            "tags": {"team": "orders"},
        },
        refused={"majorEngineVersion": "5.7"},
    ),
    Life(
        "rds",
        "Proxy",
        lambda land: {
            "engineFamily": "POSTGRESQL",
            "roleArn": "arn:aws:iam::123456789012:role/proxies",
            "auth": [{"authScheme": "SECRETS", "secretArn": _SECRET}],
            "vpcSubnetIds": list(land.subnets[:2]),
            "vpcSecurityGroupIds": [land.group],
            "idleClientTimeout": 900.0,
        },
        change={
            "auth": [{"authScheme": "SECRETS", "secretArn": _SECRET, "iamAuth": "REQUIRED"}],
            "requireTls": True,
            "idleClientTimeout": 1800,
            "tags": {"team": "orders"},
        },
        refused={"engineFamily": "MYSQL"},
    ),
    Life(
        "rds",
        "Snapshot",
        lambda land: {"dbInstanceIdentifier": _instance(land)},
        change={"sharedAccounts": ["111111111111", "222222222222"], "tags": {"team": "orders"}},
        refused={"dbInstanceIdentifier": "another"},
    ),
)
