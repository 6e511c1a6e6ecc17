"""
The conversion of objects between versions, for the API server: who serves it, and who is told.

Every replica serves it, whether it leads or not: an object of another version than the stored one cannot even be read
without. They share one authority, and each has a certificate of its own.
"""

import argparse
import logging
import threading
from collections.abc import Mapping
from queue import SimpleQueue
from urllib.parse import urlsplit

from crosshead.aws import conversion
from crosshead.base import objects
from crosshead.base.errors import AbsentError, ConflictError, ReconcileError, StalledError
from crosshead.base.values import Object, SecretValue
from crosshead.functions.certificates import CertificateAuthority
from crosshead.kube.cache import ObjectCache
from crosshead.reconcilers import conversions, function_certificates
from crosshead.reconcilers.ports import Api
from crosshead.webhooks.server import Webhooks

_log = logging.getLogger(__name__)
_ATTEMPTS = 5


class Converting:
    """Serves conversion when *arguments* say how the API server reaches us; otherwise does nothing."""

    def __init__(self, arguments: argparse.Namespace, api: Api, cache: ObjectCache, host: str) -> None:
        self._service: str = arguments.webhook_service
        self._unasked = not (arguments.webhook_url or self._service)
        self._port: int = arguments.webhook_port
        self._url: str = _beside(host, self._port) if self._unasked else arguments.webhook_url
        self._namespace: str = arguments.lease_namespace
        self._api, self._cache = api, cache
        self._crds = frozenset(conversion.crds())
        self._changed: SimpleQueue[Object | None] = SimpleQueue()
        self._server: Webhooks | None = None
        self._ended = False

    def start(self) -> None:
        """
        Begin to serve, then tell the API server of every kind, as its CRD comes to be known.

        :raises StalledError: when the address is none of ours, or taken.
        """
        if not (self._service or self._url):
            return
        root = self._root()
        certificate = CertificateAuthority().issue(root, self._names(), client=False)
        self._server = self._serve(certificate)
        self._server.start()
        client = self._client(root["tls.crt"].reveal())
        threading.Thread(target=self._tell, args=(client,), name="conversions", daemon=True).start()
        self._cache.subscribe(self._notice)

    def _serve(self, certificate: Mapping[str, SecretValue]) -> Webhooks:
        host, port = self._address()
        # The same as last time if it is free: another makes the API server begin anew with every kind.
        for chosen in (port, 0) if self._unasked else (port,):
            try:
                return Webhooks((host, chosen), certificate, {conversions.PATH: conversion.review})
            except (OSError, ValueError) as error:
                trouble = error
        where = self._url or f"port {port}"
        raise StalledError("Webhooks", f"cannot serve webhooks at {where}: {trouble}") from trouble

    def _notice(self, old: Object | None, new: Object | None) -> None:
        """Have whoever is new, or says something else, told whom to ask."""
        del old
        if new is not None and objects.kind_of(new) == conversions.CRD and objects.name(new) in self._crds:
            self._changed.put(new)

    def _tell(self, client: Object) -> None:
        while (crd := self._changed.get()) is not None and not self._ended:
            try:
                if conversions.point(crd, client, self._api):
                    _log.info("%s are converted here from now on", objects.name(crd))
            except (ReconcileError, AbsentError) as error:
                # Told again at the CRD's next change; until then its objects are there in the stored version only.
                _log.warning("cannot say who converts %s: %s", objects.name(crd), error)

    def stop(self) -> None:
        """Serve no longer."""
        self._ended = True
        self._changed.put(None)
        if self._server is not None:
            self._server.stop()

    def _root(self) -> Mapping[str, SecretValue]:
        for _ in range(_ATTEMPTS):
            try:
                return function_certificates.root(self._namespace, CertificateAuthority(), self._api)
            except ConflictError:
                continue  # another replica was faster: theirs it is
            except AbsentError as error:
                if self._unasked:
                    return CertificateAuthority().root()  # nobody set anything up for it: nothing may be missing
                raise StalledError("Webhooks", f"cannot keep the certificate authority of webhooks: {error}") from error
        raise StalledError("Webhooks", "cannot agree with other replicas on a certificate authority")

    def _names(self) -> list[str]:
        if self._url:
            return [urlsplit(self._url).hostname or ""]
        host = f"{self._service}.{self._namespace}"
        return [f"{host}.svc", f"{host}.svc.cluster.local", host]

    def _address(self) -> tuple[str, int]:
        if not self._url:
            return "", self._port
        parts = urlsplit(self._url)
        return parts.hostname or "", parts.port or 0

    def _client(self, authority: bytes) -> Object:
        if not self._url:
            return conversions.at_service(self._service, self._namespace, authority)
        parts = urlsplit(self._url)
        port = self._server.port if self._server else parts.port
        return conversions.at_url(f"https://{parts.hostname}:{port}", authority)


def _beside(host: str, port: int) -> str:
    """Return where webhooks are served for an API server at *host* of this machine; "" for one elsewhere."""
    # Without, the garbage collector, which reads the newest version, could not let go of what is stored in another.
    return f"https://127.0.0.1:{port}" if urlsplit(host).hostname in {"127.0.0.1", "localhost", "::1"} else ""
