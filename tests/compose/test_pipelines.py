"""A pipeline runs its functions one after the other, and again where they ask for it."""

import math
from dataclasses import replace

import pytest

from crosshead.base.errors import StalledError, TransientError
from crosshead.compose import pipelines
from crosshead.compose.pipelines import Credential, Step
from crosshead.compose.protocol import (
    Condition,
    Requirements,
    Resource,
    Result,
    SchemaSelector,
    Selector,
    Severity,
    State,
    Status,
    respond,
)

ANYTHING = Selector("v1", "ConfigMap")
OBSERVED = State(Resource({"kind": "XThing"}))


class FakeSurroundings:
    """Functions by name, objects by kind; remembers the requests."""

    def __init__(self, **functions):
        self.functions = functions
        self.objects = {}
        self.requests = []

    def run(self, function, request):
        self.requests.append(request)
        return self.functions[function](request)

    def fetch(self, selector):
        return self.objects.get(selector.kind, ())

    def schema(self, selector):
        return {"is": selector.kind}

    def credentials(self, credential):
        return {"key": f"{credential.namespace}/{credential.secret}".encode()}


def add(name):
    """Return a function that desires one more resource."""

    def function(request):
        resources = {**request.desired.resources, name: Resource({"kind": name})}
        return replace(respond(request), desired=replace(request.desired, resources=resources))

    return function


def tell(severity, message, **more):
    return lambda request: replace(respond(request), results=(Result(severity, message),), **more)


def run(world, *functions):
    return pipelines.run([Step(f"step-{f}", f) for f in functions], OBSERVED, world)


def test_each_function_sees_what_the_ones_before_it_desire():
    world = FakeSurroundings(a=add("one"), b=add("two"))

    outcome = run(world, "a", "b")

    assert set(outcome.desired.resources) == {"one", "two"}
    assert [set(r.desired.resources) for r in world.requests] == [set(), {"one"}]
    assert all(r.observed is OBSERVED for r in world.requests)


def test_what_a_function_leaves_out_is_no_longer_desired():
    world = FakeSurroundings(a=add("one"), b=lambda request: replace(respond(request), desired=State()))

    assert run(world, "a", "b").desired.resources == {}


def test_the_context_goes_from_function_to_function():
    world = FakeSurroundings(a=lambda request: replace(respond(request), context={"x": 1}), b=add("one"))

    outcome = pipelines.run([Step("s", "a"), Step("t", "b")], OBSERVED, world, {"x": 0})

    assert [r.context for r in world.requests] == [{"x": 0}, {"x": 1}]
    assert outcome.context == {"x": 1}


def test_results_and_conditions_are_collected_and_the_shortest_time_to_live_counts():
    condition = Condition("Fine", Status.TRUE, "Because")
    world = FakeSurroundings(
        a=tell(Severity.WARNING, "hm", ttl=30.0), b=tell(Severity.NORMAL, "ok", conditions=(condition,), ttl=0.0)
    )

    outcome = run(world, "a", "b")

    assert [(step, r.message) for step, r in outcome.results] == [("step-a", "hm"), ("step-b", "ok")]
    assert (outcome.conditions, outcome.ttl, outcome.fatal) == ((condition,), 30.0, "")


@pytest.mark.parametrize(
    ("ttls", "shortest"),
    [
        pytest.param((None, None), None, id="none"),
        pytest.param((30.0, 60.0), 30.0, id="the shortest"),
        pytest.param((-1.0, 60.0), 60.0, id="but one in the past"),
        pytest.param((math.inf, 60.0), 60.0, id="one for good"),
    ],
)
def test_an_outcome_lives_as_long_as_the_shortest_of_its_answers(ttls, shortest):
    one, other = ttls

    outcome = run(
        FakeSurroundings(a=tell(Severity.NORMAL, "", ttl=one), b=tell(Severity.NORMAL, "", ttl=other)), "a", "b"
    )

    assert outcome.ttl == shortest


def test_a_fatal_result_ends_the_pipeline_and_keeps_what_was_said_before():
    world = FakeSurroundings(a=tell(Severity.WARNING, "hm"), b=tell(Severity.FATAL, "no way"), c=add("one"))

    outcome = run(world, "a", "b", "c")

    assert outcome.fatal == 'pipeline step "step-b" returned a fatal result: no way'
    assert [r.message for _, r in outcome.results] == ["hm"]
    assert len(world.requests) == 2


def asking(*rounds):
    """Return a function that asks for other things each time, as long as there are *rounds*."""
    left = list(rounds)

    def function(request):
        return replace(
            respond(request), requirements=left.pop(0) if len(left) > 1 else left[0], context={"n": len(left)}
        )

    return function


def test_a_function_is_called_again_with_what_it_asks_for():
    wanted = Requirements(
        extra_resources={"old": ANYTHING}, resources={"new": ANYTHING}, schemas={"s": SchemaSelector("v1", "Pod")}
    )
    world = FakeSurroundings(a=asking(wanted))
    world.objects["ConfigMap"] = ({"kind": "ConfigMap"},)

    outcome = run(world, "a")

    first, second = world.requests
    assert (first.extra_resources, first.required_resources) == ({}, {})
    assert second.extra_resources == {"old": (Resource({"kind": "ConfigMap"}),)}
    assert second.required_resources == {"new": (Resource({"kind": "ConfigMap"}),)}
    assert second.required_schemas == {"s": {"is": "Pod"}}
    assert second.context == {"n": 1}
    assert set(outcome.required) == {ANYTHING}


def test_requirements_that_are_empty_but_there_mean_a_second_call():
    world = FakeSurroundings(a=asking(Requirements()))

    run(world, "a")

    assert len(world.requests) == 2


def test_a_function_may_stop_asking():
    world = FakeSurroundings(a=asking(Requirements(resources={"x": ANYTHING}), None))

    run(world, "a")

    assert len(world.requests) == 3


def test_a_function_that_never_stops_asking_is_an_error():
    endless = [Requirements(resources={str(n): ANYTHING}) for n in range(9)]
    world = FakeSurroundings(a=asking(*endless))

    with pytest.raises(TransientError, match=r'pipeline step "step-a": requirements didn\'t stabilize'):
        run(world, "a")

    assert len(world.requests) == 6


SPEC = {
    "pipeline": [
        {
            "step": "one",
            "functionRef": {"name": "f"},
            "input": {"apiVersion": "v1", "kind": "Input"},
            "credentials": [
                {"name": "login", "source": "Secret", "secretRef": {"namespace": "ns", "name": "s"}},
                {"name": "nothing", "source": "None"},
            ],
            "requirements": {
                "requiredResources": [
                    {"requirementName": "named", "apiVersion": "v1", "kind": "Pod", "name": "p", "namespace": "ns"},
                    {"requirementName": "labelled", "apiVersion": "v1", "kind": "Pod", "matchLabels": {"a": "b"}},
                ],
                "requiredSchemas": [{"requirementName": "shape", "apiVersion": "v1", "kind": "Pod"}],
            },
        }
    ]
}


def test_a_pipeline_is_read():
    (step,) = pipelines.plan(SPEC)

    assert (step.name, step.function, step.input) == ("one", "f", {"apiVersion": "v1", "kind": "Input"})
    assert step.credentials == (Credential("login", "ns", "s"),)
    assert step.required == {
        "named": Selector("v1", "Pod", match_name="p", namespace="ns"),
        "labelled": Selector("v1", "Pod", match_labels={"a": "b"}),
    }


def test_a_step_gets_its_input_its_credentials_and_what_the_composition_requires_for_it():
    world = FakeSurroundings(f=add("one"))
    world.objects["Pod"] = ({"kind": "Pod"},)

    pipelines.run(pipelines.plan(SPEC), OBSERVED, world)

    (request,) = world.requests
    assert request.input == {"apiVersion": "v1", "kind": "Input"}
    assert request.credentials == {"login": {"key": b"ns/s"}}
    assert set(request.required_resources) == {"named", "labelled"}
    assert request.required_schemas == {"shape": {"is": "Pod"}}


def test_a_pipeline_without_steps_is_none():
    with pytest.raises(StalledError, match=r"spec\.pipeline: Required value"):
        pipelines.plan({"mode": "Pipeline"})


def test_a_pipeline_that_names_a_step_twice_is_refused_with_the_path():
    step = {"step": "one", "functionRef": {"name": "f"}}

    with pytest.raises(StalledError, match=r'spec\.pipeline\[1\]\.step: Duplicate value: "one"'):
        pipelines.plan({"pipeline": [step, step]})
