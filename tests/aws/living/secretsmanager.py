"""The lives of the kinds of secretsmanager."""

from dataclasses import replace

from crosshead.base.values import SecretValue
from tests.aws.lives import Life

_VERSION = Life(
    "secretsmanager",
    "SecretVersion",
    lambda land: {"secretId": land.made("secretsmanager", "Secret", "land-secret", recoveryWindowInDays=0)},
    refused={"secretId": "another"},
    secrets={"secret_string": SecretValue("correct-horse")},
    setting=True,
)

LIVES = (
    Life(
        "secretsmanager",
        "Secret",
        lambda _: {"description": "how to reach the database", "recoveryWindowInDays": 7.0},
        change={"description": "how to reach it now", "kmsKeyId": "alias/orders", "tags": {"team": "orders"}},
        refused={"name": "another"},
        drifts=("description", "tags"),
    ),
    Life(
        "secretsmanager",
        "Secret",
        lambda _: {"name": "orders/replicated", "recoveryWindowInDays": 0, "replica": [{"region": "eu-west-1"}]},
        change={"replica": [{"region": "eu-central-1"}, {"region": "us-west-2"}]},
        variant="replicated",
    ),
    replace(
        _VERSION,
        parameters=lambda land: {**_VERSION.parameters(land), "versionStages": ["AWSCURRENT", "blue"]},
        change={"versionStages": ["AWSCURRENT", "green"]},
    ),
    replace(_VERSION, secrets={"secret_binary": SecretValue("AAEC")}, change={}, variant="of bytes"),
)
