"""What is sent to change addresses, interfaces and instances: what the emulator cannot do is shown as it is sent."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from crosshead.aws.calls import Request
from crosshead.aws.kinds import ec2_changes, ec2_launch, ec2_nat, ec2_routes
from crosshead.base.errors import StalledError

Plan = Callable[[Mapping[str, Any], Mapping[str, Any]], tuple[Request, ...]]
NAT = {
    "id": "nat-1",
    "at": {"secondaryAllocationIds": ["eip-1"], "secondaryPrivateIpAddresses": ["10.0.0.8", "10.0.0.9"]},
    "record": {"Gateway": {"Associations": {"eip-1": "assoc-1"}}},
}
INSTANCE = {
    "id": "i-1",
    "spec": {},
    "at": {
        "instanceState": "stopped",
        "secondaryPrivateIps": ["10.0.0.8"],
        "primaryNetworkInterfaceId": "eni-1",
        "rootBlockDevice": [{"volumeSize": 8, "volumeType": "gp3", "encrypted": False}],
        "ebsBlockDevice": [{"deviceName": "/dev/sdf", "volumeSize": 5, "deleteOnTermination": True}],
    },
    "record": {
        "Volumes": {"RootName": "/dev/xvda", "Ids": {"/dev/sdf": "vol-2", "/dev/xvda": "vol-1"}},
        "Association": "assoc-1",
    },
}


@pytest.mark.parametrize(
    ("plan", "scene", "changed", "sent"),
    [
        pytest.param(
            ec2_nat.readdressed,
            NAT,
            {"secondaryAllocationIds": ["eip-2"]},
            [
                ("disassociate_nat_gateway_address", {"NatGatewayId": "nat-1", "AssociationIds": ["assoc-1"]}),
                ("associate_nat_gateway_address", {"NatGatewayId": "nat-1", "AllocationIds": ["eip-2"]}),
            ],
            id="a NAT gateway gets another public address",
        ),
        pytest.param(
            ec2_nat.readdressed,
            NAT,
            {"secondaryPrivateIpAddresses": ["10.0.0.9", "10.0.0.10"]},
            [
                (
                    "unassign_private_nat_gateway_address",
                    {"NatGatewayId": "nat-1", "PrivateIpAddresses": ["10.0.0.8"]},
                ),
                ("assign_private_nat_gateway_address", {"NatGatewayId": "nat-1", "PrivateIpAddresses": ["10.0.0.10"]}),
            ],
            id="a NAT gateway gets another private address",
        ),
        pytest.param(
            ec2_nat.readdressed,
            NAT,
            {"secondaryPrivateIpAddressCount": 3.0},
            [("assign_private_nat_gateway_address", {"NatGatewayId": "nat-1", "PrivateIpAddressCount": 1})],
            id="a NAT gateway gets one more",
        ),
        pytest.param(
            ec2_nat.readdressed,
            NAT,
            {"secondaryPrivateIpAddressCount": 1},
            [
                (
                    "unassign_private_nat_gateway_address",
                    {"NatGatewayId": "nat-1", "PrivateIpAddresses": ["10.0.0.9"]},
                )
            ],
            id="a NAT gateway gets one less",
        ),
        pytest.param(
            ec2_changes.rested,
            INSTANCE,
            {"instanceType": "t3.small", "ebsOptimized": True, "userData": "#!/bin/sh"},
            [
                ("modify_instance_attribute", {"InstanceId": "i-1", "InstanceType": {"Value": "t3.small"}}),
                ("modify_instance_attribute", {"InstanceId": "i-1", "EbsOptimized": {"Value": True}}),
                ("modify_instance_attribute", {"InstanceId": "i-1", "UserData": {"Value": b"#!/bin/sh"}}),
                ("start_instances", {"InstanceIds": ["i-1"]}),
            ],
            id="a stopped instance is changed and started",
        ),
        pytest.param(
            ec2_changes.monitored,
            INSTANCE,
            {"monitoring": False},
            [("unmonitor_instances", {"InstanceIds": ["i-1"]})],
            id="monitoring ends",
        ),
        pytest.param(
            ec2_changes.credited,
            INSTANCE,
            {"creditSpecification": [{"cpuCredits": "standard"}]},
            [
                (
                    "modify_instance_credit_specification",
                    {"InstanceCreditSpecifications": [{"InstanceId": "i-1", "CpuCredits": "standard"}]},
                )
            ],
            id="bursts are paid for otherwise",
        ),
        pytest.param(
            ec2_changes.entitled,
            INSTANCE,
            {"iamInstanceProfile": "web"},
            [
                (
                    "replace_iam_instance_profile_association",
                    {"AssociationId": "assoc-1", "IamInstanceProfile": {"Name": "web"}},
                )
            ],
            id="another profile",
        ),
        pytest.param(
            ec2_changes.entitled,
            {**INSTANCE, "record": {}},
            {"iamInstanceProfile": "web"},
            [("associate_iam_instance_profile", {"InstanceId": "i-1", "IamInstanceProfile": {"Name": "web"}})],
            id="the first profile",
        ),
        pytest.param(
            ec2_changes.readdressed,
            INSTANCE,
            {"secondaryPrivateIps": ["10.0.0.9"]},
            [
                (
                    "unassign_private_ip_addresses",
                    {"NetworkInterfaceId": "eni-1", "PrivateIpAddresses": ["10.0.0.8"]},
                ),
                ("assign_private_ip_addresses", {"NetworkInterfaceId": "eni-1", "PrivateIpAddresses": ["10.0.0.9"]}),
            ],
            id="an interface gets another private address",
        ),
        pytest.param(
            ec2_changes.stored,
            INSTANCE,
            {
                "rootBlockDevice": [{"volumeSize": 16.0, "volumeType": "io2", "iops": 4000}],
                "ebsBlockDevice": [{"deviceName": "/dev/sdf", "deleteOnTermination": False, "tags": {"a": "b"}}],
            },
            [
                (
                    "modify_instance_attribute",
                    {
                        "InstanceId": "i-1",
                        "BlockDeviceMappings": [{"DeviceName": "/dev/sdf", "Ebs": {"DeleteOnTermination": False}}],
                    },
                ),
                ("create_tags", {"Resources": ["vol-2"], "Tags": [{"Key": "a", "Value": "b"}]}),
                ("modify_volume", {"VolumeId": "vol-1", "Size": 16, "Iops": 4000, "VolumeType": "io2"}),
            ],
            id="volumes grow",
        ),
    ],
)
def test_what_is_sent(
    plan: Plan, scene: Mapping[str, Any], changed: Mapping[str, Any], sent: list[tuple[str, Mapping[str, Any]]]
) -> None:
    assert [(request.operation, request.arguments) for request in plan(changed, scene)] == sent


def test_a_volume_is_never_encrypted_later() -> None:
    with pytest.raises(StalledError, match="AWS never changes encrypted of a volume"):
        ec2_changes.stored({"rootBlockDevice": [{"encrypted": True}]}, INSTANCE)


@pytest.mark.parametrize(
    ("change", "declared", "members"),
    [
        pytest.param(
            ec2_changes.metadata,
            [{"httpTokens": "required", "httpPutResponseHopLimit": 2.0}],
            {"HttpTokens": "required", "HttpPutResponseHopLimit": 2},
            id="metadata",
        ),
        pytest.param(
            ec2_changes.maintenance, [{"autoRecovery": "disabled"}], {"AutoRecovery": "disabled"}, id="recovery"
        ),
        pytest.param(
            ec2_changes.naming,
            {"hostnameType": "ip-name", "enableResourceNameDnsARecord": True},
            {"PrivateDnsHostnameType": "ip-name", "EnableResourceNameDnsARecord": True},
            id="names",
        ),
        pytest.param(ec2_routes.target, "i-1", {"InstanceId": "i-1"}, id="a route by an instance"),
        pytest.param(ec2_routes.target, "eni-1", {"NetworkInterfaceId": "eni-1"}, id="a route by an interface"),
    ],
)
def test_a_block_is_sent_as_the_members_of_its_call(
    change: Callable[[Any, Any], Mapping[str, Any]], declared: Any, members: Mapping[str, Any]
) -> None:
    assert change(declared, None) == members


@pytest.mark.parametrize(
    ("spec", "launch"),
    [
        pytest.param({}, {}, id="nothing"),
        pytest.param(
            {"subnetId": "subnet-1", "vpcSecurityGroupIds": ["sg-1"], "privateIp": "10.0.0.7"},
            {"SubnetId": "subnet-1", "SecurityGroupIds": ["sg-1"], "PrivateIpAddress": "10.0.0.7"},
            id="a subnet",
        ),
        pytest.param(
            {"subnetId": "subnet-1", "vpcSecurityGroupIds": ["sg-1"], "associatePublicIpAddress": True},
            {
                "NetworkInterfaces": [
                    {"DeviceIndex": 0, "SubnetId": "subnet-1", "Groups": ["sg-1"], "AssociatePublicIpAddress": True}
                ]
            },
            id="a public address",
        ),
        pytest.param(
            {"subnetId": "subnet-1", "privateIp": "10.0.0.7", "secondaryPrivateIps": ["10.0.0.8"]},
            {
                "NetworkInterfaces": [
                    {
                        "DeviceIndex": 0,
                        "SubnetId": "subnet-1",
                        "PrivateIpAddresses": [
                            {"Primary": True, "PrivateIpAddress": "10.0.0.7"},
                            {"Primary": False, "PrivateIpAddress": "10.0.0.8"},
                        ],
                    }
                ]
            },
            id="several private addresses",
        ),
        pytest.param(
            {
                "primaryNetworkInterface": [{"networkInterfaceId": "eni-1"}],
                "networkInterface": [{"networkInterfaceId": "eni-2", "deviceIndex": 1.0, "deleteOnTermination": False}],
            },
            {
                "NetworkInterfaces": [
                    {"DeviceIndex": 0, "NetworkInterfaceId": "eni-1"},
                    {"NetworkInterfaceId": "eni-2", "DeviceIndex": 1, "DeleteOnTermination": False},
                ]
            },
            id="interfaces that exist",
        ),
        pytest.param(
            {"cpuCoreCount": 2.0, "cpuOptions": [{"threadsPerCore": 1, "amdSevSnp": "enabled"}]},
            {"CpuOptions": {"CoreCount": 2, "ThreadsPerCore": 1, "AmdSevSnp": "enabled"}},
            id="processors, in the old way as well",
        ),
        pytest.param(
            {"tenancy": "host", "placementPartitionNumber": 2.0},
            {"Placement": {"Tenancy": "host", "PartitionNumber": 2}},
            id="a place",
        ),
        pytest.param(
            {
                "ephemeralBlockDevice": [
                    {"deviceName": "/dev/sdb", "noDevice": True},
                    {"deviceName": "c", "virtualName": "d"},
                ]
            },
            {"Mappings": [{"DeviceName": "/dev/sdb", "NoDevice": ""}, {"DeviceName": "c", "VirtualName": "d"}]},
            id="devices of the host",
        ),
        pytest.param({"userDataBase64": "ZWNobw=="}, {"UserData": b"echo"}, id="encoded data"),
        pytest.param({"userData": "echo!"}, {"UserData": b"echo!"}, id="plain data"),
    ],
)
def test_what_an_instance_is_launched_with(spec: Mapping[str, Any], launch: Mapping[str, Any]) -> None:
    assert ec2_launch.names({"spec": spec})["launch"] == launch
