import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from crosshead.base.errors import ConflictError, StalledError, TransientError
from crosshead.runtime.outcomes import BackOff
from crosshead.runtime.queue import WorkQueue
from crosshead.runtime.workers import Workers
from tests.kube.waiting import eventually, throughout

SWIFT = BackOff(first=0.05, ceiling=0.2, jitter=0.0)
Employ = Callable[..., Workers[str]]


@pytest.fixture
def work() -> WorkQueue[str]:
    return WorkQueue()


@pytest.fixture
def employ(work: WorkQueue[str]) -> Iterator[Employ]:
    """Start workers; they are stopped in the end."""
    employed: list[Workers[str]] = []

    def begin(reconcile: Callable[[str], float | None], **options: object) -> Workers[str]:
        workers = Workers(work, reconcile, **{"pace_of": lambda _: SWIFT, **options})
        workers.start()
        employed.append(workers)
        return workers

    yield begin
    assert all(workers.stop(2.0) for workers in employed)


def test_what_is_added_is_reconciled(work, employ):
    done: list[str] = []
    employ(done.append)

    work.add("a")

    assert eventually(lambda: done == ["a"])


def test_a_reconcile_says_when_to_look_again(work, employ):
    done: list[float] = []

    def reconcile(_: str) -> float | None:
        done.append(time.monotonic())
        return 0.1 if len(done) < 3 else None

    employ(reconcile)
    work.add("a")

    assert eventually(lambda: len(done) == 3)
    assert done[2] - done[0] >= 0.2
    assert throughout(lambda: len(done) == 3, 0.3)


@pytest.mark.parametrize(
    "error",
    [
        pytest.param(TransientError("R", "m"), id="misfortune"),
        pytest.param(ConflictError("R", "m"), id="a conflict"),
        pytest.param(StalledError("R", "m"), id="a matter for a human"),
        pytest.param(LookupError("gone"), id="an answer nobody expected"),
        pytest.param(ZeroDivisionError(), id="a bug"),
    ],
)
def test_whatever_a_reconcile_ends_with_it_is_tried_again_and_nobody_dies(work, employ, error):
    tries: Counter[str] = Counter()

    def reconcile(key: str) -> None:
        tries[key] += 1
        if tries[key] < 3:
            raise error

    workers = employ(reconcile, count=1)
    work.add("a")
    work.add("b")

    assert eventually(lambda: tries == {"a": 3, "b": 3})
    assert workers.is_alive()


def test_retries_back_off(work, employ):
    tries: list[float] = []

    def reconcile(_: str) -> None:
        tries.append(time.monotonic())
        raise TransientError("R", "m")

    employ(reconcile)
    work.add("a")
    assert eventually(lambda: len(tries) == 4)

    # 0.05, 0.1, 0.2
    assert tries[3] - tries[0] >= 0.34


def test_a_bug_is_logged_with_its_traceback(work, employ, caplog):
    employ(lambda _: 1 / 0)

    work.add("a")

    assert eventually(lambda: "ZeroDivisionError" in caplog.text)


def test_a_conflict_is_no_news(work, employ, caplog):
    caplog.set_level(logging.INFO)
    tries: list[str] = []

    def reconcile(key: str) -> None:
        tries.append(key)
        if len(tries) == 1:
            raise ConflictError("Conflict", "somebody was faster")

    employ(reconcile)
    work.add("a")

    assert eventually(lambda: len(tries) == 2)
    assert "faster" not in caplog.text


def test_a_watcher_that_fails_costs_neither_the_worker_nor_the_key(work, employ):
    done: list[str] = []

    def told(*_: object) -> None:
        raise RuntimeError("a bug in the metrics")

    workers = employ(done.append, count=1, told=told)
    work.add("a")
    assert eventually(lambda: done == ["a"])
    work.add("a")

    assert eventually(lambda: done == ["a", "a"])
    assert workers.is_alive()


def test_the_watcher_is_told_how_each_reconcile_ended(work, employ):
    told: list[tuple[str, str]] = []

    def reconcile(key: str) -> None:
        if key == "bad":
            raise StalledError("R", "m")

    employ(reconcile, count=1, told=lambda key, result, _: told.append((key, result)))
    work.add("good")
    work.add("bad")

    assert eventually(lambda: told[:2] == [("good", "success"), ("bad", "StalledError")])


def test_one_that_hangs_holds_up_nobody_else_and_is_seen(work, employ):
    release = threading.Event()
    done: list[str] = []

    def reconcile(key: str) -> None:
        if key == "slow":
            release.wait(5.0)
        done.append(key)

    workers = employ(reconcile, count=2)
    work.add("slow")
    work.add("quick")
    work.add("quicker")

    assert eventually(lambda: done == ["quick", "quicker"])
    time.sleep(0.1)
    assert [key for key, _ in workers.stuck(0.05)] == ["slow"]
    assert workers.stuck(60.0) == ()
    release.set()


def test_stopping_waits_for_what_is_under_way_and_begins_nothing_new(work):
    begun, done = threading.Event(), []

    def reconcile(key: str) -> None:
        begun.set()
        time.sleep(0.2)
        done.append(key)

    workers = Workers(work, reconcile, count=1)
    workers.start()
    work.add("a")
    work.add("b")
    begun.wait(2.0)

    assert workers.stop(2.0)
    assert done == ["a"]


def test_stopping_gives_up_on_what_hangs(work):
    release = threading.Event()
    begun = threading.Event()

    def reconcile(_: str) -> None:
        begun.set()
        release.wait(5.0)

    workers = Workers(work, reconcile, count=1)
    workers.start()
    work.add("a")
    begun.wait(2.0)

    assert not workers.stop(0.1)
    release.set()
