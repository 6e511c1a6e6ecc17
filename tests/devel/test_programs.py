"""The programs come from the first source that has them, in the order of cost."""

import threading

import pytest

from crosshead.devel import programs, releases
from crosshead.devel.building import VERSION, BuildError
from crosshead.devel.downloading import DownloadError
from crosshead.devel.locations import Binaries, cache_root
from crosshead.devel.programs import ProgramsError, Sources
from crosshead.devel.proving import ProofError

NEWEST = releases.find().version
APISERVER = "#!/bin/sh\necho Kubernetes v1.99.0\n"


def put(folder, *names):
    folder.mkdir(parents=True, exist_ok=True)
    for name in names or ("etcd", "kube-apiserver", "kube-controller-manager"):
        (folder / name).write_text(APISERVER)
        (folder / name).chmod(0o755)


class FakeSources:
    """Sources that remember what was asked of them, and fail when told to."""

    def __init__(self):
        self.asked = []
        self.unreachable = False
        self.buildable = True
        self.proves = True

    def download(self, release, folder, _say):
        self.asked.append(f"download {release.version}")
        if self.unreachable:
            raise DownloadError("no way out")
        put(folder)

    def download_controller_manager(self, release, folder, _say):
        self.asked.append(f"download controller manager {release.version}")
        if self.unreachable:
            raise DownloadError("no way out")
        put(folder, "kube-controller-manager")

    def build(self, folder, _say):
        self.asked.append("build")
        if not self.buildable:
            raise BuildError("no make")
        put(folder)

    def prove(self, binaries):
        self.asked.append(f"prove {len(binaries.missing)} missing")
        if not self.proves:
            raise ProofError("empty strings are lost")

    def __call__(self):
        return Sources(self.download, self.download_controller_manager, self.build, self.prove)


@pytest.fixture
def sources():
    return FakeSources()


@pytest.fixture(autouse=True)
def _own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("KUBEBUILDER_ASSETS", raising=False)


def test_what_the_environment_names_comes_first(sources, tmp_path, monkeypatch):
    put(tmp_path / "assets")
    put(cache_root() / VERSION)
    monkeypatch.setenv("KUBEBUILDER_ASSETS", str(tmp_path / "assets"))

    assert programs.find(print, sources=sources()) == Binaries.in_folder(tmp_path / "assets")
    assert sources.asked == []


def test_official_assets_are_given_the_controller_manager_they_lack(sources, tmp_path, monkeypatch):
    put(tmp_path / "assets", "etcd", "kube-apiserver")
    monkeypatch.setenv("KUBEBUILDER_ASSETS", str(tmp_path / "assets"))

    first = programs.find(print, sources=sources())
    second = programs.find(print, sources=sources())

    assert first == second
    assert first.missing == ()
    assert first.etcd == tmp_path / "assets" / "etcd"
    assert sources.asked == ["download controller manager 1.99.0"]


@pytest.mark.parametrize(
    ("names", "words"),
    [
        pytest.param(("etcd",), "KUBEBUILDER_ASSETS: no .*kube-apiserver, .*-manager", id="no API server"),
        pytest.param(("etcd", "kube-apiserver"), "no way out", id="no controller manager, and no way to one"),
    ],
)
def test_incomplete_assets_are_an_error_not_a_reason_to_look_elsewhere(sources, tmp_path, monkeypatch, names, words):
    sources.unreachable = True
    put(tmp_path / "assets", *names)
    put(cache_root() / VERSION)
    monkeypatch.setenv("KUBEBUILDER_ASSETS", str(tmp_path / "assets"))

    with pytest.raises(ProgramsError, match=words):
        programs.find(print, sources=sources())


def test_the_newest_in_the_cache_comes_second(sources):
    put(cache_root() / "1.9.0")
    put(cache_root() / "1.20.2")
    put(cache_root() / "1.33.0", "etcd")

    assert programs.find(print, sources=sources()) == Binaries.in_folder(cache_root() / "1.20.2")
    assert sources.asked == []


def test_a_version_that_is_asked_for_is_looked_for_in_the_cache(sources):
    put(cache_root() / "1.9.0")
    put(cache_root() / "1.20.2")

    assert programs.find(print, "1.9.0", sources()) == Binaries.in_folder(cache_root() / "1.9.0")


def test_the_download_comes_third_and_is_kept(sources):
    first = programs.find(print, sources=sources())
    second = programs.find(print, sources=sources())

    assert first == second == Binaries.in_folder(cache_root() / NEWEST)
    assert sources.asked == [f"download {NEWEST}"]


def test_the_build_comes_last_is_proven_and_kept(sources):
    sources.unreachable = True
    said = []

    first = programs.find(said.append, sources=sources())
    second = programs.find(said.append, sources=sources())

    assert first == second == Binaries.in_folder(cache_root() / VERSION)
    assert sources.asked == [f"download {NEWEST}", "build", "prove 0 missing"]
    assert said[0] == "no way out; building it here instead"


def test_a_build_that_fails_its_proof_is_not_kept(sources):
    sources.unreachable, sources.proves = True, False

    with pytest.raises(ProgramsError, match="no way out; empty strings are lost"):
        programs.find(print, sources=sources())

    assert not (cache_root() / VERSION).exists()


def test_where_nothing_works_all_that_was_tried_is_told(sources):
    sources.unreachable, sources.buildable = True, False

    with pytest.raises(ProgramsError, match="found no kube-apiserver: no way out; no make"):
        programs.find(print, sources=sources())


def test_only_one_version_can_be_built(sources):
    sources.unreachable = True

    with pytest.raises(ProgramsError, match=f"only Kubernetes {VERSION} can be built here, not 1.32.0"):
        programs.find(print, "1.32.0", sources())


def test_the_version_that_can_be_built_is_not_downloaded(sources):
    assert programs.find(print, VERSION, sources()) == Binaries.in_folder(cache_root() / VERSION)
    assert sources.asked == ["build", "prove 0 missing"]


def test_two_at_once_build_once(sources):
    sources.unreachable = True
    found = []
    threads = [threading.Thread(target=lambda: found.append(programs.find(print, sources=sources()))) for _ in range(2)]

    [thread.start() for thread in threads]
    [thread.join(20) for thread in threads]

    assert found == [Binaries.in_folder(cache_root() / VERSION)] * 2
    assert sources.asked.count("build") == 1
