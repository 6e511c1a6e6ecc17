"""Named instances outlive the command that starts them, and `down` leaves nothing of them."""

import os
import signal
from pathlib import Path

import pytest

from crosshead.devel import instances, programs
from crosshead.devel.emulator import EmulatorControl
from crosshead.devel.instances import Instance, InstanceError, Record
from crosshead.devel.locations import Binaries
from tests.devel.waiting import is_alive, until

pytestmark = pytest.mark.control_plane


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """Where instances live; at the end none does any more."""
    root = tmp_path_factory.mktemp("state")
    yield root
    instances.down(instances.named(root, "one"))


@pytest.fixture
def instance(root):
    """A running instance with an AWS: started only when the test before has ended it."""
    it = instances.named(root, "one")
    instances.up(it, programs.find(print))
    return it


@pytest.fixture
def broken(tmp_path):
    (tmp_path / "etcd").write_text("#!/bin/sh\necho bad weather >&2\nexit 3\n")
    (tmp_path / "etcd").chmod(0o755)
    return Binaries(tmp_path / "etcd", tmp_path / "etcd", tmp_path / "etcd")


def supervisor(instance):
    return int((instance.folder / "supervisor.pid").read_text())


def children(pid):
    return [
        int(word) for task in Path(f"/proc/{pid}/task").iterdir() for word in (task / "children").read_text().split()
    ]


def test_it_is_ready_and_nobodys_child(instance):
    assert instances.look(instance).ready
    assert supervisor(instance) not in children(os.getpid())
    assert EmulatorControl(instance.record().aws_url).ready()


def test_starting_it_again_changes_nothing(instance):
    before = instance.record(), supervisor(instance)

    assert instances.up(instance, programs.find(print)) == before[0]
    assert supervisor(instance) == before[1]


def test_one_that_answers_no_more_is_not_ready_though_it_runs(instance):
    [aws] = [pid for pid in children(supervisor(instance)) if b"emulation" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    os.kill(aws, signal.SIGSTOP)

    status = instances.look(instance)

    os.kill(aws, signal.SIGCONT)
    assert (status.running, status.ready) == (True, False)


def test_a_killed_one_is_dead_with_all_its_processes_and_can_be_started_again(instance):
    pid = supervisor(instance)
    its = children(pid)
    assert len(its) == 4

    os.kill(pid, signal.SIGKILL)

    assert until(lambda: not any(is_alive(child) for child in its))
    status = instances.look(instance)
    assert (status.running, status.ready) == (False, False)
    instances.up(instance, programs.find(print))
    assert instances.look(instance).ready


def test_down_leaves_nothing(instance, root):
    pid = supervisor(instance)
    its = children(pid)

    assert instances.down(instance)

    assert not any(is_alive(child) for child in [pid, *its])
    assert instances.every(root) == []
    assert not instances.down(instance)


def test_a_failed_start_says_why_and_leaves_nothing(tmp_path, broken):
    it = instances.named(tmp_path / "state", "broken")

    with pytest.raises(
        InstanceError, match=r"instance 'broken' did not start: .*etcd ended with status 3: bad weather"
    ):
        instances.up(it, broken, aws=False)

    assert not it.folder.exists()


@pytest.mark.parametrize("name", ["", "../x", "UPPER", "-x", "x" * 33])
def test_a_name_is_one_folder(tmp_path, name):
    with pytest.raises(InstanceError, match=r"the name .* is none"):
        instances.named(tmp_path, name)


def test_a_record_is_what_was_written(tmp_path):
    it = Instance(tmp_path)
    assert it.record() is None
    record = Record("https://127.0.0.1:1", "token", "/kubeconfig", "")

    it.write_record(record)

    assert it.record() == record
    assert [oct(path.stat().st_mode & 0o777) for path in tmp_path.iterdir()] == ["0o600"]
