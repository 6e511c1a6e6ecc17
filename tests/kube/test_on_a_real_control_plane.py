"""Nothing missed, nothing stuck, no hot loop: the watches against a real API server, through a line that fails."""

import itertools
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from crosshead.base import names, objects
from crosshead.base.errors import AlreadyExistsError, ConflictError, InvalidObjectError, TransientError
from crosshead.base.objects import Kind, Ref
from crosshead.base.values import Object, SecretValue
from crosshead.devel.control_plane import ControlPlane
from crosshead.kube.cache import ObjectCache
from crosshead.kube.client import KubeApi
from crosshead.kube.connecting import Connection, connect
from crosshead.kube.discovery import CRD
from crosshead.kube.reflector import State, Timing
from crosshead.kube.shrinking import shrink
from crosshead.kube.watches import KindWatches
from tests.kube.proxy import Proxy, kubeconfig_through
from tests.kube.things import OPEN
from tests.kube.waiting import eventually, throughout

pytestmark = pytest.mark.control_plane

SWIFT = Timing(silence=2.0, lasting=1.0)
_numbers = itertools.count(1)


@dataclass
class Line:
    """An operator's view of the API server through a proxy, and what it was told of one kind."""

    proxy: Proxy
    connection: Connection
    api: KubeApi
    cache: ObjectCache
    watches: KindWatches
    kind: Kind
    told: list[str] = field(default_factory=list)
    requests: Counter[str] = field(default_factory=Counter)

    def names(self) -> list[str]:
        return [objects.name(obj) for obj in self.cache.list(self.kind)]

    def note(self, old: Object | None, new: Object | None) -> None:
        obj = new or old
        if obj is not None and objects.kind_of(obj) == self.kind:
            sign = "+" if old is None else "-" if new is None else "~"
            self.told.append(sign + objects.name(obj))


@pytest.fixture
def kind(direct: KubeApi) -> Kind:
    """A kind of its own for each test."""
    kind = Kind("example.org/v1", f"Thing{next(_numbers)}")
    direct.create(definition(kind))
    return kind


@pytest.fixture
def line(plane: ControlPlane, kind: Kind, tmp_path: Path) -> Iterator[Line]:
    """An operator that watches `kind` through a proxy."""
    with Proxy(urlsplit(plane.serving_url).port or 0) as proxy:
        connection = connect(kubeconfig_through(proxy, plane, tmp_path))
        cache = ObjectCache(shrink)
        requests: Counter[str] = Counter()
        api = KubeApi(connection, cache, told=lambda verb, *_: requests.update([verb]), timeout=5.0)
        line = Line(proxy, connection, api, cache, KindWatches(api, cache, SWIFT), kind, requests=requests)
        cache.subscribe(line.note)
        line.watches.start(kind)
        assert eventually(lambda: cache.is_synced(kind))
        yield line
        assert line.watches.stop_all(5.0)
        connection.close()


def definition(kind: Kind) -> dict[str, Any]:
    plural = f"{kind.kind.lower()}s"
    schema = {"type": "object", "properties": {"spec": {**OPEN, "properties": {"size": {"type": "integer"}}}}}
    version = {
        "name": "v1",
        "served": True,
        "storage": True,
        "subresources": {"status": {}},
        "schema": {"openAPIV3Schema": {**OPEN, **schema}},
    }
    return {
        "apiVersion": CRD.api_version,
        "kind": CRD.kind,
        "metadata": {"name": f"{plural}.{kind.group}"},
        "spec": {
            "group": kind.group,
            "scope": "Namespaced",
            "names": {
                "plural": plural,
                "singular": kind.kind.lower(),
                "kind": kind.kind,
                "listKind": f"{kind.kind}List",
            },
            "versions": [version],
        },
    }


def thing(kind: Kind, name: str, **spec: Any) -> dict[str, Any]:
    return {
        "apiVersion": kind.api_version,
        "kind": kind.kind,
        "metadata": {"name": name, "namespace": "default"},
        "spec": spec,
    }


def create(api: KubeApi, kind: Kind, *wanted: str) -> None:
    for name in wanted:
        api.create(thing(kind, name))


def delete(api: KubeApi, kind: Kind, *unwanted: str) -> None:
    for name in unwanted:
        api.delete(api.fetch(Ref(kind, name, "default")) or {})


def restart(plane: ControlPlane, while_down: Callable[[], None] = lambda: None) -> None:
    plane.stop_apiserver()
    while_down()
    plane.start_apiserver()


def test_what_changed_while_the_line_was_cut_is_told_when_it_is_back(line: Line, direct: KubeApi):
    create(direct, line.kind, "a", "b")
    assert eventually(lambda: line.names() == ["a", "b"])

    line.proxy.cut()
    delete(direct, line.kind, "a")
    direct.patch(Ref(line.kind, "b", "default"), {"spec": {"size": 2}})
    create(direct, line.kind, "c")
    time.sleep(1.0)
    line.proxy.restore()

    assert eventually(lambda: line.told == ["+a", "+b", "-a", "~b", "+c"])


def test_a_line_that_stays_cut_makes_nobody_spin(line: Line):
    line.proxy.cut()
    before = sum(line.watches.attempts().values())
    time.sleep(3.0)

    # Two watches with pauses of 0.2, 0.4, 0.8, 1.6 s, give or take half.
    assert sum(line.watches.attempts().values()) - before <= 16
    assert line.watches.is_healthy()
    assert set(line.watches.troubles()) == {CRD, line.kind}


def test_a_half_open_line_is_noticed_and_what_it_swallowed_is_told(line: Line, direct: KubeApi):
    create(direct, line.kind, "a")
    assert eventually(lambda: line.names() == ["a"])

    line.proxy.swallow()
    delete(direct, line.kind, "a")
    create(direct, line.kind, "b")
    assert throughout(lambda: line.names() == ["a"], 0.5)
    line.proxy.restore()

    assert eventually(lambda: line.told == ["+a", "-a", "+b"], within=10.0)


def test_deletions_around_a_restart_of_the_api_server_are_told(line: Line, direct: KubeApi, plane: ControlPlane):
    create(direct, line.kind, "a", "b", "c")
    assert eventually(lambda: line.names() == ["a", "b", "c"])

    line.proxy.cut()
    delete(direct, line.kind, "a")
    restart(plane)
    delete(direct, line.kind, "b")
    line.proxy.restore()

    assert eventually(lambda: line.names() == ["c"], within=20.0)
    assert sorted(line.told) == ["+a", "+b", "+c", "-a", "-b"]


def test_the_deletion_of_all_objects_around_a_restart_is_told(line: Line, direct: KubeApi, plane: ControlPlane):
    create(direct, line.kind, "a", "b")
    assert eventually(lambda: line.names() == ["a", "b"])

    line.proxy.cut()
    delete(direct, line.kind, "a")
    restart(plane)
    delete(direct, line.kind, "b")
    line.proxy.restore()

    assert eventually(lambda: line.told == ["+a", "+b", "-a", "-b"], within=20.0)


def test_a_crash_of_the_api_server_loses_nothing_and_forgets_nothing(line: Line, direct: KubeApi, plane: ControlPlane):
    """The API server says 404 of every custom resource while it starts: no object may be taken for gone."""
    create(direct, line.kind, "a")
    assert eventually(lambda: line.names() == ["a"])
    before = line.requests.total()

    plane.kill_apiserver()
    plane.start_apiserver()
    create(direct, line.kind, "b")

    assert eventually(lambda: line.names() == ["a", "b"], within=20.0)
    assert line.told == ["+a", "+b"]
    assert line.requests.total() - before < 100


def test_a_definition_deleted_and_created_again_ten_times_is_followed_each_time(
    line: Line, direct: KubeApi, kind: Kind
):
    before = line.requests.total()
    for round_ in range(10):
        create_when_served(direct, kind, f"r{round_}")
        assert eventually(lambda name=f"r{round_}": line.names() == [name], within=10.0)
        direct.delete(direct.fetch(Ref(CRD, objects.name(definition(kind)))) or {})
        assert eventually(lambda: line.names() == [], within=10.0)
        create_when_gone(direct, definition(kind))

    assert line.told == [sign + f"r{round_}" for round_ in range(10) for sign in "+-"]
    assert line.requests.total() - before < 400
    assert line.watches.is_healthy()


def create_when_served(api: KubeApi, kind: Kind, name: str) -> None:
    def created() -> bool:
        try:
            api.create(thing(kind, name))
        except (LookupError, TransientError):
            return False
        return True

    assert eventually(created, within=10.0)


def create_when_gone(api: KubeApi, crd: Object) -> None:
    def created() -> bool:
        try:
            api.create(crd)
        except AlreadyExistsError:
            return False
        return True

    assert eventually(created, within=20.0)


def test_a_kind_may_be_wanted_before_it_exists(line: Line, direct: KubeApi):
    late = Kind("example.org/v1", f"Thing{next(_numbers)}")
    line.watches.start(late)
    assert eventually(lambda: line.watches.states()[late] is State.WAITING)
    assert line.watches.all_synced()

    direct.create(definition(late))

    assert eventually(lambda: line.cache.is_synced(late))


def test_a_kind_that_is_stopped_is_forgotten_and_can_be_started_again(line: Line, direct: KubeApi):
    create(direct, line.kind, "a")
    assert eventually(lambda: line.names() == ["a"])

    line.watches.stop(line.kind)
    line.watches.stop(line.kind)

    assert line.names() == []
    assert not line.cache.is_synced(line.kind)
    line.watches.start(line.kind)
    assert eventually(lambda: line.names() == ["a"])


def test_at_rest_nothing_is_written_and_hardly_anything_asked(line: Line):
    assert eventually(lambda: set(line.watches.states().values()) == {State.WATCHING})
    before = Counter(line.requests)
    time.sleep(3.0)

    # Silent for two seconds, as these tests have it, each of the two watches begins anew; no list, no read, no write.
    assert line.requests["WATCH"] - before["WATCH"] <= 4
    assert {**line.requests, "WATCH": 0} == {**before, "WATCH": 0}


OWNER = names.CLAIM_OWNER


def test_what_an_apply_wrote_is_in_the_cache_at_once_with_our_fields_only(line: Line):
    line.api.apply(thing(line.kind, "a", size=1), OWNER)

    seen = line.cache.get(Ref(line.kind, "a", "default"))

    assert objects.spec(seen or {}) == {"size": 1}
    assert [entry["manager"] for entry in objects.metadata(seen or {})["managedFields"]] == [OWNER]


def test_a_status_is_applied_under_an_owner_of_its_own(line: Line):
    applied = line.api.apply(thing(line.kind, "a", size=1), OWNER)

    line.api.apply({**identity(applied), "status": {"ok": True}}, OWNER, status=True)
    without = line.api.apply({**identity(applied), "spec": {"other": 1}}, OWNER)

    assert objects.status(without) == {"ok": True}
    assert objects.spec(without) == {"other": 1}


def identity(obj: Object) -> dict[str, Any]:
    meta = {key: obj["metadata"][key] for key in ("name", "namespace", "uid")}
    return {"apiVersion": obj["apiVersion"], "kind": obj["kind"], "metadata": meta}


def test_an_apply_with_the_uid_of_what_is_gone_creates_nothing(line: Line):
    applied = line.api.apply(thing(line.kind, "a"), OWNER)
    line.api.delete(applied)

    with pytest.raises(ConflictError, match="uid mismatch"):
        line.api.apply({**identity(applied), "spec": {}}, OWNER)

    assert line.api.fetch(Ref(line.kind, "a", "default")) is None


def test_deleting_takes_the_object_out_of_the_cache_at_once(line: Line):
    applied = line.api.apply(thing(line.kind, "a"), OWNER)

    line.api.delete(applied)

    assert line.names() == []
    assert throughout(lambda: line.told == ["+a", "-a"], 0.3)


def test_deleting_what_is_gone_or_has_been_replaced_is_success(line: Line, direct: KubeApi):
    first = line.api.apply(thing(line.kind, "a"), OWNER)
    line.api.delete(first)
    line.api.delete(first)
    second = direct.create(thing(line.kind, "a"))

    line.api.delete(first)

    assert direct.fetch(Ref(line.kind, "a", "default")) == second


def test_a_finalizer_holds_an_object_back_and_its_removal_ends_it_at_once(line: Line):
    held = thing(line.kind, "a")
    held["metadata"]["finalizers"] = ["example.org/held"]
    created = line.api.create(held)

    line.api.delete(created)
    assert objects.is_deleting(line.cache.get(Ref(line.kind, "a", "default")) or {})
    line.api.patch(Ref(line.kind, "a", "default"), {"metadata": {"finalizers": None}})

    assert line.names() == []
    assert throughout(lambda: line.told == ["+a", "~a", "-a"], 0.3)


def test_a_foreground_deletion_leaves_the_object_to_the_garbage_collector(line: Line):
    owner = line.api.create(thing(line.kind, "a"))

    line.api.delete(owner, foreground=True)

    seen = line.cache.get(Ref(line.kind, "a", "default")) or {}
    assert objects.is_deleting(seen)
    assert objects.finalizers(seen) == ("foregroundDeletion",)


def test_the_api_servers_complaint_about_the_content_is_kept(line: Line):
    with pytest.raises(InvalidObjectError, match=r"spec\.size: Invalid value: \"string\""):
        line.api.create(thing(line.kind, "a", size="big"))


def test_an_apply_that_the_schema_does_not_allow_is_a_matter_for_a_human(line: Line):
    with pytest.raises(InvalidObjectError, match=r"\.spec\.size: expected numeric"):
        line.api.apply(thing(line.kind, "a", size="big"), OWNER)


def test_a_stale_replace_is_a_conflict(line: Line):
    created = line.api.create(thing(line.kind, "a"))
    line.api.patch(Ref(line.kind, "a", "default"), {"spec": {"size": 1}})

    with pytest.raises(ConflictError):
        line.api.replace({**created, "spec": {"size": 2}})


def test_a_secret_is_revealed_to_the_api_server_only_and_never_cached(line: Line, direct: KubeApi):
    where = Ref(Kind("v1", "Secret"), f"secret-{next(_numbers)}", "default")
    secret = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": where.name, "namespace": "default"},
        "data": {"password": SecretValue("open sesame")},
    }

    line.api.create(secret)

    assert (direct.fetch(where) or {})["data"] == {"password": "b3BlbiBzZXNhbWU="}
    assert line.cache.get(where) is None
