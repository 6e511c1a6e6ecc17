"""Requests and responses as protobuf messages: nothing lost but what a double cannot hold, nothing taken on trust."""

import datetime as dt
import functools
import hashlib

import pytest
from crossplane.function.proto.v1 import run_function_pb2 as fnv1
from crossplane.function.proto.v1beta1 import run_function_pb2 as fnv1beta1
from google.protobuf import struct_pb2
from hypothesis import given

from crosshead.base.errors import StalledError
from crosshead.compose.protocol import Ready, Request, Resource, Response, Severity, State, Status, Target
from crosshead.functions import messages
from tests.functions.strategies import REQUESTS, RESPONSES


@given(REQUESTS)
def test_a_request_arrives_as_it_was_sent(request_):
    assert messages.request_from_message(messages.request_to_message(request_)) == request_


@given(RESPONSES)
def test_a_response_arrives_as_it_was_sent(response):
    assert messages.response_from_bytes(messages.response_to_bytes(response)) == response


@given(REQUESTS)
def test_a_request_is_the_same_in_both_versions_of_the_protocol(request_):
    data = messages.request_to_bytes(request_)

    assert fnv1beta1.RunFunctionRequest.FromString(data).SerializeToString(deterministic=True) == data


def test_the_tag_is_the_hash_of_everything_but_the_meta():
    request = Request(observed=State(Resource({"b": 1, "a": 2})), capabilities=("CAPABILITY_CREDENTIALS",))
    bare = fnv1.RunFunctionRequest()
    bare.CopyFrom(messages.request_to_message(request))
    bare.ClearField("meta")

    sent = messages.request_from_bytes(messages.request_to_bytes(request))

    assert sent.tag == hashlib.sha256(bare.SerializeToString(deterministic=True)).hexdigest()
    assert sent.capabilities == request.capabilities


def test_equal_requests_have_equal_tags_whatever_the_order_of_their_keys():
    one = Request(input={"a": 1, "b": {"c": 2, "d": 3}})
    other = Request(input={"b": {"d": 3.0, "c": 2}, "a": 1}, capabilities=("CAPABILITY_CONDITIONS",))

    tags = [messages.request_from_bytes(messages.request_to_bytes(request)).tag for request in (one, other)]

    assert tags[0] == tags[1]


def test_a_tag_that_is_given_is_kept():
    assert messages.request_from_bytes(messages.request_to_bytes(Request(tag="mine"))).tag == "mine"


@pytest.mark.parametrize(
    ("sent", "arrives"),
    [
        pytest.param(3, 3, id="an integer is an integer again"),
        pytest.param(3.0, 3, id="a float without a fraction is an integer, as Go's JSON has it"),
        pytest.param(2**53 + 1, 2**53, id="an integer that a double cannot hold loses its end"),
        pytest.param(1e18, 10**18, id="a large one without a fraction"),
        pytest.param(1e20, 1e20, id="beyond 64 bits it stays a float"),
        pytest.param(0.5, 0.5, id="a fraction"),
        pytest.param(True, True, id="a bool is no number"),
        pytest.param(None, None, id="null is a value"),
        pytest.param([], [], id="an empty list"),
        pytest.param({}, {}, id="an empty object"),
        pytest.param((1, [2.0]), [1, [2]], id="tuples are lists"),
    ],
)
def test_numbers_are_doubles_on_the_way(sent, arrives):
    request = Request(context={"value": sent})

    back = messages.request_from_message(messages.request_to_message(request)).context["value"]

    assert (back, type(back)) == (arrives, type(arrives))


@pytest.mark.parametrize(
    ("value", "words"),
    [
        pytest.param(dt.date(2030, 1, 1), "date is not a JSON type", id="a date, as YAML reads it"),
        pytest.param(b"x", "bytes is not a JSON type", id="bytes"),
        pytest.param(10**400, "cannot be sent: ", id="an integer beyond every double"),
        pytest.param("\ud800", "cannot be sent: ", id="text that is not Unicode"),
    ],
)
def test_what_is_no_json_cannot_be_sent_and_its_path_is_told(value, words):
    request = Request(desired=State(resources={"db": Resource({"spec": {"list": [0, {"x": value}]}})}))

    with pytest.raises(StalledError, match=words) as caught:
        messages.request_to_bytes(request)

    assert "desired.resources['db'].resource.spec.list[1].x: " in caught.value.message


def test_a_key_that_is_no_text_cannot_be_sent():
    with pytest.raises(StalledError, match=r"input\.1: cannot be sent"):
        messages.request_to_bytes(Request(input={1: "x"}))


def test_what_is_nested_too_deeply_cannot_be_sent():
    with pytest.raises(StalledError, match="input: is nested too deeply"):
        messages.request_to_bytes(Request(input=nested(2000)))


def test_what_is_nested_too_deeply_is_not_taken():
    data = messages.response_to_bytes(Response(context=nested(50)))

    with pytest.raises(StalledError, match="or its objects are nested more than 33 levels deep"):
        messages.response_from_bytes(data)


def nested(levels):
    return functools.reduce(lambda inner, _: {"x": inner}, range(levels), {})


@pytest.mark.parametrize(
    ("value", "words"),
    [
        pytest.param(struct_pb2.Value(number_value=float("nan")), "nan is not a JSON number", id="not a number"),
        pytest.param(struct_pb2.Value(number_value=float("inf")), "inf is not a JSON number", id="infinity"),
        pytest.param(struct_pb2.Value(), "is a value of no kind", id="a value that is nothing at all"),
    ],
)
def test_what_json_cannot_express_is_not_taken_and_its_path_is_told(value, words):
    message = fnv1.RunFunctionResponse()
    values = message.desired.resources["db"].resource.fields["spec"].list_value.values
    values.add().struct_value.fields["x"].CopyFrom(value)

    with pytest.raises(StalledError, match=words) as caught:
        messages.response_from_bytes(message.SerializeToString())

    assert "desired.resources['db'].resource.spec[0].x: " in caught.value.message


@pytest.mark.parametrize("data", [b"\xff" * 9, b"<html>", b"\x12\x7f"], ids=["noise", "HTML", "cut off"])
def test_bytes_that_are_no_response_are_refused(data):
    with pytest.raises(StalledError, match="these bytes are not a RunFunctionResponse"):
        messages.response_from_bytes(data)


def test_nothing_at_all_is_an_empty_response():
    assert messages.response_from_bytes(b"") == Response()


def test_what_is_newer_than_we_are_is_unspecified():
    message = fnv1.RunFunctionResponse()
    message.desired.composite.ready = 17
    message.results.add(severity=99, message="m", target=9)
    message.conditions.add(type="T", status=44)

    response = messages.response_from_message(message)

    assert response.desired.composite.ready is Ready.UNSPECIFIED
    assert (response.results[0].severity, response.results[0].target) == (Severity.UNSPECIFIED, Target.UNSPECIFIED)
    assert (response.conditions[0].status, response.conditions[0].target) == (Status.UNSPECIFIED, None)


def test_capabilities_that_the_protocol_does_not_know_are_not_sent():
    request = Request(capabilities=("CAPABILITY_CREDENTIALS", "CAPABILITY_TELEPATHY"))

    assert messages.request_from_bytes(messages.request_to_bytes(request)).capabilities == ("CAPABILITY_CREDENTIALS",)
