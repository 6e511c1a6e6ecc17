import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from crosshead.base.errors import AbsentError, TransientError
from crosshead.base.objects import Ref
from crosshead.base.values import Object
from crosshead.kube.client import KubeApi
from crosshead.kube.discovery import EVENT
from crosshead.kube.events import EventApi, EventRecorder
from crosshead.reconcilers.ports import Recorder
from tests.kube.fake_api_server import Reply
from tests.kube.things import thing
from tests.kube.waiting import eventually

NOON = datetime(2026, 1, 2, 12, 0, 0, tzinfo=UTC)
CLUSTER_SCOPED = {"apiVersion": "example.org/v1", "kind": "XThing", "metadata": {"name": "x", "uid": "uid-x"}}


class FakeEvents:
    """An API server's Events, which can be told to fail, or to take its time."""

    def __init__(self) -> None:
        self.created: list[Any] = []
        self.patched: list[tuple[Ref, Object]] = []
        self.failures: list[Exception] = []
        self.gone = False
        self.release = threading.Event()
        self.release.set()

    def create(self, obj: Object) -> Object:
        self.release.wait(5.0)
        if self.failures:
            raise self.failures.pop()
        self.created.append(obj)
        return obj

    def patch(self, ref: Ref, changes: Object, *, status: bool = False) -> Object:
        assert not status
        if self.gone:
            raise AbsentError("gone")
        self.patched.append((ref, changes))
        return {}


Hire = Callable[..., EventRecorder]


@pytest.fixture
def events() -> FakeEvents:
    return FakeEvents()


@pytest.fixture
def hire(events: FakeEvents) -> Iterator[Hire]:
    hired: list[EventRecorder] = []

    def start(**options: Any) -> EventRecorder:
        recorder = EventRecorder(events, now=lambda: NOON, **options)
        recorder.start()
        hired.append(recorder)
        return recorder

    yield start
    events.release.set()
    assert all(recorder.stop() for recorder in hired)


def test_an_event_says_what_happened_to_what_and_who_says_so(hire, events):
    hire().warning(thing(version="7"), "CannotCreate", "the bucket is taken")

    assert eventually(lambda: len(events.created) == 1)
    event = events.created[0]
    assert event["metadata"]["namespace"] == "team"
    assert event["metadata"]["name"].startswith("one.")
    assert event["involvedObject"] == {
        "apiVersion": "example.org/v1",
        "kind": "Thing",
        "name": "one",
        "namespace": "team",
        "uid": "uid-of-one",
        "resourceVersion": "7",
    }
    assert (event["type"], event["reason"], event["message"]) == ("Warning", "CannotCreate", "the bucket is taken")
    assert (event["count"], event["lastTimestamp"]) == (1, "2026-01-02T12:00:00Z")
    assert event["source"] == {"component": "crosshead"}


def test_cluster_scoped_objects_have_their_events_in_default(hire, events):
    hire().normal(CLUSTER_SCOPED, "Bound", "bound")

    assert eventually(lambda: len(events.created) == 1)
    assert events.created[0]["metadata"]["namespace"] == "default"
    assert events.created[0]["involvedObject"]["namespace"] == ""


@pytest.mark.parametrize(
    ("annotations", "expected"),
    [
        pytest.param({"crossplane.io/external-name": "vpc-1"}, {"external-name": "vpc-1"}, id="of what is out there"),
        pytest.param({"crossplane.io/paused": "true"}, None, id="of anything else"),
    ],
)
def test_an_event_says_what_its_object_stood_for(hire, events, annotations, expected):
    metadata = {**CLUSTER_SCOPED["metadata"], "annotations": annotations}
    hire().normal({**CLUSTER_SCOPED, "metadata": metadata}, "Reason", "text")

    assert eventually(lambda: len(events.created) == 1)
    assert events.created[0]["metadata"].get("annotations") == expected


def test_the_same_news_is_told_once(hire, events):
    recorder = hire()

    [recorder.normal(thing(), "Ready", "it is ready") for _ in range(20)]
    recorder.normal(thing(), "Ready", "it is ready again")

    assert eventually(lambda: len(events.created) == 2)
    assert events.patched == []


@pytest.mark.parametrize(
    "other",
    [
        pytest.param((thing("two"), "Ready", "m"), id="about another object"),
        pytest.param((thing(), "Bound", "m"), id="for another reason"),
        pytest.param((thing(), "Ready", "n"), id="in other words"),
    ],
)
def test_other_news_is_told(hire, events, other):
    recorder = hire()

    recorder.normal(thing(), "Ready", "m")
    recorder.normal(*other)

    assert eventually(lambda: len(events.created) == 2)


def test_news_that_is_repeated_for_long_is_counted(hire, events):
    recorder = hire(repeat=0.0)

    recorder.normal(thing(), "Ready", "m")
    recorder.normal(thing(), "Ready", "m")

    assert eventually(lambda: len(events.patched) == 1)
    ref, changes = events.patched[0]
    assert ref == Ref(EVENT, events.created[0]["metadata"]["name"], "team")
    assert changes == {"count": 2, "lastTimestamp": "2026-01-02T12:00:00Z"}


def test_news_whose_event_has_expired_is_told_anew(hire, events):
    recorder = hire(repeat=0.0)
    events.gone = True

    recorder.normal(thing(), "Ready", "m")
    recorder.normal(thing(), "Ready", "m")

    assert eventually(lambda: [event["count"] for event in events.created] == [1, 2])


def test_a_failure_loses_one_event_and_no_more(hire, events):
    events.failures = [TransientError("Unreachable", "no")]
    recorder = hire()

    recorder.normal(thing(), "Lost", "m")
    recorder.normal(thing(), "Told", "m")

    assert eventually(lambda: [event["reason"] for event in events.created] == ["Told"])


def test_a_bug_does_not_end_the_recorder(hire, events):
    events.failures = [ZeroDivisionError()]
    recorder = hire()

    recorder.normal({"no": "object"}, "Lost", "m")
    recorder.normal(thing(), "Lost", "m")
    recorder.normal(thing(), "Told", "m")

    assert eventually(lambda: [event["reason"] for event in events.created] == ["Told"])


def test_recording_never_blocks_and_what_is_too_much_is_dropped(hire, events):
    events.release.clear()
    recorder = hire()

    [recorder.normal(thing(), "Ready", str(number)) for number in range(1100)]

    assert 90 <= recorder.dropped <= 100


def test_a_flood_is_told_at_its_rate(hire, events):
    recorder = hire(rate=20.0, burst=3)

    [recorder.normal(thing(), "Ready", str(number)) for number in range(6)]

    assert eventually(lambda: len(events.created) >= 3)
    assert len(events.created) < 6
    assert eventually(lambda: len(events.created) == 6)


def test_stopping_tells_what_waits_without_keeping_to_the_rate(events):
    recorder = EventRecorder(events, rate=1.0, burst=1)
    recorder.start()
    [recorder.normal(thing(), "Ready", str(number)) for number in range(5)]

    assert recorder.stop(2.0)
    assert len(events.created) == 5


def test_who_has_never_begun_can_be_stopped(events):
    recorder = EventRecorder(events)

    assert recorder.stop()

    recorder.normal(thing(), "Made", "it was made")
    assert not recorder.stop()


def test_stopping_does_not_wait_for_an_api_server_that_hangs(events):
    events.release.clear()
    recorder = EventRecorder(events)
    recorder.start()
    recorder.normal(thing(), "Ready", "m")

    assert not recorder.stop(0.2)
    events.release.set()


def test_names_and_messages_fit(hire, events):
    hire().normal(thing("n" * 253), "Ready", "m" * 5000)

    assert eventually(lambda: len(events.created) == 1)
    assert len(events.created[0]["metadata"]["name"]) == 253
    assert len(events.created[0]["message"]) == 1024


def test_recorder_and_client_fit_together(server, api):
    port: EventApi = api
    recorder = EventRecorder(port)
    as_reconcilers_see_it: Recorder = recorder
    server.script("POST", "/api/v1/namespaces/team/events", Reply({"kind": "Event", "apiVersion": "v1"}))

    recorder.start()
    as_reconcilers_see_it.normal(thing(), "Ready", "m")

    assert recorder.stop()
    assert [(seen.method, seen.body["reason"]) for seen in server.seen] == [("POST", "Ready")]


@pytest.mark.control_plane
def test_a_real_api_server_takes_the_events(direct: KubeApi):
    recorder = EventRecorder(direct, repeat=0.0)
    namespaced = {**thing(), "metadata": {"name": "one", "namespace": "default", "uid": "u"}}
    recorder.start()

    recorder.normal(CLUSTER_SCOPED, "Bound", "told once")
    recorder.warning(namespaced, "Failed", "told twice")
    recorder.warning(namespaced, "Failed", "told twice")

    assert recorder.stop()
    told = {event["reason"]: event["count"] for event in direct.list_page(EVENT).items if "told" in event["message"]}
    assert told == {"Bound": 1, "Failed": 2}
