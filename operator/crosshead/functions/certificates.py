"""Makes the certificates of mutual TLS between the operator and its functions, in the form that Crossplane reads."""

import datetime as dt
import ipaddress
from collections.abc import Mapping, Sequence
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from crosshead.base.errors import StalledError
from crosshead.base.values import SecretValue
from crosshead.functions.credentials import AUTHORITY, CERTIFICATE, KEY

_LIFETIME: Final = dt.timedelta(days=3650)
# Clocks differ.
_SLACK: Final = dt.timedelta(hours=1)
_NAME: Final = x509.Name(
    [
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Crossplane"),
        x509.NameAttribute(NameOID.COMMON_NAME, "Crossplane"),
    ]
)


class CertificateAuthority:
    """Makes authorities, and has them issue certificates. Keys are RSA in PKCS#1: Crossplane reads nothing else."""

    def root(self) -> Mapping[str, SecretValue]:
        """Return the certificate and the key of a new authority, as a Secret holds them."""
        key = _key()
        usage = _usage(signs_certificates=True)
        certificate = (
            _builder(_NAME, key.public_key())
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .add_extension(usage, critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .sign(key, hashes.SHA256())
        )
        return {CERTIFICATE: _certificate_pem(certificate), KEY: _key_pem(key)}

    def issue(
        self, root: Mapping[str, SecretValue], names: Sequence[str], *, client: bool
    ) -> Mapping[str, SecretValue]:
        """
        Return a certificate for *names* (of hosts, or addresses), its key and the certificate of the authority *root*.

        Raises `StalledError` when *root* is not an authority's certificate and key.
        """
        authority, authority_key = _read(root)
        key = _key()
        purpose = ExtendedKeyUsageOID.CLIENT_AUTH if client else ExtendedKeyUsageOID.SERVER_AUTH
        issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key())
        certificate = (
            _builder(authority.subject, key.public_key())
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName([_subject(name) for name in names]), critical=False)
            .add_extension(_usage(signs_certificates=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
            .add_extension(issuer, critical=False)
            # Issuer and subject have one name: without it, OpenSSL takes the certificate for its own issuer.
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .sign(authority_key, hashes.SHA256())
        )
        return {CERTIFICATE: _certificate_pem(certificate), KEY: _key_pem(key), AUTHORITY: root[CERTIFICATE]}


def _subject(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _read(root: Mapping[str, SecretValue]) -> tuple[x509.Certificate, rsa.RSAPrivateKey]:
    try:
        certificate = x509.load_pem_x509_certificate(root[CERTIFICATE].reveal())
        key = serialization.load_pem_private_key(root[KEY].reveal(), password=None)
    except (KeyError, ValueError, TypeError) as error:
        raise StalledError("TLSCertificates", "the root CA holds no certificate and key that can be read") from error
    if not isinstance(key, rsa.RSAPrivateKey):
        raise StalledError("TLSCertificates", "the key of the root CA is not an RSA key")
    return certificate, key


def _key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _builder(issuer: x509.Name, key: rsa.RSAPublicKey) -> x509.CertificateBuilder:
    now = dt.datetime.now(dt.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(_NAME)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _SLACK)
        .not_valid_after(now + _LIFETIME)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=not signs_certificates,
        data_encipherment=not signs_certificates,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _certificate_pem(certificate: x509.Certificate) -> SecretValue:
    return SecretValue(certificate.public_bytes(serialization.Encoding.PEM))


def _key_pem(key: rsa.RSAPrivateKey) -> SecretValue:
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    return SecretValue(pem)
