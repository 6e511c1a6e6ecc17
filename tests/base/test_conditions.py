import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosshead.base import conditions, names
from crosshead.base.conditions import Condition

OLD, NOW = "2024-01-01T00:00:00Z", "2024-02-02T00:00:00Z"
READY = Condition("Ready", "True", "Available", since=OLD)
SYNCED = Condition("Synced", "True", "ReconcileSuccess", since=OLD)

any_condition = st.builds(
    Condition,
    type=st.sampled_from(["Ready", "Synced", "Custom"]),
    status=st.sampled_from(["True", "False", "Unknown"]),
    reason=st.text(max_size=3),
    message=st.text(max_size=3),
)


@pytest.mark.parametrize(
    ("condition", "type", "status", "reason", "message"),
    [
        (conditions.available(), "Ready", "True", "Available", ""),
        (conditions.unavailable("why"), "Ready", "False", "Unavailable", "why"),
        (conditions.creating("a"), "Ready", "False", "Creating", "a"),
        (conditions.deleting(), "Ready", "False", "Deleting", ""),
        (conditions.waiting("w"), "Ready", "False", "Waiting", "w"),
        (conditions.synced(), "Synced", "True", "ReconcileSuccess", ""),
        (conditions.sync_error("e"), "Synced", "False", "ReconcileError", "e"),
        (conditions.paused(), "Synced", "False", "ReconcilePaused", names.PAUSED_MESSAGE),
    ],
)
def test_conditions_use_crossplanes_words(condition, type, status, reason, message):
    assert condition == Condition(type, status, reason, message)


@pytest.mark.parametrize(
    ("news", "since"),
    [
        pytest.param(conditions.available(), OLD, id="repeating the same news changes nothing"),
        pytest.param(conditions.creating(), NOW, id="a new status moves the time"),
        pytest.param(Condition("Ready", "True", "Available", "m"), NOW, id="a new message moves the time"),
    ],
)
def test_the_transition_time_moves_with_the_news(news, since):
    [marked] = conditions.mark([READY], news, now=NOW)

    assert marked.since == since


def test_a_new_generation_moves_the_time():
    [marked] = conditions.mark([READY], conditions.available(), now=NOW, generation=2)

    assert (marked.since, marked.observed_generation) == (NOW, 2)


def test_other_conditions_stay_and_all_are_sorted_by_type():
    marked = conditions.mark([SYNCED, READY], Condition("Custom", "True", "R"), now=NOW)

    assert [c.type for c in marked] == ["Custom", "Ready", "Synced"]
    assert marked[1:] == (READY, SYNCED)


@given(any_condition)
def test_the_same_news_a_second_time_changes_nothing(news):
    once = conditions.mark([READY, SYNCED], news, now=OLD)

    assert conditions.mark(once, news, now=NOW) == once


@given(any_condition)
def test_what_is_written_is_read_again(condition):
    raw = conditions.write(conditions.mark([], condition, now=NOW, generation=4))

    [read] = conditions.read({"status": {"conditions": raw}})

    assert read == Condition(condition.type, condition.status, condition.reason, condition.message, 4, NOW)


def test_what_is_empty_is_not_written():
    assert conditions.write([READY]) == [
        {"type": "Ready", "status": "True", "reason": "Available", "lastTransitionTime": OLD}
    ]


def test_message_and_generation_are_written_when_there_are_any():
    [raw] = conditions.write([Condition("Ready", "False", "Creating", "why", 3, OLD)])

    assert (raw["message"], raw["observedGeneration"]) == ("why", 3)


@pytest.mark.parametrize(
    ("obj", "type", "expected"),
    [
        pytest.param({"status": {"conditions": conditions.write([READY])}}, "Ready", True, id="true"),
        pytest.param({"status": {"conditions": conditions.write([READY])}}, "Synced", False, id="not there"),
        pytest.param({}, "Ready", False, id="no status yet"),
    ],
)
def test_a_condition_is_true_only_when_it_says_so(obj, type, expected):
    assert conditions.is_true(obj, type) is expected
