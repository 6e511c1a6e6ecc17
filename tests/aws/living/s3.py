"""The lives of the kinds of s3."""

import json
from functools import cache

from tests.aws.lives import Land, Life

_ELSEWHERE = "another"


@cache
def versioned(land: Land) -> str:
    return land.made("s3", "Bucket", "land-of-versions", objectLockEnabled=True)


@cache
def logs(land: Land) -> str:
    bucket = land.made("s3", "Bucket", "land-of-logs")
    land.made("s3", "BucketACL", bucket, bucket=bucket, acl="log-delivery-write")
    return bucket


def policy(land: Land, *actions: str) -> str:
    who = {"AWS": "arn:aws:iam::123456789012:root"}
    what = {"Action": list(actions), "Resource": f"arn:aws:s3:::{land.bucket}/*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": who, **what}]})


OBJECT = {
    "key": "letters/a.json",
    "content": '{"to": "you"}',
    "contentType": "application/json",
    "metadata": {"Sender": "us"},
    "storageClass": "STANDARD",
}
REWRITTEN = {"content": '{"to": "them"}', "metadata": {"sender": "you"}, "tags": {"team": "billing"}}

LIVES = (
    Life(
        "s3",
        "Bucket",
        lambda _: {"tags": {"team": "orders"}, "forceDestroy": True},
        change={"tags": {"team": "billing", "stage": "test"}},
        refused={"region": "eu-west-1"},
    ),
    Life(
        "s3",
        "BucketVersioning",
        lambda land: {"bucket": land.bucket, "versioningConfiguration": [{"status": "Enabled"}]},
        change={"versioningConfiguration": [{"status": "Suspended"}]},
        refused={"bucket": _ELSEWHERE},
        setting=True,
    ),
    Life(
        "s3",
        "BucketServerSideEncryptionConfiguration",
        lambda land: {
            "bucket": land.bucket,
            "rule": [{"applyServerSideEncryptionByDefault": [{"sseAlgorithm": "AES256"}]}],
        },
        change={
            "rule": [
                {
                    "applyServerSideEncryptionByDefault": [{"sseAlgorithm": "aws:kms", "kmsMasterKeyId": "1234-abcd"}],
                    "bucketKeyEnabled": True,
                }
            ]
        },
        refused={"bucket": _ELSEWHERE},
        setting=True,
    ),
    Life(
        "s3",
        "BucketPublicAccessBlock",
        lambda land: {"bucket": land.bucket, "blockPublicAcls": True, "blockPublicPolicy": True},
        change={"blockPublicAcls": False, "ignorePublicAcls": True},
        refused={"bucket": _ELSEWHERE},
        setting=True,
    ),
    Life(
        "s3",
        "BucketOwnershipControls",
        lambda land: {"bucket": land.bucket, "rule": [{"objectOwnership": "BucketOwnerPreferred"}]},
        change={"rule": [{"objectOwnership": "ObjectWriter"}]},
        refused={"bucket": _ELSEWHERE},
        setting=True,
    ),
    Life(
        "s3",
        "BucketPolicy",
        lambda land: {"bucket": land.bucket, "policy": policy(land, "s3:GetObject")},
        elsewhere=lambda land: {"policy": policy(land, "s3:GetObject", "s3:PutObject")},
        refused={"bucket": _ELSEWHERE},
    ),
    Life(
        "s3",
        "BucketACL",
        lambda land: {"bucket": land.bucket, "acl": "private"},
        change={"acl": "log-delivery-write"},
        refused={"bucket": _ELSEWHERE},
        setting=True,
    ),
    Life(
        "s3",
        "BucketLifecycleConfiguration",
        lambda land: {
            "bucket": land.bucket,
            "rule": [
                {"id": "all", "status": "Enabled", "expiration": [{"date": "2040-01-01"}]},
                {
                    "id": "logs",
                    "status": "Enabled",
                    "filter": [{"and": [{"prefix": "logs/", "tags": {"a": "b"}, "objectSizeGreaterThan": 500.0}]}],
                    "transition": [
                        {"days": 60, "storageClass": "GLACIER"},
                        {"days": 30, "storageClass": "STANDARD_IA"},
                    ],
                    "noncurrentVersionExpiration": [{"newerNoncurrentVersions": 2, "noncurrentDays": 10}],
                },
            ],
        },
        change={
            "rule": [
                {"status": "Disabled", "filter": [{}], "abortIncompleteMultipartUpload": [{"daysAfterInitiation": 1}]}
            ],
            "transitionDefaultMinimumObjectSize": "varies_by_storage_class",
        },
        refused={"bucket": _ELSEWHERE},
    ),
    Life(
        "s3",
        "BucketCorsConfiguration",
        lambda land: {
            "bucket": land.bucket,
            "corsRule": [
                {"allowedMethods": ["PUT", "POST"], "allowedOrigins": ["https://shop.example"], "maxAgeSeconds": 60.0},
                {"allowedMethods": ["GET"], "allowedOrigins": ["*"]},
            ],
        },
        change={"corsRule": [{"allowedMethods": ["GET"], "allowedOrigins": ["*"], "exposeHeaders": ["ETag"]}]},
        refused={"bucket": _ELSEWHERE},
    ),
    Life(
        "s3",
        "BucketLogging",
        lambda land: {"bucket": land.bucket, "targetBucket": logs(land), "targetPrefix": "shop/"},
        change={"targetPrefix": "", "targetObjectKeyFormat": [{"simplePrefix": [{}]}]},
        refused={"bucket": _ELSEWHERE},
    ),
    Life(
        "s3",
        "BucketNotification",
        lambda land: {
            "bucket": land.bucket,
            "queue": [
                {
                    "id": "new",
                    "queueArn": "arn:aws:sqs:us-east-1:123456789012:news",
                    "events": ["s3:ObjectCreated:Put", "s3:ObjectCreated:Post"],
                    "filterPrefix": "in/",
                    "filterSuffix": ".csv",
                }
            ],
        },
        change={"eventbridge": True, "queue": []},
        refused={"bucket": _ELSEWHERE},
        setting=True,
    ),
    Life(
        "s3",
        "BucketWebsiteConfiguration",
        lambda land: {
            "bucket": land.bucket,
            "indexDocument": [{"suffix": "index.html"}],
            "routingRule": [
                {"condition": [{"keyPrefixEquals": "old/"}], "redirect": [{"replaceKeyPrefixWith": "new/"}]}
            ],
        },
        change={"errorDocument": [{"key": "lost.html"}]},
        refused={"bucket": _ELSEWHERE},
    ),
    Life(
        "s3",
        "BucketReplicationConfiguration",
        lambda land: {
            "bucket": versioned(land),
            "role": "arn:aws:iam::123456789012:role/copier",
            "rule": [
                {
                    "id": "all",
                    "status": "Enabled",
                    "filter": [{}],
                    "destination": [{"bucket": "arn:aws:s3:::copies", "storageClass": "STANDARD_IA"}],
                }
            ],
        },
        change={
            "role": "arn:aws:iam::123456789012:role/other",
            "rule": [{"status": "Enabled", "prefix": "a/", "destination": [{"bucket": "arn:aws:s3:::copies"}]}],
        },
        refused={"bucket": _ELSEWHERE},
    ),
    Life(
        "s3",
        "BucketObjectLockConfiguration",
        lambda land: {"bucket": versioned(land), "rule": [{"defaultRetention": [{"mode": "GOVERNANCE", "days": 2}]}]},
        change={"rule": [{"defaultRetention": [{"mode": "COMPLIANCE", "years": 1}]}]},
        refused={"bucket": _ELSEWHERE},
        setting=True,
    ),
    Life(
        "s3",
        "Object",
        lambda land: {"bucket": land.bucket, **OBJECT, "checksumAlgorithm": "SHA256"},
        change={**REWRITTEN, "cacheControl": "no-store", "checksumAlgorithm": "SHA1"},
        refused={"key": "elsewhere"},
    ),
    Life(
        "s3",
        "BucketObject",
        lambda land: {"bucket": land.bucket, **OBJECT},
        change={**REWRITTEN, "acl": "public-read", "storageClass": "STANDARD_IA"},
        refused={"key": "elsewhere"},
    ),
)
