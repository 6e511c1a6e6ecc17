"""The lives of the kinds of ecr."""

from tests.aws.lives import Life

LIVES = (
    Life(
        "ecr",
        "Repository",
        lambda _: {
            "imageTagMutability": "MUTABLE",
            "imageScanningConfiguration": [{"scanOnPush": False}],
            "forceDelete": True,
        },
        change={
            "imageTagMutability": "IMMUTABLE",
            "imageScanningConfiguration": [{"scanOnPush": True}],
            "tags": {"team": "orders"},
        },
        refused={"encryptionConfiguration": [{"encryptionType": "KMS"}]},
    ),
)
