"""Looks at many things of a kind cost fewer requests than things, and show the same."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from crosshead.aws.batching import Batches
from crosshead.aws.catalogue import KINDS
from crosshead.aws.external import AwsExternal
from crosshead.aws.memory import Memory
from crosshead.devel.emulator import EmulatorControl
from crosshead.managed.external import Declared
from tests.aws.lives import Land, Life, create, settle
from tests.aws.living.catalogue import LIVES

COUNT = 5
LISTED = {
    (kind.service, kind.kind)
    for kind in KINDS
    if kind.reads[0].many is not None
    # The emulator cannot list option groups: it fails.
    and (kind.service, kind.kind) != ("rds", "OptionGroup")
}
EACH = pytest.mark.parametrize(
    "life", [pytest.param(life, id=life.id) for life in LIVES if (life.service, life.kind) in LISTED]
)


def fresh(land: Land, life: Life) -> AwsExternal:
    """Return the external resources of a kind as a process sees them that has changed nothing yet."""
    external = land.external(life.service, life.kind)
    assert isinstance(external, AwsExternal)
    return replace(external, memory=Memory(), batches=Batches())


@pytest.fixture
def born(life: Life, land: Land, name: str) -> Iterator[Declared]:
    external = land.external(life.service, life.kind)
    declared = create(external, life.declared(land, name))
    settle(external, declared)
    yield declared
    external.delete(declared)


@EACH
def test_a_listing_shows_what_a_look_shows(life: Life, land: Land, born: Declared, control: EmulatorControl) -> None:
    external = fresh(land, life)
    alone = external.observe(born)
    # Others are known to exist: now a listing is worth its pages.
    for number in range(COUNT):
        external.note(replace(born, uid=f"uid-{number}"), exists=True)
    control.forget_requests()

    listed = external.observe(replace(born, patience=60.0))

    assert replace(listed, age=0.0) == alone
    assert listed.age > 0.0


def test_many_buckets_are_looked_at_with_a_request_for_all_and_one_for_their_tags(
    land: Land, name: str, control: EmulatorControl
) -> None:
    life = next(one for one in LIVES if one.kind == "Bucket")
    external = land.external("s3", "Bucket")
    buckets = [create(external, life.declared(land, f"{name}-{number}")) for number in range(30)]
    looking = fresh(land, life)
    for bucket in buckets:
        looking.observe(bucket)
    control.forget_requests()

    seen = [looking.observe(replace(bucket, patience=60.0)) for bucket in buckets]

    assert all(one.exists and not one.drift for one in seen)
    assert sum(control.counts().values()) <= 4
    for bucket in buckets:
        external.delete(bucket)


@pytest.fixture
def counted(control: EmulatorControl) -> Callable[[], int]:
    return lambda: sum(control.counts().values())


def test_who_wants_to_know_now_asks_for_himself(
    land: Land, name: str, control: EmulatorControl, counted: Callable[[], int]
) -> None:
    life = next(one for one in LIVES if one.kind == "Subnet")
    external = fresh(land, life)
    made = create(external, life.declared(land, name))
    external.note(replace(made, uid="another"), exists=True)
    external.note(made, exists=True)
    control.forget_requests()

    seen = external.observe(replace(made, patience=60.0))

    assert (seen.exists, seen.age, counted()) == (True, 0.0, 1)
    external.delete(made)
