"""
Find the programs of a control plane: where the environment says, in the cache, by download, by building them once.

The order is the order of cost. Whatever is downloaded or built lands in the cache, whole and proven, or not at all.
"""

import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from crosshead.devel import building, caching, downloading, proving, releases
from crosshead.devel.caching import Say
from crosshead.devel.locations import Binaries, cache_root
from crosshead.devel.releases import NoReleaseError, Release

_CONTROLLER_MANAGERS = "controller-managers"


class ProgramsError(RuntimeError):
    """There is no way to the programs on this machine; the text says what was tried."""


@dataclass(frozen=True, slots=True)
class Sources:
    """The two expensive ways to the programs; each fills the folder it is given. Tests bring cheap ones."""

    download: Callable[[Release, Path, Say], None] = downloading.download
    download_controller_manager: Callable[[Release, Path, Say], None] = downloading.download_controller_manager
    build: Callable[[Path, Say], None] = building.build
    prove: Callable[[Binaries], None] = proving.prove


def find(say: Say, version: str | None = None, sources: Sources | None = None) -> Binaries:
    """
    Return the programs, of *version* where one is asked for, making them available first if need be.

    What is long or costs disk is told to *say* before it is done. Raises `ProgramsError`.
    """
    sources = sources or Sources()
    assets = os.environ.get("KUBEBUILDER_ASSETS")
    if assets:
        return _from_assets(Binaries.in_folder(Path(assets)), say, sources)
    return _cached(version) or _made(version, say, sources)


def _from_assets(found: Binaries, say: Say, sources: Sources) -> Binaries:
    """Return what the environment names; a controller manager is added, for the official folders have none."""
    if found.missing == (found.controller_manager,):
        target = cache_root() / _CONTROLLER_MANAGERS / _version_of(found.apiserver)
        release = Release(target.name, releases.architecture(), sha512="")
        _filled(target, lambda folder: sources.download_controller_manager(release, folder, say), say)
        return Binaries(found.etcd, found.apiserver, Binaries.in_folder(target).controller_manager)
    if found.missing:
        raise ProgramsError(f"KUBEBUILDER_ASSETS: no {', '.join(str(path) for path in found.missing)}")
    return found


def _filled(target: Path, make: Callable[[Path], None], say: Say) -> Path:
    try:
        return caching.fill(target, make, say)
    except (downloading.DownloadError, building.BuildError, proving.ProofError, RuntimeError) as error:
        raise ProgramsError(str(error)) from error


def _version_of(apiserver: Path) -> str:
    """Return what the program says of itself, "Kubernetes v1.36.2", without the words."""
    said = subprocess.run([apiserver, "--version"], capture_output=True, text=True, check=True, timeout=30).stdout
    return said.split()[-1].removeprefix("v")


def _cached(version: str | None) -> Binaries | None:
    """Return the newest programs in the cache, or those of *version*."""
    folders = [path for path in cache_root().glob(version or "[0-9]*.[0-9]*.[0-9]*") if path.is_dir()]
    whole = [path for path in folders if not Binaries.in_folder(path).missing]
    newest = max(whole, key=lambda path: releases.parts(path.name), default=None)
    return None if newest is None else Binaries.in_folder(newest)


def _made(version: str | None, say: Say, sources: Sources) -> Binaries:
    tried = []
    # What ends a line is the next way; without it a refused download reads like the end.
    for attempt, otherwise in ((_downloaded, "; building it here instead"), (_built, "")):
        try:
            return attempt(version, say, sources)
        except (NoReleaseError, ProgramsError) as error:
            say(f"{error}{otherwise}")
            tried.append(str(error))
    raise ProgramsError(f"found no kube-apiserver: {'; '.join(tried)}")


def _downloaded(version: str | None, say: Say, sources: Sources) -> Binaries:
    release = releases.find(version)
    target = cache_root() / release.version
    return Binaries.in_folder(_filled(target, lambda folder: sources.download(release, folder, say), say))


def _built(version: str | None, say: Say, sources: Sources) -> Binaries:
    if version not in {None, building.VERSION}:
        raise ProgramsError(f"only Kubernetes {building.VERSION} can be built here, not {version}")

    def make(folder: Path) -> None:
        sources.build(folder, say)
        say("proving that the built API server keeps empty strings")
        sources.prove(Binaries.in_folder(folder))

    return Binaries.in_folder(_filled(cache_root() / building.VERSION, make, say))
