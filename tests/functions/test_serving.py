"""A built-in served as a function: both versions, mutual TLS or plaintext, and what it says to rubbish."""

import grpc
import pytest
from crossplane.function.proto.v1 import run_function_pb2 as fnv1

from crosshead.base.errors import StalledError, TransientError
from crosshead.compose.protocol import Request, Resource, State, respond
from crosshead.functions import grpc_client, serving
from crosshead.functions.connections import Connections
from crosshead.functions.failures import Failure
from crosshead.functions.registry import BuiltIns
from crosshead.functions.runner import FunctionRunner
from crosshead.functions.runtimes import METHODS
from tests.functions.cluster import NONE, Installed, function, revision, runner_at

REQUEST = Request(desired=State(resources={"a": Resource({"n": 1})}), tag="t")
DUMMY = BuiltIns({"function-dummy": "dummy"}).get("function-dummy")


@pytest.fixture
def served():
    running = serving.serve(DUMMY, "127.0.0.1:0", None)
    yield f"127.0.0.1:{running.port}"
    running.stop(0)


def failing(request):
    raise StalledError("Reason", "a bad thing") if request.input else ZeroDivisionError


def test_it_answers_as_it_does_in_process(served):
    runner = runner_at(served)

    response = runner.run("fn", REQUEST)

    assert response == DUMMY(REQUEST)
    assert response == respond(REQUEST)
    runner.close()


@pytest.mark.parametrize("method", METHODS)
def test_it_serves_both_versions(served, method):
    request = fnv1.RunFunctionRequest()
    request.meta.tag = "t"

    with grpc.insecure_channel(served) as channel:
        answer = channel.unary_unary(method)(request.SerializeToString(), timeout=5)

    assert fnv1.RunFunctionResponse.FromString(answer).meta.tag == "t"


def test_rubbish_is_refused(served):
    connections = Connections()
    runtime = runner_at(served).runtime("fn")

    with pytest.raises(Failure) as caught:
        grpc_client.call(connections.get("fn", runtime), b"rubbish", 5)

    assert caught.value.code is grpc.StatusCode.INVALID_ARGUMENT
    assert "not a RunFunctionRequest" in caught.value.details
    connections.close()


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        pytest.param(Request(input={"x": 1}), "code = Internal desc = a bad thing", id="it says what is wrong"),
        pytest.param(Request(), "code = Internal desc = the function failed: ZeroDivisionError", id="it fails"),
    ],
)
def test_a_function_that_fails_is_told(request_, words):
    running = serving.serve(failing, "127.0.0.1:0", None)
    runner = runner_at(f"127.0.0.1:{running.port}")

    with pytest.raises(TransientError, match=words):
        runner.run("fn", request_)

    runner.close()
    running.stop(0)


def test_a_request_may_be_as_large_as_we_say():
    running = serving.serve(DUMMY, "127.0.0.1:0", None, max_message=1000)
    runner = runner_at(f"127.0.0.1:{running.port}")

    with pytest.raises(StalledError, match="the request is larger than"):
        runner.run("fn", Request(observed=State(Resource({"x": "y" * 2000}))))

    runner.close()
    running.stop(0)


def test_an_address_that_is_taken_is_told(served):
    with pytest.raises(StalledError, match=f"cannot listen on {served}"):
        serving.serve(DUMMY, served, None)


class TestMutualTls:
    @pytest.fixture
    def port(self, tls_pair):
        running = serving.serve(DUMMY, "127.0.0.1:0", tls_pair.server)
        yield running.port
        running.stop(0)

    def runner(self, endpoint, credentials):
        return FunctionRunner(Installed([revision(endpoint=endpoint)]), NONE, Connections(credentials), timeout=5)

    def error(self, endpoint, credentials):
        runner = self.runner(endpoint, credentials)
        with pytest.raises((TransientError, StalledError)) as caught:
            runner.run("fn", REQUEST)
        runner.close()
        return caught.value.message.rpartition(": ")[2]

    def test_both_sides_know_each_other(self, port, tls_pair):
        runner = self.runner(f"dns:///127.0.0.1:{port}", lambda: tls_pair.client)

        assert runner.run("fn", REQUEST) == respond(REQUEST)
        runner.close()

    def test_a_caller_that_it_does_not_know_is_refused(self, port, tls_pair, other_pair):
        stranger = type(tls_pair.client)(
            other_pair.client.certificate, other_pair.client.key, tls_pair.client.authority
        )

        said = self.error(f"dns:///127.0.0.1:{port}", lambda: stranger)

        assert said in {
            "it refused the TLS handshake",
            "the connection broke",
        }

    def test_one_that_we_do_not_know_is_not_asked(self, port, other_pair):
        said = self.error(f"dns:///127.0.0.1:{port}", lambda: other_pair.client)

        assert said == "its TLS certificate does not come from our authority"

    def test_one_with_another_name_is_not_asked(self, other_pair):
        running = serving.serve(DUMMY, "127.0.0.1:0", other_pair.server)

        said = self.error(f"dns:///127.0.0.1:{running.port}", lambda: other_pair.client)

        assert said == "its TLS certificate is for another name"
        running.stop(0)

    def test_one_that_serves_plaintext_is_told(self, served, tls_pair):
        assert self.error(f"dns:///{served}", lambda: tls_pair.client) == "it does not speak TLS"

    def test_one_that_we_call_in_plaintext_is_told(self, port):
        runner = FunctionRunner(Installed([function(target=f"127.0.0.1:{port}")]), NONE, timeout=5)

        with pytest.raises(TransientError, match="cannot reach"):
            runner.run("fn", REQUEST)
        runner.close()
