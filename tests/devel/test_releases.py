"""Which official releases may be downloaded."""

import platform

import pytest

from crosshead.devel import releases
from crosshead.devel.releases import NoReleaseError


@pytest.mark.parametrize(
    ("machine", "architecture"), [pytest.param("x86_64", "amd64", id="PC"), pytest.param("aarch64", "arm64", id="ARM")]
)
def test_a_release_is_found_by_version(machine, architecture):
    release = releases.find("1.32.0", machine)

    assert (release.version, release.architecture) == ("1.32.0", architecture)
    assert len(bytes.fromhex(release.sha512)) == 64


def test_without_a_version_it_is_the_newest():
    assert releases.find().version == max(releases.known(), key=releases.parts)


def test_versions_are_numbers_not_text():
    assert releases.parts("1.9.0") < releases.parts("1.20.2")


def test_an_unknown_version_names_the_known_ones():
    with pytest.raises(NoReleaseError, match=r"no release of Kubernetes 1\.2\.3: known are 1\.32\.0, "):
        releases.find("1.2.3")


def test_other_machines_have_none():
    with pytest.raises(NoReleaseError, match="for Linux on riscv64"):
        releases.find("1.32.0", "riscv64")


def test_other_systems_have_none(monkeypatch):
    monkeypatch.setattr(platform, "system", lambda: "Darwin")

    with pytest.raises(NoReleaseError, match="for Darwin on x86_64"):
        releases.find("1.32.0", "x86_64")
