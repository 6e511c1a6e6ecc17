"""The order in which requests enter moto, with an application in its place that watches them."""

import threading
import time

import pytest

from crosshead.devel.emulation.faults import Rule
from crosshead.devel.emulation.gate import Gate
from crosshead.devel.emulation.timeline import Delays, Timeline

REQUEST = {"REQUEST_METHOD": "POST", "PATH_INFO": "/", "QUERY_STRING": "", "HTTP_X_AMZ_TARGET": "Any.Thing"}


class Watcher:
    """A WSGI application that takes its time, and knows how many were inside it at once."""

    def __init__(self) -> None:
        self.inside = 0
        self.most = 0
        self.served = 0

    def __call__(self, environ, start):
        self.inside += 1
        self.most = max(self.most, self.inside)
        time.sleep(0.01)
        self.inside -= 1
        self.served += 1
        start("200 OK", [])
        return [environ["wsgi.input"].read()]


@pytest.fixture
def watcher():
    return Watcher()


@pytest.fixture
def gate(watcher):
    return Gate(watcher, Timeline(Delays()))


def test_requests_enter_one_at_a_time(gate, watcher, in_background):
    together = threading.Barrier(8)

    def ask() -> None:
        together.wait()
        gate.answer(REQUEST, b"")

    for job in [in_background(ask) for _ in range(8)]:
        job.result(10)

    assert (watcher.most, watcher.served) == (1, 8)


def test_whoever_waits_keeps_nobody_waiting(gate, watcher, in_background):
    gate.faults.add(Rule("delay", times=1, seconds=60))
    waiting = in_background(gate.answer, REQUEST, b"")
    while not gate.faults.show()[0]["fired"]:
        time.sleep(0.01)

    assert gate.answer(REQUEST, b"soon").body == b"soon"
    assert (waiting.done(), watcher.served) == (False, 1)
    gate.faults.lift()
    assert waiting.result(10).status == 200


def test_what_is_due_happens_before_the_answer(gate):
    happened = []
    gate.timeline.after(0.001, lambda: happened.append("it"))
    time.sleep(0.002)

    gate.answer(REQUEST, b"")

    assert happened == ["it"]


def test_a_failure_in_moto_is_a_page_of_html_and_the_next_request_is_served(gate, watcher, monkeypatch):
    monkeypatch.setattr(gate, "_application", lambda *_: 1 / 0)
    assert gate.answer(REQUEST, b"").status == 500
    monkeypatch.setattr(gate, "_application", watcher)
    assert gate.answer(REQUEST, b"").status == 200
