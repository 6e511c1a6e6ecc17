"""SNS: the fields of topics. AWS changes one attribute at a time."""

from dataclasses import replace
from typing import Final

from crosshead.aws.comparing import document, key, policy
from crosshead.aws.descriptor import Field
from crosshead.aws.kinds.attributes import alone, attribute, only_true
from crosshead.aws.shapes import FLAG, NUMBER, TEXT, Same, Scalar

# What AWS takes of a topic that keeps the order, and of no other.
ORDERED: Final = frozenset({"contentBasedDeduplication", "archivePolicy", "fifoThroughputScope"})
# Those who can be told, and whose failures and successes can be logged.
_PROTOCOLS: Final = {
    "application": "Application",
    "firehose": "Firehose",
    "http": "HTTP",
    "lambda": "Lambda",
    "sqs": "SQS",
}
ROLES: Final = tuple(f"{name}{outcome}FeedbackRoleArn" for name in _PROTOCOLS for outcome in ("Failure", "Success"))


def _set(
    name: str,
    aws: str,
    shape: Scalar = TEXT,
    *,
    created: bool = True,
    late: bool = True,
    same: Same | None = None,
) -> Field:
    return alone(attribute(name, aws, shape, created=created, late=late, same=same))


def _feedback(name: str, aws: str) -> tuple[Field, ...]:
    return (
        _set(f"{name}FailureFeedbackRoleArn", f"{aws}FailureFeedbackRoleArn", created=False),
        _set(f"{name}SuccessFeedbackRoleArn", f"{aws}SuccessFeedbackRoleArn", created=False),
        replace(
            _set(f"{name}SuccessFeedbackSampleRate", f"{aws}SuccessFeedbackSampleRate", NUMBER, created=False),
            absent=0,
            late=False,
        ),
    )


FIELDS: Final = (
    Field(
        name="fifoTopic",
        shape=FLAG,
        create="Attributes.FifoTopic",
        read="FifoTopic",
        absent=False,
        late=False,
        wrap=only_true,
    ),
    _set("archivePolicy", "ArchivePolicy", same=document),
    _set("contentBasedDeduplication", "ContentBasedDeduplication", FLAG),
    _set("deliveryPolicy", "DeliveryPolicy", same=document),
    _set("displayName", "DisplayName"),
    _set("fifoThroughputScope", "FifoThroughputScope"),
    _set("kmsMasterKeyId", "KmsMasterKeyId", same=key),
    _set("policy", "Policy", late=False, same=policy),
    replace(_set("signatureVersion", "SignatureVersion", NUMBER), absent=1, late=False),
    _set("tracingConfig", "TracingConfig"),
    *(field for name, aws in _PROTOCOLS.items() for field in _feedback(name, aws)),
)
