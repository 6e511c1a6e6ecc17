"""
A real control plane on this machine: etcd, kube-apiserver and kube-controller-manager, with TLS and RBAC.

It runs no nodes: nothing schedules or starts Pods. It listens on 127.0.0.1 only, several run side by side, and all
of it ends with the process that started it.
"""

import secrets
import socket
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from crosshead.devel import commands
from crosshead.devel.access import Access
from crosshead.devel.certificates import Certificates
from crosshead.devel.locations import Binaries
from crosshead.devel.loopback import Reservation
from crosshead.devel.processes import ProcessError, Server
from crosshead.devel.scratch import Scratch

_SECONDS_BETWEEN_LOOKS = 0.05
_SECONDS_TO_START = 60.0
_STARTS = 3
# In 1.20 a graceful stop waits a minute for open watches, and its clients have nothing but those.
_PATIENCE = 2.0
_PORT_TAKEN = "address already in use"
# The first thing that the controller manager does which can be seen.
_SIGN_OF_CONTROLLERS = "/api/v1/namespaces/default/serviceaccounts/default"


class ControlPlane:
    """
    One control plane; start and stop it, or use it in a `with` statement.

    Without a *folder* its data and logs are in a temporary one, which `stop` removes; a given one is the caller's.
    *apiserver_args* are added to those of the API server, and win over ours.
    """

    def __init__(self, binaries: Binaries, folder: Path | None = None, *, apiserver_args: Sequence[str] = ()) -> None:
        self._binaries = binaries
        self._given_folder = folder
        self._apiserver_args = tuple(apiserver_args)
        self._scratch: Scratch | None = None
        self._ports: tuple[Reservation, ...] = ()
        self._servers: tuple[Server, ...] = ()
        self._access: Access | None = None

    @property
    def access(self) -> Access:
        """Its address and the token of an administrator."""
        if self._access is None:
            raise ProcessError("the control plane is not running")
        return self._access

    @property
    def serving_url(self) -> str:
        """The address of the API server."""
        return self.access.url

    @property
    def admin_token(self) -> str:
        """The token of an administrator (system:masters): may read `/metrics` too."""
        return self.access.token

    @property
    def authority(self) -> Path:
        """The certificate that the API server's is signed with."""
        return self.access.authority

    @property
    def folder(self) -> Path:
        """Where its data, certificates and logs are."""
        return self.access.authority.parent.parent

    @property
    def kubeconfig(self) -> Path:
        """The kubeconfig of an administrator."""
        return self.folder / "kubeconfig"

    @property
    def pids(self) -> dict[str, int]:
        """The process ids of the programs that run now, by name."""
        return {server.name: server.pid for server in self._servers if server.pid is not None}

    def metrics(self) -> str:
        """Return the API server's own metrics, as Prometheus' text."""
        return self.access.request("GET", "/metrics", patience=30.0).decode()

    def start(self) -> Self:
        """Start everything; when this returns, the API server is ready and the controllers work."""
        if self._servers:
            return self
        for attempt in range(1, _STARTS + 1):
            try:
                self._start()
                break
            except ProcessError as error:
                self.stop()
                # Reserved ports are only reserved among us: a stranger may have been quicker.
                if _PORT_TAKEN not in str(error) or attempt == _STARTS:
                    raise
            except BaseException:
                self.stop()
                raise
        return self

    def stop(self) -> None:
        """End everything, and remove the temporary folder; nothing is left when this returns."""
        # The clients go first, so that the servers have nobody to wait for.
        for server in reversed(self._servers):
            server.stop(_PATIENCE)
        for port in self._ports:
            port.release()
        if self._scratch is not None:
            self._scratch.remove()
        self._servers, self._ports, self._scratch, self._access = (), (), None, None

    def stop_apiserver(self) -> None:
        """Stop only the API server, as for an upgrade."""
        self._apiserver.stop(_PATIENCE)

    def kill_apiserver(self) -> None:
        """End only the API server, as a crash (kill -9) would."""
        self._apiserver.kill()

    def start_apiserver(self) -> None:
        """Start the API server again, on the same port and data; when this returns, it is ready."""
        self._apiserver.start()
        self._wait("kube-apiserver", self._is_ready)

    def restart_apiserver(self) -> None:
        """Stop the API server and start it again."""
        self.stop_apiserver()
        self.start_apiserver()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def _apiserver(self) -> Server:
        return self._servers[1]

    def _start(self) -> None:
        if self._given_folder is None:
            self._scratch = Scratch()
        folder = self._given_folder or self._scratch_path()
        certificates = Certificates(folder / "pki")
        certificates.create()
        self._ports = (Reservation(), Reservation())
        store_port, api_port = (reservation.port for reservation in self._ports)
        self._access = Access(f"https://127.0.0.1:{api_port}", certificates.authority, secrets.token_urlsafe(24))
        _write_tokens(folder / "tokens.csv", self._access.token)
        self._access.write_kubeconfig(folder / "kubeconfig")
        self._servers = (
            Server(commands.etcd(self._binaries, folder, store_port), folder / "etcd.log"),
            Server(
                commands.apiserver(self._binaries, folder, store_port, api_port) + self._apiserver_args,
                folder / "kube-apiserver.log",
            ),
            Server(commands.controllers(self._binaries, folder), folder / "kube-controller-manager.log"),
        )
        self._start_servers(store_port)

    def _scratch_path(self) -> Path:
        if self._scratch is None:
            self._scratch = Scratch()
        return self._scratch.path

    def _start_servers(self, store_port: int) -> None:
        etcd, apiserver, controllers = self._servers
        etcd.start()
        self._wait("etcd", lambda: _listens(store_port))
        apiserver.start()
        self._wait("kube-apiserver", self._is_ready)
        # Not before: it looks for the API server once a second only, and gives up after ten.
        controllers.start()
        self._wait("kube-controller-manager", lambda: self.access.answers(_SIGN_OF_CONTROLLERS))

    def _is_ready(self) -> bool:
        return self.access.answers("/readyz")

    def _wait(self, name: str, done: Callable[[], bool]) -> None:
        deadline = time.monotonic() + _SECONDS_TO_START
        while not done():
            for server in self._servers:
                server.check()
            if time.monotonic() > deadline:
                raise ProcessError(f"{name} was not ready within {_SECONDS_TO_START:.0f} s, see {self.folder}")
            time.sleep(_SECONDS_BETWEEN_LOOKS)


def _write_tokens(path: Path, token: str) -> None:
    path.touch(mode=0o600)
    path.write_text(f'{token},admin,admin,"system:masters"\n')


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1.0).close()
    except OSError:
        return False
    return True
