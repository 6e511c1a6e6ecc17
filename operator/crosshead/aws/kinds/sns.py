"""
SNS: topics, who may publish to them, and who is told.

A topic's external name is its name; its ARN follows from it.

https://docs.aws.amazon.com/sns/latest/api/
"""

import json
from typing import Final

from crosshead.aws.calls import Call, Create, Delete, Read, Update
from crosshead.aws.comparing import policy
from crosshead.aws.descriptor import Descriptor, Field, Shown, Tagging
from crosshead.aws.kinds.sns_subscription import SUBSCRIPTION
from crosshead.aws.kinds.sns_topic_fields import FIELDS, ORDERED, ROLES
from crosshead.aws.pointing import ARN, ROLE, kind, one
from crosshead.base.values import Object
from crosshead.managed.facts import Naming

_GONE: Final = frozenset({"NotFound", "NotFoundException"})
_TOPIC_ARN: Final = "join(':', ['arn', partition, 'sns', region, account, id])"
_IT: Final = {"TopicArn": _TOPIC_ARN}


def _heard(scene: Object) -> Object:
    """AWS takes some attributes of topics that keep the order, and of no other."""
    spec = scene["spec"]
    return {
        "spec": spec if spec.get("fifoTopic") else {name: value for name, value in spec.items() if name not in ORDERED}
    }


_TOPIC: Final = Descriptor(
    service="sns",
    kind="Topic",
    plural="topics",
    naming=Naming.BY_US,
    identity="id",
    numbered=True,
    names=_heard,
    reads=(
        Read(Call("get_topic_attributes", _IT), "Attributes"),
        Read(Call("list_tags_for_resource", {"ResourceArn": _TOPIC_ARN}), "Tags", "Tags"),
    ),
    creates=(Create(Call("create_topic", {"Name": "id"}), "id"),),
    updates=(Update(call=Call("set_topic_attributes", _IT), one_by_one=True),),
    delete=Delete(call=Call("delete_topic", _IT)),
    tagging=Tagging(
        add=Call("tag_resource", {"ResourceArn": _TOPIC_ARN}),
        remove=Call("untag_resource", {"ResourceArn": _TOPIC_ARN}),
    ),
    absent=_GONE,
    fields=FIELDS,
    references=tuple(one(role, ROLE, ARN) for role in ROLES),
    connection={"arn": "TopicArn"},
    shown=(
        Shown("id", "TopicArn"),
        Shown("arn", "TopicArn"),
        Shown("owner", "Owner"),
        Shown("beginningArchiveTime", "BeginningArchiveTime"),
    ),
)


def _of_topic(scene: Object) -> Object:
    arn = scene["id"] or scene["spec"].get("arn")
    return {"id": arn, "default": _default(arn) if arn else None}


_ACTIONS: Final = (
    "Publish",
    "RemovePermission",
    "SetTopicAttributes",
    "DeleteTopic",
    "ListSubscriptionsByTopic",
    "GetTopicAttributes",
    "AddPermission",
    "Subscribe",
)


def _default(arn: str) -> str:
    """Return the policy that AWS gives a topic: its owner may do everything. There is no topic without one."""
    owner = {"StringEquals": {"AWS:SourceOwner": arn.split(":")[4]}}
    statement = {
        "Sid": "__default_statement_ID",
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": [f"SNS:{action}" for action in _ACTIONS],
        "Resource": arn,
        "Condition": owner,
    }
    return json.dumps({"Version": "2008-10-17", "Id": "__default_policy_ID", "Statement": [statement]})


_SET: Final = Call("set_topic_attributes", {"TopicArn": "id", "AttributeName": "'Policy'"})

_TOPIC_POLICY: Final = Descriptor(
    service="sns",
    kind="TopicPolicy",
    plural="topicpolicies",
    naming=Naming.BY_PROVIDER,
    identity="id",
    names=_of_topic,
    reads=(Read(Call("get_topic_attributes", {"TopicArn": "id"}), "Attributes"),),
    creates=(Create(_SET, "id"),),
    updates=(Update(call=_SET),),
    delete=Delete(
        call=Call("set_topic_attributes", {"TopicArn": "id", "AttributeName": "'Policy'", "AttributeValue": "default"}),
        resets=True,
    ),
    absent=_GONE,
    fields=(
        Field(name="arn", read="TopicArn"),
        Field(name="policy", create="AttributeValue", modify="AttributeValue", read="Policy", same=policy),
    ),
    required=("policy",),
    references=(one("arn", kind("sns", "Topic"), ARN),),
    shown=(Shown("id", "id"), Shown("owner", "Owner")),
)

KINDS: Final = (_TOPIC, _TOPIC_POLICY, SUBSCRIPTION)
