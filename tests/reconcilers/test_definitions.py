"""An XRD and the CRDs it makes."""

import copy

import pytest

from crosshead.base import conditions, objects
from crosshead.base.errors import AlreadyExistsError, ConflictError, ForbiddenError, NotReadyError, StalledError
from crosshead.base.objects import Kind, Ref
from crosshead.reconcilers import definitions
from tests.fake_cluster import FakeCluster
from tests.fakes import fake_world
from tests.reconcilers import manifests

XRD = Ref(manifests.XRD_KIND, "xthings.example.org")
COMPOSITES = Ref(manifests.CRD_KIND, "xthings.example.org")
CLAIMS = Ref(manifests.CRD_KIND, "things.example.org")
ESTABLISHED = {"status": {"conditions": [{"type": "Established", "status": "True", "reason": "InitialNamesAccepted"}]}}


@pytest.fixture
def cluster():
    cluster = FakeCluster()
    cluster.seed(manifests.xrd())
    return cluster


@pytest.fixture
def world(cluster):
    return fake_world(cluster)


def reconcile(world):
    return definitions.reconcile(XRD, world, set())


def establish(cluster, world):
    """Reconcile, with an API server that establishes each CRD in between."""
    for ref in (COMPOSITES, CLAIMS):
        with pytest.raises(NotReadyError, match="to be established"):
            reconcile(world)
        cluster.patch(ref, ESTABLISHED, status=True)
    reconcile(world)
    cluster.forget()


def test_an_xrd_makes_two_crds_that_are_watched_and_says_so(cluster, world):
    establish(cluster, world)

    xrd = cluster.get(XRD)
    assert conditions.find(xrd, "Established").reason == "WatchingCompositeResource"
    assert conditions.find(xrd, "Offered").reason == "WatchingCompositeResourceClaim"
    assert xrd["status"]["controllers"] == {
        "compositeResourceType": {"apiVersion": "example.org/v1", "kind": "XThing"},
        "compositeResourceClaimType": {"apiVersion": "example.org/v1", "kind": "Thing"},
    }
    assert world.watches.kinds == {manifests.COMPOSITE, manifests.CLAIM}
    assert objects.controller_uid(cluster.get(CLAIMS)) == objects.uid(xrd)


def test_a_second_pass_writes_nothing(cluster, world):
    establish(cluster, world)

    reconcile(world)

    assert cluster.writes == []


def test_a_changed_schema_replaces_the_crds(cluster, world):
    establish(cluster, world)
    versions = copy.deepcopy(manifests.xrd()["spec"]["versions"])
    versions[0]["schema"]["openAPIV3Schema"]["properties"]["spec"]["properties"]["colour"] = {"type": "string"}
    cluster.patch(XRD, {"spec": {"versions": versions}})

    reconcile(world)

    schema = cluster.get(CLAIMS)["spec"]["versions"][0]["schema"]["openAPIV3Schema"]
    assert schema["properties"]["spec"]["properties"]["colour"] == {"type": "string"}


def test_an_xrd_without_claim_names_offers_nothing(world, cluster):
    cluster.patch(XRD, {"spec": {"claimNames": None}})
    with pytest.raises(NotReadyError):
        reconcile(world)
    cluster.patch(COMPOSITES, ESTABLISHED, status=True)

    reconcile(world)

    assert cluster.get(CLAIMS) is None
    assert objects.finalizers(cluster.get(XRD)) == ("defined.apiextensions.crossplane.io",)


@pytest.mark.parametrize(
    ("owners", "words"),
    [
        pytest.param([], "not controlled by any XRD", id="a CRD of somebody's own"),
        pytest.param([{"kind": "CompositeResourceDefinition", "name": "other", "uid": "u", "controller": True}],
                     "controlled by CompositeResourceDefinition 'other'", id="a CRD of another XRD"),
    ],
)  # fmt: skip
def test_a_clash_with_an_existing_crd_is_told_and_the_crd_left_alone(cluster, world, owners, words):
    theirs = {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "spec": {"group": "example.org"},
    }
    cluster.seed({**theirs, "metadata": {"name": "xthings.example.org", "ownerReferences": owners}})

    with pytest.raises(StalledError, match=words):
        reconcile(world)

    assert words in conditions.find(cluster.get(XRD), "Synced").message
    assert cluster.get(COMPOSITES)["spec"] == theirs["spec"]


def test_names_that_the_api_server_does_not_accept_are_told(cluster, world):
    with pytest.raises(NotReadyError):
        reconcile(world)
    refused = {"type": "NamesAccepted", "status": "False", "reason": "KindConflict", "message": "XThing is taken"}
    cluster.patch(COMPOSITES, {"status": {"conditions": [refused]}}, status=True)

    with pytest.raises(StalledError, match="XThing is taken"):
        reconcile(world)


def test_a_broken_xrd_is_told_and_a_mended_one_too(cluster, world):
    cluster.patch(XRD, {"spec": {"versions": [{"name": "v1", "served": True, "referenceable": True}]}})
    with pytest.raises(StalledError):
        reconcile(world)
    assert conditions.find(cluster.get(XRD), "Synced").status == "False"

    cluster.patch(XRD, {"spec": {"versions": manifests.xrd()["spec"]["versions"]}})
    establish(cluster, world)

    assert conditions.find(cluster.get(XRD), "Synced").status == "True"


def test_an_xrd_goes_only_after_all_of_its_kinds(cluster, world):
    establish(cluster, world)
    cluster.seed(manifests.claim(), manifests.composite())
    cluster.delete(cluster.get(XRD))
    cluster.forget()

    for words in ("1 Thing", "things.example.org", "1 XThing", "xthings.example.org"):
        with pytest.raises(NotReadyError, match=words):
            reconcile(world)
    reconcile(world)

    assert cluster.get(XRD) is None
    deleted = [w.ref.kind.kind for w in cluster.writes if w.verb == "delete"]
    assert deleted == ["Thing", "CustomResourceDefinition", "XThing", "CustomResourceDefinition"]
    assert world.watches.kinds == set()


def test_a_paused_xrd_is_left_alone(cluster, world):
    cluster.patch(XRD, {"metadata": {"annotations": {"crossplane.io/paused": "true"}}})

    assert reconcile(world) is None
    assert cluster.get(COMPOSITES) is None


def test_the_version_that_was_referenceable_before_is_no_longer_watched(cluster, world):
    establish(cluster, world)
    first = {**manifests.xrd()["spec"]["versions"][0], "referenceable": False}
    second = {**first, "name": "v2", "referenceable": True}
    cluster.patch(XRD, {"spec": {"versions": [first, second]}})

    reconcile(world)

    assert world.watches.kinds == {Kind("example.org/v2", "XThing"), Kind("example.org/v2", "Thing")}
    assert cluster.get(XRD)["status"]["controllers"]["compositeResourceType"]["apiVersion"] == "example.org/v2"


def test_an_xrd_that_goes_while_its_kinds_are_not_known_yet_waits_for_them(cluster, world):
    """As after a restart: a CRD that went first would leave claims with finalizers to nobody."""
    establish(cluster, world)
    cluster.seed(manifests.claim(), manifests.composite())
    cluster.delete(cluster.get(XRD))
    world.watches.kinds.clear()
    cluster.unwatched |= {manifests.COMPOSITE, manifests.CLAIM}
    cluster.forget()

    with pytest.raises(NotReadyError, match="waiting to know every Thing"):
        reconcile(world)

    assert [w for w in cluster.writes if w.verb == "delete"] == []
    assert world.watches.kinds == {manifests.COMPOSITE, manifests.CLAIM}


def test_a_crd_that_somebody_makes_at_the_same_moment_is_looked_at_again(cluster, world):
    cluster.refusals[COMPOSITES] = AlreadyExistsError("exists")

    with pytest.raises(ConflictError, match=r"xthings\.example\.org"):
        reconcile(world)


def test_after_a_change_of_schema_every_object_is_looked_at_again(cluster, world):
    """Whatever was refused, or cut, by an API server that had not caught up yet."""
    establish(cluster, world)
    cluster.seed(manifests.claim(), manifests.composite())
    versions = copy.deepcopy(manifests.xrd()["spec"]["versions"])
    versions[0]["schema"]["openAPIV3Schema"]["properties"]["spec"]["properties"]["colour"] = {"type": "string"}
    cluster.patch(XRD, {"spec": {"versions": versions}})

    reconcile(world)

    assert {ref.kind for ref, delay in world.requests.added if delay > 0} == {manifests.COMPOSITE, manifests.CLAIM}


def test_kinds_that_may_not_be_watched_are_told_with_what_grants_it(cluster, world):
    establish(cluster, world)
    words = 'xthings.example.org is forbidden: User "us" cannot list resource "xthings" in API group "example.org"'
    world.watches.refusals[manifests.COMPOSITE] = ForbiddenError("Forbidden", f"{words} at the cluster scope")

    with pytest.raises(ForbiddenError):
        reconcile(world)

    xrd = cluster.get(XRD)
    assert conditions.is_true(xrd, "Established")
    assert conditions.is_true(xrd, "Offered")
    said = conditions.find(xrd, "Synced").message
    assert said.startswith(words)
    assert said.endswith('patch, delete on xthings in API group "example.org"')
    assert "RoleBasedAccessControl" in world.events.reasons

    world.watches.refusals.clear()
    reconcile(world)
    assert conditions.is_true(cluster.get(XRD), "Synced")


def test_a_definition_is_looked_at_again_until_its_kinds_are_known(cluster, world):
    establish(cluster, world)
    cluster.unwatched.add(manifests.CLAIM)
    assert reconcile(world) == 2.0

    cluster.unwatched.clear()
    assert reconcile(world) is None
