import time
from collections.abc import Iterator

import pytest

from crosshead.base import objects
from crosshead.kube.cache import ObjectCache
from crosshead.kube.client import KubeApi
from crosshead.kube.reflector import Reflector, State, Timing
from tests.kube.fake_api_server import HELD, Reply, listed, refused
from tests.kube.things import THING, THINGS, thing
from tests.kube.waiting import eventually, throughout

SWIFT = Timing(silence=1.0, first=0.02, last=0.1, refused=0.3, lasting=0.5, recheck=30.0)


@pytest.fixture
def served() -> list[bool]:
    """Whether the kind exists, as its CRD would say."""
    return [True]


@pytest.fixture
def reflector(api: KubeApi, cache: ObjectCache, served: list[bool]) -> Iterator[Reflector]:
    reflector = Reflector(THING, api, cache, lambda _: served[0], SWIFT)
    yield reflector
    reflector.stop()
    reflector.join(2.0)
    assert not reflector.is_alive()


@pytest.fixture
def log(cache: ObjectCache) -> list[str]:
    """What the cache has told: `+` added, `~` changed, `-` gone."""
    told: list[str] = []
    cache.subscribe(lambda old, new: told.append(_sign(old, new) + objects.name(new or old or {})))
    return told


def _sign(old: object, new: object) -> str:
    return "+" if old is None else "-" if new is None else "~"


def event(kind: str, obj: object) -> dict[str, object]:
    return {"type": kind, "object": obj}


def names(cache: ObjectCache) -> list[str]:
    return [objects.name(obj) for obj in cache.list(THING)]


def test_a_list_fills_the_cache_page_by_page(server, reflector, cache):
    server.script("GET", THINGS, listed(thing("a"), rest="more"), listed(thing("b")))
    server.script("WATCH", THINGS, HELD)

    reflector.start()

    assert eventually(lambda: cache.is_synced(THING))
    assert names(cache) == ["a", "b"]
    assert [seen.query.get("continue") for seen in server.seen if seen.verb == "GET"][1:] == [None, "more"]


def test_the_watch_keeps_the_cache_up_to_date(server, reflector, log):
    server.script("GET", THINGS, listed(thing("a", "3"), version="10"))
    server.script("WATCH", THINGS, HELD)
    reflector.start()
    assert eventually(lambda: server.streams() == 1)

    server.say(event("ADDED", thing("b", "11")))
    server.say(event("MODIFIED", thing("a", "12")))
    server.say(event("DELETED", thing("b", "13")))

    assert eventually(lambda: log == ["+a", "+b", "~a", "-b"])


def test_the_watch_begins_where_the_list_ended_and_asks_for_bookmarks(server, reflector):
    server.script("GET", THINGS, listed(version="77"))
    server.script("WATCH", THINGS, HELD)

    reflector.start()

    assert eventually(lambda: server.count("WATCH") == 1)
    assert server.seen[-1].query["resourceVersion"] == "77"
    assert server.seen[-1].query["allowWatchBookmarks"] == "true"


@pytest.mark.parametrize("then", ["end", "cut"])
def test_a_lost_watch_goes_on_from_the_last_version_without_a_new_list(server, reflector, cache, then):
    bookmark = event("BOOKMARK", {"metadata": {"resourceVersion": "44"}})
    server.script("GET", THINGS, listed(thing("a")))
    server.script("WATCH", THINGS, Reply(lines=(event("ADDED", thing("b", "12")), bookmark), then=then), HELD)

    reflector.start()

    assert eventually(lambda: server.count("WATCH") == 2)
    assert names(cache) == ["a", "b"]
    assert server.seen[-1].query["resourceVersion"] == "44"
    assert sum(seen.path == THINGS and seen.verb == "GET" for seen in server.seen) == 1


GONE = {"kind": "Status", "code": 410, "reason": "Expired", "message": "too old resource version: 1 (2)"}


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(refused(410, "Expired"), id="410 instead of a watch"),
        pytest.param(Reply(lines=(event("ERROR", GONE),)), id="410 in the watch"),
        pytest.param(refused(500, "InternalError"), id="500 instead of a watch"),
        pytest.param(refused(400, "BadRequest"), id="400 instead of a watch"),
        pytest.param(Reply(lines=(event("ERROR", {**GONE, "code": 500}),)), id="500 in the watch"),
    ],
)
def test_what_was_deleted_while_nobody_looked_is_told_after_a_new_list(server, reflector, cache, log, broken):
    server.script("GET", THINGS, listed(thing("a"), thing("b")), listed(thing("b"), thing("c", "15"), version="20"))
    server.script("WATCH", THINGS, broken, HELD)

    reflector.start()

    assert eventually(lambda: names(cache) == ["b", "c"])
    assert log == ["+a", "+b", "-a", "+c"]
    assert eventually(lambda: server.seen[-1].query.get("resourceVersion") == "20")


def test_all_objects_deleted_while_nobody_looked_are_told_too(server, reflector, log):
    server.script("GET", THINGS, listed(thing("a"), thing("b")), listed(version="20"))
    server.script("WATCH", THINGS, refused(410, "Expired"), HELD)

    reflector.start()

    assert eventually(lambda: log == ["+a", "+b", "-a", "-b"])


def test_an_object_replaced_while_nobody_looked_is_told_as_gone_and_as_new(server, reflector, log):
    server.script("GET", THINGS, listed(thing("a", "2", "uid-1")), listed(thing("a", "15", "uid-2"), version="20"))
    server.script("WATCH", THINGS, refused(410, "Expired"), HELD)

    reflector.start()

    assert eventually(lambda: log == ["+a", "-a", "+a"])


def test_a_kind_that_is_gone_takes_its_objects_with_it_and_the_reflector_waits(server, reflector, cache, log, served):
    served[0] = False
    server.script("GET", THINGS, listed(thing("a")), refused(404))
    server.script("WATCH", THINGS, refused(404))

    reflector.start()

    assert eventually(lambda: reflector.state is State.WAITING)
    assert log == ["+a", "-a"]
    assert not cache.is_synced(THING)
    assert throughout(lambda: reflector.attempts == 1, 0.3)


def test_a_kind_that_is_back_is_watched_again_when_the_reflector_is_kicked(server, reflector, cache, served):
    served[0] = False
    server.script("GET", THINGS, refused(404), listed(thing("a")))
    server.script("WATCH", THINGS, HELD)
    reflector.start()
    assert eventually(lambda: reflector.state is State.WAITING)

    reflector.kick()

    assert eventually(lambda: names(cache) == ["a"])


def test_a_404_of_a_kind_that_exists_costs_nothing(server, reflector, log):
    """As API servers say it while they start."""
    server.script("GET", THINGS, listed(thing("a")), refused(404), refused(404), listed(thing("a")))
    server.script("WATCH", THINGS, refused(404), HELD)

    reflector.start()

    assert eventually(lambda: reflector.state is State.WATCHING)
    assert log == ["+a"]


@pytest.mark.parametrize("code", [401, 403])
def test_being_refused_is_reported_and_tried_again_slowly(server, reflector, code):
    server.script("GET", THINGS, refused(code, "Forbidden", "you may not"))

    reflector.start()

    assert eventually(lambda: reflector.trouble == "you may not")
    assert throughout(lambda: server.count("GET") < 12, 1.0)
    assert reflector.silent_for() < 1.0


def test_a_refusal_is_told_in_the_log_once(server, reflector, caplog):
    """Somebody must grant a right, and no object shows it: the watch of a new kind has none to write on."""
    server.script("GET", THINGS, refused(403, "Forbidden", "you may not"))

    reflector.start()

    assert eventually(lambda: server.count("GET") > 2)
    told = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert told == [f"the watch of {THING} ended: you may not"]


def test_a_half_open_connection_is_noticed(server, reflector, cache):
    server.script("GET", THINGS, listed(thing("a")))
    server.script("WATCH", THINGS, HELD)

    reflector.start()

    assert eventually(lambda: server.count("WATCH") == 2, within=4.0)
    assert names(cache) == ["a"]


def test_bookmarks_keep_a_silent_watch_open(server, reflector):
    server.script("GET", THINGS, listed())
    server.script("WATCH", THINGS, HELD)
    reflector.start()
    assert eventually(lambda: server.streams() == 1)

    for version in range(20, 28):
        server.say(event("BOOKMARK", {"metadata": {"resourceVersion": str(version)}}))
        time.sleep(0.2)

    assert server.count("WATCH") == 1


@pytest.mark.parametrize(
    ("listing", "watching"),
    [
        pytest.param(listed(thing("a")), Reply(lines=()), id="a watch that ends at once"),
        pytest.param(listed(thing("a")), Reply(lines=(), then="cut"), id="a watch that is cut at once"),
        pytest.param(listed(thing("a")), Reply(lines=(b"<html>\n",)), id="a watch of garbage"),
        pytest.param(listed(thing("a")), Reply(lines=(b'{"type": "ADDED"}\n',)), id="an event without an object"),
        pytest.param(listed(thing("a")), Reply(b"<html>"), id="garbage instead of a watch"),
        pytest.param(listed(thing("a")), refused(410), id="410 for ever"),
        pytest.param(listed(thing("a")), refused(429), id="429 for ever"),
        pytest.param(Reply(b"<html>"), HELD, id="a list of garbage"),
        pytest.param(refused(500), HELD, id="500 for ever"),
        pytest.param(refused(404), HELD, id="404 for ever"),
    ],
)
def test_nothing_the_server_does_makes_the_reflector_spin(server, reflector, listing, watching):
    server.script("GET", THINGS, listing)
    server.script("WATCH", THINGS, watching)

    reflector.start()
    time.sleep(1.0)

    # Pauses of 0.02, 0.04, 0.08, then 0.1 s, give or take half: at most 23 attempts, of three requests each at most.
    assert reflector.attempts <= 23
    assert len(server.seen) <= 70
    assert reflector.is_alive()


def test_a_version_that_is_the_trouble_is_given_up(server, reflector):
    """The same watch that fails again and again is begun with a new list, in the end."""
    server.script("GET", THINGS, listed())
    server.script("WATCH", THINGS, Reply(lines=(b"<html>\n",)))

    reflector.start()

    assert eventually(lambda: sum(s.path == THINGS and s.verb == "GET" for s in tuple(server.seen)) >= 2)


def test_it_stops_promptly_in_the_middle_of_a_watch(server, reflector):
    server.script("GET", THINGS, listed())
    server.script("WATCH", THINGS, HELD)
    reflector.start()
    assert eventually(lambda: server.streams() == 1)

    began = time.monotonic()
    reflector.stop()
    reflector.join(5.0)

    assert not reflector.is_alive()
    assert time.monotonic() - began < 2.0


def test_a_listener_that_fails_does_not_end_the_watch(server, reflector, cache):
    def fail(*_: object) -> None:
        raise RuntimeError("a bug")

    cache.subscribe(fail)
    server.script("GET", THINGS, listed(thing("a")))
    server.script("WATCH", THINGS, HELD)

    reflector.start()

    assert eventually(lambda: reflector.state is State.WATCHING)
    assert names(cache) == ["a"]


def test_a_bug_in_whoever_is_asked_does_not_end_the_watch(server, api, cache, caplog):
    def fail(_: object) -> bool:
        raise KeyError("a bug")

    reflector = Reflector(THING, api, cache, fail, SWIFT)
    server.script("GET", THINGS, refused(404), listed(thing("a")))
    server.script("WATCH", THINGS, HELD)

    reflector.start()

    assert eventually(lambda: names(cache) == ["a"])
    assert "this is a bug" in caplog.text
    reflector.stop()
    reflector.join(2.0)
