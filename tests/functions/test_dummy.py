"""function-dummy answers what it is told to."""

from crosshead.compose.protocol import Ready, Request, Resource, Response, Result, Severity, State, respond
from crosshead.functions import dummy

DESIRED = State(Resource({"kind": "XR"}), {"a": Resource({"n": 1}), "b": Resource({"n": 2})})
REQUEST = Request(desired=DESIRED, context={"kept": {"deep": 1}}, tag="t")


def answer(response, request=REQUEST):
    return dummy.run(Request(request.observed, request.desired, {"response": response}, request.context, tag="t"))


def test_without_a_response_nothing_changes():
    assert dummy.run(REQUEST) == respond(REQUEST)
    assert answer({}) == respond(REQUEST)


def test_what_it_is_told_is_merged_over_the_request():
    told = answer({
        "desired": {
            "composite": {"resource": {"status": {"coolness": "I'M COOLER!"}}, "ready": "READY_TRUE"},
            "resources": {"a": {"resource": {"n": 5}}, "c": {"resource": {"n": 3}}},
        },
        "results": [{"severity": "SEVERITY_NORMAL", "message": "done"}],
        "context": {"new": True},
    })  # fmt: skip

    assert told.desired.composite == Resource({"kind": "XR", "status": {"coolness": "I'M COOLER!"}}, ready=Ready.TRUE)
    assert told.desired.resources == {"a": Resource({"n": 5}), "b": Resource({"n": 2}), "c": Resource({"n": 3})}
    assert told.context == {"kept": {"deep": 1}, "new": True}
    assert told.results == (Result(Severity.NORMAL, "done"),)
    assert (told.ttl, told.tag) == (60.0, "t")


def test_a_response_that_is_none_is_fatal_and_changes_nothing():
    told = answer({"desired": {"resuorces": {}}})

    assert told.desired == DESIRED
    assert [result.severity for result in told.results] == [Severity.FATAL]
    assert "unknown field 'resuorces'" in told.results[0].message


def test_a_request_without_input_is_answered():
    assert dummy.run(Request()) == Response(ttl=60.0)
