import pytest

from crosshead.api.managed import CLUSTER_POINTERS, NAMESPACED_POINTERS, ManagedVersion, managed_crd

FOR_PROVIDER = {
    "type": "object",
    "properties": {
        "region": {"type": "string"},
        "cidrBlock": {"type": "string"},
        "autoGeneratePassword": {"type": "boolean"},
    },
    "required": ["region"],
}


def vpc(*, namespaced=False, **more):
    told = ManagedVersion(**{"for_provider": FOR_PROVIDER, "at_provider": {"type": "object"}, **more})
    return managed_crd("ec2.example.org", "Vpc", "vpcs", (told,), namespaced=namespaced)["spec"]


def section(crd, name):
    return crd["versions"][0]["schema"]["openAPIV3Schema"]["properties"][name]


def test_every_kind_has_the_same_columns_and_categories():
    crd = vpc()

    (version,) = crd["versions"]
    assert [column["name"] for column in version["additionalPrinterColumns"]] == [
        "SYNCED",
        "READY",
        "EXTERNAL-NAME",
        "AGE",
    ]
    assert crd["names"]["categories"] == ["crossplane", "managed", "aws"]
    assert version["subresources"] == {"status": {}}


@pytest.mark.parametrize(
    ("field", "default"),
    [
        pytest.param("deletionPolicy", "Delete", id="delete with the object"),
        pytest.param("managementPolicies", ["*"], id="do everything"),
        pytest.param("providerConfigRef", {"name": "default"}, id="reach it as usual"),
    ],
)
def test_what_nobody_says_has_a_default(field, default):
    assert section(vpc(), "spec")["properties"][field]["default"] == default


def test_for_provider_is_taken_as_it_is():
    spec = section(vpc(), "spec")

    assert spec["properties"]["forProvider"] == FOR_PROVIDER
    assert spec["required"] == ["forProvider"]


def test_init_provider_is_for_provider_without_what_must_be_given_or_cannot_differ():
    assert section(vpc(), "spec")["properties"]["initProvider"] == {
        "type": "object",
        "properties": {"cidrBlock": {"type": "string"}},
    }


def test_a_kind_without_properties_has_an_init_provider_without():
    free = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}

    assert section(vpc(for_provider=free), "spec")["properties"]["initProvider"] == free


def test_what_must_be_given_may_be_missing_when_nothing_is_written():
    (rule,) = section(vpc(required=("cidrBlock",)), "spec")["x-kubernetes-validations"]

    assert rule["message"] == "spec.forProvider.cidrBlock is a required parameter"
    assert rule["rule"] == (
        "!('*' in self.managementPolicies || 'Create' in self.managementPolicies"
        " || 'Update' in self.managementPolicies) || has(self.forProvider.cidrBlock)"
        " || (has(self.initProvider) && has(self.initProvider.cidrBlock))"
    )


def test_without_required_fields_there_is_no_rule():
    assert "x-kubernetes-validations" not in section(vpc(), "spec")


def test_status_shows_the_outside_world_beside_the_conditions():
    properties = section(vpc(at_provider={"type": "object", "properties": {}}), "status")["properties"]

    assert properties["atProvider"] == {"type": "object", "properties": {}}
    assert properties["conditions"]["x-kubernetes-list-map-keys"] == ["type"]
    assert properties["observedGeneration"]["format"] == "int64"


def test_a_kind_may_describe_itself_and_choose_its_version_and_provider():
    version = ManagedVersion(
        name="v1alpha1", for_provider=FOR_PROVIDER, at_provider={"type": "object"}, description="A network."
    )
    crd = managed_crd("ec2.example.org", "Vpc", "vpcs", (version,), provider="nop", singular="onevpc")["spec"]

    assert crd["versions"][0]["name"] == "v1alpha1"
    assert crd["versions"][0]["schema"]["openAPIV3Schema"]["description"] == "A network."
    assert crd["names"]["categories"][-1] == "nop"
    assert crd["names"]["singular"] == "onevpc"


def test_of_several_versions_the_first_is_stored():
    versions = [ManagedVersion(name=name, for_provider={}, at_provider={}) for name in ("v1beta1", "v1beta2")]

    crd = managed_crd("ec2.example.org", "Vpc", "vpcs", versions)["spec"]

    assert [(v["name"], v["served"], v["storage"]) for v in crd["versions"]] == [
        ("v1beta1", True, True),
        ("v1beta2", True, False),
    ]


def test_what_belongs_to_a_namespace_names_the_kind_of_its_configuration_and_cannot_be_orphaned_by_deletion_policy():
    crd = vpc(namespaced=True)

    spec = section(crd, "spec")["properties"]
    assert crd["scope"] == "Namespaced"
    assert "deletionPolicy" not in spec
    assert spec["providerConfigRef"]["default"] == {"kind": "ClusterProviderConfig", "name": "default"}
    assert spec["providerConfigRef"]["required"] == ["kind", "name"]
    assert spec["writeConnectionSecretToRef"]["required"] == ["name"]


def test_the_shapes_of_references_are_there_for_every_kind():
    assert CLUSTER_POINTERS.reference["required"] == ["name"]
    assert CLUSTER_POINTERS.selector["properties"].keys() == {"matchLabels", "matchControllerRef", "policy"}
    assert CLUSTER_POINTERS.selector["properties"]["policy"]["properties"]["resolution"]["default"] == "Required"
    assert CLUSTER_POINTERS.secret_key["required"] == ["name", "namespace", "key"]


def test_what_belongs_to_a_namespace_points_within_it_or_out_of_it_but_reads_no_secret_of_another():
    assert "namespace" in NAMESPACED_POINTERS.reference["properties"]
    assert "namespace" in NAMESPACED_POINTERS.selector["properties"]
    assert NAMESPACED_POINTERS.secret_key["properties"].keys() == {"name", "key"}
