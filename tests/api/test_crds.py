from crosshead.api.crds import AGE, Column, Names, Version, custom_resource_definition

SCHEMA = {
    "description": "A thing.",
    "properties": {"apiVersion": {"enum": ["x"]}, "metadata": {"maxProperties": 1}, "spec": {"type": "object"}},
    "required": ["apiVersion", "metadata", "spec"],
}


def crd(*versions, **names):
    return custom_resource_definition("example.org", Names("Thing", "things", **names), versions)["spec"]


def root(version):
    return crd(version)["versions"][0]["schema"]["openAPIV3Schema"]


def test_a_crd_is_named_after_plural_and_group():
    made = custom_resource_definition("example.org", Names("Thing", "things"), (Version("v1", SCHEMA),))

    assert made["metadata"]["name"] == "things.example.org"
    assert made["spec"]["scope"] == "Cluster"


def test_names_that_are_not_given_are_derived_or_left_out():
    assert crd()["names"] == {"kind": "Thing", "listKind": "ThingList", "plural": "things", "singular": "thing"}


def test_names_that_are_given_are_told():
    names = crd(singular="one", short=("t",), categories=("all",))["names"]

    assert (names["singular"], names["shortNames"], names["categories"]) == ("one", ["t"], ["all"])


def test_apiversion_kind_and_metadata_are_the_api_servers():
    schema = root(Version("v1", SCHEMA))

    assert schema["required"] == ["spec"]
    assert list(schema["properties"]) == ["apiVersion", "kind", "metadata", "spec"]
    assert schema["properties"]["metadata"] == {"type": "object"}
    assert (schema["type"], schema["description"]) == ("object", "A thing.")


def test_an_object_that_requires_nothing_says_nothing_of_it():
    assert "required" not in root(Version("v1", {"required": ["kind"]}))


def test_a_version_has_its_columns():
    (version,) = crd(Version("v1", SCHEMA, (AGE, Column("SIZE", ".spec.size", "integer", 1))))["versions"]

    assert version["additionalPrinterColumns"] == [
        {"name": "AGE", "type": "date", "jsonPath": ".metadata.creationTimestamp"},
        {"name": "SIZE", "type": "integer", "jsonPath": ".spec.size", "priority": 1},
    ]


def test_a_version_may_be_old_and_without_status():
    (version,) = crd(Version("v1alpha1", SCHEMA, storage=False, has_status=False, deprecation="use v1"))["versions"]

    assert (version["deprecated"], version["deprecationWarning"]) == (True, "use v1")
    assert (version["served"], version["storage"]) == (True, False)
    assert "subresources" not in version
