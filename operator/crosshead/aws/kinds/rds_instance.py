"""
RDS: database instances.

https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/
"""

from dataclasses import replace
from typing import Final

from crosshead.aws.calls import Call, Create, Delete, Read, Refusal, Update
from crosshead.aws.descriptor import Descriptor, Secret, Shown
from crosshead.aws.kinds import rds_instance_changes as changes
from crosshead.aws.kinds.rds_instance_fields import FIELDS
from crosshead.aws.kinds.rds_statuses import INSTANCE_STATUS
from crosshead.aws.kinds.rds_tags import TAGGING
from crosshead.aws.naming import database_names
from crosshead.aws.pointing import ARN, KEY, ROLE, SECURITY_GROUP, kind, many, one
from crosshead.aws.shapes import NUMBER, TEXT, Block, Member, Texts
from crosshead.managed.facts import Naming, SecretInput

_LISTENER: Final = Block(
    (Member("address", "Address"), Member("hostedZoneId", "HostedZoneId"), Member("port", "Port", NUMBER))
)
MASTER_USER_SECRET: Final = Block(
    (Member("kmsKeyId", "KmsKeyId"), Member("secretArn", "SecretArn"), Member("secretStatus", "SecretStatus"))
)

_NAMED: Final = {"DBInstanceIdentifier": "identifier"}
_ANSWER: Final = "DBInstance.DbiResourceId"
_ENDPOINT: Final = "Endpoint.Address && Endpoint.Port && join(':', [Endpoint.Address, to_string(Endpoint.Port)])"
# What a replica holds is its source's: AWS takes no last snapshot of it.
_NO_SNAPSHOT: Final = "spec.skipFinalSnapshot || record.ReadReplicaSourceDBInstanceIdentifier"


INSTANCE: Final = Descriptor(
    service="rds",
    kind="Instance",
    plural="instances",
    versions=("v1beta1", "v1beta2", "v1beta3"),
    listed=("v1beta2",),
    # The groups of EC2-Classic are no more.
    former=(("name", TEXT), ("securityGroupNames", Texts())),
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
        *changes.DEPLOYMENT,
        changes.LEFT,
    ),
    becomes=changes.HEIR,
    moves=True,
    find=Read(Call("describe_db_instances", _NAMED), "DBInstances[0]"),
    creates=(
        Create(
            Call(
                "create_db_instance_read_replica",
                _NAMED,
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
        Create(
            Call(
                "restore_db_instance_from_s3",
                {
                    **_NAMED,
                    "S3BucketName": "spec.s3Import[0].bucketName",
                    "S3Prefix": "spec.s3Import[0].bucketPrefix",
                    "S3IngestionRoleArn": "spec.s3Import[0].ingestionRole",
                    "SourceEngine": "spec.s3Import[0].sourceEngine",
                    "SourceEngineVersion": "spec.s3Import[0].sourceEngineVersion",
                },
                when="spec.s3Import",
            ),
            _ANSWER,
        ),
        Create(Call("create_db_instance", _NAMED), _ANSWER),
    ),
    updates=(
        Update(
            call=Call("modify_db_instance", {"DBInstanceIdentifier": "at.identifier"}),
            reads=changes.DEPLOYMENT,
            always=("applyImmediately",),
            instead=changes.deployed,
        ),
        Update(call=Call("promote_read_replica"), plan=changes.promote),
        Update(call=Call("delete_blue_green_deployment"), reads=(changes.LEFT, changes.BLUE), plan=changes.tidy),
    ),
    delete=Delete(
        refusals=(
            Refusal(
                "record.DeletionProtection && spec.deletionProtection != `false`",
                "deletion protection is on: set spec.forProvider.deletionProtection to false",
            ),
            Refusal(
                f"!({_NO_SNAPSHOT}) && !(spec.finalSnapshotIdentifier)",
                "set spec.forProvider.finalSnapshotIdentifier, or skipFinalSnapshot to true",
            ),
        ),
        reads=(changes.BLUE,),
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
            *(
                Call(
                    "delete_blue_green_deployment",
                    {
                        "BlueGreenDeploymentIdentifier": f"record.{which}.BlueGreenDeploymentIdentifier",
                        "DeleteTarget": target,
                    },
                    when=f"record.{which}",
                )
                for which, target in (("Deployment", "`true`"), ("Left", "null"))
            ),
            Call(
                "delete_db_instance",
                {"DBInstanceIdentifier": "record.Blue.DBInstanceIdentifier", "SkipFinalSnapshot": "`true`"},
                when="record.Blue",
            ),
        ),
        call=Call(
            "delete_db_instance",
            {
                "DBInstanceIdentifier": "record.DBInstanceIdentifier",
                "SkipFinalSnapshot": f"({_NO_SNAPSHOT}) && `true` || `false`",
                "FinalDBSnapshotIdentifier": f"(!({_NO_SNAPSHOT}) && spec.finalSnapshotIdentifier) || null",
                "DeleteAutomatedBackups": "spec.deleteAutomatedBackups",
            },
        ),
    ),
    readiness=replace(INSTANCE_STATUS, path=changes.STATUS),
    tagging=TAGGING,
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
            missing="MasterUserSecret",
        ),
        Secret(
            SecretInput("passwordWoSecretRef", "password_wo"),
            "MasterUserPassword",
            ("attribute.password_wo",),
            missing="MasterUserSecret",
        ),
    ),
    connection={
        "endpoint": _ENDPOINT,
        "address": "Endpoint.Address",
        "host": "Endpoint.Address",
        "port": "Endpoint.Port && to_string(Endpoint.Port)",
        "username": "MasterUsername",
    },
    # Not `LatestRestorableTime`: it moves every five minutes, and every look would write a status that is old already.
    shown=(
        Shown("id", "DbiResourceId"),
        Shown("resourceId", "DbiResourceId"),
        Shown("arn", "DBInstanceArn"),
        Shown("status", "DBInstanceStatus"),
        Shown("address", "Endpoint.Address"),
        Shown("endpoint", _ENDPOINT),
        Shown("upgradeRolloutOrder", "UpgradeRolloutOrder"),
        Shown("hostedZoneId", "Endpoint.HostedZoneId"),
        Shown("engineVersionActual", "EngineVersion"),
        Shown("replicas", "ReadReplicaDBInstanceIdentifiers", Texts()),
        Shown("listenerEndpoint", "ListenerEndpoint && [ListenerEndpoint]", _LISTENER),
        Shown("masterUserSecret", "MasterUserSecret && [MasterUserSecret]", MASTER_USER_SECRET),
    ),
)
