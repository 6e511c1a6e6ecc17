"""
EC2: networks. AWS assigns the identities and has no idempotency tokens for these: they are found again by our tag.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/
"""

from collections.abc import Mapping
from typing import Final

from crosshead.aws.descriptor import (
    Call,
    Create,
    Delete,
    Descriptor,
    Field,
    Read,
    Readiness,
    Shown,
    Tagging,
    Update,
    fixed,
    sent,
)
from crosshead.aws.pointing import ID, VPC, kind, one
from crosshead.aws.shapes import FLAG, NUMBER, TEXT
from crosshead.base.values import Json
from crosshead.managed.facts import Naming

_IPAM_POOL: Final = kind("ec2", "VPCIpamPool")
_STATES: Final = Readiness(path="State", ready=frozenset({"available"}), coming=frozenset({"pending"}))


def _tagging(resource: str) -> Tagging:
    return Tagging(
        create="TagSpecifications",
        resource=resource,
        add=Call("create_tags", {"Resources": "[id]"}),
        remove=Call("delete_tags", {"Resources": "[id]"}),
        remove_member="Tags",
        remove_as_tags=True,
    )


def _ours(operation: str, result: str) -> Read:
    return Read(Call(operation, {"Filters": "[{Name: 'tag:crossplane-uid', Values: [uid]}]"}), result)


def _arn(resource: str) -> Shown:
    return Shown("arn", f"OwnerId && join('', ['arn:', partition, ':ec2:', region, ':', OwnerId, ':{resource}/', id])")


def _valued(value: Json) -> Mapping[str, Json]:
    """EC2 wraps a changed attribute, so that it can tell "false" from "not said"."""
    return {"Value": value}


def _attribute(name: str, aws: str, into: str) -> Field:
    return Field(name=name, shape=FLAG, modify=aws, read=f"{into}.{aws}.Value", wrap=_valued)


def _launching(name: str, aws: str, read: str = "") -> Field:
    return Field(name=name, shape=FLAG, modify=aws, read=read or aws, wrap=_valued)


def _looked_up(attribute: str, into: str) -> Read:
    return Read(Call("describe_vpc_attribute", {"VpcId": "id", "Attribute": f"'{attribute}'"}), into=into)


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
    ),
    find=_ours("describe_vpcs", "Vpcs[0]"),
    creates=(Create(Call("create_vpc"), "Vpc.VpcId"),),
    updates=(Update(call=Call("modify_vpc_attribute", {"VpcId": "id"}), one_by_one=True),),
    delete=Delete(call=Call("delete_vpc", {"VpcId": "id"})),
    readiness=_STATES,
    tagging=_tagging("vpc"),
    absent=frozenset({"InvalidVpcID.NotFound"}),
    fields=(
        fixed("cidrBlock", TEXT, "CidrBlock", late=False),
        fixed("instanceTenancy", TEXT, "InstanceTenancy"),
        _attribute("enableDnsSupport", "EnableDnsSupport", "Support"),
        _attribute("enableDnsHostnames", "EnableDnsHostnames", "Hostnames"),
        _attribute("enableNetworkAddressUsageMetrics", "EnableNetworkAddressUsageMetrics", "Metrics"),
        sent("assignGeneratedIpv6CidrBlock", FLAG, "AmazonProvidedIpv6CidrBlock"),
        Field(
            name="ipv6CidrBlock",
            create="Ipv6CidrBlock",
            read="Ipv6CidrBlockAssociationSet[0].Ipv6CidrBlock",
            late=False,
        ),
        sent("ipv6CidrBlockNetworkBorderGroup", TEXT, "Ipv6CidrBlockNetworkBorderGroup"),
        sent("ipv4IpamPoolId", TEXT, "Ipv4IpamPoolId"),
        sent("ipv4NetmaskLength", NUMBER, "Ipv4NetmaskLength"),
        sent("ipv6IpamPoolId", TEXT, "Ipv6IpamPoolId"),
        sent("ipv6NetmaskLength", NUMBER, "Ipv6NetmaskLength"),
    ),
    references=(one("ipv4IpamPoolId", _IPAM_POOL, ID),),
    shown=(
        _arn("vpc"),
        Shown("id", "VpcId"),
        Shown("ownerId", "OwnerId"),
        Shown("dhcpOptionsId", "DhcpOptionsId"),
        Shown("ipv6AssociationId", "Ipv6CidrBlockAssociationSet[0].AssociationId"),
    ),
)

_SUBNET: Final = Descriptor(
    service="ec2",
    kind="Subnet",
    plural="subnets",
    naming=Naming.BY_PROVIDER,
    identity="SubnetId",
    reads=(Read(Call("describe_subnets", {"SubnetIds": "[id]"}), "Subnets[0]"),),
    find=_ours("describe_subnets", "Subnets[0]"),
    creates=(Create(Call("create_subnet"), "Subnet.SubnetId"),),
    updates=(Update(call=Call("modify_subnet_attribute", {"SubnetId": "id"}), one_by_one=True),),
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
    tagging=_tagging("subnet"),
    absent=frozenset({"InvalidSubnetID.NotFound"}),
    fields=(
        fixed("vpcId", TEXT, "VpcId"),
        fixed("cidrBlock", TEXT, "CidrBlock"),
        fixed("availabilityZone", TEXT, "AvailabilityZone"),
        fixed("availabilityZoneId", TEXT, "AvailabilityZoneId", late=False),
        fixed("outpostArn", TEXT, "OutpostArn"),
        fixed("ipv6Native", FLAG, "Ipv6Native"),
        Field(name="ipv6CidrBlock", create="Ipv6CidrBlock", read="Ipv6CidrBlockAssociationSet[0].Ipv6CidrBlock"),
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
            wrap=_valued,
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
        Shown("ipv6CidrBlockAssociationId", "Ipv6CidrBlockAssociationSet[0].AssociationId"),
    ),
)

# What AWS gives a new group: everything may leave. Upstream takes it away, so that only declared rules hold.
_ALL_MAY_LEAVE: Final = '`[{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]`'

_SECURITY_GROUP: Final = Descriptor(
    service="ec2",
    kind="SecurityGroup",
    plural="securitygroups",
    naming=Naming.BY_PROVIDER,
    identity="GroupId",
    reads=(Read(Call("describe_security_groups", {"GroupIds": "[id]"}), "SecurityGroups[0]"),),
    find=_ours("describe_security_groups", "SecurityGroups[0]"),
    creates=(Create(Call("create_security_group", {"GroupName": "name"}), "GroupId"),),
    after=(
        Call(
            "revoke_security_group_egress",
            {"GroupId": "id", "IpPermissions": _ALL_MAY_LEAVE},
            when="spec.vpcId",
            codes=frozenset({"InvalidPermission.NotFound"}),
        ),
    ),
    delete=Delete(
        before=(
            Call(
                "revoke_security_group_ingress",
                {"GroupId": "id", "IpPermissions": "record.IpPermissions"},
                when="spec.revokeRulesOnDelete && record.IpPermissions",
                codes=frozenset({"InvalidPermission.NotFound"}),
            ),
            Call(
                "revoke_security_group_egress",
                {"GroupId": "id", "IpPermissions": "record.IpPermissionsEgress"},
                when="spec.revokeRulesOnDelete && record.IpPermissionsEgress",
                codes=frozenset({"InvalidPermission.NotFound"}),
            ),
        ),
        call=Call("delete_security_group", {"GroupId": "id"}),
    ),
    tagging=_tagging("security-group"),
    absent=frozenset({"InvalidGroup.NotFound", "InvalidGroupId.Malformed"}),
    exists=frozenset({"InvalidGroup.Duplicate"}),
    fields=(
        fixed("name", TEXT, "GroupName", late=False),
        Field(name="description", create="Description", read="Description", default="Managed by Crossplane"),
        fixed("vpcId", TEXT, "VpcId"),
        sent("revokeRulesOnDelete", FLAG),
    ),
    references=(one("vpcId", VPC),),
    shown=(_arn("security-group"), Shown("id", "GroupId"), Shown("ownerId", "OwnerId")),
)

KINDS: Final = (_VPC, _SUBNET, _SECURITY_GROUP)
