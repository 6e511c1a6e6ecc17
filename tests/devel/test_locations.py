"""Where things live on this machine."""

import sys
from pathlib import Path

import pytest

from crosshead.devel import locations


@pytest.mark.parametrize(
    ("function", "variable", "end"),
    [
        pytest.param(locations.cache_root, "XDG_CACHE_HOME", "crosshead/control-plane", id="cache"),
        pytest.param(locations.state_root, "XDG_STATE_HOME", "crosshead", id="state"),
    ],
)
def test_the_base_folders_are_the_users(monkeypatch, function, variable, end):
    monkeypatch.setenv(variable, "/elsewhere")
    assert function() == Path("/elsewhere") / end

    monkeypatch.setenv(variable, "relative/paths/are/ignored")
    assert function().is_relative_to(Path.home())


def test_kubectl_is_taken_from_the_path(monkeypatch, tmp_path):
    (tmp_path / "kubectl").touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert locations.find_kubectl() == tmp_path / "kubectl"


def test_else_it_is_the_one_beside_our_python(monkeypatch, tmp_path):
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/kubectl").touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "bin/python"))

    assert locations.find_kubectl() == tmp_path / "bin/kubectl"


def test_there_may_be_none(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))

    assert locations.find_kubectl() is None
