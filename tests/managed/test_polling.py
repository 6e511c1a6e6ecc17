from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosshead.managed import polling

TEN_MINUTES = timedelta(minutes=10)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0),
        ("0s", 0),
        ("30s", 30),
        ("1h2m3s", 3723),
        ("1.5h", 5400),
        (".5m", 30),
        ("1.s", 1),
        ("300ms", 0.3),
        ("7us", 7e-6),
        ("7µs", 7e-6),
        ("+5s", 5),
        ("-1m", -60),
        ("3s1h", 3603),
    ],
)
def test_durations_are_read_as_go_reads_them(text, seconds):
    assert polling.parse_duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["", "5", "s", "1d", "1 s", "1s ", "--1s", "1h-2m", ".s", "five", "\u0661s", "1H"])
def test_what_go_does_not_take_is_no_duration(text):
    with pytest.raises(ValueError, match="is not a duration such as 30s or 1h30m"):
        polling.parse_duration(text)


def test_a_duration_has_an_end():
    with pytest.raises(ValueError, match="is longer than a duration can be"):
        polling.parse_duration("2562048h")


@given(st.integers(0, 1000), st.integers(0, 59), st.integers(0, 59))
def test_a_duration_is_the_sum_of_its_parts(hours, minutes, seconds):
    expected = timedelta(hours=hours, minutes=minutes, seconds=seconds)

    assert polling.parse_duration(f"{hours}h{minutes}m{seconds}s") == expected


@pytest.mark.parametrize(
    ("annotations", "interval"),
    [
        pytest.param({}, TEN_MINUTES, id="the default"),
        pytest.param({"crossplane.io/poll-interval": "90s"}, timedelta(seconds=90), id="its own"),
        pytest.param({"crossplane.io/poll-interval": "often"}, TEN_MINUTES, id="nonsense is ignored"),
        pytest.param({"crossplane.io/poll-interval": "0"}, timedelta(seconds=1), id="never faster than a second"),
        pytest.param({"crossplane.io/poll-interval": "-1h"}, timedelta(seconds=1), id="nor before now"),
    ],
)
def test_the_poll_interval(annotations, interval):
    assert polling.interval(annotations, TEN_MINUTES) == interval


@pytest.mark.parametrize(
    ("now", "phase", "left"),
    [
        pytest.param(0.0, 0.0, 600.0, id="at a slot the next one is meant"),
        pytest.param(1.0, 0.0, 599.0, id="just after one"),
        pytest.param(599.0, 0.0, 1.0, id="just before one"),
        pytest.param(6000.0, 0.5, 300.0, id="slots begin at their phase"),
        pytest.param(6300.0, 0.5, 600.0, id="at such a slot"),
    ],
)
def test_looks_are_in_slots(now, phase, left):
    assert polling.until_slot(now, 600.0, phase) == left
