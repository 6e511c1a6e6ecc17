import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosshead.runtime.limits import Rate, TokenBuckets
from tests.runtime.ticking import Ticking


@pytest.fixture
def clock() -> Ticking:
    return Ticking()


@pytest.fixture
def buckets(clock: Ticking) -> TokenBuckets[str]:
    return TokenBuckets(Rate(per_second=2.0, burst=3), clock)


def test_a_burst_is_free_and_then_each_waits_its_turn(buckets):
    assert [buckets.reserve("a") for _ in range(5)] == pytest.approx([0.0, 0.0, 0.0, 0.5, 1.0])


def test_each_key_has_a_bucket_of_its_own(buckets):
    [buckets.reserve("a") for _ in range(9)]

    assert buckets.reserve("b") == 0.0


def test_rest_fills_the_bucket_but_not_beyond_the_burst(buckets, clock):
    [buckets.allow("a") for _ in range(3)]

    clock.go(1000.0)

    assert [buckets.allow("a") for _ in range(4)] == [True, True, True, False]


def test_an_empty_bucket_allows_nothing_until_it_fills(buckets, clock):
    [buckets.allow("a") for _ in range(3)]
    assert not buckets.allow("a")

    clock.go(0.5)

    assert buckets.allow("a")


def test_being_told_off_empties_the_bucket(buckets):
    buckets.drain("a")

    assert not buckets.allow("a")
    assert buckets.reserve("a") == pytest.approx(0.5)


def test_waiting_sleeps_for_as_long_as_it_must():
    buckets: TokenBuckets[str] = TokenBuckets(Rate(per_second=50.0, burst=1))
    buckets.wait("a")

    assert buckets.reserve("a") > 0.0
    buckets.wait("a")
    assert not buckets.allow("a")


@pytest.mark.parametrize("rate", [Rate(0.0, 1), Rate(1.0, 0.5)], ids=["no rate", "no burst"])
def test_a_rate_that_lets_nobody_through_is_refused(rate):
    with pytest.raises(ValueError, match="a rate needs"):
        TokenBuckets(rate)


@given(st.lists(st.floats(0, 5), max_size=50))
def test_never_more_than_rate_and_burst_allow(pauses):
    clock = Ticking()
    buckets: TokenBuckets[str] = TokenBuckets(Rate(per_second=2.0, burst=3), clock)

    allowed = sum((clock.go(pause), buckets.allow("a"))[1] for pause in pauses)

    assert allowed <= 3 + 2.0 * sum(pauses) + 1e-6
