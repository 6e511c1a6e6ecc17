import pytest

from crosshead.base.values import SecretValue


def test_a_secret_gives_itself_away_only_when_asked():
    secret = SecretValue(b"hunter2")

    assert secret.reveal() == b"hunter2"
    assert repr(secret) == str(secret) == f"{secret}" == "***"


def test_a_secret_made_of_text_is_its_bytes():
    assert SecretValue("né").reveal() == "né".encode()


@pytest.mark.parametrize(
    ("other", "equal"),
    [
        pytest.param(SecretValue("a"), True, id="the same content"),
        pytest.param(SecretValue("b"), False, id="another content"),
        pytest.param(b"a", False, id="the bare bytes"),
    ],
)
def test_secrets_are_equal_by_content(other, equal):
    assert (SecretValue(b"a") == other) is equal


def test_equal_secrets_are_one_key():
    assert len({SecretValue("a"), SecretValue(b"a")}) == 1


def test_joined_secrets_are_taken_apart_again():
    secrets = [SecretValue(b"\xff\x00"), SecretValue("a")]

    assert SecretValue.joined(secrets).parts() == secrets
