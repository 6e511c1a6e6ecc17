"""Details that we sign ourselves: made anew in time, and the same until then."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

import pytest

from crosshead.aws.minting import Mint, Minting
from crosshead.base.values import Object

START = datetime(2026, 1, 1, tzinfo=UTC)
PERIOD = timedelta(minutes=10)


class Clock:
    """Tells the time that it is told."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


def made(record: Object, vouch: Callable[[Mapping[str, str]], str]) -> Mapping[str, str]:
    return {"token": vouch({"for": record["name"]})}


class Notary:
    """Signs, and counts what it signs."""

    def __init__(self) -> None:
        self.signed: list[tuple[Mapping[str, str], int]] = []

    def __call__(self, headers: Mapping[str, str], seconds: int) -> str:
        self.signed.append((headers, seconds))
        return f"signature {len(self.signed)}"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def notary() -> Notary:
    return Notary()


@pytest.fixture
def ask(clock: Clock, notary: Notary) -> Callable[..., str]:
    mint = Mint(clock)

    def asked(uid: str = "one", period: timedelta = PERIOD, **record: str) -> str:
        minted = mint.details(uid, Minting(make=made), period, {"name": "orders", **record}, notary)
        return minted.details["token"].reveal().decode()

    return asked


@pytest.mark.parametrize(
    ("minutes", "signatures"),
    [pytest.param(9, 1, id="in time"), pytest.param(10, 2, id="too late"), pytest.param(60, 2, id="much too late")],
)
def test_details_are_made_anew_when_their_time_is_over(
    clock: Clock, notary: Notary, ask: Callable[..., str], minutes: int, signatures: int
) -> None:
    ask()
    clock.now += timedelta(minutes=minutes)

    assert (ask(), len(notary.signed)) == (f"signature {signatures}", signatures)


def test_another_record_and_another_resource_get_others(ask: Callable[..., str]) -> None:
    assert [ask(), ask(), ask(endpoint="elsewhere"), ask(uid="another")] == [
        "signature 1",
        "signature 1",
        "signature 2",
        "signature 3",
    ]


def test_a_shorter_time_counts_at_once(clock: Clock, ask: Callable[..., str]) -> None:
    ask()
    clock.now += timedelta(minutes=3)

    assert ask(period=timedelta(minutes=2)) == "signature 2"


@pytest.mark.parametrize(("minutes", "seconds"), [(5, 600), (10, 900), (60, 900)])
def test_a_signature_outlives_its_use_as_far_as_aws_allows(
    notary: Notary, ask: Callable[..., str], minutes: int, seconds: int
) -> None:
    ask(period=timedelta(minutes=minutes))

    assert notary.signed == [({"for": "orders"}, seconds)]


@pytest.mark.parametrize(("passed", "left"), [(0, 600), (30, 600), (61, 540), (599, 60), (1000, 60)])
def test_it_says_when_to_look_again(clock: Clock, notary: Notary, passed: int, left: int) -> None:
    mint = Mint(clock)
    minted = mint.details("one", Minting(make=made), PERIOD, {"name": "orders"}, notary)

    clock.now += timedelta(seconds=passed)

    assert mint.left(minted) == left


def test_it_does_not_grow_for_ever(ask: Callable[..., str]) -> None:
    for number in range(1001):
        ask(uid=f"other {number}")

    assert (ask(uid="other 1000"), ask(uid="other 0")) == ("signature 1001", "signature 1002")
