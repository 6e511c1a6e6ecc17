"""
RDS: database instances.

https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/
"""

from typing import Final

from crosshead.aws.descriptor import (
    Call,
    Create,
    Delete,
    Descriptor,
    Read,
    Readiness,
    Refusal,
    Secret,
    Shown,
    Tagging,
    Update,
)
from crosshead.aws.kinds.rds_instance_fields import FIELDS
from crosshead.aws.naming import database_names
from crosshead.aws.pointing import ARN, KEY, ROLE, SECURITY_GROUP, kind, many, one
from crosshead.aws.shapes import TEXT, Block, Member, Texts
from crosshead.managed.facts import Naming, SecretInput

_STATUS: Final = Readiness(
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

_NAMED: Final = {"DBInstanceIdentifier": "identifier"}
_ANSWER: Final = "DBInstance.DbiResourceId"

INSTANCE: Final = Descriptor(
    service="rds",
    kind="Instance",
    plural="instances",
    naming=Naming.BY_PROVIDER,
    identity="DbiResourceId",
    names=database_names,
    reads=(
        Read(
            Call(
                "describe_db_instances",
                {**_NAMED, "Filters": "resource && [{Name: 'dbi-resource-id', Values: [resource]}]"},
            ),
            "DBInstances[0]",
        ),
    ),
    find=Read(Call("describe_db_instances", _NAMED), "DBInstances[0]"),
    creates=(
        Create(
            Call(
                "create_db_instance_read_replica",
                {**_NAMED, "SourceDBInstanceIdentifier": "spec.replicateSourceDb"},
                when="spec.replicateSourceDb",
            ),
            _ANSWER,
        ),
        Create(
            Call(
                "restore_db_instance_from_db_snapshot",
                {**_NAMED, "DBSnapshotIdentifier": "spec.snapshotIdentifier"},
                when="spec.snapshotIdentifier",
            ),
            _ANSWER,
        ),
        Create(
            Call(
                "restore_db_instance_to_point_in_time",
                {
                    "TargetDBInstanceIdentifier": "identifier",
                    "SourceDBInstanceIdentifier": "spec.restoreToPointInTime[0].sourceDbInstanceIdentifier",
                    "SourceDbiResourceId": "spec.restoreToPointInTime[0].sourceDbiResourceId",
                    "SourceDBInstanceAutomatedBackupsArn": (
                        "spec.restoreToPointInTime[0].sourceDbInstanceAutomatedBackupsArn"
                    ),
                    "RestoreTime": "spec.restoreToPointInTime[0].restoreTime",
                    "UseLatestRestorableTime": "spec.restoreToPointInTime[0].useLatestRestorableTime",
                },
                when="spec.restoreToPointInTime",
            ),
            _ANSWER,
        ),
        Create(Call("create_db_instance", _NAMED), _ANSWER),
    ),
    updates=(
        Update(
            call=Call("modify_db_instance", {"DBInstanceIdentifier": "at.identifier"}),
            always=("applyImmediately",),
        ),
    ),
    delete=Delete(
        refusals=(
            Refusal(
                "record.DeletionProtection && spec.deletionProtection != `false`",
                "deletion protection is on: set spec.forProvider.deletionProtection to false",
            ),
            Refusal(
                "!(spec.skipFinalSnapshot) && !(spec.finalSnapshotIdentifier)",
                "set spec.forProvider.finalSnapshotIdentifier, or skipFinalSnapshot to true",
            ),
        ),
        # The spec says so already; the object is being deleted, and nobody will update it any more.
        before=(
            Call(
                "modify_db_instance",
                {
                    "DBInstanceIdentifier": "record.DBInstanceIdentifier",
                    "DeletionProtection": "`false`",
                    "ApplyImmediately": "`true`",
                },
                when="record.DeletionProtection",
            ),
        ),
        call=Call(
            "delete_db_instance",
            {
                "DBInstanceIdentifier": "record.DBInstanceIdentifier",
                "SkipFinalSnapshot": "spec.skipFinalSnapshot || `false`",
                "FinalDBSnapshotIdentifier": "(!(spec.skipFinalSnapshot) && spec.finalSnapshotIdentifier) || null",
                "DeleteAutomatedBackups": "spec.deleteAutomatedBackups",
            },
        ),
    ),
    readiness=_STATUS,
    tagging=Tagging(
        read="TagList",
        add=Call("add_tags_to_resource", {"ResourceName": "at.arn"}),
        remove=Call("remove_tags_from_resource", {"ResourceName": "at.arn"}),
    ),
    pending="PendingModifiedValues",
    absent=frozenset({"DBInstanceNotFound", "DBInstanceNotFoundFault"}),
    exists=frozenset({"DBInstanceAlreadyExists"}),
    fields=FIELDS,
    renamed=(("name", "dbName"),),
    required=("instanceClass",),
    references=(
        one("dbSubnetGroupName", kind("rds", "SubnetGroup")),
        one("kmsKeyId", KEY, ARN),
        one("masterUserSecretKmsKeyId", KEY, "status.atProvider.keyId"),
        one("monitoringRoleArn", ROLE, ARN),
        one("parameterGroupName", kind("rds", "ParameterGroup")),
        one("performanceInsightsKmsKeyId", KEY),
        one("replicateSourceDb", kind("rds", "Instance"), "status.atProvider.identifier"),
        many("vpcSecurityGroupIds", SECURITY_GROUP),
    ),
    secrets=(
        Secret(
            SecretInput("passwordSecretRef", "password", "autoGeneratePassword"),
            "MasterUserPassword",
            ("password", "attribute.password"),
        ),
        Secret(SecretInput("passwordWoSecretRef", "password_wo"), "MasterUserPassword", ("attribute.password_wo",)),
    ),
    connection={
        "endpoint": "Endpoint.Address && Endpoint.Port && join(':', [Endpoint.Address, to_string(Endpoint.Port)])",
        "address": "Endpoint.Address",
        "host": "Endpoint.Address",
        "port": "Endpoint.Port && to_string(Endpoint.Port)",
        "username": "MasterUsername",
    },
    shown=(
        Shown("id", "DbiResourceId"),
        Shown("resourceId", "DbiResourceId"),
        Shown("arn", "DBInstanceArn"),
        Shown("status", "DBInstanceStatus"),
        Shown("address", "Endpoint.Address"),
        Shown(
            "endpoint", "Endpoint.Address && Endpoint.Port && join(':', [Endpoint.Address, to_string(Endpoint.Port)])"
        ),
        Shown("upgradeRolloutOrder", "UpgradeRolloutOrder"),
        Shown("hostedZoneId", "Endpoint.HostedZoneId"),
        Shown("engineVersionActual", "EngineVersion"),
        Shown("replicas", "ReadReplicaDBInstanceIdentifiers", Texts()),
        Shown("replicateSourceDb", "ReadReplicaSourceDBInstanceIdentifier"),
        Shown(
            "masterUserSecret",
            "MasterUserSecret && [MasterUserSecret]",
            Block(
                (
                    Member("kmsKeyId", "KmsKeyId", TEXT),
                    Member("secretArn", "SecretArn", TEXT),
                    Member("secretStatus", "SecretStatus", TEXT),
                )
            ),
        ),
    ),
)
