"""The lives of the kinds of dynamodb."""

from tests.aws.lives import Life

_BY_CUSTOMER = {"name": "by-customer", "hashKey": "customer", "rangeKey": "placed", "projectionType": "ALL"}

LIVES = (
    Life(
        "dynamodb",
        "Table",
        lambda _: {
            "attribute": [
                {"name": "id", "type": "S"},
                {"name": "customer", "type": "S"},
                {"name": "placed", "type": "N"},
            ],
            "hashKey": "id",
            "rangeKey": "placed",
            "billingMode": "PAY_PER_REQUEST",
            "readCapacity": 5.0,
            "globalSecondaryIndex": [_BY_CUSTOMER],
            "pointInTimeRecovery": [{"enabled": True}],
            "serverSideEncryption": [{"enabled": True}],
            "ttl": [{"attributeName": "expires", "enabled": True}],
        },
        change={
            "attribute": [
                {"name": "id", "type": "S"},
                {"name": "shop", "type": "S"},
                {"name": "placed", "type": "N"},
            ],
            "globalSecondaryIndex": [
                {"name": "by-shop", "hashKey": "shop", "projectionType": "INCLUDE", "nonKeyAttributes": ["total"]}
            ],
            "streamEnabled": True,
            "streamViewType": "NEW_IMAGE",
            "ttl": [{"attributeName": "", "enabled": False}],
            "pointInTimeRecovery": [{"enabled": False}],
            "tableClass": "STANDARD_INFREQUENT_ACCESS",
            "serverSideEncryption": [{"enabled": False}],
            "replica": [{"regionName": "eu-west-1"}],
            "tags": {"team": "orders"},
        },
        refused={"hashKey": "another"},
    ),
    Life(
        "dynamodb",
        "Table",
        lambda _: {
            "attribute": [{"name": "id", "type": "S"}, {"name": "customer", "type": "S"}],
            "hashKey": "id",
            "readCapacity": 5,
            "writeCapacity": 5,
            "globalSecondaryIndex": [
                {
                    "name": "by-customer",
                    "keySchema": [{"attributeName": "customer", "keyType": "HASH"}],
                    "projectionType": "KEYS_ONLY",
                    "readCapacity": 2,
                    "writeCapacity": 2,
                }
            ],
        },
        change={
            "readCapacity": 10,
            "globalSecondaryIndex": [
                {
                    "name": "by-customer",
                    "hashKey": "customer",
                    "projectionType": "KEYS_ONLY",
                    "readCapacity": 4,
                    "writeCapacity": 2,
                }
            ],
        },
        variant="provisioned",
    ),
)
