"""The lives of the kinds of ec2: networks and what guards them."""

import json
from functools import cache
from itertools import count

from tests.aws.lives import Land, Life

_RULE = {"fromPort": 5432, "toPort": 5432, "ipProtocol": "tcp", "cidrIpv4": "10.0.0.0/16", "description": "orders"}


@cache
def _empty(land: Land, name: str) -> str:
    return land.made("ec2", "VPC", f"empty {name}", cidrBlock="10.2.0.0/16")


@cache
def _gateway(land: Land, name: str) -> str:
    return land.made("ec2", "InternetGateway", name, vpcId=_empty(land, name))


@cache
def _table(land: Land, name: str) -> str:
    return land.made("ec2", "RouteTable", name, vpcId=land.vpc)


_IMAGE = "ami-00000000000000001"
_serials = count(1)


def _address(land: Land, number: int) -> str:
    return land.made("ec2", "EIP", f"address {number}")


def _subnet(land: Land, number: int) -> str:
    return land.made("ec2", "Subnet", f"subnet {number}", vpcId=land.vpc, cidrBlock=f"10.0.{100 + number}.0/24")


def _policy(action: str) -> str:
    statement = {"Effect": "Allow", "Principal": "*", "Action": [action], "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


LIVES = (
    Life(
        "ec2",
        "VPC",
        lambda _: {"cidrBlock": "10.1.0.0/16", "enableDnsHostnames": True, "tags": {"team": "orders"}},
        change={
            "enableDnsHostnames": False,
            "enableDnsSupport": False,
            "assignGeneratedIpv6CidrBlock": True,
            "tags": {"team": "billing"},
        },
        refused={"cidrBlock": "10.9.0.0/16"},
        absent_name="vpc-00000000000000000",
    ),
    Life(
        "ec2",
        "Subnet",
        lambda land: {"vpcId": land.vpc, "cidrBlock": "10.0.77.0/24", "availabilityZone": "us-east-1c"},
        change={"mapPublicIpOnLaunch": True, "ipv6CidrBlock": "2001:db8:1234:1a00::/64"},
        refused={"availabilityZone": "us-east-1d"},
        absent_name="subnet-00000000000000000",
    ),
    Life(
        "ec2",
        "SecurityGroup",
        lambda land: {"vpcId": land.vpc, "name": "orders", "description": "who may ask", "revokeRulesOnDelete": True},
        change={"tags": {"team": "orders"}},
        refused={"description": "something else"},
        absent_name="sg-00000000000000000",
    ),
    Life(
        "ec2",
        "SecurityGroupRule",
        lambda land: {
            "securityGroupId": land.group,
            "type": "ingress",
            "protocol": "tcp",
            "fromPort": 5432,
            "toPort": 5432,
            "cidrBlocks": ["10.0.0.0/24", "10.0.1.0/24"],
            "description": "who may ask",
        },
        change={"cidrBlocks": ["10.0.1.0/24", "10.0.2.0/24"], "description": "who may ask now"},
        refused={"toPort": 5433},
        absent_name="sgrule-1",
        imported=("securityGroupId", "type", "protocol", "fromPort", "toPort", "cidrBlocks"),
    ),
    Life(
        "ec2",
        "SecurityGroupIngressRule",
        lambda land: {"securityGroupId": land.group, **_RULE},
        change={"toPort": 5433, "cidrIpv4": "10.0.0.0/24", "description": "now", "tags": {"team": "orders"}},
        refused={"securityGroupId": "sg-00000000000000000"},
        absent_name="sgr-00000000000000000",
    ),
    Life(
        "ec2",
        "SecurityGroupEgressRule",
        lambda land: {"securityGroupId": land.group, **_RULE},
        change={"fromPort": 5431, "tags": {"team": "orders"}},
        refused={"securityGroupId": "sg-00000000000000000"},
        absent_name="sgr-00000000000000000",
    ),
    Life(
        "ec2",
        "InternetGateway",
        lambda land: {"vpcId": _empty(land, "three")},
        change={"tags": {"team": "orders"}},
        elsewhere=lambda land: {"vpcId": _empty(land, "four")},
        absent_name="igw-00000000000000000",
    ),
    Life(
        "ec2",
        "RouteTable",
        lambda land: {"vpcId": land.vpc},
        change={"tags": {"team": "orders"}},
        refused={"vpcId": "vpc-00000000000000000"},
        absent_name="rtb-00000000000000000",
    ),
    Life(
        "ec2",
        "Route",
        lambda land: {
            "routeTableId": _table(land, "routes"),
            "destinationCidrBlock": "0.0.0.0/0",
            "gatewayId": _gateway(land, "one"),
        },
        elsewhere=lambda land: {"gatewayId": _gateway(land, "two")},
        refused={"destinationCidrBlock": "10.9.0.0/16"},
        absent_name="r-rtb-000000000000000001080289494",
    ),
    Life(
        "ec2",
        "RouteTableAssociation",
        lambda land: {"routeTableId": _table(land, "one"), "subnetId": _subnet(land, next(_serials))},
        elsewhere=lambda land: {"routeTableId": _table(land, "two")},
        refused={"subnetId": "subnet-00000000000000000"},
        absent_name="rtbassoc-00000000000000000",
    ),
    Life(
        "ec2",
        "MainRouteTableAssociation",
        lambda land: {"routeTableId": _table(land, "one"), "vpcId": land.vpc},
        elsewhere=lambda land: {"routeTableId": _table(land, "two")},
        refused={"vpcId": "vpc-00000000000000000"},
        absent_name="rtbassoc-00000000000000000",
    ),
    Life(
        "ec2",
        "EIP",
        lambda _: {"domain": "vpc"},
        change={"tags": {"team": "orders"}},
        absent_name="eipalloc-00000000000000000",
    ),
    Life(
        "ec2",
        "NATGateway",
        lambda land: {"subnetId": land.subnets[0], "allocationId": _address(land, next(_serials))},
        change={"tags": {"team": "orders"}},
        refused={"subnetId": "subnet-00000000000000000"},
        absent_name="nat-00000000000000000",
    ),
    Life(
        "ec2",
        "VPCEndpoint",
        lambda land: {"vpcId": land.vpc, "serviceName": "com.amazonaws.us-east-1.s3", "policy": _policy("s3:Get*")},
        change={"policy": _policy("s3:*"), "tags": {"team": "orders"}},
        refused={"serviceName": "com.amazonaws.us-east-1.dynamodb"},
        absent_name="vpce-00000000000000000",
    ),
    Life(
        "ec2",
        "Instance",
        lambda land: {
            "ami": _IMAGE,
            "instanceType": "t3.micro",
            "subnetId": land.subnets[0],
            "vpcSecurityGroupIds": [land.group],
            "associatePublicIpAddress": False,
            "userData": "#!/bin/sh\necho orders\n",
            "disableApiStop": False,
            "rootBlockDevice": [{"volumeSize": 12, "deleteOnTermination": True}],
            "ebsBlockDevice": [{"deviceName": "/dev/sdf", "volumeSize": 5, "encrypted": False}],
            "metadataOptions": [{"httpTokens": "optional"}],
        },
        change={
            "sourceDestCheck": False,
            "metadataOptions": [{"httpTokens": "required", "httpPutResponseHopLimit": 2}],
            "ebsBlockDevice": [{"deviceName": "/dev/sdf", "volumeSize": 6}],
            "volumeTags": {"team": "orders"},
            "tags": {"team": "orders"},
        },
        refused={"keyName": "another", "subnetId": "subnet-00000000000000000"},
        absent_name="i-00000000000000000",
    ),
    Life(
        "ec2",
        "LaunchTemplate",
        lambda land: {
            "description": "what runs the orders",
            "imageId": _IMAGE,
            "instanceType": "t3.micro",
            "updateDefaultVersion": True,
            "blockDeviceMappings": [{"deviceName": "/dev/xvda", "ebs": [{"volumeSize": 12, "encrypted": "true"}]}],
            "networkInterfaces": [{"deviceIndex": 0, "subnetId": land.subnets[0], "ipv4Addresses": ["10.0.0.77"]}],
            "tagSpecifications": [{"resourceType": "instance", "tags": {"team": "orders"}}],
            "monitoring": [{"enabled": True}],
        },
        change={
            "instanceType": "t3.small",
            "monitoring": [{"enabled": False}],
            "metadataOptions": [{"httpTokens": "required"}],
            "tags": {"team": "orders"},
        },
        refused={"name": "another"},
        absent_name="lt-00000000000000000",
    ),
)
