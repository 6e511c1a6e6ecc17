"""The lives of the kinds of sqs."""

import json
from functools import cache

from tests.aws.lives import Land, Life

ACCOUNT = "123456789012"
URL = "http://sqs.example/123456789012/nobody"


@cache
def queue(land: Land) -> str:
    return land.made("sqs", "Queue", "land-of-queues")


@cache
def dead_letters(land: Land) -> str:
    land.made("sqs", "Queue", "land-of-dead-letters")
    return f"arn:aws:sqs:us-east-1:{ACCOUNT}:land-of-dead-letters"


def sending(*actions: str) -> str:
    statement = {"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": list(actions), "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


LIVES = (
    Life(
        "sqs",
        "Queue",
        lambda land: {
            "delaySeconds": 5.0,
            "fifoQueue": False,
            "contentBasedDeduplication": False,
            "policy": sending("sqs:SendMessage"),
            "redrivePolicy": json.dumps({"deadLetterTargetArn": dead_letters(land), "maxReceiveCount": "4"}),
            "tags": {"team": "orders"},
        },
        change={
            "delaySeconds": 0,
            "messageRetentionSeconds": 3600,
            "policy": "",
            "redriveAllowPolicy": '{"redrivePermission": "denyAll"}',
            "kmsMasterKeyId": "alias/queues",
            "tags": {"team": "billing"},
        },
        refused={"name": "another", "fifoQueue": True},
        absent_name=URL,
    ),
    Life(
        "sqs",
        "Queue",
        lambda _: {"fifoQueue": True, "contentBasedDeduplication": True, "sqsManagedSseEnabled": True},
        change={"contentBasedDeduplication": False, "visibilityTimeoutSeconds": 60},
        refused={"fifoQueue": False},
        absent_name=URL,
        variant="in order",
    ),
    Life(
        "sqs",
        "QueuePolicy",
        lambda land: {"queueUrl": queue(land), "policy": sending("sqs:SendMessage")},
        change={"policy": sending("sqs:SendMessage", "sqs:ReceiveMessage")},
        refused={"queueUrl": URL},
        absent_name=URL,
    ),
)
