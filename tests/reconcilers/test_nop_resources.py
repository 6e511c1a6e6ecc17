"""A NopResource costs what a managed resource must cost, and nothing else."""

import pytest

from crosshead.base import conditions
from crosshead.base.errors import StalledError
from crosshead.base.objects import Kind, Ref
from crosshead.reconcilers import managed
from crosshead.reconcilers.managed_memory import Memory
from crosshead.reconcilers.nop import NOP_RESOURCE, NopProvider
from crosshead.reconcilers.providers import Providers
from tests.fakes import THING, FakeCluster, FakeProvider, fake_world

REF = Ref(NOP_RESOURCE, "pear")
AT_ONCE = {"time": "0s", "conditionType": "Ready", "conditionStatus": "True", "conditionReason": "Available"}
LATER = {"time": "10s", "conditionType": "Ready", "conditionStatus": "False", "conditionReason": "Unavailable"}


class Nops:
    """One NopResource, and the process that reconciles it."""

    def __init__(self, *entries, **spec):
        self.cluster = FakeCluster()
        self.start()
        parameters = {"conditionAfter": list(entries), "fields": {"a": 1}}
        body = {"apiVersion": REF.kind.api_version, "kind": REF.kind.kind, "metadata": {"name": "pear"}}
        self.cluster.create({**body, "spec": {"forProvider": parameters, **spec}})
        self.cluster.forget()

    def start(self):
        self.world = fake_world(self.cluster, NopProvider(self.cluster.clock, self.cluster))

    def reconcile(self):
        return managed.reconcile(REF, Memory(), self.world)

    @property
    def ready(self):
        return conditions.find(self.cluster.objects[REF], "Ready").reason


def test_from_creation_to_ready_are_two_writes_and_an_event():
    nops = Nops(AT_ONCE)

    nops.reconcile()
    nops.reconcile()

    assert nops.ready == "Available"
    assert len(nops.cluster.writes) == 2
    assert nops.cluster.reads == []
    assert nops.world.events.reasons == ["CreatedExternalResource"]
    assert nops.cluster.objects[REF]["status"]["atProvider"] == {"fields": {"a": 1}}


def test_its_deletion_is_one_write_and_an_event():
    nops = Nops(AT_ONCE)
    nops.reconcile()
    nops.cluster.delete(nops.cluster.objects[REF])
    nops.cluster.forget()

    assert nops.reconcile() is None

    assert nops.cluster.objects == {}
    assert len(nops.cluster.writes) == 1
    assert nops.world.events.reasons == ["CreatedExternalResource", "DeletedExternalResource"]


def test_a_restart_changes_nothing():
    nops = Nops(AT_ONCE)
    nops.reconcile()
    nops.cluster.forget()
    nops.start()

    nops.reconcile()

    assert nops.cluster.writes == []
    assert nops.world.events.reasons == []


def test_it_is_looked_at_when_its_next_condition_is_due():
    nops = Nops(AT_ONCE, LATER)

    assert nops.reconcile() == 10
    nops.cluster.clock.advance(10)
    assert nops.reconcile() == 600

    assert nops.ready == "Unavailable"


def test_it_is_created_until_a_condition_says_otherwise():
    nops = Nops(LATER)

    nops.reconcile()

    assert nops.ready == "Creating"


def test_other_conditions_are_shown_too():
    nops = Nops(
        {**AT_ONCE, "conditionType": "Healthy"}, {**AT_ONCE, "conditionType": "Synced", "conditionStatus": "False"}
    )

    nops.reconcile()

    shown = {condition.type: condition.status for condition in conditions.read(nops.cluster.objects[REF])}
    assert shown == {"Healthy": "True", "Ready": "False", "Synced": "True"}


def test_a_time_that_is_none_is_told():
    nops = Nops({**AT_ONCE, "time": "soon"})

    with pytest.raises(StalledError):
        nops.reconcile()

    message = conditions.find(nops.cluster.objects[REF], "Synced").message
    assert message.startswith("observe failed: spec.forProvider.conditionAfter[0].time: 'soon' is not a duration")


def test_an_orphan_is_let_go_without_an_event():
    nops = Nops(AT_ONCE, deletionPolicy="Orphan")
    nops.reconcile()
    nops.cluster.delete(nops.cluster.objects[REF])

    nops.reconcile()

    assert nops.cluster.objects == {}
    assert nops.world.events.reasons == ["CreatedExternalResource"]


def test_it_remembers_only_so_many():
    provider = NopProvider(FakeCluster().clock, FakeCluster())

    [provider._remember(f"uid-{number}", exists=True) for number in range(10_001)]

    assert len(provider.made) == 10_000
    assert "uid-0" not in provider.made


class TestProviders:
    @pytest.fixture
    def several(self):
        cluster = FakeCluster()
        return Providers((FakeProvider(), NopProvider(cluster.clock, cluster)))

    def test_each_kind_is_served_by_who_knows_it(self, several):
        assert several.facts(THING).kind == THING
        assert several.facts(NOP_RESOURCE).kind == NOP_RESOURCE
        assert several.facts(Kind("v1", "Pod")) is None
        assert several.connect(NOP_RESOURCE, {}, {}, {}) is several.served[1]

    def test_what_nobody_serves_cannot_be_connected_to(self, several):
        with pytest.raises(StalledError, match="no provider serves Pod"):
            several.connect(Kind("v1", "Pod"), {}, {}, {})
