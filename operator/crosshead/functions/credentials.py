"""The material of mutual TLS, as files and Secrets hold it: `tls.crt`, `tls.key` and `ca.crt`."""

import base64
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from crosshead.base.errors import StalledError
from crosshead.base.values import Object

CERTIFICATE: Final = "tls.crt"
KEY: Final = "tls.key"
AUTHORITY: Final = "ca.crt"


@dataclass(frozen=True, slots=True)
class Tls:
    """One side's certificate and key, and the certificate of the authority that the other side's must come from."""

    certificate: bytes
    key: bytes = field(repr=False)
    authority: bytes


# Where a client has its material from; None when it has none.
Credentials = Callable[[], Tls | None]


def none() -> None:
    """Return no material: only plaintext endpoints can be spoken to."""


def from_directory(directory: Path) -> Credentials:
    """Return the credentials in *directory*, read anew whenever they are asked for: certificates get renewed."""
    return lambda: read(directory)


def read(directory: Path) -> Tls:
    """Return what the files in *directory* hold; raises `StalledError` when one cannot be read."""
    try:
        certificate, key, authority = ((directory / name).read_bytes() for name in (CERTIFICATE, KEY, AUTHORITY))
    except OSError as error:
        what = f"cannot read TLS certificates: {error.filename}: {error.strerror}"
        raise StalledError("TLSCredentials", f"{what}; the directory needs tls.crt, tls.key and ca.crt") from error
    return Tls(certificate, key, authority)


def from_secret(fetch: Callable[[], Object | None], *, keep: float = 60.0) -> Credentials:
    """
    Return the credentials in the Secret that *fetch* returns, None as long as there is none or it is not complete.

    They are asked for at every call, and the Secret at most every *keep* seconds.
    """
    lock = threading.Lock()
    known: list[tuple[float, Tls | None]] = []

    def credentials() -> Tls | None:
        with lock:
            now = time.monotonic()
            if not known or known[0][1] is None or now - known[0][0] > keep:
                known[:] = [(now, _of_secret(fetch()))]
            return known[0][1]

    return credentials


def _of_secret(secret: Object | None) -> Tls | None:
    data = (secret or {}).get("data") or {}
    certificate, key, authority = (base64.b64decode(data.get(name) or "") for name in (CERTIFICATE, KEY, AUTHORITY))
    return Tls(certificate, key, authority) if certificate and key and authority else None
