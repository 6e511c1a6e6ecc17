"""A composite in Pipeline mode: functions say what should exist."""

from dataclasses import replace

import pytest

from crosshead.base import conditions, objects
from crosshead.base.errors import NotReadyError, StalledError
from crosshead.base.objects import Kind, Ref
from crosshead.compose.protocol import (
    Condition,
    Ready,
    Requirements,
    Resource,
    Result,
    SchemaSelector,
    Selector,
    Severity,
    State,
    Status,
    Target,
    respond,
)
from crosshead.reconcilers import composites, revisions
from crosshead.reconcilers.interests import Interests
from tests.fake_cluster import FakeCluster
from tests.fakes import FakeFunctions, fake_world
from tests.reconcilers import manifests

COMPOSITE = Ref(manifests.COMPOSITE, "mine-xxxx1")
CLAIM = Ref(manifests.CLAIM, "mine", "team")
COMPOSITION = Ref(manifests.COMPOSITION_KIND, "things")
CONFIG = Kind("v1", "ConfigMap")
SECRET = Kind("v1", "Secret")
SETTINGS = Selector("v1", "ConfigMap", match_labels={"for": "things"})


def nop(name, ready=Ready.TRUE, **fields):
    base = {"apiVersion": manifests.NOP.api_version, "kind": manifests.NOP.kind}
    return {name: Resource({**base, "spec": {"forProvider": {"fields": fields}}}, ready=ready)}


def desire(*resources, composite=None, **more):
    """Return a function that desires these resources and nothing else."""
    wanted = {name: one for each in resources for name, one in each.items()}
    return lambda request: replace(respond(request), desired=State(composite, wanted), **more)


@pytest.fixture
def functions():
    return FakeFunctions({"f": desire(nop("one"), nop("two", n=3.0))})


@pytest.fixture
def cluster():
    cluster = FakeCluster()
    claimed = {"apiVersion": "example.org/v1", "kind": "Thing", "name": "mine", "namespace": "team"}
    cluster.seed(manifests.claim(), manifests.composite(claimRef=claimed))
    pipeline = [{"step": "only", "functionRef": {"name": "f"}}]
    cluster.seed(manifests.composition(mode="Pipeline", pipeline=pipeline, resources=None))
    revisions.reconcile(COMPOSITION, fake_world(cluster))
    cluster.forget()
    return cluster


@pytest.fixture
def world(cluster, functions):
    return fake_world(cluster, functions=functions)


@pytest.fixture
def memory():
    return composites.Memory()


def reconcile(world, memory=None):
    return composites.reconcile(COMPOSITE, manifests.xrd(), memory or composites.Memory(), world)


def step_with(cluster, **more):
    """Change the only step."""
    cluster.patch(COMPOSITION, {"spec": {"pipeline": [{"step": "only", "functionRef": {"name": "f"}, **more}]}})
    revisions.reconcile(COMPOSITION, fake_world(cluster))


def composed(cluster):
    found = cluster.controlled_by(objects.uid(cluster.get(COMPOSITE)))
    return {
        objects.annotations(o)["crossplane.io/composition-resource-name"]: o for o in found if o["kind"] != "Secret"
    }


def condition(cluster, type):
    return conditions.find(cluster.get(COMPOSITE), type)


def test_what_the_functions_desire_exists_and_is_referred_to(cluster, world):
    reconcile(world)

    assert composed(cluster)["two"]["spec"]["forProvider"]["fields"] == {"n": 3}
    names = [r["name"] for r in objects.spec(cluster.get(COMPOSITE))["resourceRefs"]]
    assert names == sorted(objects.name(o) for o in composed(cluster).values())
    assert condition(cluster, "Ready").reason == "Available"


def test_a_second_pass_writes_nothing_and_shows_the_functions_what_exists(cluster, world, functions):
    reconcile(world)
    cluster.forget()

    reconcile(world)

    assert cluster.writes == []
    observed = functions.requests[-1].observed
    assert set(observed.resources) == {"one", "two"}
    assert "managedFields" not in observed.composite.resource["metadata"]


def test_what_a_function_no_longer_desires_is_deleted(cluster, world, functions):
    reconcile(world)
    functions.known["f"] = desire(nop("two"))

    reconcile(world)

    assert set(composed(cluster)) == {"two"}


def test_a_fatal_result_deletes_nothing_and_is_told(cluster, world, functions):
    reconcile(world)
    functions.known["f"] = desire(results=(Result(Severity.WARNING, "hm"), Result(Severity.FATAL, "no way")))

    with pytest.raises(StalledError):
        reconcile(world)

    assert set(composed(cluster)) == {"one", "two"}
    text = 'cannot compose resources: pipeline step "only" returned a fatal result: no way'
    assert condition(cluster, "Synced").message == text
    assert 'Pipeline step "only": hm' in [event.message for event in world.events.events]


def test_a_function_that_cannot_be_called_deletes_nothing(cluster, world, functions):
    reconcile(world)
    functions.known.clear()

    with pytest.raises(StalledError, match="there is no Function 'f'"):
        reconcile(world)

    assert set(composed(cluster)) == {"one", "two"}


def test_what_is_not_said_to_be_ready_is_not(cluster, world, functions):
    functions.known["f"] = desire(nop("one", Ready.UNSPECIFIED), nop("two", Ready.FALSE), nop("three"))

    reconcile(world)

    assert condition(cluster, "Ready").message == "Unready resources: one, two"


def test_the_status_is_what_the_functions_say_and_no_more_when_they_do_not(cluster, world, functions):
    functions.known["f"] = desire(composite=Resource({"status": {"a": 1.0, "deep": {"x": 1, "y": 2}}}))
    reconcile(world)
    assert cluster.get(COMPOSITE)["status"]["a"] == 1
    functions.known["f"] = desire(composite=Resource({"status": {"deep": {"x": 1}}}))

    reconcile(world)

    status = {k: v for k, v in cluster.get(COMPOSITE)["status"].items() if k != "conditions"}
    assert status == {"deep": {"x": 1}}


def test_results_are_events_and_those_for_the_claim_reach_it(world, functions):
    both = Result(Severity.NORMAL, "made it", "Made", Target.COMPOSITE_AND_CLAIM)
    functions.known["f"] = desire(results=(both, Result(Severity.WARNING, "beware")))

    reconcile(world)

    told = {(e.about, e.type, e.reason, e.message) for e in world.events.events}
    assert (COMPOSITE, "Normal", "Made", 'Pipeline step "only": made it') in told
    assert (CLAIM, "Normal", "Made", "made it") in told
    assert (COMPOSITE, "Warning", "ComposeResources", 'Pipeline step "only": beware') in told


def test_conditions_of_functions_are_shown_and_unknown_after_a_fatal_result(cluster, world, functions):
    fine = Condition("Fine", Status.TRUE, "Good", "all well", Target.COMPOSITE_AND_CLAIM)
    functions.known["f"] = desire(conditions=(fine, Condition("Ready", Status.FALSE, "Mine")))
    reconcile(world)
    assert condition(cluster, "Fine").message == "all well"
    assert condition(cluster, "Ready").reason == "Available"
    assert cluster.get(COMPOSITE)["status"]["claimConditionTypes"] == ["Fine"]
    functions.known["f"] = desire(results=(Result(Severity.FATAL, "no"),))

    with pytest.raises(StalledError):
        reconcile(world)

    assert (condition(cluster, "Fine").status, condition(cluster, "Fine").reason) == ("Unknown", "FatalError")


def test_connection_details_of_the_composite_are_published(cluster, world, functions):
    cluster.patch(COMPOSITE, {"spec": {"writeConnectionSecretToRef": {"name": "s", "namespace": "system"}}})
    functions.known["f"] = desire(composite=Resource({}, {"host": b"hi"}))

    reconcile(world)

    assert cluster.fetch(Ref(SECRET, "s", "system"))["data"] == {"host": "aGk="}
    reconcile(world)
    assert functions.requests[-1].observed.composite.connection_details == {"host": b"hi"}


def config(name, **labels):
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": "ns", "labels": labels}}


def test_a_function_gets_what_it_requires_and_its_composite_hears_of_changes(cluster, world, functions, memory):
    cluster.seed(config("a", **{"for": "things"}), config("b"))
    functions.known["f"] = desire(requirements=Requirements(resources={"settings": SETTINGS}))

    reconcile(world, memory)

    (found,) = functions.requests[-1].required_resources["settings"]
    assert objects.name(found.resource) == "a"
    assert CONFIG in world.watches.kinds
    assert list(memory.interests.interested(None, config("new", **{"for": "things"}))) == [COMPOSITE]
    assert list(memory.interests.interested(config("b"), None)) == []


def test_a_kind_that_is_not_listed_yet_is_waited_for(cluster, world, functions):
    cluster.unwatched.add(CONFIG)
    functions.known["f"] = desire(requirements=Requirements(resources={"settings": SETTINGS}))

    with pytest.raises(NotReadyError, match="ConfigMap in v1 is not served, or not listed yet"):
        reconcile(world)


@pytest.mark.parametrize(
    ("selector", "found"),
    [
        pytest.param(Selector("v1", "Secret", match_name="s", namespace="ns"), ["s"], id="a Secret that is there"),
        pytest.param(Selector("v1", "Secret", match_name="t", namespace="ns"), [], id="one that is not"),
    ],
)
def test_secrets_are_required_one_by_one(cluster, world, functions, selector, found):
    cluster.seed({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s", "namespace": "ns"}})
    functions.known["f"] = desire(requirements=Requirements(resources={"it": selector}))

    reconcile(world)

    assert [objects.name(r.resource) for r in functions.requests[-1].required_resources["it"]] == found


def test_secrets_cannot_be_required_by_label(world, functions):
    wanted = Selector("v1", "Secret", match_labels={})
    functions.known["f"] = desire(requirements=Requirements(resources={"it": wanted}))

    with pytest.raises(StalledError, match="by name and namespace"):
        reconcile(world)


def test_credentials_are_handed_over(cluster, world, functions):
    source = {"name": "login", "source": "Secret", "secretRef": {"namespace": "ns", "name": "s"}}
    step_with(cluster, credentials=[source])
    with pytest.raises(NotReadyError, match='cannot get credentials from secret "s"'):
        reconcile(world)
    cluster.seed(
        {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s", "namespace": "ns"}, "data": {"k": "djE="}}
    )

    reconcile(world)

    assert functions.requests[-1].credentials == {"login": {"k": b"v1"}}


def test_schemas_come_from_crds(cluster, world, functions):
    names = {"kind": "Fruit", "plural": "fruits"}
    versions = [{"name": "v1", "schema": {"openAPIV3Schema": {"type": "object"}}}]
    crd = {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "fruits.e.org"},
    }
    cluster.seed({**crd, "spec": {"group": "e.org", "names": names, "versions": versions}})
    wanted = {"fruit": SchemaSelector("e.org/v1", "Fruit"), "pod": SchemaSelector("v1", "Pod")}
    functions.known["f"] = desire(requirements=Requirements(schemas=wanted))

    reconcile(world)

    assert functions.requests[-1].required_schemas == {"fruit": {"type": "object"}, "pod": None}


def test_an_interest_ends_when_it_is_not_renewed():
    interests = Interests()
    interests.note(COMPOSITE, [Selector("v1", "ConfigMap", match_name="a", namespace="ns")])
    assert list(interests.interested(None, config("a"))) == [COMPOSITE]
    assert list(interests.interested(None, {**config("a"), "metadata": {"name": "a", "namespace": "else"}})) == []

    interests.note(COMPOSITE, [])

    assert list(interests.interested(None, config("a"))) == []


def test_an_invalid_name_is_told_and_holds_up_nobody(cluster, world, functions):
    broken = Resource({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "No_"}}, ready=Ready.TRUE)
    functions.known["f"] = desire(nop("one"), {"zero": broken})

    reconcile(world)

    assert set(composed(cluster)) == {"one"}
    assert 'invalid name "No_"' in condition(cluster, "Synced").message
