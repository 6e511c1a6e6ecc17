"""EC2: launch templates. A version of one never changes: what is declared otherwise becomes a new version."""

from typing import Final

from crosshead.aws import scenes, shapes
from crosshead.aws.calls import Call, Create, Delete, Read, Request, Update
from crosshead.aws.descriptor import Descriptor, Field, Shown
from crosshead.aws.kinds.ec2_idiom import ALONG, NETWORK_INTERFACE, ours, tagged
from crosshead.aws.kinds.ec2_template_fields import DATA
from crosshead.aws.pointing import ARN, EXTERNAL_NAME, KEY, SECURITY_GROUP, SUBNET, kind, many
from crosshead.aws.shapes import FLAG, NUMBER, truth, whole
from crosshead.base.objects import Kind
from crosshead.base.values import Draft, Json, Object
from crosshead.managed.facts import Naming, Reference

_PROFILE: Final = kind("iam", "InstanceProfile")


def _renewed(_: Object, scene: Object) -> tuple[Request, ...]:
    """Return what makes another version, whole, and the default one of it when that is asked for."""
    target: Draft = {"LaunchTemplateId": scene["id"]}
    for field in (_DESCRIPTION, *DATA):
        if scene["spec"].get(field.name) is not None:
            scenes.put(target, field.create, shapes.encode(field.shape, scene["spec"][field.name]))
    target.setdefault("LaunchTemplateData", {})
    version = Request("create_launch_template_version", target)
    if not truth(scene["spec"].get("updateDefaultVersion")):
        return (version,)
    return version, _default(scene, whole(scene["at"]["latestVersion"]) + 1)


def _elected(changed: Object, scene: Object) -> tuple[Request, ...]:
    """Return what makes another version the default one."""
    return (_default(scene, changed.get("defaultVersion", scene["at"]["latestVersion"])),)


def _default(scene: Object, version: Json) -> Request:
    arguments = {"LaunchTemplateId": scene["id"], "DefaultVersion": str(whole(version))}
    return Request("modify_launch_template", arguments)


def _follows(declared: Json, found: Json, _: Object) -> bool:
    """Whether the latest version is the default one, if it is to be."""
    return bool(found) or not truth(declared)


def _at(field: str, target: Kind, extract: str = EXTERNAL_NAME) -> Reference:
    return Reference(field, f"{field}Ref", f"{field}Selector", target, extract)


_DESCRIPTION: Final = Field(
    name="description",
    create="VersionDescription",
    modify="VersionDescription",
    read="Version.VersionDescription",
    absent="",
    late=False,
)
_INTERFACE_GROUPS: Final = "networkInterfaces[*].securityGroups"

_LAUNCH_TEMPLATE: Final = Descriptor(
    service="ec2",
    kind="LaunchTemplate",
    plural="launchtemplates",
    naming=Naming.BY_PROVIDER,
    versions=("v1beta1", "v1beta2"),
    numbered=True,
    identity="LaunchTemplateId",
    reads=(
        Read(Call("describe_launch_templates", {"LaunchTemplateIds": "[id]"}), "LaunchTemplates[0]"),
        Read(
            Call("describe_launch_template_versions", {"LaunchTemplateId": "id", "Versions": "['$Latest']"}),
            "LaunchTemplateVersions[0]",
            "Version",
        ),
    ),
    find=ours("describe_launch_templates", "LaunchTemplates[0]"),
    creates=(
        Create(
            Call(
                "create_launch_template",
                {"LaunchTemplateName": "spec.name || name", "LaunchTemplateData": "`{}`"},
            ),
            "LaunchTemplate.LaunchTemplateId",
        ),
    ),
    updates=(
        Update(call=Call("create_launch_template_version"), plan=_renewed),
        Update(call=Call("modify_launch_template"), plan=_elected),
    ),
    delete=Delete(call=Call("delete_launch_template", {"LaunchTemplateId": "id"})),
    tagging=tagged("launch-template"),
    absent=frozenset(
        {
            "InvalidLaunchTemplateId.NotFound",
            "InvalidLaunchTemplateId.NotFoundException",
            "InvalidLaunchTemplateId.Malformed",
        }
    ),
    exists=frozenset({"InvalidLaunchTemplateName.AlreadyExistsException"}),
    fields=(
        Field(name="name", read="LaunchTemplateName", late=False),
        _DESCRIPTION,
        Field(
            name="defaultVersion",
            shape=NUMBER,
            create=ALONG,
            modify="DefaultVersion",
            read="DefaultVersionNumber",
            via="modify_launch_template",
            late=False,
        ),
        Field(
            name="updateDefaultVersion",
            shape=FLAG,
            create=ALONG,
            modify="DefaultVersion",
            read="DefaultVersionNumber == LatestVersionNumber",
            via="modify_launch_template",
            same=_follows,
            late=False,
        ),
        *DATA,
    ),
    references=(
        _at("blockDeviceMappings[*].ebs[0].kmsKeyId", KEY, ARN),
        _at("iamInstanceProfile[0].arn", _PROFILE, ARN),
        _at("iamInstanceProfile[0].name", _PROFILE),
        _at("networkInterfaces[*].networkInterfaceId", NETWORK_INTERFACE),
        Reference(
            _INTERFACE_GROUPS,
            "networkInterfaces[*].securityGroupRefs",
            "networkInterfaces[*].securityGroupSelector",
            SECURITY_GROUP,
            many=True,
        ),
        _at("networkInterfaces[*].subnetId", SUBNET),
        many("securityGroupNames", SECURITY_GROUP),
        many("vpcSecurityGroupIds", SECURITY_GROUP),
    ),
    shown=(
        Shown("arn", "join('', ['arn:', partition, ':ec2:', region, ':', account, ':launch-template/', id])"),
        Shown("id", "LaunchTemplateId"),
        Shown("latestVersion", "LatestVersionNumber", NUMBER),
    ),
)

KINDS: Final = (_LAUNCH_TEMPLATE,)
