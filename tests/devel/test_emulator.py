"""The emulator as a process: it starts, is found again, and leaves nothing behind."""

import os
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from crosshead.devel import emulator as emulators
from crosshead.devel.emulator import Emulator, EmulatorControl, EmulatorError

pytestmark = pytest.mark.emulator

STARTER = textwrap.dedent(
    """
    import os, sys
    from crosshead.devel.emulator import Emulator
    emulator = Emulator(detached=sys.argv[1] == "detached").start()
    print(emulator.url, emulator.pid, flush=True)
    os._exit(0)  # no cleaning up: as if killed
    """
)


def alive(pid: int) -> bool:
    """Whether the process runs; one that only waits to be buried does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def gone(pid: int, seconds: float = 20) -> bool:
    end = time.monotonic() + seconds
    while alive(pid) and time.monotonic() < end:
        time.sleep(0.05)
    return not alive(pid)


def started_by_a_process_that_died(manner: str, folder: Path) -> tuple[EmulatorControl, int]:
    root = str(Path(emulators.__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-c", STARTER, manner],
        env={**os.environ, "PYTHONPATH": root, "TMPDIR": str(folder)},
        capture_output=True,
        check=True,
        text=True,
        timeout=120,
    )
    url, pid = done.stdout.split()
    return EmulatorControl(url), int(pid)


def test_it_serves_while_it_runs_and_leaves_nothing_behind(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with Emulator(creating=7, backing_up=2) as emulator:
        assert emulator.url.startswith("http://127.0.0.1:")
        assert emulator.control.ready()
        assert emulator.control.delays() == {"creating": 7, "modifying": 0.5, "deleting": 0.5, "backing_up": 2}
        assert [path.name for path in tmp_path.rglob("*.log")] == ["aws.log"]

    assert not emulator.control.ready()
    assert gone(emulator.pid, 0)
    assert list(tmp_path.iterdir()) == []


def test_it_comes_back_at_the_same_place_with_nothing_in_it(tmp_path):
    emulator = Emulator(log=tmp_path / "aws.log")
    with emulator:
        first = emulator.url
        emulator.control.add_fault(kind="error")
    with emulator:
        assert emulator.url == first
        assert emulator.control.faults() == []
        assert emulator.control.ready()
    assert "_crosshead/faults" in (tmp_path / "aws.log").read_text()


def test_it_dies_with_its_parent(tmp_path):
    _, pid = started_by_a_process_that_died("attached", tmp_path)

    assert gone(pid)


def test_it_outlives_its_parent_when_told_to(tmp_path):
    control, pid = started_by_a_process_that_died("detached", tmp_path)

    assert control.ready()
    assert alive(pid)
    control.stop()
    assert gone(pid)


def test_a_start_that_fails_says_where_to_look(tmp_path):
    log = tmp_path / "aws.log"
    with Emulator(log=log) as first:
        port = int(first.url.rpartition(":")[2])

        with pytest.raises(EmulatorError, match=str(log)):
            Emulator(port, log=log).start()

    assert "in use" in log.read_text()
