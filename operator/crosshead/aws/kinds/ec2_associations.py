"""EC2: what is associated with which route table, and which table is the main one."""

from typing import Final

from crosshead.aws.calls import Call, Create, Delete, Read, Refusal, Update
from crosshead.aws.descriptor import Descriptor, Field, Readiness, Shown, fixed, settable
from crosshead.aws.kinds import ec2_routes
from crosshead.aws.kinds.ec2_idiom import ALONG, INTERNET_GATEWAY, ROUTE_TABLE
from crosshead.aws.pointing import ID, SUBNET, VPC, one
from crosshead.aws.shapes import TEXT
from crosshead.managed.facts import Naming

# Associations have states of their own, the main one has none in older accounts.
_ASSOCIATED: Final = Readiness(
    path="AssociationState.State || 'associated'",
    ready=frozenset({"associated"}),
    coming=frozenset({"associating"}),
    going=frozenset({"disassociating"}),
    gone=frozenset({"disassociated"}),
    failed={"failed": "delete it and create another"},
)
_NO_ASSOCIATION: Final = frozenset({"InvalidAssociationID.NotFound", "InvalidRouteTableID.NotFound"})
_BY_ID: Final = Read(
    Call(
        "describe_route_tables",
        {"Filters": "[{Name: 'association.route-table-association-id', Values: [id]}]"},
    ),
    "RouteTables",
    pick=ec2_routes.association,
)
# AWS makes a new association of one that is pointed at another table.
_POINT_ELSEWHERE: Final = Update(call=Call("replace_route_table_association", {"AssociationId": "at.id"}))

_ROUTE_TABLE_ASSOCIATION: Final = Descriptor(
    service="ec2",
    kind="RouteTableAssociation",
    plural="routetableassociations",
    naming=Naming.BY_PROVIDER,
    identity="RouteTableAssociationId",
    moves=True,
    reads=(_BY_ID,),
    find=Read(
        Call("describe_route_tables", {"RouteTableIds": "[spec.routeTableId]"}, when="spec.routeTableId"),
        "RouteTables",
        pick=ec2_routes.declared_association,
    ),
    creates=(Create(Call("associate_route_table"), "AssociationId"),),
    updates=(_POINT_ELSEWHERE,),
    delete=Delete(call=Call("disassociate_route_table", {"AssociationId": "id"})),
    readiness=_ASSOCIATED,
    absent=_NO_ASSOCIATION,
    exists=frozenset({"Resource.AlreadyAssociated"}),
    fields=(
        settable("routeTableId", TEXT, "RouteTableId"),
        fixed("subnetId", TEXT, "SubnetId"),
        fixed("gatewayId", TEXT, "GatewayId"),
    ),
    references=(
        one("gatewayId", INTERNET_GATEWAY, ID),
        one("routeTableId", ROUTE_TABLE),
        one("subnetId", SUBNET),
    ),
    shown=(Shown("id", "RouteTableAssociationId"),),
)

_MAIN: Final = Call(
    "describe_route_tables",
    {"Filters": "[{Name: 'vpc-id', Values: [spec.vpcId]}, {Name: 'association.main', Values: ['true']}]"},
    when="spec.vpcId",
)

_MAIN_ROUTE_TABLE_ASSOCIATION: Final = Descriptor(
    service="ec2",
    kind="MainRouteTableAssociation",
    plural="mainroutetableassociations",
    naming=Naming.BY_PROVIDER,
    identity="RouteTableAssociationId",
    moves=True,
    reads=(
        _BY_ID,
        Read(
            Call("describe_route_tables", {"Filters": "[{Name: 'vpc-id', Values: [record.VpcId]}]"}, paged=True),
            "RouteTables",
            "Original",
            pick=ec2_routes.original,
        ),
    ),
    find=Read(_MAIN, "RouteTables", pick=ec2_routes.declared_main_association),
    # There always is a main association: it is not made, it is pointed at another table.
    prior=(Read(_MAIN, "RouteTables", "main", pick=ec2_routes.main_association),),
    creates=(
        Create(
            Call("replace_route_table_association", {"AssociationId": "main.RouteTableAssociationId"}),
            "NewAssociationId",
        ),
    ),
    updates=(_POINT_ELSEWHERE,),
    delete=Delete(
        refusals=(
            Refusal("!record.Original", "its network has no other route table that could take over: create one"),
        ),
        call=Call("replace_route_table_association", {"AssociationId": "id", "RouteTableId": "record.Original"}),
    ),
    readiness=_ASSOCIATED,
    absent=_NO_ASSOCIATION,
    fields=(settable("routeTableId", TEXT, "RouteTableId"), Field(name="vpcId", create=ALONG, read="VpcId")),
    references=(one("routeTableId", ROUTE_TABLE), one("vpcId", VPC)),
    shown=(Shown("id", "RouteTableAssociationId"), Shown("originalRouteTableId", "Original")),
)

KINDS: Final = (_ROUTE_TABLE_ASSOCIATION, _MAIN_ROUTE_TABLE_ASSOCIATION)
