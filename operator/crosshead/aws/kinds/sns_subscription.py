"""SNS: subscriptions. AWS has one of a topic, protocol and endpoint, however often it is asked for."""

from typing import Final

from crosshead.aws.calls import Call, Create, Delete, Read, Update
from crosshead.aws.comparing import document
from crosshead.aws.descriptor import Descriptor, Field, Shown, fixed, unheeded
from crosshead.aws.kinds.attributes import alone, attribute, redrive
from crosshead.aws.pointing import ARN, ROLE, kind, one
from crosshead.aws.shapes import FLAG, NUMBER, TEXT, Same, Scalar
from crosshead.base.values import Json, Object
from crosshead.managed.facts import Naming


def _set(name: str, aws: str, shape: Scalar = TEXT, same: Same | None = None) -> Field:
    return alone(attribute(name, aws, shape, same=same))


def _ours(found: Json, scene: Object) -> Json:
    """Return the ARN of the subscription that is declared. One that waits to be confirmed has none here."""
    wanted = (scene["spec"].get("protocol"), scene["spec"].get("endpoint"))
    arns = (one["SubscriptionArn"] for one in found if (one["Protocol"], one["Endpoint"]) == wanted)
    return next((arn for arn in arns if arn.startswith("arn:")), None)


SUBSCRIPTION: Final = Descriptor(
    service="sns",
    kind="TopicSubscription",
    plural="topicsubscriptions",
    naming=Naming.BY_PROVIDER,
    identity="SubscriptionArn",
    reads=(Read(Call("get_subscription_attributes", {"SubscriptionArn": "id"}), "Attributes"),),
    find=Read(
        Call("list_subscriptions_by_topic", {"TopicArn": "spec.topicArn"}, when="spec.topicArn", paged=True),
        "Subscriptions",
        pick=_ours,
    ),
    creates=(Create(Call("subscribe", {"ReturnSubscriptionArn": "`true`"}), "SubscriptionArn"),),
    updates=(Update(call=Call("set_subscription_attributes", {"SubscriptionArn": "id"}), one_by_one=True),),
    delete=Delete(
        call=Call("unsubscribe", {"SubscriptionArn": "id"}),
        # Nobody can end what was never confirmed; AWS forgets it after three days.
        keep="record.PendingConfirmation == 'true'",
    ),
    absent=frozenset({"NotFound", "NotFoundException"}),
    fields=(
        fixed("topicArn", TEXT, "TopicArn"),
        fixed("protocol", TEXT, "Protocol"),
        fixed("endpoint", TEXT, "Endpoint"),
        # These say how long upstream waits for a confirmation. We look again as long as it takes.
        unheeded("confirmationTimeoutInMinutes", NUMBER),
        unheeded("endpointAutoConfirms", FLAG),
        _set("deliveryPolicy", "DeliveryPolicy", same=document),
        # AWS reads the policy by its scope.
        _set("filterPolicyScope", "FilterPolicyScope"),
        _set("filterPolicy", "FilterPolicy", same=document),
        _set("rawMessageDelivery", "RawMessageDelivery", FLAG),
        _set("redrivePolicy", "RedrivePolicy", same=redrive),
        _set("replayPolicy", "ReplayPolicy", same=document),
        _set("subscriptionRoleArn", "SubscriptionRoleArn"),
    ),
    required=("protocol",),
    references=(
        one("endpoint", kind("sqs", "Queue"), ARN),
        one("subscriptionRoleArn", ROLE, ARN),
        one("topicArn", kind("sns", "Topic"), ARN),
    ),
    shown=(
        Shown("id", "SubscriptionArn"),
        Shown("arn", "SubscriptionArn"),
        Shown("ownerId", "Owner"),
        Shown("confirmationWasAuthenticated", "ConfirmationWasAuthenticated", FLAG),
        Shown("pendingConfirmation", "PendingConfirmation", FLAG),
    ),
)
