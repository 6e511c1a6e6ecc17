"""How fast AWS is asked."""

from dataclasses import dataclass
from math import inf

import pytest

from crosshead.aws.pacing import Pace, Paces

KEY = ("account", "us-east-1", "rds")
SAID = "Rate exceeded"


@dataclass
class Clock:
    time: float = 100.0

    def now(self) -> float:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def paces(clock: Clock) -> Paces:
    return Paces(clock.now)


def send(paces: Paces, count: int) -> None:
    for _ in range(count):
        paces.spend(KEY)


def slowest(paces: Paces, clock: Clock) -> None:
    for _ in range(8):
        paces.complain(KEY, SAID)
        clock.time += 5.0
    paces.complain(KEY, SAID)


def test_nobody_waits_until_aws_complains(paces: Paces) -> None:
    send(paces, 500)

    assert (paces.begin(KEY), paces.per_second(KEY)) == ((0.0, ""), inf)


def test_the_first_complaint_halves_what_was_sent_within_a_second(paces: Paces, clock: Clock) -> None:
    send(paces, 30)
    clock.time += 1.5
    send(paces, 20)

    paces.complain(KEY, SAID)

    assert paces.per_second(KEY) == pytest.approx(10)


def test_who_has_sent_little_is_not_slowed_down_much(paces: Paces) -> None:
    """The complaint may be about somebody else's requests."""
    send(paces, 1)

    paces.complain(KEY, SAID)

    assert paces.per_second(KEY) == 5


def test_complaints_about_the_same_pace_count_once(paces: Paces, clock: Clock) -> None:
    send(paces, 20)

    paces.complain(KEY, SAID)
    clock.time += 1
    paces.complain(KEY, SAID)
    clock.time -= 1

    assert paces.per_second(KEY) == pytest.approx(10, rel=0.01)


def test_later_complaints_halve_again_and_never_to_nothing(paces: Paces, clock: Clock) -> None:
    send(paces, 20)
    paces.complain(KEY, SAID)
    clock.time += 5
    paces.complain(KEY, SAID)
    once_more = paces.per_second(KEY)
    slowest(paces, clock)

    assert once_more == pytest.approx(10 * 2**0.5 / 2)
    assert paces.per_second(KEY) == pytest.approx(1)


def test_the_pace_doubles_every_ten_seconds_until_it_is_of_no_account(paces: Paces, clock: Clock) -> None:
    send(paces, 20)
    paces.complain(KEY, SAID)
    clock.time += 10
    later = paces.per_second(KEY)
    clock.time += 30
    paces.spend(KEY)

    assert later == pytest.approx(20)
    assert paces.per_second(KEY) == inf


def test_who_has_begun_is_let_through_and_those_who_begin_later_wait_for_it(paces: Paces) -> None:
    send(paces, 20)
    paces.complain(KEY, SAID)
    begun = paces.begin(KEY)
    send(paces, 5)

    assert begun == (0.0, SAID)
    assert paces.begin(KEY) == (pytest.approx(0.5), SAID)


def test_each_is_sent_away_until_another_time(paces: Paces) -> None:
    send(paces, 20)
    paces.complain(KEY, SAID)
    send(paces, 10)

    waits = [paces.begin(KEY)[0] for _ in range(3)]

    assert waits == pytest.approx([1.0, 1.1, 1.2])


def test_who_comes_back_in_time_may_begin(paces: Paces, clock: Clock) -> None:
    slowest(paces, clock)
    send(paces, 3)
    wait, _ = paces.begin(KEY)

    clock.time += wait

    assert paces.begin(KEY)[0] == 0.0


def test_nobody_is_sent_away_for_longer_than_a_minute(paces: Paces, clock: Clock) -> None:
    slowest(paces, clock)
    send(paces, 1000)

    waits = [paces.begin(KEY)[0] for _ in range(100)]

    assert (waits[0], waits[-1]) == (pytest.approx(30), 60)


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
