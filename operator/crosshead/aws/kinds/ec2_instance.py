"""EC2: instances."""

from typing import Final

from crosshead.aws.calls import Call, Create, Delete, Read, Update
from crosshead.aws.descriptor import Descriptor, Readiness, Shown
from crosshead.aws.kinds import ec2_changes, ec2_launch
from crosshead.aws.kinds.ec2_idiom import NETWORK_INTERFACE, arn, ours, tagged
from crosshead.aws.kinds.ec2_instance_fields import FIELDS
from crosshead.aws.pointing import EXTERNAL_NAME, ID, KEY, SECURITY_GROUP, SUBNET, many, one
from crosshead.aws.shapes import NUMBER, Texts
from crosshead.base.objects import Kind
from crosshead.managed.facts import Naming, Reference

_ROOT: Final = "[{DeviceName: image.RootDeviceName || '/dev/xvda', Ebs: launch.Root}]"
_LAUNCH: Final = {
    "MinCount": "`1`",
    "MaxCount": "`1`",
    "BlockDeviceMappings": f"launch.Root && [{_ROOT}, launch.Mappings || `[]`][] || launch.Mappings",
    "CpuOptions": "launch.CpuOptions",
    "EnablePrimaryIpv6": "launch.EnablePrimaryIpv6",
    "IamInstanceProfile": "spec.iamInstanceProfile && {Name: spec.iamInstanceProfile}",
    "Ipv6AddressCount": "launch.Ipv6AddressCount",
    "Ipv6Addresses": "launch.Ipv6Addresses",
    "NetworkInterfaces": "launch.NetworkInterfaces",
    "Placement": "launch.Placement",
    "PrivateIpAddress": "launch.PrivateIpAddress",
    "SecurityGroupIds": "launch.SecurityGroupIds",
    "SubnetId": "launch.SubnetId",
    "UserData": "launch.UserData",
}


_SELF: Final = Call("describe_instances", {"InstanceIds": "[id]"})


def _looked_up(field: str, attribute: str, into: str) -> Read:
    """Return the look at an attribute that AWS shows by itself only: when it is declared."""
    call = Call("describe_instance_attribute", {"InstanceId": "id", "Attribute": f"'{attribute}'"}, when=field)
    return Read(call, into=into)


def _at(field: str, target: Kind, extract: str = EXTERNAL_NAME) -> Reference:
    return Reference(field, f"{field}Ref", f"{field}Selector", target, extract)


_INSTANCE: Final = Descriptor(
    service="ec2",
    kind="Instance",
    plural="instances",
    naming=Naming.BY_PROVIDER,
    versions=("v1beta1", "v1beta2"),
    identity="InstanceId",
    names=ec2_launch.names,
    reads=(
        Read(_SELF, "Reservations[0]", pick=ec2_launch.instance),
        Read(
            Call("describe_volumes", {"Filters": "[{Name: 'attachment.instance-id', Values: [id]}]"}),
            "Volumes",
            "Volumes",
            pick=ec2_launch.volumes,
        ),
        _looked_up("spec.disableApiTermination != `null`", "disableApiTermination", "DisableApiTermination"),
        _looked_up("spec.disableApiStop != `null`", "disableApiStop", "DisableApiStop"),
        _looked_up(
            "spec.instanceInitiatedShutdownBehavior",
            "instanceInitiatedShutdownBehavior",
            "InstanceInitiatedShutdownBehavior",
        ),
        _looked_up("spec.userData || spec.userDataBase64", "userData", "Data"),
        Read(
            Call(
                "describe_instance_credit_specifications",
                {"InstanceIds": "[id]"},
                when="spec.creditSpecification",
            ),
            "InstanceCreditSpecifications[0]",
            "Credits",
        ),
        Read(Call("get_password_data", {"InstanceId": "id"}, when="spec.getPasswordData"), "PasswordData", "Password"),
    ),
    find=ours(
        "describe_instances",
        "Reservations[0].Instances[0].InstanceId",
        alive=("instance-state-name", "pending,running,stopping,stopped"),
    ),
    # What the root device is called depends on the image.
    prior=(
        Read(Call("describe_images", {"ImageIds": "[spec.ami]"}, when="spec.ami && launch.Root"), "Images[0]", "image"),
    ),
    creates=(Create(Call("run_instances", _LAUNCH), "Instances[0].InstanceId"),),
    updates=(
        Update(call=Call("modify_instance_attribute", {"InstanceId": "id"}), one_by_one=True),
        Update(call=Call("modify_instance_metadata_options", {"InstanceId": "id"})),
        Update(call=Call("modify_instance_maintenance_options", {"InstanceId": "id"})),
        Update(call=Call("modify_private_dns_name_options", {"InstanceId": "id"})),
        Update(call=Call("modify_instance_capacity_reservation_attributes", {"InstanceId": "id"})),
        Update(call=Call("modify_instance_credit_specification"), plan=ec2_changes.credited),
        Update(call=Call("monitor_instances"), plan=ec2_changes.monitored),
        Update(
            call=Call("associate_iam_instance_profile"),
            plan=ec2_changes.entitled,
            reads=(
                Read(
                    Call(
                        "describe_iam_instance_profile_associations",
                        {"Filters": "[{Name: 'instance-id', Values: [id]}]"},
                    ),
                    "IamInstanceProfileAssociations[?State != 'disassociated'].AssociationId | [0]",
                    "Association",
                ),
            ),
        ),
        Update(call=Call("assign_private_ip_addresses"), plan=ec2_changes.readdressed),
        Update(
            call=Call("modify_volume"),
            plan=ec2_changes.stored,
            reads=(
                Read(_SELF, "Reservations[0].Instances[0].RootDeviceName", "RootDeviceName"),
                Read(
                    Call("describe_volumes", {"Filters": "[{Name: 'attachment.instance-id', Values: [id]}]"}),
                    "Volumes",
                    "Volumes",
                    pick=ec2_launch.volumes,
                ),
            ),
        ),
        Update(call=Call("stop_instances"), plan=ec2_changes.rested),
    ),
    delete=Delete(
        before=(
            Call(
                "modify_instance_attribute",
                {"InstanceId": "id", "DisableApiTermination": "{Value: `false`}"},
                when="spec.forceDestroy && spec.disableApiTermination",
            ),
            Call(
                "modify_instance_attribute",
                {"InstanceId": "id", "DisableApiStop": "{Value: `false`}"},
                when="spec.forceDestroy && spec.disableApiStop",
            ),
            Call(
                "cancel_spot_instance_requests",
                {"SpotInstanceRequestIds": "[record.SpotInstanceRequestId]"},
                when="record.SpotInstanceRequestId",
                codes=frozenset({"InvalidSpotInstanceRequestID.NotFound"}),
            ),
        ),
        call=Call("terminate_instances", {"InstanceIds": "[id]"}),
    ),
    readiness=Readiness(
        path="State.Name",
        ready=frozenset({"running", "stopped"}),
        settling=frozenset({"stopping"}),
        coming=frozenset({"pending"}),
        going=frozenset({"shutting-down"}),
        gone=frozenset({"terminated"}),
    ),
    tagging=tagged("instance"),
    absent=frozenset({"InvalidInstanceID.NotFound", "InvalidInstanceID.Malformed"}),
    fields=FIELDS,
    former=(("cpuCoreCount", NUMBER), ("cpuThreadsPerCore", NUMBER)),
    references=(
        _at("ebsBlockDevice[*].kmsKeyId", KEY),
        _at("networkInterface[*].networkInterfaceId", NETWORK_INTERFACE),
        _at("primaryNetworkInterface[0].networkInterfaceId", NETWORK_INTERFACE, ID),
        _at("rootBlockDevice[0].kmsKeyId", KEY),
        one("subnetId", SUBNET),
        many("vpcSecurityGroupIds", SECURITY_GROUP),
    ),
    shown=(
        arn("instance"),
        Shown("id", "InstanceId"),
        Shown("instanceLifecycle", "InstanceLifecycle"),
        Shown("instanceState", "State.Name"),
        Shown("outpostArn", "OutpostArn"),
        Shown("passwordData", "Password"),
        Shown("primaryNetworkInterfaceId", "Primary.NetworkInterfaceId"),
        Shown("privateDns", "PrivateDnsName"),
        Shown("publicDns", "PublicDnsName"),
        Shown("publicIp", "PublicIpAddress"),
        Shown("securityGroups", "SecurityGroups[].GroupName", Texts()),
        Shown("spotInstanceRequestId", "SpotInstanceRequestId"),
    ),
)

KINDS: Final = (_INSTANCE,)
