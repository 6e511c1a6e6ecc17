"""Functions run by name: what they are told about their caller, what Prometheus is told, and built-ins that fail."""

import contextlib
import math

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from crosshead.base.errors import StalledError, TransientError
from crosshead.compose.protocol import Request, Response, Result, Severity
from crosshead.functions import messages
from crosshead.functions.codecs import CAPABILITIES
from crosshead.functions.metrics import FunctionMetrics
from crosshead.functions.registry import BuiltIns
from crosshead.functions.runner import FunctionRunner
from tests.functions import misbehaving
from tests.functions.cluster import NONE, Installed, function, revision

DUMMY = "registry.example.org/crossplane-contrib/function-dummy:v1"
BUILT_INS = BuiltIns({"function-dummy": "dummy"})


@pytest.fixture
def registry():
    return CollectorRegistry()


@pytest.fixture
def make(registry):
    with contextlib.ExitStack() as stack:

        def make(*installed, built_ins=BUILT_INS):
            runner = FunctionRunner(Installed(list(installed)), built_ins, metrics=FunctionMetrics(registry), timeout=5)
            stack.callback(runner.close)
            return runner

        yield make


class Failing(BuiltIns):
    def __init__(self, error):
        super().__init__({"function-dummy": "dummy"})
        self.error = error

    def get(self, name):
        def run(_request):
            raise self.error

        return run if name in self.names() else None


def saying(*severities):
    response = Response(results=tuple(Result(severity, "m") for severity in severities))
    return lambda *_: messages.response_to_bytes(response)


@pytest.mark.parametrize(
    ("name", "input", "ttl"),
    [
        pytest.param("function-auto-ready", None, math.inf, id="pure: for good"),
        pytest.param("function-deletion-protection", {"cacheTTL": "5m"}, 300.0, id="pure, but told otherwise"),
        pytest.param("function-dummy", None, 60.0, id="not pure: for a minute"),
    ],
)
def test_answers_live_as_long_as_they_can_be_relied_on(make, name, input, ttl):
    whole = input and {"apiVersion": "protection.fn.crossplane.io/v1beta1", "kind": "Input", **input}

    response = make(function(package=name), built_ins=BuiltIns()).run("fn", Request(input=whole))

    assert response.ttl == ttl


def test_a_built_in_answers(make):
    response = make(function(package=DUMMY)).run("fn", Request(input={"response": {"context": {"a": 1}}}))

    assert response.context == {"a": 1}


def test_a_function_is_told_what_its_caller_can_do_and_a_tag(make):
    asked = []
    with misbehaving.function(lambda data, _: asked.append(data) or b"") as target:
        make(function(target=target)).run("fn", Request())

    request = messages.request_from_bytes(asked[0])
    assert (request.capabilities, len(request.tag)) == (CAPABILITIES[1:], 64)


def test_what_the_caller_says_itself_is_kept(make):
    asked = []
    with misbehaving.function(lambda data, _: asked.append(data) or b"") as target:
        make(function(target=target)).run("fn", Request(capabilities=CAPABILITIES[3:4], tag="mine"))

    request = messages.request_from_bytes(asked[0])
    assert (request.capabilities, request.tag) == (CAPABILITIES[3:4], "mine")


def test_calls_are_counted_under_crossplanes_names(make, registry):
    with misbehaving.function(saying(Severity.NORMAL, Severity.WARNING)) as target:
        make(function(target=target)).run("fn", Request())

    asked = {
        "function_name": "fn",
        "function_package": "registry.example.org/acme/function-acme:v1",
        "grpc_target": target,
        "grpc_method": "/apiextensions.fn.proto.v1.FunctionRunnerService/RunFunction",
    }
    answered = {**asked, "grpc_code": "OK", "result_severity": "Warning"}
    assert registry.get_sample_value("function_run_function_request_total", asked) == 1
    assert registry.get_sample_value("function_run_function_response_total", answered) == 1
    assert registry.get_sample_value("function_run_function_seconds_count", answered) == 1


@pytest.mark.parametrize(
    ("severities", "worst"),
    [
        pytest.param([], "Normal", id="nothing"),
        pytest.param([Severity.NORMAL], "Normal", id="news"),
        pytest.param([Severity.FATAL, Severity.WARNING], "Fatal", id="the worst counts"),
    ],
)
def test_the_worst_result_is_counted(make, registry, severities, worst):
    with misbehaving.function(saying(*severities)) as target:
        make(function(target=target)).run("fn", Request())

    assert f'result_severity="{worst}"' in generate_latest(registry).decode()


def test_a_call_that_fails_is_counted_with_its_code(make, registry):
    with pytest.raises(TransientError):
        make(function(target=misbehaving.nobody())).run("fn", Request())

    assert 'grpc_code="Unavailable"' in generate_latest(registry).decode()


def test_an_answer_that_is_nonsense_is_counted_as_unknown(make, registry):
    with misbehaving.function(lambda *_: b"<html>") as target, pytest.raises(StalledError):
        make(function(target=target)).run("fn", Request())

    assert 'grpc_code="Unknown"' in generate_latest(registry).decode()


@pytest.mark.parametrize(
    ("installed", "runtime"),
    [
        pytest.param(function(package=DUMMY), "InProcess", id="ourselves"),
        pytest.param(function(target="127.0.0.1:1"), "Development", id="a developer's machine"),
        pytest.param(revision(endpoint="127.0.0.1:1"), "FunctionRevision", id="a revision"),
    ],
)
def test_what_runs_a_function_can_be_asked(make, installed, runtime):
    assert make(installed).runtime("fn").source == runtime


def test_what_ran_a_function_is_counted(make, registry):
    make(function(package=DUMMY)).run("fn", Request())

    labels = {"function_name": "fn", "runtime": "InProcess"}
    assert registry.get_sample_value("crosshead_function_runs_total", labels) == 1


def test_a_built_in_that_fails_is_a_bug_and_no_answer(make):
    runner = make(function(package=DUMMY), built_ins=Failing(KeyError("secret")))

    with pytest.raises(StalledError) as caught:
        runner.run("fn", Request())

    assert caught.value.message == 'cannot run Function "fn": the built-in function-dummy failed: KeyError'


def test_a_built_in_may_say_what_is_wrong(make):
    runner = make(function(package=DUMMY), built_ins=Failing(TransientError("Reason", "come again")))

    with pytest.raises(TransientError, match="come again"):
        runner.run("fn", Request())


def test_a_function_that_is_not_installed_is_not_counted(make, registry):
    with pytest.raises(StalledError, match="cannot find an active FunctionRevision"):
        make(built_ins=NONE).run("fn", Request())

    assert 'function_name="fn"' not in generate_latest(registry).decode()


def test_what_runs_a_function_is_announced_once_and_again_when_it_is_something_else():
    installed, told = Installed([function(package=DUMMY)]), []
    runner = FunctionRunner(installed, BUILT_INS, timeout=5, announce=lambda *news: told.append(news))
    runner.run("fn", Request())
    runner.run("fn", Request())
    assert [(name, runtime.source) for name, runtime in told] == [("fn", "InProcess")]

    with misbehaving.function(saying()) as target:
        installed.objects[:] = [function(package=DUMMY, target=target)]
        runner.run("fn", Request())
        runner.run("fn", Request())

    assert [(name, runtime.source) for name, runtime in told] == [("fn", "InProcess"), ("fn", "Development")]
    runner.close()
