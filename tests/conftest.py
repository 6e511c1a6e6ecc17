"""
Fixtures for everybody: the real control plane, started once per test process, and a kubectl for it.

The programs must be in the cache, or there must be time to make them available: `crosshead dev prepare`.
"""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from crosshead.devel import programs
from crosshead.devel.control_plane import ControlPlane
from crosshead.devel.locations import find_kubectl

# How long an example takes says how busy the machine is, and nothing about us.
settings.register_profile("crosshead", deadline=None)
settings.load_profile("crosshead")

Kubectl = Callable[..., str]
_JOURNEYS = Path(__file__).parent / "journeys"
_WITHOUT_THE_STAGE = {f"tests/journeys/test_{name}.py" for name in ("control_plane", "process")}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """
    Mark what needs the control plane, so that `-m "not control_plane"` leaves it out.

    Journeys come first: they take longest.
    """
    items.sort(key=lambda item: _JOURNEYS not in item.path.parents)
    for item in items:
        if {"control_plane", "own_control_plane"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.control_plane)


class _Scheduling(LoadScopeScheduling):
    """Of two processes one goes through the journeys, which share a stage; the other takes file after file."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return "journeys" if file.startswith("tests/journeys/") and file not in _WITHOUT_THE_STAGE else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    """Keep together what shares what is dear to make."""
    return _Scheduling(config, log)


@pytest.fixture(scope="session")
def control_plane() -> Iterator[ControlPlane]:
    """A control plane that this test process has for itself; do not stop its API server."""
    with ControlPlane(programs.find(print)) as plane:
        yield plane


@pytest.fixture(scope="module")
def own_control_plane() -> Iterator[ControlPlane]:
    """A control plane for one file: with every kind that there is, say, an API server is slow at all else."""
    with ControlPlane(programs.find(print)) as plane:
        yield plane


@pytest.fixture(scope="module")
def own_kubectl(own_control_plane: ControlPlane, tmp_path_factory: pytest.TempPathFactory) -> Kubectl:
    """The real kubectl, for the control plane of one file."""
    return kubectl_for(own_control_plane.kubeconfig, tmp_path_factory.mktemp("kubectl"))


@pytest.fixture(scope="session")
def admin(control_plane: ControlPlane) -> Path:
    """The kubeconfig of an administrator of it."""
    return control_plane.kubeconfig


@pytest.fixture(scope="session")
def kubectl(admin: Path, tmp_path_factory: pytest.TempPathFactory) -> Kubectl:
    """The real kubectl: `kubectl("get", "ns", stdin="")` returns what it prints, and fails as it fails."""
    return kubectl_for(admin, tmp_path_factory.mktemp("kubectl"))


def kubectl_for(kubeconfig: Path, cache: Path) -> Kubectl:
    """Return the real kubectl for a cluster."""
    program = find_kubectl()
    assert program is not None, "there is no kubectl on the PATH, nor beside this Python"
    options = (f"--kubeconfig={kubeconfig}", f"--cache-dir={cache}")

    def run(*words: str, stdin: str = "") -> str:
        done = subprocess.run(
            [program, *options, *words], input=stdin, capture_output=True, text=True, check=False, timeout=60
        )
        assert done.returncode == 0, f"kubectl {' '.join(words)}: {done.stderr}"
        return done.stdout

    return run
