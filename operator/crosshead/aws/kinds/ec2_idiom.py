"""What the kinds of EC2 have in common: how they are tagged, found again, and named in ARNs."""

from collections.abc import Iterable, Mapping
from typing import Final

from crosshead.aws.calls import Call, Read
from crosshead.aws.descriptor import Shown, Tagging
from crosshead.aws.pointing import EXTERNAL_NAME, kind
from crosshead.base.objects import Kind
from crosshead.base.values import Draft, Json, Object
from crosshead.managed.facts import Reference

INTERNET_GATEWAY: Final = kind("ec2", "InternetGateway")
NETWORK_INTERFACE: Final = kind("ec2", "NetworkInterface")
PREFIX_LIST: Final = kind("ec2", "ManagedPrefixList")
ROUTE_TABLE: Final = kind("ec2", "RouteTable")
# The member of a field that goes along with a create in a part which the arguments of the call name, whole.
ALONG: Final = "(in an argument)"
_UID: Final = "Name: 'tag:crossplane-uid', Values: [uid]"


def tagged(resource: str) -> Tagging:
    """Return how *resource*, AWS' word for it, is tagged."""
    return Tagging(
        create="TagSpecifications",
        resource=resource,
        add=Call("create_tags", {"Resources": "[id]"}),
        remove=Call("delete_tags", {"Resources": "[id]"}),
        remove_member="Tags",
        remove_as_tags=True,
    )


def ours(operation: str, result: str, *, alive: tuple[str, str] = ("", "")) -> Read:
    """
    Return the look for what carries our tag: EC2 assigns the identities, and knows no tokens for most kinds.

    *alive* is the filter, and its comma-separated values, that leave out what AWS still lists after its end.
    """
    name, states = alive
    values = ", ".join(f"'{state}'" for state in states.split(","))
    living = f", {{Name: '{name}', Values: [{values}]}}" if name else ""
    return Read(Call(operation, {"Filters": f"[{{{_UID}}}{living}]"}), result)


def arn(resource: str) -> Shown:
    """Return the ARN, where AWS shows the owner and leaves us to put the rest together."""
    return Shown("arn", f"OwnerId && join('', ['arn:', partition, ':ec2:', region, ':', OwnerId, ':{resource}/', id])")


def valued(value: Json) -> Mapping[str, Json]:
    """Return a changed attribute as EC2 wants it, so that it can tell "false" from "not said"."""
    return {"Value": value}


def by_id(member: str, wanted: Json, items: Iterable[Object]) -> Draft | None:
    """Return the first of *items* whose *member* is *wanted*."""
    return next((dict(item) for item in items if item.get(member) == wanted), None)


def every(field: str, target: Kind, extract: str = EXTERNAL_NAME) -> Reference:
    """Return the reference that fills the list *field*; upstream calls these after the list, not after an item."""
    return Reference(field, f"{field}Refs", f"{field}Selector", target, extract, many=True)
