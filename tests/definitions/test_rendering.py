"""What the tables of Crossplane's behaviour say in full is said here field by field."""

import copy

import pytest

from crosshead.base.errors import StalledError
from crosshead.definitions import rendering
from crosshead.definitions.machinery import Release
from tests.definitions.xrds import modern, schema, version, xrd


def root(crd, index=0):
    return crd["spec"]["versions"][index]["schema"]["openAPIV3Schema"]


def section(crd, name):
    return root(crd)["properties"][name]


def columns(crd):
    return [column["name"] for column in crd["spec"]["versions"][0]["additionalPrinterColumns"]]


def test_composites_are_cluster_scoped_and_claims_namespaced():
    assert rendering.composite_crd(xrd())["spec"]["scope"] == "Cluster"
    assert rendering.claim_crd(xrd())["spec"]["scope"] == "Namespaced"


def test_without_claim_names_there_is_no_claim_crd():
    assert rendering.claim_crd(xrd(claimNames=None)) is None


def test_both_are_controlled_by_the_xrd():
    owner = {
        "apiVersion": "apiextensions.crossplane.io/v1",
        "kind": "CompositeResourceDefinition",
        "name": "xlakes.water.example.org",
        "uid": "u-1",
        "controller": True,
        "blockOwnerDeletion": True,
    }

    assert rendering.composite_crd(xrd())["metadata"]["ownerReferences"] == [owner]
    assert rendering.claim_crd(xrd())["metadata"]["ownerReferences"] == [owner]


def test_labels_are_the_xrds_and_annotations_only_those_it_asks_for():
    own = {"labels": {"team": "lakes", "tier": "own"}, "annotations": {"kubectl": "last applied"}}
    asked = {"labels": {"tier": "asked"}, "annotations": {"docs": "here"}}

    metadata = rendering.composite_crd(xrd(metadata=own) | {"spec": xrd(metadata=None)["spec"] | {"metadata": asked}})

    assert metadata["metadata"]["labels"] == {"team": "lakes", "tier": "asked"}
    assert metadata["metadata"]["annotations"] == {"docs": "here"}


def test_categories_are_the_authors_and_ours():
    names = {"kind": "XLake", "plural": "xlakes", "categories": ["nature"], "shortNames": ["xl"], "singular": "xlake"}

    assert rendering.composite_crd(xrd(names=names))["spec"]["names"] == {
        **names,
        "categories": ["nature", "composite"],
    }


def test_the_authors_columns_come_first():
    depth = {"name": "DEPTH", "type": "integer", "jsonPath": ".spec.depth"}
    defined = xrd(versions=[version(additionalPrinterColumns=[depth])])

    assert columns(rendering.composite_crd(defined)) == [
        "DEPTH",
        "SYNCED",
        "READY",
        "COMPOSITION",
        "COMPOSITIONREVISION",
        "AGE",
    ]
    assert columns(rendering.claim_crd(defined)) == ["DEPTH", "SYNCED", "READY", "CONNECTION-SECRET", "AGE"]


def test_versions_keep_their_order_and_what_is_said_of_them():
    old = version("v1alpha1", referenceable=False, deprecated=True, deprecationWarning="use v1")

    first, second = rendering.composite_crd(xrd(versions=[old, version("v1", served=False)]))["spec"]["versions"]

    assert (first["name"], first["served"], first["storage"]) == ("v1alpha1", True, False)
    assert (first["deprecated"], first["deprecationWarning"]) == (True, "use v1")
    assert (second["name"], second["served"], second["storage"]) == ("v1", False, True)
    assert second["subresources"] == {"status": {}}
    assert "deprecated" not in second


def test_conversion_is_copied():
    conversion = {"strategy": "None"}

    assert rendering.composite_crd(xrd(conversion=conversion))["spec"]["conversion"] == conversion
    assert "conversion" not in rendering.composite_crd(xrd())["spec"]


@pytest.mark.parametrize(
    ("keyword", "value"),
    [
        pytest.param("required", ["depth"], id="required"),
        pytest.param("description", "how it is to be", id="description"),
        pytest.param("oneOf", [{"required": ["depth"]}], id="oneOf"),
        pytest.param("x-kubernetes-validations", [{"rule": "true"}], id="rules"),
        pytest.param("x-kubernetes-preserve-unknown-fields", True, id="unknown fields"),
    ],
)
def test_of_spec_as_a_whole_the_author_may_say(keyword, value):
    defined = xrd(versions=[version(schema={"openAPIV3Schema": schema(**{keyword: value})})])

    assert section(rendering.composite_crd(defined), "spec")[keyword] == value
    assert section(rendering.claim_crd(defined), "spec")[keyword] == value


@pytest.mark.parametrize("keyword", ["anyOf", "allOf", "additionalProperties", "x-kubernetes-map-type", "default"])
def test_what_else_the_author_says_of_spec_as_a_whole_is_dropped(keyword):
    values = {
        "anyOf": [{}],
        "allOf": [{}],
        "additionalProperties": True,
        "x-kubernetes-map-type": "atomic",
        "default": {},
    }
    defined = xrd(versions=[version(schema={"openAPIV3Schema": schema(**{keyword: values[keyword]})})])

    assert keyword not in section(rendering.composite_crd(defined), "spec")


def test_the_machinerys_fields_win_over_the_authors():
    authored = {"resourceRefs": {"type": "string"}, "depth": {"type": "integer"}}
    defined = xrd(versions=[version(schema={"openAPIV3Schema": schema(properties=authored)})])

    properties = section(rendering.composite_crd(defined), "spec")["properties"]

    assert properties["depth"] == {"type": "integer"}
    assert properties["resourceRefs"]["type"] == "array"


def test_status_is_the_authors_over_the_machinery():
    authored = {
        "type": "object",
        "properties": {"status": {"type": "object", "properties": {"level": {"type": "number"}}}},
    }
    defined = xrd(versions=[version(schema={"openAPIV3Schema": authored})])

    status = section(rendering.claim_crd(defined), "status")

    assert status["properties"].keys() == {"level", "conditions", "claimConditionTypes", "connectionDetails"}


def test_the_description_of_the_whole_is_kept():
    defined = xrd(versions=[version(schema={"openAPIV3Schema": {"description": "a lake"}})])

    assert root(rendering.composite_crd(defined))["description"] == "a lake"


@pytest.mark.parametrize(
    ("wanted", "limit"),
    [
        pytest.param(10, 10, id="shorter than a label's value"),
        pytest.param(0, 0, id="nothing at all"),
        pytest.param(64, 63, id="longer than a label's value"),
    ],
)
def test_names_fit_into_a_label(wanted, limit):
    metadata = {"type": "object", "properties": {"name": {"type": "string", "maxLength": wanted, "pattern": "^a"}}}
    defined = xrd(versions=[version(schema={"openAPIV3Schema": {"properties": {"metadata": metadata}}})])

    assert section(rendering.composite_crd(defined), "metadata")["properties"]["name"] == {
        "type": "string",
        "maxLength": limit,
    }


def test_policies_nobody_chose_are_the_xrds():
    defined = xrd(defaultCompositionUpdatePolicy="Manual", defaultCompositeDeletePolicy="Foreground")

    composite = section(rendering.composite_crd(defined), "spec")["properties"]
    claim = section(rendering.claim_crd(defined), "spec")["properties"]

    assert composite["compositionUpdatePolicy"]["default"] == "Manual"
    assert claim["compositeDeletePolicy"]["default"] == "Foreground"
    assert "default" not in claim["compositionUpdatePolicy"]


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        pytest.param(version("v2", schema=None), "version 'v2' has no schema", id="no schema"),
        pytest.param(version("v2", schema={}), "version 'v2' has no schema", id="an empty schema"),
        pytest.param(
            version("v2", schema={"openAPIV3Schema": {"type": 5}}),
            "version 'v2': cannot parse schema: openAPIV3Schema.type must be a string, not 5",
            id="a schema that is none",
        ),
    ],
)
def test_a_broken_schema_is_refused_by_version_and_path(broken, words):
    with pytest.raises(StalledError) as caught:
        rendering.composite_crd(xrd(versions=[version("v1"), broken]))

    assert caught.value.reason == "RenderCRD"
    assert words in caught.value.message


@pytest.mark.parametrize("field", ["kind", "plural", "singular", "listKind"])
def test_claim_and_composite_must_not_share_a_name(field):
    names = {"kind": "XLake", "plural": "xlakes", "singular": "xlake", "listKind": "XLakeList"}
    claim = {"kind": "Lake", "plural": "lakes", "singular": "lake", "listKind": "LakeList", field: names[field]}

    with pytest.raises(
        StalledError, match=f"spec.claimNames.{field} '{names[field]}' must differ from spec.names.{field}"
    ):
        rendering.claim_crd(xrd(names=names, claimNames=claim))


def test_nothing_of_a_crd_is_shared_with_the_xrd_or_with_another_crd():
    defined = xrd(conversion={"strategy": "None"})
    before, first = copy.deepcopy(defined), rendering.composite_crd(defined)
    expected = copy.deepcopy(first)

    first["spec"]["conversion"]["strategy"] = "changed"
    section(first, "spec")["properties"]["compositionRef"]["type"] = "changed"

    assert defined == before
    assert rendering.composite_crd(defined) == expected


@pytest.mark.parametrize(
    ("told", "scope"),
    [
        pytest.param(modern(), "Namespaced", id="Namespaced"),
        pytest.param(modern(scope="Cluster"), "Cluster", id="Cluster"),
        pytest.param(xrd(scope="LegacyCluster"), "Cluster", id="LegacyCluster"),
    ],
)
def test_composites_live_where_the_xrd_says(told, scope):
    assert rendering.composite_crd(told)["spec"]["scope"] == scope


def test_modern_composites_keep_their_machinery_apart():
    crd = rendering.composite_crd(modern())

    assert list(section(crd, "spec")["properties"]) == ["crossplane"]
    assert list(section(crd, "status")["properties"]) == ["conditions"]
    (composition,) = (
        column for column in crd["spec"]["versions"][0]["additionalPrinterColumns"] if column["name"] == "COMPOSITION"
    )
    assert composition["jsonPath"] == ".spec.crossplane.compositionRef.name"


@pytest.mark.parametrize(
    ("told", "has_namespace"),
    [
        pytest.param(modern(), False, id="it is the composite's own"),
        pytest.param(modern(scope="Cluster"), True, id="it may be any"),
        pytest.param(xrd(), False, id="1.20 composed nothing in namespaces"),
    ],
)
def test_references_to_composed_resources_have_a_namespace_where_it_is_not_known(told, has_namespace):
    spec = section(rendering.composite_crd(told), "spec")["properties"]

    machinery = spec.get("crossplane", {}).get("properties", spec)
    assert ("namespace" in machinery["resourceRefs"]["items"]["properties"]) is has_namespace


SCALE = {"specReplicasPath": ".spec.n", "statusReplicasPath": ".status.n", "labelSelectorPath": None}
SCALED = xrd(versions=[version(subresources={"scale": SCALE, "status": {}})])


@pytest.mark.parametrize(
    ("told", "release"),
    [
        pytest.param(xrd(), Release.V1_20, id="all as ever"),
        pytest.param(modern(), Release.V2_3, id="another scope"),
        pytest.param(SCALED, Release.V2_3, id="a scale"),
    ],
)
def test_an_xrd_gets_the_crds_of_the_oldest_release_that_can_make_them(told, release):
    assert rendering.release(told) == release
    assert rendering.composite_crd(told) == rendering.composite_crd(told, release)


def test_what_can_be_scaled_says_where():
    (scaled,) = rendering.composite_crd(SCALED)["spec"]["versions"]

    assert scaled["subresources"] == {
        "status": {},
        "scale": {"specReplicasPath": ".spec.n", "statusReplicasPath": ".status.n"},
    }


def test_rules_of_the_whole_are_kept_since_2():
    rules = [{"rule": "self.metadata.name != 'x'"}]
    told = xrd(versions=[version(schema={"openAPIV3Schema": {"x-kubernetes-validations": rules}})])

    assert root(rendering.composite_crd(told, Release.V2_3))["x-kubernetes-validations"] == rules
    assert "x-kubernetes-validations" not in root(rendering.composite_crd(told, Release.V1_20))


@pytest.mark.parametrize(
    ("told", "default"),
    [
        pytest.param({"apiVersion": "apiextensions.crossplane.io/v1"}, "Background", id="v1 fills it in"),
        pytest.param({"apiVersion": "apiextensions.crossplane.io/v2"}, None, id="v2 does not"),
    ],
)
def test_the_delete_policy_of_claims_is_what_the_api_server_made_of_the_xrds(told, default):
    policy = section(rendering.claim_crd({**xrd(), **told}), "spec")["properties"]["compositeDeletePolicy"]

    assert policy.get("default") == default


def test_a_delete_policy_is_read_in_whatever_version():
    told = {**xrd(defaultCompositeDeletePolicy="Foreground"), "apiVersion": "apiextensions.crossplane.io/v2"}

    policy = section(rendering.claim_crd(told), "spec")["properties"]["compositeDeletePolicy"]

    assert policy["default"] == "Foreground"
