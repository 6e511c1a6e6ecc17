"""The kinds of our own: how kubectl and the API server know them, and what their models read."""

import pytest
from pydantic import ValidationError

from crosshead.api.compositions import Composition, composition_crd, composition_revision_crd
from crosshead.api.definitions import CompositeResourceDefinition, definition_crd
from crosshead.api.environments import environment_config_crd
from crosshead.api.nops import nop_crd
from crosshead.api.provider_configs import ProviderConfig, provider_config_crds, provider_config_usage_crds
from crosshead.api.usages import cluster_usage_crd, namespaced_usage_crd, usage_crd

CONFIG, LOCAL_CONFIG, CLUSTER_CONFIG = provider_config_crds()
USAGE, LOCAL_USAGE = provider_config_usage_crds()


@pytest.mark.parametrize(
    ("crd", "name", "versions", "short"),
    [
        pytest.param(
            definition_crd(),
            "compositeresourcedefinitions.apiextensions.crossplane.io",
            ["v1", "v2"],
            ["xrd", "xrds"],
            id="XRD",
        ),
        pytest.param(composition_crd(), "compositions.apiextensions.crossplane.io", ["v1"], ["comp"], id="Composition"),
        pytest.param(
            composition_revision_crd(),
            "compositionrevisions.apiextensions.crossplane.io",
            ["v1"],
            ["comprev"],
            id="CompositionRevision",
        ),
        pytest.param(
            environment_config_crd(),
            "environmentconfigs.apiextensions.crossplane.io",
            ["v1alpha1", "v1beta1"],
            ["envcfg"],
            id="EnvironmentConfig",
        ),
        pytest.param(usage_crd(), "usages.apiextensions.crossplane.io", ["v1alpha1", "v1beta1"], None, id="Usage"),
        pytest.param(
            cluster_usage_crd(), "clusterusages.protection.crossplane.io", ["v1beta1"], None, id="ClusterUsage"
        ),
        pytest.param(CONFIG, "providerconfigs.aws.upbound.io", ["v1beta1"], None, id="ProviderConfig"),
        pytest.param(
            CLUSTER_CONFIG,
            "clusterproviderconfigs.aws.m.upbound.io",
            ["v1beta1"],
            None,
            id="ClusterProviderConfig",
        ),
        pytest.param(
            USAGE,
            "providerconfigusages.aws.upbound.io",
            ["v1beta1"],
            None,
            id="ProviderConfigUsage",
        ),
        pytest.param(nop_crd(), "nopresources.nop.crossplane.io", ["v1alpha1"], None, id="NopResource"),
    ],
)
def test_a_kind_is_known_as_upstream_knows_it(crd, name, versions, short):
    spec = crd["spec"]

    assert crd["metadata"]["name"] == name
    assert [version["name"] for version in spec["versions"]] == versions
    assert spec["names"].get("shortNames") == short
    assert spec["names"]["categories"][0] == "crossplane"
    assert (spec["scope"], [version["storage"] for version in spec["versions"]].count(True)) == ("Cluster", 1)


def test_the_usages_of_protection_live_in_namespaces():
    spec = namespaced_usage_crd()["spec"]

    assert (spec["group"], spec["names"]["plural"], spec["scope"]) == (
        "protection.crossplane.io",
        "usages",
        "Namespaced",
    )


def test_xrds_are_stored_as_v1_and_shown_as_v2_without_conversion():
    spec = definition_crd()["spec"]

    v1, v2 = (version["schema"]["openAPIV3Schema"]["properties"]["spec"]["properties"] for version in spec["versions"])
    assert [version["storage"] for version in spec["versions"]] == [True, False]
    assert "conversion" not in spec
    assert (v1["scope"]["default"], v2["scope"]["default"]) == ("LegacyCluster", "Namespaced")
    # What one version did not know, it would lose for the other.
    assert v1.keys() == v2.keys()


@pytest.mark.parametrize(
    ("crd", "columns"),
    [
        pytest.param(definition_crd(), ["ESTABLISHED", "OFFERED", "AGE"], id="XRD"),
        pytest.param(composition_crd(), ["XR-KIND", "XR-APIVERSION", "AGE"], id="Composition"),
        pytest.param(
            composition_revision_crd(), ["REVISION", "XR-KIND", "XR-APIVERSION", "AGE"], id="CompositionRevision"
        ),
        pytest.param(environment_config_crd(), ["AGE"], id="EnvironmentConfig"),
        pytest.param(usage_crd(), ["DETAILS", "READY", "AGE"], id="Usage"),
        pytest.param(namespaced_usage_crd(), ["DETAILS", "READY", "AGE"], id="Usage of protection"),
        pytest.param(cluster_usage_crd(), ["DETAILS", "READY", "AGE"], id="ClusterUsage"),
        pytest.param(CONFIG, ["AGE", "SOURCE"], id="ProviderConfig"),
        pytest.param(USAGE, ["AGE", "CONFIG-NAME", "RESOURCE-KIND", "RESOURCE-NAME"], id="ProviderConfigUsage"),
        pytest.param(
            LOCAL_USAGE,
            ["AGE", "CONFIG-KIND", "CONFIG-NAME", "RESOURCE-KIND", "RESOURCE-NAME"],
            id="ProviderConfigUsage of a namespace",
        ),
    ],
)
def test_kubectl_shows_the_columns_that_upstream_shows(crd, columns):
    for_each = [
        [column["name"] for column in version["additionalPrinterColumns"]] for version in crd["spec"]["versions"]
    ]

    assert for_each == [columns] * len(for_each)


@pytest.mark.parametrize(
    "crd", [pytest.param(crd, id=crd["spec"]["names"]["kind"]) for crd in (LOCAL_CONFIG, LOCAL_USAGE)]
)
def test_what_belongs_to_a_namespace_says_so(crd):
    assert (crd["spec"]["scope"], crd["spec"]["group"]) == ("Namespaced", "aws.m.upbound.io")


def test_an_xrd_is_read_under_the_names_of_its_schema():
    xrd = CompositeResourceDefinition.model_validate(
        {
            "apiVersion": "apiextensions.crossplane.io/v1",
            "kind": "CompositeResourceDefinition",
            "metadata": {"name": "xlakes.water.example.org"},
            "spec": {
                "group": "water.example.org",
                "names": {"kind": "XLake", "plural": "xlakes"},
                "versions": [
                    {
                        "name": "v1",
                        "served": True,
                        "referenceable": True,
                        "schema": {"openAPIV3Schema": {"type": "object"}},
                    }
                ],
                "fromTheFuture": True,
            },
        }
    )

    assert xrd.spec.versions[0].validation.open_apiv3_schema == {"type": "object"}
    assert xrd.spec.default_composition_update_policy == "Automatic"


def rules_of(schema):
    return [rule["rule"] for rule in schema.get("x-kubernetes-validations", ())]


@pytest.mark.parametrize("version", [0, 1], ids=["v1", "v2"])
def test_the_names_of_xrds_are_checked_for_case_and_change(version):
    schema = definition_crd()["spec"]["versions"][version]["schema"]["openAPIV3Schema"]

    assert rules_of(schema["properties"]["spec"]["properties"]["names"]) == [
        "self == oldSelf",
        "self.plural == self.plural.lowerAscii()",
        "!has(self.singular) || self.singular == self.singular.lowerAscii()",
    ]


@pytest.mark.parametrize("crd", [composition_crd(), composition_revision_crd()], ids=["Composition", "its revision"])
def test_a_pipeline_may_ask_for_what_its_functions_need(crd):
    spec = crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"]
    pipeline = spec["properties"]["pipeline"]
    requirements = pipeline["items"]["properties"]["requirements"]["properties"]

    assert rules_of(spec) == ["self.mode != 'Pipeline' || has(self.pipeline)"]
    assert (pipeline["minItems"], pipeline["maxItems"]) == (1, 99)
    assert sorted(requirements["requiredResources"]["items"]["required"]) == ["apiVersion", "kind", "requirementName"]
    assert sorted(requirements["requiredSchemas"]["items"]["required"]) == ["apiVersion", "kind", "requirementName"]


def test_a_composition_is_read_with_its_defaults():
    composition = Composition.model_validate(
        {
            "apiVersion": "apiextensions.crossplane.io/v1",
            "kind": "Composition",
            "metadata": {"name": "lakes"},
            "spec": {
                "compositeTypeRef": {"apiVersion": "water.example.org/v1", "kind": "XLake"},
                "resources": [{"name": "bed", "base": {"kind": "Bed"}, "patches": [{"fromFieldPath": "spec.depth"}]}],
            },
        }
    )

    (bed,) = composition.spec.resources
    assert composition.spec.mode == "Resources"
    assert bed.patches[0].type == "FromCompositeFieldPath"
    assert [(check.type, check.match_condition.status) for check in bed.readiness_checks] == [
        ("MatchCondition", "True")
    ]


def test_a_provider_config_is_read_under_the_odd_names_that_upstream_has():
    config = ProviderConfig.model_validate(
        {
            "apiVersion": "aws.upbound.io/v1beta1",
            "kind": "ProviderConfig",
            "metadata": {"name": "local"},
            "spec": {
                "credentials": {"source": "Environment"},
                "assumeRoleChain": [{"roleARN": "arn:aws:iam::0:role/r", "externalID": "e"}],
                "s3_use_path_style": True,
                "skip_credentials_validation": True,
            },
        }
    )

    assert config.spec.assume_role_chain[0].role_arn == "arn:aws:iam::0:role/r"
    assert config.spec.s3_use_path_style
    assert config.spec.skip_credentials_validation


def test_a_model_cannot_be_changed():
    config = ProviderConfig.model_validate(
        {"apiVersion": "a", "kind": "k", "metadata": {}, "spec": {"credentials": {"source": "None"}}}
    )

    with pytest.raises(ValidationError, match="frozen"):
        config.spec = None
