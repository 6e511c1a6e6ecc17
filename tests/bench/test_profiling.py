"""The operator's profile says what was spent since the bench began what it measures."""

import cProfile

from bench import profiling


def test_what_was_spent_before_is_taken_off_and_the_dearest_comes_first():
    before = {"a": (1, 1.0, 2.0)}
    now = {"a": (3, 1.5, 2.5), "b": (1, 0.5, 4.0)}

    since = profiling.difference(now, before)

    assert list(since.items()) == [("b", (1, 0.5, 4.0)), ("a", (2, 0.5, 0.5))]


def test_what_all_threads_have_called_is_counted_together(monkeypatch):
    profiles = [cProfile.Profile(), cProfile.Profile()]
    monkeypatch.setattr(profiling, "_profiles", profiles)
    profiles[0].runcall(called)
    profiles[1].runcall(called)

    assert profiling.costs()["bench.test_profiling.called"][0] == 2


def called():
    return len("work")
