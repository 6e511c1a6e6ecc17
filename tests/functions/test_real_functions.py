"""Functions that nobody here wrote, and one written with the SDK that authors use, in processes of their own."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from crosshead.compose.protocol import (
    Condition,
    Ready,
    Request,
    Requirements,
    Resource,
    Result,
    Selector,
    Severity,
    State,
    Status,
    Target,
)
from crosshead.functions.connections import Connections
from crosshead.functions.runner import FunctionRunner
from tests.functions import misbehaving
from tests.functions.cluster import NONE, Installed, revision, runner_at

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PYTHONIC = ROOT / "build" / "functions" / "pythonic"
PINS = ROOT / "requirements" / "pythonic.txt"
SDK_FUNCTION = (sys.executable, str(HERE / "sdk_function.py"))

XR = {"apiVersion": "example.org/v1", "kind": "XR", "metadata": {"name": "xr"}, "spec": {"size": 21, "region": "eu"}}


@contextlib.contextmanager
def process(*command, **environment):
    """Run a server until the test is over."""
    told = {"GRPC_VERBOSITY": "NONE", **environment}
    with subprocess.Popen(command, env={**os.environ, **told}, stderr=subprocess.PIPE, text=True) as running:
        try:
            yield running
        finally:
            running.send_signal(signal.SIGTERM)
            running.communicate(timeout=20)


def await_port(port, running):
    deadline = time.monotonic() + 30
    while running.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    pytest.fail(f"the function did not start: {running.args}")


@contextlib.contextmanager
def serving(*command, **environment):
    """Run *command*, which takes an address as its last argument, and yield that."""
    target = misbehaving.nobody()
    port = int(target.rpartition(":")[2])
    with process(*[word.replace("ADDRESS", target) for word in command], **environment) as running:
        await_port(port, running)
        yield target


@pytest.fixture(scope="module")
def pythonic():
    """The program function-pythonic, in an environment of its own: it pins its dependencies to other versions."""
    program = PYTHONIC / "bin" / "function-pythonic"
    if not program.exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(PYTHONIC)], check=True)
        pip = (str(PYTHONIC / "bin" / "pip"), "--disable-pip-version-check", "install", "--quiet", "--require-hashes")
        done = subprocess.run([*pip, "-r", str(PINS)], capture_output=True, text=True, check=False)
        if done.returncode != 0 and os.environ.get("CI") != "true":
            pytest.skip("crossplane-function-pythonic is not to be had: its tests are left out")
        assert done.returncode == 0, done.stderr
    return str(program)


@pytest.fixture(scope="module")
def pythonic_target(pythonic):
    with serving(pythonic, "--insecure", "--address", "ADDRESS") as target:
        yield target


@pytest.fixture
def run_pythonic(pythonic_target):
    runner = runner_at(pythonic_target, timeout=20)

    def run(script, **observed):
        state = State(Resource(XR), {name: Resource(obj) for name, obj in observed.items()})
        kinds = {"apiVersion": "pythonic.fn.fortra.com/v1alpha1", "kind": "Composite", "composite": script}
        return runner.run("fn", Request(observed=state, input=kinds))

    yield run
    runner.close()


class TestFunctionPythonic:
    SCRIPT = """
class BucketComposite(BaseComposite):
    def compose(self):
        bucket = self.resources.bucket('s3.aws.example.org/v1', 'Bucket')
        bucket.spec.forProvider.region = self.spec.region
        bucket.spec.forProvider.size = self.spec.size
        self.status.arn = bucket.status.arn
"""

    def test_it_composes(self, run_pythonic):
        response = run_pythonic(self.SCRIPT)

        bucket = response.desired.resources["bucket"].resource
        assert (bucket["apiVersion"], bucket["kind"]) == ("s3.aws.example.org/v1", "Bucket")
        assert bucket["spec"] == {"forProvider": {"region": "eu", "size": 21}}
        assert not any(result.severity is Severity.FATAL for result in response.results)

    def test_it_sees_what_is_observed(self, run_pythonic):
        observed = {
            "apiVersion": "s3.aws.example.org/v1",
            "kind": "Bucket",
            "status": {"arn": "arn:1", "conditions": [{"type": "Ready", "status": "True"}]},
        }

        response = run_pythonic(self.SCRIPT, bucket=observed)

        assert response.desired.composite.resource["status"]["arn"] == "arn:1"
        assert response.desired.resources["bucket"].ready is Ready.TRUE

    def test_a_script_that_fails_is_fatal(self, run_pythonic):
        response = run_pythonic("class C(BaseComposite):\n    def compose(self):\n        return 1 / 0\n")

        (fatal,) = (result for result in response.results if result.severity is Severity.FATAL)
        assert "division by zero" in fatal.message


@pytest.fixture(scope="module")
def sdk_target():
    with serving(*SDK_FUNCTION, "ADDRESS") as target:
        yield target


def request(**spec):
    return Request(
        observed=State(Resource({**XR, "spec": {**XR["spec"], **spec}})),
        desired=State(resources={"earlier": Resource({"kind": "Earlier"})}),
        context={"kept": 1},
        required_resources={"home": (Resource({"kind": "Namespace"}),)},
        credentials={"aws": {"user": b"adm"}},
    )


class TestFunctionOfTheSdk:
    def test_all_that_a_function_can_say_arrives(self, sdk_target):
        runner = runner_at(sdk_target, timeout=20)

        response = runner.run("fn", request())
        runner.close()

        bucket = {"apiVersion": "example.org/v1", "kind": "Bucket", "spec": {"size": 42, "free": 0.5}}
        assert response.desired.resources == {
            "earlier": Resource({"kind": "Earlier"}),
            "bucket": Resource(bucket, ready=Ready.TRUE),
        }
        assert response.desired.composite == Resource(
            {"status": {"namespaces": 1, "user": "adm"}}, {"password": b"\xffsecret"}
        )
        assert response.requirements == Requirements(resources={"home": Selector("v1", "Namespace", match_name="home")})
        assert response.results == (Result(Severity.WARNING, "mind the gap", target=Target.COMPOSITE_AND_CLAIM),)
        assert response.conditions == (Condition("Sound", Status.TRUE, "AllWell"),)
        assert response.context == {"kept": 1, "example.org/key": [1, 2.5, None]}
        assert (response.ttl, len(response.tag)) == (60.0, 64)
        assert isinstance(response.desired.resources["bucket"].resource["spec"]["size"], int)

    def test_a_fatal_result_is_a_response(self, sdk_target):
        runner = runner_at(sdk_target, timeout=20)

        response = runner.run("fn", request(fail="no room"))
        runner.close()

        assert [(result.severity, result.message) for result in response.results] == [
            (Severity.FATAL, "cannot compose: no room")
        ]

    def test_a_function_that_dies_is_told_and_one_that_is_back_is_asked(self):
        with serving(*SDK_FUNCTION, "ADDRESS") as target:
            runner = runner_at(target, timeout=20)
            first = runner.run("fn", request())
        with pytest.raises(Exception, match=r"connection refused|the connection broke"):
            runner.run("fn", request())
        port = int(target.rpartition(":")[2])
        with process(*SDK_FUNCTION, target) as running:
            await_port(port, running)
            time.sleep(1.1)  # gRPC does not try again sooner
            again = runner.run("fn", request())
        runner.close()

        assert again == first

    def test_over_mutual_tls(self, certificates, tls_pair):
        with serving(*SDK_FUNCTION, "ADDRESS", str(certificates)) as target:
            installed = Installed([revision(endpoint=f"dns:///{target}")])
            runner = FunctionRunner(installed, NONE, Connections(lambda: tls_pair.client), timeout=20)
            response = runner.run("fn", request())
            runner.close()

        assert response.desired.resources["bucket"].resource["spec"]["size"] == 42


class TestOursServed:
    @pytest.fixture
    def served(self):
        command = (sys.executable, "-m", "crosshead", "function", "serve")

        def serve(*words):
            running = stack.enter_context(process(*command, *words, PYTHONPATH="operator"))
            line = running.stderr.readline()
            return line, running

        with contextlib.ExitStack() as stack:
            yield serve

    def test_in_plaintext(self, served):
        line, running = served("dummy", "--address", "127.0.0.1:0", "--insecure")
        port = line.split("port ")[1].split(",")[0]

        runner = runner_at(f"127.0.0.1:{port}", timeout=20)
        response = runner.run("fn", Request(input={"response": {"context": {"a": 1}}}))
        runner.close()

        assert line == f"serving function-dummy on port {port}, in plaintext\n"
        assert response.context == {"a": 1}
        running.send_signal(signal.SIGTERM)
        assert running.wait(20) == 0

    def test_over_mutual_tls(self, served, certificates, tls_pair):
        line, _ = served("function-dummy", "--address", "127.0.0.1:0", "--tls-certs-dir", str(certificates))
        port = line.split("port ")[1].split(",")[0]

        installed = Installed([revision(endpoint=f"dns:///127.0.0.1:{port}")])
        runner = FunctionRunner(installed, NONE, Connections(lambda: tls_pair.client), timeout=20)
        response = runner.run("fn", Request(tag="t"))
        runner.close()

        assert (response.tag, line.endswith("over mutual TLS\n")) == ("t", True)

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            pytest.param(["nothing", "--insecure"], "there is no built-in function 'nothing': function-", id="no name"),
            pytest.param(["dummy"], "mutual TLS needs --tls-certs-dir", id="no certificates"),
            pytest.param(
                ["dummy", "--tls-certs-dir", "nowhere"], "cannot read TLS certificates: nowhere/tls.crt", id="no files"
            ),
            pytest.param(
                ["dummy", "--insecure", "--address", "nonsense"], "cannot listen on nonsense", id="no address"
            ),
        ],
    )
    def test_what_cannot_be_served_is_told_in_a_line(self, served, words, said):
        line, running = served(*words)

        assert line.startswith(f"crosshead function: {said}")
        assert running.wait(20) == 1
