"""
EC2: networks. AWS assigns the identities and has no idempotency tokens for these: they are found again by our tag.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/
"""

from dataclasses import replace
from typing import Final

from crosshead.aws.calls import Call, Create, Delete, Read, Request, Update
from crosshead.aws.descriptor import Descriptor, Field, Readiness, Shown, fixed, sent, settable
from crosshead.aws.kinds import (
    ec2_addresses,
    ec2_associations,
    ec2_endpoints,
    ec2_instance,
    ec2_routing,
    ec2_security,
    ec2_template,
)
from crosshead.aws.kinds.ec2_idiom import arn, ours, tagged, valued
from crosshead.aws.kinds.ec2_rules import same_networks
from crosshead.aws.pointing import ID, VPC, kind, one
from crosshead.aws.shapes import FLAG, NUMBER, TEXT, truth
from crosshead.base.values import Object
from crosshead.managed.facts import Naming

_IPAM_POOL: Final = kind("ec2", "VPCIpamPool")
_STATES: Final = Readiness(path="State", ready=frozenset({"available"}), coming=frozenset({"pending"}))


def _attribute(name: str, aws: str, into: str) -> Field:
    return Field(name=name, shape=FLAG, modify=aws, read=f"{into}.{aws}.Value", wrap=valued)


def _launching(name: str, aws: str, read: str = "") -> Field:
    return Field(name=name, shape=FLAG, modify=aws, read=read or aws, wrap=valued)


def _looked_up(attribute: str, into: str) -> Read:
    return Read(Call("describe_vpc_attribute", {"VpcId": "id", "Attribute": f"'{attribute}'"}), into=into)


def _made_along(operation: str, name: str, value: str, result: str, into: str) -> Read:
    filters = f"[{{Name: 'vpc-id', Values: [id]}}, {{Name: '{name}', Values: ['{value}']}}]"
    return Read(Call(operation, {"Filters": filters}), result, into)


# Blocks that were taken away stay listed for a while; one that is on its way counts.
_GONE: Final = "contains(['disassociating', 'disassociated', 'failing', 'failed'], Ipv6CidrBlockState.State)"
_IN_USE: Final = f"Ipv6CidrBlockAssociationSet[?!{_GONE}]"
_GENERATED: Final = f"{_IN_USE} | [?(Ipv6Pool || 'Amazon') == 'Amazon']"


def _generated(changed: Object, scene: Object) -> tuple[Request, ...]:
    """AWS gives a network its addresses of IPv6, and takes them back, by calls of their own."""
    if truth(changed["assignGeneratedIpv6CidrBlock"]):
        border = scene["spec"].get("ipv6CidrBlockNetworkBorderGroup")
        arguments = {"VpcId": scene["id"], "AmazonProvidedIpv6CidrBlock": True}
        group = {"Ipv6CidrBlockNetworkBorderGroup": border} if border else {}
        return (Request("associate_vpc_cidr_block", {**arguments, **group}),)
    return (Request("disassociate_vpc_cidr_block", {"AssociationId": scene["at"]["ipv6AssociationId"]}),)


def _addressed(changed: Object, scene: Object) -> tuple[Request, ...]:
    """A subnet has one block of IPv6: the old one goes before the new one comes."""
    old, new = scene["at"].get("ipv6CidrBlockAssociationId"), changed["ipv6CidrBlock"]
    leave = (Request("disassociate_subnet_cidr_block", {"AssociationId": old}),) if old else ()
    enter = (Request("associate_subnet_cidr_block", {"SubnetId": scene["id"], "Ipv6CidrBlock": new}),) if new else ()
    return (*leave, *enter)


_VPC: Final = Descriptor(
    service="ec2",
    kind="VPC",
    plural="vpcs",
    naming=Naming.BY_PROVIDER,
    identity="VpcId",
    reads=(
        Read(Call("describe_vpcs", {"VpcIds": "[id]"}), "Vpcs[0]"),
        _looked_up("enableDnsSupport", "Support"),
        _looked_up("enableDnsHostnames", "Hostnames"),
        _looked_up("enableNetworkAddressUsageMetrics", "Metrics"),
        # What AWS has made along with it.
        _made_along("describe_route_tables", "association.main", "true", "RouteTables[0].RouteTableId", "Table"),
        _made_along("describe_security_groups", "group-name", "default", "SecurityGroups[0].GroupId", "Group"),
        _made_along("describe_network_acls", "default", "true", "NetworkAcls[0].NetworkAclId", "Acl"),
    ),
    find=ours("describe_vpcs", "Vpcs[0]"),
    creates=(Create(Call("create_vpc"), "Vpc.VpcId"),),
    updates=(
        Update(call=Call("modify_vpc_attribute", {"VpcId": "id"}), one_by_one=True),
        Update(call=Call("associate_vpc_cidr_block"), plan=_generated),
        Update(call=Call("modify_vpc_tenancy", {"VpcId": "id"})),
    ),
    delete=Delete(call=Call("delete_vpc", {"VpcId": "id"})),
    readiness=_STATES,
    tagging=tagged("vpc"),
    absent=frozenset({"InvalidVpcID.NotFound"}),
    fields=(
        fixed("cidrBlock", TEXT, "CidrBlock", late=False),
        # AWS changes it from dedicated to default only.
        replace(settable("instanceTenancy", TEXT, "InstanceTenancy"), via="modify_vpc_tenancy"),
        _attribute("enableDnsSupport", "EnableDnsSupport", "Support"),
        _attribute("enableDnsHostnames", "EnableDnsHostnames", "Hostnames"),
        _attribute("enableNetworkAddressUsageMetrics", "EnableNetworkAddressUsageMetrics", "Metrics"),
        Field(
            name="assignGeneratedIpv6CidrBlock",
            shape=FLAG,
            create="AmazonProvidedIpv6CidrBlock",
            modify="AmazonProvidedIpv6CidrBlock",
            read=f"length({_GENERATED} || `[]`) > `0`",
            via="associate_vpc_cidr_block",
            late=False,
        ),
        Field(name="ipv6CidrBlock", create="Ipv6CidrBlock", read=f"{_IN_USE} | [0].Ipv6CidrBlock", late=False),
        sent("ipv6CidrBlockNetworkBorderGroup", TEXT, "Ipv6CidrBlockNetworkBorderGroup"),
        sent("ipv4IpamPoolId", TEXT, "Ipv4IpamPoolId"),
        sent("ipv4NetmaskLength", NUMBER, "Ipv4NetmaskLength"),
        sent("ipv6IpamPoolId", TEXT, "Ipv6IpamPoolId"),
        sent("ipv6NetmaskLength", NUMBER, "Ipv6NetmaskLength"),
    ),
    references=(one("ipv4IpamPoolId", _IPAM_POOL, ID),),
    shown=(
        arn("vpc"),
        Shown("id", "VpcId"),
        Shown("ownerId", "OwnerId"),
        Shown("dhcpOptionsId", "DhcpOptionsId"),
        Shown("ipv6AssociationId", f"{_IN_USE} | [0].AssociationId"),
        Shown("defaultNetworkAclId", "Acl"),
        Shown("defaultRouteTableId", "Table"),
        Shown("defaultSecurityGroupId", "Group"),
        Shown("mainRouteTableId", "Table"),
    ),
)

_SUBNET: Final = Descriptor(
    service="ec2",
    kind="Subnet",
    plural="subnets",
    naming=Naming.BY_PROVIDER,
    identity="SubnetId",
    reads=(Read(Call("describe_subnets", {"SubnetIds": "[id]"}), "Subnets[0]"),),
    find=ours("describe_subnets", "Subnets[0]"),
    creates=(Create(Call("create_subnet"), "Subnet.SubnetId"),),
    updates=(
        Update(call=Call("modify_subnet_attribute", {"SubnetId": "id"}), one_by_one=True),
        Update(call=Call("associate_subnet_cidr_block"), plan=_addressed),
    ),
    delete=Delete(call=Call("delete_subnet", {"SubnetId": "id"})),
    readiness=Readiness(
        path="State",
        ready=frozenset({"available"}),
        coming=frozenset({"pending"}),
        failed={
            "failed": "delete it and create another",
            "failed-insufficient-capacity": "the Outpost has no capacity for it",
            "unavailable": "ask AWS",
        },
    ),
    tagging=tagged("subnet"),
    absent=frozenset({"InvalidSubnetID.NotFound"}),
    fields=(
        fixed("vpcId", TEXT, "VpcId"),
        fixed("cidrBlock", TEXT, "CidrBlock"),
        fixed("availabilityZone", TEXT, "AvailabilityZone"),
        fixed("availabilityZoneId", TEXT, "AvailabilityZoneId", late=False),
        fixed("outpostArn", TEXT, "OutpostArn"),
        fixed("ipv6Native", FLAG, "Ipv6Native"),
        Field(
            name="ipv6CidrBlock",
            create="Ipv6CidrBlock",
            modify="Ipv6CidrBlock",
            read=f"{_IN_USE} | [0].Ipv6CidrBlock",
            via="associate_subnet_cidr_block",
            absent="",
            same=same_networks,
        ),
        _launching("mapPublicIpOnLaunch", "MapPublicIpOnLaunch"),
        _launching("assignIpv6AddressOnCreation", "AssignIpv6AddressOnCreation"),
        _launching("enableDns64", "EnableDns64"),
        _launching(
            "enableResourceNameDnsARecordOnLaunch",
            "EnableResourceNameDnsARecordOnLaunch",
            "PrivateDnsNameOptionsOnLaunch.EnableResourceNameDnsARecord",
        ),
        _launching(
            "enableResourceNameDnsAaaaRecordOnLaunch",
            "EnableResourceNameDnsAAAARecordOnLaunch",
            "PrivateDnsNameOptionsOnLaunch.EnableResourceNameDnsAAAARecord",
        ),
        Field(
            name="privateDnsHostnameTypeOnLaunch",
            modify="PrivateDnsHostnameTypeOnLaunch",
            read="PrivateDnsNameOptionsOnLaunch.HostnameType",
        ),
        # The two belong together: AWS refuses either alone.
        Field(
            name="mapCustomerOwnedIpOnLaunch",
            shape=FLAG,
            modify="MapCustomerOwnedIpOnLaunch",
            read="MapCustomerOwnedIpOnLaunch",
            wrap=valued,
            along=("customerOwnedIpv4Pool",),
        ),
        Field(name="customerOwnedIpv4Pool", modify="CustomerOwnedIpv4Pool", read="CustomerOwnedIpv4Pool"),
        Field(
            name="enableLniAtDeviceIndex", shape=NUMBER, modify="EnableLniAtDeviceIndex", read="EnableLniAtDeviceIndex"
        ),
        sent("ipv4IpamPoolId", TEXT, "Ipv4IpamPoolId"),
        sent("ipv4NetmaskLength", NUMBER, "Ipv4NetmaskLength"),
        sent("ipv6IpamPoolId", TEXT, "Ipv6IpamPoolId"),
        sent("ipv6NetmaskLength", NUMBER, "Ipv6NetmaskLength"),
    ),
    references=(one("vpcId", VPC), one("ipv4IpamPoolId", _IPAM_POOL, ID)),
    shown=(
        Shown("arn", "SubnetArn"),
        Shown("id", "SubnetId"),
        Shown("ownerId", "OwnerId"),
        Shown("ipv6CidrBlockAssociationId", f"{_IN_USE} | [0].AssociationId"),
    ),
)

KINDS: Final = (
    _VPC,
    _SUBNET,
    *ec2_security.KINDS,
    *ec2_routing.KINDS,
    *ec2_associations.KINDS,
    *ec2_addresses.KINDS,
    *ec2_endpoints.KINDS,
    *ec2_instance.KINDS,
    *ec2_template.KINDS,
)
