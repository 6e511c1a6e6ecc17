"""
DynamoDB: tables.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/
"""

from typing import Final

from crosshead.aws.calls import Call, Create, Delete, Read, Refusal, Update
from crosshead.aws.descriptor import Descriptor, Readiness, Shown, Tagging
from crosshead.aws.kinds import dynamodb_changes as changes
from crosshead.aws.kinds.dynamodb_fields import FIELDS
from crosshead.aws.kinds.dynamodb_saying import created
from crosshead.aws.pointing import ARN, KEY, one
from crosshead.managed.facts import Naming

_NAMED: Final = {"TableName": "id"}
_TABLE: Final = Read(Call("describe_table", _NAMED), "Table")
_RESTORED: Final = {
    "TargetTableName": "id",
    "BillingModeOverride": "made.BillingMode",
    "GlobalSecondaryIndexOverride": "made.GlobalSecondaryIndexes",
    "LocalSecondaryIndexOverride": "made.LocalSecondaryIndexes",
    "ProvisionedThroughputOverride": "made.ProvisionedThroughput",
    "OnDemandThroughputOverride": "made.OnDemandThroughput",
    "SSESpecificationOverride": "made.SSESpecification",
}

TABLE: Final = Descriptor(
    service="dynamodb",
    kind="Table",
    plural="tables",
    versions=("v1beta1", "v1beta2"),
    naming=Naming.BY_US,
    identity="TableName",
    names=created,
    reads=(
        _TABLE,
        Read(Call("describe_time_to_live", _NAMED), "TimeToLiveDescription", "Expiry"),
        Read(
            Call(
                "describe_continuous_backups",
                _NAMED,
                codes=frozenset({"TableNotFoundException", "UnknownOperationException"}),
            ),
            "ContinuousBackupsDescription.PointInTimeRecoveryDescription",
            "Backups",
        ),
        Read(Call("list_tags_of_resource", {"ResourceArn": "record.TableArn"}, paged=True), "Tags", "Tags"),
    ),
    # One that exists is, for AWS, in use: no code tells that from one that is changing.
    find=_TABLE,
    creates=(
        Create(
            Call(
                "restore_table_from_backup",
                {**_RESTORED, "BackupArn": "spec.restoreBackupArn"},
                when="spec.restoreBackupArn",
            ),
            "TableDescription.TableName",
        ),
        Create(
            Call(
                "restore_table_to_point_in_time",
                {
                    **_RESTORED,
                    "SourceTableName": "spec.restoreSourceName",
                    "SourceTableArn": "spec.restoreSourceTableArn",
                    "RestoreDateTime": "spec.restoreDateTime",
                    "UseLatestRestorableTime": "spec.restoreToLatestTime",
                },
                when="spec.restoreSourceName || spec.restoreSourceTableArn",
            ),
            "TableDescription.TableName",
        ),
        Create(
            Call(
                "import_table",
                {
                    # A second attempt is the same import.
                    "ClientToken": "uid",
                    "InputFormat": "spec.importTable[0].inputFormat",
                    "InputCompressionType": "spec.importTable[0].inputCompressionType",
                    "InputFormatOptions": "made.InputFormatOptions",
                    "S3BucketSource": "made.S3BucketSource",
                    "TableCreationParameters": "made.TableCreationParameters",
                },
                when="spec.importTable",
            ),
            "id",
        ),
        Create(
            Call(
                "create_table",
                {
                    **_NAMED,
                    **{
                        member: f"made.{member}"
                        for member in (
                            "AttributeDefinitions",
                            "KeySchema",
                            "BillingMode",
                            "ProvisionedThroughput",
                            "OnDemandThroughput",
                            "LocalSecondaryIndexes",
                            "GlobalSecondaryIndexes",
                            "StreamSpecification",
                            "SSESpecification",
                        )
                    },
                },
            ),
            "TableDescription.TableName",
        ),
    ),
    updates=(
        Update(call=Call("update_table"), plan=changes.table),
        Update(call=Call("update_continuous_backups", _NAMED)),
        Update(call=Call("update_time_to_live"), plan=changes.expiry),
    ),
    delete=Delete(
        refusals=(
            Refusal(
                "record.DeletionProtectionEnabled && spec.deletionProtectionEnabled != `false`",
                "deletion protection is on: set spec.forProvider.deletionProtectionEnabled to false",
            ),
        ),
        before=(
            # The spec says so already; the object is being deleted, and nobody will update it any more.
            Call(
                "update_table",
                {**_NAMED, "DeletionProtectionEnabled": "`false`"},
                when="record.DeletionProtectionEnabled",
            ),
            Call("update_table", {**_NAMED, "ReplicaUpdates": "[{Delete: {RegionName: item}}]"}, each="replicas"),
        ),
        call=Call("delete_table", _NAMED),
    ),
    readiness=Readiness(
        # A table is active while an index of it is still filled, and can be changed only when that is done.
        path="(TableStatus == 'ACTIVE' && (GlobalSecondaryIndexes[?IndexStatus != 'ACTIVE'] || "
        "Replicas[?contains(['CREATING', 'UPDATING', 'DELETING'], ReplicaStatus)]) && 'UPDATING') || TableStatus",
        ready=frozenset({"ACTIVE"}),
        settling=frozenset({"UPDATING"}),
        coming=frozenset({"CREATING"}),
        going=frozenset({"DELETING"}),
        gone=frozenset(),
        failed={
            "INACCESSIBLE_ENCRYPTION_CREDENTIALS": "its KMS key cannot be used: within seven days AWS archives it",
            "ARCHIVING": "its KMS key could not be used for seven days: AWS is making a backup of it",
            "ARCHIVED": "its KMS key could not be used for seven days: restore it from the backup that AWS has made",
            "REPLICATION_NOT_AUTHORIZED": "the role that replicates it may do so no more",
        },
    ),
    tagging=Tagging(
        add=Call("tag_resource", {"ResourceArn": "at.arn"}),
        remove=Call("untag_resource", {"ResourceArn": "at.arn"}),
    ),
    fields=FIELDS,
    references=(one("replica[*].kmsKeyArn", KEY, ARN), one("serverSideEncryption[0].kmsKeyArn", KEY, ARN)),
    shown=(
        Shown("arn", "TableArn"),
        Shown("id", "TableName"),
        Shown("streamArn", "LatestStreamArn"),
        Shown("streamLabel", "LatestStreamLabel"),
    ),
)

KINDS: Final = (TABLE,)
