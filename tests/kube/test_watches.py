import time
from collections.abc import Iterator

import pytest

from crosshead.kube.cache import ObjectCache
from crosshead.kube.client import KubeApi
from crosshead.kube.discovery import CRD, LEASE, SECRET
from crosshead.kube.reflector import State, Timing
from crosshead.kube.watches import KindWatches
from crosshead.reconcilers.ports import Cache, Watches
from tests.kube.fake_api_server import HELD, FakeApiServer, Reply, listed, refused
from tests.kube.things import THING, THINGS, crd, ref, thing
from tests.kube.waiting import eventually, throughout

SWIFT = Timing(silence=30.0, first=0.02, last=0.1, refused=0.2, lasting=0.5, recheck=30.0, rereads=(0.05, 0.15))
CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"


@pytest.fixture
def cache() -> ObjectCache:
    return ObjectCache()


@pytest.fixture
def watches(server: FakeApiServer, api: KubeApi, cache: ObjectCache) -> Iterator[KindWatches]:
    """Watches of a cluster that knows no kind yet."""
    server.script("GET", CRDS, listed())
    server.script("WATCH", CRDS, HELD)
    server.script("GET", f"{CRDS}/things.example.org", refused(404))
    watches = KindWatches(api, cache, SWIFT)
    assert eventually(lambda: cache.is_synced(CRD) and server.streams() == 1)
    yield watches
    assert watches.stop_all(2.0)


def serve_things(server: FakeApiServer) -> None:
    server.script("GET", THINGS, listed(thing()))
    server.script("WATCH", THINGS, HELD)
    server.script("GET", f"{CRDS}/things.example.org", Reply(crd()))


def test_these_are_the_reconcilers_ports(watches, cache):
    ports: tuple[Cache, Watches] = (cache, watches)

    assert ports == (cache, watches)


def test_a_kind_that_is_started_twice_is_watched_once(server, watches, cache):
    serve_things(server)
    cache.put(crd())

    watches.start(THING)
    watches.start(THING)

    assert eventually(lambda: watches.states() == {CRD: State.WATCHING, THING: State.WATCHING})
    assert cache.get(ref()) == thing()
    assert watches.attempts() == {CRD: 1, THING: 1}


def test_a_kind_without_a_definition_waits_and_counts_as_synced(server, watches):
    watches.start(THING)

    assert eventually(lambda: watches.states()[THING] is State.WAITING)
    assert watches.all_synced()
    assert watches.is_healthy()
    assert watches.troubles() == {}
    assert throughout(lambda: server.count("WATCH") == 1, 0.3)


def test_a_kind_without_a_definition_asks_for_nothing(watches):
    watches.start(THING)

    assert throughout(lambda: watches.attempts()[THING] == 0, 0.3)
    assert THING not in watches.stuck(0.1)


def test_it_is_watched_as_soon_as_its_definition_is_established(server, watches, cache):
    watches.start(THING)
    assert eventually(lambda: watches.states()[THING] is State.WAITING)

    serve_things(server)
    cache.put(crd(established=False))
    assert throughout(lambda: not cache.is_synced(THING), 0.2)
    cache.put({**crd(), "metadata": {**crd()["metadata"], "resourceVersion": "6"}})

    assert eventually(lambda: cache.is_synced(THING))


def test_it_is_forgotten_when_its_definition_is_gone(server, watches, cache):
    serve_things(server)
    cache.put(crd())
    watches.start(THING)
    assert eventually(lambda: watches.states()[THING] is State.WATCHING)

    server.script("GET", THINGS, refused(404))
    server.script("WATCH", THINGS, refused(404))
    cache.remove(crd())

    assert eventually(lambda: watches.states()[THING] is State.WAITING)
    assert cache.list(THING) == ()


@pytest.mark.parametrize(
    "definition",
    [
        pytest.param(Reply(crd()), id="it is there"),
        pytest.param(refused(500), id="the API server cannot say"),
    ],
)
def test_a_404_is_not_believed_while_the_definition_may_be_there(server, watches, cache, definition):
    serve_things(server)
    cache.put(crd())
    watches.start(THING)
    assert eventually(lambda: watches.states()[THING] is State.WATCHING)

    server.script("GET", f"{CRDS}/things.example.org", definition)
    server.script("GET", THINGS, refused(404))
    server.script("WATCH", THINGS, refused(404))
    server.hang_up()

    assert throughout(lambda: cache.get(ref()) == thing(), 0.5)
    assert THING in watches.troubles()
    serve_things(server)
    assert eventually(lambda: watches.states()[THING] is State.WATCHING)


@pytest.mark.parametrize(
    "definition",
    [
        pytest.param(refused(404), id="gone"),
        pytest.param(Reply(crd(established=False)), id="not established"),
        pytest.param(Reply(crd(served=False)), id="without our version"),
    ],
)
def test_a_404_is_believed_when_the_definition_agrees(server, watches, cache, definition):
    serve_things(server)
    cache.put(crd())
    watches.start(THING)
    assert eventually(lambda: watches.states()[THING] is State.WATCHING)

    server.script("GET", f"{CRDS}/things.example.org", definition)
    server.script("GET", THINGS, refused(404))
    server.script("WATCH", THINGS, refused(404))
    server.hang_up()

    assert eventually(lambda: watches.states()[THING] is State.WAITING)
    assert cache.list(THING) == ()


def test_a_404_of_a_kind_that_every_cluster_has_is_never_believed(server, watches):
    server.script("GET", "/apis/coordination.k8s.io/v1/leases", refused(404))

    watches.start(LEASE)

    assert throughout(lambda: watches.states()[LEASE] is not State.WAITING, 0.4)


def test_silence_is_told_from_being_stuck(server, watches):
    """An API server that is away is no reason to restart the operator; a watch that does nothing is."""
    server.script("WATCH", CRDS, refused(503))
    server.script("GET", CRDS, refused(503))
    server.hang_up()
    time.sleep(0.8)

    assert watches.silent(0.5) == (CRD,)
    assert watches.stuck(0.5) == ()
    assert watches.is_healthy()
    assert watches.troubles() == {CRD: "no"}


def test_a_watch_that_has_died_is_stuck(watches):
    watches._reflectors[CRD].stop()

    assert eventually(lambda: watches.stuck() == (CRD,))
    assert not watches.is_healthy()


def test_nothing_is_started_after_the_end(watches):
    assert watches.stop_all(2.0)

    watches.start(THING)

    assert THING not in watches.states()


def test_everything_is_listed_again_after_the_definition_has_changed(server, watches, cache):
    """The API server serves watches that were open before by the old schema, and says nothing of it."""
    serve_things(server)
    cache.put(crd())
    watches.start(THING)
    assert eventually(lambda: watches.states()[THING] is State.WATCHING)
    whole = {**thing(), "spec": {"new": 1}}
    server.script("GET", THINGS, listed(whole))

    cache.put({**crd(), "metadata": {**crd()["metadata"], "resourceVersion": "6", "generation": 2}})

    assert eventually(lambda: cache.get(ref()) == whole)
    assert eventually(lambda: watches.attempts()[THING] == 3)
    assert throughout(lambda: watches.attempts()[THING] == 3, 0.3)


def test_a_definition_that_only_reports_causes_no_list(server, watches, cache):
    serve_things(server)
    cache.put(crd())
    watches.start(THING)
    assert eventually(lambda: watches.states()[THING] is State.WATCHING)

    cache.put({**crd(), "metadata": {**crd()["metadata"], "resourceVersion": "6"}})

    assert throughout(lambda: watches.attempts()[THING] == 1, 0.3)


def test_secrets_are_not_watched_whoever_asks(watches):
    watches.start(SECRET)

    assert SECRET not in watches.states()


def test_a_kind_that_we_may_not_watch_says_so_and_holds_nobody_up(server, watches, cache):
    server.script("GET", THINGS, refused(403, "Forbidden", "you may not"))
    cache.put(crd())
    watches.start(THING)

    assert eventually(lambda: watches.refusal(THING) is not None)
    assert watches.refusal(THING).message == "you may not"
    assert (watches.all_synced(), watches.all_settled(), watches.refusal(LEASE)) == (False, True, None)

    serve_things(server)
    assert eventually(lambda: cache.is_synced(THING) and watches.refusal(THING) is None)
