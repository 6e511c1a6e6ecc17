import threading
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosshead.base import objects
from crosshead.base.objects import Kind, Ref
from crosshead.base.values import Object
from crosshead.kube.cache import ObjectCache
from crosshead.kube.discovery import SECRET
from tests.kube.things import THING, owned_by, ref, thing

Change = tuple[Object | None, Object | None]


@pytest.fixture
def told(cache: ObjectCache) -> list[Change]:
    changes: list[Change] = []
    cache.subscribe(lambda old, new: changes.append((old, new)))
    return changes


def test_what_was_put_is_found_listed_and_told(cache, told):
    cache.put(thing("b"))
    cache.put(thing("a"))

    assert cache.get(ref("a")) == thing("a")
    assert cache.list(THING) == (thing("a"), thing("b"))
    assert told == [(None, thing("b")), (None, thing("a"))]


def test_a_list_is_sorted_by_namespace_and_name_and_can_be_narrowed(cache):
    cache.put(thing("a", namespace="x"))
    cache.put(thing("b", namespace="a"))
    cache.put(thing("a", uid="u", namespace="a"))

    assert [(objects.namespace(o), objects.name(o)) for o in cache.list(THING)] == [("a", "a"), ("a", "b"), ("x", "a")]
    assert [objects.name(o) for o in cache.list(THING, "a")] == ["a", "b"]


def test_kinds_that_nobody_watches_are_not_kept(told):
    cache = ObjectCache()

    cache.put(thing())

    assert cache.get(ref()) is None
    assert cache.list(THING) == ()
    assert not cache.is_synced(THING)
    assert told == []


def test_a_newer_version_replaces_an_older_one_as_numbers_go(cache, told):
    cache.put(thing(version="9"))
    cache.put(thing(version="10"))

    assert cache.get(ref()) == thing(version="10")
    assert told[1:] == [(thing(version="9"), thing(version="10"))]


@pytest.mark.parametrize("version", ["9", "10"], ids=["older", "the same"])
def test_an_echo_changes_nothing_and_tells_nobody(cache, told, version):
    cache.put(thing(version="10"))

    cache.put(thing(version=version))

    assert cache.get(ref()) == thing(version="10")
    assert len(told) == 1


def test_a_server_whose_versions_are_no_numbers_is_believed(cache):
    cache.put(thing(version="b"))

    cache.put(thing(version="a"))

    assert cache.get(ref()) == thing(version="a")


def test_what_is_gone_does_not_come_back_with_late_news(cache, told):
    cache.put(thing(version="1"))
    cache.remove(thing(version="1"))

    cache.put(thing(version="2"))
    cache.replace(THING, [thing(version="2")], "2")

    assert cache.get(ref()) is None
    assert told == [(None, thing()), (thing(), None)]


def test_another_object_of_the_same_name_is_told_as_gone_and_as_new(cache, told):
    first, second = thing(version="1", uid="first"), thing(version="5", uid="second")
    cache.put(first)

    cache.put(second)

    assert told == [(None, first), (first, None), (None, second)]


def test_the_late_death_of_a_predecessor_does_not_touch_the_successor(cache, told):
    first, second = thing(version="1", uid="first"), thing(version="5", uid="second")
    cache.put(first)
    cache.put(second)

    cache.remove(first)

    assert cache.get(ref()) == second
    assert len(told) == 3


def test_an_object_that_nothing_holds_back_from_deletion_is_gone(cache, told):
    """The answer to the write that took the last finalizer off shows it one last time, in an old version even."""
    held = thing(version="3", deletionTimestamp="now", finalizers=["f"])
    cache.put(held)

    cache.put(thing(version="3", deletionTimestamp="now"))

    assert cache.get(ref()) is None
    assert told == [(None, held), (held, None)]


def test_an_object_that_is_given_time_to_die_is_not_gone_yet(cache):
    cache.put(thing(deletionTimestamp="later", deletionGracePeriodSeconds=30))

    assert cache.get(ref()) is not None


def test_a_list_makes_absences_facts(cache):
    synced: list[Kind] = []
    cache.subscribe_sync(synced.append)

    cache.replace(THING, [], "5")
    cache.replace(THING, [], "6")

    assert cache.is_synced(THING)
    assert synced == [THING]


def test_absences_are_facts_before_anybody_is_told(cache):
    """Who is told of an object may ask at once what else there is."""
    seen: list[bool] = []
    cache.subscribe(lambda *_: seen.append(cache.is_synced(THING)))

    cache.replace(THING, [thing()], "5")

    assert seen == [True]


def test_what_a_list_does_not_hold_is_gone_unless_it_is_newer(cache, told):
    cache.put(thing("old", version="4"))
    cache.put(thing("new", version="9"))

    cache.replace(THING, [thing("other", version="3")], "5")

    assert [objects.name(obj) for obj in cache.list(THING)] == ["new", "other"]
    assert told[2:] == [(thing("old", version="4"), None), (None, thing("other", version="3"))]


def test_a_list_does_not_take_a_newer_version_back(cache):
    cache.put(thing(version="9"))

    cache.replace(THING, [thing(version="4")], "5")

    assert cache.get(ref()) == thing(version="9")


def test_a_kind_that_is_gone_takes_everything_with_it(cache, told):
    cache.replace(THING, [thing("a"), thing("b")], "5")

    cache.clear(THING)

    assert cache.list(THING) == ()
    assert not cache.is_synced(THING)
    assert told[2:] == [(thing("a"), None), (thing("b"), None)]


def test_a_kind_that_nobody_wants_any_more_is_forgotten_silently(cache, told):
    cache.replace(THING, [thing("a", ownerReferences=owned_by("o"))], "5")

    cache.close(THING)
    cache.put(thing("b"))
    cache.remove(thing("a"))
    cache.clear(THING)
    cache.replace(THING, [thing("c")], "6")

    assert cache.list(THING) == ()
    assert cache.controlled_by("o") == ()
    assert len(told) == 1


def test_opening_a_kind_twice_forgets_nothing(cache):
    cache.put(thing())

    cache.open(THING)

    assert cache.counts() == {THING: 1}


def test_secrets_are_refused():
    with pytest.raises(ValueError, match="never cached"):
        ObjectCache().open(SECRET)


def test_what_somebody_controls_is_found_across_kinds(cache):
    other = Kind("example.org/v1", "Other")
    cache.open(other)
    a = thing("a", ownerReferences=owned_by("owner"))
    b = {**thing("b", ownerReferences=owned_by("owner")), "kind": "Other"}
    cache.put(a)
    cache.put(b)
    cache.put(thing("c", ownerReferences=owned_by("else")))

    assert cache.controlled_by("owner") == (b, a)
    assert cache.controlled_by("nobody") == ()


def test_a_change_of_control_is_followed(cache):
    cache.put(thing(version="1", ownerReferences=owned_by("one")))
    moved = thing(version="2", ownerReferences=owned_by("two"))

    cache.put(moved)

    assert cache.controlled_by("one") == ()
    assert cache.controlled_by("two") == (moved,)
    cache.remove(moved)
    assert cache.controlled_by("two") == ()


def test_listeners_may_ask_the_cache_and_one_that_fails_does_not_cost_the_others_the_news(cache, told, caplog):
    def fail(*_: Any) -> None:
        raise RuntimeError("a bug")

    cache.subscribe(fail)
    cache.subscribe(lambda *_: told.append((cache.get(ref()), None)))

    cache.put(thing())

    assert told == [(None, thing()), (thing(), None)]
    assert "this is a bug" in caplog.text


def test_only_what_is_worth_keeping_is_kept():
    cache = ObjectCache(lambda obj: {k: v for k, v in obj.items() if k != "data"})
    cache.open(THING)

    cache.put({**thing(), "data": "much"})

    assert cache.get(ref()) == thing()


def test_the_memory_of_the_dead_is_bounded(cache):
    for number in range(5000):
        cache.remove(thing(uid=f"uid-{number}"))

    assert len(cache._shelves[THING].gone) <= 4096


HISTORY = [thing(version=str(v), uid="first") for v in (1, 2, 3)]
SUCCESSOR = [thing(version=str(v), uid="second") for v in (6, 7)]


@given(st.permutations([*HISTORY, *HISTORY, *SUCCESSOR, "first is deleted"]))
def test_news_in_any_order_and_twice_ends_with_the_truth(news):
    cache = ObjectCache()
    cache.open(THING)
    living: dict[str, Object] = {}
    cache.subscribe(lambda old, new: _live(living, old, new))

    for item in news:
        cache.remove(HISTORY[-1]) if isinstance(item, str) else cache.put(item)

    assert cache.get(ref()) == SUCCESSOR[-1]
    assert living == {"second": SUCCESSOR[-1]}


def _live(living: dict[str, Object], old: Object | None, new: Object | None) -> None:
    """Follow what is told: nothing may die or change that did not live as it was told before."""
    if old is not None:
        assert living.pop(objects.uid(old)) == old
    if new is not None:
        assert objects.uid(new) not in living
        living[objects.uid(new)] = new


def test_many_threads_lose_no_news(cache):
    latest: dict[str, int] = {}
    lock = threading.Lock()

    def note(_: Object | None, new: Object | None) -> None:
        with lock:
            obj = new or {}
            latest[objects.name(obj)] = max(latest.get(objects.name(obj), 0), int(objects.resource_version(obj)))

    def write(versions: Sequence[int]) -> None:
        for version in versions:
            cache.put(thing(str(version % 7), str(version)))

    cache.subscribe(note)
    threads = [threading.Thread(target=write, args=(range(start, 3000, 5),)) for start in range(5)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]

    assert latest == {objects.name(o): int(objects.resource_version(o)) for o in cache.list(THING)}
    assert latest == {str(v % 7): v for v in range(2993, 3000)}


def test_refs_of_other_namespaces_are_other_objects(cache):
    cache.put(thing())

    assert cache.get(Ref(THING, "one", "other")) is None


def test_a_list_shows_the_same_version_by_a_newer_schema(cache, told):
    """A watch that was open when the schema changed goes on cutting off what the old one does not know."""
    cut, whole = thing("a", "1"), {**thing("a", "1"), "spec": {"new": 1}}
    cache.put(cut)
    told.clear()

    cache.put(whole)
    assert cache.get(ref("a")) == cut
    cache.replace(THING, [whole], "1")

    assert cache.get(ref("a")) == whole
    assert told == [(cut, whole)]
