"""What is said to S3, without S3."""

from typing import Any

from crosshead.aws import requests, scenes
from crosshead.aws.kinds import s3
from crosshead.base.objects import Kind
from crosshead.managed.external import Declared, Drift, Observation

PLACE = {"region": "us-east-1", "partition": "aws", "account": "123456789012"}


def sent(kind: str, parameters: dict[str, Any], **drift: tuple[Any, Any]) -> list[Any]:
    descriptor = next(d for d in s3.KINDS if d.kind == kind)
    wanted = Declared(Kind("s3.aws.upbound.io/v1beta1", kind), "orders", "u", "orders", parameters, parameters)
    seen = Observation(exists=True, drift=tuple(Drift(name, *values) for name, values in drift.items()))
    scene = scenes.scene(descriptor, wanted, PLACE, at={})
    return [dict(request.arguments) for request in requests.updates(descriptor, wanted, seen, scene)]


def test_tags_that_aws_reserves_for_itself_are_repeated_where_all_are_replaced() -> None:
    tags = ({"team": "a"}, {"team": "b", "aws:cloudformation:stack-name": "shop"})

    [arguments] = sent("Bucket", {}, tags=tags)

    assert arguments["Tagging"]["TagSet"] == [
        {"Key": "aws:cloudformation:stack-name", "Value": "shop"},
        {"Key": "team", "Value": "a"},
    ]


def test_what_one_request_carries_is_not_in_the_next() -> None:
    """An expression that is a literal finds the same object every time."""
    queue = {"queue": [{"queueArn": "arn", "events": ["s3:ObjectCreated:*"]}]}

    [first] = sent("BucketNotification", queue, queue=(queue["queue"], []))
    [second] = sent("BucketNotification", {"eventbridge": False}, eventbridge=(False, True))

    assert first["NotificationConfiguration"] == {
        "QueueConfigurations": [{"QueueArn": "arn", "Events": ["s3:ObjectCreated:*"]}]
    }
    assert second["NotificationConfiguration"] == {}


def test_a_bucket_is_touched_only_if_it_is_ours() -> None:
    [ours] = sent("BucketPolicy", {"policy": "{}"}, policy=("{}", ""))
    [theirs] = sent("BucketACL", {"acl": "private", "expectedBucketOwner": "2"}, acl=("private", "custom"))

    assert ours == {"Bucket": "orders", "ExpectedBucketOwner": "123456789012", "Policy": "{}"}
    assert theirs == {"Bucket": "orders", "ExpectedBucketOwner": "2", "ACL": "private"}


def test_a_copy_with_a_filter_says_how_it_ranks_and_what_deletions_mean() -> None:
    rules = [{"status": "Enabled", "filter": [{}]}, {"status": "Enabled"}]

    [made] = sent("BucketReplicationConfiguration", {"rule": rules}, rule=(rules, []))

    assert made["ReplicationConfiguration"]["Rules"] == [
        {
            "Status": "Enabled",
            "Filter": {"Prefix": ""},
            "Priority": 0,
            "DeleteMarkerReplication": {"Status": "Disabled"},
        },
        {"Status": "Enabled", "Prefix": ""},
    ]
