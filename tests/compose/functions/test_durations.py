"""Durations are Go's, and so are the errors."""

import pytest

from crosshead.compose.functions import durations
from crosshead.compose.functions.durations import DurationError
from crosshead.compose.protocol import Response


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0),
        ("-0", 0),
        ("90s", 90),
        ("1m30s", 90),
        ("1.5h", 5400),
        (".5s", 0.5),
        ("-2ms", -0.002),
        ("+1us", 1e-6),
        ("1.s", 1),
    ],
)
def test_a_duration_is_read(text, seconds):
    assert durations.parse(text) == seconds


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", 'invalid duration ""'),
        ("-", 'invalid duration "-"'),
        ("zz", 'invalid duration "zz"'),
        (".s", 'invalid duration ".s"'),
        ("1", 'missing unit in duration "1"'),
        ("1m2", 'missing unit in duration "1m2"'),
        ("1d", 'unknown unit "d" in duration "1d"'),
        ("9999999h", 'invalid duration "9999999h"'),
    ],
)
def test_text_that_is_none_is_refused_in_gos_words(text, complaint):
    with pytest.raises(DurationError) as caught:
        durations.parse(text)

    assert str(caught.value) == f"time: {complaint}"


def test_without_a_duration_a_response_stays_as_it_is():
    assert durations.cached(Response(ttl=60), "") == Response(ttl=60)
    assert durations.cached(Response(ttl=60), "5m") == Response(ttl=300)
