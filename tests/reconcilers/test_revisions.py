"""A Composition and its revisions."""

import pytest

from crosshead.base import objects
from crosshead.base.errors import TransientError
from crosshead.base.objects import Ref
from crosshead.reconcilers import revisions, selection
from tests.fake_cluster import FakeCluster
from tests.fakes import fake_world
from tests.reconcilers import manifests

COMPOSITION = Ref(manifests.COMPOSITION_KIND, "things")


@pytest.fixture
def cluster():
    cluster = FakeCluster()
    cluster.seed(manifests.composition())
    return cluster


@pytest.fixture
def world(cluster):
    return fake_world(cluster)


def numbers(cluster):
    found = cluster.list(manifests.REVISION_KIND)
    return {objects.spec(r)["resources"][0]["name"]: selection.number(r) for r in found}


def change(cluster, name):
    cluster.patch(COMPOSITION, {"spec": {"resources": [manifests.nop_template(name)]}})


def test_a_composition_gets_its_first_revision(cluster, world):
    revisions.reconcile(COMPOSITION, world)

    (revision,) = cluster.list(manifests.REVISION_KIND)
    assert selection.number(revision) == 1
    assert objects.labels(revision)["crossplane.io/composition-name"] == "things"
    assert objects.controller_uid(revision) == objects.uid(cluster.get(COMPOSITION))
    assert objects.spec(revision)["compositeTypeRef"] == {"apiVersion": "example.org/v1", "kind": "XThing"}


def test_a_second_pass_writes_nothing(cluster, world):
    revisions.reconcile(COMPOSITION, world)
    cluster.forget()

    revisions.reconcile(COMPOSITION, world)

    assert cluster.writes == []


def test_a_change_is_a_new_revision_and_going_back_numbers_the_old_one_anew(cluster, world):
    for name in ("a", "b", "a"):
        change(cluster, name)
        revisions.reconcile(COMPOSITION, world)

    assert numbers(cluster) == {"a": 3, "b": 2}


def test_a_revision_whose_creation_was_not_answered_is_not_made_twice(cluster, world):
    cluster.fail_at, cluster.lost = 1, True
    with pytest.raises(TransientError):
        revisions.reconcile(COMPOSITION, world)

    revisions.reconcile(COMPOSITION, world)

    assert len(cluster.list(manifests.REVISION_KIND)) == 1


def test_a_revision_that_the_cache_does_not_show_yet_is_no_failure(cluster, world):
    revisions.reconcile(COMPOSITION, world)
    cluster.unwatched.add(manifests.REVISION_KIND)

    assert revisions.reconcile(COMPOSITION, world) is None


def test_a_revision_without_an_owner_is_adopted(cluster, world):
    revisions.reconcile(COMPOSITION, world)
    (revision,) = cluster.list(manifests.REVISION_KIND)
    cluster.patch(objects.ref_of(revision), {"metadata": {"ownerReferences": []}})

    revisions.reconcile(COMPOSITION, world)

    (adopted,) = cluster.list(manifests.REVISION_KIND)
    assert objects.controller_uid(adopted) == objects.uid(cluster.get(COMPOSITION))


def test_a_composition_that_goes_makes_no_revision(cluster, world):
    cluster.patch(COMPOSITION, {"metadata": {"finalizers": ["x/y"]}})
    cluster.delete(cluster.get(COMPOSITION))

    revisions.reconcile(COMPOSITION, world)

    assert cluster.list(manifests.REVISION_KIND) == []
