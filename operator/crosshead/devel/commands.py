"""How the programs of a control plane are started: their arguments, for every version from 1.20 on."""

import subprocess
from pathlib import Path

from crosshead.devel.certificates import Certificates
from crosshead.devel.locations import Binaries

CONTROLLERS = ("garbagecollector", "namespace", "serviceaccount", "serviceaccount-token", "clusterrole-aggregation")


def etcd(binaries: Binaries, folder: Path, port: int) -> tuple[str, ...]:
    """Return how etcd is started: one member, for clients that show our certificate, without waiting for the disk."""
    own = Certificates(folder / "pki")
    address = f"https://127.0.0.1:{port}"
    return (
        str(binaries.etcd),
        f"--data-dir={folder / 'etcd'}",
        f"--listen-client-urls={address}",
        f"--advertise-client-urls={address}",
        # Nobody will ever join it; 0 lets the kernel choose.
        "--listen-peer-urls=http://127.0.0.1:0",
        "--client-cert-auth",
        f"--trusted-ca-file={own.authority}",
        f"--cert-file={own.certificate}",
        f"--key-file={own.key}",
        # The data is worth nothing after a power cut, and waiting for the disk is most of etcd's time.
        *_if_known(binaries.etcd, "--unsafe-no-fsync"),
    )


def apiserver(binaries: Binaries, folder: Path, store_port: int, port: int) -> tuple[str, ...]:
    """Return how the API server is started."""
    own = Certificates(folder / "pki")
    return (
        str(binaries.apiserver),
        f"--etcd-servers=https://127.0.0.1:{store_port}",
        f"--etcd-cafile={own.authority}",
        f"--etcd-certfile={own.certificate}",
        f"--etcd-keyfile={own.key}",
        "--bind-address=127.0.0.1",
        "--advertise-address=127.0.0.1",
        f"--secure-port={port}",
        f"--tls-cert-file={own.certificate}",
        f"--tls-private-key-file={own.key}",
        f"--cert-dir={own.folder}",
        f"--token-auth-file={folder / 'tokens.csv'}",
        f"--service-account-key-file={own.service_accounts}",
        f"--service-account-signing-key-file={own.service_accounts}",
        "--service-account-issuer=https://kubernetes.default.svc",
        "--authorization-mode=RBAC",
        "--service-cluster-ip-range=10.0.0.0/24",
        "--allow-privileged",
    )


def controllers(binaries: Binaries, folder: Path) -> tuple[str, ...]:
    """Return how the controller manager is started: only controllers that need no nodes, and no port of its own."""
    own = Certificates(folder / "pki")
    return (
        str(binaries.controller_manager),
        f"--kubeconfig={folder / 'kubeconfig'}",
        f"--controllers={','.join(CONTROLLERS)}",
        "--leader-elect=false",
        f"--service-account-private-key-file={own.service_accounts}",
        f"--root-ca-file={own.authority}",
        "--secure-port=0",
        # Until 1.24 it serves without TLS as well, on a fixed port, unless it is told not to.
        *_if_known(binaries.controller_manager, "--port=0"),
    )


def _if_known(program: Path, flag: str) -> tuple[str, ...]:
    """Return *flag* when *program* accepts it: `--help` does not list all of them."""
    known = subprocess.run([program, flag, "--version"], capture_output=True, check=False, timeout=30).returncode == 0
    return (flag,) if known else ()
