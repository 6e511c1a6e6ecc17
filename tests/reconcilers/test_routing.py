"""Who looks again when something has changed."""

import pytest

from crosshead.base import conditions, objects
from crosshead.base.objects import Kind, Ref
from crosshead.reconcilers.directory import Directory
from crosshead.reconcilers.interests import Interests
from crosshead.reconcilers.routing import Router
from tests.fake_cluster import FakeCluster
from tests.fakes import THING, FakeProvider
from tests.reconcilers import manifests

XRD = Ref(manifests.XRD_KIND, "xthings.example.org")
CLAIM = Ref(manifests.CLAIM, "mine", "team")
COMPOSITE = Ref(manifests.COMPOSITE, "mine-xxxx1")
CONFIG = Kind("aws.upbound.io/v1beta1", "ProviderConfig")
USAGE = Kind("aws.upbound.io/v1beta1", "ProviderConfigUsage")
SYNC_ERROR = {"conditions": conditions.write([conditions.sync_error("cannot resolve references")])}


@pytest.fixture
def cluster():
    cluster = FakeCluster()
    established = conditions.write([conditions.Condition("Established", "True", "WatchingCompositeResource")])
    cluster.seed({**manifests.xrd(), "status": {"conditions": established}})
    claimed = {"apiVersion": "example.org/v1", "kind": "Thing", "name": "mine", "namespace": "team"}
    cluster.seed(manifests.claim(), manifests.composite(claimRef=claimed, compositionRef={"name": "things"}))
    return cluster


@pytest.fixture
def router(cluster):
    return Router(cluster, Directory(cluster), FakeProvider(), Interests())


def owned(cluster, name, kind=THING, **parts):
    """Return a resource composed by the composite."""
    owner = objects.controller_reference(cluster.get(COMPOSITE))
    metadata = {"name": name, "uid": name, "ownerReferences": [owner], **parts.pop("metadata", {})}
    return {"apiVersion": kind.api_version, "kind": kind.kind, "metadata": metadata, **parts}


def keys(router, old, new):
    return set(router.keys(old, new))


def test_a_claim_looks_at_itself(cluster, router):
    assert keys(router, None, cluster.get(CLAIM)) == {CLAIM}


def test_a_composite_wakes_its_claim(cluster, router):
    assert keys(router, None, cluster.get(COMPOSITE)) == {COMPOSITE, CLAIM}


def test_a_composed_resource_wakes_its_composite(cluster, router):
    other = owned(cluster, "cm", Kind("v1", "ConfigMap"))

    assert keys(router, other, None) == {COMPOSITE}


def test_a_managed_resource_that_got_its_name_wakes_siblings_that_could_not_refer_to_it(cluster, router):
    cluster.seed(owned(cluster, "waiting", status=SYNC_ERROR), owned(cluster, "content"))
    named = owned(cluster, "named", metadata={"annotations": {"crossplane.io/external-name": "vpc-1"}})

    woken = keys(router, owned(cluster, "named"), named)

    assert woken == {Ref(THING, "named"), COMPOSITE, Ref(THING, "waiting")}


def test_what_we_tell_of_a_managed_resource_is_news_to_its_composite_only(cluster, router):
    told = owned(cluster, "failing", status=SYNC_ERROR)

    assert keys(router, owned(cluster, "failing"), told) == {COMPOSITE}


@pytest.mark.parametrize(
    "wanted",
    [
        {"spec": {"size": 2}},
        {"metadata": {"annotations": {"crossplane.io/paused": "true"}}},
        {"metadata": {"labels": {"team": "shop"}}},
        {"metadata": {"finalizers": ["example.org/held"]}},
        {"metadata": {"deletionTimestamp": "2026-01-01T00:00:00Z"}},
    ],
    ids=lambda wanted: next(iter(wanted.get("metadata", wanted))),
)
def test_a_managed_resource_of_which_something_else_is_wanted_is_looked_at(cluster, router, wanted):
    assert Ref(THING, "changing") in keys(router, owned(cluster, "changing"), owned(cluster, "changing", **wanted))


def test_other_news_of_a_managed_resource_wakes_no_sibling(cluster, router):
    cluster.seed(owned(cluster, "waiting", status=SYNC_ERROR))
    before, after = owned(cluster, "named"), owned(cluster, "named", spec={"x": 1})

    assert keys(router, before, after) == {Ref(THING, "named"), COMPOSITE}


@pytest.mark.parametrize(
    "chosen", [{"compositionRef": {"name": "things"}}, {"compositionRef": None}], ids=["users", "undecided"]
)
def test_a_new_revision_wakes_the_users_of_its_composition_and_who_has_none_yet(cluster, router, chosen):
    cluster.patch(COMPOSITE, {"spec": chosen})
    revision = {
        "apiVersion": "apiextensions.crossplane.io/v1", "kind": "CompositionRevision",
        "metadata": {"name": "things-1", "labels": {"crossplane.io/composition-name": "things"}},
    }  # fmt: skip

    assert keys(router, None, revision) == {COMPOSITE}


def test_a_revision_of_another_composition_wakes_nobody(router):
    revision = {
        "apiVersion": "apiextensions.crossplane.io/v1", "kind": "CompositionRevision",
        "metadata": {"name": "o-1", "labels": {"crossplane.io/composition-name": "other"}},
    }  # fmt: skip

    assert keys(router, None, revision) == set()


def test_a_new_composition_wakes_itself_and_who_waits_for_it(router):
    composition = manifests.composition()

    assert keys(router, None, composition) == {Ref(manifests.COMPOSITION_KIND, "things"), COMPOSITE}


def test_an_xrd_wakes_itself_and_every_object_of_its_kinds(cluster, router):
    assert keys(router, None, cluster.get(XRD)) == {XRD, COMPOSITE, CLAIM}


def test_a_crd_wakes_the_xrd_that_controls_it(cluster, router):
    owners = [objects.controller_reference(cluster.get(XRD))]
    crd = {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "x", "ownerReferences": owners},
    }

    assert keys(router, None, crd) == {XRD}


def test_a_provider_config_wakes_itself_and_its_users(cluster, router):
    usage = {
        "apiVersion": USAGE.api_version, "kind": USAGE.kind, "metadata": {"name": "u"},
        "providerConfigRef": {"name": "default"},
        "resourceRef": {"apiVersion": THING.api_version, "kind": THING.kind, "name": "one"},
    }  # fmt: skip
    cluster.seed(usage)
    config = {"apiVersion": CONFIG.api_version, "kind": CONFIG.kind, "metadata": {"name": "default"}}
    counted, elsewhere = {**config, "status": {"users": 1}}, {**config, "spec": {"endpoint": {}}}

    assert keys(router, None, config) == {Ref(CONFIG, "default"), Ref(THING, "one")}
    assert keys(router, config, elsewhere) == {Ref(CONFIG, "default"), Ref(THING, "one")}
    # A count is no news to those who are counted.
    assert keys(router, config, counted) == {Ref(CONFIG, "default")}
    assert keys(router, None, usage) == {Ref(CONFIG, "default")}


def test_claims_and_the_xrd_look_again_when_their_objects_are_known(router):
    assert set(router.keys_of_synced(manifests.COMPOSITE)) == {XRD, CLAIM}
    assert set(router.keys_of_synced(manifests.CLAIM)) == {XRD}
    assert set(router.keys_of_synced(THING)) == set()


def test_an_object_of_nobody_wakes_nobody(router):
    stranger = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x"}}

    assert keys(router, None, stranger) == set()
    assert keys(router, None, None) == set()


def test_a_deleted_composition_wakes_its_users(router):
    composition = manifests.composition()

    assert keys(router, composition, None) == {Ref(manifests.COMPOSITION_KIND, "things"), COMPOSITE}


def test_a_changed_composition_wakes_only_itself(router):
    composition = manifests.composition()

    assert keys(router, composition, composition) == {Ref(manifests.COMPOSITION_KIND, "things")}


def test_an_enforced_composition_wakes_composites_that_still_have_another(cluster, router):
    cluster.patch(XRD, {"spec": {"enforcedCompositionRef": {"name": "ordered"}}})
    composition = manifests.composition(name="ordered")

    assert COMPOSITE in keys(router, None, composition)


def test_composites_look_again_when_a_kind_that_they_compose_of_is_known(cluster, router):
    cluster.patch(COMPOSITE, {"spec": {"resourceRefs": [{"apiVersion": "v1", "kind": "ConfigMap"}]}})

    assert set(router.keys_of_synced(Kind("v1", "ConfigMap"))) == {COMPOSITE}


def test_references_of_another_version_lead_to_the_one_that_is_watched(cluster, router):
    other = owned(cluster, "cm", Kind("v1", "ConfigMap"))
    other["metadata"]["ownerReferences"][0]["apiVersion"] = "example.org/v0"
    composite = cluster.get(COMPOSITE)
    claimed = {**composite["spec"]["claimRef"], "apiVersion": "example.org/v0"}

    assert keys(router, other, None) == {COMPOSITE}
    assert CLAIM in keys(router, None, {**composite, "spec": {**composite["spec"], "claimRef": claimed}})
