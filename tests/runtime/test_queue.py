import threading
import time
from collections import Counter

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, precondition, rule

from crosshead.runtime.queue import WorkQueue
from tests.runtime.ticking import Ticking


@pytest.fixture
def clock() -> Ticking:
    return Ticking()


@pytest.fixture
def work(clock: Ticking) -> WorkQueue[str]:
    return WorkQueue(clock)


def drain(work: WorkQueue[str]) -> list[str]:
    """Take and give back everything that is ready."""
    taken = []
    while (key := work.take(timeout=0)) is not None:
        taken.append(key)
        work.done(key)
    return taken


def test_keys_come_out_in_the_order_they_went_in(work):
    work.add("a")
    work.add("b")
    work.add("c")

    assert drain(work) == ["a", "b", "c"]


def test_a_key_added_twice_comes_out_once(work):
    work.add("a")
    work.add("b")
    work.add("a")

    assert drain(work) == ["a", "b"]


def test_a_key_that_is_worked_on_is_not_handed_to_a_second_worker(work):
    work.add("a")
    work.take(timeout=0)

    work.add("a")

    assert work.take(timeout=0) is None


def test_a_key_added_while_it_is_worked_on_is_worked_on_again(work):
    work.add("a")
    work.take(timeout=0)
    work.add("a")
    work.add("a")

    work.done("a")

    assert drain(work) == ["a"]


def test_a_delayed_key_comes_out_when_its_time_has_come(work, clock):
    work.add("a", delay=5.0)

    assert drain(work) == []
    clock.go(4.9)
    assert drain(work) == []
    clock.go(0.2)
    assert drain(work) == ["a"]


@pytest.mark.parametrize("delays", [(5.0, 9.0), (9.0, 5.0)], ids=["the earliest first", "the earliest last"])
def test_of_several_delays_the_earliest_wins_and_there_is_no_second_time(work, clock, delays):
    work.add("a", delay=delays[0])
    work.add("a", delay=delays[1])

    clock.go(5.0)
    assert drain(work) == ["a"]
    clock.go(100.0)
    assert drain(work) == []


def test_what_is_asked_for_later_is_not_lost_by_looking_sooner(work, clock):
    work.add("a", delay=5.0)
    work.add("a")

    assert drain(work) == ["a"]
    clock.go(5.0)
    assert drain(work) == ["a"]


def test_looking_sooner_replaces_the_next_periodic_look(work, clock):
    work.add("a")
    work.take(timeout=0)
    work.done("a", again=10.0)
    clock.go(6.0)
    work.add("a")
    work.take(timeout=0)
    work.done("a", again=10.0)

    clock.go(6.0)
    assert drain(work) == []
    clock.go(4.0)
    assert drain(work) == ["a"]


def test_changes_come_before_periodic_looks(work, clock):
    work.add("old")
    work.take(timeout=0)
    work.done("old", again=1.0)
    clock.go(2.0)
    work.add("new")
    work.add("newer")

    assert drain(work) == ["new", "newer", "old"]


def test_a_flood_of_changes_does_not_stop_the_periodic_looks(work, clock):
    work.add("old")
    work.take(timeout=0)
    work.done("old", again=1.0)
    clock.go(2.0)
    for number in range(50):
        work.add(f"new {number}")

    assert drain(work).index("old") < 10


def test_a_change_makes_a_periodic_look_urgent(work, clock):
    work.add("old")
    work.take(timeout=0)
    work.done("old", again=1.0)
    clock.go(2.0)
    work.add("new")
    assert work.take(timeout=0) == "new"
    work.add("newer")

    work.add("old")

    assert drain(work) == ["newer", "old"]


def test_a_due_time_in_the_past_is_now(work):
    work.add("a")
    work.take(timeout=0)
    work.done("a", again=-1.0)

    assert drain(work) == ["a"]


def test_nothing_comes_out_of_a_queue_that_is_shut(work):
    work.add("a")

    work.shut_down()
    work.add("b")

    assert work.take() is None
    assert work.waiting() == 0


def test_shutting_down_wakes_those_who_wait():
    work: WorkQueue[str] = WorkQueue()
    sleeper = threading.Thread(target=work.take)
    sleeper.start()

    work.shut_down()
    sleeper.join(2.0)

    assert not sleeper.is_alive()


def test_who_waits_wakes_when_something_becomes_due():
    work: WorkQueue[str] = WorkQueue()
    work.add("a", delay=0.05)
    began = time.monotonic()

    assert work.take(timeout=5.0) == "a"
    assert time.monotonic() - began < 4.0


def test_several_that_become_due_at_once_wake_several_workers():
    work: WorkQueue[str] = WorkQueue()
    taken: list[str | None] = []
    workers = [threading.Thread(target=lambda: taken.append(work.take(timeout=2.0))) for _ in range(3)]
    [worker.start() for worker in workers]
    time.sleep(0.05)

    [work.add(key, delay=0.1) for key in "abc"]
    time.sleep(0.5)

    assert sorted(filter(None, taken)) == ["a", "b", "c"]


def test_waiting_costs_nothing():
    work: WorkQueue[str] = WorkQueue()
    work.add("later", delay=60.0)
    workers = [threading.Thread(target=work.take) for _ in range(8)]
    [worker.start() for worker in workers]

    before = time.process_time()
    time.sleep(0.5)
    spent = time.process_time() - before
    work.shut_down()

    assert spent < 0.1


def test_rescheduling_for_ever_does_not_grow_without_bound(work):
    for _ in range(5000):
        work.add("a")
        work.take(timeout=0)
        work.done("a", again=600.0)

    assert work.waiting() == 1
    assert len(work._timers._heap) < 600


def test_depth_age_and_what_is_in_work_can_be_seen(work, clock):
    work.add("a")
    work.add("b")
    work.take(timeout=0)
    work.add("a")
    clock.go(3.0)

    assert len(work) == 2
    assert work.oldest() == 3.0
    assert work.in_work() == {"a": 3.0}


def test_many_threads_never_share_a_key_and_lose_none():
    work: WorkQueue[int] = WorkQueue()
    holders: Counter[int] = Counter()
    shared: list[int] = []
    seen: list[int] = [0] * 10
    lock = threading.Lock()

    def consume() -> None:
        while (key := work.take()) is not None:
            with lock:
                holders[key] += 1
                shared.extend([key] * (holders[key] > 1))
                seen[key] = wanted[key]
            time.sleep(0.0005)
            with lock:
                holders[key] -= 1
            work.done(key, again=0.001)

    wanted = [0] * 10
    workers = [threading.Thread(target=consume) for _ in range(6)]
    [worker.start() for worker in workers]
    for turn in range(1, 600):
        wanted[turn % 10] = turn
        work.add(turn % 10)
    deadline = time.monotonic() + 5.0
    while seen != wanted and time.monotonic() < deadline:
        time.sleep(0.01)
    work.shut_down()
    [worker.join(2.0) for worker in workers]

    assert shared == []
    assert seen == wanted


class AnyUse(RuleBasedStateMachine):
    """
    Whatever anybody does to the queue, in any order.

    The model: *wanted* are the keys whose last `add` nobody has looked at since.
    """

    in_hand = Bundle("in_hand")
    keys = st.sampled_from("abcd")

    def __init__(self) -> None:
        super().__init__()
        self.clock = Ticking()
        self.queue: WorkQueue[str] = WorkQueue(self.clock)
        self.wanted: set[str] = set()
        self.held: set[str] = set()
        self.due: dict[str, float] = {}

    @rule(key=keys)
    def add(self, key: str) -> None:
        self.queue.add(key)
        self.wanted.add(key)

    @rule(key=keys, delay=st.floats(0.5, 20))
    def add_later(self, key: str, delay: float) -> None:
        self.queue.add(key, delay=delay)
        self.due[key] = min(self.due.get(key, 1e9), self.clock() + delay)

    @rule(seconds=st.floats(0.1, 10))
    def wait(self, seconds: float) -> None:
        self.clock.go(seconds)

    @rule(target=in_hand)
    def take(self) -> str:
        ripe = {key for key, due in self.due.items() if due <= self.clock()}
        key = self.queue.take(timeout=0)
        self.wanted |= ripe
        self.due = {k: due for k, due in self.due.items() if k not in ripe}
        assert (key is not None) or not (self.wanted - self.held)
        assert key not in self.held
        if key is not None:
            self.wanted.discard(key)
            self.held.add(key)
        return key or ""

    @rule(key=consumes(in_hand), again=st.none() | st.floats(0, 20))
    def done(self, key: str, again: float | None) -> None:
        if key in self.held:
            self.held.discard(key)
            self.queue.done(key, again=again)

    @invariant()
    def what_is_held_is_in_work(self) -> None:
        assert set(self.queue.in_work()) == self.held

    @precondition(lambda self: not self.held)
    @rule()
    def everything_wanted_comes_out(self) -> None:
        self.wanted |= {key for key, due in self.due.items() if due <= self.clock()}
        self.due = {key: due for key, due in self.due.items() if due > self.clock()}
        assert self.wanted <= set(drain(self.queue))
        self.wanted.clear()


TestAnyUse = AnyUse.TestCase
TestAnyUse.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
