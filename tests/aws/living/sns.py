"""The lives of the kinds of sns."""

import json
from functools import cache

from tests.aws.lives import Land, Life

ACCOUNT = "123456789012"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/logger"
NOBODY = f"arn:aws:sns:us-east-1:{ACCOUNT}:nobody"


@cache
def topic(land: Land) -> str:
    land.made("sns", "Topic", "land-of-topics")
    return f"arn:aws:sns:us-east-1:{ACCOUNT}:land-of-topics"


def publishing(*actions: str) -> str:
    statement = {"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": list(actions), "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


LIVES = (
    Life(
        "sns",
        "Topic",
        lambda _: {
            "displayName": "Orders",
            "fifoTopic": False,
            "contentBasedDeduplication": False,
            "kmsMasterKeyId": "alias/aws/sns",
            "sqsFailureFeedbackRoleArn": ROLE,
            "sqsSuccessFeedbackSampleRate": 10.0,
            "tags": {"team": "orders"},
        },
        change={
            "displayName": "Sales",
            "policy": publishing("SNS:Publish"),
            "deliveryPolicy": '{"http": {"disableSubscriptionOverrides": true}}',
            "sqsFailureFeedbackRoleArn": "",
            "httpSuccessFeedbackSampleRate": 100,
            "signatureVersion": 2,
            "tags": {"team": "billing"},
        },
        refused={"fifoTopic": True},
    ),
    Life(
        "sns",
        "TopicPolicy",
        lambda land: {"arn": topic(land), "policy": publishing("SNS:Publish")},
        change={"policy": publishing("SNS:Publish", "SNS:Subscribe")},
        refused={"arn": NOBODY},
        setting=True,
    ),
    Life(
        "sns",
        "TopicSubscription",
        lambda land: {
            "topicArn": topic(land),
            "protocol": "sqs",
            "endpoint": f"arn:aws:sqs:us-east-1:{ACCOUNT}:somewhere",
            "filterPolicyScope": "MessageBody",
            "filterPolicy": '{"kind": ["order"]}',
        },
        change={"rawMessageDelivery": True, "filterPolicy": '{"kind": ["order", "return"]}'},
        refused={"endpoint": f"arn:aws:sqs:us-east-1:{ACCOUNT}:elsewhere", "protocol": "lambda"},
        absent_name=f"{NOBODY}:1",
    ),
)
