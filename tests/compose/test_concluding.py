"""What `rendering.conclude` makes of the resources that exist."""

import pytest

from crosshead.base.errors import StalledError
from crosshead.base.values import SecretValue
from crosshead.compose import rendering
from tests.compose.templates import ARN, COMPOSITE, OBSERVED, READY, REQUIRED, planned, template


def concluded(*templates, observed, secrets=None):
    plan = planned(*templates)
    return rendering.conclude(plan, COMPOSITE, rendering.render(plan, COMPOSITE, {}), observed, secrets or {})


def test_what_resources_report_comes_back():
    told = template(patches=[ARN], connectionDetails=[{"fromConnectionSecretKey": "password"}])
    observed = {"r": {**OBSERVED, "status": {"arn": "arn:x", "conditions": READY}}}

    conclusion = concluded(told, observed=observed, secrets={"r": {"password": b"hunter2"}})

    assert conclusion.composite == {**COMPOSITE, "status": {**COMPOSITE["status"], "arn": "arn:x"}}
    assert conclusion.written == {"status": {"arn": "arn:x"}}
    assert conclusion.ready == {"r": True}
    assert conclusion.connection == {"password": SecretValue("hunter2")}


@pytest.mark.parametrize(
    ("templates", "observed", "ready"),
    [
        pytest.param([template()], {}, {"r": False}, id="what does not exist is not ready"),
        pytest.param([template()], {"r": OBSERVED}, {"r": False}, id="what says nothing is not ready"),
        pytest.param(
            [template(patches=[REQUIRED])],
            {"r": {**OBSERVED, "status": {"conditions": READY}}},
            {"r": False},
            id="what cannot be rendered is not ready",
        ),
        pytest.param(
            [template(readinessChecks=[{"type": "None"}])],
            {"r": OBSERVED},
            {"r": True},
            id="what need not say anything is ready",
        ),
    ],
)
def test_readiness_is_told_of_every_resource(templates, observed, ready):
    assert concluded(*templates, observed=observed).ready == ready


@pytest.mark.parametrize(
    ("patches", "written"),
    [
        pytest.param([ARN], {"status": {"arn": "a"}}, id="one field"),
        pytest.param(
            [{**ARN, "toFieldPath": "status.list[1]"}], {"status": {"list": [None, "a"]}}, id="an array is whole"
        ),
        pytest.param(
            [ARN, {**ARN, "fromFieldPath": "status", "toFieldPath": "status"}],
            {"status": {"arn": "a"}},
            id="what a later patch replaced is whole",
        ),
        pytest.param([{**ARN, "toFieldPath": ""}], {}, id="nowhere"),
        pytest.param([{**ARN, "fromFieldPath": "status.nope"}], {}, id="nothing"),
    ],
)
def test_what_was_written_is_told_and_no_more(patches, written):
    conclusion = concluded(template(patches=patches), observed={"r": {**OBSERVED, "status": {"arn": "a"}}})

    assert conclusion.written == written


@pytest.mark.parametrize(
    ("more", "words"),
    [
        pytest.param(
            {"patches": [{**ARN, "policy": {"fromFieldPath": "Required"}}]},
            'composed resource "r": cannot apply the "ToCompositeFieldPath" patch at index 0: status: no such field',
            id="a required source that is not there",
        ),
        pytest.param(
            {"readinessChecks": [{"type": "MatchTrue", "fieldPath": "kind"}]},
            'cannot check readiness of composed resource "r": cannot run readiness check at index 0: kind: not a bool',
            id="a check that cannot be made",
        ),
    ],
)
def test_what_cannot_be_concluded_stalls(more, words):
    with pytest.raises(StalledError) as caught:
        concluded(template(**more), observed={"r": OBSERVED})

    assert (caught.value.reason, caught.value.message) == ("ComposeResources", words)
