"""What more than one file of tests needs: certificates, which take a while to make."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from crosshead.functions.certificates import CertificateAuthority
from crosshead.functions.credentials import AUTHORITY, CERTIFICATE, KEY, Tls


@dataclass(frozen=True)
class Pair:
    """Certificates of one authority for a function and for whoever calls it."""

    server: Tls
    client: Tls


def tls(data):
    return Tls(data[CERTIFICATE].reveal(), data[KEY].reveal(), data[AUTHORITY].reveal())


def pair(*names):
    authority = CertificateAuthority()
    root = authority.root()
    server = authority.issue(root, names, client=False)
    return Pair(tls(server), tls(authority.issue(root, ["crossplane.crossplane-system"], client=True)))


@pytest.fixture(scope="session")
def tls_pair():
    return pair("127.0.0.1")


@pytest.fixture(scope="session")
def other_pair():
    """Certificates of another authority, for another host."""
    return pair("elsewhere")


@pytest.fixture
def certificates(tls_pair, tmp_path) -> Path:
    """A directory with what a function shows to its callers."""
    return written(tls_pair.server, tmp_path / "tls")


def written(material, directory):
    directory.mkdir()
    (directory / CERTIFICATE).write_bytes(material.certificate)
    (directory / KEY).write_bytes(material.key)
    (directory / AUTHORITY).write_bytes(material.authority)
    return directory
