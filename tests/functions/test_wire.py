"""Requests and responses in proto3 JSON: as protobuf's own reader and writer have them."""

import json

import pytest
from crossplane.function.proto.v1 import run_function_pb2 as fnv1
from google.protobuf import json_format
from hypothesis import given

from crosshead.base.errors import StalledError
from crosshead.compose.protocol import (
    Ready,
    Request,
    Requirements,
    Resource,
    Response,
    Result,
    SchemaSelector,
    Selector,
    Severity,
    State,
)
from crosshead.functions import messages, wire
from tests.conformance import copies
from tests.functions.strategies import REQUESTS, RESPONSES

ANSWERED = [row for table in ("patches", "xr-pipeline") for row in copies.rows(table) if "response" in row]


@given(REQUESTS)
def test_a_request_reads_back_as_it_was_written(request_):
    assert wire.request_from_json(wire.request_to_json(request_)) == request_


@given(RESPONSES)
def test_a_response_reads_back_as_it_was_written(response):
    assert wire.response_from_json(wire.response_to_json(response)) == response


@given(REQUESTS)
def test_protobuf_reads_a_request_as_we_do(request_):
    told = json.dumps(wire.request_to_json(request_))

    read = json_format.Parse(told, fnv1.RunFunctionRequest())

    assert messages.request_from_message(read) == request_


@given(RESPONSES)
def test_protobuf_reads_a_response_as_we_do(response):
    told = json.dumps(wire.response_to_json(response))

    read = json_format.Parse(told, fnv1.RunFunctionResponse())

    assert messages.response_from_message(read) == response


@given(RESPONSES)
def test_we_read_what_protobuf_writes(response):
    message = messages.response_to_message(response)

    told = json_format.MessageToDict(message)

    assert messages.response_from_message(message) == wire.response_from_json(told)


def test_the_tables_of_real_functions_read_as_protobuf_reads_them():
    differing = [row["id"] for row in ANSWERED if _with_protobuf(row) != _with_us(row)]

    assert (len(ANSWERED) > 700, differing) == (True, [])


def _with_protobuf(row):
    request = json_format.ParseDict(row["request"], fnv1.RunFunctionRequest())
    response = json_format.ParseDict(row["response"], fnv1.RunFunctionResponse())
    return messages.request_from_message(request), messages.response_from_message(response)


def _with_us(row):
    # Through a message, so that integers beyond a double's are what the wire leaves of them.
    request = messages.request_to_message(wire.request_from_json(row["request"]))
    return messages.request_from_message(request), wire.response_from_json(row["response"])


def test_field_names_are_taken_in_both_spellings():
    camel = {"requiredResources": {"x": {"items": [{"connectionDetails": {"p": "eA=="}}]}}}
    snake = {"required_resources": {"x": {"items": [{"connection_details": {"p": "eA=="}}]}}}

    read = Request(required_resources={"x": (Resource(connection_details={"p": b"x"}),)})
    assert wire.request_from_json(camel) == wire.request_from_json(snake) == read


def test_what_was_looked_for_and_not_found_is_there_and_empty():
    request = wire.request_from_json({"extraResources": {"x": {"items": []}}, "requiredSchemas": {"y": {}}})

    assert (request.extra_resources, request.required_schemas) == ({"x": ()}, {"y": None})
    assert wire.request_to_json(request) == {"extraResources": {"x": {}}, "requiredSchemas": {"y": {}}}


def test_absent_and_empty_are_told_apart_where_the_protocol_does():
    response = wire.response_from_json({"context": {}, "requirements": {}, "desired": {"composite": {}}})

    assert response == Response(desired=State(composite=Resource()), context={}, requirements=Requirements())
    assert wire.response_from_json({}) == Response()


def test_null_is_absent():
    told = {"meta": None, "desired": None, "results": None, "context": None}

    assert wire.response_from_json(told) == Response()


def test_a_whole_response_is_spelt_as_protobuf_spells_it():
    told = {
        "meta": {"tag": "t", "ttl": "60s"},
        "desired": {"resources": {"r": {"resource": {"n": 1}, "ready": "READY_TRUE"}}},
        "results": [{"severity": "SEVERITY_FATAL", "message": "m", "reason": "R", "target": "TARGET_COMPOSITE"}],
        "requirements": {
            "resources": {"a": {"apiVersion": "v1", "kind": "K", "matchLabels": {"labels": {"l": "v"}}}},
            "extraResources": {"b": {"apiVersion": "v1", "kind": "K", "matchName": "n", "namespace": "ns"}},
            "schemas": {"c": {"apiVersion": "v1", "kind": "K"}},
        },
        "conditions": [{"type": "T", "status": "STATUS_CONDITION_TRUE", "reason": "R", "message": "m"}],
    }

    response = wire.response_from_json(told)

    assert response.desired.resources == {"r": Resource({"n": 1}, ready=Ready.TRUE)}
    assert response.requirements == Requirements(
        {"b": Selector("v1", "K", match_name="n", namespace="ns")},
        {"a": Selector("v1", "K", match_labels={"l": "v"})},
        {"c": SchemaSelector("v1", "K")},
    )
    assert wire.response_to_json(response) == told


def test_lists_may_be_given_as_lists():
    assert wire.response_to_json(Response(results=[], conditions=[])) == {}
    assert wire.response_to_json(Response(results=[Result(Severity.NORMAL, "m")]))["results"][0]["message"] == "m"


def test_credentials_are_bytes():
    told = {"credentials": {"c": {"credentialData": {"data": {"user": "YWRt"}}}, "none": {}}}

    request = wire.request_from_json(told)

    assert request.credentials == {"c": {"user": b"adm"}, "none": {}}
    assert wire.request_to_json(request) == told


@pytest.mark.parametrize(
    ("written", "seconds", "again"),
    [
        pytest.param("60s", 60.0, "60s", id="whole"),
        pytest.param("1.5s", 1.5, "1.500s", id="milliseconds have three digits"),
        pytest.param("0.000001s", 0.000001, "0.000001s", id="microseconds have six"),
        pytest.param("0.000000001s", 1e-9, "0.000000001s", id="nanoseconds have nine"),
        pytest.param("-2.250s", -2.25, "-2.250s", id="negative"),
        pytest.param("0s", 0.0, "0s", id="none at all is not no duration"),
    ],
)
def test_durations_are_seconds(written, seconds, again):
    response = wire.response_from_json({"meta": {"ttl": written}})

    assert response.ttl == seconds
    assert wire.response_to_json(response) == {"meta": {"ttl": again}}


@pytest.mark.parametrize("written", ["_-8", "/+8=", "_-8=", "/+8"])
def test_base64_is_taken_in_both_alphabets_padded_or_not(written):
    told = {"desired": {"composite": {"connectionDetails": {"k": written}}}}

    assert wire.response_from_json(told).desired.composite.connection_details == {"k": b"\xff\xef"}


def test_enums_are_taken_by_number():
    told = {"meta": {"capabilities": [1, "CAPABILITY_CREDENTIALS"]}, "desired": {"composite": {"ready": 2}}}

    request = wire.request_from_json(told)

    assert request.capabilities == ("CAPABILITY_CAPABILITIES", "CAPABILITY_CREDENTIALS")
    assert request.desired.composite.ready is Ready.FALSE


@pytest.mark.parametrize(
    ("told", "words"),
    [
        pytest.param([], "the message: must be an object, not list", id="not a message"),
        pytest.param({"desried": {}}, "the message: unknown field 'desried'", id="an unknown field"),
        pytest.param({"meta": {"tga": ""}}, "meta: unknown field 'tga'", id="an unknown field of the meta"),
        pytest.param({"tag": "t"}, "the message: unknown field 'tag'", id="a field of the meta outside of it"),
        pytest.param({"meta": 1}, "meta: must be an object, not int", id="a meta that is none"),
        pytest.param({"desired": {"resources": []}}, "desired.resources: must be an object", id="a list for a map"),
        pytest.param(
            {"desired": {"resources": {"a": {"ready": "YES"}}}},
            r"desired.resources\['a'\].ready: 'YES' is not one of READY_UNSPECIFIED, READY_TRUE, READY_FALSE",
            id="an enum that does not exist",
        ),
        pytest.param({"results": [{"severity": True}]}, r"results\[0\].severity: True is not", id="a bool for an enum"),
        pytest.param({"results": {}}, "results: must be a list, not dict", id="a map for a list"),
        pytest.param({"results": [{"message": 1}]}, r"results\[0\].message: must be a string", id="a number for text"),
        pytest.param({"context": "x"}, "context: must be an object, not str", id="text for an object"),
        pytest.param(
            {"desired": {"composite": {"connectionDetails": {"k": "ä"}}}},
            r"desired.composite.connection_details\['k'\]: must be base64",
            id="bytes that are no base64",
        ),
        pytest.param({"meta": {"ttl": "60"}}, "ttl: '60' is not a duration, as 60s or 1.5s is", id="no unit"),
        pytest.param({"meta": {"ttl": 60}}, "ttl: 60 is not a duration", id="a number for a duration"),
    ],
)
def test_what_is_wrong_is_told_with_its_path(told, words):
    with pytest.raises(StalledError, match=f"cannot read function message: {words}") as caught:
        wire.response_from_json(told)

    assert caught.value.reason == "InvalidFunctionMessage"


@pytest.mark.parametrize("capability", ["CREDENTIALS", 6, -1, True, None])
def test_a_capability_that_does_not_exist_is_refused(capability):
    with pytest.raises(StalledError, match=r"capabilities\[0\]: .* is not one of CAPABILITY_UNSPECIFIED"):
        wire.request_from_json({"meta": {"capabilities": [capability]}})
