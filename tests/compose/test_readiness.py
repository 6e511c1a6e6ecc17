import pytest

from crosshead.compose import readiness
from crosshead.compose.dialects import Dialect
from crosshead.compose.readiness import BrokenCheckError, ReadinessError

OBJECT = {
    "status": {
        "conditions": [
            {"type": "Ready", "status": "True", "reason": "Available"},
            {"type": "Synced", "status": "False", "reason": "ReconcileError"},
        ],
        "name": "x",
        "count": 3,
        "half": 0.5,
        "on": True,
        "off": False,
        "nothing": None,
    }
}


def check(kind, path="", **more):
    return {"type": kind, "fieldPath": f"status.{path}", **more}


def condition(type=None, status=None):
    told = {"type": type, "status": status}
    return {"type": "MatchCondition", "matchCondition": {k: v for k, v in told.items() if v}}


@pytest.mark.parametrize(
    ("checks", "ready"),
    [
        pytest.param([], True, id="no checks: the condition Ready"),
        pytest.param([{"type": "None"}], True, id="none"),
        pytest.param([check("NonEmpty", "name")], True, id="something is there"),
        pytest.param([check("NonEmpty", "nothing")], True, id="null is something"),
        pytest.param([check("NonEmpty", "nope")], False, id="nothing is there"),
        pytest.param([check("MatchString", "name", matchString="x")], True, id="the string"),
        pytest.param([check("MatchString", "name", matchString="y")], False, id="another string"),
        pytest.param([check("MatchString", "nope", matchString="y")], False, id="no string"),
        pytest.param([check("MatchInteger", "count", matchInteger=3)], True, id="the integer"),
        pytest.param([check("MatchInteger", "count", matchInteger=4)], False, id="another integer"),
        pytest.param([check("MatchTrue", "on")], True, id="true"),
        pytest.param([check("MatchTrue", "off")], False, id="not true"),
        pytest.param([check("MatchFalse", "off")], True, id="false"),
        pytest.param([condition()], True, id="the condition Ready"),
        pytest.param([condition("Synced")], False, id="a condition that is false"),
        pytest.param([condition("Synced", "False")], True, id="a condition that should be false"),
        pytest.param([condition("Absent", "Unknown")], True, id="a condition that is not there is unknown"),
        pytest.param([{"type": "MatchCondition"}], True, id="a condition that nobody named"),
        pytest.param([{"type": "None"}, check("NonEmpty", "nope")], False, id="all of them"),
    ],
)
def test_a_resource_is_ready_when_all_checks_pass(checks, ready):
    assert readiness.is_ready(OBJECT, [readiness.read(raw) for raw in checks]) is ready


def test_without_checks_and_conditions_nothing_is_ready():
    assert not readiness.is_ready({}, [])


@pytest.mark.parametrize(
    ("status", "found"),
    [
        pytest.param({"conditions": []}, "Unknown", id="no conditions"),
        pytest.param({}, "Unknown", id="an empty status"),
        pytest.param(None, "Unknown", id="null for a status"),
        pytest.param({"conditions": [{"type": "Ready"}]}, "", id="a condition without status"),
        pytest.param({"conditions": "weird"}, "", id="conditions that are none"),
        pytest.param({"conditions": [{"type": "Ready", "status": True}]}, "", id="a status that is none"),
        pytest.param({"conditions": [{"type": "Ready", "status": "x"}, {"type": 1}]}, "", id="one bad one spoils all"),
        pytest.param("weird", "", id="a status of another kind"),
    ],
)
def test_a_status_that_holds_something_else_is_no_error(status, found):
    checks = [readiness.ConditionIs("Ready", found)]

    assert readiness.is_ready({"status": status}, checks)


def test_functions_crash_on_a_condition_that_nobody_named_and_we_say_so():
    checks = [readiness.read({"type": "MatchCondition"}, Dialect.FUNCTION)]

    with pytest.raises(BrokenCheckError, match=r"^cannot run readiness check at index 0: no matchCondition is given$"):
        readiness.is_ready(OBJECT, checks)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        pytest.param(
            check("MatchInteger", "half", matchInteger=1), "status.half: not a (int64) number", id="a fraction"
        ),
        pytest.param(check("MatchTrue", "count"), "status.count: not a bool", id="no boolean"),
        pytest.param(check("NonEmpty", "name.x"), "status.name: not an object", id="through a string"),
        pytest.param(
            check("NonEmpty", ".x"), "cannot parse path \"status..x\": unexpected '.' at position 7", id="no path"
        ),
    ],
)
def test_a_check_that_cannot_be_made_is_an_error(raw, words):
    with pytest.raises(ReadinessError) as caught:
        readiness.is_ready(OBJECT, [readiness.read({"type": "None"}), readiness.read(raw)])

    assert str(caught.value) == f"cannot run readiness check at index 1: {words}"


@pytest.mark.parametrize(
    ("raw", "path"),
    [
        ({}, "type"),
        ({"type": "X"}, "type"),
        ({"type": "MatchString", "fieldPath": "a", "matchString": ""}, "matchString"),
        ({"type": "MatchInteger", "fieldPath": "a", "matchInteger": 0}, "matchInteger"),
        ({"type": "MatchTrue"}, "fieldPath"),
        ({"type": "NonEmpty", "fieldPath": ""}, "fieldPath"),
        ({"type": "MatchCondition", "matchCondition": {"status": "True"}}, "matchCondition.type"),
        ({"type": "MatchCondition", "matchCondition": {"type": "Ready"}}, "matchCondition.status"),
    ],
)
def test_what_a_check_lacks_is_told(raw, path):
    assert readiness.fault(raw).path == path


@pytest.mark.parametrize(
    "raw",
    [
        {"type": "None"},
        {"type": "MatchCondition"},
        {"type": "MatchCondition", "matchCondition": {"type": "Ready", "status": "True"}},
        {"type": "MatchInteger", "fieldPath": "a", "matchInteger": 1},
    ],
)
def test_a_check_that_can_be_made_has_no_fault(raw):
    assert readiness.fault(raw) is None


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        ({"type": "MatchString", "fieldPath": "a"}, "matchString: Required value: cannot be nil for type MatchString"),
        (
            {"type": "MatchInteger", "fieldPath": "a"},
            "matchInteger: Required value: cannot be nil for type MatchInteger",
        ),
        ({"type": "MatchTrue"}, "fieldPath: Required value: cannot be empty"),
        ({"type": "MatchString", "fieldPath": "", "matchString": ""}, "None"),
        ({"type": "MatchInteger", "fieldPath": "a", "matchInteger": 0}, "None"),
    ],
)
def test_functions_miss_only_what_is_not_given_at_all(raw, fault):
    assert str(readiness.fault(raw, Dialect.FUNCTION)) == fault
