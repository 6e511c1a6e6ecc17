"""A claim and its composite."""

import pytest

from crosshead.base import conditions, objects
from crosshead.base.errors import NotReadyError, StalledError, TransientError
from crosshead.base.objects import Ref
from crosshead.reconcilers import claims
from tests.fake_cluster import FakeCluster
from tests.fakes import fake_world
from tests.reconcilers import manifests

CLAIM = Ref(manifests.CLAIM, "mine", "team")
FINALIZER = "finalizer.apiextensions.crossplane.io"


@pytest.fixture
def cluster():
    cluster = FakeCluster()
    cluster.seed(manifests.claim())
    return cluster


@pytest.fixture
def world(cluster):
    return fake_world(cluster)


def reconcile(world, xrd=None):
    return claims.reconcile(CLAIM, xrd or manifests.xrd(), world)


def bound(cluster):
    name = cluster.get(CLAIM)["spec"]["resourceRef"]["name"]
    return Ref(manifests.COMPOSITE, name)


def report(cluster, *news, **status):
    """Have the composite report *news*."""
    composite = cluster.get(bound(cluster))
    written = conditions.write(conditions.mark((), *news, now="2030-01-01T00:00:00Z"))
    cluster.patch(bound(cluster), {"status": {**status, "conditions": written}}, status=True)
    cluster.forget()
    return composite


def test_a_claim_gets_one_composite_that_is_as_it_declares(cluster, world):
    reconcile(world)

    composite = cluster.get(bound(cluster))
    assert composite["spec"]["size"] == "small"
    assert composite["spec"]["claimRef"] == {
        "apiVersion": "example.org/v1", "kind": "Thing", "namespace": "team", "name": "mine",
    }  # fmt: skip
    assert objects.labels(composite) == {
        "app": "shop", "crossplane.io/claim-name": "mine", "crossplane.io/claim-namespace": "team",
    }  # fmt: skip
    assert objects.finalizers(cluster.get(CLAIM)) == (FINALIZER,)
    assert [w.verb for w in cluster.writes] == ["patch", "apply"]


def test_a_claim_that_hears_nothing_of_its_composite_says_that_it_waits(cluster, world):
    assert reconcile(world) == 1.0
    world.clock.advance(2)

    reconcile(world)

    assert conditions.find(cluster.get(CLAIM), "Ready").reason == "Waiting"


def test_a_second_pass_writes_nothing(cluster, world):
    reconcile(world)
    cluster.forget()

    reconcile(world)

    assert cluster.writes == []


@pytest.mark.parametrize("fail_at", [1, 2])
@pytest.mark.parametrize("lost", [False, True], ids=["the write failed", "the answer was lost"])
def test_an_interrupted_pass_never_makes_a_second_composite(cluster, world, fail_at, lost):
    cluster.fail_at, cluster.lost = fail_at, lost
    with pytest.raises(TransientError):
        reconcile(world)

    reconcile(world)

    assert [objects.ref_of(c) for c in cluster.list(manifests.COMPOSITE)] == [bound(cluster)]


def test_what_the_claim_no_longer_says_goes_from_the_composite_too(cluster, world):
    reconcile(world)
    cluster.patch(CLAIM, {"spec": {"size": None}, "metadata": {"labels": {"app": None}}})

    reconcile(world)

    composite = cluster.get(bound(cluster))
    assert "size" not in composite["spec"]
    assert "app" not in objects.labels(composite)


def test_keys_of_kubectl_and_gitops_tools_are_not_propagated(cluster, world):
    cluster.patch(CLAIM, {"metadata": {"annotations": {
        "kubectl.kubernetes.io/last-applied-configuration": "{}", "argocd.argoproj.io/tracking-id": "x", "note": "1",
    }}})  # fmt: skip

    reconcile(world)

    assert objects.annotations(cluster.get(bound(cluster))) == {"note": "1"}


def test_readiness_and_status_come_back(cluster, world):
    reconcile(world)
    report(cluster, conditions.synced(), conditions.available(), address="here")

    reconcile(world)

    claim = cluster.get(CLAIM)
    assert conditions.is_true(claim, "Ready")
    assert claim["status"]["address"] == "here"


def test_status_that_the_composite_no_longer_has_goes_from_the_claim(cluster, world):
    reconcile(world)
    report(cluster, conditions.available(), a={"x": 1, "y": 2}, b=1)
    reconcile(world)
    cluster.patch(bound(cluster), {"status": {"a": {"y": None}, "b": None}}, status=True)

    reconcile(world)

    status = cluster.get(CLAIM)["status"]
    assert (status["a"], "b" in status) == ({"x": 1}, False)


def test_the_claim_says_what_its_composite_waits_for(cluster, world):
    reconcile(world)
    report(cluster, conditions.synced(), conditions.creating("Unready resources: cache, db"))
    reconcile(world)
    report(cluster, conditions.synced(), conditions.creating("Unready resources: db"))
    assert reconcile(world) == 1.0
    assert cluster.writes == []
    world.clock.advance(2)

    reconcile(world)

    ready = conditions.find(cluster.get(CLAIM), "Ready")
    assert (ready.reason, ready.message.endswith(": Unready resources: db")) == ("Waiting", True)


def test_the_choice_of_composition_comes_back(cluster, world):
    reconcile(world)
    changes = {"compositionRef": {"name": "c"}, "compositionRevisionRef": {"name": "c-1"}}
    cluster.patch(bound(cluster), {"spec": {**changes, "compositionUpdatePolicy": "Automatic"}})

    reconcile(world)

    spec = cluster.get(CLAIM)["spec"]
    assert {key: spec[key] for key in changes} == changes


def test_the_external_name_of_the_composite_comes_back_and_stays(cluster, world):
    reconcile(world)
    cluster.patch(bound(cluster), {"metadata": {"annotations": {"crossplane.io/external-name": "theirs"}}})
    reconcile(world)

    cluster.patch(CLAIM, {"metadata": {"annotations": {"crossplane.io/external-name": "ours"}}})
    reconcile(world)

    assert objects.annotations(cluster.get(bound(cluster)))["crossplane.io/external-name"] == "theirs"


def test_a_composite_of_another_claim_is_refused_with_a_sentence(cluster, world):
    theirs = {"apiVersion": "example.org/v1", "kind": "Thing", "namespace": "other", "name": "mine"}
    cluster.seed(manifests.composite("taken", claimRef=theirs))
    reference = {"apiVersion": "example.org/v1", "kind": "XThing", "name": "taken"}
    cluster.patch(CLAIM, {"spec": {"resourceRef": reference}})

    with pytest.raises(StalledError, match="bound to claim other/mine"):
        reconcile(world)

    assert conditions.find(cluster.get(CLAIM), "Synced").reason == "ReconcileError"
    assert cluster.get(Ref(manifests.COMPOSITE, "taken"))["spec"]["claimRef"] == theirs


def test_machinery_of_composites_in_a_permissive_claim_is_left_behind(cluster, world):
    cluster.patch(CLAIM, {"spec": {"resourceRefs": [{"kind": "Secret"}], "compositeDeletePolicy": "Background"}})

    reconcile(world)

    assert {"resourceRefs", "compositeDeletePolicy"} & set(cluster.get(bound(cluster))["spec"]) == set()


def test_a_paused_claim_is_left_alone(cluster, world):
    cluster.patch(CLAIM, {"metadata": {"annotations": {"crossplane.io/paused": "true"}}})

    reconcile(world)

    assert cluster.list(manifests.COMPOSITE) == []
    assert conditions.find(cluster.get(CLAIM), "Synced").reason == "ReconcilePaused"


def test_nothing_is_decided_before_the_composites_are_known(cluster, world):
    reconcile(world)
    cluster.unwatched.add(manifests.COMPOSITE)
    cluster.forget()

    with pytest.raises(NotReadyError, match="not watched yet"):
        reconcile(world)

    assert [w.verb for w in cluster.writes if not w.status] == []


def test_deleting_in_the_background_lets_the_claim_go_at_once(cluster, world):
    reconcile(world)
    composite = bound(cluster)
    cluster.patch(composite, {"metadata": {"finalizers": ["composite.apiextensions.crossplane.io"]}})
    cluster.delete(cluster.get(CLAIM))

    reconcile(world)

    assert cluster.get(CLAIM) is None
    assert objects.is_deleting(cluster.get(composite))


def test_deleting_in_the_foreground_waits_for_the_composite(cluster, world):
    cluster.patch(CLAIM, {"spec": {"compositeDeletePolicy": "Foreground"}})
    reconcile(world)
    composite = bound(cluster)
    cluster.patch(composite, {"metadata": {"finalizers": ["composite.apiextensions.crossplane.io"]}})
    cluster.delete(cluster.get(CLAIM))
    with pytest.raises(NotReadyError):
        reconcile(world)
    assert conditions.find(cluster.get(CLAIM), "Ready").reason == "Deleting"

    cluster.patch(composite, {"metadata": {"finalizers": []}})
    cluster.collect_garbage()
    reconcile(world)

    assert cluster.get(CLAIM) is None


def test_a_gone_claim_is_done(world, cluster):
    cluster.delete(cluster.get(CLAIM))

    assert reconcile(world) is None


def secret(name, namespace, owner, **data):
    return {
        "apiVersion": "v1", "kind": "Secret", "type": "connection.crossplane.io/v1alpha1",
        "metadata": {"name": name, "namespace": namespace, "ownerReferences": [objects.controller_reference(owner)]},
        "data": data,
    }  # fmt: skip


def test_the_connection_secret_reaches_the_claims_namespace(cluster, world):
    cluster.patch(CLAIM, {"spec": {"writeConnectionSecretToRef": {"name": "login"}}})
    reconcile(world)
    cluster.patch(bound(cluster), {"spec": {"writeConnectionSecretToRef": {"name": "s", "namespace": "system"}}})
    composite = report(cluster, conditions.available())
    cluster.seed(secret("s", "system", composite, host="aGk="))

    reconcile(world)

    copied = cluster.fetch(Ref(objects.Kind("v1", "Secret"), "login", "team"))
    assert (copied["data"], objects.controller(copied)["kind"]) == ({"host": "aGk="}, "Thing")
    assert cluster.get(CLAIM)["status"]["connectionDetails"]["lastPublishedTime"]


def test_a_secret_that_is_not_the_composites_is_never_copied(cluster, world):
    cluster.patch(CLAIM, {"spec": {"writeConnectionSecretToRef": {"name": "login"}}})
    reconcile(world)
    cluster.patch(bound(cluster), {"spec": {"writeConnectionSecretToRef": {"name": "s", "namespace": "system"}}})
    report(cluster, conditions.available())
    cluster.seed(
        secret("s", "system", {**manifests.composite("other"), "metadata": {"name": "o", "uid": "o"}}, host="aGk=")
    )

    with pytest.raises(StalledError, match="not controlled by the composite"):
        reconcile(world)

    assert cluster.fetch(Ref(objects.Kind("v1", "Secret"), "login", "team")) is None


def test_a_claim_that_was_refused_a_composite_leaves_it_alone_when_it_goes(cluster, world):
    theirs = {"apiVersion": "example.org/v1", "kind": "Thing", "namespace": "team", "name": "other"}
    cluster.seed(manifests.composite(claimRef=theirs))
    reference = {"apiVersion": "example.org/v1", "kind": "XThing", "name": "mine-xxxx1"}
    cluster.patch(CLAIM, {"spec": {"resourceRef": reference}, "metadata": {"finalizers": [FINALIZER]}})
    with pytest.raises(StalledError, match="refusing to operate"):
        reconcile(world)
    cluster.delete(cluster.get(CLAIM))

    reconcile(world)

    assert cluster.get(CLAIM) is None
    assert not objects.is_deleting(cluster.get(Ref(manifests.COMPOSITE, "mine-xxxx1")))


def test_a_composite_that_exists_already_can_be_claimed(cluster, world):
    cluster.seed(manifests.composite())
    reference = {"apiVersion": "example.org/v1", "kind": "XThing", "name": "mine-xxxx1"}
    cluster.patch(CLAIM, {"spec": {"resourceRef": reference, "size": "large"}})

    reconcile(world)

    composite = cluster.get(Ref(manifests.COMPOSITE, "mine-xxxx1"))
    assert (composite["spec"]["claimRef"]["name"], composite["spec"]["size"]) == ("mine", "large")


def test_the_reference_follows_the_version_of_the_composite(cluster, world):
    reconcile(world)
    cluster.patch(CLAIM, {"spec": {"resourceRef": {"apiVersion": "example.org/v0"}}})

    reconcile(world)

    assert cluster.get(CLAIM)["spec"]["resourceRef"]["apiVersion"] == "example.org/v1"


def test_a_field_that_the_api_server_drops_is_told_and_tried_again(cluster, world, monkeypatch):
    """One that has not caught up with a changed XRD does so, and says that all is well."""
    whole = cluster.apply

    def without_size(obj, owner, *, status=False):
        spec = {k: v for k, v in obj["spec"].items() if k != "size"}
        return whole({**obj, "spec": spec}, owner, status=status)

    monkeypatch.setattr(cluster, "apply", without_size)
    with pytest.raises(NotReadyError, match=r"did not take spec\.size"):
        reconcile(world)
    assert "spec.size" in conditions.find(cluster.get(CLAIM), "Synced").message

    monkeypatch.undo()
    reconcile(world)

    assert cluster.get(bound(cluster))["spec"]["size"] == "small"


def test_what_only_a_human_can_mend_is_told_at_once(cluster, world):
    """Nobody looks again soon: a sentence that was held back would be held back for a minute."""
    reconcile(world)
    report(cluster, conditions.sync_error("x"))
    reconcile(world)
    cluster.patch(CLAIM, {"status": {"conditions": conditions.write(
        conditions.mark((), conditions.sync_error("earlier"), now="2030-01-01T00:00:00Z"))}}, status=True)  # fmt: skip
    theirs = {"apiVersion": "example.org/v1", "kind": "Thing", "namespace": "team", "name": "other"}
    cluster.patch(bound(cluster), {"spec": {"claimRef": theirs}})

    with pytest.raises(StalledError):
        reconcile(world)

    assert "refusing" in conditions.find(cluster.get(CLAIM), "Synced").message
