"""EC2: gateways to the internet, route tables and routes."""

from typing import Final

from crosshead.aws.calls import Call, Create, Delete, Read, Request, Update
from crosshead.aws.descriptor import Descriptor, Field, Readiness, Shown, fixed
from crosshead.aws.kinds import ec2_routes
from crosshead.aws.kinds.ec2_idiom import (
    ALONG,
    INTERNET_GATEWAY,
    NETWORK_INTERFACE,
    PREFIX_LIST,
    ROUTE_TABLE,
    arn,
    ours,
    tagged,
)
from crosshead.aws.kinds.ec2_rules import same_networks
from crosshead.aws.pointing import ID, VPC, kind, one
from crosshead.aws.shapes import TEXT, Block, Member, Same, Texts
from crosshead.base.values import Object
from crosshead.managed.facts import Naming


def _attach(_: Object, scene: Object) -> tuple[Request, ...]:
    """A gateway serves one network: it leaves the one it is attached to before it is attached to another."""
    known = {"InternetGatewayId": scene["id"]}
    at, wanted = scene["at"].get("vpcId"), {**known, "VpcId": scene["spec"]["vpcId"]}
    leave = (Request("detach_internet_gateway", {**known, "VpcId": at}),) if at else ()
    return (*leave, Request("attach_internet_gateway", wanted))


_INTERNET_GATEWAY: Final = Descriptor(
    service="ec2",
    kind="InternetGateway",
    plural="internetgateways",
    naming=Naming.BY_PROVIDER,
    identity="InternetGatewayId",
    reads=(Read(Call("describe_internet_gateways", {"InternetGatewayIds": "[id]"}), "InternetGateways[0]"),),
    find=ours("describe_internet_gateways", "InternetGateways[0]"),
    creates=(Create(Call("create_internet_gateway"), "InternetGateway.InternetGatewayId"),),
    updates=(Update(call=Call("attach_internet_gateway"), plan=_attach),),
    delete=Delete(
        before=(
            Call(
                "detach_internet_gateway",
                {"InternetGatewayId": "id", "VpcId": "record.Attachments[0].VpcId"},
                when="record.Attachments",
                codes=frozenset({"Gateway.NotAttached"}),
            ),
        ),
        call=Call("delete_internet_gateway", {"InternetGatewayId": "id"}),
    ),
    readiness=Readiness(
        path="Attachments[0].State || 'detached'",
        ready=frozenset({"available", "attached", "detached"}),
        settling=frozenset({"detaching"}),
        coming=frozenset({"attaching"}),
    ),
    tagging=tagged("internet-gateway"),
    absent=frozenset({"InvalidInternetGatewayID.NotFound"}),
    fields=(Field(name="vpcId", modify="VpcId", read="Attachments[0].VpcId", absent=""),),
    references=(one("vpcId", VPC),),
    shown=(arn("internet-gateway"), Shown("id", "InternetGatewayId"), Shown("ownerId", "OwnerId")),
)

# A route as a route table shows it.
_LISTED_ROUTE: Final = Block(
    (
        Member("carrierGatewayId", "CarrierGatewayId"),
        Member("cidrBlock", "DestinationCidrBlock"),
        Member("coreNetworkArn", "CoreNetworkArn"),
        Member("destinationPrefixListId", "DestinationPrefixListId"),
        Member("egressOnlyGatewayId", "EgressOnlyInternetGatewayId"),
        Member("gatewayId", "GatewayId"),
        Member("ipv6CidrBlock", "DestinationIpv6CidrBlock"),
        Member("localGatewayId", "LocalGatewayId"),
        Member("natGatewayId", "NatGatewayId"),
        Member("networkInterfaceId", "NetworkInterfaceId"),
        Member("transitGatewayId", "TransitGatewayId"),
        Member("vpcPeeringConnectionId", "VpcPeeringConnectionId"),
    )
)

_ROUTE_TABLE: Final = Descriptor(
    service="ec2",
    kind="RouteTable",
    plural="routetables",
    naming=Naming.BY_PROVIDER,
    identity="RouteTableId",
    reads=(Read(Call("describe_route_tables", {"RouteTableIds": "[id]"}), "RouteTables[0]"),),
    find=ours("describe_route_tables", "RouteTables[0]"),
    creates=(Create(Call("create_route_table"), "RouteTable.RouteTableId"),),
    delete=Delete(call=Call("delete_route_table", {"RouteTableId": "id"})),
    tagging=tagged("route-table"),
    absent=frozenset({"InvalidRouteTableID.NotFound", "InvalidRouteTableId.Malformed"}),
    fields=(fixed("vpcId", TEXT, "VpcId"),),
    references=(one("vpcId", VPC),),
    shown=(
        arn("route-table"),
        Shown("id", "RouteTableId"),
        Shown("ownerId", "OwnerId"),
        Shown("propagatingVgws", "PropagatingVgws[].GatewayId", Texts()),
        # What a route table says of its own network is no route of anybody's.
        Shown("route", "Routes[?GatewayId != 'local']", _LISTED_ROUTE),
    ),
)


def _leading(name: str) -> Field:
    """Return a field that says where a route leads. AWS takes one, and shows which."""
    aws = ec2_routes.TARGETS[name]
    return Field(name=name, create=aws, modify=aws, read=aws, absent="", late=False)


def _towards(name: str, same: Same | None = None) -> Field:
    return fixed(name, TEXT, f"{name[0].upper()}{name[1:]}", late=False, same=same)


_WITH_DESTINATION: Final = {
    "RouteTableId": "at.routeTableId",
    "DestinationCidrBlock": "at.destinationCidrBlock",
    "DestinationIpv6CidrBlock": "at.destinationIpv6CidrBlock",
    "DestinationPrefixListId": "at.destinationPrefixListId",
}
_OF_RECORD: Final = {
    "RouteTableId": "record.RouteTableId",
    "DestinationCidrBlock": "record.DestinationCidrBlock",
    "DestinationIpv6CidrBlock": "record.DestinationIpv6CidrBlock",
    "DestinationPrefixListId": "record.DestinationPrefixListId",
}
_THE_TABLE: Final = Call("describe_route_tables", {"RouteTableIds": "[table]"}, when="table")
_VIA: Final = "spec.networkInterfaceId"

_ROUTE: Final = Descriptor(
    service="ec2",
    kind="Route",
    plural="routes",
    naming=Naming.BY_PROVIDER,
    versions=("v1beta1", "v1beta2"),
    identity="Name",
    names=ec2_routes.names,
    reads=(Read(_THE_TABLE, "RouteTables[0]", pick=ec2_routes.route),),
    find=Read(_THE_TABLE, "RouteTables[0]", pick=ec2_routes.same_route),
    creates=(
        Create(
            Call(
                "create_route",
                {
                    "InstanceId": f"{_VIA} && starts_with({_VIA}, 'i-') && {_VIA} || `null`",
                    "NetworkInterfaceId": f"{_VIA} && !starts_with({_VIA}, 'i-') && {_VIA} || `null`",
                },
            ),
            "route",
        ),
    ),
    updates=(Update(call=Call("replace_route", _WITH_DESTINATION)),),
    delete=Delete(call=Call("delete_route", _OF_RECORD)),
    readiness=Readiness(
        path="State || 'active'",
        ready=frozenset({"active"}),
        failed={"blackhole": "what it leads to is gone, or not attached"},
    ),
    absent=frozenset({"InvalidRouteTableID.NotFound", "InvalidRoute.NotFound"}),
    exists=frozenset({"RouteAlreadyExists"}),
    fields=(
        fixed("routeTableId", TEXT, "RouteTableId", late=False),
        _towards("destinationCidrBlock", same_networks),
        _towards("destinationIpv6CidrBlock", same_networks),
        _towards("destinationPrefixListId"),
        *(_leading(name) for name in ec2_routes.TARGETS if name != "networkInterfaceId"),
        Field(
            name="networkInterfaceId",
            create=ALONG,
            modify="NetworkInterfaceId",
            change=ec2_routes.target,
            read="NetworkInterfaceId",
            absent="",
            late=False,
        ),
    ),
    former=(("instanceId", TEXT),),
    renamed=(("instanceId", "networkInterfaceId"),),
    references=(
        one("destinationPrefixListId", PREFIX_LIST),
        one("egressOnlyGatewayId", kind("ec2", "EgressOnlyInternetGateway"), ID),
        one("gatewayId", INTERNET_GATEWAY),
        one("instanceId", kind("ec2", "Instance"), ID),
        one("natGatewayId", kind("ec2", "NATGateway")),
        one("networkInterfaceId", NETWORK_INTERFACE),
        one("routeTableId", ROUTE_TABLE),
        one("transitGatewayId", kind("ec2", "TransitGateway")),
        one("vpcEndpointId", kind("ec2", "VPCEndpoint")),
        one("vpcPeeringConnectionId", kind("ec2", "VPCPeeringConnection")),
    ),
    shown=(
        Shown("id", "id"),
        Shown("instanceId", "InstanceId"),
        Shown("instanceOwnerId", "InstanceOwnerId"),
        Shown("origin", "Origin"),
        Shown("state", "State"),
    ),
)

KINDS: Final = (_INTERNET_GATEWAY, _ROUTE_TABLE, _ROUTE)
