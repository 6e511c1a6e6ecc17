"""
Where the API server is and who we are to it, as the official package's configuration finds out.

That package knows kubeconfig files, tokens, exec plugins, client certificates and in-cluster accounts, and renews what
expires; we only ask it for the headers, from many threads, and have it read everything anew when we are refused.
"""

import contextlib
import logging
import os
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import urllib3
from kubernetes import client, config
from kubernetes.config.config_exception import ConfigException

from crosshead.base.errors import StalledError

_log = logging.getLogger(__name__)

# A refused token is read anew at most this often: exec plugins may ask a human, or cost money.
_RELOAD_EVERY = 10.0
_IN_CLUSTER_TOKEN = Path("/var/run/secrets/kubernetes.io/serviceaccount/token")

Load = Callable[[Any], None]


class Credentials:
    """
    The official package's configuration, safe to ask from any thread.

    :param keep: for how many seconds its answer is good: whenever it is asked, it looks through the environment.
    """

    def __init__(self, load: Load, keep: float = 1.0) -> None:
        self._load, self._keep = load, keep
        self._lock = threading.Lock()
        self._headers: Mapping[str, str] = {}
        self._headers_until = 0.0
        self._loaded_at = time.monotonic()
        self._config = _read(load)
        self._certificate = (self._config.cert_file, self._config.key_file)
        self.tls = _tls_context(self._config)

    @property
    def host(self) -> str:
        """The URL of the API server, without a slash at its end."""
        return str(self._config.host).rstrip("/")

    @property
    def proxy(self) -> str | None:
        """The URL of the HTTP proxy in between, if any."""
        return self._config.proxy or None

    @property
    def server_name(self) -> str | None:
        """The name that the server's certificate must have, when it is not the host's."""
        return self._config.tls_server_name or None

    @property
    def files(self) -> Mapping[str, str]:
        """The files of the CA, our certificate and our key, for clients that are not ours; only those there are."""
        config = self._config
        found = {
            "ca_path": config.ssl_ca_cert,
            "certificate_path": config.cert_file,
            "private_key_path": config.key_file,
        }
        return {name: str(path) for name, path in found.items() if path}

    @property
    def is_insecure(self) -> bool:
        """Whether the server's certificate is not looked at."""
        return not self._config.verify_ssl

    def headers(self) -> Mapping[str, str]:
        """Return the headers that say who we are, renewed if they have expired."""
        with self._lock:
            if time.monotonic() >= self._headers_until:
                settings = self._config.auth_settings()
                self._follow_certificate()
                token = (settings.get("BearerToken") or {}).get("value")
                self._headers = {"Authorization": str(token)} if token else {}
                self._headers_until = time.monotonic() + self._keep
            return self._headers

    def reload(self) -> bool:
        """Read everything anew, because the server refused us; return whether it was time to."""
        with self._lock:
            if time.monotonic() - self._loaded_at < _RELOAD_EVERY:
                return False
            self._loaded_at = time.monotonic()
            self._config = _read(self._load)
            self._headers_until = 0.0
            self._follow_certificate()
        _log.info("read the Kubernetes credentials anew")
        return True

    def _follow_certificate(self) -> None:
        certificate = (self._config.cert_file, self._config.key_file)
        if certificate != self._certificate:
            # New connections use it, those that stand keep what they have.
            self.tls.load_cert_chain(*certificate)
            self._certificate = certificate


def load_credentials(kubeconfig: str | Path | None = None) -> Credentials:
    """
    Return the credentials of *kubeconfig*, else of KUBECONFIG, else of the pod we run in, else of `~/.kube/config`.

    Raises `StalledError` when none of these can be used.
    """
    path = str(kubeconfig) if kubeconfig else os.environ.get("KUBECONFIG", "")
    if not path and _is_in_cluster():
        return Credentials(lambda into: config.load_incluster_config(client_configuration=into))
    path = path or str(Path("~/.kube/config").expanduser())
    return Credentials(
        lambda into: config.load_kube_config(config_file=path, client_configuration=into, persist_config=False)
    )


def _is_in_cluster() -> bool:
    return bool(os.environ.get("KUBERNETES_SERVICE_HOST")) and _IN_CLUSTER_TOKEN.exists()


def _read(load: Load) -> Any:  # noqa: ANN401 (the package is not typed)
    into = client.Configuration()
    try:
        load(into)
    except (ConfigException, OSError) as error:
        raise StalledError("InvalidKubeconfig", f"cannot find out how to reach the API server: {error}") from error
    return into


def _tls_context(settings: Any) -> ssl.SSLContext:  # noqa: ANN401 (the package is not typed)
    context = ssl.create_default_context(cafile=settings.ssl_ca_cert or None)
    # Clusters of old sign with certificates that OpenSSL's strict mode refuses, as Go's library does not.
    context.verify_flags &= ~getattr(ssl, "VERIFY_X509_STRICT", ssl.VerifyFlags(0))
    if not settings.verify_ssl:
        # Somebody chose this, and is told once; the library would repeat it at every request.
        _log.warning("the kubeconfig turns off the verification of the API server's certificate")
        urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if settings.cert_file:
        context.load_cert_chain(settings.cert_file, settings.key_file)
    with contextlib.suppress(NotImplementedError):
        context.set_alpn_protocols(["http/1.1"])
    return context
