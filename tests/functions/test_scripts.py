"""Python scripts of compositions answer from a process of their own, and are ended when they take too long."""

import os

import pytest

from crosshead.compose.protocol import Request, Resource, Severity, State
from crosshead.functions import python, pythonic, scripts

COMPOSITE = Resource({"apiVersion": "example.org/v1", "kind": "XThing", "metadata": {"name": "mine"}})


def asking(script):
    before = State(resources={"old": Resource({"kind": "Old"})})
    return Request(observed=State(composite=COMPOSITE), desired=before, input={"script": script}, tag="t")


def refusal(response):
    [result] = response.results
    assert result.severity is Severity.FATAL
    return result.message


@pytest.mark.parametrize("definition", ["def compose", "async def compose", "def operate"])
def test_a_script_adds_to_what_is_desired(definition):
    script = f"""
{definition}(req, rsp):
    print("this is for nobody")
    name = req.observed.composite.resource["metadata"]["name"]
    rsp.desired.resources["new"].resource.update({{"kind": "New", "metadata": {{"name": name}}}})
"""

    assert python.run(asking(script)).desired.resources == {
        "old": Resource({"kind": "Old"}),
        "new": Resource({"kind": "New", "metadata": {"name": "mine"}}),
    }


@pytest.mark.parametrize(
    ("script", "words"),
    [
        pytest.param("x = 1", "exactly one function", id="neither"),
        pytest.param("compose = operate = print", "exactly one function", id="both"),
        pytest.param("def compose(", "the script failed: SyntaxError", id="syntax"),
        pytest.param("def compose(req, rsp): 1 / 0", "ZeroDivisionError: division by zero", id="it raises"),
        pytest.param("import sys\nsys.exit(3)", "SystemExit: 3", id="it leaves"),
        pytest.param("import os\nos._exit(3)", "its process ended with 3", id="it leaves without a word"),
        pytest.param("def compose(req, rsp): bytearray(4 << 30)", "MemoryError", id="too much memory"),
        pytest.param("while True: pass", "it takes longer than 1 s", id="an endless loop"),
    ],
)
def test_a_script_that_fails_is_told_and_hurts_nobody(monkeypatch, script, words):
    monkeypatch.setattr(scripts, "_SECONDS", 1.0)

    response = python.run(asking(script))

    assert words in refusal(response)
    assert list(response.desired.resources) == ["old"]
    assert not python.run(asking("def compose(req, rsp): pass")).results


def test_an_input_without_a_script_is_refused():
    assert "missing script" in refusal(python.run(Request(input={})))


def test_a_script_does_not_know_the_operators_environment(monkeypatch):
    monkeypatch.setenv("SECRET", "told")
    script = "import os\ndef compose(req, rsp): assert 'SECRET' not in os.environ"

    assert os.environ["SECRET"]
    assert not python.run(asking(script)).results


def test_pythonic_scripts_need_the_package_that_runs_them():
    """It cannot be beside ours: it pins another protobuf. `test_real_functions` asks the real one over gRPC."""
    text = refusal(pythonic.run(Request(observed=State(composite=COMPOSITE), input={"composite": ""})))

    assert "crossplane-function-pythonic is not installed beside the operator" in text
