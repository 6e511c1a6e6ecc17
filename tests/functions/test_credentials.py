"""Where the material of mutual TLS comes from."""

import base64

import pytest

from crosshead.base.errors import StalledError
from crosshead.functions import credentials
from crosshead.functions.credentials import Tls
from tests.functions.conftest import written

MATERIAL = Tls(b"certificate", b"key", b"authority")


def secret(**data):
    names = {"certificate": "tls.crt", "key": "tls.key", "authority": "ca.crt"}
    return {"data": {names[name]: base64.b64encode(value).decode() for name, value in data.items()}}


def test_a_directory_is_read_anew_each_time(tmp_path):
    given = credentials.from_directory(written(MATERIAL, tmp_path / "tls"))
    assert given() == MATERIAL

    (tmp_path / "tls" / "tls.crt").write_bytes(b"renewed")

    assert given() == Tls(b"renewed", b"key", b"authority")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(StalledError, match=r"cannot read TLS certificates: .*tls\.crt: No such file.* needs tls\.crt"):
        credentials.read(tmp_path)


def test_a_secret_is_read_and_remembered():
    reads = []
    whole = secret(certificate=b"certificate", key=b"key", authority=b"authority")
    given = credentials.from_secret(lambda: reads.append(1) or whole)

    assert [given(), given()] == [MATERIAL, MATERIAL]
    assert len(reads) == 1


def test_a_secret_is_read_again_after_a_while():
    reads = []
    whole = secret(certificate=b"certificate", key=b"key", authority=b"authority")
    given = credentials.from_secret(lambda: reads.append(1) or whole, keep=-1.0)

    given()
    given()

    assert len(reads) == 2


@pytest.mark.parametrize("found", [None, {}, secret(certificate=b"certificate", key=b"key")])
def test_a_secret_that_is_not_complete_yet_is_asked_for_again(found):
    answers = [found, secret(certificate=b"certificate", key=b"key", authority=b"authority")]
    given = credentials.from_secret(lambda: answers.pop(0))

    assert [given(), given()] == [None, MATERIAL]


def test_a_key_is_not_shown():
    assert "key=" not in repr(MATERIAL)
