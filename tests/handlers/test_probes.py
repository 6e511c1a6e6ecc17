"""The probes tell the truth of the moment."""

import pytest
import urllib3
from prometheus_client import CollectorRegistry, Counter

from crosshead.handlers.probes import Probes


class Patient:
    """Somebody whose health can be changed."""

    def __init__(self):
        self.health, self.readiness = {}, {}


@pytest.fixture
def patient():
    return Patient()


@pytest.fixture
def ask(patient):
    registry = CollectorRegistry()
    Counter("apples", "Apples.", registry=registry).inc(3)
    probes = Probes(("127.0.0.1", 0), lambda: patient.health, lambda: patient.readiness, registry)
    probes.start()
    yield lambda path: urllib3.request("GET", f"http://127.0.0.1:{probes.port}{path}", retries=False, timeout=5.0)
    probes.stop()


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_all_is_well(ask, path):
    answer = ask(path)

    assert (answer.status, answer.data) == (200, b"ok\n")


def test_what_is_wrong_is_said_at_once_and_no_longer_than_it_is(ask, patient):
    patient.health = {"workers": "a worker has ended", "watch of X": "does not move"}
    answer = ask("/healthz")
    assert (answer.status, answer.data) == (503, b"watch of X: does not move\nworkers: a worker has ended\n")

    patient.health = {}
    assert ask("/healthz").status == 200


def test_not_ready_is_not_unhealthy(ask, patient):
    patient.readiness = {"caches": "not filled yet"}

    assert (ask("/readyz").status, ask("/healthz").status) == (503, 200)


def test_the_metrics_are_there(ask):
    assert b"apples_total 3.0" in ask("/metrics").data


def test_another_path_says_which_there_are(ask):
    answer = ask("/")

    assert (answer.status, b"/readyz" in answer.data) == (404, True)
