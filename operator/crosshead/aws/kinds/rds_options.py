"""
RDS: groups of options, which add features to an engine.

https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyOptionGroup.html
"""

from typing import Final

from crosshead.aws import shapes
from crosshead.aws.calls import Call, Create, Delete, Read, Request, Update
from crosshead.aws.descriptor import Descriptor, Field, Shown, fixed, sent
from crosshead.aws.kinds.rds_tags import TAGGING, tags_of
from crosshead.aws.shapes import FLAG, NUMBER, TEXT, Block, Member, Texts
from crosshead.base.values import Json, Object
from crosshead.managed.facts import Naming


def _settings(declared: Json, found: Json, _: Object) -> bool:
    """AWS shows every setting that an option has; those that are not declared are its own."""
    values = {one["name"]: one.get("value") for one in found}
    return all(values.get(one["name"]) == one.get("value") for one in declared)


_OPTIONS: Final = Block(
    (
        Member("dbSecurityGroupMemberships", "DBSecurityGroupMemberships", Texts()),
        Member("optionName", "OptionName"),
        Member(
            "optionSettings", "OptionSettings", Block((Member("name", "Name"), Member("value", "Value"))), _settings
        ),
        Member("port", "Port", NUMBER),
        Member("version", "OptionVersion"),
        Member("vpcSecurityGroupMemberships", "VpcSecurityGroupMemberships", Texts()),
    )
)
_FOUND: Final = """
Options[].{
    OptionName: OptionName, Port: Port, OptionVersion: OptionVersion,
    DBSecurityGroupMemberships: DBSecurityGroupMemberships[].DBSecurityGroupName,
    VpcSecurityGroupMemberships: VpcSecurityGroupMemberships[].VpcSecurityGroupId,
    OptionSettings: OptionSettings[?Value].{Name: Name, Value: Value}
}
"""


def _changes(changed: Object, scene: Object) -> tuple[Request, ...]:
    """One request puts the options in that differ and takes out those that are declared no more."""
    declared, found = changed["option"], scene["at"].get("option") or ()
    differing = [one for one in declared if not any(shapes.matches(_OPTIONS, [one], [theirs], {}) for theirs in found)]
    superfluous = {one["optionName"] for one in found} - {one["optionName"] for one in declared}
    told = {"OptionsToInclude": shapes.encode(_OPTIONS, differing), "OptionsToRemove": sorted(superfluous)}
    arguments = {"OptionGroupName": scene["id"], "ApplyImmediately": True}
    return (Request("modify_option_group", {**arguments, **{name: some for name, some in told.items() if some}}),)


OPTION_GROUP: Final = Descriptor(
    service="rds",
    kind="OptionGroup",
    plural="optiongroups",
    naming=Naming.BY_US,
    identity="OptionGroupName",
    reads=(
        Read(Call("describe_option_groups", {"OptionGroupName": "id"}), "OptionGroupsList[0]"),
        tags_of("OptionGroupArn"),
    ),
    creates=(Create(Call("create_option_group", {"OptionGroupName": "id"}), "OptionGroup.OptionGroupName"),),
    updates=(Update(call=Call("modify_option_group"), plan=_changes),),
    delete=Delete(call=Call("delete_option_group", {"OptionGroupName": "id"}), keep="spec.skipDestroy"),
    tagging=TAGGING,
    absent=frozenset({"OptionGroupNotFoundFault"}),
    exists=frozenset({"OptionGroupAlreadyExistsFault"}),
    fields=(
        fixed("engineName", TEXT, "EngineName"),
        fixed("majorEngineVersion", TEXT, "MajorEngineVersion"),
        Field(
            name="optionGroupDescription",
            create="OptionGroupDescription",
            read="OptionGroupDescription",
            default="Managed by Crossplane",
        ),
        Field(name="option", shape=_OPTIONS, modify="OptionsToInclude", read=_FOUND),
        sent("skipDestroy", FLAG),
    ),
    required=("engineName", "majorEngineVersion"),
    shown=(Shown("arn", "OptionGroupArn"), Shown("id", "OptionGroupName")),
)
