"""A function that hangs, lies, answers too much or is not there: one clear error, the same words each time."""

import threading
import time

import grpc
import pytest
from crossplane.function.proto.v1 import run_function_pb2 as fnv1
from google.protobuf import struct_pb2

from crosshead.base.errors import StalledError, TransientError
from crosshead.compose.protocol import Request, Resource, Response, State
from crosshead.functions import failures, messages
from crosshead.functions.failures import Failure
from tests.functions import misbehaving
from tests.functions.cluster import runner_at
from tests.functions.misbehaving import V1BETA1

REQUEST = Request(observed=State(Resource({"kind": "XR"})))


def run(target, request=REQUEST, **options):
    runner = runner_at(target, **options)
    try:
        return runner.run("fn", request)
    finally:
        runner.close()


def error_of(target, request=REQUEST, **options):
    with pytest.raises((StalledError, TransientError)) as caught:
        run(target, request, **options)
    assert caught.value.reason == "RunFunction"
    return type(caught.value), caught.value.message.replace(target, "TARGET")


def test_nobody_is_there():
    kind, message = error_of(misbehaving.nobody())

    assert kind is TransientError
    assert message == (
        'cannot run Function "fn": rpc error: code = Unavailable desc = cannot reach TARGET: connection refused'
    )


def test_it_hangs():
    with misbehaving.hanging() as (target, _):
        kind, message = error_of(target, timeout=0.3)

    assert kind is TransientError
    assert message == (
        'cannot run Function "fn": rpc error: code = DeadlineExceeded desc = no answer from TARGET within 0.3 s'
    )


def test_it_takes_the_connection_and_says_nothing():
    over = threading.Event()
    with misbehaving.raw(lambda _: over.wait(5)) as target:
        kind, message = error_of(target, timeout=0.3)
        over.set()

    assert (kind, message.rpartition(" desc = ")[2]) == (TransientError, "no answer from TARGET within 0.3 s")


@pytest.mark.parametrize(
    "server",
    [
        pytest.param(misbehaving.web_server, id="a web server"),
        pytest.param(lambda: misbehaving.raw(lambda s: s.sendall(b"\x00garbage\xff" * 50)), id="garbage"),
    ],
)
def test_what_listens_there_is_no_function(server):
    with server() as target:
        kind, message = error_of(target)

    assert (kind, message.rpartition(": ")[2]) == (TransientError, "what listens there does not speak gRPC")


def test_it_hangs_up():
    with misbehaving.raw(lambda s: s.close()) as target:
        kind, message = error_of(target)

    assert (kind, message.rpartition(": ")[2]) == (TransientError, "the connection broke")


def test_its_target_is_none():
    kind, message = error_of("dns:///not a name:9443")

    assert (kind, message.rpartition(": ")[2]) == (TransientError, "it is no gRPC target")


def test_it_answers_a_hundred_megabytes():
    with misbehaving.function(lambda *_: b"x" * 100_000_000) as target:
        kind, message = error_of(target, timeout=30)

    assert kind is StalledError
    assert message.endswith("code = ResourceExhausted desc = TARGET answered with a larger message than we take")


def test_it_answers_a_little_that_unpacks_into_a_lot():
    with misbehaving.function(lambda *_: bytes(60_000_000), compression=grpc.Compression.Gzip) as target:
        kind, message = error_of(target, timeout=30)

    assert (kind, message.endswith("TARGET answered with a larger message than we take")) == (StalledError, True)


def test_the_request_is_too_large_for_it():
    request = Request(observed=State(Resource({"data": "x" * 5_000_000})))

    with misbehaving.function(lambda *_: b"") as target:
        kind, message = error_of(target, request)

    assert (kind, message.endswith("desc = the request is larger than TARGET takes")) == (StalledError, True)


def test_it_answers_bytes_that_are_no_response():
    with misbehaving.function(lambda *_: b"<html>") as target:
        kind, message = error_of(target)

    assert kind is StalledError
    assert 'cannot run Function "fn": TARGET answered nonsense: ' in message
    assert "these bytes are not a RunFunctionResponse" in message


def test_it_answers_what_no_object_can_hold():
    answer = fnv1.RunFunctionResponse()
    answer.desired.resources["db"].resource.fields["n"].CopyFrom(struct_pb2.Value(number_value=float("nan")))

    with misbehaving.function(lambda *_: answer.SerializeToString()) as target:
        kind, message = error_of(target)

    assert (kind, "desired.resources['db'].resource.n: nan is not a JSON number" in message) == (StalledError, True)


def test_it_fails_inside():
    def answer(_data, _context):
        raise ValueError("no such thing\n  as this")

    with misbehaving.function(answer) as target:
        kind, message = error_of(target)

    assert kind is TransientError
    assert message.endswith("rpc error: code = Unknown desc = Exception calling application: no such thing as this")


@pytest.mark.parametrize(
    ("code", "kind", "name"),
    [
        pytest.param(grpc.StatusCode.INVALID_ARGUMENT, StalledError, "InvalidArgument", id="it refuses the request"),
        pytest.param(grpc.StatusCode.PERMISSION_DENIED, StalledError, "PermissionDenied", id="it refuses us"),
        pytest.param(grpc.StatusCode.INTERNAL, TransientError, "Internal", id="it has trouble"),
        pytest.param(grpc.StatusCode.RESOURCE_EXHAUSTED, TransientError, "ResourceExhausted", id="it has enough"),
        pytest.param(grpc.StatusCode.ABORTED, TransientError, "Aborted", id="it gave up"),
    ],
)
def test_what_it_refuses_is_told_in_its_own_words(code, kind, name):
    with misbehaving.function(lambda _, context: context.abort(code, "not you")) as target:
        assert error_of(target) == (kind, f'cannot run Function "fn": rpc error: code = {name} desc = not you')


def test_what_it_says_at_length_is_cut():
    abort = grpc.StatusCode.INVALID_ARGUMENT
    with misbehaving.function(lambda _, context: context.abort(abort, "no " * 200)) as target:
        _, message = error_of(target)

    assert len(message) < 400
    assert message.endswith("…")


def test_it_serves_another_protocol():
    with misbehaving.function(lambda *_: b"", ["apiextensions.fn.proto.v2"]) as target:
        kind, message = error_of(target)

    assert (kind, "serves neither v1 nor v1beta1 of apiextensions.fn.proto" in message) == (StalledError, True)


def test_an_old_one_is_asked_in_its_own_version_with_the_same_bytes():
    asked = []
    answer = messages.response_to_bytes(Response(tag="old"))

    with misbehaving.function(lambda data, _: asked.append(data) or answer, [V1BETA1]) as target:
        response = run(target)

    assert response == Response(tag="old")
    assert messages.request_from_bytes(asked[0]).observed == REQUEST.observed


def test_one_that_restarts_is_asked_again():
    target = misbehaving.nobody()
    back = threading.Event()

    def restart():
        time.sleep(0.15)
        with misbehaving.function(lambda *_: b"", port=int(target.rpartition(":")[2])):
            back.wait(10)

    thread = threading.Thread(target=restart)
    thread.start()
    try:
        assert run(target) == Response()
    finally:
        back.set()
        thread.join()


def test_one_that_hangs_holds_few_threads_and_is_free_again_when_it_answers():
    release = threading.Event()
    calls = []

    def answer(data, _context):
        calls.append(data)
        return b"" if release.is_set() else release.wait(30) and b""

    with misbehaving.function(answer) as target:
        runner = runner_at(target, timeout=0.4)
        with pytest.raises(TransientError) as first:
            runner.run("fn", REQUEST)
        outcomes = _together(lambda: runner.run("fn", REQUEST), 6)
        release.set()
        answered = runner.run("fn", REQUEST)
        all_at_once = _together(lambda: runner.run("fn", REQUEST), 6)
        runner.close()

    assert outcomes == [first.value.message] * 6
    assert (answered, all_at_once) == (Response(), ["Response"] * 6)
    assert len(calls) == 1 + 2 + 1 + 6


def _together(work, count):
    outcomes = []

    def one():
        try:
            outcomes.append(type(work()).__name__)
        except TransientError as error:
            outcomes.append(error.message)

    threads = [threading.Thread(target=one) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


@pytest.mark.parametrize(
    ("details", "words"),
    [
        pytest.param("", "unavailable", id="nothing"),
        pytest.param("something new", "unavailable", id="something nobody has seen yet"),
        pytest.param(
            "lookup failed for fn.ns:9443: Domain name not found", "its name cannot be resolved", id="no name"
        ),
        pytest.param("ipv4:10.0.0.7:9443: connection attempt timed out", "nothing answers there", id="a black hole"),
    ],
)
def test_trouble_is_told_without_what_changes_in_it(details, words):
    error = failures.error(Failure(grpc.StatusCode.UNAVAILABLE, details), "fn", "t:1", 5)

    assert error.message.endswith(f"desc = cannot reach t:1: {words}")


@pytest.mark.parametrize(
    ("code", "name"), [(grpc.StatusCode.CANCELLED, "Canceled"), (grpc.StatusCode.DEADLINE_EXCEEDED, "DeadlineExceeded")]
)
def test_codes_are_spelt_as_go_spells_them(code, name):
    assert Failure(code, "").code_name == name
