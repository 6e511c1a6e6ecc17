"""
RDS: the subnets that database instances live in, and the instances (`rds_instance.py`).

https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/
"""

from typing import Final

from crosshead.aws.descriptor import Call, Create, Delete, Descriptor, Field, Read, Shown, Tagging, Update
from crosshead.aws.kinds.rds_instance import INSTANCE
from crosshead.aws.pointing import SUBNET, many
from crosshead.aws.shapes import Texts
from crosshead.managed.facts import Naming

_SUBNET_GROUP: Final = Descriptor(
    service="rds",
    kind="SubnetGroup",
    plural="subnetgroups",
    naming=Naming.BY_US,
    identity="DBSubnetGroupName",
    reads=(
        Read(Call("describe_db_subnet_groups", {"DBSubnetGroupName": "id"}), "DBSubnetGroups[0]"),
        Read(Call("list_tags_for_resource", {"ResourceName": "record.DBSubnetGroupArn"}), "TagList", "TagList"),
    ),
    creates=(Create(Call("create_db_subnet_group", {"DBSubnetGroupName": "id"}), "DBSubnetGroup.DBSubnetGroupName"),),
    updates=(Update(call=Call("modify_db_subnet_group", {"DBSubnetGroupName": "id"}), always=("subnetIds",)),),
    delete=Delete(call=Call("delete_db_subnet_group", {"DBSubnetGroupName": "id"})),
    tagging=Tagging(
        read="TagList",
        add=Call("add_tags_to_resource", {"ResourceName": "at.arn"}),
        remove=Call("remove_tags_from_resource", {"ResourceName": "at.arn"}),
    ),
    absent=frozenset({"DBSubnetGroupNotFoundFault", "DBSubnetGroupNotFound"}),
    exists=frozenset({"DBSubnetGroupAlreadyExists"}),
    fields=(
        Field(
            name="description",
            create="DBSubnetGroupDescription",
            modify="DBSubnetGroupDescription",
            read="DBSubnetGroupDescription",
            default="Managed by Crossplane",
        ),
        Field(
            name="subnetIds",
            shape=Texts(),
            create="SubnetIds",
            modify="SubnetIds",
            read="Subnets[].SubnetIdentifier",
        ),
    ),
    references=(many("subnetIds", SUBNET),),
    shown=(
        Shown("arn", "DBSubnetGroupArn"),
        Shown("id", "DBSubnetGroupName"),
        Shown("vpcId", "VpcId"),
        Shown("supportedNetworkTypes", "SupportedNetworkTypes", Texts()),
    ),
)

KINDS: Final = (_SUBNET_GROUP, INSTANCE)
