"""How fast AWS is asked."""

from dataclasses import dataclass, field
from math import inf

import pytest

from crosshead.aws.pacing import Pace, PacedError, Paces

KEY = ("account", "us-east-1", "rds")
SAID = "Rate exceeded"


@dataclass
class Clock:
    time: float = 100.0
    slept: list[float] = field(default_factory=list)

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def paces(clock: Clock) -> Paces:
    return Paces(clock.now, clock.sleep)


def send(paces: Paces, count: int) -> None:
    for _ in range(count):
        paces.enter(KEY)


def test_nobody_waits_until_aws_complains(paces: Paces, clock: Clock) -> None:
    send(paces, 500)

    assert (clock.slept, paces.per_second(KEY)) == ([], inf)


def test_the_first_complaint_halves_what_was_sent_within_a_second(paces: Paces) -> None:
    send(paces, 20)

    paces.complain(KEY, SAID)

    assert paces.per_second(KEY) == pytest.approx(10)


def test_complaints_about_the_same_second_count_once(paces: Paces) -> None:
    send(paces, 20)

    for _ in range(5):
        paces.complain(KEY, SAID)

    assert paces.per_second(KEY) == pytest.approx(10)


def test_later_complaints_halve_again_and_never_to_nothing(paces: Paces, clock: Clock) -> None:
    send(paces, 20)
    paces.complain(KEY, SAID)
    clock.time += 1
    paces.complain(KEY, SAID)
    once_more = paces.per_second(KEY)
    for _ in range(10):
        clock.time += 1
        paces.complain(KEY, SAID)

    assert once_more == pytest.approx(5, rel=0.05)
    assert paces.per_second(KEY) == pytest.approx(0.5)


def test_the_pace_doubles_in_half_a_minute_until_it_is_of_no_account(paces: Paces, clock: Clock) -> None:
    send(paces, 20)
    paces.complain(KEY, SAID)
    clock.time += 30
    later = paces.per_second(KEY)
    clock.time += 120
    paces.enter(KEY)

    assert later == pytest.approx(20)
    assert paces.per_second(KEY) == inf


def test_a_moment_is_waited_for(paces: Paces, clock: Clock) -> None:
    send(paces, 20)
    paces.complain(KEY, SAID)

    send(paces, 3)

    assert clock.slept == pytest.approx([0.1, 0.1, 0.1], rel=0.01)


def test_who_has_sent_little_is_not_slowed_down_much(paces: Paces) -> None:
    """The complaint may be about somebody else's requests."""
    send(paces, 1)

    paces.complain(KEY, SAID)

    assert paces.per_second(KEY) == 5


def slowest(paces: Paces, clock: Clock) -> None:
    for _ in range(5):
        paces.complain(KEY, SAID)
        clock.time += 1.001
    paces.complain(KEY, SAID)


def test_who_would_wait_for_long_is_sent_away_each_until_another_time(paces: Paces, clock: Clock) -> None:
    slowest(paces, clock)

    waits = []
    for _ in range(3):
        with pytest.raises(PacedError) as caught:
            paces.enter(KEY)
        waits.append(caught.value.wait)

    assert waits == pytest.approx([2, 4, 6])
    assert str(caught.value) == SAID
    assert clock.slept == []


def test_who_comes_back_in_time_is_let_through(paces: Paces, clock: Clock) -> None:
    slowest(paces, clock)
    with pytest.raises(PacedError) as caught:
        paces.enter(KEY)

    clock.time += caught.value.wait
    paces.enter(KEY)

    assert clock.slept == []


def test_nobody_is_sent_away_for_longer_than_a_minute(paces: Paces, clock: Clock) -> None:
    slowest(paces, clock)
    for _ in range(40):
        with pytest.raises(PacedError) as caught:
            paces.enter(KEY)

    assert caught.value.wait == 60


def test_other_places_keep_their_pace(paces: Paces) -> None:
    paces.complain(KEY, SAID)

    assert paces.per_second(("account", "eu-west-1", "rds")) == inf
    assert paces.per_second(("account", "us-east-1", "s3")) == inf


def test_an_account_that_is_gone_leaves_nothing(paces: Paces) -> None:
    paces.complain(KEY, SAID)

    paces.forget("account")

    assert paces.per_second(KEY) == inf


def test_a_clock_that_stands_still_gives_nothing() -> None:
    pace = Pace(2.0, at=10.0, slowed_at=10.0)

    assert pace.at_time(9.0).tokens == 0.0
