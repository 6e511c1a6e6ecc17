"""
S3: buckets. Their settings are resources of their own (`s3_settings.py` says how they are alike).

https://docs.aws.amazon.com/AmazonS3/latest/API/
"""

from typing import Final

from crosshead.aws.calls import Call, Create, Delete, Read
from crosshead.aws.descriptor import Descriptor, Field, Shown, Tagging, sent
from crosshead.aws.kinds import (
    s3_access,
    s3_lifecycle,
    s3_notification,
    s3_objects,
    s3_protection,
    s3_replication,
    s3_serving,
)
from crosshead.aws.kinds.s3_places import DOMAIN, HOSTED_ZONE
from crosshead.aws.kinds.s3_settings import NO_BUCKET, US
from crosshead.aws.shapes import FLAG, TEXT
from crosshead.managed.facts import Naming

_ARN: Final = "join('', ['arn:', partition, ':s3:::', id])"
# A bucket of somebody else that we may look into answers as ours would: AWS must be told whose it has to be.
_OURS: Final = {"Bucket": "id", "ExpectedBucketOwner": US}

_BUCKET: Final = Descriptor(
    service="s3",
    kind="Bucket",
    plural="buckets",
    versions=("v1beta1", "v1beta2"),
    naming=Naming.BY_US,
    identity="id",
    numbered=True,
    reads=(
        Read(Call("head_bucket", _OURS)),
        Read(Call("get_bucket_tagging", _OURS, codes=frozenset({"NoSuchTagSet"})), "TagSet || `[]`", "TagSet"),
        # Asked only when it matters: every look at every bucket would cost a request more.
        Read(
            Call(
                "get_object_lock_configuration",
                _OURS,
                when="spec.objectLockEnabled",
                codes=frozenset({"ObjectLockConfigurationNotFoundError"}),
            ),
            "ObjectLockConfiguration.ObjectLockEnabled == 'Enabled'",
            "ObjectLockEnabled",
        ),
    ),
    creates=(
        Create(
            Call(
                "create_bucket",
                {
                    "Bucket": "id",
                    # us-east-1 is the only region that must not be named.
                    "CreateBucketConfiguration": "(region != 'us-east-1' && {LocationConstraint: region}) || null",
                },
            ),
            "id",
        ),
    ),
    delete=Delete(
        call=Call("delete_bucket", _OURS),
        empty={"bucket": "spec.forceDestroy && id || null", "owner": US},
    ),
    # CreateBucket takes no tags everywhere. When this is not reached, they are drift.
    after=(Call("put_bucket_tagging", {**_OURS, "Tagging": "{TagSet: tags}"}, codes=NO_BUCKET),),
    tagging=Tagging(
        create="",
        read="TagSet",
        add=Call("put_bucket_tagging", _OURS),
        add_member="Tagging.TagSet",
        remove=None,
    ),
    absent=NO_BUCKET,
    exists=frozenset({"BucketAlreadyOwnedByYou"}),
    fields=(
        # botocore follows a bucket to where it is: what is declared elsewhere must not go unnoticed.
        Field(name="region", read="BucketRegion || region"),
        sent("forceDestroy", FLAG),
        Field(
            name="objectLockEnabled",
            shape=FLAG,
            create="ObjectLockEnabledForBucket",
            read="ObjectLockEnabled",
            late=False,
        ),
        sent("bucketNamespace", TEXT, "BucketNamespace"),
    ),
    connection={"id": "id", "arn": _ARN, "region": "region"},
    shown=(
        Shown("id", "id"),
        Shown("arn", _ARN),
        Shown("bucketRegion", "BucketRegion || region"),
        Shown("bucketDomainName", f"join('', [id, '.s3.', {DOMAIN}])"),
        Shown("bucketRegionalDomainName", f"join('', [id, '.s3.', region, '.', {DOMAIN}])"),
        Shown("hostedZoneId", HOSTED_ZONE),
    ),
)

KINDS: Final = (
    _BUCKET,
    *s3_access.KINDS,
    *s3_lifecycle.KINDS,
    *s3_notification.KINDS,
    *s3_objects.KINDS,
    *s3_protection.KINDS,
    *s3_replication.KINDS,
    *s3_serving.KINDS,
)
