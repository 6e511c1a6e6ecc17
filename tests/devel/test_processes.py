"""Processes end when they are told to, and with whoever started them."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from crosshead.devel import processes
from crosshead.devel.processes import ProcessError, Server, Step
from tests.devel.waiting import is_alive, until

STUBBORN = "trap '' TERM; echo ready; while :; do sleep 0.1; done"


def shell(script, log):
    return Server(("/bin/sh", "-c", script), log)


def step(script):
    return Step("working", 5, ("/bin/sh", "-c", script))


def number_in(path):
    return int(path.read_text()) if path.exists() and path.read_text().strip() else 0


def test_a_server_runs_until_it_is_stopped(tmp_path):
    server = shell("exec sleep 600", tmp_path / "log")
    server.start()
    pid = server.pid
    server.start()

    assert server.alive
    assert server.pid == pid
    server.stop()
    assert not is_alive(pid)
    assert server.pid is None


def test_it_can_be_started_again(tmp_path):
    server = shell("echo once; exec sleep 600", tmp_path / "log")
    server.start()
    assert until(lambda: server.log.read_text() == "once\n")
    server.kill()
    server.start()

    assert until(lambda: server.log.read_text() == "once\nonce\n")
    server.stop()


def test_one_that_does_not_listen_is_killed(tmp_path):
    server = shell(STUBBORN, tmp_path / "log")
    server.start()
    assert until(lambda: server.log.exists() and "ready" in server.log.read_text())
    pid = server.pid

    server.stop(patience=0.3)

    assert not is_alive(pid)


def test_one_that_was_never_started_can_be_stopped(tmp_path):
    server = shell("true", tmp_path / "log")

    server.stop()
    server.kill()
    server.check()

    assert server.pid is None


def test_one_that_ended_by_itself_says_what_it_said_last(tmp_path):
    server = shell("echo first; echo last; exit 7", tmp_path / "log")
    server.start()
    assert until(lambda: not server.alive)

    with pytest.raises(ProcessError, match=r"sh ended with status 7: first \| last"):
        server.check()


def test_a_step_runs_where_and_as_it_is_told(tmp_path):
    said = []

    processes.run(step('pwd; echo "$WORD"'), tmp_path, {"WORD": "hello"}, tmp_path / "log", said.append)

    assert (tmp_path / "log").read_text().splitlines() == [str(tmp_path), "hello"]
    assert said == ["working (about 5 s)"]


def test_a_long_step_says_how_far_it_is(tmp_path, monkeypatch):
    monkeypatch.setattr(processes, "_SECONDS_BETWEEN_WORDS", 0.2)
    said = []

    processes.run(step("sleep 0.5"), tmp_path, os.environ, tmp_path / "log", said.append)

    assert said[1:3] == ["working: 0 s, usually about 5 s"] * 2


def test_a_failed_step_says_what_it_said_last(tmp_path):
    with pytest.raises(ProcessError, match="working failed with status 2: no compiler"):
        processes.run(step("echo no compiler >&2; exit 2"), tmp_path, os.environ, tmp_path / "log", print)


def test_an_interrupted_step_takes_with_it_what_it_started(tmp_path, monkeypatch):
    monkeypatch.setattr(processes, "_SECONDS_BETWEEN_WORDS", 0.2)
    inner = tmp_path / "inner"

    def interrupt_when_it_works(_words):
        if number_in(inner):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        processes.run(
            step(f"sleep 600 & echo $! > {inner}; wait"),
            tmp_path,
            os.environ,
            tmp_path / "log",
            interrupt_when_it_works,
        )

    assert until(lambda: not is_alive(number_in(inner)))


def test_a_killed_caller_takes_with_it_what_its_step_started(tmp_path):
    inner = tmp_path / "inner"
    script = (
        f"import os, sys; sys.path[:0] = {sys.path!r}\n"
        "from pathlib import Path\n"
        "from crosshead.devel.processes import Step, run\n"
        f"step = Step('working', 5, ('/bin/sh', '-c', 'sleep 600 & echo $! > {inner}; wait'))\n"
        f"run(step, Path({str(tmp_path)!r}), os.environ, Path({str(tmp_path / 'log')!r}), print)\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.DEVNULL) as caller:
        assert until(lambda: number_in(inner) > 0)
        os.kill(caller.pid, signal.SIGKILL)

    assert until(lambda: not is_alive(number_in(inner)))


def test_the_launcher_runs_nothing_for_a_parent_that_is_gone():
    launcher = Path(processes.__file__).with_name("tied.py")

    done = subprocess.run(
        [sys.executable, launcher, "1", "exec", "/bin/echo", "hello"], check=False, capture_output=True
    )

    assert (done.returncode, done.stdout) == (1, b"")
