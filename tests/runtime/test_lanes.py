import threading
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosshead.runtime.lanes import HOME, Lanes, Room, Urgency
from crosshead.runtime.queue import WorkQueue
from crosshead.runtime.workers import Workers
from tests.kube.waiting import eventually


def lane_of(key: str) -> str | None:
    """Return the lane of keys like `rds/1`; keys without one are at home."""
    lane, slash, _ = key.partition("/")
    return lane if slash else HOME


def lanes(home: float = 2, lane: float = 2, away: float = 4) -> Lanes[str]:
    return Lanes(lane_of, Room(home, lane, away))


def taken(lanes: Lanes[str], urgency: Urgency = Urgency.CHANGED) -> Iterator[str]:
    """Yield what may be in work at once."""
    while (key := lanes.pop(urgency)) is not None:
        yield key


def fill(lanes: Lanes[str], *keys: str) -> None:
    for key in keys:
        lanes.put(key, Urgency.CHANGED, 0.0)


def test_a_lane_that_is_full_lets_others_pass() -> None:
    some = lanes()
    fill(some, "rds/1", "rds/2", "rds/3", "s3/1", "a")

    assert list(taken(some)) == ["rds/1", "rds/2", "s3/1", "a"]
    assert len(some) == 1
    assert not some.has_next()


def test_whoever_leaves_makes_room_for_the_next_of_the_lane() -> None:
    some = lanes()
    fill(some, "rds/1", "rds/2", "rds/3", "rds/4")
    list(taken(some))

    some.leave("rds/1")

    assert some.has_next()
    assert list(taken(some)) == ["rds/3"]


def test_home_is_left_alone_however_many_lanes_are_full() -> None:
    some = lanes()
    fill(some, *(f"{lane}/{number}" for lane in "abcdefgh" for number in range(9)), "one", "two", "three")

    assert [key for key in taken(some) if lane_of(key) is HOME] == ["one", "two"]


def test_no_lane_takes_the_last_places() -> None:
    some = lanes(lane=4, away=4)
    fill(some, *(f"{lane}/{number}" for lane in ("rds", "s3", "ec2") for number in range(4)))

    assert list(taken(some)) == ["rds/0", "rds/1", "s3/0", "ec2/0"]


def test_the_order_holds_across_lanes() -> None:
    some = lanes()
    fill(some, "b/1", "a", "c/1", "b/2")

    assert list(taken(some)) == ["b/1", "a", "c/1", "b/2"]


def test_periodic_looks_have_their_turn() -> None:
    some = lanes()
    some.put("a", Urgency.CHANGED, 0.0)
    some.put("rds/1", Urgency.PERIODIC, 0.0)

    assert some.pop(Urgency.PERIODIC) == "rds/1"
    assert some.pop(Urgency.PERIODIC) == "a"


def test_looks_that_are_due_leave_a_place_for_what_is_new() -> None:
    some = lanes(lane=4, away=16)
    for number in range(9):
        some.put(f"s3/{number}", Urgency.PERIODIC, 0.0)

    assert list(taken(some, Urgency.PERIODIC)) == ["s3/0", "s3/1", "s3/2"]
    assert not some.has_next()

    fill(some, "s3/new")
    assert some.has_next()
    assert list(taken(some)) == ["s3/new"]
    some.leave("s3/1")
    assert list(taken(some)) == ["s3/3"]


def test_a_lane_of_one_place_looks_too() -> None:
    some = lanes(lane=1)
    some.put("s3/1", Urgency.PERIODIC, 0.0)

    assert list(taken(some)) == ["s3/1"]


def test_a_key_stays_in_its_lane_until_it_has_left() -> None:
    where = {"a": "rds"}
    some: Lanes[str] = Lanes(where.get, Room(home=1, lane=1, away=4))
    fill(some, "a")
    list(taken(some))

    where["a"] = "s3"
    some.leave("a")
    fill(some, "a", "b")

    assert list(taken(some)) == ["a", "b"]


def test_whoever_was_not_in_work_leaves_nothing() -> None:
    some = lanes()

    some.leave("a")

    assert (len(some), some.has_next(), list(some.since())) == (0, False, [])


def test_lanes_that_nobody_uses_are_forgotten() -> None:
    some = lanes()
    fill(some, *(f"lane-{number}/1" for number in range(4)))
    for key in list(taken(some)):
        some.leave(key)

    assert some._tracks == {}
    assert some._lanes == {}


@given(st.lists(st.sampled_from(["a", "b", "rds/1", "rds/2", "rds/3", "s3/1", "s3/2", "ec2/1"]), max_size=40))
def test_every_key_gets_its_turn_and_no_bound_is_passed(keys: list[str]) -> None:
    some, done = lanes(home=1, lane=2, away=2), set()
    fill(some, *keys)

    while working := list(taken(some)):
        assert sum(lane_of(key) is HOME for key in working) <= 1
        assert sum(lane_of(key) is not HOME for key in working) <= 2
        done.update(working)
        for key in working:
            some.leave(key)

    assert done == set(keys)


@pytest.mark.parametrize("beside", ["s3/1", "claim"])
def test_an_outside_that_hangs_holds_up_nobody_else(beside: str) -> None:
    lift, done = threading.Event(), set()
    work: WorkQueue[str] = WorkQueue(lanes=lanes(home=1, lane=2, away=4))

    def reconcile(key: str) -> None:
        if key.startswith("rds/"):
            lift.wait(10)
        done.add(key)

    workers = Workers(work, reconcile, count=5)
    workers.start()
    for number in range(10):
        work.add(f"rds/{number}")
    assert eventually(lambda: len(work.in_work()) == 2)

    work.add(beside)

    assert eventually(lambda: done == {beside})
    lift.set()
    assert eventually(lambda: len(done) == 11)
    assert workers.stop(2.0)
