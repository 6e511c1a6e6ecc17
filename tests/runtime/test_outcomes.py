import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosshead.base.errors import (
    ConflictError,
    ForbiddenError,
    InvalidObjectError,
    NotReadyError,
    StalledError,
    ThrottledError,
    TransientError,
)
from crosshead.runtime.outcomes import BackOff, Failures, next_look

EXACT = BackOff(first=1.0, ceiling=60.0, jitter=0.0)


@pytest.mark.parametrize(
    ("error", "failures", "delay"),
    [
        pytest.param(TransientError("R", "m"), 1, 1.0, id="the first misfortune is retried soon"),
        pytest.param(TransientError("R", "m"), 4, 8.0, id="each further one doubles the delay"),
        pytest.param(TransientError("R", "m"), 10_000, 60.0, id="up to the ceiling, however many"),
        pytest.param(NotReadyError("R", "m"), 3, 4.0, id="waiting backs off likewise"),
        pytest.param(ConflictError("R", "m"), 1, 0.1, id="a conflict is retried almost at once"),
        pytest.param(ConflictError("R", "m"), 4, 0.8, id="again and again, it is given more time"),
        pytest.param(ConflictError("R", "m"), 10_000, 60.0, id="in the end, as much as anything"),
        pytest.param(StalledError("R", "m"), 1, 60.0, id="what only a human can fix is retried slowly"),
        pytest.param(InvalidObjectError("R", "m"), 1, 60.0, id="so is an object that the server refuses"),
        pytest.param(ForbiddenError("R", "m"), 3, 4.0, id="a missing permission may take a while to spread"),
        pytest.param(ThrottledError("R", "m", 30.0), 1, 30.0, id="who asks for patience gets it"),
        pytest.param(ThrottledError("R", "m", 90.0), 1, 90.0, id="beyond the ceiling, too"),
        pytest.param(ThrottledError("R", "m", 2.0), 9, 2.0, id="and no more than that, however often"),
        pytest.param(ThrottledError("R", "m"), 3, 4.0, id="who does not say how much is backed off from"),
        pytest.param(KeyError("x"), 2, 2.0, id="a bug is retried as misfortune is"),
    ],
)
def test_every_error_becomes_a_delay(error, failures, delay):
    assert next_look(error, failures, EXACT) == pytest.approx(delay)


errors = st.sampled_from(
    [TransientError("R", "m"), NotReadyError("R", "m"), ConflictError("R", "m"), StalledError("R", "m"), ValueError()]
)


@given(errors, st.integers(1, 10**9), st.floats(0.01, 10), st.floats(10, 3600), st.floats(0, 0.9), st.floats(0, 1))
def test_no_delay_is_ever_zero_or_far_beyond_the_ceiling(error, failures, first, ceiling, jitter, roll):
    pace = BackOff(first, ceiling, jitter, lambda: roll)

    delay = next_look(error, failures, pace)

    assert 0 < delay <= ceiling * (1 + jitter) * 1.0001


@given(st.integers(1, 100))
def test_a_later_failure_never_waits_less(failures):
    assert EXACT.after(failures) <= EXACT.after(failures + 1)


@pytest.mark.parametrize(("roll", "delay"), [(0.0, 8.0), (0.5, 10.0), (1.0, 12.0)])
def test_jitter_spreads_around_the_delay(roll, delay):
    assert BackOff(jitter=0.2, roll=lambda: roll).spread(10.0) == pytest.approx(delay)


def test_failures_are_counted_for_each_key():
    failures: Failures[str] = Failures()

    assert [failures.record("a"), failures.record("a"), failures.record("b")] == [1, 2, 1]
    assert failures.failing() == 2


def test_success_begins_the_count_anew():
    failures: Failures[str] = Failures()
    failures.record("a")

    failures.forgive("a")

    assert failures.record("a") == 1


def test_a_changed_input_begins_the_count_anew():
    generation = {"a": 1}
    failures = Failures(generation.get)
    failures.record("a")
    failures.record("a")

    generation["a"] = 2

    assert [failures.record("a"), failures.record("a")] == [1, 2]
