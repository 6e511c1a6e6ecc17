"""Webhooks, asked over TLS."""

import json
import socket
import ssl
from collections.abc import Iterator

import pytest
import urllib3

from crosshead.functions.certificates import CertificateAuthority
from crosshead.webhooks.server import Webhooks


@pytest.fixture(scope="module")
def root():
    return CertificateAuthority().root()


@pytest.fixture(scope="module")
def webhooks(root) -> Iterator[Webhooks]:
    certificate = CertificateAuthority().issue(root, ["127.0.0.1"], client=False)
    webhooks = Webhooks(("127.0.0.1", 0), certificate, {"/echo": lambda asked: {"heard": asked}})
    webhooks.start()
    yield webhooks
    webhooks.stop()


@pytest.fixture(scope="module")
def client(root) -> Iterator[urllib3.PoolManager]:
    context = ssl.create_default_context(cadata=root["tls.crt"].reveal().decode())
    with urllib3.PoolManager(ssl_context=context, retries=False) as pool:
        yield pool


def post(client, webhooks, body, path="/echo"):
    return client.request("POST", f"https://127.0.0.1:{webhooks.port}{path}", body=body)


def test_a_review_is_answered(client, webhooks):
    answer = post(client, webhooks, json.dumps({"request": {"uid": "a"}}))

    assert (answer.status, answer.json()) == (200, {"heard": {"request": {"uid": "a"}}})


def test_the_api_server_may_add_how_long_it_waits(client, webhooks):
    assert post(client, webhooks, "{}", path="/echo?timeout=30s").status == 200


def test_a_connection_is_used_again(client, webhooks):
    for _ in range(3):
        post(client, webhooks, "{}")

    assert client.connection_from_host("127.0.0.1", webhooks.port, "https").num_connections == 1


@pytest.mark.parametrize(
    ("body", "path", "status"),
    [
        pytest.param("{}", "/other", 404, id="another path"),
        pytest.param("", "/echo", 413, id="nothing"),
        pytest.param("not json", "/echo", 400, id="no JSON"),
        pytest.param("[]", "/echo", 400, id="no object"),
    ],
)
def test_what_is_no_review_is_refused(client, webhooks, body, path, status):
    answer = post(client, webhooks, body, path)

    assert (answer.status, set(answer.json())) == (status, {"error"})


def test_a_client_that_says_nothing_holds_up_nobody(client, webhooks):
    with socket.create_connection(("127.0.0.1", webhooks.port)):
        assert post(client, webhooks, "{}").status == 200


def test_who_does_not_know_the_authority_does_not_talk_to_us(webhooks):
    with urllib3.PoolManager(retries=False) as stranger, pytest.raises(urllib3.exceptions.SSLError):
        stranger.request("POST", f"https://127.0.0.1:{webhooks.port}/echo", body="{}")
