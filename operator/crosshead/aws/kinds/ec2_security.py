"""
EC2: security groups, and their rules in both forms that upstream has.

A group that is declared has declared rules only: what AWS puts into a new one is taken out.
"""

from typing import Final

from crosshead.aws.calls import Call, Create, Delete, Read, Update
from crosshead.aws.codes import NOT_ALLOWED
from crosshead.aws.descriptor import Descriptor, Field, Shown, fixed, sent
from crosshead.aws.kinds import ec2_rules
from crosshead.aws.kinds.ec2_idiom import ALONG, PREFIX_LIST, arn, every, ours, tagged
from crosshead.aws.pointing import SECURITY_GROUP, VPC, many, one
from crosshead.aws.shapes import FLAG, NUMBER, TEXT, Block, Member, Same, Shape, Texts
from crosshead.base.values import Json, Object
from crosshead.managed.facts import Naming

# What a group lets through, as upstream shows it.
_PASSED: Final = Block(
    (
        Member("cidrBlocks", "Networks", Texts(ordered=True)),
        Member("fromPort", "FromPort", NUMBER),
        Member("ipv6CidrBlocks", "Networks6", Texts(ordered=True)),
        Member("prefixListIds", "Lists", Texts(ordered=True)),
        Member("protocol", "IpProtocol"),
        Member("securityGroups", "Groups", Texts()),
        Member("toPort", "ToPort", NUMBER),
    )
)


def _passed(name: str, member: str) -> Shown:
    sources = (
        "Networks: IpRanges[].CidrIp, Networks6: Ipv6Ranges[].CidrIpv6, "
        "Lists: PrefixListIds[].PrefixListId, Groups: UserIdGroupPairs[].GroupId"
    )
    ports = "FromPort: FromPort, ToPort: ToPort, IpProtocol: IpProtocol"
    return Shown(name, f"{member}[].{{{ports}, {sources}}}", _PASSED)


# What AWS gives a new group: everything may leave. Upstream takes it away, so that only declared rules hold.
_ALL_MAY_LEAVE: Final = '`[{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]`'

_SECURITY_GROUP: Final = Descriptor(
    service="ec2",
    kind="SecurityGroup",
    plural="securitygroups",
    naming=Naming.BY_PROVIDER,
    identity="GroupId",
    reads=(Read(Call("describe_security_groups", {"GroupIds": "[id]"}), "SecurityGroups[0]"),),
    find=ours("describe_security_groups", "SecurityGroups[0]"),
    creates=(Create(Call("create_security_group", {"GroupName": "name"}), "GroupId"),),
    after=(
        Call(
            "revoke_security_group_egress",
            {"GroupId": "id", "IpPermissions": _ALL_MAY_LEAVE},
            when="spec.vpcId",
            codes=frozenset({"InvalidPermission.NotFound"}),
        ),
    ),
    delete=Delete(
        before=(
            Call(
                "revoke_security_group_ingress",
                {"GroupId": "id", "IpPermissions": "record.IpPermissions"},
                when="spec.revokeRulesOnDelete && record.IpPermissions",
                codes=frozenset({"InvalidPermission.NotFound"}),
            ),
            Call(
                "revoke_security_group_egress",
                {"GroupId": "id", "IpPermissions": "record.IpPermissionsEgress"},
                when="spec.revokeRulesOnDelete && record.IpPermissionsEgress",
                codes=frozenset({"InvalidPermission.NotFound"}),
            ),
        ),
        call=Call("delete_security_group", {"GroupId": "id"}),
    ),
    tagging=tagged("security-group"),
    absent=frozenset({"InvalidGroup.NotFound", "InvalidGroupId.Malformed"}),
    exists=frozenset({"InvalidGroup.Duplicate"}),
    fields=(
        fixed("name", TEXT, "GroupName", late=False),
        Field(name="description", create="Description", read="Description", default="Managed by Crossplane"),
        fixed("vpcId", TEXT, "VpcId"),
        sent("revokeRulesOnDelete", FLAG),
    ),
    references=(one("vpcId", VPC),),
    shown=(
        arn("security-group"),
        Shown("id", "GroupId"),
        Shown("ownerId", "OwnerId"),
        _passed("ingress", "IpPermissions"),
        _passed("egress", "IpPermissionsEgress"),
    ),
)

# What AWS answers when a rule, or its group with it, is gone.
_NO_RULE: Final = frozenset(
    {"InvalidSecurityGroupRuleId.NotFound", "InvalidPermission.NotFound", "InvalidGroup.NotFound"}
)


def _part(name: str, read: str, shape: Shape = TEXT, same: Same | None = None) -> Field:
    """Return a part of a rule that can be changed."""
    return Field(name=name, shape=shape, create=ALONG, modify=name, read=read, late=False, same=same)


def _nature(name: str, read: str, shape: Shape = TEXT, same: Same | None = None) -> Field:
    """Return a part of a rule without which it would be another."""
    return Field(name=name, shape=shape, create=ALONG, read=read, late=False, same=same)


_AUTHORIZED: Final = {
    "GroupId": "spec.securityGroupId",
    "IpPermissions": "permissions",
    "TagSpecifications": "marks",
}
_GROUP: Final = "spec.securityGroupId"
_RULES: Final = "describe_security_group_rules"
_WITHIN: Final = f"{{Name: 'group-id', Values: [{_GROUP}]}}"
# All rules of a group, to be searched.
_OF_GROUP: Final = Call(_RULES, {"Filters": f"[{_WITHIN}]"}, when=_GROUP, paged=True)
# Those of them that an object of the same origin has left.
_ORIGINAL: Final = "{Name: 'tag:crossplane-origin', Values: [origin]}"
_LEFT: Final = Call(
    _RULES, {"Filters": f"[{_WITHIN}, {_ORIGINAL}]"}, when=f"{_GROUP} && origin", codes=NOT_ALLOWED, paged=True
)


def _as_declared(rules: Json, scene: Object) -> list[str]:
    """Return what those of AWS' *rules* are called together that a SecurityGroupRule stands for."""
    return [scene["rule"]] if rules and scene["rule"] else []


_SECURITY_GROUP_RULE: Final = Descriptor(
    service="ec2",
    kind="SecurityGroupRule",
    plural="securitygrouprules",
    naming=Naming.BY_PROVIDER,
    identity="Name",
    names=ec2_rules.names,
    reads=(Read(_OF_GROUP, "SecurityGroupRules", pick=ec2_rules.together),),
    find=Read(_OF_GROUP, "SecurityGroupRules", pick=ec2_rules.tagged),
    creates=(
        Create(Call("authorize_security_group_egress", _AUTHORIZED, when="spec.type == 'egress'"), "rule"),
        Create(Call("authorize_security_group_ingress", _AUTHORIZED), "rule"),
    ),
    updates=(Update(call=Call("authorize_security_group_ingress"), plan=ec2_rules.amended),),
    delete=Delete(
        before=(
            Call(
                "revoke_security_group_egress",
                {"GroupId": "record.GroupId", "SecurityGroupRuleIds": "record.Ids"},
                when="record.Type == 'egress'",
                codes=_NO_RULE,
            ),
        ),
        call=Call(
            "revoke_security_group_ingress",
            {"GroupId": "record.GroupId", "SecurityGroupRuleIds": "record.Ids"},
            when="record.Type == 'ingress'",
        ),
    ),
    remains=Read(_LEFT, "SecurityGroupRules", pick=_as_declared),
    traces="Marks",
    absent=_NO_RULE,
    exists=frozenset({"InvalidPermission.Duplicate"}),
    fields=(
        _nature("securityGroupId", "GroupId"),
        _nature("type", "Type"),
        _nature("protocol", "IpProtocol", same=ec2_rules.same_protocol),
        _nature("fromPort", "FromPort", NUMBER, ec2_rules.same_port),
        _nature("toPort", "ToPort", NUMBER, ec2_rules.same_port),
        _part("cidrBlocks", "cidrBlocks", Texts(ordered=True), ec2_rules.same_networks),
        _part("ipv6CidrBlocks", "ipv6CidrBlocks", Texts(ordered=True), ec2_rules.same_networks),
        _part("prefixListIds", "prefixListIds", Texts(ordered=True), ec2_rules.same_networks),
        _part("self", "Self", FLAG),
        _part("sourceSecurityGroupId", "Source", same=ec2_rules.same_group),
        _part("description", "Description"),
    ),
    references=(
        one("securityGroupId", SECURITY_GROUP),
        one("sourceSecurityGroupId", SECURITY_GROUP),
        every("cidrBlocks", VPC, "spec.forProvider.cidrBlock"),
        every("ipv6CidrBlocks", VPC, "spec.forProvider.ipv6CidrBlock"),
        many("prefixListIds", PREFIX_LIST),
    ),
    required=("fromPort", "protocol", "toPort", "type"),
    shown=(Shown("id", "id"), Shown("securityGroupRuleId", "Ids && length(Ids) == `1` && Ids[0] || null")),
)


def _single(kind: str, plural: str, way: str) -> Descriptor:
    """Return a rule that has one source, and AWS' own identity."""
    return Descriptor(
        service="ec2",
        kind=kind,
        plural=plural,
        naming=Naming.BY_PROVIDER,
        identity="SecurityGroupRuleId",
        names=ec2_rules.names_of_one,
        reads=(Read(Call("describe_security_group_rules", {"SecurityGroupRuleIds": "[id]"}), "SecurityGroupRules[0]"),),
        find=ours("describe_security_group_rules", "SecurityGroupRules[0]"),
        creates=(
            Create(
                Call(
                    f"authorize_security_group_{way}",
                    {"GroupId": "spec.securityGroupId", "IpPermissions": "permissions"},
                ),
                "SecurityGroupRules[0].SecurityGroupRuleId",
            ),
        ),
        updates=(Update(call=Call("modify_security_group_rules"), plan=ec2_rules.rewritten),),
        delete=Delete(
            call=Call(f"revoke_security_group_{way}", {"GroupId": "record.GroupId", "SecurityGroupRuleIds": "[id]"})
        ),
        tagging=tagged("security-group-rule"),
        remains=Read(_LEFT, "SecurityGroupRules[].SecurityGroupRuleId"),
        absent=_NO_RULE,
        exists=frozenset({"InvalidPermission.Duplicate"}),
        fields=(
            _nature("securityGroupId", "GroupId"),
            _part("ipProtocol", "IpProtocol", same=ec2_rules.same_protocol),
            _part("fromPort", "FromPort", NUMBER, ec2_rules.same_port),
            _part("toPort", "ToPort", NUMBER, ec2_rules.same_port),
            _part("cidrIpv4", "CidrIpv4 || ''", same=ec2_rules.same_networks),
            _part("cidrIpv6", "CidrIpv6 || ''", same=ec2_rules.same_networks),
            _part("prefixListId", "PrefixListId || ''"),
            _part("referencedSecurityGroupId", "ReferencedGroupInfo.GroupId || ''", same=ec2_rules.same_group),
            _part("description", "Description || ''"),
        ),
        references=(
            one("securityGroupId", SECURITY_GROUP),
            one("referencedSecurityGroupId", SECURITY_GROUP),
            one("prefixListId", PREFIX_LIST),
        ),
        required=("ipProtocol",),
        shown=(
            Shown(
                "arn",
                "GroupOwnerId && join('', ['arn:', partition, ':ec2:', region, ':', GroupOwnerId, "
                "':security-group-rule/', id])",
            ),
            Shown("id", "id"),
            Shown("securityGroupRuleId", "id"),
        ),
    )


KINDS: Final = (
    _SECURITY_GROUP,
    _SECURITY_GROUP_RULE,
    _single("SecurityGroupIngressRule", "securitygroupingressrules", "ingress"),
    _single("SecurityGroupEgressRule", "securitygroupegressrules", "egress"),
)
