"""The lives of the kinds of kms."""

import json

from tests.aws.lives import Land, Life

_OWNER = {
    "Sid": "owner",
    "Effect": "Allow",
    "Principal": {"AWS": "123456789012"},
    "Action": "kms:*",
    "Resource": "*",
}


def _policy(*statements: object) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [_OWNER, *statements]})


def _key(land: Land, called: str) -> str:
    return land.made("kms", "Key", called, deletionWindowInDays=7)


LIVES = (
    Life(
        "kms",
        "Key",
        lambda _: {
            "description": "for orders",
            "deletionWindowInDays": 7.0,
            "enableKeyRotation": True,
            "rotationPeriodInDays": 90,
            "policy": _policy(),
        },
        change={
            "description": "for baskets",
            "rotationPeriodInDays": 180,
            "isEnabled": False,
            "policy": _policy({**_OWNER, "Sid": "reader", "Action": ["kms:Decrypt"]}),
            "tags": {"team": "orders"},
        },
        refused={"keyUsage": "SIGN_VERIFY", "multiRegion": True},
        absent_name="11111111-2222-3333-4444-555555555555",
    ),
    Life(
        "kms",
        "Key",
        lambda _: {"customerMasterKeySpec": "ECC_NIST_P256", "keyUsage": "SIGN_VERIFY", "deletionWindowInDays": 7},
        change={"isEnabled": False},
        refused={"customerMasterKeySpec": "RSA_2048"},
        absent_name="11111111-2222-3333-4444-555555555555",
        variant="that signs",
    ),
    Life(
        "kms",
        "Alias",
        lambda land: {"targetKeyId": _key(land, "land-key")},
        elsewhere=lambda land: {"targetKeyId": _key(land, "land-other-key")},
    ),
)
