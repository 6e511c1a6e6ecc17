"""
S3: copies of objects in other buckets.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication.html
"""

from typing import Final

from crosshead.aws.comparing import key
from crosshead.aws.descriptor import Secret
from crosshead.aws.kinds.s3_settings import BOTH, look, removed, setting, whole
from crosshead.aws.pointing import ARN, BUCKET, KEY, ROLE, one
from crosshead.aws.shapes import NUMBER, TEXT, Block, Map, Member, Shape
from crosshead.base.values import Draft, Json
from crosshead.managed.facts import SecretInput


def _one(*members: Member) -> Block:
    return Block(members, single=True)


def _switch(name: str, aws: str) -> Member:
    return Member(name, aws, _one(_STATUS))


def _minutes(name: str, aws: str) -> Member:
    return Member(name, aws, _one(Member("minutes", "Minutes", NUMBER)))


_STATUS: Final = Member("status", "Status")
_PREFIX: Final = Member("prefix", "Prefix")
_DESTINATION: Final = _one(
    Member("accessControlTranslation", "AccessControlTranslation", _one(Member("owner", "Owner"))),
    Member("account", "Account"),
    Member("bucket", "Bucket"),
    Member(
        "encryptionConfiguration",
        "EncryptionConfiguration",
        _one(Member("replicaKmsKeyId", "ReplicaKmsKeyID", same=key)),
    ),
    Member("metrics", "Metrics", _one(_minutes("eventThreshold", "EventThreshold"), _STATUS)),
    Member("replicationTime", "ReplicationTime", _one(_STATUS, _minutes("time", "Time"))),
    Member("storageClass", "StorageClass"),
)
_FILTER: Final = _one(
    Member("and", "And", _one(_PREFIX, Member("tags", "Tags", Map(pairs=True)))),
    _PREFIX,
    Member("tag", "Tag", _one(Member("key", "Key"), Member("value", "Value"))),
)
_RULES: Final[Shape] = Block(
    (
        _switch("deleteMarkerReplication", "DeleteMarkerReplication"),
        Member("destination", "Destination", _DESTINATION),
        _switch("existingObjectReplication", "ExistingObjectReplication"),
        Member("filter", "Filter", _FILTER),
        Member("id", "ID"),
        _PREFIX,
        Member("priority", "Priority", NUMBER),
        Member(
            "sourceSelectionCriteria",
            "SourceSelectionCriteria",
            _one(
                _switch("replicaModifications", "ReplicaModifications"),
                _switch("sseKmsEncryptedObjects", "SseKmsEncryptedObjects"),
            ),
        ),
        _STATUS,
    )
)


def _complete(rules: Json) -> Json:
    return [_completed(rule) for rule in rules]


def _completed(rule: Draft) -> Draft:
    """A rule with a filter is of the second generation: AWS wants it to say how it ranks and what deletions mean."""
    if "Filter" not in rule:
        return rule if "Prefix" in rule else {**rule, "Prefix": ""}
    of_all = {"Filter": rule["Filter"] or {"Prefix": ""}}
    return {"Priority": 0, "DeleteMarkerReplication": {"Status": "Disabled"}, **rule, **of_all}


_REPLICATION: Final = setting(
    "BucketReplicationConfiguration",
    "bucketreplicationconfigurations",
    versions=BOTH,
    read=look("get_bucket_replication", "ReplicationConfiguration"),
    put="put_bucket_replication",
    delete=removed("delete_bucket_replication"),
    fields=(
        whole("role", TEXT, "ReplicationConfiguration.Role", "Role"),
        whole("rule", _RULES, "ReplicationConfiguration.Rules", "Rules", wrap=_complete),
    ),
    required=("rule",),
    references=(
        one("role", ROLE, ARN),
        one("rule[*].destination[0].bucket", BUCKET, ARN),
        one("rule[*].destination[0].encryptionConfiguration[0].replicaKmsKeyId", KEY),
    ),
    secrets=(Secret(SecretInput("tokenSecretRef", "token"), "Token", ("attribute.token",)),),
)

KINDS: Final = (_REPLICATION,)
