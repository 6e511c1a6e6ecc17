"""Conditions of composed resources become conditions and events of the composite."""

import pytest

from crosshead.compose.functions import status_transformer
from crosshead.compose.functions.extra_resources import EXTRA_RESOURCES
from crosshead.compose.functions.messages import MessageError
from crosshead.compose.protocol import Condition, Result, Severity, Status, Target
from tests.compose.functions.asking import request, showing

OBSERVED = {
    "cloud-a": showing(("Synced", "False", "ReconcileError", "code=403 denied"), ("Ready", "True", "Available", "")),
    "cloud-b": showing(("Synced", "True", "ReconcileSuccess", ""), ("Ready", "False", "Creating", "waits for 5")),
}
SUCCESS = Condition("StatusTransformationSuccess", Status.TRUE, "Available", target=Target.COMPOSITE)
OK = {"condition": {"type": "C", "status": "True", "reason": "Ok"}}
SET = Condition("C", Status.TRUE, "Ok", None, Target.COMPOSITE)
ANY = [{"type": "Any"}]


def matcher(name="cloud-a", *conditions, **more):
    return {"resources": [{"name": name}], "conditions": list(conditions), **more}


def hook(*matchers, sets=(OK,), **more):
    return {"matchers": list(matchers), "setConditions": list(sets), **more}


def ask(*hooks, context=None):
    return status_transformer.run(
        request({"statusConditionHooks": list(hooks)}, observed=OBSERVED, context=context), unparsed
    )


def unparsed(template, groups):
    raise MessageError(f"cannot parse template: {template} of {groups['Code']}")


def failure(reason, message):
    return Condition(SUCCESS.type, Status.FALSE, reason, message, Target.COMPOSITE)


def has(type, status=None, **more):
    return {"type": type, "status": status, **more}


@pytest.mark.parametrize(
    "one",
    [
        pytest.param(matcher("cloud-a", has("Ready", "True"), has("Synced", "False")), id="all of one"),
        pytest.param(matcher("cloud-a", has("Nope", "Unknown")), id="one that it does not show"),
        pytest.param(matcher("cloud-a", has("Synced", reason="ReconcileError")), id="by reason"),
        pytest.param(matcher("cloud-b", has("Ready", message="for")), id="by a part of the message"),
        pytest.param(matcher("cloud-.*", has("Ready", "True"), type="AnyResourceMatchesAllConditions"), id="any, all"),
        pytest.param(
            matcher(".*", has("Nope", "True"), has("Ready", "False"), type="AnyResourceMatchesAnyCondition"),
            id="any, any",
        ),
        pytest.param(
            matcher(".*", has("Ready", "True"), has("Synced", "True"), type="AllResourcesMatchAnyCondition"),
            id="all, any",
        ),
        pytest.param({"conditions": [has("Nope")], "includeCompositeAsResource": True}, id="the composite"),
    ],
)
def test_what_matches_sets_a_condition(one):
    assert ask(hook(one)).conditions == (SET, SUCCESS)


@pytest.mark.parametrize(
    "one",
    [
        pytest.param(matcher("cloud-.*", has("Ready", "True")), id="not all"),
        pytest.param(
            matcher("cloud-.*", has("Ready", "True"), type="Bogus"), id="not all, by a type that nobody knows"
        ),
        pytest.param(
            matcher("cloud-a", has("Ready", "True"), has("Synced", "True"), type="AnyResourceMatchesAllConditions"),
            id="none has all",
        ),
        pytest.param(
            matcher("cloud-a", has("Ready", "False"), type="AnyResourceMatchesAnyCondition"), id="none has any"
        ),
        pytest.param(
            matcher("cloud-a", has("Ready", "False"), type="AllResourcesMatchAnyCondition"), id="one has none"
        ),
        pytest.param(matcher("cloud-a", has("Synced", message="code=5")), id="another message"),
        pytest.param(matcher("zz", has("Ready")), id="no resource"),
        pytest.param(matcher("cloud-a"), id="no conditions"),
        pytest.param(None, id="nothing"),
    ],
)
def test_what_does_not_match_sets_none(one):
    assert ask(hook(one)).conditions == (SUCCESS,)


def test_all_matchers_must_match():
    assert ask(hook(matcher("cloud-a", has("Ready")), matcher("cloud-b", has("Ready", "True")))).conditions == (
        SUCCESS,
    )
    assert ask(hook(), None).conditions == (SUCCESS,)


CODE = matcher("cloud-a", has("Synced", message=r"code=(?P<Code>\d+)"))


@pytest.mark.parametrize(
    ("one", "message"),
    [
        pytest.param(CODE, "code 403", id="a group"),
        pytest.param(matcher("cloud-a", has("Synced", message=r"code=(\d+)")), "code <no value>", id="without a name"),
        pytest.param(matcher("cloud-a", has("Synced", message="code")), "code {{ .Code }}", id="no group at all"),
        pytest.param({**CODE, "type": "AnyResourceMatchesAnyCondition"}, "code 403", id="of any"),
        pytest.param({**CODE, "type": "AnyResourceMatchesAllConditions"}, "code 403", id="of any that has all"),
        pytest.param({**CODE, "type": "AllResourcesMatchAnyCondition"}, "code 403", id="of all"),
    ],
)
def test_a_message_says_what_the_groups_caught(one, message):
    told = {"condition": {"type": "C", "message": "code {{ .Code }}"}, "target": "CompositeAndClaim"}
    event = {"event": {"type": "Warning", "reason": "E", "message": "code {{ .Code }}"}, "target": "CompositeAndClaim"}

    response = ask(hook(one, sets=[told], createEvents=[event, None]))

    target = Target.COMPOSITE_AND_CLAIM
    assert response.conditions[0] == Condition("C", Status.UNKNOWN, "", message, target)
    assert response.results[0] == Result(Severity.WARNING, message, "E", target)
    assert response.results[1] == Result(Severity.NORMAL, "", None, Target.COMPOSITE)


def test_a_condition_is_set_once_unless_by_force():
    again = {**OK, "force": True}
    one = matcher("cloud-a", has("Ready"))

    assert ask(hook(one), hook(one)).conditions == (SET, SUCCESS)
    assert ask(hook(one), hook(one, sets=[again])).conditions == (SET, SET, SUCCESS)


@pytest.mark.parametrize(
    ("told", "reason", "message"),
    [
        (
            hook(matcher("(", has("Ready"))),
            "MatchFailure",
            (
                "cannot match resources, statusConditionHookIndex: 0, matchConditionIndex: 0: cannot "
                "compile resource key regex, resourcesIndex: 0: error parsing regexp: missing closing "
                "): `(`"
            ),
        ),
        (
            hook(matcher("cloud-a", has("Ready", message="("))),
            "MatchFailure",
            (
                "cannot match resources, statusConditionHookIndex: 0, matchConditionIndex: 0: cannot "
                "compile message regex: error parsing regexp: missing closing ): `(`"
            ),
        ),
        (
            hook(CODE, sets=[{"condition": {"message": "{{"}}]),
            "SetConditionFailure",
            (
                "cannot set condition, statusConditionHookIndex: 0, setConditionIndex: 0: cannot parse "
                "template: {{ of 403"
            ),
        ),
        (
            hook(CODE, sets=[], createEvents=[{"event": {"message": "{{"}}]),
            "SetConditionFailure",
            ("cannot create event, statusConditionHookIndex: 0, createEventIndex: 0: cannot parse template: {{ of 403"),
        ),
        (
            hook(CODE, sets=[], createEvents=[{"event": {"type": "Fatal"}}]),
            "SetConditionFailure",
            (
                "cannot create event, statusConditionHookIndex: 0, createEventIndex: 0: invalid type "
                "Fatal, must be one of [Normal, Warning]"
            ),
        ),
    ],
)
def test_what_goes_wrong_is_told_in_a_condition(told, reason, message):
    response = ask(told)

    assert response.conditions == (failure(reason, message),)
    assert response.results == ()


def test_an_input_that_does_not_fit_is_told_in_a_condition():
    (told,) = status_transformer.run(request({"statusConditionHooks": 1})).conditions

    assert (told.reason, told.status) == ("InputFailure", Status.FALSE)
    assert told.message.startswith("cannot get Function input from *v1.RunFunctionRequest: cannot get function input")


def test_extra_resources_can_be_matched():
    found = {"apiVersion": "apps/v1", "kind": "D", "metadata": {"name": "x", "namespace": "ns"}}
    one = matcher(r"^extra-resource\.into\.apps\.D\.ns\.x$", has("Ready"), includeExtraResources=True)

    assert ask(hook(one), context={EXTRA_RESOURCES: {"into": [found]}}).conditions == (SET, SUCCESS)
    assert ask(hook(one)).conditions == (SUCCESS,)


@pytest.mark.parametrize(
    ("told", "complaint"),
    [
        ("str", "unexpected extra-resources type: string"),
        (1, "unexpected extra-resources type: float64"),
        (True, "unexpected extra-resources type: bool"),
        ({"into": {}}, "unexpected extra-resources value type for into: map[string]interface {}"),
        ({"into": [None]}, "unexpected extra-resources value type for into [0]: <nil>"),
    ],
)
def test_extra_resources_that_are_none_end_it(told, complaint):
    one = matcher("x", has("Ready"), includeExtraResources=True)

    conditions = ask(hook(one), hook(matcher("cloud-a", has("Ready"))), context={EXTRA_RESOURCES: told}).conditions

    assert conditions == (failure("InputFailure", f"cannot load extra-resources: {complaint}"),)


def test_somebody_else_renders_what_is_more_than_fields():
    request_ = request(
        {"statusConditionHooks": [hook(CODE, sets=[{"condition": {"type": "C", "message": "{{ . }}"}}])]},
        observed=OBSERVED,
    )

    response = status_transformer.run(request_, lambda template, groups: template + groups["Code"])

    assert response.conditions[0].message == "{{ . }}403"
