"""
Records of hosted zones. AWS takes a record as one of a batch of changes.

It knows it by zone, name, type and, where several stand beside one another, an identifier: joined by `_`, these are the
external name, as upstream has it.

https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html
"""

from collections.abc import Mapping
from typing import Final

from crosshead.aws import shapes
from crosshead.aws.calls import Call, Create, Delete, Read, Request, Update
from crosshead.aws.descriptor import Descriptor, Field, Readiness, Shown, sent
from crosshead.aws.pointing import kind, one
from crosshead.aws.shapes import FLAG, NUMBER, TEXT, Block, Member, Shape, Texts
from crosshead.base.values import Draft, Json, Object
from crosshead.managed.facts import Naming, Reference

_TYPES: Final = frozenset(
    {"A", "AAAA", "CAA", "CNAME", "DS", "HTTPS", "MX", "NAPTR", "NS", "PTR", "SOA", "SPF", "SRV", "SSHFP", "SVCB"}
    | {"TLSA", "TXT"}
)
_QUOTED: Final = frozenset({"TXT", "SPF"})


def _alias_name(text: str) -> str:
    return text.lower().rstrip(".").removeprefix("dualstack.")


def _same_alias(declared: Json, found: Json, _: Mapping[str, Json]) -> bool:
    """AWS ends names with a dot, and reaches load balancers in both protocols by a prefix that nobody need write."""
    return _alias_name(str(declared)) == _alias_name(str(found))


def _same_name(declared: Json, found: Json, _: Mapping[str, Json]) -> bool:
    """A name may be given without that of its zone."""
    mine, theirs = str(declared).lower().rstrip("."), str(found)
    return mine == theirs or theirs.startswith(f"{mine}." if mine else "")


def _unquoted(text: str) -> str:
    is_quoted = len(text) > 1 and text.startswith('"') and text.endswith('"')
    return text[1:-1] if is_quoted else text


def _same_values(declared: Json, found: Json, _: Mapping[str, Json]) -> bool:
    return {_unquoted(str(value)) for value in declared} == {_unquoted(str(value)) for value in found}


_ALIAS: Final = Block(
    (
        Member("name", "DNSName", same=_same_alias),
        Member("zoneId", "HostedZoneId"),
        Member("evaluateTargetHealth", "EvaluateTargetHealth", FLAG),
    ),
    single=True,
)
_NEARNESS: Final = Block(
    (
        Member("awsRegion", "AWSRegion"),
        Member("bias", "Bias", NUMBER),
        Member(
            "coordinates",
            "Coordinates",
            Block((Member("latitude", "Latitude"), Member("longitude", "Longitude")), single=True, lone=False),
        ),
        Member("localZoneGroup", "LocalZoneGroup"),
    ),
    single=True,
)
_COUNTRY: Final = Block(
    (Member("continent", "ContinentCode"), Member("country", "CountryCode"), Member("subdivision", "SubdivisionCode")),
    single=True,
)
_NETWORK: Final = Block((Member("collectionId", "CollectionId"), Member("locationName", "LocationName")), single=True)


def _one_of(name: str, aws: str, shape: Shape = TEXT) -> Shape:
    """Return the block around a member that AWS has bare."""
    return Block((Member(name, aws, shape),), single=True)


# Where the parameters stand in a record set; what is bare there and in a block here has its member named.
_SHAPES: Final[Mapping[str, tuple[str, Shape]]] = {
    "ttl": ("TTL", NUMBER),
    "alias": ("AliasTarget", _ALIAS),
    "healthCheckId": ("HealthCheckId", TEXT),
    "multivalueAnswerRoutingPolicy": ("MultiValueAnswer", FLAG),
    "setIdentifier": ("SetIdentifier", TEXT),
    "geolocationRoutingPolicy": ("GeoLocation", _COUNTRY),
    "geoproximityRoutingPolicy": ("GeoProximityLocation", _NEARNESS),
    "cidrRoutingPolicy": ("CidrRoutingConfig", _NETWORK),
    "weightedRoutingPolicy": ("", _one_of("weight", "Weight", NUMBER)),
    "latencyRoutingPolicy": ("", _one_of("region", "Region")),
    "failoverRoutingPolicy": ("", _one_of("type", "Failover")),
}


def _record_set(spec: Object, name: str) -> Draft:
    """Return the record set that *spec* asks for, called *name*."""
    made: Draft = {"Name": name, "Type": spec["type"]}
    for field, (member, shape) in _SHAPES.items():
        if (value := spec.get(field)) in (None, [], {}):
            continue
        encoded = shapes.encode(shape, value)
        made.update({member: encoded} if member else encoded)
    if "AliasTarget" in made:
        made["AliasTarget"] = {"EvaluateTargetHealth": False, **made["AliasTarget"]}
    if spec.get("records"):
        made["ResourceRecords"] = [{"Value": _value(str(one), spec["type"])} for one in spec["records"]]
    return made


def _value(text: str, kind_: str) -> str:
    return f'"{_unquoted(text)}"' if kind_ in _QUOTED else text


def _batch(action: str, record_set: Object) -> Draft:
    return {"Changes": [{"Action": action, "ResourceRecordSet": record_set}]}


def _parsed(identity: str) -> tuple[str, str, str, str]:
    """Return zone, name, type and identifier. Names have `_` in them too: the type is the first word that is one."""
    zone, *words = identity.split("_")
    place = next((number for number, word in enumerate(words) if number and word in _TYPES), len(words))
    return zone, "_".join(words[:place]), "".join(words[place : place + 1]), "_".join(words[place + 1 :])


def _named(scene: Object) -> Object:
    """Add what a record is known by to the scene."""
    spec = scene["spec"]
    told = [str(spec.get(name) or "") for name in ("zoneId", "name", "type", "setIdentifier")]
    zone, name, type_, identifier = _parsed(scene["id"]) if scene["id"] else told
    name = name.lower().rstrip(".")
    parts = (zone, name, type_, identifier) if identifier else (zone, name, type_)
    return {
        "zone": zone or None,
        "called": name,
        "type": type_,
        "identifier": identifier or None,
        "named": "_".join(parts),
    }


def _full(name: str, zone: str) -> str:
    """Return *name* with that of its zone, both as AWS wants them: with a dot at the end."""
    full = f"{name}." if name else zone
    return full if f".{full}".endswith(f".{zone}") else f"{full}{zone}"


def _placed(zone: Json, scene: Object) -> Json:
    full = _full(scene["called"], zone["Name"].lower())
    place = {"FullName": full, "Fqdn": full.rstrip(".")}
    return {"Zone": scene["zone"], "Named": scene["named"], "IsLost": not scene["id"], **place}


def _met(found: Json, scene: Object) -> Json:
    """Return the record set at whose place AWS has begun to list, if it is the one that is meant."""
    if found is None:
        return None
    wanted = (scene["record"]["FullName"].replace("*", "\\052"), scene["type"], scene["identifier"])
    is_met = (found["Name"].replace("*", "\\052"), found["Type"], found.get("SetIdentifier")) == wanted
    # Without an external name, only what is as it would have been created can be our creation.
    is_lost, full = scene["record"]["IsLost"], scene["record"]["FullName"]
    return found if is_met and not (is_lost and not _is_as_asked(found, _record_set(scene["spec"], full))) else None


def _is_as_asked(found: Object, asked: Object) -> bool:
    return all(_plain(found.get(member)) == _plain(value) for member, value in asked.items() if member != "Name")


def _plain(value: Json) -> Json:
    if isinstance(value, list):
        return sorted(one["Value"] for one in value)
    if isinstance(value, dict) and "DNSName" in value:
        return {**value, "DNSName": _alias_name(value["DNSName"])}
    return value


def _change(zone: Json, scene: Object) -> Json:
    """Return what creates the record: over another only when that is allowed."""
    action = "UPSERT" if scene["spec"].get("allowOverwrite") else "CREATE"
    return _batch(action, _record_set(scene["spec"], _full(scene["called"], zone["Name"].lower())))


def _changed(_: Object, scene: Object) -> tuple[Request, ...]:
    batch = _batch("UPSERT", _record_set(scene["spec"], f"{scene['at']['fqdn']}."))
    return (Request("change_resource_record_sets", {"HostedZoneId": scene["at"]["zoneId"], "ChangeBatch": batch}),)


def _part(name: str, shape: Shape, read: str, *, late: bool = False) -> Field:
    # Not what a call takes by this name: the record set is sent whole.
    return Field(name=name, shape=shape, create="(in a batch)", modify="(in a batch)", read=read, late=late)


# Without a zone there is no name to be told: AWS says what is wrong.
_CHANGE: Final = "change || {Changes: [{Action: 'CREATE', ResourceRecordSet: {Name: spec.name, Type: spec.type}}]}"
_ZONE_NAME: Final = Call("get_hosted_zone", {"Id": "zone"}, when="zone")

RECORD: Final = Descriptor(
    service="route53",
    kind="Record",
    plural="records",
    versions=("v1beta1", "v1beta2"),
    regional=False,
    naming=Naming.BY_PROVIDER,
    identity="Named",
    names=_named,
    reads=(
        Read(_ZONE_NAME, "HostedZone", pick=_placed),
        Read(
            Call(
                "list_resource_record_sets",
                {
                    "HostedZoneId": "record.Zone",
                    "StartRecordName": "record.FullName",
                    "StartRecordType": "type",
                    "StartRecordIdentifier": "identifier",
                    "MaxItems": "'1'",
                },
            ),
            "ResourceRecordSets[0]",
            "Set",
            pick=_met,
        ),
    ),
    find=Read(_ZONE_NAME, "HostedZone", pick=_placed),
    prior=(Read(Call("get_hosted_zone", {"Id": "spec.zoneId"}), "HostedZone", "change", pick=_change),),
    creates=(
        Create(Call("change_resource_record_sets", {"HostedZoneId": "spec.zoneId", "ChangeBatch": _CHANGE}), "named"),
    ),
    updates=(Update(call=Call("change_resource_record_sets"), plan=_changed),),
    delete=Delete(
        call=Call(
            "change_resource_record_sets",
            {
                "HostedZoneId": "record.Zone",
                "ChangeBatch": "{Changes: [{Action: 'DELETE', ResourceRecordSet: record.Set}]}",
            },
        )
    ),
    readiness=Readiness(path="(Set && 'there') || 'deleted'", ready=frozenset({"there"})),
    former=(("region", TEXT),),
    fields=(
        Field(name="zoneId", read="Zone"),
        Field(name="name", read="Fqdn", late=False, same=_same_name),
        Field(name="type", read="Set.Type"),
        Field(name="setIdentifier", read="Set.SetIdentifier", late=False),
        _part("ttl", NUMBER, "Set.TTL", late=True),
        _part("alias", _ALIAS, "Set.AliasTarget"),
        _part("healthCheckId", TEXT, "Set.HealthCheckId"),
        _part("multivalueAnswerRoutingPolicy", FLAG, "Set.MultiValueAnswer"),
        _part("weightedRoutingPolicy", _SHAPES["weightedRoutingPolicy"][1], "Set.Weight && {Weight: Set.Weight}"),
        _part("latencyRoutingPolicy", _SHAPES["latencyRoutingPolicy"][1], "Set.Region && {Region: Set.Region}"),
        _part("failoverRoutingPolicy", _SHAPES["failoverRoutingPolicy"][1], "Set.Failover && {Failover: Set.Failover}"),
        _part("geolocationRoutingPolicy", _COUNTRY, "Set.GeoLocation"),
        _part("geoproximityRoutingPolicy", _NEARNESS, "Set.GeoProximityLocation"),
        _part("cidrRoutingPolicy", _NETWORK, "Set.CidrRoutingConfig"),
        Field(
            name="records",
            shape=Texts(),
            create="(in a batch)",
            modify="(in a batch)",
            read="Set.ResourceRecords[].Value",
            late=False,
            same=_same_values,
        ),
        sent("allowOverwrite", FLAG),
    ),
    required=("name", "type"),
    references=(
        one("zoneId", kind("route53", "Zone")),
        one("healthCheckId", kind("route53", "HealthCheck")),
        Reference(
            "records", "recordsRefs", "recordsSelector", kind("ec2", "EIP"), "status.atProvider.publicIp", many=True
        ),
    ),
    shown=(Shown("id", "Named"), Shown("fqdn", "Fqdn")),
)
