"""The command line, before and after its commands."""

import subprocess
import sys

XRD = """
apiVersion: apiextensions.crossplane.io/v1
kind: CompositeResourceDefinition
metadata: {name: xthings.example.org}
spec:
  group: example.org
  names: {kind: XThing, plural: xthings}
  versions:
    - name: v1
      served: true
      referenceable: true
      schema: {openAPIV3Schema: {type: object}}
"""


def test_whoever_reads_along_may_stop_reading(tmp_path):
    (tmp_path / "xrd.yaml").write_text(XRD)
    command = [sys.executable, "-m", "crosshead", "xrd", "convert", str(tmp_path / "xrd.yaml")]

    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    running.stdout.close()
    told = running.stderr.read()

    assert (running.wait(), told) == (128 + 13, b"")
    running.stderr.close()
