"""`crosshead dev` as people and scripts use it."""

import argparse
from pathlib import Path

import pytest

from crosshead.cli import dev


@pytest.fixture
def crosshead(capsys):
    """Run a command; return its exit status, what it printed for scripts, and what it told people."""
    parser = argparse.ArgumentParser(prog="crosshead")
    dev.add_parser(parser.add_subparsers())

    def run(*words):
        arguments = parser.parse_args([str(word) for word in words])
        status = arguments.handle(arguments)
        said = capsys.readouterr()
        return status, said.out, said.err

    return run


@pytest.mark.control_plane
def test_up_status_down(crosshead, tmp_path):
    where = ("--state-dir", tmp_path)

    status, kubeconfig, said = crosshead("dev", "up", "--no-aws", *where)
    assert status == 0
    assert Path(kubeconfig.rstrip()).is_file()
    assert f"export KUBECONFIG={kubeconfig}" in said

    status, table, _ = crosshead("dev", "status", *where)
    assert status == 0
    assert table.splitlines()[1].split()[:2] == ["default", "ready"]

    assert crosshead("dev", "down", "--all", *where) == (0, "", "instance 'default' is stopped and removed\n")
    assert not Path(kubeconfig.rstrip()).exists()


def test_status_of_nothing_is_no_failure(crosshead, tmp_path):
    status, table, said = crosshead("dev", "status", "--state-dir", tmp_path)

    assert (status, table) == (0, "")
    assert said == "there is no instance; crosshead dev up starts one\n"


def test_status_tells_the_dead_from_the_living(crosshead, tmp_path):
    (tmp_path / "instances/left").mkdir(parents=True)

    status, table, _ = crosshead("dev", "status", "--state-dir", tmp_path)

    assert status == 1
    assert table.splitlines()[1].split() == ["left", "dead", "-", "-", "-"]


def test_down_of_what_is_not_there_is_no_failure(crosshead, tmp_path):
    assert crosshead("dev", "down", "--state-dir", tmp_path) == (0, "", "instance 'default' does not exist\n")


@pytest.mark.parametrize("word", ["up", "down"])
def test_a_name_that_is_none_is_told_in_one_line(crosshead, tmp_path, word):
    status, _, said = crosshead("dev", word, "--name", "../x", "--state-dir", tmp_path)

    assert status == 1
    assert said == "crosshead dev: the name '../x' is none: it takes up to 32 of a-z, 0-9 and, inside, -\n"


def test_prepare_prints_where_the_programs_are(crosshead, tmp_path, monkeypatch):
    for name in ("etcd", "kube-apiserver", "kube-controller-manager"):
        (tmp_path / name).touch(mode=0o755)
    monkeypatch.setenv("KUBEBUILDER_ASSETS", str(tmp_path))

    assert crosshead("dev", "prepare") == (0, f"{tmp_path}\n", "")


@pytest.mark.parametrize("word", ["prepare", "up"])
def test_programs_that_are_not_to_be_had_are_told_in_one_line(crosshead, tmp_path, monkeypatch, word):
    monkeypatch.setenv("KUBEBUILDER_ASSETS", str(tmp_path))

    status, _, said = crosshead("dev", word)

    assert status == 1
    assert said.startswith(f"crosshead dev: KUBEBUILDER_ASSETS: no {tmp_path}/etcd, ")
