"""The lives of the kinds of cloudwatchlogs."""

from tests.aws.lives import Land, Life

_KEY = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"


def _beside(land: Land) -> dict[str, object]:
    # Its name begins as the others' do, and stands before them in the order of names.
    land.made("cloudwatchlogs", "Group", "orders-")
    return {"retentionInDays": 14, "logGroupClass": "STANDARD"}


LIVES = (
    Life(
        "cloudwatchlogs",
        "Group",
        _beside,
        change={"retentionInDays": 30.0, "kmsKeyId": _KEY, "tags": {"team": "orders"}},
        refused={"logGroupClass": "INFREQUENT_ACCESS"},
    ),
    Life(
        "cloudwatchlogs",
        "Group",
        lambda _: {"retentionInDays": 14, "kmsKeyId": _KEY},
        change={"retentionInDays": 0, "kmsKeyId": ""},
        variant="that forgets",
    ),
)
