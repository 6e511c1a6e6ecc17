"""What changes the addresses of NAT gateways and of elastic ones: calls of their own, for what is added and taken."""

from collections.abc import Iterable, Iterator
from typing import Final

from crosshead.aws.calls import Request
from crosshead.aws.shapes import whole
from crosshead.base.values import Draft, Json, Object


def readdressed(changed: Object, scene: Object) -> tuple[Request, ...]:
    """Return what gives a NAT gateway the secondary addresses that are declared, and takes others away."""
    return tuple(_readdressed(changed, scene))


def _readdressed(changed: Object, scene: Object) -> Iterator[Request]:
    at, gateway = scene["at"], {"NatGatewayId": scene["id"]}
    if "secondaryAllocationIds" in changed:
        wanted, found = set(changed["secondaryAllocationIds"]), set(at.get("secondaryAllocationIds") or ())
        known = scene["record"]["Gateway"]["Associations"]
        if doomed := sorted(known[one] for one in found - wanted if known.get(one)):
            yield Request("disassociate_nat_gateway_address", {**gateway, "AssociationIds": doomed})
        if missing := sorted(wanted - found):
            yield Request("associate_nat_gateway_address", {**gateway, "AllocationIds": missing})
    if "secondaryPrivateIpAddresses" in changed:
        yield from _private(gateway, changed["secondaryPrivateIpAddresses"], at.get("secondaryPrivateIpAddresses"))
    elif "secondaryPrivateIpAddressCount" in changed:
        yield from _counted(gateway, whole(changed["secondaryPrivateIpAddressCount"]), at)


def _private(gateway: Object, wanted: Iterable[str], found: Iterable[str] | None) -> Iterator[Request]:
    mine, theirs = set(wanted), set(found or ())
    if doomed := sorted(theirs - mine):
        yield Request("unassign_private_nat_gateway_address", {**gateway, "PrivateIpAddresses": doomed})
    if missing := sorted(mine - theirs):
        yield Request("assign_private_nat_gateway_address", {**gateway, "PrivateIpAddresses": missing})


def _counted(gateway: Object, wanted: float, at: Object) -> Iterator[Request]:
    found = sorted(at.get("secondaryPrivateIpAddresses") or ())
    missing = int(wanted) - len(found)
    if missing > 0:
        yield Request("assign_private_nat_gateway_address", {**gateway, "PrivateIpAddressCount": missing})
    elif missing < 0:
        yield Request("unassign_private_nat_gateway_address", {**gateway, "PrivateIpAddresses": found[missing:]})


def gateway(found: Json, _: Object) -> Draft | None:
    """Return a NAT gateway, with its first address and the others apart."""
    if not found:
        return None
    listed = found.get("NatGatewayAddresses") or [{}]
    first = next((one for one in listed if one.get("IsPrimary")), listed[0])
    others = [one for one in listed if one is not first]
    return {
        **found,
        "First": first,
        "OtherAllocations": [one["AllocationId"] for one in others if one.get("AllocationId")],
        "OtherAddresses": [one["PrivateIp"] for one in others if one.get("PrivateIp")],
        "Others": len(others),
        "Associations": {one["AllocationId"]: one.get("AssociationId") for one in others if one.get("AllocationId")},
    }


def reassociated(_: Object, scene: Object) -> tuple[Request, ...]:
    """Return what associates an elastic address with what is declared, after it has left what it was with."""
    spec, left = scene["spec"], scene["at"].get("associationId")
    parts = {"InstanceId": "instance", "NetworkInterfaceId": "networkInterface"}
    where = {aws: spec[ours] for aws, ours in parts.items() if spec.get(ours)}
    private = {"PrivateIpAddress": spec["associateWithPrivateIp"]} if spec.get("associateWithPrivateIp") else {}
    leave = (Request("disassociate_address", {"AssociationId": left}),) if left else ()
    enter = (Request("associate_address", {"AllocationId": scene["id"], **where, **private}),) if where else ()
    return (*leave, *enter)


# The first region has names without its own.
_FIRST: Final = "us-east-1"


def named(found: Json, scene: Object) -> Draft | None:
    """Return an elastic address with the names that DNS has for it: AWS tells them of instances only."""
    if not found:
        return None
    region = scene["region"]
    public, private = (str(found.get(one) or "").replace(".", "-") for one in ("PublicIp", "PrivateIpAddress"))
    outer = "compute-1" if region == _FIRST else f"{region}.compute"
    inner = "ec2" if region == _FIRST else f"{region}.compute"
    domain = "amazonaws.com.cn" if scene["partition"] == "aws-cn" else "amazonaws.com"
    return {
        **found,
        "PublicDns": f"ec2-{public}.{outer}.{domain}" if public else None,
        "PrivateDns": f"ip-{private}.{inner}.internal" if private else None,
    }
