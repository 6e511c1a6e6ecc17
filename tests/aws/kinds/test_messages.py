"""Queues and topics: names, what is taken already, what waits to be confirmed."""

import json
from dataclasses import replace
from typing import Any

import pytest

from crosshead.aws.kinds import attributes, sns, sns_subscription, sqs
from crosshead.base.errors import NotReadyError, StalledError
from crosshead.devel.emulator import EmulatorControl
from crosshead.managed.external import Declared
from tests.aws.lives import Land, Life, changed, create

TOPIC = "arn:aws:sns:us-east-1:123456789012:land-of-waiting"


def declared(land: Land, service: str, kind: str, called: str, /, **parameters: Any) -> Declared:
    return Life(service, kind, lambda _: parameters).declared(land, called)


@pytest.mark.parametrize(
    ("name", "ending", "legal"),
    [
        pytest.param("orders", "", "orders", id="as it is"),
        pytest.param("orders.of_shop", ".fifo", "orders-of_shop.fifo", id="in order"),
        pytest.param("x" * 90, "", "x" * 71 + "-efdfd9ee", id="too long"),
    ],
)
def test_names_of_queues(name: str, ending: str, legal: str) -> None:
    assert sqs.legal(name, ending) == legal


def test_a_queue_is_called_as_its_object_or_as_its_name_says(land: Land, name: str) -> None:
    external = land.external("sqs", "Queue")

    unnamed = create(external, declared(land, "sqs", "Queue", name))
    named = create(external, declared(land, "sqs", "Queue", f"{name}-object", name=f"{name}-queue"))

    assert unnamed.external_name.rpartition("/")[2] == name
    assert named.external_name.rpartition("/")[2] == f"{name}-queue"
    assert external.observe(named).connection["url"].reveal().decode() == named.external_name


def test_a_queue_of_somebody_else_is_not_taken(land: Land, name: str) -> None:
    external = land.external("sqs", "Queue")
    wanted = declared(land, "sqs", "Queue", name)
    create(external, wanted)

    stranger = replace(wanted, uid="somebody else")

    assert not external.observe(stranger).exists
    with pytest.raises(StalledError, match=r"there is one that is not ours; to take it over, set the annotation"):
        external.create(stranger)


def test_a_queue_waits_for_the_last_of_its_name_to_be_forgotten(
    land: Land, name: str, control: EmulatorControl
) -> None:
    control.add_fault(
        kind="error", code="AWS.SimpleQueueService.QueueDeletedRecently", service="sqs", operation="CreateQueue"
    )

    with pytest.raises(NotReadyError, match="QueueDeletedRecently"):
        land.external("sqs", "Queue").create(declared(land, "sqs", "Queue", name))


def test_a_queue_that_counts_in_texts_is_no_drift() -> None:
    mine, theirs = '{"a": "b", "maxReceiveCount": "4"}', '{"maxReceiveCount":4,"a":"b"}'

    assert attributes.redrive(mine, theirs, {})
    assert not attributes.redrive(mine, theirs.replace("4", "5"), {})
    assert not attributes.redrive("no document", theirs, {})
    assert attributes.redrive("[]", "[]", {})


def test_a_topic_is_born_with_what_only_updates_set(land: Land, name: str) -> None:
    role = "arn:aws:iam::123456789012:role/logger"
    external = land.external("sns", "Topic")
    made = create(external, declared(land, "sns", "Topic", name, lambdaFailureFeedbackRoleArn=role))

    seen = external.observe(made)

    assert (seen.drift, seen.at_provider["lambdaFailureFeedbackRoleArn"]) == ((), role)
    assert seen.connection["arn"].reveal().decode() == f"arn:aws:sns:us-east-1:123456789012:{name}"


def test_a_topic_that_loses_its_policy_gets_that_of_its_owner(land: Land, name: str) -> None:
    arn = f"arn:aws:sns:us-east-1:123456789012:{land.made('sns', 'Topic', name)}"
    external = land.external("sns", "TopicPolicy")
    made = create(external, declared(land, "sns", "TopicPolicy", name, arn=arn, policy='{"Statement": []}'))

    external.delete(made)

    client = land.external("sns", "Topic").account.clients.patient
    left = json.loads(client.get_topic_attributes(TopicArn=arn)["Attributes"]["Policy"])
    assert left["Statement"][0]["Condition"] == {"StringEquals": {"AWS:SourceOwner": "123456789012"}}
    assert not external.observe(made).exists


def test_a_policy_of_no_topic_is_of_none() -> None:
    assert sns._of_topic({"id": None, "spec": {}}) == {"id": None, "default": None}


@pytest.mark.parametrize(
    ("arn", "found"),
    [pytest.param(f"{TOPIC}:1", f"{TOPIC}:1", id="confirmed"), pytest.param("PendingConfirmation", None, id="waiting")],
)
def test_a_subscription_is_found_by_what_it_is(arn: str, found: str | None) -> None:
    other = {"SubscriptionArn": f"{TOPIC}:2", "Protocol": "sqs", "Endpoint": "b"}
    ours = {"SubscriptionArn": arn, "Protocol": "sqs", "Endpoint": "a"}

    assert sns_subscription._ours([other, ours], {"spec": {"protocol": "sqs", "endpoint": "a"}}) == found


def test_a_subscription_that_nobody_confirmed_is_left_to_aws(
    land: Land, name: str, control: EmulatorControl, monkeypatch: pytest.MonkeyPatch
) -> None:
    external = land.external("sns", "TopicSubscription")
    arn = f"arn:aws:sns:us-east-1:123456789012:{land.made('sns', 'Topic', name)}"
    made = create(
        external,
        declared(land, "sns", "TopicSubscription", name, topicArn=arn, protocol="email", endpoint="me@example.com"),
    )
    client = external.account.clients.patient
    looked = client.get_subscription_attributes
    pending = {**looked(SubscriptionArn=made.external_name)["Attributes"], "PendingConfirmation": "true"}
    monkeypatch.setattr(client, "get_subscription_attributes", lambda **_: {"Attributes": pending})

    assert external.observe(made).at_provider["pendingConfirmation"] is True
    external.delete(made)

    assert control.count("sns:Unsubscribe") == 0
    assert not external.observe(made).exists


def test_a_filter_is_changed_after_its_scope(land: Land, name: str, control: EmulatorControl) -> None:
    external = land.external("sns", "TopicSubscription")
    arn = f"arn:aws:sns:us-east-1:123456789012:{land.made('sns', 'Topic', name)}"
    where = {"topicArn": arn, "protocol": "sqs", "endpoint": f"arn:aws:sqs:us-east-1:123456789012:{name}"}
    made = create(external, declared(land, "sns", "TopicSubscription", name, **where))
    wanted = changed(made, filterPolicy='{"a": {"b": ["c"]}}', filterPolicyScope="MessageBody")

    external.update(wanted, external.observe(wanted))

    assert external.observe(wanted).drift == ()
    assert control.count("sns:SetSubscriptionAttributes") == 2
