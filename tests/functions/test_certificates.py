"""The certificates that operator and functions show to each other."""

import datetime as dt

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID

from crosshead.base.errors import StalledError
from crosshead.base.values import SecretValue
from crosshead.functions.certificates import CertificateAuthority

NAMES = ["fn", "fn.crossplane-system", "fn.crossplane-system.svc"]


@pytest.fixture(scope="module")
def root():
    return CertificateAuthority().root()


def read(secret):
    return x509.load_pem_x509_certificate(secret.reveal())


@pytest.mark.parametrize(
    ("client", "purpose"), [(True, ExtendedKeyUsageOID.CLIENT_AUTH), (False, ExtendedKeyUsageOID.SERVER_AUTH)]
)
def test_a_certificate_is_for_its_names_its_purpose_and_ten_years(root, client, purpose):
    issued = CertificateAuthority().issue(root, NAMES, client=client)

    certificate = read(issued["tls.crt"])
    named = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert named.get_values_for_type(x509.DNSName) == NAMES
    assert list(certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value) == [purpose]
    assert certificate.not_valid_after_utc - certificate.not_valid_before_utc > dt.timedelta(days=3650)


def test_a_certificate_comes_from_the_authority_beside_it(root):
    issued = CertificateAuthority().issue(root, NAMES, client=False)

    read(issued["tls.crt"]).verify_directly_issued_by(read(issued["ca.crt"]))
    assert issued["ca.crt"] == root["tls.crt"]


def test_keys_are_in_the_form_that_crossplane_reads(root):
    assert root["tls.key"].reveal().startswith(b"-----BEGIN RSA PRIVATE KEY-----")


def test_an_authority_may_sign_and_do_nothing_else(root):
    usage = read(root["tls.crt"]).extensions.get_extension_for_class(x509.KeyUsage).value

    assert (usage.key_cert_sign, usage.digital_signature) == (True, False)


def test_no_two_serial_numbers_are_the_same(root):
    first, second = (CertificateAuthority().issue(root, NAMES, client=True) for _ in range(2))

    assert read(first["tls.crt"]).serial_number != read(second["tls.crt"]).serial_number


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        pytest.param({}, "no certificate and key that can be read", id="nothing"),
        pytest.param({"tls.crt": SecretValue(b"x"), "tls.key": SecretValue(b"y")}, "can be read", id="rubbish"),
    ],
)
def test_a_broken_authority_is_told(broken, words):
    with pytest.raises(StalledError, match=words):
        CertificateAuthority().issue(broken, NAMES, client=True)


def test_an_authority_must_have_an_rsa_key(root):
    other = ec_key()

    with pytest.raises(StalledError, match="not an RSA key"):
        CertificateAuthority().issue({**root, "tls.key": other}, NAMES, client=True)


def ec_key():
    key = ec.generate_private_key(ec.SECP256R1())
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return SecretValue(key.private_bytes(*form))
