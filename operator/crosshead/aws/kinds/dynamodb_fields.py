"""
The parameters of a DynamoDB table, and where they are found.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html, API_TableDescription.html
"""

from typing import Final

from crosshead.aws.comparing import key
from crosshead.aws.descriptor import Field, sent, settable
from crosshead.aws.kinds.dynamodb_saying import ATTRIBUTES, KEYS, ON_DEMAND, ON_DEMAND_THROUGHPUT, WARM_THROUGHPUT
from crosshead.aws.shapes import FLAG, NUMBER, TEXT, Block, Member, Shape, Texts
from crosshead.base.values import Json, Object


def _provisioned(declared: Json, found: Json, parameters: Object) -> bool:
    """What is paid for by the request has no capacity."""
    return parameters.get("billingMode") == ON_DEMAND or int(declared) == int(found)


def _expiry(declared: Json, found: Json, _: Object) -> bool:
    """By which attribute items do not expire makes no difference."""
    mine, theirs = declared[0], found[0]
    if not mine.get("enabled") or not theirs.get("enabled"):
        return bool(mine.get("enabled")) == bool(theirs.get("enabled"))
    return bool(mine.get("attributeName") == theirs.get("attributeName"))


def _encryption(declared: Json, found: Json, parameters: Object) -> bool:
    """A key that is not named is one of AWS'."""
    mine, theirs = declared[0], found[0]
    if not mine.get("enabled") or not theirs.get("enabled"):
        return bool(mine.get("enabled")) == bool(theirs.get("enabled"))
    return not mine.get("kmsKeyArn") or key(mine["kmsKeyArn"], theirs.get("kmsKeyArn") or "", parameters)


def _replicas(declared: Json, found: Json, parameters: Object) -> bool:
    """Whether the replicas are where they are declared to be; the table itself is none."""
    return {one["regionName"] for one in declared} == {one["regionName"] for one in found} - {parameters.get("region")}


def _stream_view(declared: Json, found: Json, parameters: Object) -> bool:
    """What would be streamed makes no difference while nothing is."""
    return not parameters.get("streamEnabled") or bool(declared == found)


def _made(_: Json) -> Json:
    """The create is told in the words of `dynamodb_saying`."""
    return None


def _of_table(name: str, shape: Shape, aws: tuple[str, str], read: str, **more: Json) -> Field:
    """Return a field of a table; *aws* are the members of creates and updates."""
    create, modify = aws
    return Field(name=name, shape=shape, create=create, modify=modify, read=read, wrap=_made, **{"late": False, **more})


def _both(member: str) -> tuple[str, str]:
    return member, member


_GLOBAL_INDEX: Final = Block(
    (
        Member("hashKey", "HashKey"),
        Member("keySchema", "KeySchema", KEYS),
        Member("name", "IndexName"),
        Member("nonKeyAttributes", "NonKeyAttributes", Texts()),
        Member("onDemandThroughput", "OnDemandThroughput", ON_DEMAND_THROUGHPUT),
        Member("projectionType", "ProjectionType"),
        Member("rangeKey", "RangeKey"),
        Member("readCapacity", "ReadCapacity", NUMBER, _provisioned),
        Member("warmThroughput", "WarmThroughput", WARM_THROUGHPUT),
        Member("writeCapacity", "WriteCapacity", NUMBER, _provisioned),
    )
)
_LOCAL_INDEX: Final = Block(
    (
        Member("name", "IndexName"),
        Member("nonKeyAttributes", "NonKeyAttributes", Texts()),
        Member("projectionType", "ProjectionType"),
        Member("rangeKey", "RangeKey"),
    )
)
_KEYED: Final = """
IndexName: IndexName, HashKey: KeySchema[?KeyType == 'HASH'].AttributeName | [0],
RangeKey: KeySchema[?KeyType == 'RANGE'].AttributeName | [0], KeySchema: KeySchema,
ProjectionType: Projection.ProjectionType, NonKeyAttributes: Projection.NonKeyAttributes
"""
_SIZED: Final = """
ReadCapacity: ProvisionedThroughput.ReadCapacityUnits, WriteCapacity: ProvisionedThroughput.WriteCapacityUnits,
OnDemandThroughput: OnDemandThroughput, WarmThroughput: WarmThroughput
"""
_CSV: Final = Block((Member("delimiter"), Member("headerList", shape=Texts())), lone=True)
_IMPORT: Final = Block(
    (
        Member("inputCompressionType"),
        Member("inputFormat"),
        Member("inputFormatOptions", shape=Block((Member("csv", shape=_CSV),), lone=True)),
        Member("s3BucketSource", shape=Block(tuple(map(Member, ("bucket", "bucketOwner", "keyPrefix"))), lone=True)),
    ),
    lone=True,
)
# Of a replica in another region, whose own settings only that region tells.
_REPLICA: Final = Block(
    (
        Member("consistencyMode"),
        Member("deletionProtectionEnabled", shape=FLAG),
        Member("kmsKeyArn", "KMSMasterKeyId"),
        Member("pointInTimeRecovery", shape=FLAG),
        Member("propagateTags", shape=FLAG),
        Member("regionName", "RegionName"),
    )
)
_RECOVERY: Final = Block(
    (
        Member("enabled", "PointInTimeRecoveryEnabled", FLAG),
        Member("recoveryPeriodInDays", "RecoveryPeriodInDays", NUMBER),
    ),
    single=True,
)

FIELDS: Final = (
    # Keys
    _of_table("attribute", ATTRIBUTES, _both("AttributeDefinitions"), "AttributeDefinitions"),
    Field(name="hashKey", read="KeySchema[?KeyType == 'HASH'].AttributeName | [0]"),
    Field(name="rangeKey", read="KeySchema[?KeyType == 'RANGE'].AttributeName | [0]"),
    Field(
        name="localSecondaryIndex",
        shape=_LOCAL_INDEX,
        read=f"LocalSecondaryIndexes[].{{{_KEYED}}}",
        absent=(),
        late=False,
    ),
    _of_table(
        "globalSecondaryIndex",
        _GLOBAL_INDEX,
        ("GlobalSecondaryIndexes", "GlobalSecondaryIndexUpdates"),
        f"GlobalSecondaryIndexes[?IndexStatus != 'DELETING'].{{{_KEYED}, {_SIZED}}}",
        absent=(),
    ),
    # Capacity
    _of_table(
        "billingMode", TEXT, _both("BillingMode"), "BillingModeSummary.BillingMode", absent="PROVISIONED", late=True
    ),
    _of_table(
        "readCapacity",
        NUMBER,
        _both("ProvisionedThroughput"),
        "ProvisionedThroughput.ReadCapacityUnits",
        same=_provisioned,
        late=True,
    ),
    _of_table(
        "writeCapacity",
        NUMBER,
        _both("ProvisionedThroughput"),
        "ProvisionedThroughput.WriteCapacityUnits",
        same=_provisioned,
        late=True,
    ),
    _of_table("onDemandThroughput", ON_DEMAND_THROUGHPUT, _both("OnDemandThroughput"), "OnDemandThroughput"),
    settable("warmThroughput", WARM_THROUGHPUT, "WarmThroughput", late=False),
    Field(
        name="tableClass",
        create="TableClass",
        modify="TableClass",
        read="TableClassSummary.TableClass",
        absent="STANDARD",
    ),
    # Streams
    _of_table("streamEnabled", FLAG, _both("StreamSpecification"), "StreamSpecification.StreamEnabled", absent=False),
    _of_table(
        "streamViewType",
        TEXT,
        _both("StreamSpecification"),
        "StreamSpecification.StreamViewType",
        absent="",
        same=_stream_view,
    ),
    # Safety
    # Not filled in late: who switches it on in AWS means it, when nobody has declared otherwise.
    settable("deletionProtectionEnabled", FLAG, "DeletionProtectionEnabled", late=False),
    _of_table(
        "serverSideEncryption",
        Block((Member("enabled", "Enabled", FLAG), Member("kmsKeyArn", "KMSMasterKeyArn")), single=True),
        _both("SSESpecification"),
        "SSEDescription.{Enabled: contains(['ENABLED', 'ENABLING', 'UPDATING'], Status), "
        "KMSMasterKeyArn: KMSMasterKeyArn} || {Enabled: `false`}",
        same=_encryption,
    ),
    Field(
        name="pointInTimeRecovery",
        shape=_RECOVERY,
        modify="PointInTimeRecoverySpecification",
        read="Backups.{PointInTimeRecoveryEnabled: PointInTimeRecoveryStatus == 'ENABLED', "
        "RecoveryPeriodInDays: RecoveryPeriodInDays}",
        via="update_continuous_backups",
        late=False,
    ),
    Field(
        name="ttl",
        shape=Block((Member("attributeName", "AttributeName"), Member("enabled", "Enabled", FLAG)), single=True),
        modify="TimeToLiveSpecification",
        read="Expiry.{AttributeName: AttributeName, Enabled: contains(['ENABLED', 'ENABLING'], TimeToLiveStatus)}",
        via="update_time_to_live",
        late=False,
        same=_expiry,
    ),
    # Elsewhere
    Field(
        name="replica",
        shape=_REPLICA,
        modify="ReplicaUpdates",
        read="Replicas",
        absent=(),
        late=False,
        same=_replicas,
    ),
    sent("globalTableWitness", Block((Member("regionName"),), lone=True)),
    # Where it comes from
    sent("importTable", _IMPORT),
    sent("restoreBackupArn"),
    sent("restoreDateTime"),
    sent("restoreSourceName"),
    sent("restoreSourceTableArn"),
    sent("restoreToLatestTime", FLAG),
)
