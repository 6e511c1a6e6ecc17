"""The lives of the kinds of ec2."""

from tests.aws.lives import Life

LIVES = (
    Life(
        "ec2",
        "VPC",
        lambda _: {"cidrBlock": "10.1.0.0/16", "enableDnsHostnames": True, "tags": {"team": "orders"}},
        change={"enableDnsHostnames": False, "enableDnsSupport": False, "tags": {"team": "billing"}},
        refused={"cidrBlock": "10.9.0.0/16"},
        absent_name="vpc-00000000000000000",
    ),
    Life(
        "ec2",
        "Subnet",
        lambda land: {"vpcId": land.vpc, "cidrBlock": "10.0.77.0/24", "availabilityZone": "us-east-1c"},
        change={"mapPublicIpOnLaunch": True},
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
)
