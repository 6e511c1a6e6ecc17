"""
Route 53: hosted zones, and all kinds of the service. It is global: its kinds know no region.

https://docs.aws.amazon.com/Route53/latest/APIReference/API_CreateHostedZone.html
"""

from collections.abc import Iterator, Mapping
from typing import Final

from crosshead.aws.calls import Call, Create, Delete, Read, Request, Update
from crosshead.aws.descriptor import Descriptor, Field, Shown, Tagging, fixed, sent
from crosshead.aws.kinds.route53_record import RECORD
from crosshead.aws.pointing import VPC, kind, one
from crosshead.aws.shapes import FLAG, TEXT, Block, Member, Texts
from crosshead.base.values import Json, Object
from crosshead.managed.facts import Naming, Reference

_BATCH: Final = 500
_TAGGED: Final = {"ResourceType": "'hostedzone'", "ResourceId": "id"}
_ZONE: Final = """
HostedZone && {
  Id: tail(HostedZone.Id), Name: HostedZone.Name, CallerReference: HostedZone.CallerReference,
  Comment: HostedZone.Config.Comment, Recovery: HostedZone.Features.AcceleratedRecoveryStatus,
  NameServers: DelegationSet.NameServers, DelegationSetId: DelegationSet.Id && tail(DelegationSet.Id), VPCs: VPCs
}
"""
_NETWORKS: Final = Block((Member("vpcId", "VPCId"), Member("vpcRegion", "VPCRegion")))


def _created_by_us(zones: Json, scene: Object) -> Json:
    """Return the name of the zone that was created with our reference: AWS has it before any tag."""
    mine = (one["Id"] for one in zones if one["CallerReference"].startswith(f"{scene['uid']}/"))
    found = next(mine, None)
    return found and found.rpartition("/")[2]


def _superfluous(records: Json, scene: Object) -> Json:
    """Return the batches of changes that empty a zone: of all but the two records that come and go with it."""
    origin = scene["record"]["Name"]
    doomed = [one for one in records if one["Type"] not in {"NS", "SOA"} or one["Name"] != origin]
    changes = [{"Action": "DELETE", "ResourceRecordSet": one} for one in doomed]
    return [{"Changes": changes[start : start + _BATCH]} for start in range(0, len(changes), _BATCH)]


def _same_name(declared: Json, found: Json, _: Mapping[str, Json]) -> bool:
    return str(declared).lower().rstrip(".") == str(found).lower().rstrip(".")


def _joined(changed: Object, scene: Object) -> tuple[Request, ...]:
    """The network that a private zone was created in is in it already."""
    wanted = [_network(one, scene) for one in changed["vpc"]]
    found = [_network(one, scene) for one in scene["at"].get("vpc", changed["vpc"][:1])]
    return (
        *_told("associate_vpc_with_hosted_zone", [one for one in wanted if one not in found], scene),
        *_told("disassociate_vpc_from_hosted_zone", [one for one in found if one not in wanted], scene),
    )


def _told(operation: str, networks: list[Object], scene: Object) -> Iterator[Request]:
    for network in networks:
        yield Request(operation, {"HostedZoneId": scene["id"], "VPC": network})


def _network(network: Object, scene: Object) -> Object:
    return {"VPCId": network["vpcId"], "VPCRegion": network.get("vpcRegion") or scene["region"]}


_HOSTED_ZONE: Final = Descriptor(
    service="route53",
    kind="Zone",
    plural="zones",
    regional=False,
    naming=Naming.BY_PROVIDER,
    identity="Id",
    reads=(
        Read(Call("get_hosted_zone", {"Id": "id"}), _ZONE),
        Read(Call("list_tags_for_resource", _TAGGED), "ResourceTagSet.Tags", "Tags"),
    ),
    find=Read(Call("list_hosted_zones_by_name", {"DNSName": "spec.name"}), "HostedZones", pick=_created_by_us),
    ours="starts_with(CallerReference, uid)",
    creates=(
        Create(
            Call(
                "create_hosted_zone",
                {
                    # Another one for what is created again: AWS does not take the same twice.
                    "CallerReference": "join('/', [uid, id || ''])",
                    "HostedZoneConfig": "spec.vpc && {PrivateZone: `true`} || null",
                    "VPC": "spec.vpc && {VPCId: spec.vpc[0].vpcId, VPCRegion: spec.vpc[0].vpcRegion || region} || null",
                },
            ),
            "tail(HostedZone.Id)",
        ),
    ),
    after=(Call("change_tags_for_resource", {**_TAGGED, "AddTags": "tags"}),),
    updates=(
        Update(call=Call("update_hosted_zone_comment", {"Id": "id"})),
        Update(call=Call("associate_vpc_with_hosted_zone"), plan=_joined),
        Update(call=Call("update_hosted_zone_features", {"HostedZoneId": "id"})),
    ),
    delete=Delete(
        reads=(
            Read(
                Call("list_resource_record_sets", {"HostedZoneId": "id"}, when="spec.forceDestroy", paged=True),
                "ResourceRecordSets",
                "Doomed",
                pick=_superfluous,
            ),
        ),
        before=(
            Call("change_resource_record_sets", {"HostedZoneId": "id", "ChangeBatch": "item"}, each="record.Doomed"),
        ),
        call=Call("delete_hosted_zone", {"Id": "id"}),
    ),
    tagging=Tagging(
        create="",
        add=Call("change_tags_for_resource", _TAGGED),
        add_member="AddTags",
        remove=Call("change_tags_for_resource", _TAGGED),
        remove_member="RemoveTagKeys",
    ),
    fields=(
        fixed("name", TEXT, "Name", same=_same_name),
        Field(
            name="comment",
            create="HostedZoneConfig.Comment",
            modify="Comment",
            read="Comment || ''",
            default="Managed by Crossplane",
        ),
        fixed("delegationSetId", TEXT, "DelegationSetId"),
        Field(
            name="vpc",
            shape=_NETWORKS,
            modify="VPC",
            read="VPCs || `[]`",
            via="associate_vpc_with_hosted_zone",
            late=False,
        ),
        Field(
            name="enableAcceleratedRecovery",
            shape=FLAG,
            modify="EnableAcceleratedRecovery",
            read="Recovery && contains(['ENABLED', 'ENABLING'], Recovery)",
            via="update_hosted_zone_features",
            absent=False,
            late=False,
        ),
        sent("forceDestroy", FLAG),
    ),
    # Upstream has forgotten that there is none.
    former=(("region", TEXT),),
    required=("name",),
    references=(
        one("delegationSetId", kind("route53", "DelegationSet")),
        Reference("vpc[*].vpcId", "vpc[*].vpcIdRef", "vpc[*].vpcIdSelector", VPC),
    ),
    shown=(
        Shown("id", "Id"),
        Shown("zoneId", "Id"),
        Shown("arn", "Id && join('', ['arn:', partition, ':route53:::hostedzone/', Id])"),
        Shown("nameServers", "NameServers && sort(NameServers)", Texts(ordered=True)),
        Shown("primaryNameServer", "NameServers[0]"),
    ),
)

KINDS: Final = (_HOSTED_ZONE, RECORD)
