"""The parameters of an EC2 instance, and where AWS has them."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from crosshead.aws.comparing import key
from crosshead.aws.descriptor import Field, fixed, sent, unheeded
from crosshead.aws.kinds import ec2_changes, ec2_launch
from crosshead.aws.kinds.ec2_idiom import ALONG, valued
from crosshead.aws.kinds.ec2_instance_options import OPTIONS
from crosshead.aws.shapes import FLAG, NUMBER, TEXT, Block, Map, Member, Shape, Texts, truth
from crosshead.base.values import Json, Object

_RESTING: Final = "stop_instances"
_SHUTDOWN: Final = "InstanceInitiatedShutdownBehavior"
_STORED: Final = "modify_volume"


def _along(name: str, read: str = "", shape: Shape = TEXT) -> Field:
    """Return a field of the launch that stays as it was, and is never taken over from AWS: they exclude each other."""
    return Field(name=name, shape=shape, create=ALONG, read=read, late=False)


def _said(aws: str) -> Callable[[Json, Json], Object]:
    return lambda declared, _: {aws: valued(declared if aws == _SHUTDOWN else truth(declared))}


def _attribute(name: str, aws: str, shape: Shape = FLAG) -> Field:
    """Return a field that has a look of its own, made when it is declared."""
    return Field(
        name=name, shape=shape, create=aws, modify=aws, read=f"{aws}.{aws}.Value", change=_said(aws), late=False
    )


def _volume(*, root: bool) -> Block:
    own = () if root else (Member("deviceName", "DeviceName"), Member("snapshotId", "SnapshotId"))
    members = (
        Member("deleteOnTermination", "DeleteOnTermination", FLAG),
        Member("encrypted", "Encrypted", FLAG),
        Member("iops", "Iops", NUMBER),
        Member("kmsKeyId", "KmsKeyId", same=key),
        Member("tags", "Tags", Map(), same=ec2_changes.has_tags),
        Member("tagsAll", shape=Map()),
        Member("throughput", "Throughput", NUMBER),
        Member("volumeSize", "VolumeSize", NUMBER, same=ec2_changes.same_volume),
        Member("volumeType", "VolumeType"),
    )
    return Block((*own, *members), single=root)


def _stored(name: str, read: str, shape: Shape) -> Field:
    return Field(name=name, shape=shape, create=ALONG, modify=name, read=read, via=_STORED, late=False)


def _resting(name: str, read: str, create: str, shape: Shape = TEXT) -> Field:
    return Field(name=name, shape=shape, create=create, modify=name, read=read, via=_RESTING, late=False)


_NETWORK: Final = (
    _along("subnetId", "SubnetId"),
    _along("privateIp", "PrivateIpAddress"),
    _along("associatePublicIpAddress", shape=FLAG),
    _along("ipv6AddressCount", shape=NUMBER),
    _along("ipv6Addresses", "Primary.Ipv6Addresses[].Ipv6Address", Texts(ordered=True)),
    _along("enablePrimaryIpv6", shape=FLAG),
    Field(
        name="secondaryPrivateIps",
        shape=Texts(),
        create=ALONG,
        modify="PrivateIpAddresses",
        read="OtherAddresses",
        via="assign_private_ip_addresses",
        late=False,
    ),
    Field(
        name="vpcSecurityGroupIds",
        shape=Texts(),
        create=ALONG,
        modify="Groups",
        read="SecurityGroups[].GroupId || Primary.Groups[].GroupId",
        late=False,
    ),
    Field(
        name="sourceDestCheck", shape=FLAG, modify="SourceDestCheck", read="SourceDestCheck", wrap=valued, late=False
    ),
    _along(
        "networkInterface",
        shape=Block(
            (
                Member("deleteOnTermination", "DeleteOnTermination", FLAG),
                Member("deviceIndex", "DeviceIndex", NUMBER),
                Member("networkCardIndex", "NetworkCardIndex", NUMBER),
                Member("networkInterfaceId", "NetworkInterfaceId"),
            )
        ),
    ),
    _along("primaryNetworkInterface", shape=Block((Member("networkInterfaceId", "NetworkInterfaceId"),), single=True)),
    sent(
        "secondaryNetworkInterface",
        Block(
            (
                Member("deleteOnTermination", "DeleteOnTermination", FLAG),
                Member("deviceIndex", "DeviceIndex", NUMBER),
                Member("interfaceType", "InterfaceType"),
                Member("networkCardIndex", "NetworkCardIndex", NUMBER),
                Member("privateIpAddressCount", "PrivateIpAddressCount", NUMBER),
                Member("secondarySubnetId", "SecondarySubnetId"),
            )
        ),
        "SecondaryInterfaces",
    ),
)

_PLACEMENT: Final = (
    replace(_along("availabilityZone", "Placement.AvailabilityZone"), late=True),
    replace(_along("tenancy", "Placement.Tenancy"), late=True),
    _along("placementGroup", "Placement.GroupName"),
    _along("placementGroupId", "Placement.GroupId"),
    _along("placementPartitionNumber", "Placement.PartitionNumber", NUMBER),
    _along("hostId", "Placement.HostId"),
    _along("hostResourceGroupArn", "Placement.HostResourceGroupArn"),
    Field(
        name="capacityReservationSpecification",
        shape=Block(
            (
                Member("capacityReservationPreference", "CapacityReservationPreference"),
                Member(
                    "capacityReservationTarget",
                    "CapacityReservationTarget",
                    Block(
                        (
                            Member("capacityReservationId", "CapacityReservationId"),
                            Member("capacityReservationResourceGroupArn", "CapacityReservationResourceGroupArn"),
                        ),
                        single=True,
                    ),
                ),
            ),
            single=True,
        ),
        create="CapacityReservationSpecification",
        modify="CapacityReservationSpecification",
        read="CapacityReservationSpecification",
        via="modify_instance_capacity_reservation_attributes",
        late=False,
    ),
)

_STORAGE: Final = (
    _stored("rootBlockDevice", "Volumes.Root", _volume(root=True)),
    _stored("ebsBlockDevice", "Volumes.Others", _volume(root=False)),
    replace(_stored("volumeTags", "Volumes.Tags", Map()), same=ec2_changes.has_tags),
    _along(
        "ephemeralBlockDevice",
        shape=Block(
            (
                Member("deviceName", "DeviceName"),
                Member("noDevice", "NoDevice", FLAG),
                Member("virtualName", "VirtualName"),
            )
        ),
    ),
    _resting("ebsOptimized", "EbsOptimized", "EbsOptimized", FLAG),
)

FIELDS: Final = (
    fixed("ami", TEXT, "ImageId", late=False),
    Field(name="keyName", create="KeyName", read="KeyName", absent="", late=False),
    _resting("instanceType", "InstanceType", "InstanceType"),
    replace(_resting("userData", "Data.UserData.Value", ALONG), same=ec2_launch.same_data),
    replace(_resting("userDataBase64", "Data.UserData.Value", ALONG), same=ec2_launch.same_data),
    _attribute("disableApiStop", "DisableApiStop"),
    _attribute("disableApiTermination", "DisableApiTermination"),
    _attribute("instanceInitiatedShutdownBehavior", _SHUTDOWN, TEXT),
    Field(
        name="iamInstanceProfile",
        create=ALONG,
        modify="IamInstanceProfile",
        read="Profile",
        via="associate_iam_instance_profile",
        late=False,
    ),
    Field(
        name="monitoring",
        shape=FLAG,
        create="Monitoring.Enabled",
        modify="Monitoring",
        # AWS says "pending" until it has begun, and "disabling" until it has ended.
        read="contains(['enabled', 'pending'], Monitoring.State || 'disabled')",
        via="monitor_instances",
        late=False,
    ),
    Field(
        name="hibernation",
        shape=FLAG,
        create="HibernationOptions.Configured",
        read="HibernationOptions.Configured",
        late=False,
    ),
    sent("getPasswordData", FLAG),
    sent("forceDestroy", FLAG),
    # Nothing is replaced here, whatever this says: other data stops the instance and starts it again.
    unheeded("userDataReplaceOnChange", FLAG),
    *_NETWORK,
    *_PLACEMENT,
    *_STORAGE,
    *OPTIONS,
)
