"""Temporary folders do not outlive their processes."""

import os
import subprocess
import sys
import time

from crosshead.devel import scratch
from crosshead.devel.scratch import Scratch


def age(folder):
    """Make *folder* look as if it was not just created."""
    past = time.time() - 3600
    os.utime(folder, (past, past))


def test_a_removed_folder_is_gone(tmp_path):
    folder = Scratch(tmp_path)
    (folder.path / "file").touch()

    folder.remove()
    folder.remove()

    assert list(tmp_path.iterdir()) == []


def test_the_next_one_removes_what_a_killed_process_has_left(tmp_path):
    script = (
        f"import os, pathlib, sys; sys.path[:0] = {sys.path!r}\n"
        "from crosshead.devel.scratch import Scratch\n"
        f"folder = Scratch(pathlib.Path({str(tmp_path)!r}))\n"
        "os.kill(os.getpid(), 9)\n"
    )
    subprocess.run([sys.executable, "-c", script], check=False)
    [left] = tmp_path.iterdir()
    age(left)

    folder = Scratch(tmp_path)

    assert list(tmp_path.iterdir()) == [folder.path]
    folder.remove()


def test_what_is_in_use_or_not_ours_stays(tmp_path):
    in_use = Scratch(tmp_path)
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    age(in_use.path)
    age(foreign)

    Scratch(tmp_path).remove()

    assert in_use.path.exists()
    assert foreign.exists()
    in_use.remove()


def test_what_was_just_created_stays_though_nobody_holds_it_yet(tmp_path):
    young = tmp_path / f"{scratch._PREFIX}young"
    young.mkdir()

    Scratch(tmp_path).remove()

    assert young.exists()


def test_a_lock_is_waited_for_no_longer_than_told(tmp_path):
    held = scratch.lock(tmp_path)

    assert scratch.lock(tmp_path, patience=0.1) is None

    os.close(held)
    again = scratch.lock(tmp_path)
    assert again is not None
    os.close(again)
