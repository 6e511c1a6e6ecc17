"""
Rules of security groups: what is declared as AWS wants it, and what AWS lists as it was declared.

A SecurityGroupRule of ours stands for as many rules of AWS' as it has sources. AWS gives each an identity, upstream
gives them one together: a checksum of what they say, as Terraform has it.
"""

import ipaddress
import zlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from crosshead.aws import tagging
from crosshead.aws.calls import Request
from crosshead.aws.shapes import whole
from crosshead.base.values import Draft, Json, Object

_EVERYTHING: Final = "-1"
_PROTOCOLS: Final = {"all": _EVERYTHING, "6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6"}
# Our fields with sources of each sort, the member of a permission that holds them, and that of one such source.
_SORTS: Final = (
    ("cidrBlocks", "IpRanges", "CidrIp"),
    ("ipv6CidrBlocks", "Ipv6Ranges", "CidrIpv6"),
    ("prefixListIds", "PrefixListIds", "PrefixListId"),
    ("groups", "UserIdGroupPairs", "GroupId"),
)
# Where a rule that AWS lists has its only source.
_LISTED: Final = {"cidrBlocks": "CidrIpv4", "ipv6CidrBlocks": "CidrIpv6", "prefixListIds": "PrefixListId"}
_PORTS: Final = (("fromPort", "FromPort"), ("toPort", "ToPort"))

Sources = Mapping[str, tuple[str, ...]]


def protocol(named: Json) -> str:
    """Return a protocol as AWS calls it."""
    lowered = str(named).lower()
    return _PROTOCOLS.get(lowered, lowered)


def network(written: Json) -> str:
    """Return a network as AWS writes it: without host bits, shortest; the text itself when it is none."""
    try:
        return str(ipaddress.ip_network(str(written), strict=False))
    except ValueError:
        return str(written)


def same_networks(declared: Json, found: Json, _: Object) -> bool:
    """Whether two networks, or two sets of networks, are the same."""
    mine, theirs = ([value] if isinstance(value, str) else value for value in (declared, found))
    return {network(one) for one in mine} == {network(one) for one in theirs}


def same_protocol(declared: Json, found: Json, _: Object) -> bool:
    """Whether two words name the same protocol."""
    return protocol(declared) == protocol(found)


def same_port(declared: Json, found: Json, parameters: Object) -> bool:
    """Whether two ports are the same. Where everything is let through, they do not count."""
    everything = protocol(parameters.get("protocol") or parameters.get("ipProtocol")) == _EVERYTHING
    return everything or whole(declared) == whole(found)


def same_group(declared: Json, found: Json, _: Object) -> bool:
    """Whether two words name the same security group: that of another account may have the account before it."""
    return str(declared).rpartition("/")[2] == str(found).rpartition("/")[2]


def permission(named: Json, spec: Object, sources: Sources) -> Draft:
    """Return what AWS calls a permission: ports of the protocol *named*, and *sources*."""
    ports = {"FromPort": spec.get("fromPort"), "ToPort": spec.get("toPort")} if protocol(named) != _EVERYTHING else {}
    reach: Draft = {name: whole(port) for name, port in ports.items() if port is not None}
    said = {"Description": spec["description"]} if spec.get("description") else {}
    for sort, member, part in _SORTS:
        if sources.get(sort):
            reach[member] = [{**_source(part, one), **said} for one in sources[sort]]
    return {"IpProtocol": protocol(named), **reach}


def _source(part: str, one: str) -> Draft:
    account, _, group = one.rpartition("/")
    return {"UserId": account, part: group} if part == "GroupId" and account else {part: one}


def declared_sources(spec: Object) -> Sources:
    """Return the sources of a SecurityGroupRule."""
    groups = [spec.get("sourceSecurityGroupId"), spec.get("securityGroupId") if spec.get("self") else None]
    return {
        "cidrBlocks": tuple(network(one) for one in spec.get("cidrBlocks") or ()),
        "ipv6CidrBlocks": tuple(network(one) for one in spec.get("ipv6CidrBlocks") or ()),
        "prefixListIds": tuple(spec.get("prefixListIds") or ()),
        "groups": tuple(str(one) for one in groups if one),
    }


def names(scene: Object) -> Draft:
    """Return the permission of a SecurityGroupRule, and what the rule is called; nothing when it is only imported."""
    spec, marks = scene["spec"], _marks(scene)
    if not (spec.get("securityGroupId") and spec.get("protocol") and spec.get("type")):
        return {"permissions": None, "rule": None, "marks": marks}
    said = permission(spec["protocol"], spec, declared_sources(spec))
    rule = _checksum(str(spec["securityGroupId"]), str(spec["type"]), said)
    return {"permissions": [said], "rule": rule, "marks": marks}


def _marks(scene: Object) -> list[Draft]:
    """Return the tags of a kind that has none of the user's: whose the rule is, and where that comes from."""
    origin = {tagging.ORIGIN: scene["origin"], tagging.KIND: scene["kind"]} if scene["origin"] else {}
    known = {tagging.UID: scene["uid"], **origin}
    tags = [{"Key": key, "Value": value} for key, value in known.items()]
    return [{"ResourceType": "security-group-rule", "Tags": tags}]


def _checksum(group: str, way: str, said: Object) -> str:
    ports = [str(port) for port in (said.get("FromPort", 0), said.get("ToPort", 0)) if port > 0]
    parts = [group, *ports, str(said["IpProtocol"]), way]
    for _, member, part in _SORTS:
        listed = sorted(source[part] for source in said.get(member, ()))
        # A group has a name as well, which is empty in a VPC.
        parts += [f"{one}-" if part == "GroupId" else one for one in listed]
    return f"sgrule-{zlib.crc32(''.join(f'{part}-' for part in parts).encode())}"


def names_of_one(scene: Object) -> Draft:
    """Return the permission of a rule that has a single source."""
    spec = scene["spec"]
    if not spec.get("ipProtocol"):
        return {"permissions": None}
    sources = {
        "cidrBlocks": (spec.get("cidrIpv4"),),
        "ipv6CidrBlocks": (spec.get("cidrIpv6"),),
        "prefixListIds": (spec.get("prefixListId"),),
        "groups": (spec.get("referencedSecurityGroupId"),),
    }
    known = {sort: tuple(str(one) for one in ones if one) for sort, ones in sources.items()}
    return {"permissions": [permission(spec["ipProtocol"], spec, known)]}


def rewritten(_: Object, scene: Object) -> tuple[Request, ...]:
    """Return the change of a rule that has a single source: AWS wants it whole."""
    spec = scene["spec"]
    parts = {"CidrIpv4": "cidrIpv4", "CidrIpv6": "cidrIpv6", "PrefixListId": "prefixListId"}
    said = {aws: spec[name] for aws, name in {**parts, "Description": "description"}.items() if spec.get(name)}
    group = str(spec.get("referencedSecurityGroupId") or "").rpartition("/")[2]
    ports = {"FromPort": spec.get("fromPort", -1), "ToPort": spec.get("toPort", -1)}
    rule = {
        "IpProtocol": protocol(spec["ipProtocol"]),
        **{name: whole(port) for name, port in ports.items()},
        **said,
        **({"ReferencedGroupId": group} if group else {}),
    }
    change = {"SecurityGroupRuleId": scene["id"], "SecurityGroupRule": rule}
    arguments = {"GroupId": scene["at"]["securityGroupId"], "SecurityGroupRules": [change]}
    return (Request("modify_security_group_rules", arguments),)


def tagged(rules: Json, scene: Object) -> Draft | None:
    """Return those of *rules* that bear our tag: the ones that an attempt has let in whose answer was lost."""
    return _together([rule for rule in rules if _is_ours(rule, scene)], scene)


def together(rules: Json, scene: Object) -> Draft | None:
    """Return those of *rules*, all of one group, that a SecurityGroupRule stands for, as one record."""
    meant = [rule for rule in rules if _is_meant(rule, scene)]
    return tagged(rules, scene) or _together(meant, scene)


def _together(found: list[Object], scene: Object) -> Draft | None:
    if not found:
        return None
    sources = {sort: [rule[member] for rule in found if rule.get(member)] for sort, member in _LISTED.items()}
    groups = [_group(rule) for rule in found if rule.get("ReferencedGroupInfo")]
    own = found[0]["GroupId"]
    described = {rule.get("Description") or "" for rule in found}
    return {
        **{name: found[0].get(name) for name in ("GroupId", "IpProtocol", "FromPort", "ToPort")},
        "Name": scene["id"] or scene["rule"],
        "Type": _way(found[0]),
        **sources,
        "Self": own in groups,
        "Source": next((group for group in groups if group != own), ""),
        "Description": described.pop() if len(described) == 1 else "",
        "Ids": [rule["SecurityGroupRuleId"] for rule in found],
        "Marks": {tag["Key"]: tag["Value"] for rule in found for tag in rule.get("Tags") or ()},
    }


def _way(rule: Object) -> str:
    return "egress" if rule.get("IsEgress") else "ingress"


def _group(rule: Object) -> str:
    return str(rule["ReferencedGroupInfo"]["GroupId"])


def _is_ours(rule: Object, scene: Object) -> bool:
    return any(tag["Key"] == tagging.UID and tag["Value"] == scene["uid"] for tag in rule.get("Tags") or ())


def _is_meant(rule: Object, scene: Object) -> bool:
    """Whether *rule* says what is declared: those that Crossplane has created bear no tag."""
    spec = scene["spec"]
    if not scene.get("permissions"):
        return False
    wanted = declared_sources(spec)
    sources = {
        sort: tuple(one.rpartition("/")[2] if sort == "groups" else one for one in wanted[sort]) for sort in wanted
    }
    return (
        _way(rule) == spec["type"]
        and same_protocol(spec["protocol"], rule["IpProtocol"], spec)
        and all(same_port(spec.get(ours, -1), rule.get(aws, -1), spec) for ours, aws in _PORTS)
        and any(rule.get(member) in sources[sort] for sort, member in _LISTED.items())
        | (bool(rule.get("ReferencedGroupInfo")) and _group(rule) in sources["groups"])
    )


def amended(changed: Object, scene: Object) -> tuple[Request, ...]:
    """Return what lets missing sources in, shuts out superfluous ones, and describes those that stay."""
    return tuple(_amended(changed, scene))


def _amended(changed: Object, scene: Object) -> Iterator[Request]:
    spec, at = scene["spec"], scene["at"]
    wanted, found = declared_sources(spec), declared_sources(at)
    way = at["type"]
    if missing := _without(wanted, found):
        said = {"IpPermissions": [permission(spec["protocol"], spec, missing)], "TagSpecifications": scene["marks"]}
        yield Request(f"authorize_security_group_{way}", {"GroupId": at["securityGroupId"], **said})
    if superfluous := _without(found, wanted):
        said = {"IpPermissions": [permission(at["protocol"], {**at, "description": None}, superfluous)]}
        yield Request(f"revoke_security_group_{way}", {"GroupId": at["securityGroupId"], **said})
    if "description" in changed:
        said = {"IpPermissions": [permission(spec["protocol"], spec, wanted)]}
        operation = f"update_security_group_rule_descriptions_{way}"
        yield Request(operation, {"GroupId": at["securityGroupId"], **said})


def _without(mine: Sources, theirs: Sources) -> Sources:
    left = {sort: _difference(mine[sort], theirs[sort]) for sort in mine}
    return {sort: ones for sort, ones in left.items() if ones}


def _difference(mine: Iterable[str], theirs: Iterable[str]) -> tuple[str, ...]:
    known = {one.rpartition("/")[2] if "sg-" in one else one for one in theirs}
    return tuple(one for one in mine if (one.rpartition("/")[2] if "sg-" in one else one) not in known)
