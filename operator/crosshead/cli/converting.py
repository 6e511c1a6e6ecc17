"""
The conversion of objects between versions, for the API server: who serves it, and who is told.

Every replica serves it, whether it leads or not: an object of another version than the stored one cannot even be read
without. They share one authority, and each has a certificate of its own.
"""

import argparse
import logging
from collections.abc import Mapping
from urllib.parse import urlsplit

from crosshead.aws import conversion
from crosshead.base.errors import ConflictError, StalledError
from crosshead.base.values import Object, SecretValue
from crosshead.functions.certificates import CertificateAuthority
from crosshead.reconcilers import conversions, function_certificates
from crosshead.reconcilers.ports import Api
from crosshead.webhooks.server import Webhooks

_log = logging.getLogger(__name__)
_ATTEMPTS = 5


class Converting:
    """Serves conversion when *arguments* say how the API server reaches us; otherwise does nothing."""

    def __init__(self, arguments: argparse.Namespace, api: Api) -> None:
        self._service: str = arguments.webhook_service
        self._url: str = arguments.webhook_url
        self._port: int = arguments.webhook_port
        self._namespace: str = arguments.lease_namespace
        self._api = api
        self._server: Webhooks | None = None

    def start(self) -> None:
        """
        Begin to serve, then tell the API server.

        :raises StalledError: when the address is none of ours, or taken.
        """
        if not (self._service or self._url):
            return
        root = self._root()
        certificate = CertificateAuthority().issue(root, self._names(), client=False)
        try:
            self._server = Webhooks(self._address(), certificate, {conversions.PATH: conversion.review})
        except (OSError, ValueError) as error:
            where = self._url or f"port {self._port}"
            raise StalledError("Webhooks", f"cannot serve webhooks at {where}: {error}") from error
        self._server.start()
        told = conversions.point(conversion.crds(), self._client(root["tls.crt"].reveal()), self._api)
        _log.info("told %d kinds that we convert between their versions", len(told))

    def stop(self) -> None:
        """Serve no longer."""
        if self._server is not None:
            self._server.stop()

    def _root(self) -> Mapping[str, SecretValue]:
        for _ in range(_ATTEMPTS):
            try:
                return function_certificates.root(self._namespace, CertificateAuthority(), self._api)
            except ConflictError:
                continue  # another replica was faster: theirs it is
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
