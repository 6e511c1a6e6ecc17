"""
S3: what becomes of objects as they age.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lifecycle-mgmt.html
"""

from typing import Final

from crosshead.aws.comparing import moment
from crosshead.aws.kinds.s3_settings import BOTH, OWNER, SLOW, look, removed, setting, whole
from crosshead.aws.shapes import FLAG, NUMBER, NUMBER_TEXT, TEXT, Block, Map, Member, Shape
from crosshead.base.values import Json


def _one(*members: Member) -> Block:
    """Return a block that AWS has once. Upstream's API has a list in every version."""
    return Block(members, single=True, lone=False)


def _counted(name: str, aws: str) -> Member:
    return Member(name, aws, NUMBER)


def _either(name: str, aws: str) -> Member:
    """Return a number that upstream once had as a text."""
    return Member(name, aws, NUMBER_TEXT)


# `and` has always had numbers here.
_SIZES: Final = (
    _counted("objectSizeGreaterThan", "ObjectSizeGreaterThan"),
    _counted("objectSizeLessThan", "ObjectSizeLessThan"),
)
_SIZES_TOO: Final = (
    _either("objectSizeGreaterThan", "ObjectSizeGreaterThan"),
    _either("objectSizeLessThan", "ObjectSizeLessThan"),
)
_PREFIX: Final = Member("prefix", "Prefix")
_STORAGE: Final = Member("storageClass", "StorageClass")
_WHEN: Final = (Member("date", "Date", TEXT, same=moment), _counted("days", "Days"))
_NONCURRENT: Final = (
    _either("newerNoncurrentVersions", "NewerNoncurrentVersions"),
    _counted("noncurrentDays", "NoncurrentDays"),
)
_FILTER: Final = _one(
    Member("and", "And", _one(*_SIZES, _PREFIX, Member("tags", "Tags", Map(pairs=True)))),
    *_SIZES_TOO,
    _PREFIX,
    Member("tag", "Tag", _one(Member("key", "Key"), Member("value", "Value"))),
)
_RULES: Final[Shape] = Block(
    (
        Member(
            "abortIncompleteMultipartUpload",
            "AbortIncompleteMultipartUpload",
            _one(_counted("daysAfterInitiation", "DaysAfterInitiation")),
        ),
        Member(
            "expiration",
            "Expiration",
            _one(*_WHEN, Member("expiredObjectDeleteMarker", "ExpiredObjectDeleteMarker", FLAG)),
        ),
        Member("filter", "Filter", _FILTER),
        Member("id", "ID"),
        Member("noncurrentVersionExpiration", "NoncurrentVersionExpiration", _one(*_NONCURRENT)),
        Member("noncurrentVersionTransition", "NoncurrentVersionTransitions", Block((*_NONCURRENT, _STORAGE))),
        _PREFIX,
        Member("status", "Status"),
        Member("transition", "Transitions", Block((*_WHEN, _STORAGE))),
    )
)


def _for_all(rules: Json) -> Json:
    """AWS wants to hear that a rule is for all objects."""
    return [rule if "Prefix" in rule or rule.get("Filter") else {**rule, "Filter": {"Prefix": ""}} for rule in rules]


_LIFECYCLE: Final = setting(
    "BucketLifecycleConfiguration",
    "bucketlifecycleconfigurations",
    versions=BOTH,
    read=look("get_bucket_lifecycle_configuration"),
    put="put_bucket_lifecycle_configuration",
    delete=removed("delete_bucket_lifecycle"),
    fields=(
        whole("rule", _RULES, "LifecycleConfiguration.Rules", "Rules", wrap=_for_all),
        whole("transitionDefaultMinimumObjectSize", TEXT, "TransitionDefaultMinimumObjectSize"),
        OWNER,
    ),
    steady=SLOW,
)

KINDS: Final = (_LIFECYCLE,)
