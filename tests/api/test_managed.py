import pytest

from crosshead.api.managed import REFERENCE, SECRET_KEY_REF, SELECTOR, managed_crd

FOR_PROVIDER = {
    "type": "object",
    "properties": {
        "region": {"type": "string"},
        "cidrBlock": {"type": "string"},
        "autoGeneratePassword": {"type": "boolean"},
    },
    "required": ["region"],
}


def vpc(**more):
    told = {"for_provider": FOR_PROVIDER, "at_provider": {"type": "object"}, **more}
    return managed_crd("ec2.example.org", "Vpc", "vpcs", **told)["spec"]


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
    crd = vpc(version="v1alpha1", provider="nop", singular="onevpc", description="A network.")

    assert crd["versions"][0]["name"] == "v1alpha1"
    assert crd["versions"][0]["schema"]["openAPIV3Schema"]["description"] == "A network."
    assert crd["names"]["categories"][-1] == "nop"
    assert crd["names"]["singular"] == "onevpc"


def test_the_shapes_of_references_are_there_for_every_kind():
    assert REFERENCE["required"] == ["name"]
    assert SELECTOR["properties"].keys() == {"matchLabels", "matchControllerRef", "policy"}
    assert SELECTOR["properties"]["policy"]["properties"]["resolution"]["default"] == "Required"
    assert SECRET_KEY_REF["required"] == ["name", "namespace", "key"]
