"""Download the official programs of a control plane; give up soon where there is no way to them."""

import contextlib
import hashlib
import http.client
import queue
import shutil
import tarfile
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from http.client import HTTPResponse
from pathlib import Path

from crosshead.devel.caching import Say
from crosshead.devel.locations import Binaries
from crosshead.devel.releases import Release

_PATIENCE = 3.0
_CHUNK = 2**20
_SECONDS_BETWEEN_WORDS = 10.0
_STALLED = 30.0


class DownloadError(RuntimeError):
    """A download did not succeed; another source may."""


@dataclass(frozen=True, slots=True)
class Origins:
    """Where releases are published: the archives with etcd and kube-apiserver, and Kubernetes' own bucket."""

    archives: str = "https://github.com/kubernetes-sigs/controller-tools/releases/download"
    kubernetes: str = "https://dl.k8s.io/release"
    patience: float = _PATIENCE

    def archive(self, release: Release) -> str:
        """Return the address of an archive; the release knows its checksum."""
        name = f"envtest-v{release.version}"
        return f"{self.archives}/{name}/{name}-linux-{release.architecture}.tar.gz"

    def controller_manager(self, release: Release) -> str:
        """Return the address of a controller manager; its checksum is beside it."""
        return f"{self.kubernetes}/v{release.version}/bin/linux/{release.architecture}/kube-controller-manager"


def download(release: Release, target: Path, say: Say, origins: Origins | None = None) -> None:
    """Put the three programs of *release* into the folder *target*; raises `DownloadError`."""
    origins = origins or Origins()
    binaries = Binaries.in_folder(target)
    archive = target / "archive.tar.gz"
    try:
        # First the one that is looked up elsewhere: no archive is fetched in vain.
        expected = _published_sum(origins.controller_manager(release), origins)
        _fetch(origins.archive(release), archive, release.sha512, origins, say)
        _extract(archive, binaries)
        _fetch(origins.controller_manager(release), binaries.controller_manager, expected, origins, say)
        binaries.controller_manager.chmod(0o755)
    except (OSError, http.client.HTTPException, tarfile.TarError) as error:
        raise DownloadError(f"cannot download Kubernetes {release.version}: {error}") from error
    finally:
        archive.unlink(missing_ok=True)


def download_controller_manager(release: Release, target: Path, say: Say, origins: Origins | None = None) -> None:
    """Put only the controller manager into *target*: for folders that hold the rest, as the archives do."""
    origins = origins or Origins()
    address = origins.controller_manager(release)
    path = Binaries.in_folder(target).controller_manager
    try:
        _fetch(address, path, _published_sum(address, origins), origins, say)
    except (OSError, http.client.HTTPException) as error:
        raise DownloadError(f"cannot download kube-controller-manager {release.version}: {error}") from error
    path.chmod(0o755)


def _published_sum(address: str, origins: Origins) -> str:
    with _open(f"{address}.sha512", origins) as response:
        words = response.read(_CHUNK).decode(errors="replace").split()
    return words[0] if words else ""


def _fetch(address: str, path: Path, sha512: str, origins: Origins, say: Say) -> None:
    digest = hashlib.sha512()
    with _open(address, origins) as response, path.open("wb") as file:
        size = int(response.headers.get("Content-Length") or 0)
        say(f"downloading {address} ({size >> 20} MB)")
        words_due = time.monotonic() + _SECONDS_BETWEEN_WORDS
        while chunk := response.read(_CHUNK):
            digest.update(chunk)
            file.write(chunk)
            if time.monotonic() >= words_due:
                say(f"downloading: {file.tell() >> 20} of {size >> 20} MB")
                words_due += _SECONDS_BETWEEN_WORDS
    if digest.hexdigest() != sha512:
        raise DownloadError(f"{address} has the SHA-512 sum {digest.hexdigest()[:12]}…, expected {sha512[:12]}…")


def _extract(archive: Path, binaries: Binaries) -> None:
    """Take the two programs that we know the names of; nothing else in the archive is looked at."""
    wanted = {path.name: path for path in (binaries.etcd, binaries.apiserver)}
    with tarfile.open(archive) as tar:
        for member in tar:
            path = wanted.get(Path(member.name).name)
            content = tar.extractfile(member) if path is not None and member.isfile() else None
            if path is not None and content is not None:
                with content, path.open("wb") as file:
                    shutil.copyfileobj(content, file)
                path.chmod(0o755)
                del wanted[path.name]
    if wanted:
        raise DownloadError(f"the archive holds no {', '.join(sorted(wanted))}")


def _open(address: str, origins: Origins) -> HTTPResponse:
    """
    Open *address*, or raise within the origins' patience.

    In a thread of its own, because looking up a name cannot be given a time limit.
    """
    answers: queue.SimpleQueue[HTTPResponse | Exception] = queue.SimpleQueue()
    threading.Thread(target=_ask, args=(address, answers), daemon=True).start()
    try:
        answer = answers.get(timeout=origins.patience)
    except queue.Empty:
        raise TimeoutError(f"{address} did not answer within {origins.patience:g} s") from None
    if isinstance(answer, Exception):
        raise answer
    return answer


def _ask(address: str, answers: "queue.SimpleQueue[HTTPResponse | Exception]") -> None:
    try:
        answers.put(urllib.request.urlopen(address, timeout=_STALLED))  # noqa: S310 the address is one of ours
    except (OSError, http.client.HTTPException) as error:
        with contextlib.suppress(AttributeError):
            error.close()  # type: ignore[union-attr]  # an HTTPError is a response as well
        answers.put(error)
