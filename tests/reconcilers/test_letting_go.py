"""A composite that goes, and what it is composed of."""

import pytest

from crosshead.base import conditions, objects
from crosshead.base.objects import Ref
from crosshead.definitions import rendering
from crosshead.reconcilers import composites, revisions
from tests.fake_cluster import FOREGROUND, FakeCluster
from tests.fakes import fake_world
from tests.reconcilers import manifests

COMPOSITE = Ref(manifests.COMPOSITE, "mine-xxxx1")
OURS = "composite.apiextensions.crossplane.io"


@pytest.fixture
def cluster():
    cluster = FakeCluster()
    xrd = {**manifests.xrd(), "metadata": {"name": "xthings.example.org", "uid": "x"}}
    cluster.seed(manifests.composite(), manifests.composition(), rendering.composite_crd(xrd))
    revisions.reconcile(Ref(manifests.COMPOSITION_KIND, "things"), fake_world(cluster))
    reconcile(fake_world(cluster))
    cluster.forget()
    return cluster


@pytest.fixture
def world(cluster):
    return fake_world(cluster)


def reconcile(world):
    return composites.reconcile(COMPOSITE, manifests.xrd(), composites.Memory(), world)


def composed(cluster):
    return cluster.controlled_by(objects.uid(cluster.get(COMPOSITE)))


def hold(cluster, obj):
    """Have somebody hold on to *obj*."""
    cluster.patch(objects.ref_of(obj), {"metadata": {"finalizers": ["example.org/held"]}})


def test_deleted_in_background_it_does_not_wait_for_what_it_was_composed_of(cluster, world):
    held = composed(cluster)[0]
    hold(cluster, held)
    cluster.delete(cluster.get(COMPOSITE))

    reconcile(world)

    assert cluster.get(COMPOSITE) is None
    assert objects.is_deleting(cluster.get(objects.ref_of(held)))


def test_deleted_in_foreground_it_waits_and_says_so(cluster, world):
    hold(cluster, composed(cluster)[0])
    cluster.delete(cluster.get(COMPOSITE), foreground=True)

    reconcile(world)

    assert objects.finalizers(cluster.get(COMPOSITE)) == (FOREGROUND,)
    assert conditions.find(cluster.get(COMPOSITE), "Ready").reason == "Deleting"
    assert len(composed(cluster)) == 1


def test_where_the_collector_would_be_late_its_finalizer_is_taken_off_once_nothing_is_left(cluster, world):
    held = composed(cluster)[0]
    hold(cluster, held)
    cluster.delete(cluster.get(COMPOSITE), foreground=True)
    reconcile(world)
    assert cluster.get(COMPOSITE) is not None

    cluster.patch(objects.ref_of(held), {"metadata": {"finalizers": []}})
    reconcile(world)

    assert cluster.get(COMPOSITE) is None


def test_where_the_collector_knows_the_kind_its_finalizer_is_its_own_business(cluster, world):
    world.clock.advance(120)
    cluster.delete(cluster.get(COMPOSITE), foreground=True)

    reconcile(world)
    reconcile(world)

    assert objects.finalizers(cluster.get(COMPOSITE)) == (FOREGROUND,)
    cluster.collect_garbage()
    assert cluster.get(COMPOSITE) is None


def test_a_collector_that_is_stuck_is_not_waited_for_for_ever(cluster, world):
    world.clock.advance(120)
    cluster.delete(cluster.get(COMPOSITE), foreground=True)
    patience = reconcile(world)
    assert patience == 15

    world.clock.advance(patience)
    reconcile(world)

    assert cluster.get(COMPOSITE) is None


def test_a_stuck_collector_lets_nothing_go_before_what_it_was_composed_of(cluster, world):
    hold(cluster, composed(cluster)[0])
    cluster.delete(cluster.get(COMPOSITE), foreground=True)
    world.clock.advance(120)

    assert reconcile(world) is None

    assert objects.finalizers(cluster.get(COMPOSITE)) == (FOREGROUND,)


def test_a_collector_that_was_faster_has_done_our_work(cluster, world):
    cluster.delete(cluster.get(COMPOSITE), foreground=True)
    stale = cluster.get(COMPOSITE)
    cluster.objects.pop(COMPOSITE)
    cluster.get = lambda ref: stale if ref == COMPOSITE else None

    assert reconcile(world) == 0


def test_in_foreground_what_is_composed_in_turn_goes_in_foreground_too(cluster, world):
    inner = composed(cluster)[0]
    owner = objects.controller_reference(inner)
    leaf = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "leaf", "ownerReferences": [owner]}}
    cluster.seed(leaf)
    hold(cluster, inner)
    cluster.delete(cluster.get(COMPOSITE), foreground=True)

    reconcile(world)

    finalizers = [objects.finalizers(obj) for obj in composed(cluster)]
    assert finalizers == [("example.org/held", FOREGROUND)]


def test_what_others_hold_is_left_to_them(cluster, world):
    cluster.patch(COMPOSITE, {"metadata": {"finalizers": [OURS, "example.org/backup"]}})
    cluster.delete(cluster.get(COMPOSITE))

    reconcile(world)
    cluster.forget()
    reconcile(world)

    assert objects.finalizers(cluster.get(COMPOSITE)) == ("example.org/backup",)
    assert cluster.writes == []
