"""A cached folder is whole or absent, whoever fills it and however that ends."""

import os
import signal
import subprocess
import sys
import threading

import pytest

from crosshead.devel import caching
from tests.devel.waiting import until


def make_program(folder):
    (folder / "program").write_text("whole")


@pytest.fixture
def target(tmp_path):
    return tmp_path / "cache" / "1.2.3"


def content(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_missing_folder_is_filled(target):
    assert caching.fill(target, make_program, print) == target

    assert content(target) == ["program"]
    assert content(target.parent) == [".lock", "1.2.3"]


def test_a_filled_folder_is_not_filled_again(target):
    caching.fill(target, make_program, print)

    caching.fill(target, lambda folder: pytest.fail(f"filled {folder} again"), print)


def test_a_failed_filling_leaves_nothing(target):
    def fail(folder):
        make_program(folder)
        raise RuntimeError("boom")

    with pytest.raises(RuntimeError, match="boom"):
        caching.fill(target, fail, print)

    assert content(target.parent) == [".lock"]


def test_of_two_that_fill_at_once_one_waits_and_uses_the_result(target):
    made, said = [], []
    begun, go_on = threading.Event(), threading.Event()

    def slowly(folder):
        made.append(folder)
        begun.set()
        go_on.wait(20)
        make_program(folder)

    first = threading.Thread(target=caching.fill, args=(target, slowly, print))
    second = threading.Thread(target=caching.fill, args=(target, made.append, said.append))
    first.start()
    begun.wait(20)
    second.start()
    assert until(lambda: bool(said))
    go_on.set()
    first.join(20)
    second.join(20)

    assert len(made) == 1
    assert content(target) == ["program"]
    assert said == ["another process is preparing the programs; waiting for it (0 s)"]


def test_a_killed_filling_leaves_no_half_folder_and_the_next_one_cleans_up(target):
    script = (
        f"import sys; sys.path[:0] = {sys.path!r}\n"
        "import pathlib, time\n"
        "from crosshead.devel import caching\n"
        "def make(folder):\n"
        "    (folder / 'program').write_text('half')\n"
        "    print(folder, flush=True)\n"
        "    time.sleep(600)\n"
        f"caching.fill(pathlib.Path({str(target)!r}), make, print)\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as process:
        unfinished = process.stdout.readline().strip()
        os.kill(process.pid, signal.SIGKILL)
    assert not target.exists()
    assert unfinished in {str(path) for path in target.parent.iterdir()}

    caching.fill(target, make_program, print)

    assert content(target.parent) == [".lock", "1.2.3"]
    assert (target / "program").read_text() == "whole"
