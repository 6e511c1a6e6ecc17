"""A composite at rest costs nothing, and whatever its last pass has looked at wakes it."""

import math
from dataclasses import replace

import pytest

from crosshead.base import conditions, objects
from crosshead.base.errors import InvalidObjectError, NotReadyError, StalledError
from crosshead.base.objects import Kind, Ref
from crosshead.compose import rendering
from crosshead.compose.protocol import Ready, Requirements, Resource, SchemaSelector, Selector, State, respond
from crosshead.definitions.packages import FUNCTION, FUNCTION_REVISION, PACKAGE_LABEL
from crosshead.reconcilers import composites, looking, revisions
from crosshead.reconcilers.looking import Notes
from crosshead.reconcilers.remembered import Remembered
from tests.fake_cluster import FakeCluster
from tests.fakes import FakeFunctions, fake_world
from tests.reconcilers import manifests

COMPOSITE = Ref(manifests.COMPOSITE, "mine-xxxx1")
COMPOSITION = Ref(manifests.COMPOSITION_KIND, "things")
XRD = Ref(manifests.XRD_KIND, "xthings.example.org")
SETTINGS = Ref(Kind("v1", "ConfigMap"), "settings", "ns")
PASSWORD = Ref(Kind("v1", "Secret"), "password", "ns")
FRUITS = Ref(manifests.CRD_KIND, "fruits.example.org")
PAUSED = {"metadata": {"annotations": {"crossplane.io/paused": "true"}}}


class Composing:
    """A composite that is composed whenever it must be; *renderings* counts."""

    def __init__(self, cluster, functions=None):
        self.cluster, self.renderings = cluster, 0
        self.world = fake_world(cluster, functions=functions)
        self.memory = composites.Memory()

    def reconcile(self):
        return composites.reconcile(COMPOSITE, self.cluster.get(XRD), self.memory, self.world)

    def settle(self):
        """Reconcile until nothing is written, as the queue does with the news that writes are."""
        written = -1
        while written != len(self.cluster.writes):
            written = len(self.cluster.writes)
            again = self.reconcile()
        self.renderings = 0
        self.cluster.forget()
        return again


def seed(composition):
    cluster = FakeCluster()
    function = {"apiVersion": FUNCTION.api_version, "kind": FUNCTION.kind, "metadata": {"name": "f"}}
    labels = {"name": "f-1", "labels": {PACKAGE_LABEL: "f"}}
    cluster.seed(
        manifests.xrd(), manifests.composite(), composition, config("settings"), function,
        {"apiVersion": FUNCTION_REVISION.api_version, "kind": FUNCTION_REVISION.kind, "metadata": labels},
    )  # fmt: skip
    revisions.reconcile(COMPOSITION, fake_world(cluster))
    return cluster


def config(name, **labels):
    labels = {"for": "things", **labels}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": "ns", "labels": labels}}


@pytest.fixture
def resources(monkeypatch):
    """A composite in Resources mode."""
    composing = Composing(seed(manifests.composition()))
    render = rendering.render

    def counting(*arguments):
        composing.renderings += 1
        return render(*arguments)

    monkeypatch.setattr(rendering, "render", counting)
    return composing


def answering(ttl=math.inf, composed="nop.crossplane.io/v1alpha1 NopResource", **more):
    """Return a composite in Pipeline mode, whose function requires something."""
    api_version, kind = composed.split()
    place = {} if kind == "NopResource" else {"metadata": {"namespace": "ns"}}
    one = Resource({"apiVersion": api_version, "kind": kind, **place}, ready=Ready.TRUE)
    requirements = Requirements(
        resources={
            "by label": Selector("v1", "ConfigMap", match_labels={"for": "things"}),
            "by name": Selector("v1", "ConfigMap", match_name="settings", namespace="ns"),
        }
    )

    def function(request):
        composing.renderings += not request.required_resources
        answer = {"requirements": requirements, **more}
        return replace(respond(request, ttl), desired=State(resources={"one": one}), **answer)

    pipeline = [{"step": "only", "functionRef": {"name": "f"}}]
    cluster = seed(manifests.composition(mode="Pipeline", pipeline=pipeline, resources=None))
    composing = Composing(cluster, FakeFunctions({"f": function}))
    return composing


@pytest.fixture
def pipeline():
    return answering()


def composed(cluster):
    return next(objects.ref_of(obj) for obj in cluster.list(manifests.NOP))


def report(cluster, status):
    cluster.patch(composed(cluster), {"status": status}, status=True)


def revise(cluster):
    cluster.patch(COMPOSITION, {"spec": {"resources": [manifests.nop_template("one")]}})
    revisions.reconcile(COMPOSITION, fake_world(cluster))


def resume(cluster):
    """Pause it, which is no pass, and let it go on."""
    cluster.patch(COMPOSITE, PAUSED)
    cluster.patch(COMPOSITE, {"metadata": {"annotations": {"crossplane.io/paused": None}}})


CHANGES = [
    pytest.param(lambda c: c.patch(COMPOSITE, {"spec": {"size": "large"}}), id="its spec"),
    pytest.param(lambda c: c.patch(COMPOSITE, {"metadata": {"labels": {"a": "b"}}}), id="its labels"),
    pytest.param(lambda c: c.patch(COMPOSITE, {"metadata": {"finalizers": []}}), id="its finalizers"),
    pytest.param(lambda c: c.patch(COMPOSITE, {"status": {"conditions": []}}, status=True), id="its status"),
    pytest.param(resume, id="a pause"),
    pytest.param(revise, id="a new revision"),
    pytest.param(lambda c: c.patch(COMPOSITION, {"metadata": {"labels": {"a": "b"}}}), id="labels of the composition"),
    pytest.param(lambda c: c.patch(XRD, {"spec": {"connectionSecretKeys": ["a"]}}), id="its definition"),
    pytest.param(lambda c: report(c, {"atProvider": {"seen": "yes"}}), id="what a composed resource reports"),
    pytest.param(lambda c: c.patch(composed(c), {"spec": {"forProvider": {"fields": None}}}), id="drift"),
    pytest.param(lambda c: c.patch(composed(c), {"metadata": {"ownerReferences": []}}), id="a lost owner"),
    pytest.param(lambda c: c.delete(c.get(composed(c))), id="a composed resource is gone"),
    pytest.param(lambda c: c.unwatched.add(manifests.NOP), id="the kind of a composed resource is not listed"),
]


def test_a_composite_at_rest_is_not_rendered(resources):
    assert resources.settle() is None

    assert (resources.reconcile(), resources.renderings, resources.cluster.reads) == (None, 0, [])


def test_a_pipeline_at_rest_calls_no_function(pipeline):
    assert pipeline.settle() is None

    assert (pipeline.reconcile(), pipeline.renderings, pipeline.cluster.reads) == (None, 0, [])


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_a_composite_depends_on_has_it_rendered(resources, change):
    resources.settle()
    change(resources.cluster)

    resources.reconcile()

    assert resources.renderings == 1


@pytest.mark.parametrize(
    "change",
    [
        *CHANGES,
        pytest.param(lambda c: c.patch(SETTINGS, {"data": {"a": "b"}}), id="what a function has required"),
        pytest.param(lambda c: c.delete(c.get(SETTINGS)), id="what a function has required is gone"),
        pytest.param(lambda c: c.seed(config("more")), id="more of what a function has required"),
        pytest.param(lambda c: c.patch(Ref(FUNCTION, "f"), {"spec": {"package": "p:2"}}), id="the function's package"),
        pytest.param(
            lambda c: c.patch(Ref(FUNCTION_REVISION, "f-1"), {"status": {"endpoint": "e"}}, status=True),
            id="where the function runs",
        ),
    ],
)
def test_whatever_a_pipeline_depends_on_has_its_functions_called(pipeline, change):
    pipeline.settle()
    change(pipeline.cluster)

    pipeline.reconcile()

    assert pipeline.renderings == 1


def test_a_composition_that_goes_is_missed(resources):
    resources.settle()
    resources.cluster.delete(resources.cluster.get(COMPOSITION))

    with pytest.raises(NotReadyError):
        resources.reconcile()


def test_a_pause_is_told_though_nothing_else_is_done(resources):
    resources.settle()
    resources.cluster.patch(COMPOSITE, PAUSED)

    resources.reconcile()

    assert conditions.find(resources.cluster.get(COMPOSITE), "Synced").reason == "ReconcilePaused"
    assert resources.renderings == 0


def test_drift_is_still_put_right(resources):
    resources.settle()
    ref = composed(resources.cluster)
    resources.cluster.patch(ref, {"spec": {"forProvider": {"fields": {"size": "wrong"}}}})

    resources.reconcile()

    assert resources.cluster.get(ref)["spec"]["forProvider"]["fields"]["size"] == "small"


def test_a_pass_that_had_to_write_is_followed_by_one_that_looks_whether_that_was_all(resources):
    resources.reconcile()

    resources.reconcile()

    assert resources.renderings == 2


def test_news_that_wait_for_their_time_are_not_taken_for_rest(resources):
    resources.settle()
    written = conditions.write(conditions.mark((), conditions.available(), now="2030-01-01T00:00:00Z"))
    report(resources.cluster, {"conditions": written})

    assert resources.reconcile() == 1.0
    resources.world.clock.advance(2)
    resources.reconcile()

    assert conditions.find(resources.cluster.get(COMPOSITE), "Ready").message == "Unready resources: two"


def test_a_pass_that_failed_is_done_again(resources):
    resources.settle()
    resources.cluster.patch(COMPOSITION, {"spec": {"resources": [{"name": "no base"}]}})
    revisions.reconcile(COMPOSITION, resources.world)
    resources.world.clock.advance(5)

    for _ in range(3):
        with pytest.raises(StalledError):
            resources.reconcile()


def test_what_was_refused_is_tried_in_every_pass(resources):
    resources.cluster.refusals[manifests.NOP] = InvalidObjectError("Invalid", "spec.x: Required value")
    resources.reconcile()
    resources.reconcile()
    resources.cluster.forget()

    resources.reconcile()

    assert [write.verb for write in resources.cluster.writes] == ["apply", "apply"]


@pytest.mark.parametrize(
    ("more", "composed"),
    [
        pytest.param({}, "v1 Secret", id="a composed Secret"),
        pytest.param(
            {"requirements": Requirements(resources={"it": Selector("v1", "Secret", "password", None, "ns")})},
            "v1 ConfigMap",
            id="a required Secret",
        ),
        pytest.param({"ttl": None}, "v1 ConfigMap", id="an answer without a time to live"),
        pytest.param({"ttl": 0.0}, "v1 ConfigMap", id="an answer that is not to be kept"),
        pytest.param({"ttl": -5.0}, "v1 ConfigMap", id="an answer from the past"),
    ],
)
def test_what_nobody_watches_is_looked_at_in_every_pass(more, composed):
    composing = answering(composed=composed, **more)
    composing.cluster.unwatched.add(PASSWORD.kind)
    composing.settle()

    composing.reconcile()

    assert composing.renderings == 1


@pytest.mark.parametrize("ttl", [None, 0.0, -5.0, math.inf])
def test_without_a_time_to_live_nobody_asks_again(ttl):
    assert answering(ttl).settle() is None


@pytest.mark.parametrize(
    ("ttl", "again"),
    [
        pytest.param(60.0, 60.0, id="the default of the SDKs"),
        pytest.param(0.001, 1.0, id="so short that it would be a hot loop"),
    ],
)
def test_functions_are_asked_again_when_their_answer_has_outlived_its_time(ttl, again):
    composing = answering(ttl)

    assert composing.settle() == again
    composing.world.clock.advance(again / 4)
    assert (composing.reconcile(), composing.renderings) == (again * 3 / 4, 0)
    composing.world.clock.advance(again)
    assert (composing.reconcile(), composing.renderings) == (again, 1)


def test_people_may_ask_for_looks_at_an_interval(resources):
    interval = {"metadata": {"annotations": {"crossplane.io/poll-interval": "30s"}}}
    resources.cluster.patch(COMPOSITE, interval)

    assert resources.settle() == 30.0
    resources.world.clock.advance(30)
    assert (resources.reconcile(), resources.renderings) == (30.0, 1)


def test_a_required_schema_is_read_again_only_when_its_definition_has_changed():
    wanted = Requirements(schemas={"fruit": SchemaSelector("example.org/v1", "Fruit")})
    composing = answering(requirements=wanted)
    spec = {"group": "example.org", "names": {"kind": "Fruit"}, "versions": [{"name": "v1", "schema": {}}]}
    meta = {"metadata": {"name": FRUITS.name}, "apiVersion": FRUITS.kind.api_version, "kind": FRUITS.kind.kind}
    composing.cluster.seed({**meta, "spec": spec})
    composing.settle()

    composing.reconcile()
    assert composing.renderings == 0

    composing.cluster.patch(FRUITS, {"spec": {"scope": "Cluster"}})
    composing.reconcile()
    assert composing.renderings > 0


@pytest.mark.parametrize("go", [lambda c: c.objects.pop(COMPOSITE), lambda c: c.delete(c.get(COMPOSITE))])
def test_a_composite_that_goes_is_forgotten(pipeline, go):
    pipeline.settle()
    assert list(pipeline.memory.interests.interested(None, config("new")))
    go(pipeline.cluster)

    pipeline.reconcile()
    pipeline.reconcile()

    assert len(pipeline.memory.remembered) == 0
    assert list(pipeline.memory.interests.interested(None, config("new"))) == []


def test_its_functions_wake_a_composite(pipeline):
    pipeline.settle()

    woken = pipeline.memory.interests.interested(None, pipeline.cluster.get(Ref(FUNCTION_REVISION, "f-1")))

    assert list(woken) == [COMPOSITE]


def test_of_too_many_the_oldest_are_forgotten():
    remembered, world = Remembered(most=2), fake_world(FakeCluster())
    some = [replace(COMPOSITE, name=name) for name in "abc"]

    for ref in some:
        remembered.note(ref, Notes(), None)

    assert [remembered.find(ref, world) is not None for ref in some] == [False, True, True]


def test_what_changes_on_the_way_is_not_relied_on():
    notes = Notes()

    notes.note(COMPOSITE, "one")
    notes.note(COMPOSITE, "two")

    assert notes.blind


@pytest.mark.parametrize(
    "write",
    [
        pytest.param(lambda api: api.create(config("new")), id="create"),
        pytest.param(lambda api: api.replace(config("settings")), id="replace"),
        pytest.param(lambda api: api.apply(config("new"), "me"), id="apply"),
        pytest.param(lambda api: api.patch(SETTINGS, {}), id="patch"),
        pytest.param(lambda api: api.delete(config("settings")), id="delete"),
    ],
)
def test_every_write_is_noted_and_done(write):
    notes, cluster = Notes(), FakeCluster()
    cluster.seed(config("settings"))

    write(looking.noting(fake_world(cluster), notes).api)

    assert notes.wrote
    assert len(cluster.writes) == 1


def test_everything_asked_of_the_cache_is_noted_and_answered():
    notes, cluster = Notes(), FakeCluster()
    (settings,) = cluster.seed(config("settings"))
    cache = looking.noting(fake_world(cluster), notes).cache

    assert cache.get(SETTINGS) == settings
    assert cache.list(SETTINGS.kind, "ns") == [settings]
    assert cache.controlled_by("nobody") == []
    assert cache.is_synced(SETTINGS.kind)

    assert {at: looking.look(at, cluster) for at in notes.seen} == notes.seen
    assert len(notes.seen) == 4


def test_compositions_that_it_has_not_chosen_do_not_matter(resources):
    resources.settle()
    resources.cluster.seed(manifests.composition(name="others"))

    resources.reconcile()

    assert resources.renderings == 0
