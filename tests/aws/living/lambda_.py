"""The lives of the kinds of lambda."""

import io
import zipfile
from functools import cache

from tests.aws.lives import Land, Life
from tests.aws.living.iam import role


def package(code: str) -> bytes:
    """Return *code* as Lambda wants it."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("orders.py", code)
    return content.getvalue()


@cache
def code(land: Land) -> str:
    """Return a bucket with two packages in it."""
    client = land.external("s3", "Bucket").account.clients.patient
    for name in ("orders", "orders-2"):
        client.put_object(Bucket=land.bucket, Key=f"{name}.zip", Body=package(f"# {name}"))
    return land.bucket


def arn_of(land: Land) -> str:
    """Return the ARN of a role for functions."""
    return f"arn:aws:iam::123456789012:role/{role(land, 'land-of-functions', 'lambda.amazonaws.com')}"


@cache
def function(land: Land) -> str:
    """Return a function for others to stand on."""
    return land.made(
        "lambda",
        "Function",
        "land-of-functions",
        role=arn_of(land),
        runtime="python3.13",
        handler="orders.main",
        s3Bucket=code(land),
        s3Key="orders.zip",
    )


LIVES = (
    Life(
        "lambda",
        "Function",
        lambda land: {
            "role": arn_of(land),
            "runtime": "python3.13",
            "handler": "orders.main",
            "s3Bucket": code(land),
            "s3Key": "orders.zip",
            "memorySize": 256.0,
            "environment": [{"variables": {"STAGE": "test"}}],
            "reservedConcurrentExecutions": 5,
        },
        change={
            "s3Key": "orders-2.zip",
            "description": "serves orders",
            "memorySize": 512,
            "timeout": 30,
            "environment": [{"variables": {"STAGE": "prod"}}],
            "deadLetterConfig": [{"targetArn": "arn:aws:sqs:us-east-1:123456789012:orders"}],
            "tracingConfig": [{"mode": "Active"}],
            "reservedConcurrentExecutions": -1,
            "tags": {"team": "orders"},
        },
        elsewhere=lambda land: {"vpcConfig": [{"subnetIds": list(land.subnets[:2]), "securityGroupIds": [land.group]}]},
        refused={"packageType": "Image"},
    ),
    Life(
        "lambda",
        "Permission",
        lambda land: {
            "functionName": function(land),
            "action": "lambda:InvokeFunction",
            "principal": "s3.amazonaws.com",
            "sourceArn": "arn:aws:s3:::orders",
            "sourceAccount": "123456789012",
        },
        refused={"principal": "events.amazonaws.com"},
        imported=("functionName",),
    ),
)
