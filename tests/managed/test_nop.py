from datetime import UTC, datetime, timedelta

import pytest

from crosshead.base.conditions import Condition, creating
from crosshead.base.errors import StalledError
from crosshead.base.values import SecretValue
from crosshead.managed import nop

BORN = datetime(2030, 1, 1, tzinfo=UTC)


def after(time, type="Ready", status="True", **reason):
    return {"time": time, "conditionType": type, "conditionStatus": status, **reason}


def observe(*entries, age=0.0, **parameters):
    return nop.observe({"conditionAfter": list(entries), **parameters}, BORN, BORN + timedelta(seconds=age))


STORY = (
    after("10s", status="False", conditionReason="Creating"),
    after("30s", conditionReason="Available"),
    after("1m", status="False", conditionReason="Unavailable"),
)


@pytest.mark.parametrize(
    ("age", "ready", "again"),
    [
        pytest.param(0, creating(), 10, id="nothing is due: it is being created"),
        pytest.param(10, Condition("Ready", "False", "Creating"), 20, id="due to the second"),
        pytest.param(30, Condition("Ready", "True", "Available"), 30, id="the later entry wins"),
        pytest.param(3600, Condition("Ready", "False", "Unavailable"), None, id="the end of the story"),
    ],
)
@pytest.mark.parametrize("entries", [STORY, STORY[::-1]], ids=["in order", "in disorder"])
def test_conditions_come_when_they_are_due(entries, age, ready, again):
    seen = observe(*entries, age=age)

    assert (seen.exists, seen.ready, seen.again) == (True, ready, again)


def test_other_conditions_stand_beside_ready():
    seen = observe(after("0s"), after("0s", "Healthy", "False", conditionReason="Ill"), after("1h", "Healthy"))

    assert seen.ready == Condition("Ready", "True", "")
    assert seen.conditions == (Condition("Healthy", "False", "Ill"),)
    assert seen.again == 3600


def test_of_the_same_time_the_last_counts():
    assert observe(after("0s", status="False"), after("0s", status="True")).ready.status == "True"


def test_it_shows_its_fields_and_connection_details():
    seen = observe(fields={"a": 1}, connectionDetails=[{"name": "user", "value": "admin"}])

    assert seen.at_provider == {"fields": {"a": 1}}
    assert seen.connection == {"user": SecretValue("admin")}


def test_it_may_say_nothing_at_all():
    seen = nop.observe({}, BORN, BORN)

    assert (seen.at_provider, seen.connection, seen.again) == ({}, {}, None)


def test_a_time_that_is_none_names_its_field():
    with pytest.raises(StalledError, match=r"spec\.forProvider\.conditionAfter\[1\]\.time: 'soon' is not a duration"):
        observe(after("0s"), after("soon"))
