"""What comes later waits for what comes before."""

import pytest

from crosshead.compose.functions import sequencer
from crosshead.compose.protocol import Ready, Resource, State
from tests.compose.functions.asking import fatal, is_ready, request, resources, said, thing


def ask(*rules, desired=None, observed=None, **told):
    rules = [{"sequence": one.split()} if isinstance(one, str) else one for one in rules]
    return sequencer.run(request({"rules": rules, **told}, desired=desired, observed=observed))


A, B, READY_A = {"a": thing()}, {"b": thing()}, {"a": is_ready(thing())}
DELAYED = 'Delaying creation of resource(s) matching "b" because "a"'


@pytest.mark.parametrize(
    ("rule", "desired", "observed", "left", "words"),
    [
        pytest.param("a b", READY_A | B, {}, "a b", [], id="what comes before is ready"),
        pytest.param("a b", A | B, {}, "a", [f"{DELAYED} is not fully ready (0 of 1)"], id="it is not ready"),
        pytest.param("a b", B, {}, "", [f"{DELAYED} does not exist yet"], id="it is not there"),
        pytest.param("a b", A | B, B, "a b", [], id="what exists is left alone"),
        pytest.param(
            "a.* b",
            {"a1": is_ready(thing()), "a2": thing()} | B,
            {},
            "a1 a2",
            ['Delaying creation of resource(s) matching "b" because "a.*" is not fully ready (1 of 2)'],
            id="a pattern",
        ),
        pytest.param("^a b", {"ax": is_ready(thing())} | B, {}, "ax b", [], id="a pattern anchored at one end"),
        pytest.param(
            {"sequence": ["a", None]},
            A,
            {},
            "a",
            ['Delaying creation of resource(s) matching "" because "a" is not fully ready (0 of 1)'],
            id="nothing",
        ),
        pytest.param({"sequence": ["a", "b"], "deleteOnly": True}, A | B, {}, "a b", [], id="only for deletion"),
        pytest.param(
            {"sequence": ["a", "b"], "condition": "true"},
            A | B,
            {},
            "a",
            [f"{DELAYED} is not fully ready (0 of 1)"],
            id="the condition is met",
        ),
        pytest.param(
            {"sequence": ["a", "b"], "condition": "1 > 2"},
            A | B,
            {},
            "a b",
            ['Skipping sequence [a b]: condition "1 > 2" evaluated to false'],
            id="it is not met",
        ),
        pytest.param(None, A, {}, "a", [], id="no rule"),
    ],
)
def test_what_must_wait_is_left_out(rule, desired, observed, left, words):
    response = ask(rule, desired=desired, observed=observed)

    assert sorted(response.desired.resources) == left.split()
    assert said(response) == words


@pytest.mark.parametrize(
    ("rule", "complaint"),
    [
        ("a (", "cannot compile regex (: error parsing regexp: missing closing ): `^($`"),
        (
            {"sequence": ["a"], "condition": "'x'"},
            "cannot evaluate condition \"'x'\" for sequence [a]: CEL condition must return bool, got string",
        ),
        (
            {"sequence": [], "condition": "dyn('x')"},
            "cannot evaluate condition \"dyn('x')\" for sequence []: CEL condition result is not bool",
        ),
        (
            {"sequence": ["a"], "condition": "nope"},
            (
                'cannot evaluate condition "nope" for sequence [a]: cannot type-check CEL condition: '
                "ERROR: <input>:1:1: undeclared"
            ),
        ),
    ],
)
def test_a_rule_that_cannot_be_followed_is_refused_and_changes_nothing(rule, complaint):
    response = ask(rule, desired=A)

    assert fatal(response).startswith(complaint)
    assert list(response.desired.resources) == ["a"]


def test_what_was_said_before_a_refusal_stays_said():
    response = ask("a b", "a (", desired=A | B)

    assert said(response)[0].startswith(DELAYED)
    assert list(response.desired.resources) == ["a", "b"]


def test_the_composite_is_made_to_wait_too():
    told = {"rules": [{"sequence": ["a", "b"]}], "resetCompositeReadiness": True}
    with_composite = request(told, state=State(Resource({}, ready=Ready.TRUE), resources(A | B)))

    assert sequencer.run(with_composite).desired.composite.ready is Ready.FALSE
    assert said(sequencer.run(request(told, desired=A | B)))[-1] == (
        "cannot reset composite readiness: no earlier step desires a composite resource"
    )


PAIR = {"a": thing("n-a", "KA"), "b": thing("n-b", "KB")}


def test_what_exists_is_deleted_in_order():
    response = ask("a b", desired=READY_A | B, observed=PAIR, enableDeletionSequencing=True, replayDeletion=True)

    usage = response.desired.resources["b-a-usage"]
    assert usage.ready is Ready.TRUE
    assert usage.resource["metadata"]["name"] == "kb-n-b-ka-n-a-375bd6-dependency"
    assert usage.resource["spec"] == {
        "of": {"apiVersion": "v1", "kind": "KA", "resourceRef": {"name": "n-a"}},
        "by": {"apiVersion": "v1", "kind": "KB", "resourceRef": {"name": "n-b"}},
        "reason": "dependency",
        "replayDeletion": True,
    }


@pytest.mark.parametrize(
    ("rule", "observed", "usages"),
    [
        pytest.param("a b", {"a": PAIR["a"]}, [], id="not before it exists"),
        pytest.param("a b", {"b": PAIR["b"]}, [], id="not of what does not exist"),
        pytest.param({"sequence": ["a", "b"], "createOnly": True}, PAIR, [], id="not when it is only for creation"),
        pytest.param({"sequence": ["a", "b"], "condition": "false"}, PAIR, ["b-a-usage"], id="also when skipped"),
        pytest.param(
            "a .*",
            {**PAIR, "b": {"apiVersion": "protection.crossplane.io/v1beta1", "kind": "Usage"}},
            ["a-a-usage"],
            id="not by a usage",
        ),
    ],
)
def test_usages_are_made_only_where_they_mean_something(rule, observed, usages):
    response = ask(rule, desired=READY_A | B, observed=observed, enableDeletionSequencing=True)

    assert sorted(set(response.desired.resources) - {"a", "b"}) == usages


def test_usages_may_be_those_of_crossplane_1():
    response = ask("a b", desired=READY_A | B, observed=PAIR, enableDeletionSequencing=True, usageVersion="v1")

    assert response.desired.resources["b-a-usage"].resource["apiVersion"] == "apiextensions.crossplane.io/v1beta1"
    assert fatal(ask("( b", desired=A, enableDeletionSequencing=True)).startswith("cannot generate usages for sequence")


def test_a_response_may_be_kept_for_a_while():
    assert ask(cacheTTL="5m").ttl == 300
    assert fatal(ask(cacheTTL="zz")) == 'cannot set cacheTTL: time: invalid duration "zz"'
    assert fatal(ask(cacheTTL=5)).startswith("cannot get Function input from *v1.RunFunctionRequest")
