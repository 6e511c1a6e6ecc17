"""
What the statuses of databases mean. RDS' model has no list of them; its guides have.

https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html, and of Aurora the page of that name
"""

from typing import Final

from crosshead.aws.descriptor import Readiness

INSTANCE_STATUS: Final = Readiness(
    path="DBInstanceStatus",
    ready=frozenset({"available"}),
    settling=frozenset(
        {
            "backing-up",
            "backtracking",
            "configuring-activity-stream",
            "configuring-associated-roles",
            "configuring-enhanced-monitoring",
            "configuring-iam-database-auth",
            "configuring-log-exports",
            "maintenance",
            "modifying",
            "moving-to-vpc",
            "converting-to-vpc",
            "renaming",
            "resetting-master-credentials",
            "storage-config-upgrade",
            "storage-initialization",
            "storage-optimization",
            "upgrading",
            "validating-configuration",
        }
    ),
    coming=frozenset({"creating", "rebooting", "starting"}),
    going=frozenset({"deleting", "delete-precheck"}),
    failed={
        "stopped": "start it; AWS does so itself after seven days",
        "storage-full": "raise spec.forProvider.allocatedStorage",
        "incompatible-option-group": "its option group does not fit its engine version",
        "incompatible-parameters": "its parameter group holds values that it cannot start with",
        "incompatible-credentials": "its credentials cannot be used",
        "incompatible-network": "its subnets have no free addresses, or its subnet group was changed beneath it",
        "incompatible-restore": "the snapshot cannot be restored into it",
        "incompatible-create": "it cannot be created as declared",
        "insufficient-capacity": "AWS has no capacity for its class where it is",
        "inaccessible-encryption-credentials": "its KMS key cannot be used",
        "inaccessible-encryption-credentials-recoverable": "its KMS key is disabled: enable it and start the instance",
        "restore-error": "its restoration has failed",
        "unsupported-configuration": "RDS Custom does not support what was changed in it",
        "automation-paused": "the automation of RDS Custom is paused",
        "stopping": "somebody is stopping it",
        "failed": "AWS has given up on it: restore it from a backup",
    },
)

CLUSTER_STATUS: Final = Readiness(
    path="Status",
    ready=frozenset({"available"}),
    settling=frozenset(
        {
            "backing-up",
            "backtracking",
            "configuring-iam-database-auth",
            "configuring-enhanced-monitoring",
            "configuring-log-exports",
            "failing-over",
            "maintenance",
            "modifying",
            "promoting",
            "renaming",
            "resetting-master-credentials",
            "scaling-capacity",
            "scaling-compute",
            "scaling-storage",
            "storage-optimization",
            "update-iam-db-auth",
            "upgrading",
        }
    ),
    coming=frozenset({"creating", "migrating", "preparing-data-migration", "rebooting", "starting"}),
    failed={
        "stopped": "start it; AWS does so itself after seven days",
        "stopping": "somebody is stopping it",
        "cloning-failed": "the cluster that it is a clone of could not be copied",
        "migration-failed": "its snapshot could not be migrated",
        "inaccessible-encryption-credentials": "its KMS key cannot be used",
        "inaccessible-encryption-credentials-recoverable": "its KMS key is disabled: enable it and start the cluster",
        "incompatible-parameters": "its parameter group holds values that it cannot start with",
        "incompatible-restore": "the backup cannot be restored into it",
        "incompatible-network": "its subnets have no free addresses, or its subnet group was changed beneath it",
        "failed": "AWS has given up on it: restore it from a backup",
    },
)
