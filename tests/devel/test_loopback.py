"""Reserved ports are ours alone."""

import socket
from pathlib import Path

import pytest

from crosshead.devel import loopback
from crosshead.devel.loopback import Reservation


class Dice:
    """Always the same throw."""

    def randint(self, _first, _last):
        return 28111


@pytest.fixture
def same_port(monkeypatch):
    monkeypatch.setattr(loopback.random, "SystemRandom", Dice)
    return 28111


def test_a_reserved_port_is_free_for_its_server():
    reservation = Reservation()

    with socket.create_server(("127.0.0.1", reservation.port)):
        pass

    reservation.release()


@pytest.mark.usefixtures("same_port")
def test_nobody_else_is_given_it_until_it_is_released():
    reservation = Reservation()

    with pytest.raises(OSError, match="found no free port"):
        Reservation()

    reservation.release()
    Reservation().release()


def test_a_port_that_somebody_listens_on_is_not_given(same_port):
    with socket.create_server(("127.0.0.1", same_port)), pytest.raises(OSError, match="found no free port"):
        Reservation()


def test_clients_are_never_given_such_a_port():
    """The kernel chooses their ports from this range: a server's port there could be taken while it restarts."""
    first_of_clients = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])

    assert first_of_clients > loopback._LAST
