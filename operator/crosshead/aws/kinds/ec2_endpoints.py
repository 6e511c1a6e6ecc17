"""EC2: endpoints, by which a network reaches a service without the internet."""

from typing import Final

from crosshead.aws.calls import Call, Create, Delete, Read, Request, Update
from crosshead.aws.comparing import document
from crosshead.aws.descriptor import Descriptor, Field, Readiness, Shown, fixed, settable
from crosshead.aws.kinds.ec2_idiom import arn, ours, tagged
from crosshead.aws.pointing import ARN, EXTERNAL_NAME, SUBNET, VPC, kind, one
from crosshead.aws.shapes import FLAG, TEXT, Block, Member, Texts
from crosshead.base.objects import Kind
from crosshead.base.values import Object
from crosshead.managed.facts import Naming, Reference

# AWS documents capitals and answers in lower case.
_WAITING_FOR_OWNER: Final = "the owner of the service has not accepted it yet: accept it there, or set autoAccept"
_REFUSED: Final = "the owner of the service does not let it in"


def _accepted(_: Object, scene: Object) -> tuple[Request, ...]:
    """The service is ours, too: its identity is the last part of its name."""
    service = str(scene["spec"].get("serviceName") or scene["at"].get("serviceName")).rpartition(".")[2]
    arguments = {"ServiceId": service, "VpcEndpointIds": [scene["id"]]}
    return (Request("accept_vpc_endpoint_connections", arguments),)


def _within(field: str, name: str, target: Kind) -> Reference:
    """Return the reference that fills *name* in every item of the list *field*."""
    at = f"{field}[*].{name}"
    return Reference(at, f"{at}Ref", f"{at}Selector", target, EXTERNAL_NAME)


_VPC_ENDPOINT: Final = Descriptor(
    service="ec2",
    kind="VPCEndpoint",
    plural="vpcendpoints",
    naming=Naming.BY_PROVIDER,
    versions=("v1beta1", "v1beta2"),
    identity="VpcEndpointId",
    reads=(
        Read(Call("describe_vpc_endpoints", {"VpcEndpointIds": "[id]"}), "VpcEndpoints[0]"),
        # What a gateway endpoint stands for in routes.
        Read(
            Call(
                "describe_prefix_lists",
                {"Filters": "[{Name: 'prefix-list-name', Values: [record.ServiceName]}]"},
                when="record.VpcEndpointType == 'Gateway'",
            ),
            "PrefixLists[0]",
            "Networks",
        ),
    ),
    find=ours(
        "describe_vpc_endpoints",
        "VpcEndpoints[0].VpcEndpointId",
        alive=("vpc-endpoint-state", "pendingAcceptance,pending,available,rejected,failed,expired,partial"),
    ),
    creates=(Create(Call("create_vpc_endpoint"), "VpcEndpoint.VpcEndpointId"),),
    updates=(
        Update(call=Call("modify_vpc_endpoint", {"VpcEndpointId": "id"})),
        Update(call=Call("accept_vpc_endpoint_connections"), plan=_accepted),
    ),
    delete=Delete(call=Call("delete_vpc_endpoints", {"VpcEndpointIds": "[id]"})),
    readiness=Readiness(
        path="State",
        ready=frozenset({"available", "Available"}),
        coming=frozenset({"pending", "Pending"}),
        going=frozenset({"deleting", "Deleting"}),
        gone=frozenset({"deleted", "Deleted"}),
        failed={
            "pendingAcceptance": _WAITING_FOR_OWNER,
            "PendingAcceptance": _WAITING_FOR_OWNER,
            "rejected": _REFUSED,
            "Rejected": _REFUSED,
            "expired": _REFUSED,
            "Expired": _REFUSED,
            "failed": "delete it and create another",
            "Failed": "delete it and create another",
            "partial": "AWS could not make all of its network interfaces: see whether its subnets have free addresses",
            "Partial": "AWS could not make all of its network interfaces: see whether its subnets have free addresses",
        },
    ),
    tagging=tagged("vpc-endpoint"),
    absent=frozenset({"InvalidVpcEndpointId.NotFound", "InvalidVpcEndpoint.NotFound"}),
    fields=(
        fixed("vpcId", TEXT, "VpcId"),
        fixed("serviceName", TEXT, "ServiceName"),
        fixed("vpcEndpointType", TEXT, "VpcEndpointType"),
        fixed("serviceRegion", TEXT, "ServiceRegion"),
        fixed("serviceNetworkArn", TEXT, "ServiceNetworkArn"),
        fixed("resourceConfigurationArn", TEXT, "ResourceConfigurationArn"),
        Field(name="policy", create="PolicyDocument", modify="PolicyDocument", read="PolicyDocument", same=document),
        settable("privateDnsEnabled", FLAG, "PrivateDnsEnabled"),
        settable("ipAddressType", TEXT, "IpAddressType"),
        settable(
            "dnsOptions",
            Block(
                (
                    Member("dnsRecordIpType", "DnsRecordIpType"),
                    Member(
                        "privateDnsOnlyForInboundResolverEndpoint", "PrivateDnsOnlyForInboundResolverEndpoint", FLAG
                    ),
                    Member("privateDnsPreference", "PrivateDnsPreference"),
                    Member("privateDnsSpecifiedDomains", "PrivateDnsSpecifiedDomains", Texts()),
                ),
                single=True,
            ),
            "DnsOptions",
        ),
        Field(
            name="subnetConfiguration",
            shape=Block((Member("ipv4", "Ipv4"), Member("ipv6", "Ipv6"), Member("subnetId", "SubnetId"))),
            create="SubnetConfigurations",
            late=False,
        ),
        Field(
            name="autoAccept",
            shape=FLAG,
            modify="VpcEndpointIds",
            # Nothing to accept is nothing to differ.
            read="contains(['pendingAcceptance', 'PendingAcceptance'], State) && `[false]` | [0]",
            via="accept_vpc_endpoint_connections",
            late=False,
        ),
    ),
    references=(
        one("resourceConfigurationArn", kind("vpclattice", "ResourceConfiguration"), ARN),
        one("serviceName", kind("ec2", "VPCEndpointService"), "status.atProvider.serviceName"),
        one("serviceNetworkArn", kind("vpclattice", "ServiceNetwork"), ARN),
        _within("subnetConfiguration", "subnetId", SUBNET),
        one("vpcId", VPC),
    ),
    shown=(
        arn("vpc-endpoint"),
        Shown("cidrBlocks", "Networks.Cidrs", Texts(ordered=True)),
        Shown(
            "dnsEntry",
            "DnsEntries",
            Block((Member("dnsName", "DnsName"), Member("hostedZoneId", "HostedZoneId"))),
        ),
        Shown("id", "VpcEndpointId"),
        Shown("networkInterfaceIds", "NetworkInterfaceIds", Texts()),
        Shown("ownerId", "OwnerId"),
        Shown("prefixListId", "Networks.PrefixListId"),
        Shown("requesterManaged", "RequesterManaged", FLAG),
        Shown("routeTableIds", "RouteTableIds", Texts()),
        Shown("securityGroupIds", "Groups[].GroupId", Texts()),
        Shown("state", "State"),
        Shown("subnetIds", "SubnetIds", Texts()),
    ),
)

KINDS: Final = (_VPC_ENDPOINT,)
