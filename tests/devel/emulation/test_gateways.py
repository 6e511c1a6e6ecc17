"""What leads out of EC2 networks, as boto3 sees it."""

import pytest
from botocore.exceptions import ClientError

from tests.devel.emulation.aws import code

pytestmark = pytest.mark.emulator


@pytest.fixture
def subnet(ec2):
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    return ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]


@pytest.fixture
def vpc(subnet):
    return subnet["VpcId"]


@pytest.fixture
def gateway(ec2, subnet):
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    tags = [{"ResourceType": "natgateway", "Tags": [{"Key": "team", "Value": "orders"}]}]
    made = ec2.create_nat_gateway(SubnetId=subnet["SubnetId"], AllocationId=address, TagSpecifications=tags)
    return {**made["NatGateway"], "AllocationId": address}


def state(ec2, gateway):
    (found,) = ec2.describe_nat_gateways(NatGatewayIds=[gateway["NatGatewayId"]])["NatGateways"]
    return found["State"]


def test_a_nat_gateway_takes_its_time(ec2, control, gateway):
    early = state(ec2, gateway)
    control.set_delays(creating=0, modifying=0, deleting=0)

    assert early == "pending"


@pytest.mark.usefixtures("instant")
def test_a_nat_gateway_stays_listed_after_its_end_and_lets_its_address_go(ec2, gateway):
    with pytest.raises(ClientError) as caught:
        ec2.release_address(AllocationId=gateway["AllocationId"])

    ec2.delete_nat_gateway(NatGatewayId=gateway["NatGatewayId"])

    assert code(caught.value) == "InvalidIPAddress.InUse"
    assert state(ec2, gateway) == "deleted"
    ec2.release_address(AllocationId=gateway["AllocationId"])


@pytest.mark.parametrize(
    ("team", "count"), [pytest.param("orders", 1, id="its own"), pytest.param("billing", 0, id="another")]
)
def test_nat_gateways_are_found_by_their_tags(ec2, gateway, team, count):
    found = ec2.describe_nat_gateways(Filters=[{"Name": "tag:team", "Values": [team]}])["NatGateways"]

    assert [one["NatGatewayId"] for one in found] == [gateway["NatGatewayId"]] * count


def test_a_nat_gateway_that_never_was_is_not_found(ec2):
    with pytest.raises(ClientError) as caught:
        ec2.describe_nat_gateways(NatGatewayIds=["nat-00000000000000000"])

    assert code(caught.value) == "NatGatewayNotFound"


@pytest.mark.usefixtures("instant", "gateway")
def test_a_subnet_where_a_nat_gateway_lives_stays(ec2, subnet):
    with pytest.raises(ClientError) as caught:
        ec2.delete_subnet(SubnetId=subnet["SubnetId"])

    assert code(caught.value) == "DependencyViolation"


def test_a_network_that_a_gateway_is_attached_to_stays(ec2):
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)

    with pytest.raises(ClientError) as caught:
        ec2.delete_vpc(VpcId=vpc)

    assert code(caught.value) == "DependencyViolation"


def test_a_subnet_is_associated_with_one_table(ec2, subnet, vpc):
    first, second = (ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"] for _ in range(2))
    ec2.associate_route_table(RouteTableId=first, SubnetId=subnet["SubnetId"])

    with pytest.raises(ClientError) as caught:
        ec2.associate_route_table(RouteTableId=second, SubnetId=subnet["SubnetId"])

    assert code(caught.value) == "Resource.AlreadyAssociated"


def test_a_group_that_a_rule_lets_in_stays(ec2, vpc):
    web, database = (
        ec2.create_security_group(GroupName=name, Description="-", VpcId=vpc)["GroupId"] for name in ("web", "database")
    )
    said = {"IpProtocol": "tcp", "FromPort": 1, "ToPort": 1, "UserIdGroupPairs": [{"GroupId": web}]}
    ec2.authorize_security_group_ingress(GroupId=database, IpPermissions=[said])

    with pytest.raises(ClientError) as caught:
        ec2.delete_security_group(GroupId=web)

    assert code(caught.value) == "DependencyViolation"
    ec2.delete_security_group(GroupId=database)
    ec2.delete_security_group(GroupId=web)


def test_a_rule_says_why_a_group_is_let_in(ec2, vpc):
    group = ec2.create_security_group(GroupName="web", Description="-", VpcId=vpc)["GroupId"]
    said = {"IpProtocol": "tcp", "FromPort": 1, "ToPort": 1}
    said["UserIdGroupPairs"] = [{"GroupId": group, "Description": "why"}]
    made = ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[said])["SecurityGroupRules"][0]

    said["UserIdGroupPairs"] = [{"GroupId": group, "Description": "why not"}]
    ec2.update_security_group_rule_descriptions_ingress(GroupId=group, IpPermissions=[said])

    ids = [made["SecurityGroupRuleId"]]
    (found,) = ec2.describe_security_group_rules(SecurityGroupRuleIds=ids)["SecurityGroupRules"]
    assert (made["Description"], found["Description"]) == ("why", "why not")
    assert found["ReferencedGroupInfo"]["GroupId"] == group


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        pytest.param({"CidrIpv4": "10.1.0.0/16"}, {"CidrIpv4": "10.1.0.0/16"}, id="a network"),
        pytest.param({"CidrIpv6": "2001:db8::/32"}, {"CidrIpv6": "2001:db8::/32"}, id="a network of IPv6"),
        pytest.param({"PrefixListId": "pl-1"}, {"PrefixListId": "pl-1"}, id="a prefix list"),
    ],
)
def test_a_rule_is_rewritten_whole(ec2, vpc, source, shown):
    group = ec2.create_security_group(GroupName="web", Description="-", VpcId=vpc)["GroupId"]
    said = {"IpProtocol": "tcp", "FromPort": 1, "ToPort": 1, "IpRanges": [{"CidrIp": "10.0.0.0/16"}]}
    made = ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[said])["SecurityGroupRules"][0]
    rule = {"IpProtocol": "udp", "FromPort": 2, "ToPort": 3, **source}
    change = {"SecurityGroupRuleId": made["SecurityGroupRuleId"], "SecurityGroupRule": rule}

    ec2.modify_security_group_rules(GroupId=group, SecurityGroupRules=[change])

    ids = [made["SecurityGroupRuleId"]]
    (found,) = ec2.describe_security_group_rules(SecurityGroupRuleIds=ids)["SecurityGroupRules"]
    names = ("CidrIpv4", "CidrIpv6", "PrefixListId")
    assert {name: found[name] for name in names if name in found} == shown
    assert (found["IpProtocol"], found["FromPort"], found["ToPort"]) == ("udp", 2, 3)


def test_an_endpoint_is_changed(ec2, vpc):
    service = "com.amazonaws.eu-west-1.s3"
    made = ec2.create_vpc_endpoint(VpcId=vpc, ServiceName=service, VpcEndpointType="Interface")["VpcEndpoint"]

    ec2.modify_vpc_endpoint(VpcEndpointId=made["VpcEndpointId"], PrivateDnsEnabled=True, IpAddressType="dualstack")

    (found,) = ec2.describe_vpc_endpoints(VpcEndpointIds=[made["VpcEndpointId"]])["VpcEndpoints"]
    assert (made["PrivateDnsEnabled"], found["PrivateDnsEnabled"]) == (False, True)
    assert (made["IpAddressType"], found["IpAddressType"]) == ("ipv4", "dualstack")


def test_the_tags_of_a_template_are_not_those_of_its_instances(ec2):
    tags = [{"ResourceType": "launch-template", "Tags": [{"Key": "team", "Value": "orders"}]}]
    data = {"InstanceType": "t3.micro"}
    made = ec2.create_launch_template(LaunchTemplateName="web", LaunchTemplateData=data, TagSpecifications=tags)
    template = {"LaunchTemplateId": made["LaunchTemplate"]["LaunchTemplateId"]}
    ec2.create_tags(Resources=[template["LaunchTemplateId"]], Tags=[{"Key": "team", "Value": "billing"}])

    (version,) = ec2.describe_launch_template_versions(**template)["LaunchTemplateVersions"]
    (found,) = ec2.describe_launch_templates(LaunchTemplateIds=[template["LaunchTemplateId"]])["LaunchTemplates"]
    assert version["LaunchTemplateData"].get("TagSpecifications", []) == []
    assert found["Tags"] == [{"Key": "team", "Value": "billing"}]
