"""Guests answer, and are stopped when they take too much."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from crosshead.functions.wasm import GuestError, Host
from tests.functions import guests


def host(folder, render=guests.COUNTING):
    return Host(guests.write(folder, render), folder / "cache")


def test_a_guest_is_asked_again(tmp_path):
    asked = host(tmp_path)

    assert [asked.ask(b"?", 1.0) for _ in range(3)] == [b"ok1", b"ok2", b"ok3"]


@pytest.mark.parametrize(
    ("render", "words"),
    [
        pytest.param(guests.LOOPING, "it takes longer than 0.2 s", id="an endless loop"),
        pytest.param(guests.RECURSING, "it is nested too deeply", id="an endless recursion"),
        pytest.param(guests.GREEDY, "it needs more than 256 MiB of memory", id="too much memory"),
        pytest.param(guests.DYING, "it needs more than 256 MiB of memory", id="as Go ends without memory"),
        pytest.param(guests.DIVIDING, "the guest failed", id="any other fault"),
    ],
)
def test_a_guest_that_takes_too_much_is_stopped_and_replaced(tmp_path, render, words):
    asked = host(tmp_path, render)

    with pytest.raises(GuestError, match=words):
        asked.ask(b"!", 0.2)

    assert asked.ask(b"?", 1.0) == b"ok1"


def test_a_guest_that_has_grown_is_replaced(tmp_path):
    asked = host(tmp_path, guests.GROWING)

    assert [asked.ask(question, 1.0) for question in (b"?", b"!", b"?")] == [b"ok1", b"ok2", b"ok1"]


def test_guests_of_different_threads_have_deadlines_of_their_own(tmp_path):
    asked = host(tmp_path, guests.LOOPING)

    with ThreadPoolExecutor(4) as threads:
        loops = [threads.submit(asked.ask, b"!", 0.3) for _ in range(2)]
        others = [threads.submit(asked.ask, b"?", 5.0) for _ in range(20)]
        errors = [str(loop.exception()) for loop in loops]

    assert errors == ["it takes longer than 0.3 s"] * 2
    assert {other.result()[:2] for other in others} == {b"ok"}
