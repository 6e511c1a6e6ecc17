"""
CloudWatch Logs: log groups.

https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html
"""

from typing import Final

from crosshead.aws.calls import Call, Create, Delete, Read, Refusal, Request, Update
from crosshead.aws.comparing import key
from crosshead.aws.descriptor import Descriptor, Field, Shown, Tagging, fixed, sent
from crosshead.aws.pointing import ARN, KEY, one
from crosshead.aws.shapes import FLAG, NUMBER, TEXT, whole
from crosshead.base.values import Object
from crosshead.managed.facts import Naming


def _kept(changed: Object, scene: Object) -> tuple[Request, ...]:
    """Upstream writes "for ever" as 0, AWS by having no rule."""
    days, named = whole(changed["retentionInDays"]), {"logGroupName": scene["id"]}
    if not days:
        return (Request("delete_retention_policy", named),)
    return (Request("put_retention_policy", {**named, "retentionInDays": days}),)


def _keyed(changed: Object, scene: Object) -> tuple[Request, ...]:
    named = {"logGroupName": scene["id"]}
    if not changed["kmsKeyId"]:
        return (Request("disassociate_kms_key", named),)
    return (Request("associate_kms_key", {**named, "kmsKeyId": changed["kmsKeyId"]}),)


_GROUP: Final = Descriptor(
    service="cloudwatchlogs",
    client="logs",
    kind="Group",
    plural="groups",
    naming=Naming.BY_US,
    identity="logGroupName",
    reads=(
        # In the order of their names, one that is asked for is the first of those that begin with it.
        Read(
            Call("describe_log_groups", {"logGroupNamePrefix": "id", "limit": "`1`"}),
            "(logGroups[0].logGroupName == id && logGroups[0]) || null",
        ),
        Read(Call("list_tags_for_resource", {"resourceArn": "record.logGroupArn"}), "tags || `{}`", "tags"),
    ),
    creates=(Create(Call("create_log_group", {"logGroupName": "id"}), "id"),),
    updates=(
        Update(call=Call("put_retention_policy"), plan=_kept),
        Update(call=Call("associate_kms_key"), plan=_keyed),
        Update(call=Call("put_log_group_deletion_protection", {"logGroupIdentifier": "id"})),
    ),
    delete=Delete(
        refusals=(
            Refusal(
                "record.deletionProtectionEnabled",
                "deletion protection is on: set spec.forProvider.deletionProtectionEnabled to false",
            ),
        ),
        call=Call("delete_log_group", {"logGroupName": "id"}),
        keep="spec.skipDestroy",
    ),
    tagging=Tagging(
        create="tags",
        read="tags",
        add=Call("tag_resource", {"resourceArn": "at.arn"}),
        add_member="tags",
        remove=Call("untag_resource", {"resourceArn": "at.arn"}),
        remove_member="tagKeys",
        mapped=True,
    ),
    fields=(
        Field(
            name="retentionInDays",
            shape=NUMBER,
            modify="retentionInDays",
            read="retentionInDays",
            via="put_retention_policy",
            absent=0,
        ),
        Field(
            name="kmsKeyId",
            create="kmsKeyId",
            modify="kmsKeyId",
            read="kmsKeyId || ''",
            via="associate_kms_key",
            same=lambda mine, theirs, rest: key(mine, theirs, rest) if mine and theirs else mine == theirs,
        ),
        fixed("logGroupClass", TEXT, "logGroupClass"),
        Field(
            name="deletionProtectionEnabled",
            shape=FLAG,
            create="deletionProtectionEnabled",
            modify="deletionProtectionEnabled",
            read="deletionProtectionEnabled",
            via="put_log_group_deletion_protection",
            late=False,
        ),
        sent("skipDestroy", FLAG),
    ),
    references=(one("kmsKeyId", KEY, ARN),),
    shown=(Shown("id", "logGroupName"), Shown("arn", "logGroupArn")),
)

KINDS: Final = (_GROUP,)
