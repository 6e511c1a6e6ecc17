"""
SQS: queues, and the policies that say who may send to them.

A queue's external name is its URL. Its name is a parameter, or made of the object's name.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/
"""

import hashlib
import re
from typing import Final

from crosshead.aws.calling import CREATE
from crosshead.aws.calls import Call, Create, Delete, Read, Update
from crosshead.aws.codes import NOT_ALLOWED
from crosshead.aws.comparing import document, key, policy
from crosshead.aws.descriptor import Descriptor, Field, Shown, Tagging
from crosshead.aws.kinds.attributes import attribute, only_true, redrive
from crosshead.aws.pointing import ID, kind, one
from crosshead.aws.shapes import FLAG, NUMBER, TEXT
from crosshead.base.errors import StalledError
from crosshead.base.values import Draft, Json, Object
from crosshead.managed.facts import Naming

_GONE: Final = frozenset(
    {"AWS.SimpleQueueService.NonExistentQueue", "NonExistentQueue", "QueueDoesNotExist", "InvalidAddress"}
)
_ALL: Final = {"QueueUrl": "id", "AttributeNames": '`["All"]`'}
_LIMIT: Final = 80
_FIFO: Final = ".fifo"
# What AWS takes of a queue that keeps the order, and of no other.
_ORDERED: Final = frozenset({"contentBasedDeduplication", "deduplicationScope", "fifoThroughputLimit"})


def _named(scene: Object) -> Object:
    spec = scene["spec"]
    ordered = bool(spec.get("fifoQueue"))
    heard = spec if ordered else {name: value for name, value in spec.items() if name not in _ORDERED}
    return {"queue": spec.get("name") or legal(scene["name"], _FIFO if ordered else ""), "spec": heard}


def legal(name: str, ending: str = "") -> str:
    """Return *name* as SQS takes it, with *ending*: letters, digits, hyphens, 80 characters at most."""
    plain = re.sub(r"[^A-Za-z0-9_-]", "-", name)
    room = _LIMIT - len(ending)
    short = plain if len(plain) <= room else f"{plain[: room - 9]}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"
    return f"{short}{ending}"


def _with_name(found: Json, _: Object) -> Draft:
    return {**found, "QueueName": found["QueueArn"].rpartition(":")[2]}


def _taken(_: Json, scene: Object) -> Json:
    """AWS creates a queue twice without a word: that would give us somebody else's."""
    advice = "to take it over, set the annotation crossplane.io/external-name to its URL"
    raise StalledError(CREATE, f"cannot create queue {scene['queue']!r}: there is one that is not ours; {advice}")


_BY_NAME: Final = Call("get_queue_url", {"QueueName": "queue"})

_QUEUE: Final = Descriptor(
    service="sqs",
    kind="Queue",
    plural="queues",
    naming=Naming.BY_PROVIDER,
    identity="id",
    names=_named,
    reads=(
        Read(Call("get_queue_attributes", _ALL), "Attributes", pick=_with_name),
        Read(Call("list_queue_tags", {"QueueUrl": "id"}), "Tags || `{}`", "Tags"),
    ),
    find=Read(_BY_NAME, "QueueUrl"),
    prior=(Read(_BY_NAME, "QueueUrl", "Taken", pick=_taken),),
    creates=(Create(Call("create_queue", {"QueueName": "queue"}), "QueueUrl"),),
    updates=(Update(call=Call("set_queue_attributes", {"QueueUrl": "id"})),),
    delete=Delete(call=Call("delete_queue", {"QueueUrl": "id"})),
    tagging=Tagging(
        create="tags",
        add=Call("tag_queue", {"QueueUrl": "id"}),
        remove=Call("untag_queue", {"QueueUrl": "id"}),
        mapped=True,
    ),
    # AWS' search by tags shows a queue's ARN, and knows it by its URL.
    remains=Read(Call("list_queues", {"QueueNamePrefix": "root"}, codes=NOT_ALLOWED, when="root"), "QueueUrls"),
    absent=_GONE,
    exists=frozenset({"QueueAlreadyExists", "QueueNameExists"}),
    # AWS takes up to a minute to show everywhere what was set.
    steady=3,
    fields=(
        Field(name="name", read="QueueName"),
        Field(
            name="fifoQueue",
            shape=FLAG,
            create="Attributes.FifoQueue",
            read="FifoQueue",
            absent=False,
            late=False,
            wrap=only_true,
        ),
        attribute("contentBasedDeduplication", "ContentBasedDeduplication", FLAG),
        attribute("deduplicationScope", "DeduplicationScope"),
        attribute("fifoThroughputLimit", "FifoThroughputLimit"),
        attribute("delaySeconds", "DelaySeconds", NUMBER),
        attribute("kmsMasterKeyId", "KmsMasterKeyId", same=key),
        attribute("kmsDataKeyReusePeriodSeconds", "KmsDataKeyReusePeriodSeconds", NUMBER),
        attribute("maxMessageSize", "MaximumMessageSize", NUMBER),
        attribute("messageRetentionSeconds", "MessageRetentionPeriod", NUMBER),
        attribute("policy", "Policy", late=False, same=policy),
        attribute("receiveWaitTimeSeconds", "ReceiveMessageWaitTimeSeconds", NUMBER),
        attribute("redriveAllowPolicy", "RedriveAllowPolicy", same=document),
        attribute("redrivePolicy", "RedrivePolicy", same=redrive),
        # AWS turns it off when a key of KMS takes over.
        attribute("sqsManagedSseEnabled", "SqsManagedSseEnabled", FLAG),
        attribute("visibilityTimeoutSeconds", "VisibilityTimeout", NUMBER),
    ),
    connection={"url": "id"},
    shown=(Shown("id", "id"), Shown("url", "id"), Shown("arn", "QueueArn")),
)


def _of_queue(scene: Object) -> Object:
    return {"id": scene["id"] or scene["spec"].get("queueUrl")}


_SET: Final = Call("set_queue_attributes", {"QueueUrl": "id"})

_QUEUE_POLICY: Final = Descriptor(
    service="sqs",
    kind="QueuePolicy",
    plural="queuepolicies",
    naming=Naming.BY_PROVIDER,
    identity="id",
    names=_of_queue,
    reads=(
        Read(
            Call("get_queue_attributes", {"QueueUrl": "id", "AttributeNames": '`["Policy"]`'}),
            "Attributes.Policy && Attributes || null",
        ),
    ),
    creates=(Create(_SET, "id"),),
    updates=(Update(call=_SET),),
    delete=Delete(call=Call("set_queue_attributes", {"QueueUrl": "id", "Attributes": "{Policy: ''}"})),
    absent=_GONE,
    steady=3,
    fields=(
        Field(name="queueUrl", read="id"),
        Field(
            name="policy",
            shape=TEXT,
            create="Attributes.Policy",
            modify="Attributes.Policy",
            read="Policy",
            same=policy,
        ),
    ),
    required=("policy",),
    references=(one("queueUrl", kind("sqs", "Queue"), ID),),
    shown=(Shown("id", "id"),),
)

KINDS: Final = (_QUEUE, _QUEUE_POLICY)
