"""RDS subnet groups, as boto3 sees them."""

import pytest
from botocore.exceptions import ClientError

from tests.devel.emulation.aws import code, create_database, delete_database

pytestmark = pytest.mark.emulator


def test_a_modified_subnet_group_is_kept(rds, subnets):
    rds.create_db_subnet_group(DBSubnetGroupName="net", DBSubnetGroupDescription="two", SubnetIds=subnets[:2])

    rds.modify_db_subnet_group(DBSubnetGroupName="net", SubnetIds=subnets)

    (group,) = rds.describe_db_subnet_groups(DBSubnetGroupName="net")["DBSubnetGroups"]
    assert {subnet["SubnetIdentifier"] for subnet in group["Subnets"]} == set(subnets)
    assert group["DBSubnetGroupDescription"] == "two"


def test_a_second_subnet_group_of_the_same_name_is_refused(rds, subnets):
    rds.create_db_subnet_group(DBSubnetGroupName="net", DBSubnetGroupDescription="first", SubnetIds=subnets)

    with pytest.raises(rds.exceptions.DBSubnetGroupAlreadyExistsFault):
        rds.create_db_subnet_group(DBSubnetGroupName="Net", DBSubnetGroupDescription="second", SubnetIds=subnets)

    (group,) = rds.describe_db_subnet_groups()["DBSubnetGroups"]
    assert group["DBSubnetGroupDescription"] == "first"


@pytest.mark.parametrize(
    ("chosen", "refusal"),
    [
        pytest.param(lambda subnets: subnets[:1], "DBSubnetGroupDoesNotCoverEnoughAZs", id="one zone only"),
        pytest.param(lambda subnets: [subnets[0], "subnet-0123456789abcdef0"], "InvalidSubnet", id="a missing subnet"),
    ],
)
def test_a_subnet_group_needs_subnets_in_two_zones(rds, subnets, chosen, refusal):
    with pytest.raises(ClientError) as caught:
        rds.create_db_subnet_group(DBSubnetGroupName="net", DBSubnetGroupDescription="-", SubnetIds=chosen(subnets))

    assert code(caught.value) == refusal


@pytest.mark.usefixtures("instant")
def test_a_subnet_group_in_use_is_not_deleted(rds, subnets):
    rds.create_db_subnet_group(DBSubnetGroupName="net", DBSubnetGroupDescription="-", SubnetIds=subnets)
    create_database(rds, DBSubnetGroupName="net")

    with pytest.raises(ClientError, match="is still using it") as caught:
        rds.delete_db_subnet_group(DBSubnetGroupName="net")

    assert code(caught.value) == "InvalidDBSubnetGroupStateFault"
    delete_database(rds)
    rds.delete_db_subnet_group(DBSubnetGroupName="net")
    assert rds.describe_db_subnet_groups()["DBSubnetGroups"] == []
