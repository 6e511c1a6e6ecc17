"""
DynamoDB: which calls change a table.

AWS makes one change at a time and refuses the next meanwhile: what is left is drift yet, and comes with the next look.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html
"""

from collections.abc import Iterator, Mapping

from crosshead.aws import shapes
from crosshead.aws.calls import Request
from crosshead.aws.kinds import dynamodb_saying as saying
from crosshead.base.values import Draft, Json, Object

_CAPACITY = {"billingMode", "readCapacity", "writeCapacity"}


def table(changed: Object, scene: Object) -> tuple[Request, ...]:
    """Return the calls that make a table what it is declared to be."""
    steps = (*_capacity(changed, scene), *_indexes(changed, scene), *_rest(changed, scene), *_replicas(changed, scene))
    return tuple(Request("update_table", {"TableName": scene["id"], **step}) for step in steps)


def _capacity(changed: Object, scene: Object) -> Iterator[Draft]:
    """Yield a change of how it is paid for. Indexes have no capacity of their own before, and must be told it."""
    spec = scene["spec"]
    if not _CAPACITY & set(changed):
        return
    step = {"BillingMode": spec.get("billingMode"), "ProvisionedThroughput": saying.capacity(spec, spec)}
    if "billingMode" in changed:
        had = {one["name"] for one in scene["at"].get("globalSecondaryIndex") or ()}
        mine = [one for one in spec.get("globalSecondaryIndex") or () if one["name"] in had]
        step["GlobalSecondaryIndexUpdates"] = [told for one in mine if (told := _provisioned(one, spec))]
    yield {name: value for name, value in step.items() if value}


def _provisioned(one: Object, spec: Object) -> Draft | None:
    capacity = saying.capacity(one, spec)
    return {"Update": {"IndexName": one["name"], "ProvisionedThroughput": capacity}} if capacity else None


def _indexes(changed: Object, scene: Object) -> Iterator[Draft]:
    """Yield the changes of indexes: AWS makes or deletes one per call, and what is made anew is deleted first."""
    if "globalSecondaryIndex" not in changed:
        if "attribute" in changed:
            yield {"AttributeDefinitions": saying.attributes(scene["spec"])}
        return
    spec = scene["spec"]
    found = {one["name"]: one for one in scene["at"].get("globalSecondaryIndex") or ()}
    wanted = {one["name"]: one for one in changed["globalSecondaryIndex"]}
    other = {name for name, one in wanted.items() if name in found and not _keyed_alike(one, found[name])}
    for name in sorted(found):
        if name not in wanted or name in other:
            yield {"GlobalSecondaryIndexUpdates": [{"Delete": {"IndexName": name}}]}
    for name, one in wanted.items():
        if name in other or name not in found:
            told = {"AttributeDefinitions": saying.attributes(spec)}
            yield {**told, "GlobalSecondaryIndexUpdates": [{"Create": saying.index(one, spec)}]}
        elif "billingMode" not in changed and (update := _resized(one, found[name], spec)):
            yield {"GlobalSecondaryIndexUpdates": [{"Update": update}]}


def _keyed_alike(mine: Object, theirs: Object) -> bool:
    """Whether two indexes have the same keys and projection, which no index changes."""
    one, other = ({**saying.index(index, {})} for index in (mine, theirs))
    return _fixed(one) == _fixed(other)


def _fixed(index: Mapping[str, Json]) -> tuple[Json, ...]:
    projection = index["Projection"]
    return index["KeySchema"], projection["ProjectionType"], sorted(projection.get("NonKeyAttributes", ()))


def _resized(mine: Object, theirs: Object, spec: Object) -> Draft:
    members = ("ProvisionedThroughput", "OnDemandThroughput", "WarmThroughput")
    one, other = saying.index(mine, spec), saying.index(theirs, spec)
    sizes = {name: one[name] for name in members if name in one and one[name] != other.get(name)}
    if shapes.matches(saying.WARM_THROUGHPUT, mine.get("warmThroughput") or [], theirs.get("warmThroughput") or [], {}):
        sizes.pop("WarmThroughput", None)
    return {"IndexName": mine["name"], **sizes} if sizes else {}


def _rest(changed: Object, scene: Object) -> Iterator[Draft]:
    spec = scene["spec"]
    if {"streamEnabled", "streamViewType"} & set(changed):
        # What is streamed changes only with a new stream.
        if scene["at"].get("streamEnabled") and spec.get("streamEnabled"):
            yield {"StreamSpecification": {"StreamEnabled": False}}
        yield {"StreamSpecification": saying.stream(spec)}
    if "serverSideEncryption" in changed:
        yield {"SSESpecification": saying.encryption(changed["serverSideEncryption"][0])}
    if "tableClass" in changed:
        yield {"TableClass": changed["tableClass"]}
    if "deletionProtectionEnabled" in changed:
        yield {"DeletionProtectionEnabled": shapes.truth(changed["deletionProtectionEnabled"])}
    if "onDemandThroughput" in changed:
        yield {"OnDemandThroughput": shapes.encode(saying.ON_DEMAND_THROUGHPUT, changed["onDemandThroughput"])}
    if "warmThroughput" in changed:
        yield {"WarmThroughput": shapes.encode(saying.WARM_THROUGHPUT, changed["warmThroughput"])}


def _replicas(changed: Object, scene: Object) -> Iterator[Draft]:
    """Yield the changes of replicas, one per call; those that agree on every write come together, with a witness."""
    if "replica" not in changed:
        return
    found = {one["regionName"] for one in scene["at"].get("replica") or ()} - {scene["region"]}
    wanted = {one["regionName"]: one for one in changed["replica"]}
    for region in sorted(found - set(wanted)):
        yield {"ReplicaUpdates": [{"Delete": {"RegionName": region}}]}
    new = [one for region, one in wanted.items() if region not in found]
    strong = [_replica(one) for one in new if one.get("consistencyMode") == "STRONG"]
    if strong:
        witness = [
            {"Create": {"RegionName": one["regionName"]}} for one in scene["spec"].get("globalTableWitness") or ()
        ]
        told = {"GlobalTableWitnessUpdates": witness} if witness else {}
        yield {"ReplicaUpdates": strong, "MultiRegionConsistency": "STRONG", **told}
    for one in new:
        if one.get("consistencyMode") != "STRONG":
            yield {"ReplicaUpdates": [_replica(one)]}


def _replica(one: Object) -> Draft:
    key = {"KMSMasterKeyId": one["kmsKeyArn"]} if one.get("kmsKeyArn") else {}
    return {"Create": {"RegionName": one["regionName"], **key}}


def expiry(changed: Object, scene: Object) -> tuple[Request, ...]:
    """Return the calls that let items expire by an attribute, or no longer; by another only when they do by none."""
    declared, found = changed["ttl"][0], (scene["at"].get("ttl") or [{}])[0]
    is_wanted = bool(declared.get("enabled"))
    steps = [{"Enabled": False, "AttributeName": found["attributeName"]}] if found.get("enabled") else []
    steps += [{"Enabled": True, "AttributeName": declared["attributeName"]}] if is_wanted else []
    name = {"TableName": scene["id"]}
    return tuple(Request("update_time_to_live", {**name, "TimeToLiveSpecification": step}) for step in steps)
