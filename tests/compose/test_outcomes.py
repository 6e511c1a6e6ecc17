"""What a pipeline's outcome means: resources, readiness, status, conditions."""

import pytest

from crosshead.base import objects
from crosshead.compose import outcomes
from crosshead.compose.pipelines import Outcome
from crosshead.compose.protocol import Condition, Ready, Resource, State, Status, Target

COMPOSITE = {
    "apiVersion": "example.org/v1",
    "kind": "XThing",
    "metadata": {"name": "x", "uid": "u", "labels": {"crossplane.io/composite": "x"}},
}
CONFIG = {"apiVersion": "v1", "kind": "ConfigMap"}


def outcome(composite=None, conditions=(), **resources):
    return Outcome(State(composite, resources), conditions=conditions)


def test_resources_are_named_and_owned_sorted_by_their_name_in_the_composition():
    found = outcomes.rendered(outcome(b=Resource(CONFIG), a=Resource({**CONFIG, "data": {"n": 3.0}})), COMPOSITE, {})

    assert [one.name for one in found.resources] == ["a", "b"]
    first = found.resources[0].object
    assert objects.name(first).startswith("x-")
    assert objects.controller_uid(first) == "u"
    assert (first["data"]["n"], type(first["data"]["n"])) == (3, int)


def test_what_exists_keeps_its_name():
    existing = {**CONFIG, "metadata": {"name": "old", "generateName": "o-"}}

    found = outcomes.rendered(outcome(a=Resource({**CONFIG, "metadata": {"name": "new"}})), COMPOSITE, {"a": existing})

    assert objects.name(found.resources[0].object) == "old"


def test_a_name_that_the_function_gives_is_respected():
    found = outcomes.rendered(outcome(a=Resource({**CONFIG, "metadata": {"name": "mine"}})), COMPOSITE, {})

    assert objects.name(found.resources[0].object) == "mine"


@pytest.mark.parametrize(
    ("resource", "words"),
    [
        pytest.param({"kind": "ConfigMap"}, "apiVersion: Required value", id="no apiVersion"),
        pytest.param({"apiVersion": "v1", "kind": 3.0}, "kind: Required value", id="a kind that is no string"),
        pytest.param({**CONFIG, "metadata": "x"}, "metadata: not an object", id="metadata that is no object"),
        pytest.param({**CONFIG, "metadata": {"name": "No_"}}, 'it has an invalid name "No_"', id="an invalid name"),
    ],
)
def test_a_resource_that_cannot_exist_is_told(resource, words):
    (one,) = outcomes.rendered(outcome(a=Resource(resource)), COMPOSITE, {}).resources

    assert one.object is None
    assert words in one.error


def test_of_the_composite_only_the_status_counts():
    wanted = Resource({"spec": {"x": 1}, "status": {"n": 2.0, "conditions": [1]}}, {"key": b"v"})

    concluded = outcomes.conclusion(outcome(wanted, a=Resource(ready=Ready.TRUE), b=Resource()), COMPOSITE)

    assert concluded.written == {"status": {"n": 2}}
    assert concluded.ready == {"a": True, "b": False}
    assert {k: v.reveal() for k, v in concluded.connection.items()} == {"key": b"v"}


def test_a_pipeline_that_says_nothing_of_the_composite_leaves_it_without_status():
    assert outcomes.conclusion(outcome(), COMPOSITE).written == {"status": {}}


def test_conditions_of_the_system_are_not_for_functions_to_set():
    wanted = (
        Condition("Ready", Status.TRUE, "Mine"),
        Condition("Fine", Status.FALSE, "Old"),
        Condition("Fine", Status.TRUE, "New", "better", Target.COMPOSITE_AND_CLAIM),
        Condition("Odd", Status.UNSPECIFIED, "Why"),
        Condition("Synced", Status.TRUE, "Mine", target=Target.COMPOSITE_AND_CLAIM),
    )

    found = outcome(conditions=wanted)

    assert [(c.type, c.status, c.reason, c.message) for c in outcomes.conditions(found)] == [
        ("Fine", "True", "New", "better"),
        ("Odd", "Unknown", "Why", ""),
    ]
    assert outcomes.claim_condition_types(found) == ("Fine",)
