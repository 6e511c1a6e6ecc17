"""What happens later, with a clock that is moved by hand."""

import pytest

from crosshead.devel.emulation.timeline import Delays, Timeline


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def timeline(clock):
    return Timeline(Delays(), clock)


def test_nothing_happens_before_its_time(timeline, clock):
    happened = []
    timeline.after(2, lambda: happened.append("it"))

    clock.now += 1.9
    timeline.settle()
    assert happened == []
    clock.now += 0.1
    timeline.settle()
    timeline.settle()
    assert happened == ["it"]


def test_what_is_due_happens_in_the_order_of_time(timeline, clock):
    happened = []
    for seconds in (3, 1, 2, 1):
        timeline.after(seconds, lambda seconds=seconds: happened.append(seconds))

    clock.now += 5
    timeline.settle()

    assert happened == [1, 1, 2, 3]


def test_without_delay_an_event_happens_at_once(timeline):
    happened = []

    timeline.after(0, lambda: happened.append("it"))

    assert happened == ["it"]


def test_an_event_may_lead_to_another(timeline, clock):
    happened = []
    timeline.after(1, lambda: timeline.after(1, lambda: happened.append("second")))

    clock.now += 1
    timeline.settle()
    assert happened == []
    clock.now += 1
    timeline.settle()
    assert happened == ["second"]


def test_what_is_forgotten_never_happens(timeline, clock):
    happened = []
    timeline.after(1, lambda: happened.append("it"))

    timeline.forget()
    clock.now += 2
    timeline.settle()

    assert happened == []


def test_time_does_not_run_backwards():
    with pytest.raises(ValueError, match="deleting is -1"):
        Delays(deleting=-1)
