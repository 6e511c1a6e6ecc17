"""What one listing shows is looked at together, and as old as a listing may be."""

from dataclasses import replace

import pytest

from crosshead.managed.external import Observation
from tests.fakes import FakeExternal
from tests.reconcilers.managed_setup import BY_US, Setup

INTERVAL = 600.0


class Listing(FakeExternal):
    """Shows what a listing has shown *age* seconds ago."""

    age = 0.0

    def observe(self, declared) -> Observation:
        return replace(super().observe(declared), age=self.age)


def setup():
    made = Setup(replace(BY_US, listed=True), external=Listing())
    made.add(parameters={"region": "eu-west-1"})
    made.reconcile()
    return made


def test_two_that_are_shown_by_one_listing_are_looked_at_again_together():
    first, second = setup(), setup()
    second.world.clock.advance(40)
    second.external.age = 40.0

    assert first.reconcile() == pytest.approx(second.reconcile() + 40.0)


def test_who_came_later_joins_the_others():
    first, late = setup(), setup()
    late.world.clock.advance(123)

    assert first.reconcile() == pytest.approx((late.reconcile() + 123.0) % INTERVAL, abs=1.0)


def test_looks_of_what_is_under_way_may_be_a_moment_old_and_of_what_rests_a_tenth_of_the_interval():
    made = setup()
    made.external.ready = False
    made.reconcile()
    made.reconcile()

    assert made.external.declared[0].patience == 5.0
    assert made.external.declared[-1].patience == 5.0

    made.external.ready = True
    made.reconcile()
    made.reconcile()
    assert made.external.declared[-1].patience == pytest.approx(INTERVAL / 10)


def test_who_asks_for_a_look_gets_one_of_this_moment():
    made = setup()
    made.reconcile()
    made.cluster.patch(made.ref, {"metadata": {"annotations": {"crossplane.io/reconcile-requested-at": "now"}}})

    made.reconcile()
    assert made.external.declared[-1].patience == 0.0

    made.reconcile()
    assert made.external.declared[-1].patience > 0.0
