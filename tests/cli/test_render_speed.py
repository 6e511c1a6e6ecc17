"""
`crosshead render` of 20 resources with 100 patches takes half a second from the command line, imports included.

It takes 0.2 s. Seconds on a busy machine say little, so what costs them is looked at as well: the libraries that a
composition of built-ins can do without are not even imported.
"""

import os
import subprocess
import sys

import pytest

XR = "{apiVersion: example.org/v1, kind: XThing, metadata: {name: x, uid: u}, spec: {size: 3}}"
HEAD = """
apiVersion: apiextensions.crossplane.io/v1
kind: Composition
metadata: {name: c}
spec:
  compositeTypeRef: {apiVersion: example.org/v1, kind: XThing}
"""
PIPELINE = """
  mode: Pipeline
  pipeline:
    - step: ready
      functionRef: {name: function-auto-ready}
    - step: patches
      functionRef: {name: function-patch-and-transform}
      input:
        apiVersion: pt.fn.crossplane.io/v1beta1
        kind: Resources
"""
HEAVY = {
    *("aiohttp", "boto3", "botocore", "cel_expr_python", "cryptography", "crossplane", "google", "grpc", "jinja2"),
    *("kcl_lib", "kopf", "kubernetes", "moto", "orjson", "prometheus_client", "pydantic", "urllib3", "wasmtime"),
}
PATCH = "{type: FromCompositeFieldPath, fromFieldPath: spec.size, toFieldPath: data.p%d}"
RENDER = """
import sys
from crosshead.cli.main import main
status = main(sys.argv[1:])
print("modules:", *sorted({name.partition(".")[0] for name in sys.modules}), file=sys.stderr)
sys.exit(status)
"""


def resources(indent):
    patches = ", ".join(PATCH % number for number in range(5))
    template = "- {name: r%d, base: {apiVersion: v1, kind: ConfigMap}, patches: [" + patches + "]}\n"
    lines = ["resources:\n", *(template % number for number in range(20))]
    return "".join(" " * indent + line for line in lines)


@pytest.fixture(params=["Resources", "Pipeline"])
def files(request, tmp_path):
    body = resources(2) if request.param == "Resources" else PIPELINE + resources(8)
    (tmp_path / "xr.yaml").write_text(XR)
    (tmp_path / "composition.yaml").write_text(HEAD + body)
    return ["render", str(tmp_path / "xr.yaml"), str(tmp_path / "composition.yaml")]


def cpu_seconds(words):
    """Seconds of processor time of the command, as a shell would start it."""
    command = [sys.executable, "-m", "crosshead", *words]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    printed = process.stdout.read()
    process.stdout.close()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert (process.returncode, printed.count(b"---\n")) == (0, 21)
    return used.ru_utime + used.ru_stime


def test_it_takes_half_a_second_at_most(files):
    assert min(cpu_seconds(files) for _ in range(3)) < 0.5


def test_it_imports_nothing_that_it_can_do_without(files):
    done = subprocess.run([sys.executable, "-c", RENDER, *files], capture_output=True, check=True, text=True)

    told = done.stderr.splitlines()[-1]
    assert told.startswith("modules: ")
    assert {"crosshead", "yaml"} < set(told.split())
    assert set(told.split()) & HEAVY == set()
