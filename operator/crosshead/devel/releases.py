"""Which official releases of the control plane may be downloaded, and their checksums. The data is `releases.yaml`."""

import functools
import platform
from dataclasses import dataclass
from importlib import resources

import yaml

# What the kernel calls a machine, and what the releases call it.
_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}


@dataclass(frozen=True, slots=True)
class Release:
    """One version of Kubernetes for one architecture."""

    version: str
    architecture: str
    sha512: str


class NoReleaseError(LookupError):
    """There is no official release of this version for this machine."""


def find(version: str | None = None, machine: str = "") -> Release:
    """Return the release of *version*, of the newest without one, for this machine."""
    table = known()
    version = version or max(table, key=parts)
    sums = table.get(version)
    if sums is None:
        raise NoReleaseError(f"no release of Kubernetes {version}: known are {', '.join(sorted(table, key=parts))}")
    name = architecture(machine)
    return Release(version, name, sums[name])


def architecture(machine: str = "") -> str:
    """Return the releases' name for *machine*, this one without it."""
    machine = machine or platform.machine()
    if platform.system() != "Linux" or machine not in _ARCHITECTURES:
        raise NoReleaseError(f"no release of Kubernetes for {platform.system()} on {machine}")
    return _ARCHITECTURES[machine]


def parts(version: str) -> tuple[int, ...]:
    """Return *version* as numbers, to compare: 1.9.0 is older than 1.20.2."""
    return tuple(int(part) for part in version.split("."))


@functools.cache
def known() -> dict[str, dict[str, str]]:
    """Return the checksums by version and architecture."""
    text = resources.files("crosshead.devel").joinpath("releases.yaml").read_text()
    return {str(version): dict(sums) for version, sums in yaml.safe_load(text).items()}
