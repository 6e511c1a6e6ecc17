"""How DynamoDB wants to hear what a table is: keys, indexes, capacity. What is made once is made of the parameters."""

from collections.abc import Iterable, Mapping
from typing import Final

from crosshead.aws.shapes import NUMBER, TEXT, Block, Member, Texts, encode
from crosshead.base.values import Draft, Json, Object

ON_DEMAND: Final = "PAY_PER_REQUEST"

ON_DEMAND_THROUGHPUT: Final = Block(
    (
        Member("maxReadRequestUnits", "MaxReadRequestUnits", NUMBER),
        Member("maxWriteRequestUnits", "MaxWriteRequestUnits", NUMBER),
    ),
    single=True,
)


def warmer(declared: Json, found: Json, _: Object) -> bool:
    """Whether a table is as warm as asked for: with its traffic AWS warms it further."""
    return bool(declared <= found)


WARM_THROUGHPUT: Final = Block(
    (
        Member("readUnitsPerSecond", "ReadUnitsPerSecond", NUMBER, warmer),
        Member("writeUnitsPerSecond", "WriteUnitsPerSecond", NUMBER, warmer),
    ),
    single=True,
)
ATTRIBUTES: Final = Block((Member("name", "AttributeName"), Member("type", "AttributeType")))
KEYS: Final = Block((Member("attributeName", "AttributeName"), Member("keyType", "KeyType")))


def created(scene: Object) -> Draft:
    """Return what a create is told of keys, indexes and capacity, and which replicas of ours there are to delete."""
    spec = scene["spec"]
    said = {
        "AttributeDefinitions": attributes(spec),
        "KeySchema": keys(spec.get("hashKey"), spec.get("rangeKey")),
        "LocalSecondaryIndexes": [_local(one, spec) for one in spec.get("localSecondaryIndex") or ()],
        "GlobalSecondaryIndexes": [index(one, spec) for one in spec.get("globalSecondaryIndex") or ()],
        "ProvisionedThroughput": capacity(spec, spec),
        "StreamSpecification": stream(spec) if spec.get("streamEnabled") is not None else None,
        "SSESpecification": encryption(_only(spec.get("serverSideEncryption"))),
        "BillingMode": spec.get("billingMode"),
        "OnDemandThroughput": _throughput(ON_DEMAND_THROUGHPUT, spec, "onDemandThroughput"),
    }
    imported = _only(spec.get("importTable"))
    if imported is not None:
        said |= _imported(imported, {"TableName": scene["id"], **said})
    found = {one.get("RegionName") for one in (scene.get("record") or {}).get("Replicas") or ()}
    mine = [one["regionName"] for one in spec.get("replica") or ()]
    return {"made": _without_nothing(said), "replicas": [region for region in mine if region in found]}


def _imported(one: Object, said: Object) -> Draft:
    """Return what an import is told: where from, and what the new table is like."""
    bucket, csv = _only(one.get("s3BucketSource")) or {}, _only((_only(one.get("inputFormatOptions")) or {}).get("csv"))
    source = {
        "S3Bucket": bucket.get("bucket"),
        "S3BucketOwner": bucket.get("bucketOwner"),
        "S3KeyPrefix": bucket.get("keyPrefix"),
    }
    form = _without_nothing({"Delimiter": csv.get("delimiter"), "HeaderList": csv.get("headerList")}) if csv else {}
    table = {
        name: value for name, value in said.items() if name not in {"LocalSecondaryIndexes", "StreamSpecification"}
    }
    return {
        "S3BucketSource": _without_nothing(source),
        "InputFormatOptions": {"Csv": form} if form else None,
        "TableCreationParameters": _without_nothing(table),
    }


def attributes(spec: Object) -> Json:
    """Return the types of the attributes that are keys."""
    return encode(ATTRIBUTES, spec.get("attribute") or ())


def keys(hash_key: Json, range_key: Json) -> list[Draft]:
    """Return the keys of a table or an index."""
    named = ((hash_key, "HASH"), (range_key, "RANGE"))
    return [{"AttributeName": name, "KeyType": kind} for name, kind in named if name]


def capacity(one: Object, spec: Object) -> Draft | None:
    """Return how much a table or an index is provisioned with: nothing when it is paid for by the request."""
    given = {"ReadCapacityUnits": one.get("readCapacity"), "WriteCapacityUnits": one.get("writeCapacity")}
    found = {name: encode(NUMBER, value) for name, value in given.items() if value is not None}
    return found if found and spec.get("billingMode") != ON_DEMAND else None


def index(one: Object, spec: Object) -> Draft:
    """Return a global index as a create has it, of a table or of the index alone."""
    schema = encode(KEYS, one.get("keySchema") or ()) or keys(one.get("hashKey"), one.get("rangeKey"))
    said = {
        "IndexName": one["name"],
        "KeySchema": schema,
        "Projection": _projection(one),
        "ProvisionedThroughput": capacity(one, spec),
        "OnDemandThroughput": _throughput(ON_DEMAND_THROUGHPUT, one, "onDemandThroughput"),
        "WarmThroughput": _throughput(WARM_THROUGHPUT, one, "warmThroughput"),
    }
    return _without_nothing(said)


def _local(one: Object, spec: Object) -> Draft:
    schema = keys(spec.get("hashKey"), one.get("rangeKey"))
    return {"IndexName": one["name"], "KeySchema": schema, "Projection": _projection(one)}


def _projection(one: Object) -> Draft:
    names = encode(Texts(), one.get("nonKeyAttributes") or ())
    return _without_nothing(
        {"ProjectionType": encode(TEXT, one.get("projectionType") or "ALL"), "NonKeyAttributes": names}
    )


def stream(spec: Object) -> Draft:
    """Return whether changes are streamed, and what of them."""
    if not spec.get("streamEnabled"):
        return {"StreamEnabled": False}
    return _without_nothing({"StreamEnabled": True, "StreamViewType": spec.get("streamViewType")})


def encryption(declared: Object | None) -> Draft | None:
    """Return with which key it is encrypted: with one that AWS owns, when encryption is not asked for."""
    if declared is None:
        return None
    if not declared.get("enabled"):
        return {"Enabled": False}
    return _without_nothing({"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": declared.get("kmsKeyArn")})


def _throughput(shape: Block, one: Object, name: str) -> Json:
    return encode(shape, one[name]) if one.get(name) else None


def _only(block: Iterable[Object] | None) -> Object | None:
    return next(iter(block or ()), None)


def _without_nothing(said: Mapping[str, Json]) -> Draft:
    return {name: value for name, value in said.items() if value not in (None, [], {}, "")}
