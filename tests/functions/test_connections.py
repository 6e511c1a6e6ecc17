"""Connections to functions: one for each, as long as it is used and its endpoint and our certificates stay."""

import pytest

from crosshead.base.errors import StalledError
from crosshead.functions.connections import IDLE, Connections
from crosshead.functions.credentials import Tls
from crosshead.functions.runtimes import Remote

PLAIN = Remote("p", "127.0.0.1:1", secure=False, source="Development")
SECURE = Remote("p", "127.0.0.1:1", secure=True, source="FunctionRevision")


class Time:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def time():
    return Time()


@pytest.fixture
def connections(time):
    connections = Connections(clock=time)
    yield connections
    connections.close()


def test_a_connection_is_used_again(connections):
    assert connections.get("fn", PLAIN) is connections.get("fn", PLAIN)


def test_each_function_has_its_own(connections):
    assert connections.get("fn", PLAIN) is not connections.get("other", PLAIN)
    assert connections.functions() == ("fn", "other")


def test_a_function_that_moves_gets_a_new_one(connections):
    old = connections.get("fn", PLAIN)

    new = connections.get("fn", Remote("p", "127.0.0.1:2", secure=False, source="Development"))

    assert new is not old
    assert connections.functions() == ("fn",)


def test_one_that_nobody_uses_is_closed(connections, time):
    connections.get("fn", PLAIN)
    connections.get("busy", PLAIN)
    time.now = IDLE - 1
    connections.get("busy", PLAIN)

    time.now = IDLE + IDLE / 10
    connections.get("other", PLAIN)

    assert connections.functions() == ("busy", "other")


def test_one_with_a_call_under_way_is_not(connections, time):
    with connections.get("fn", PLAIN).turn():
        time.now = 2 * IDLE
        connections.get("other", PLAIN)

        assert connections.functions() == ("fn", "other")


def test_an_endpoint_that_wants_tls_needs_certificates(connections):
    with pytest.raises(StalledError, match="its endpoint wants mutual TLS, and there are no client certificates"):
        connections.get("fn", SECURE)


def test_renewed_certificates_make_a_new_connection(tls_pair):
    given = [tls_pair.client]
    connections = Connections(lambda: given[0])
    old = connections.get("fn", SECURE)

    given[0] = Tls(tls_pair.client.certificate, tls_pair.client.key, tls_pair.server.certificate)

    assert connections.get("fn", SECURE) is not old
    connections.close()
