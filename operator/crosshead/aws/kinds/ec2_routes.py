"""
Routes and associations of route tables: which one is meant.

AWS has no identities for routes. Upstream's is that of Terraform: the table, and a checksum of the destination. For
associations AWS has identities, and gives another whenever one is pointed at another table.
"""

import re
import zlib
from collections.abc import Iterator
from typing import Final

from crosshead.aws.kinds.ec2_rules import network
from crosshead.base.values import Draft, Json, Object

_DESTINATIONS: Final = {
    "destinationCidrBlock": "DestinationCidrBlock",
    "destinationIpv6CidrBlock": "DestinationIpv6CidrBlock",
    "destinationPrefixListId": "DestinationPrefixListId",
}
# Our fields that say where a route leads, and AWS' members.
TARGETS: Final = {
    "carrierGatewayId": "CarrierGatewayId",
    "coreNetworkArn": "CoreNetworkArn",
    "egressOnlyGatewayId": "EgressOnlyInternetGatewayId",
    "gatewayId": "GatewayId",
    "localGatewayId": "LocalGatewayId",
    "natGatewayId": "NatGatewayId",
    "networkInterfaceId": "NetworkInterfaceId",
    "odbNetworkArn": "OdbNetworkArn",
    "transitGatewayId": "TransitGatewayId",
    "vpcEndpointId": "VpcEndpointId",
    "vpcPeeringConnectionId": "VpcPeeringConnectionId",
}
# Identities of tables have 17 digits, those of before 2016 have 8. `rtb-…_10.0.0.0/8` is how Terraform imports one.
_NAMED: Final = re.compile(r"r-(?P<table>rtb-(?:[0-9a-f]{17}|[0-9a-f]{8}))(?P<sum>\d{3,10})")
_IMPORTED: Final = re.compile(r"(?P<table>rtb-[0-9a-f]+)_(?P<destination>.+)")


def names(scene: Object) -> Draft:
    """Return the table of a route, its destination or the checksum of that, and what the route is called."""
    known, spec = scene["id"] or "", scene["spec"]
    if given := _NAMED.fullmatch(known):
        return {"table": given["table"], "checksum": int(given["sum"]), "route": known}
    if given := _IMPORTED.fullmatch(known):
        return _of(given["table"], given["destination"])
    declared = next((str(spec[name]) for name in _DESTINATIONS if spec.get(name)), None)
    if known or declared is None or not spec.get("routeTableId"):
        return {"table": None, "checksum": None, "route": None}
    return _of(str(spec["routeTableId"]), declared)


def _of(table: str, destination: str) -> Draft:
    checksum = zlib.crc32(network(destination).encode())
    return {"table": table, "checksum": checksum, "route": f"r-{table}{checksum}"}


def route(table: Json, scene: Object) -> Draft | None:
    """Return the route of *table* that has the destination."""
    if not table:
        return None
    found = next((one for one in table["Routes"] if _checksum(one) == scene["checksum"]), None)
    if found is None:
        return None
    leads = str(found.get("GatewayId") or "")
    # AWS shows endpoints as gateways, and instances by their network interfaces as well.
    endpoint = {"VpcEndpointId": leads, "GatewayId": ""} if leads.startswith("vpce-") else {}
    by_instance = str(scene["spec"].get("networkInterfaceId") or "").startswith("i-")
    instance = {"NetworkInterfaceId": found.get("InstanceId")} if by_instance else {}
    return {**found, **endpoint, **instance, "RouteTableId": table["RouteTableId"], "Name": scene["route"]}


def same_route(table: Json, scene: Object) -> Draft | None:
    """Return the route of *table* that is as declared: another with the destination is somebody else's."""
    found, spec = route(table, scene), scene["spec"]
    if found is None or any(spec.get(ours) not in (None, found.get(aws)) for ours, aws in TARGETS.items()):
        return None
    return found


def _checksum(found: Object) -> int | None:
    destination = next((str(found[aws]) for aws in _DESTINATIONS.values() if found.get(aws)), None)
    return None if destination is None else zlib.crc32(destination.encode())


def target(declared: Json, _: Json) -> Object:
    """Return the member that says through what a route leads: upstream's old `instanceId` may stand here."""
    return {"InstanceId" if str(declared).startswith("i-") else "NetworkInterfaceId": declared}


def association(tables: Json, scene: Object) -> Draft | None:
    """Return the association that has the identity."""
    return next((one for one in _associations(tables) if one["RouteTableAssociationId"] == scene["id"]), None)


def declared_association(tables: Json, scene: Object) -> Draft | None:
    """Return the association that is as declared: of this table with this subnet or gateway."""
    spec = scene["spec"]
    wanted = (spec.get("routeTableId"), spec.get("subnetId"), spec.get("gatewayId"))
    found = ((one, (one["RouteTableId"], one.get("SubnetId"), one.get("GatewayId"))) for one in _associations(tables))
    return next((one for one, parts in found if parts == wanted and any(parts[1:])), None)


def main_association(tables: Json, _: Object) -> Draft | None:
    """Return the association of a network with its main table."""
    return next((one for one in _associations(tables) if one.get("Main")), None)


def declared_main_association(tables: Json, scene: Object) -> Draft | None:
    """Return the association of a network with its main table, if that is the one declared."""
    found = main_association(tables, scene)
    return found if found is not None and found["RouteTableId"] == scene["spec"].get("routeTableId") else None


def _associations(tables: Json) -> Iterator[Draft]:
    for table in tables or ():
        for found in table.get("Associations") or ():
            yield {"VpcId": table.get("VpcId"), "RouteTableId": table["RouteTableId"], **found}


def original(tables: Json, scene: Object) -> str | None:
    """
    Return the table that a network most likely had as its main table before: AWS does not say.

    It was there before any other, so it carries no tags of ours, and nothing is associated with it.
    """
    others = [table for table in tables or () if table["RouteTableId"] != scene["record"]["RouteTableId"]]
    return next((str(table["RouteTableId"]) for table in sorted(others, key=_strangeness)), None)


def _strangeness(table: Object) -> tuple[bool, int, int, str]:
    is_ours = any(tag["Key"].startswith("crossplane-") for tag in table.get("Tags") or ())
    return is_ours, len(table.get("Associations") or ()), len(table.get("Routes") or ()), str(table["RouteTableId"])
