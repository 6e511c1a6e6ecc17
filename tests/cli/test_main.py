"""The command line, before and after its commands."""

import subprocess
import sys
from pathlib import Path

XRD = Path(__file__).parents[2] / "compositions" / "postgres" / "definition.yaml"


def test_whoever_reads_along_may_stop_reading():
    command = [sys.executable, "-m", "crosshead", "xrd", "convert", str(XRD)]

    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    running.stdout.close()
    told = running.stderr.read()

    assert (running.wait(), told) == (128 + 13, b"")
    running.stderr.close()
