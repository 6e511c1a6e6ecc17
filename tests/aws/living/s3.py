"""The lives of the kinds of s3."""

from tests.aws.lives import Life

LIVES = (
    Life(
        "s3",
        "Bucket",
        lambda _: {"tags": {"team": "orders"}, "forceDestroy": True},
        change={"tags": {"team": "billing", "stage": "test"}},
    ),
    Life(
        "s3",
        "BucketVersioning",
        lambda land: {"bucket": land.bucket, "versioningConfiguration": [{"status": "Enabled"}]},
        change={"versioningConfiguration": [{"status": "Suspended"}]},
        refused={"bucket": "another"},
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
        refused={"bucket": "another"},
        setting=True,
    ),
    Life(
        "s3",
        "BucketPublicAccessBlock",
        lambda land: {"bucket": land.bucket, "blockPublicAcls": True, "blockPublicPolicy": True},
        change={"blockPublicAcls": False, "ignorePublicAcls": True},
        refused={"bucket": "another"},
        setting=True,
    ),
)
