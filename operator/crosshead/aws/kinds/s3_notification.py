"""
S3: who is told of what happens to the objects of a bucket.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventNotifications.html
"""

from typing import Final

from crosshead.aws.calls import Call, Delete
from crosshead.aws.descriptor import Field
from crosshead.aws.kinds.s3_settings import HELD, look, setting
from crosshead.aws.pointing import ARN, kind, one
from crosshead.aws.shapes import FLAG, Block, Member, Texts
from crosshead.base.values import Draft, Json, Object


def _told(name: str, arn: str, aws: str, member: str) -> Field:
    """Return the field *name* of those to tell, whose address is our *arn*, and AWS' *member* of each of *aws*."""
    shape = Block(
        (
            Member("events", "Events", Texts()),
            Member("filterPrefix", "Prefix"),
            Member("filterSuffix", "Suffix"),
            Member("id", "Id"),
            Member(arn, member),
        )
    )
    sent = f"NotificationConfiguration.{aws}"
    return Field(name=name, shape=shape, create=sent, modify=sent, read=aws, wrap=_filtering, absent=[])


def _filtering(targets: Json) -> Json:
    """AWS has the two filters as rules of a key of a filter."""
    return [_with_filter(dict(target)) for target in targets]


def _with_filter(target: Draft) -> Draft:
    given = {name.lower(): target.pop(name, "") for name in ("Prefix", "Suffix")}
    rules = [{"Name": name, "Value": value} for name, value in given.items() if value]
    return {**target, "Filter": {"Key": {"FilterRules": rules}}} if rules else target


_TARGETS: Final = ("LambdaFunctionConfigurations", "QueueConfigurations", "TopicConfigurations")


def _flattened(found: Json, _: Object) -> Json:
    """Return what AWS says with both filters beside their target; EventBridge is told when it stands there, empty."""
    targets = {name: [_flat(target) for target in found.get(name) or ()] for name in _TARGETS}
    return {**targets, "EventBridge": found.get("EventBridgeConfiguration") is not None}


def _flat(target: Object) -> Draft:
    rules = ((target.get("Filter") or {}).get("Key") or {}).get("FilterRules") or ()
    # AWS answers with capitals.
    return {**target, **{rule["Name"].capitalize(): rule["Value"] for rule in rules}}


def _if_wanted(wanted: Json) -> Json:
    return {} if wanted else None


_BRIDGE: Final = "NotificationConfiguration.EventBridgeConfiguration"

_NOTIFICATION: Final = setting(
    "BucketNotification",
    "bucketnotifications",
    read=look("get_bucket_notification_configuration", pick=_flattened),
    put="put_bucket_notification_configuration",
    says={"NotificationConfiguration": "`{}`"},
    # Every bucket has one; it may be empty.
    delete=Delete(
        call=Call("put_bucket_notification_configuration", {**HELD, "NotificationConfiguration": "`{}`"}), resets=True
    ),
    fields=(
        Field(
            name="eventbridge",
            shape=FLAG,
            create=_BRIDGE,
            modify=_BRIDGE,
            read="EventBridge",
            wrap=_if_wanted,
        ),
        _told("lambdaFunction", "lambdaFunctionArn", "LambdaFunctionConfigurations", "LambdaFunctionArn"),
        _told("queue", "queueArn", "QueueConfigurations", "QueueArn"),
        _told("topic", "topicArn", "TopicConfigurations", "TopicArn"),
    ),
    references=(
        one("queue[*].queueArn", kind("sqs", "Queue"), ARN),
        one("topic[*].topicArn", kind("sns", "Topic"), ARN),
    ),
)

KINDS: Final = (_NOTIFICATION,)
