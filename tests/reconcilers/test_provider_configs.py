"""A ProviderConfig stays while it is used."""

from datetime import timedelta

import pytest

from crosshead.base import conditions, objects
from crosshead.base.errors import NotReadyError
from crosshead.base.objects import Ref
from crosshead.reconcilers import provider_configs
from crosshead.reconcilers.provider_configs import PROVIDER_CONFIG, PROVIDER_CONFIG_USAGE
from tests.fakes import FakeCluster, fake_world
from tests.reconcilers.managed_setup import seed_kind

REF = Ref(PROVIDER_CONFIG, "default")
FINALIZER = "in-use.crossplane.io"


@pytest.fixture
def cluster():
    cluster = FakeCluster()
    seed_kind(cluster, PROVIDER_CONFIG, "default", spec={"credentials": {"source": "None"}})
    return cluster


@pytest.fixture
def reconcile(cluster):
    world = fake_world(cluster)
    return lambda: provider_configs.reconcile(REF, world)


def use(cluster, name, config="default", *, controller=True):
    owner = {"apiVersion": "v1", "kind": "Thing", "name": name, "uid": name, "controller": controller}
    metadata = {"ownerReferences": [owner]}
    return seed_kind(cluster, PROVIDER_CONFIG_USAGE, name, metadata=metadata, providerConfigRef={"name": config})


def delete(cluster):
    cluster.delete(cluster.objects[REF])


def test_it_is_held_and_its_users_counted(cluster, reconcile):
    use(cluster, "a")
    use(cluster, "b")
    use(cluster, "c", config="other")

    assert reconcile() is None

    assert objects.finalizers(cluster.objects[REF]) == (FINALIZER,)
    assert cluster.objects[REF]["status"] == {"users": 2}


def test_a_second_pass_writes_nothing(cluster, reconcile):
    reconcile()
    cluster.forget()

    reconcile()

    assert cluster.writes == []


def test_a_use_that_nobody_controls_is_left_over(cluster, reconcile):
    use(cluster, "a", controller=False)

    reconcile()

    assert cluster.list(PROVIDER_CONFIG_USAGE) == []
    assert cluster.objects[REF]["status"] == {"users": 0}


def test_while_it_is_used_it_cannot_go(cluster, reconcile):
    use(cluster, "a")
    reconcile()
    delete(cluster)

    assert reconcile() is None

    found = conditions.find(cluster.objects[REF], "Terminating")
    assert (found.status, found.reason, found.message) == (
        "True",
        "InUse",
        "Blocking deletion while usages still exist",
    )


def test_unused_it_goes(cluster, reconcile):
    usage = use(cluster, "a")
    reconcile()
    delete(cluster)
    cluster.delete(usage)

    reconcile()

    assert REF not in cluster.objects
    assert reconcile() is None


def test_before_the_usages_are_known_it_cannot_go(cluster, reconcile):
    reconcile()
    delete(cluster)
    cluster.unwatched.add(PROVIDER_CONFIG_USAGE)

    with pytest.raises(NotReadyError):
        reconcile()

    assert REF in cluster.objects


def test_finalizers_of_others_are_theirs(cluster, reconcile):
    cluster.patch(REF, {"metadata": {"finalizers": ["theirs"]}})
    reconcile()
    delete(cluster)

    reconcile()
    assert objects.finalizers(cluster.objects[REF]) == ("theirs",)

    cluster.forget()
    reconcile()
    assert cluster.writes == []


def test_who_is_gone_meanwhile_is_not_missed(cluster, reconcile):
    reconcile()
    delete(cluster)
    stale = cluster.objects.pop(REF)
    cluster.get = lambda _: stale

    assert reconcile() is None


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        pytest.param({}, (1, 300), id="nothing"),
        pytest.param({"baseDelay": "3s"}, (3, 300), id="the first"),
        pytest.param({"baseDelay": "2s", "maxDelay": "1m30s"}, (2, 90), id="both"),
        pytest.param({"maxDelay": "soon"}, (1, 300), id="nonsense"),
    ],
)
def test_it_says_how_long_to_wait_after_failures(cluster, said, expected):
    cluster.patch(REF, {"spec": {"reconciliationPolicy": {"exponentialFailureRateLimiter": said}}})
    managed = {"spec": {"providerConfigRef": {"name": "default"}}}

    found = provider_configs.delays(managed, cluster, timedelta(seconds=1), timedelta(minutes=5))

    assert tuple(delay.total_seconds() for delay in found) == expected


@pytest.mark.parametrize("managed", [None, {"spec": {"providerConfigRef": {"name": "another"}}}])
def test_what_is_not_known_changes_no_delays(cluster, managed):
    delays = (timedelta(seconds=1), timedelta(minutes=5))

    assert provider_configs.delays(managed, cluster, *delays) == delays
