"""
RDS: the subnets that databases live in, and all kinds of the service, which have modules of their own.

https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/
"""

from typing import Final

from crosshead.aws.calls import Call, Create, Delete, Read, Update
from crosshead.aws.descriptor import Descriptor, Field, Shown
from crosshead.aws.kinds.rds_cluster import CLUSTER
from crosshead.aws.kinds.rds_cluster_instance import CLUSTER_INSTANCE
from crosshead.aws.kinds.rds_instance import INSTANCE
from crosshead.aws.kinds.rds_options import OPTION_GROUP
from crosshead.aws.kinds.rds_parameters import CLUSTER_PARAMETER_GROUP, PARAMETER_GROUP
from crosshead.aws.kinds.rds_proxy import PROXY
from crosshead.aws.kinds.rds_snapshot import SNAPSHOT
from crosshead.aws.kinds.rds_tags import TAGGING, tags_of
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
        tags_of("DBSubnetGroupArn"),
    ),
    creates=(Create(Call("create_db_subnet_group", {"DBSubnetGroupName": "id"}), "DBSubnetGroup.DBSubnetGroupName"),),
    updates=(Update(call=Call("modify_db_subnet_group", {"DBSubnetGroupName": "id"}), always=("subnetIds",)),),
    delete=Delete(call=Call("delete_db_subnet_group", {"DBSubnetGroupName": "id"})),
    tagging=TAGGING,
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

KINDS: Final = (
    CLUSTER,
    CLUSTER_INSTANCE,
    CLUSTER_PARAMETER_GROUP,
    INSTANCE,
    OPTION_GROUP,
    PARAMETER_GROUP,
    PROXY,
    SNAPSHOT,
    _SUBNET_GROUP,
)
