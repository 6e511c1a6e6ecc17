"""
Build etcd, kube-apiserver and kube-controller-manager from the packages of Debian 12.

Nothing is installed and root is not needed: apt fetches (and verifies) the packages into a folder that goes away,
where dpkg-deb unpacks them. So no etcd daemon is started either, as installing Debian's package would do.
"""

import os
import platform
import shutil
from dataclasses import dataclass
from pathlib import Path

from crosshead.devel import apt_sources, corrections
from crosshead.devel.caching import Say
from crosshead.devel.locations import Binaries
from crosshead.devel.processes import Step, run

VERSION = "1.20.2"
PACKAGES = ("etcd-server", "golang-1.19-go", "golang-1.19-src", "golang-github-modern-go-reflect2-dev")

_CODENAME = "bookworm"
_APT = Path("/etc/apt")
_TOOLS = ("apt-get", "dpkg-deb", "tar", "make", "bash", "awk")
_BYTES_NEEDED = 4 * 2**30
# The first confuse this compiler (modules, other roots); the others are the caller's build flags, not ours.
_NOT_INHERITED = ("GOFLAGS", "GOPATH", "GO111MODULE", "GOPROXY", "GOROOT", "GOTOOLCHAIN", "MAKEFLAGS", "MAKELEVEL")


class BuildError(RuntimeError):
    """This machine cannot build the control plane."""


@dataclass(frozen=True, slots=True)
class Workshop:
    """The folders of one build; all of them go away with *root*."""

    root: Path

    @property
    def apt(self) -> Path:
        """The private apt: its sources, lists and cache."""
        return self.root / "apt"

    @property
    def packages(self) -> Path:
        """Where the packages are fetched to."""
        return self.root / "packages"

    @property
    def system(self) -> Path:
        """Where the packages are unpacked, as if it were /."""
        return self.root / "system"

    @property
    def tools(self) -> Path:
        """Stand-ins for tools."""
        return self.root / "tools"

    @property
    def log(self) -> Path:
        """What the commands said."""
        return self.root / "build.log"

    def create(self) -> None:
        """Create the folders."""
        for folder in (self.apt / "sources.list.d", self.apt / "lists/partial", self.apt / "cache/archives/partial"):
            folder.mkdir(parents=True)
        for folder in (self.packages, self.system, self.tools, self.root / "home"):
            folder.mkdir()


def build(target: Path, say: Say) -> None:
    """Put the three programs into the folder *target*, working in a folder inside it that is removed at the end."""
    check_machine(target)
    say(
        f"building Kubernetes {VERSION} from Debian's source package, once: 3 to 8 minutes on two cores, 4 GB of disk "
        f"while it lasts. It downloads (and does not install): kubernetes (source), {', '.join(PACKAGES)}"
    )
    workshop = Workshop(target / "workshop")
    try:
        workshop.create()
        _fetch(workshop, say)
        source = _unpack(workshop, say)
        corrections.correct(source, workshop.system / "usr/share/gocode/src/github.com/modern-go/reflect2")
        _compile(workshop, source, say)
        _keep(workshop, source, Binaries.in_folder(target))
    finally:
        shutil.rmtree(workshop.root, ignore_errors=True)


def check_machine(target: Path) -> None:
    """Raise `BuildError` early, and with advice, where the build cannot succeed."""
    release = platform.freedesktop_os_release()
    if release.get("VERSION_CODENAME") != _CODENAME:
        raise BuildError(
            f"the source build is known to work on Debian 12 only, and this is {release.get('PRETTY_NAME', 'not it')}: "
            "set KUBEBUILDER_ASSETS to a folder with etcd, kube-apiserver and kube-controller-manager"
        )
    missing = [tool for tool in _TOOLS if shutil.which(tool) is None]
    if missing:
        raise BuildError(f"the build needs {', '.join(missing)}: install with apt-get install make gawk bash")
    if shutil.disk_usage(target).free < _BYTES_NEEDED:
        raise BuildError(f"the build needs {_BYTES_NEEDED >> 30} GB of free disk in {target.parent}")


def _fetch(workshop: Workshop, say: Say) -> None:
    """Fetch what is needed with an apt of our own, which the machine's apt does not notice."""
    _write_apt(workshop.apt)
    conf = str(workshop.apt / "apt.conf")
    apt = ("apt-get", "-c", conf, "-q", "-y")
    steps = (
        Step("reading Debian's package lists", 15, (*apt, "update")),
        Step("downloading the compiler and etcd", 30, (*apt, "download", *PACKAGES)),
        Step("downloading the source of Kubernetes", 15, (*apt, "source", "--download-only", "kubernetes")),
    )
    for step in steps:
        _run(workshop, step, workshop.packages, say)


def _write_apt(folder: Path) -> None:
    entries = {path.name: apt_sources.with_sources(path.name, path.read_text(), _CODENAME) for path in _apt_files()}
    ours = {name: text for name, text in entries.items() if text}
    if not ours:
        raise BuildError(f"{_APT} names no source of Debian packages ({_CODENAME}, component main)")
    for name, text in ours.items():
        (folder / "sources.list.d" / name).write_text(text)
    (folder / "apt.conf").write_text(apt_sources.configuration(str(folder)))


def _apt_files() -> list[Path]:
    parts = _APT / "sources.list.d"
    files = [_APT / "sources.list", *sorted(parts.glob("*.list")), *sorted(parts.glob("*.sources"))]
    return [path for path in files if path.is_file()]


def _unpack(workshop: Workshop, say: Say) -> Path:
    """
    Unpack the packages, and the Kubernetes source; return its folder.

    Debian's patches are left out (and with them the need for dpkg-dev): all of them are about kubectl.
    """
    for package in sorted(workshop.packages.glob("*.deb")):
        command = ("dpkg-deb", "-x", str(package), str(workshop.system))
        _run(workshop, Step(f"unpacking {package.name.partition('_')[0]}", 5, command), workshop.root, say)
    archive = next(workshop.packages.glob("kubernetes_*.orig.tar.gz"))
    unpack = ("tar", "-xzf", str(archive), "-C", str(workshop.root))
    _run(workshop, Step("unpacking kubernetes", 10, unpack), workshop.root, say)
    return next(workshop.root.glob("kubernetes-*"))


def _compile(workshop: Workshop, source: Path, say: Say) -> None:
    # The Makefile wants rsync for one thing, copying the results; with a stand-in nothing need be installed.
    stand_in = workshop.tools / "rsync"
    stand_in.write_text('#!/bin/sh\n# rsync -pc FROM TO\nexec cp -p "$2" "$3"\n')
    stand_in.chmod(0o755)
    command = ("make", "WHAT=cmd/kube-apiserver cmd/kube-controller-manager")
    _run(workshop, Step("compiling kube-apiserver and kube-controller-manager", 300, command), source, say)


def _run(workshop: Workshop, step: Step, folder: Path, say: Say) -> None:
    path = shutil.which(step.command[0])
    if path is None:
        raise BuildError(f"{step.command[0]} is not on the PATH")
    run(Step(step.what, step.seconds, (path, *step.command[1:])), folder, _environment(workshop), workshop.log, say)


def _environment(workshop: Workshop) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if name not in _NOT_INHERITED}
    path = (str(workshop.tools), str(workshop.system / "usr/lib/go-1.19/bin"), os.environ.get("PATH", os.defpath))
    home = workshop.root / "home"
    ours = {"PATH": os.pathsep.join(path), "CGO_ENABLED": "0", "HOME": str(home), "GOCACHE": str(home / "go-build")}
    return inherited | ours | {"LC_ALL": "C.UTF-8", "TMPDIR": str(home), "DEBIAN_FRONTEND": "noninteractive"}


def _keep(workshop: Workshop, source: Path, binaries: Binaries) -> None:
    """Move the three programs out of the workshop; everything else, some 3 GB, goes."""
    results = source / "_output/local/go/bin"
    shutil.move(results / "kube-apiserver", binaries.apiserver)
    shutil.move(results / "kube-controller-manager", binaries.controller_manager)
    shutil.move(workshop.system / "usr/bin/etcd", binaries.etcd)
