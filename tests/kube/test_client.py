from types import MappingProxyType

import pytest

from crosshead.base.errors import AbsentError, ConflictError, ForbiddenError, ThrottledError, TransientError
from crosshead.base.objects import Kind, Ref
from crosshead.base.values import SecretValue
from crosshead.kube.client import KubeApi
from crosshead.kube.errors import UnreachableError
from crosshead.reconcilers.ports import Api
from tests.kube.fake_api_server import Reply, listed, refused
from tests.kube.things import NAMESPACED, THING, THINGS, ref, thing

ONE = f"{NAMESPACED}/one"
STATUS = {"kind": "Status", "status": "Success", "details": {"uid": "uid-of-one"}}


def sent(server):
    """The last request."""
    return server.seen[-1]


def test_the_client_is_the_reconcilers_api(api):
    port: Api = api

    assert port is api


@pytest.mark.parametrize(
    ("verb", "path", "call"),
    [
        pytest.param("POST", NAMESPACED, lambda api: api.create(thing()), id="create"),
        pytest.param("PUT", ONE, lambda api: api.replace(thing()), id="replace"),
        pytest.param("PATCH", ONE, lambda api: api.apply(thing(), "me"), id="apply"),
        pytest.param("PATCH", f"{ONE}/status", lambda api: api.apply(thing(), "me", status=True), id="apply a status"),
        pytest.param("PATCH", ONE, lambda api: api.patch(ref(), {"spec": 1}), id="patch"),
        pytest.param("PATCH", f"{ONE}/status", lambda api: api.patch(ref(), {}, status=True), id="patch a status"),
        pytest.param("GET", ONE, lambda api: api.fetch(ref()), id="fetch"),
    ],
)
def test_every_answer_goes_into_the_cache(server, api, cache, verb, path, call):
    server.script(verb, path, Reply(thing(version="9")))

    answer = call(api)

    assert answer == cache.get(ref()) == thing(version="9")


def test_an_apply_is_forced_and_under_its_owner(server, api):
    server.script("PATCH", ONE, Reply(thing()))

    api.apply(thing(), "apiextensions.crossplane.io/claim")

    assert sent(server).query == {"fieldManager": "apiextensions.crossplane.io/claim", "force": "true"}
    assert sent(server).headers["Content-Type"] == "application/apply-patch+yaml"
    assert sent(server).body == thing()


def test_the_status_has_an_owner_of_its_own(server, api):
    server.script("PATCH", f"{ONE}/status", Reply(thing()))

    api.apply(thing(), "me", status=True)

    assert sent(server).query["fieldManager"] == "me/status"


def test_a_patch_is_a_merge_patch(server, api):
    server.script("PATCH", ONE, Reply(thing()))

    api.patch(ref(), {"metadata": {"finalizers": None}})

    assert sent(server).headers["Content-Type"] == "application/merge-patch+json"
    assert sent(server).body == {"metadata": {"finalizers": None}}


@pytest.mark.parametrize(("foreground", "policy"), [(False, "Background"), (True, "Foreground")])
def test_a_deletion_means_this_object_and_no_other(server, api, foreground, policy):
    server.script("DELETE", ONE, Reply(STATUS))

    api.delete(thing(), foreground=foreground)

    assert sent(server).body == {"propagationPolicy": policy, "preconditions": {"uid": "uid-of-one"}}


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(Reply(STATUS), id="gone now"),
        pytest.param(refused(404, "NotFound"), id="gone before"),
        pytest.param(refused(409, "Conflict", "Precondition failed: UID in precondition: a"), id="replaced"),
    ],
)
def test_what_was_deleted_leaves_the_cache(server, api, cache, reply):
    cache.put(thing())
    server.script("DELETE", ONE, reply)

    api.delete(thing())

    assert cache.get(ref()) is None


def test_what_finalizers_hold_back_stays_in_the_cache_as_deleting(server, api, cache):
    held = thing(version="8", deletionTimestamp="now", finalizers=["f"])
    cache.put(thing())
    server.script("DELETE", ONE, Reply(held))

    api.delete(thing())

    assert cache.get(ref()) == held


def test_a_deletion_that_meets_another_conflict_fails(server, api, cache):
    cache.put(thing())
    server.script("DELETE", ONE, refused(409, "Conflict", "the object has been modified"))

    with pytest.raises(ConflictError):
        api.delete(thing())

    assert cache.get(ref()) == thing()


def test_an_object_without_a_uid_is_deleted_by_its_name(server, api):
    server.script("DELETE", ONE, Reply(STATUS))

    api.delete({**thing(), "metadata": {"name": "one", "namespace": "team"}})

    assert "preconditions" not in sent(server).body


def test_what_is_not_there_is_none(api):
    assert api.fetch(ref()) is None


def test_a_kind_that_is_not_served_holds_nothing(api):
    assert api.fetch(Ref(Kind("nope.org/v1", "Nope"), "a")) is None


def test_creating_a_kind_that_is_not_served_says_so(api):
    with pytest.raises(AbsentError, match="serves no kind 'Nope'"):
        api.create({**thing(), "kind": "Nope"})


def test_a_404_makes_the_client_find_out_anew_where_the_kind_is(server, api):
    api.fetch(ref())
    api.fetch(ref())

    assert [seen.path for seen in server.seen].count("/apis/example.org/v1") == 2


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        pytest.param(refused(429), ThrottledError, id="throttled"),
        pytest.param(refused(403), ForbiddenError, id="forbidden"),
        pytest.param(Reply(b"<html>hello"), TransientError, id="a page instead of JSON"),
        pytest.param(Reply([1]), TransientError, id="JSON that is no object"),
        pytest.param(Reply(b"", status=502), TransientError, id="nothing"),
        pytest.param(Reply(lines=(), then="cut"), UnreachableError, id="a cut line"),
    ],
)
def test_what_goes_wrong_is_told_by_what_to_do_about_it(server, api, cache, reply, error):
    server.script("PATCH", ONE, reply)

    with pytest.raises(error):
        api.apply(thing(), "me")

    assert cache.get(ref()) is None


def test_an_answer_that_does_not_come_is_given_up(server, api):
    server.script("GET", ONE, Reply(lines=(), then="hold"))

    with pytest.raises(UnreachableError, match=r"cannot GET at the API server: it does not answer in time$"):
        api.within(0.2).fetch(ref())


def test_nothing_is_sent_twice(server, api):
    server.script("POST", NAMESPACED, refused(500))

    with pytest.raises(TransientError):
        api.create(thing())

    assert server.count("POST") == 1


def test_secrets_and_read_only_mappings_can_be_sent(server, api):
    server.script("PUT", ONE, Reply(thing()))

    api.replace({**thing(), "data": MappingProxyType({"password": SecretValue("open sesame")})})

    assert sent(server).body["data"] == {"password": "b3BlbiBzZXNhbWU="}


def test_what_is_not_json_is_not_sent(api):
    with pytest.raises(TypeError):
        api.create({**thing(), "spec": {1, 2}})


def test_items_of_a_list_know_their_kind(server, api):
    server.script("GET", THINGS, listed({"metadata": {"name": "a"}}, version="7", rest="more"))

    page = api.list_page(THING, limit=5)

    assert page.items == [{"apiVersion": "example.org/v1", "kind": "Thing", "metadata": {"name": "a"}}]
    assert (page.version, page.rest) == ("7", "more")
    assert sent(server).query == {"limit": "5"}


def test_every_request_is_told(server, connection):
    told = []
    api = KubeApi(connection, told=lambda verb, plural, code, took: told.append((verb, plural, code, took < 5)))
    server.script("GET", THINGS, listed())
    server.script("WATCH", THINGS, Reply(lines=()))

    api.list_page(THING)
    api.watch(THING, "1", silence=1.0, duration=5)
    api.fetch(ref())

    assert told == [
        ("GET", "", 200, True),
        ("LIST", "things", 200, True),
        ("WATCH", "things", 200, True),
        ("GET", "things", 404, True),
    ]


def test_where_a_kind_lives_is_known_of_what_is_served_only(server, api):
    assert api.is_namespaced(THING)
    assert not api.is_namespaced(Kind("v1", "Namespace"))

    server.script("GET", "/apis/example.org/v9", Reply({"resources": []}))
    with pytest.raises(AbsentError, match="serves no kind 'Unknown'"):
        api.is_namespaced(Kind("example.org/v9", "Unknown"))
