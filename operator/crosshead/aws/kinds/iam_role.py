"""
IAM: roles, and what is attached to them.

https://docs.aws.amazon.com/IAM/latest/APIReference/
"""

from collections.abc import Iterator
from functools import partial
from typing import Final

from crosshead.aws.calls import Call, Create, Delete, Read, Request, Update
from crosshead.aws.comparing import policy
from crosshead.aws.descriptor import Descriptor, Field, Shown, fixed, sent
from crosshead.aws.kinds.iam_idiom import GONE, attached, difference, document, namesakes, pair, tagged, text_of
from crosshead.aws.pointing import ARN, ID, ROLE, kind, one
from crosshead.aws.shapes import FLAG, NUMBER, TEXT, Block, Member, Texts
from crosshead.base.values import Object
from crosshead.managed.facts import Naming, Reference

POLICY: Final = kind("iam", "Policy")

_ROLE: Final = {"RoleName": "id"}
# Roles that say which policies they have are rid of them when they go; upstream does so, too.
_ATTACHED_GO: Final = "spec.forceDetachPolicies || spec.managedPolicyArns"
_INLINE_GO: Final = "spec.forceDetachPolicies || spec.inlinePolicy"


def _attachments(changed: Object, scene: Object) -> tuple[Request, ...]:
    """Attach and detach until the role has the declared policies."""
    whom = {"RoleName": scene["id"]}
    add, remove = Request("attach_role_policy", whom), Request("detach_role_policy", whom, GONE)
    found = scene["at"].get("managedPolicyArns")
    return tuple(difference(changed["managedPolicyArns"], found, add, remove, "PolicyArn"))


def _inline(changed: Object, scene: Object) -> tuple[Request, ...]:
    """Put and delete until the role has the declared policies of its own."""
    return tuple(_inline_changes(changed, scene))


def _inline_changes(changed: Object, scene: Object) -> Iterator[Request]:
    wanted = {one["name"]: one.get("policy", "") for one in changed["inlinePolicy"] if one.get("name")}
    found = {one["name"]: one.get("policy", "") for one in scene["at"].get("inlinePolicy") or ()}
    whose = {"RoleName": scene["id"]}
    for name, text in wanted.items():
        if name not in found or not policy(text, found[name], {}):
            yield Request("put_role_policy", {**whose, "PolicyName": name, "PolicyDocument": text})
    for name in sorted(set(found) - set(wanted)):
        yield Request("delete_role_policy", {**whose, "PolicyName": name}, GONE)


_IAM_ROLE: Final = Descriptor(
    service="iam",
    kind="Role",
    plural="roles",
    regional=False,
    naming=Naming.BY_US,
    identity="RoleName",
    reads=(
        Read(Call("get_role", _ROLE), "Role"),
        # Asked only when they are declared: every look at every role would cost requests more.
        Read(Call("list_attached_role_policies", _ROLE, when="spec.managedPolicyArns"), "AttachedPolicies", "Attached"),
        Read(Call("list_role_policies", _ROLE, when="spec.inlinePolicy"), "PolicyNames", "InlineNames"),
        Read(
            Call("get_role_policy", {**_ROLE, "PolicyName": "item"}, each="record.InlineNames"),
            f"{{PolicyName: PolicyName, PolicyDocument: {text_of('PolicyDocument')}}}",
            "Inline",
        ),
    ),
    creates=(Create(Call("create_role", _ROLE), "Role.RoleName"),),
    updates=(
        # AWS forgets the description that is not repeated.
        Update(call=Call("update_role", _ROLE), always=("description", "maxSessionDuration")),
        Update(call=Call("update_assume_role_policy", _ROLE)),
        Update(call=Call("put_role_permissions_boundary", _ROLE)),
        Update(call=Call("attach_role_policy"), plan=_attachments),
        Update(call=Call("put_role_policy"), plan=_inline),
    ),
    delete=Delete(
        reads=(
            Read(Call("list_instance_profiles_for_role", _ROLE), "InstanceProfiles[].InstanceProfileName", "Profiles"),
            Read(
                Call("list_attached_role_policies", _ROLE, when=_ATTACHED_GO), "AttachedPolicies[].PolicyArn", "Leaving"
            ),
            Read(Call("list_role_policies", _ROLE, when=_INLINE_GO), "PolicyNames", "LeavingInline"),
        ),
        before=(
            Call(
                "remove_role_from_instance_profile",
                {**_ROLE, "InstanceProfileName": "item"},
                each="record.Profiles",
                codes=GONE,
            ),
            Call("detach_role_policy", {**_ROLE, "PolicyArn": "item"}, each="record.Leaving", codes=GONE),
            Call("delete_role_policy", {**_ROLE, "PolicyName": "item"}, each="record.LeavingInline", codes=GONE),
        ),
        call=Call("delete_role", _ROLE),
    ),
    tagging=tagged("role", "RoleName"),
    remains=namesakes("list_roles", "Roles[].RoleName"),
    fields=(
        document(
            "assumeRolePolicy",
            "AssumeRolePolicyDocument",
            "PolicyDocument",
            "AssumeRolePolicyDocument",
            via="update_assume_role_policy",
        ),
        Field(name="description", create="Description", modify="Description", read="Description"),
        Field(
            name="maxSessionDuration",
            shape=NUMBER,
            create="MaxSessionDuration",
            modify="MaxSessionDuration",
            read="MaxSessionDuration",
        ),
        fixed("path", TEXT, "Path"),
        Field(
            name="permissionsBoundary",
            create="PermissionsBoundary",
            modify="PermissionsBoundary",
            read="PermissionsBoundary.PermissionsBoundaryArn",
            absent="",
            via="put_role_permissions_boundary",
        ),
        Field(
            name="managedPolicyArns",
            shape=Texts(),
            modify="PolicyArn",
            read="Attached[].PolicyArn",
            via="attach_role_policy",
            late=False,
        ),
        Field(
            name="inlinePolicy",
            shape=Block((Member("name", "PolicyName"), Member("policy", "PolicyDocument", same=policy))),
            modify="PolicyDocument",
            read="InlineNames && Inline",
            via="put_role_policy",
            late=False,
        ),
        sent("forceDetachPolicies", FLAG),
    ),
    required=("assumeRolePolicy",),
    references=(
        Reference("managedPolicyArns", "managedPolicyArnsRefs", "managedPolicyArnsSelector", POLICY, ARN, many=True),
    ),
    shown=(
        Shown("arn", "Arn"),
        Shown("createDate", "CreateDate"),
        Shown("id", "RoleName"),
        Shown("uniqueId", "RoleId"),
    ),
)


def _own_policy(scene: Object) -> Object:
    """A policy is called what the annotation says, its role stands beside it; who imports it may give `role:name`."""
    role, colon, name = (scene["id"] or "").rpartition(":")
    return {"id": name if colon else scene["id"], "holder": scene["spec"].get("role") or role or None}


_OWN: Final = {"RoleName": "holder", "PolicyName": "id"}

_ROLE_POLICY: Final = Descriptor(
    service="iam",
    kind="RolePolicy",
    plural="rolepolicies",
    regional=False,
    naming=Naming.BY_US,
    identity="PolicyName",
    names=_own_policy,
    reads=(Read(Call("get_role_policy", _OWN)),),
    creates=(Create(Call("put_role_policy", _OWN), "id"),),
    updates=(Update(call=Call("put_role_policy", _OWN)),),
    delete=Delete(call=Call("delete_role_policy", _OWN)),
    fields=(
        document("policy", "PolicyDocument", "PolicyDocument", "PolicyDocument"),
        Field(name="role", read="RoleName"),
    ),
    required=("policy",),
    references=(one("role", ROLE, ID),),
    shown=(Shown("id", "RoleName && join(':', [RoleName, PolicyName])"),),
)

_ATTACHMENT: Final = {"RoleName": "holder", "PolicyArn": "policy"}

_ROLE_POLICY_ATTACHMENT: Final = Descriptor(
    service="iam",
    kind="RolePolicyAttachment",
    plural="rolepolicyattachments",
    regional=False,
    naming=Naming.BY_PROVIDER,
    identity="id",
    names=partial(pair, "role"),
    reads=(Read(Call("list_attached_role_policies", {"RoleName": "holder"}), "AttachedPolicies", pick=attached),),
    creates=(Create(Call("attach_role_policy", _ATTACHMENT), "id"),),
    delete=Delete(call=Call("detach_role_policy", _ATTACHMENT)),
    fields=(Field(name="role", read="Holder"), Field(name="policyArn", read="PolicyArn")),
    references=(one("role", ROLE), one("policyArn", POLICY, ARN)),
    shown=(Shown("id", "id"),),
)

_PROFILE: Final = {"InstanceProfileName": "id"}


def _role_of_profile(changed: Object, scene: Object) -> tuple[Request, ...]:
    """A profile has one role: the one that it has goes first."""
    whose, former = {"InstanceProfileName": scene["id"]}, scene["at"].get("role")
    leave = Request("remove_role_from_instance_profile", {**whose, "RoleName": former}, GONE)
    enter = Request("add_role_to_instance_profile", {**whose, "RoleName": changed["role"]})
    return (leave, enter) if former else (enter,)


_INSTANCE_PROFILE: Final = Descriptor(
    service="iam",
    kind="InstanceProfile",
    plural="instanceprofiles",
    regional=False,
    naming=Naming.BY_US,
    identity="InstanceProfileName",
    reads=(Read(Call("get_instance_profile", _PROFILE), "InstanceProfile"),),
    creates=(Create(Call("create_instance_profile", _PROFILE), "InstanceProfile.InstanceProfileName"),),
    updates=(Update(call=Call("add_role_to_instance_profile"), plan=_role_of_profile),),
    delete=Delete(
        before=(
            Call(
                "remove_role_from_instance_profile",
                {**_PROFILE, "RoleName": "item"},
                each="record.Roles[].RoleName",
                codes=GONE,
            ),
        ),
        call=Call("delete_instance_profile", _PROFILE),
    ),
    tagging=tagged("instance_profile", "InstanceProfileName"),
    fields=(
        fixed("path", TEXT, "Path"),
        # A profile without a role says so: it is drift when one is declared.
        Field(name="role", modify="RoleName", read="Roles[0].RoleName", absent=""),
    ),
    references=(one("role", ROLE),),
    shown=(
        Shown("arn", "Arn"),
        Shown("createDate", "CreateDate"),
        Shown("id", "InstanceProfileName"),
        Shown("uniqueId", "InstanceProfileId"),
    ),
)

KINDS: Final = (_IAM_ROLE, _ROLE_POLICY, _ROLE_POLICY_ATTACHMENT, _INSTANCE_PROFILE)
