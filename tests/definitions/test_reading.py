import pytest

from crosshead.base.errors import StalledError
from crosshead.base.objects import Kind
from crosshead.definitions import reading, rendering
from crosshead.definitions.placing import LEGACY, MODERN
from tests.definitions.xrds import modern, schema, version, xrd

EMPTY = {"metadata": {"name": "empty"}}


def test_kinds_are_of_the_referenceable_version():
    versions = [version("v1alpha1", referenceable=False), version("v1")]

    assert reading.composite_kind(xrd(versions=versions)) == Kind("water.example.org/v1", "XLake")
    assert reading.claim_kind(xrd(versions=versions)) == Kind("water.example.org/v1", "Lake")


def test_without_claim_names_there_is_no_claim():
    assert reading.claim_kind(xrd(claimNames=None)) is None
    assert reading.claim_crd_name(xrd(claimNames=None)) is None


def test_crds_are_named_after_the_xrd_and_the_claims_plural():
    assert reading.composite_crd_name(xrd()) == "xlakes.water.example.org"
    assert reading.claim_crd_name(xrd()) == "lakes.water.example.org"


def test_of_several_referenceable_versions_the_last_counts():
    assert reading.referenceable_version(xrd(versions=[version("a"), version("b")])) == "b"


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(xrd(versions=[version(referenceable=False)]), id="no version is referenceable"),
        pytest.param(xrd(versions=[]), id="there are no versions"),
    ],
)
def test_without_a_referenceable_version_there_is_no_kind(broken):
    with pytest.raises(StalledError, match=r"'xlakes\.water\.example\.org': exactly one .* but none is") as caught:
        reading.composite_kind(broken)

    assert caught.value.reason == "RenderCRD"


@pytest.mark.parametrize(
    ("read", "said", "unsaid"),
    [
        pytest.param(reading.connection_secret_keys, {"user", "host"}, set(), id="connectionSecretKeys"),
        pytest.param(reading.default_composition_ref, "usual", "", id="defaultCompositionRef"),
        pytest.param(reading.enforced_composition_ref, "only", "", id="enforcedCompositionRef"),
        pytest.param(reading.default_composite_delete_policy, "Foreground", "Background", id="delete policy"),
        pytest.param(reading.default_update_policy, "Manual", "Automatic", id="update policy"),
        pytest.param(reading.default_revision_selector, {"matchLabels": {"a": "b"}}, None, id="revision selector"),
        pytest.param(reading.group, "water.example.org", "", id="group"),
    ],
)
def test_what_the_xrd_does_not_say_has_the_default_of_its_crd(read, said, unsaid):
    talkative = xrd(
        connectionSecretKeys=["user", "host"],
        defaultCompositionRef={"name": "usual"},
        enforcedCompositionRef={"name": "only"},
        defaultCompositeDeletePolicy="Foreground",
        defaultCompositionUpdatePolicy="Manual",
        defaultCompositionRevisionSelector={"matchLabels": {"a": "b"}},
    )

    assert read(talkative) == said
    assert read(EMPTY) == unsaid


def test_the_stored_kind_of_a_crd_is_that_of_its_storage_version():
    crd = rendering.composite_crd(xrd(versions=[version("v1alpha1", referenceable=False), version("v1")]))

    assert reading.stored_kind(crd) == Kind("water.example.org/v1", "XLake")


@pytest.mark.parametrize(
    ("told", "scope", "machinery", "namespaced"),
    [
        pytest.param(xrd(), "LegacyCluster", LEGACY, False, id="v1 that does not say"),
        pytest.param(modern(), "Namespaced", MODERN, True, id="v2 that does not say"),
        pytest.param(xrd(scope="Cluster"), "Cluster", MODERN, False, id="v1 that says Cluster"),
        pytest.param(modern(scope="LegacyCluster"), "LegacyCluster", LEGACY, False, id="v2 that was stored as v1"),
    ],
)
def test_the_scope_decides_where_composites_and_their_machinery_are(told, scope, machinery, namespaced):
    assert (reading.scope(told), reading.machinery(told), reading.is_namespaced(told)) == (scope, machinery, namespaced)


ODD = version(schema={"openAPIV3Schema": schema(properties={"crossplane": {"type": "object"}})})


@pytest.mark.parametrize("told", [xrd(), xrd(versions=[ODD]), modern(), modern(scope="Cluster")])
def test_a_crd_tells_where_its_machinery_is(told):
    assert reading.machinery_of(rendering.composite_crd(told)) == reading.machinery(told)
