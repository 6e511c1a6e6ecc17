"""What networks and instances do that other kinds do not."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import boto3
import pytest

from crosshead.base.errors import StalledError
from crosshead.devel.emulator import EmulatorControl
from crosshead.managed.external import Declared
from tests.aws.lives import REGION, Land, Life, changed, create, settle

RULE = {"type": "ingress", "protocol": "tcp", "fromPort": 80, "toPort": 80}


@pytest.fixture
def aws(land: Land) -> Any:
    """Somebody else's client."""
    return boto3.client(
        "ec2", endpoint_url=land.url, region_name=REGION, aws_access_key_id="test", aws_secret_access_key="test"
    )


@contextmanager
def living(land: Land, kind: str, name: str, **parameters: Any) -> Iterator[Declared]:
    """Create a resource, and delete it in the end."""
    external = land.external("ec2", kind)
    declared = create(external, Life("ec2", kind, lambda _: parameters).declared(land, name))
    settle(external, declared)
    yield declared
    external.delete(declared)


def test_a_rule_is_called_what_upstream_calls_it(land: Land, name: str) -> None:
    """As a real cluster has recorded it: group sg-02c0692e10f650141, tcp 5432 from everywhere."""
    rule = {**RULE, "fromPort": 5432, "toPort": 5432, "cidrBlocks": ["0.0.0.0/0"]}
    declared = Life("ec2", "SecurityGroupRule", lambda _: {"securityGroupId": "sg-02c0692e10f650141", **rule})
    external = land.external("ec2", "SecurityGroupRule")
    names = external.descriptor.names

    assert names is not None
    scene = {"id": None, "uid": "u", "origin": "", "spec": declared.declared(land, name).parameters}
    assert names(scene)["rule"] == "sgrule-1899152031"


def test_a_rule_that_crossplane_has_created_is_taken_over(land: Land, name: str, aws: Any) -> None:
    """It bears no tag of ours: it is known by what it says."""
    said = {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "IpRanges": [{"CidrIp": "10.7.0.0/16"}]}
    aws.authorize_security_group_ingress(GroupId=land.group, IpPermissions=[said])
    life = Life(
        "ec2", "SecurityGroupRule", lambda _: {**RULE, "securityGroupId": land.group, "cidrBlocks": ["10.7.0.0/16"]}
    )
    external = land.external("ec2", "SecurityGroupRule")
    declared = replace(life.declared(land, name), external_name="sgrule-4711")

    seen = external.observe(declared)
    external.delete(declared)

    assert (seen.exists, seen.external_name, seen.drift, seen.immutable) == (True, "sgrule-4711", (), ())
    assert not external.observe(declared).exists


def test_a_source_that_somebody_shut_out_is_let_in_again(land: Land, name: str, aws: Any) -> None:
    rule = {**RULE, "securityGroupId": land.group, "cidrBlocks": ["10.3.0.0/16", "10.4.0.0/16"], "self": True}
    external = land.external("ec2", "SecurityGroupRule")
    with living(land, "SecurityGroupRule", name, **rule) as declared:
        gone = {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "IpRanges": [{"CidrIp": "10.4.0.0/16"}]}
        aws.revoke_security_group_ingress(GroupId=land.group, IpPermissions=[gone])

        seen = external.observe(declared)
        external.update(declared, seen)

        assert [(drift.field, drift.found) for drift in seen.drift] == [("cidrBlocks", ["10.3.0.0/16"])]
        assert external.observe(declared).drift == ()


def test_everything_is_let_out_whatever_the_ports_say(land: Land, name: str) -> None:
    rule = {"type": "egress", "protocol": "all", "fromPort": 0, "toPort": 0, "cidrBlocks": ["0.0.0.0/0"]}
    with living(land, "SecurityGroupRule", name, securityGroupId=land.group, **rule) as declared:
        seen = land.external("ec2", "SecurityGroupRule").observe(declared)

        assert (seen.exists, seen.drift, seen.immutable) == (True, (), ())


@pytest.fixture
def table(land: Land, name: str) -> Iterator[Declared]:
    with living(land, "RouteTable", f"{name}-table", vpcId=land.vpc) as declared:
        yield declared


@pytest.fixture
def gateway(land: Land, name: str) -> Iterator[Declared]:
    with living(land, "InternetGateway", f"{name}-gateway", vpcId=land.vpc) as declared:
        yield declared


@pytest.mark.parametrize(
    "given",
    [pytest.param("r-{}1080289494", id="as upstream calls it"), pytest.param("{}_0.0.0.0/0", id="as terraform")],
)
def test_a_route_is_imported_by_either_name(
    land: Land, name: str, table: Declared, gateway: Declared, given: str
) -> None:
    route = {"destinationCidrBlock": "0.0.0.0/0", "gatewayId": gateway.external_name}
    with living(land, "Route", name, routeTableId=table.external_name, **route) as declared:
        bare = {"region": REGION}
        stranger = replace(declared, external_name=given.format(table.external_name), parameters=bare, initial=bare)

        seen = land.external("ec2", "Route").observe(stranger)

    assert seen.external_name == f"r-{table.external_name}1080289494"


def test_a_route_of_somebody_else_is_not_taken(
    land: Land, name: str, table: Declared, gateway: Declared, aws: Any
) -> None:
    """It has the destination that is declared, and leads elsewhere."""
    where = {"RouteTableId": table.external_name, "DestinationCidrBlock": "0.0.0.0/0"}
    aws.create_route(**where, GatewayId=gateway.external_name)
    route = {"destinationCidrBlock": "0.0.0.0/0", "natGatewayId": "nat-00000000000000000"}
    life = Life("ec2", "Route", lambda _: {"routeTableId": table.external_name, **route})

    with pytest.raises(StalledError, match="is not ours"):
        land.external("ec2", "Route").create(life.declared(land, name))
    aws.delete_route(**where)


def test_a_main_table_gives_way_to_the_one_before_it(land: Land, name: str, table: Declared, aws: Any) -> None:
    main = [{"Name": "association.main", "Values": ["true"]}, {"Name": "vpc-id", "Values": [land.vpc]}]
    before = aws.describe_route_tables(Filters=main)["RouteTables"][0]["RouteTableId"]
    wanted = {"vpcId": land.vpc, "routeTableId": table.external_name}
    with living(land, "MainRouteTableAssociation", name, **wanted) as declared:
        seen = land.external("ec2", "MainRouteTableAssociation").observe(declared)
        during = aws.describe_route_tables(Filters=main)["RouteTables"][0]["RouteTableId"]

    after = aws.describe_route_tables(Filters=main)["RouteTables"][0]["RouteTableId"]
    assert (during, after, seen.at_provider["originalRouteTableId"]) == (table.external_name, before, before)


def test_an_association_that_was_pointed_elsewhere_is_still_known(
    land: Land, name: str, table: Declared, control: EmulatorControl
) -> None:
    external = land.external("ec2", "RouteTableAssociation")
    with living(land, "RouteTable", f"{name}-other", vpcId=land.vpc) as other:
        first = {"subnetId": land.subnets[2], "routeTableId": table.external_name}
        with living(land, "RouteTableAssociation", name, **first) as declared:
            wanted = changed(declared, routeTableId=other.external_name)
            external.update(wanted, external.observe(wanted))

            seen = external.observe(wanted)
            external.delete(wanted)

    assert (seen.exists, seen.drift) == (True, ())
    assert seen.external_name not in ("", declared.external_name)
    assert {name: count for name, count in control.counts().items() if "Disassociate" in name} == {
        "ec2:DisassociateRouteTable": 1
    }


def test_an_address_is_associated_and_let_go(land: Land, name: str) -> None:
    launched = {"ami": "ami-00000000000000001", "instanceType": "t3.micro", "subnetId": land.subnets[0]}
    external = land.external("ec2", "EIP")
    with living(land, "Instance", name, **launched) as instance, living(land, "EIP", name) as free:
        bound = changed(free, instance=instance.external_name)
        external.update(bound, external.observe(bound))

        seen = external.observe(bound)
        external.delete(bound)

    assert (seen.drift, seen.at_provider["instance"]) == ((), instance.external_name)
    assert seen.at_provider["publicDns"].startswith("ec2-")
    assert not external.observe(bound).exists


def test_an_address_waits_for_the_gateway_that_uses_it(land: Land, name: str, control: EmulatorControl) -> None:
    address, gateways = land.external("ec2", "EIP"), land.external("ec2", "NATGateway")
    eip = create(address, Life("ec2", "EIP", lambda _: {}).declared(land, name))
    wanted = {"subnetId": land.subnets[0], "allocationId": eip.external_name}
    nat = create(gateways, Life("ec2", "NATGateway", lambda _: wanted).declared(land, name))
    settle(gateways, nat)
    control.set_delays(deleting=30.0)
    gateways.delete(nat)

    going = gateways.observe(nat)

    assert (going.exists, going.busy) == (True, True)
    with pytest.raises(Exception, match=r"in use"):
        address.delete(eip)


def test_an_instance_is_stopped_for_another_type_and_started_again(land: Land, name: str) -> None:
    launched = {"ami": "ami-00000000000000001", "instanceType": "t3.micro", "subnetId": land.subnets[0]}
    external = land.external("ec2", "Instance")
    with living(land, "Instance", name, **launched) as declared:
        wanted = changed(declared, instanceType="t3.small")

        states = []
        for _ in range(2):
            external.update(wanted, settle(external, wanted))
            states.append(settle(external, wanted).at_provider["instanceState"])
        seen = settle(external, wanted)

    assert states == ["stopped", "running"]
    assert (seen.drift, seen.at_provider["instanceType"]) == ((), "t3.small")


def test_the_root_volume_is_that_of_the_image(land: Land, name: str, aws: Any) -> None:
    image = aws.register_image(Name=name, RootDeviceName="/dev/sda1")["ImageId"]
    launched = {"ami": image, "instanceType": "t3.micro", "subnetId": land.subnets[0]}
    external = land.external("ec2", "Instance")
    root = {"volumeSize": 12, "volumeType": "gp3", "deleteOnTermination": True}
    with living(land, "Instance", name, **launched, rootBlockDevice=[root]) as declared:
        before = external.observe(declared)
        wanted = changed(declared, rootBlockDevice=[{**root, "volumeSize": 16}])
        external.update(wanted, external.observe(wanted))

        after = external.observe(wanted)

    assert (before.drift, after.drift) == ((), ())
    assert [seen.at_provider["rootBlockDevice"][0]["volumeSize"] for seen in (before, after)] == [12, 16]


def test_an_instance_that_is_protected_is_terminated_by_force_only(land: Land, name: str, aws: Any) -> None:
    launched = {"ami": "ami-00000000000000001", "instanceType": "t3.micro", "subnetId": land.subnets[0]}
    protected = {**launched, "disableApiTermination": True, "forceDestroy": True}
    external = land.external("ec2", "Instance")
    with living(land, "Instance", name, **protected) as declared:
        aws.modify_instance_attribute(InstanceId=declared.external_name, DisableApiTermination={"Value": True})

    assert not external.observe(declared).exists


def test_a_new_version_of_a_template_becomes_the_default_when_that_is_asked_for(land: Land, name: str) -> None:
    external = land.external("ec2", "LaunchTemplate")
    with living(land, "LaunchTemplate", name, instanceType="t3.micro", updateDefaultVersion=True) as declared:
        wanted = changed(declared, instanceType="t3.small")
        external.update(wanted, external.observe(wanted))
        back = changed(wanted, updateDefaultVersion=False, defaultVersion=1)
        external.update(back, external.observe(back))

        seen = external.observe(back)

    assert (seen.at_provider["latestVersion"], seen.at_provider["defaultVersion"], seen.drift) == (2, 1, ())
