"""What a deleted object has left behind is taken over by the one in its place, if that is certain; else left alone."""

from dataclasses import replace

import pytest

from crosshead.base import objects
from crosshead.base.errors import NotReadyError, TransientError
from crosshead.base.objects import Kind, Ref
from crosshead.managed.external import Drift, Left
from tests.fakes import THING
from tests.reconcilers.managed_setup import BY_CLOUD, BY_US, EXTERNAL_NAME, FINALIZER, Setup, seed_kind

XDATABASE = Kind("platform.example.org/v1alpha1", "XDatabase")
XSTACK = Kind("platform.example.org/v1alpha1", "XStack")
CLAIM = {"apiVersion": "platform.example.org/v1alpha1", "kind": "Database", "namespace": "shop", "name": "orders"}
CALLED = "crossplane.io/composition-resource-name"
OLD = Left("thing-old", "gone-uid")


@pytest.fixture
def setup(request):
    """A composed managed resource, in a cloud that has kept what the former one has left."""
    setup = Setup(replace(getattr(request, "param", BY_CLOUD), heritable=True))
    setup.world = replace(setup.world, cluster="cluster")
    setup.external.things["thing-old"] = {"size": 1}
    setup.external.remains = (OLD,)
    return setup


BOTH = pytest.mark.parametrize("setup", [BY_US, BY_CLOUD], ids=["named by us", "named by the cloud"], indirect=True)


def compose(setup, **more):
    """Let a claim's composite compose the managed resource."""
    composite = seed_kind(setup.cluster, XDATABASE, "orders-abcde", spec={"claimRef": CLAIM})
    metadata = {"annotations": {CALLED: "db"}, "ownerReferences": [objects.controller_reference(composite)]}
    return setup.add(parameters={"size": 1}, metadata=metadata, **more)


def neighbour(setup, **metadata):
    return seed_kind(setup.cluster, THING, "neighbour", metadata=metadata, spec={"deletionPolicy": "Orphan"})


@BOTH
def test_what_was_left_is_taken_over(setup):
    compose(setup)

    setup.reconcile()

    assert setup.annotations[EXTERNAL_NAME] == "thing-old"
    assert (list(setup.external.things), setup.external.changes) == (["thing-old"], [])
    assert setup.shown("Ready")[0] == setup.shown("Synced")[0] == "True"
    assert setup.reasons == ["AdoptedExternalResource"]


@BOTH
def test_it_is_changed_to_what_is_declared_now(setup):
    setup.external.things["thing-old"] = {"size": 9}
    compose(setup)

    setup.reconcile()

    assert setup.external.things == {"thing-old": {"size": 1}}


@BOTH
def test_the_origin_leads_to_the_claim(setup):
    compose(setup)

    setup.reconcile()

    assert {one.origin for one in setup.external.declared} == {"cluster/Database.platform.example.org/shop/orders/db"}


def test_the_origin_of_what_composites_of_composites_compose_says_the_whole_way(setup):
    top = seed_kind(setup.cluster, XSTACK, "orders-abcde", spec={"claimRef": CLAIM})
    owner = {"annotations": {CALLED: "replica"}, "ownerReferences": [objects.controller_reference(top)]}
    inner = seed_kind(setup.cluster, XDATABASE, "orders-abcde-1", metadata=owner)
    metadata = {"annotations": {CALLED: "db"}, "ownerReferences": [objects.controller_reference(inner)]}
    setup.add(metadata=metadata)

    setup.reconcile()

    assert setup.external.declared[0].origin == "cluster/Database.platform.example.org/shop/orders/replica/db"


def test_what_stands_by_itself_comes_from_itself(setup):
    setup.add()

    setup.reconcile()

    assert setup.annotations[EXTERNAL_NAME] == "thing-old"
    assert setup.external.declared[0].origin == "cluster/Thing.example.aws.upbound.io//pear"


@BOTH
@pytest.mark.parametrize(
    "unknown",
    [
        pytest.param(lambda s: setattr(s, "world", replace(s.world, cluster="")), id="the cluster"),
        pytest.param(lambda s: s.cluster.objects.pop(Ref(XDATABASE, "orders-abcde")), id="the composite"),
        pytest.param(
            lambda s: s.cluster.patch(s.ref, {"metadata": {"annotations": {CALLED: None}}}), id="its place in it"
        ),
    ],
)
def test_without_an_origin_nothing_is_looked_for(setup, unknown):
    compose(setup)
    unknown(setup)

    setup.reconcile()

    assert setup.external.calls == ["observe", "create", "observe"]
    assert len(setup.external.things) == 2


def test_what_bears_its_objects_name_needs_no_search():
    setup = Setup(replace(BY_US, heritable=True))
    setup.world = replace(setup.world, cluster="cluster")
    setup.add()

    setup.reconcile()

    assert "left" not in setup.external.calls


@BOTH
def test_nor_does_what_has_a_name_already(setup):
    compose(setup)
    setup.cluster.patch(setup.ref, {"metadata": {"annotations": {EXTERNAL_NAME: "apple"}}})

    setup.reconcile()

    assert "left" not in setup.external.calls


@pytest.mark.parametrize(
    ("setup", "policies", "name"),
    [
        pytest.param(BY_US, ["Observe"], "pear", id="named by us"),
        pytest.param(BY_CLOUD, ["Observe"], "", id="named by the cloud"),
    ],
    indirect=["setup"],
)
def test_who_may_not_create_takes_nothing_over(setup, policies, name):
    compose(setup, managementPolicies=policies)

    with pytest.raises(NotReadyError, match="external resource does not exist"):
        setup.reconcile()

    assert setup.annotations.get(EXTERNAL_NAME, "") == name


class TestHeldByAnother:
    @BOTH
    @pytest.mark.parametrize(
        "metadata",
        [
            pytest.param({"uid": "gone-uid"}, id="it was made for it"),
            pytest.param({"annotations": {EXTERNAL_NAME: "thing-old"}}, id="it has its name"),
        ],
    )
    def test_it_stays_with_whom_it_belongs_to(self, setup, metadata):
        neighbour(setup, **metadata)
        compose(setup)

        setup.reconcile()

        assert setup.annotations[EXTERNAL_NAME] != "thing-old"
        assert setup.external.changes == ["create"]
        assert setup.reasons == ["CreatedExternalResource"]

    @BOTH
    def test_who_is_about_to_let_go_is_waited_for(self, setup):
        leaving = {"deletionTimestamp": "2030-01-01T00:00:00Z", "finalizers": [FINALIZER]}
        neighbour(setup, annotations={EXTERNAL_NAME: "thing-old"}, **leaving)
        compose(setup)

        with pytest.raises(NotReadyError, match="waiting for neighbour to let go of thing-old"):
            setup.reconcile()
        assert setup.external.changes == []

        setup.cluster.objects.pop(Ref(THING, "neighbour"))
        setup.reconcile()
        assert setup.annotations[EXTERNAL_NAME] == "thing-old"

    @pytest.mark.parametrize(
        "spec",
        [
            pytest.param({"deletionPolicy": "Delete"}, id="deletes it"),
            pytest.param({"managementPolicies": []}, id="is paused"),
            pytest.param({"managementPolicies": ["Delete"]}, id="has policies that make no sense"),
        ],
    )
    def test_who_goes_and_does_not_let_go_is_not_waited_for(self, setup, spec):
        leaving = {"deletionTimestamp": "2030-01-01T00:00:00Z", "finalizers": [FINALIZER]}
        seed_kind(setup.cluster, THING, "neighbour", metadata={"uid": "gone-uid", **leaving}, spec=spec)
        compose(setup)

        setup.reconcile()

        assert setup.external.changes == ["create"]

    def test_while_we_do_not_see_who_there_is_nothing_is_decided(self, setup):
        compose(setup)
        setup.cluster.is_synced = lambda _: False

        with pytest.raises(NotReadyError, match="whose thing-old is will be known in a moment"):
            setup.reconcile()

        assert setup.external.changes == []


class TestDoubtful:
    @BOTH
    def test_of_two_none_is_chosen(self, setup):
        setup.external.remains = (OLD, Left("thing-older", "another-uid"))
        compose(setup)

        setup.reconcile()

        assert setup.external.changes == ["create"]
        assert setup.world.events.events[0].message == (
            "Not taken over: thing-old, thing-older, left behind by an object that this one replaces "
            "(there is more than one); to take one over, set the annotation crossplane.io/external-name"
        )

    def test_what_cannot_become_what_is_declared_is_left(self, setup):
        setup.external.remains = (replace(OLD, immutable=(Drift("zone", "a", "b"),)),)
        compose(setup)

        setup.reconcile()

        assert setup.external.changes == ["create"]
        assert "thing-old, left behind" in setup.world.events.events[0].message
        assert "(spec.forProvider.zone cannot be changed)" in setup.world.events.events[0].message

    def test_a_second_one_that_does_not_fit_does_not_count(self, setup):
        setup.external.remains = (OLD, Left("thing-older", "another-uid", (Drift("zone", "a", "b"),)))
        compose(setup)

        setup.reconcile()

        assert setup.annotations[EXTERNAL_NAME] == "thing-old"

    def test_who_cannot_look_creates_nothing(self, setup):
        setup.external.failures["left"] = TransientError("Unavailable", "no answer")
        compose(setup)

        with pytest.raises(TransientError, match="observe failed: no answer"):
            setup.reconcile()

        assert setup.external.changes == []


class TestNamedByUs:
    @pytest.fixture
    def setup(self):
        setup = Setup(replace(BY_US, heritable=True))
        setup.world = replace(setup.world, cluster="cluster")
        return setup

    def test_when_nothing_was_left_it_gets_its_own_name(self, setup):
        compose(setup)

        setup.reconcile()

        assert (setup.annotations[EXTERNAL_NAME], list(setup.external.things)) == ("pear", ["pear"])

    def test_nobody_is_told_a_name_that_is_not_final(self, setup):
        setup.external.failures["left"] = TransientError("Unavailable", "no answer")
        compose(setup)

        with pytest.raises(TransientError):
            setup.reconcile()

        assert EXTERNAL_NAME not in setup.annotations
        assert objects.finalizers(setup.obj) == (FINALIZER,)

    def test_a_name_that_was_found_and_could_not_be_written_is_found_again(self, setup):
        setup.external.things["thing-old"] = {"size": 1}
        setup.external.remains = (OLD,)
        compose(setup)
        setup.cluster.fail_at = 2

        setup.reconcile()

        assert setup.annotations[EXTERNAL_NAME] == "thing-old"

    def test_who_is_deleted_before_it_has_a_name_leaves_nothing(self, setup):
        setup.external.failures["left"] = TransientError("Unavailable", "no answer")
        compose(setup)
        with pytest.raises(TransientError):
            setup.reconcile()
        setup.delete()

        setup.reconcile()

        assert (setup.external.changes, setup.ref in setup.cluster.objects) == ([], False)
