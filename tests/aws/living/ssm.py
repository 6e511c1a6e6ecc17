"""The lives of the kinds of ssm."""

from crosshead.base.values import SecretValue
from tests.aws.lives import Life

LIVES = (
    Life(
        "ssm",
        "Parameter",
        lambda _: {"type": "String", "insecureValue": "blue", "description": "which is live", "dataType": "text"},
        change={
            "insecureValue": "green",
            "description": "which is live now",
            "tier": "Advanced",
            "tags": {"team": "orders"},
        },
        refused={"type": "StringList"},
    ),
    Life(
        "ssm",
        "Parameter",
        lambda _: {"type": "SecureString", "tier": "Intelligent-Tiering", "overwrite": True},
        change={"description": "how to get in", "tier": "Advanced"},
        secrets={"value": SecretValue("correct-horse")},
        variant="that is secret",
    ),
)
