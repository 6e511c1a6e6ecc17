"""EC2: elastic addresses, and the NAT gateways that use them."""

from typing import Final

from crosshead.aws.calls import Call, Create, Delete, Read, Update
from crosshead.aws.descriptor import Descriptor, Field, Readiness, Shown, fixed, sent, unheeded
from crosshead.aws.kinds import ec2_nat
from crosshead.aws.kinds.ec2_idiom import NETWORK_INTERFACE, every, ours, tagged
from crosshead.aws.pointing import ID, SUBNET, VPC, kind, one
from crosshead.aws.shapes import FLAG, NUMBER, TEXT, Block, Member, Texts
from crosshead.managed.facts import Naming

_EIP_KIND: Final = kind("ec2", "EIP")


def _associated(name: str, aws: str) -> Field:
    """
    Return a field that says what an address is associated with.

    Never taken over from AWS: a NAT gateway, or a kind of its own, may have associated the address.
    """
    return Field(name=name, modify=aws, read=aws, absent="", late=False)


_EIP: Final = Descriptor(
    service="ec2",
    kind="EIP",
    plural="eips",
    naming=Naming.BY_PROVIDER,
    identity="AllocationId",
    numbered=True,
    reads=(Read(Call("describe_addresses", {"AllocationIds": "[id]"}), "Addresses[0]", pick=ec2_nat.named),),
    find=ours("describe_addresses", "Addresses[0].AllocationId"),
    creates=(Create(Call("allocate_address", {"Domain": "'vpc'"}), "AllocationId"),),
    updates=(Update(call=Call("associate_address"), plan=ec2_nat.reassociated),),
    delete=Delete(
        before=(
            Call(
                "disassociate_address",
                {"AssociationId": "record.AssociationId"},
                # What others have associated is theirs to end.
                when="record.AssociationId && (spec.instance || spec.networkInterface)",
                codes=frozenset({"InvalidAssociationID.NotFound"}),
            ),
        ),
        call=Call("release_address", {"AllocationId": "id", "NetworkBorderGroup": "record.NetworkBorderGroup"}),
    ),
    tagging=tagged("elastic-ip"),
    absent=frozenset({"InvalidAllocationID.NotFound", "InvalidAddress.NotFound"}),
    fields=(
        sent("address", TEXT, "Address"),
        fixed("domain", TEXT, "Domain"),
        fixed("networkBorderGroup", TEXT, "NetworkBorderGroup"),
        fixed("publicIpv4Pool", TEXT, "PublicIpv4Pool"),
        fixed("customerOwnedIpv4Pool", TEXT, "CustomerOwnedIpv4Pool"),
        sent("ipamPoolId", TEXT, "IpamPoolId"),
        _associated("instance", "InstanceId"),
        _associated("networkInterface", "NetworkInterfaceId"),
        _associated("associateWithPrivateIp", "PrivateIpAddress"),
        # All addresses are in networks: AWS has nothing else any more.
        unheeded("vpc", FLAG),
    ),
    references=(one("instance", kind("ec2", "Instance")), one("networkInterface", NETWORK_INTERFACE)),
    shown=(
        Shown("allocationId", "AllocationId"),
        Shown("arn", "join('', ['arn:', partition, ':ec2:', region, ':', account, ':elastic-ip/', id])"),
        Shown("associationId", "AssociationId"),
        Shown("carrierIp", "CarrierIp"),
        Shown("customerOwnedIp", "CustomerOwnedIp"),
        Shown("id", "AllocationId"),
        Shown("privateDns", "PrivateDns"),
        Shown("privateIp", "PrivateIpAddress"),
        Shown("publicDns", "PublicDns"),
        Shown("publicIp", "PublicIp"),
    ),
)

_NAT_GATEWAY: Final = Descriptor(
    service="ec2",
    kind="NATGateway",
    plural="natgateways",
    naming=Naming.BY_PROVIDER,
    identity="NatGatewayId",
    reads=(Read(Call("describe_nat_gateways", {"NatGatewayIds": "[id]"}), "NatGateways[0]", pick=ec2_nat.gateway),),
    find=ours("describe_nat_gateways", "NatGateways[0].NatGatewayId", alive=("state", "pending,available,failed")),
    creates=(Create(Call("create_nat_gateway"), "NatGateway.NatGatewayId"),),
    updates=(
        Update(
            call=Call("associate_nat_gateway_address"),
            plan=ec2_nat.readdressed,
            reads=(
                Read(
                    Call("describe_nat_gateways", {"NatGatewayIds": "[id]"}),
                    "NatGateways[0]",
                    "Gateway",
                    pick=ec2_nat.gateway,
                ),
            ),
        ),
    ),
    delete=Delete(call=Call("delete_nat_gateway", {"NatGatewayId": "id"})),
    readiness=Readiness(
        path="State",
        ready=frozenset({"available"}),
        coming=frozenset({"pending"}),
        failed={"failed": "delete it, and see whether its address is free and its network has an internet gateway"},
    ),
    tagging=tagged("natgateway"),
    absent=frozenset({"NatGatewayNotFound", "InvalidNatGatewayID.NotFound", "NatGatewayMalformed"}),
    fields=(
        Field(name="subnetId", create="SubnetId", read="SubnetId"),
        Field(name="allocationId", create="AllocationId", read="First.AllocationId"),
        fixed("connectivityType", TEXT, "ConnectivityType"),
        Field(name="privateIp", create="PrivateIpAddress", read="First.PrivateIp"),
        Field(
            name="secondaryAllocationIds",
            shape=Texts(),
            create="SecondaryAllocationIds",
            modify="AllocationIds",
            read="OtherAllocations",
        ),
        Field(
            name="secondaryPrivateIpAddressCount",
            shape=NUMBER,
            create="SecondaryPrivateIpAddressCount",
            modify="PrivateIpAddressCount",
            read="Others",
            late=False,
        ),
        Field(
            name="secondaryPrivateIpAddresses",
            shape=Texts(),
            create="SecondaryPrivateIpAddresses",
            modify="PrivateIpAddresses",
            read="OtherAddresses",
            late=False,
        ),
        # A regional gateway has a network instead of a subnet.
        fixed("vpcId", TEXT, "VpcId", late=False),
        fixed("availabilityMode", TEXT, "AvailabilityMode", late=False),
        sent(
            "availabilityZoneAddress",
            Block(
                (
                    Member("allocationIds", "AllocationIds", Texts()),
                    Member("availabilityZone", "AvailabilityZone"),
                    Member("availabilityZoneId", "AvailabilityZoneId"),
                )
            ),
            "AvailabilityZoneAddresses",
        ),
    ),
    references=(
        one("allocationId", _EIP_KIND, ID),
        every("availabilityZoneAddress[*].allocationIds", _EIP_KIND, ID),
        every("secondaryAllocationIds", _EIP_KIND, ID),
        one("subnetId", SUBNET),
        one("vpcId", VPC),
    ),
    shown=(
        Shown("associationId", "First.AssociationId"),
        Shown("autoProvisionZones", "AutoProvisionZones"),
        Shown("autoScalingIps", "AutoScalingIps"),
        Shown("id", "NatGatewayId"),
        Shown("networkInterfaceId", "First.NetworkInterfaceId"),
        Shown("publicIp", "First.PublicIp"),
        Shown("routeTableId", "RouteTableId"),
    ),
)

KINDS: Final = (_EIP, _NAT_GATEWAY)
