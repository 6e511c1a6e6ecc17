import math
import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosshead.reconcilers.ports import Clock, Dice
from crosshead.runtime.clocks import SystemClock, SystemDice

# Structural typing is checked by mypy only where somebody says what is expected.
CLOCK: Clock = SystemClock()
DICE: Dice = SystemDice()


def test_the_clock_shows_utc():
    assert abs(CLOCK.now() - datetime.now(UTC)) < timedelta(seconds=5)


@given(st.integers(1, 128))
def test_every_database_engine_takes_the_passwords(length):
    password = DICE.password(length).reveal().decode()

    assert len(password) == length
    assert re.fullmatch("[a-zA-Z][a-zA-Z0-9]*", password)


def test_a_password_of_nothing_is_refused():
    with pytest.raises(ValueError, match="at least one"):
        DICE.password(0)


def test_a_password_does_not_show_itself():
    assert repr(DICE.password(27)) == "***"


def test_no_two_throws_are_alike():
    assert len({DICE.suffix(10) for _ in range(50)}) == 50
    assert len({DICE.password(27).reveal() for _ in range(50)}) == 50


@given(st.integers(0, 20))
def test_suffixes_are_made_of_what_kubernetes_makes_its_own_of(length):
    assert re.fullmatch(f"[bcdfghjklmnpqrstvwxz2456789]{{{length}}}", DICE.suffix(length))


@given(st.floats(0, 1e6), st.floats(0, 1))
def test_jitter_stays_within_its_fraction(around, fraction):
    # A float of its size is as exact as its last place.
    assert abs(DICE.jitter(around, fraction) - around) <= around * fraction * 1.0001 + math.ulp(around)
