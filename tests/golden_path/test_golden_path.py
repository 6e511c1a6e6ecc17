"""The golden path: what claims become, what no claim may become, and that the examples fit their definitions."""

import os
from collections import Counter
from functools import cache

import pytest
import yaml
from yaml import CSafeLoader

from crosshead.definitions import rendering
from tests.golden_path import rendered

EXAMPLES = pytest.mark.parametrize("example", rendered.examples(), ids=lambda path: f"{path.parent.name}-{path.stem}")
UPSTREAM = rendered.ROOT.parent / "shared" / "conformance" / "crds" / "upbound-v1.3"


@cache
def spec_schema(group, kind):
    """Return the schema of `spec` of a kind of ours."""
    crds = (yaml.load(path.read_text(), CSafeLoader) for path in (rendered.ROOT / "crds").glob(f"{group}_*.yaml"))
    return next(schema_of_spec(crd) for crd in crds if crd["spec"]["names"]["kind"] == kind)


@cache
def upstream_spec_schema(group, kind):
    """Return the schema of `spec` that upstream has for a kind."""
    crds = (yaml.load(path.read_text(), CSafeLoader) for path in UPSTREAM.glob(f"{group}_*.yaml"))
    return next(schema_of_spec(crd) for crd in crds if crd["spec"]["names"]["kind"] == kind)


def schema_of_spec(crd):
    return crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"]


def unknown_in(example, schema_of):
    """Return the fields of what *example* becomes that the schemas do not know."""
    return [
        f"{obj['kind']}: {line}"
        for obj in rendered.composed(example)
        for line in unknown_fields(rendered.plain(obj["spec"]), schema_of(group_of(obj), obj["kind"]))
    ]


def group_of(obj):
    return obj["apiVersion"].partition("/")[0]


def of_kind(kind):
    """Return every managed resource of *kind* that any example becomes, with the environment of its claim."""
    found = [
        (obj, rendered.composite_of(rendered.load(example))["spec"]["environment"])
        for example in rendered.examples()
        for obj in rendered.composed(example)
    ]
    return [(obj, environment) for obj, environment in found if obj["kind"] == kind]


def parameters(kind):
    return [obj["spec"]["forProvider"] for obj, _ in of_kind(kind)]


def unknown_fields(value, schema, path=""):
    """Return the paths in *value* that *schema* does not know."""
    match value:
        case dict() if "properties" in schema:
            known = schema["properties"]
            deeper = [unknown_fields(part, known[key], f"{path}.{key}") for key, part in value.items() if key in known]
            return [f"{path}.{key}" for key in value if key not in known] + [line for lines in deeper for line in lines]
        case list():
            return [line for part in value for line in unknown_fields(part, schema["items"], f"{path}[]")]
        case _:
            return []


@EXAMPLES
def test_a_claim_becomes_what_was_reviewed(example):
    """When this fails, read `make golden && git diff tests/golden`."""
    assert rendered.text(example) == rendered.golden(example).read_text()


def test_there_is_no_golden_file_without_its_example():
    assert set(rendered.GOLDEN.glob("*.yaml")) == {rendered.golden(example) for example in rendered.examples()}


def test_the_smallest_claim_is_as_promised():
    claim = rendered.load(rendered.ROOT / "examples/order-service-prod/postgres.yaml")

    assert claim == {
        "apiVersion": "platform.example.org/v1alpha1",
        "kind": "PostgresDatabase",
        "metadata": {"name": "order-service-db", "namespace": "order-service-prod"},
        "spec": {"storageGb": 20, "region": "us-east-1"},
    }


@EXAMPLES
def test_an_example_fits_its_definition(example):
    claim = rendered.load(example)
    crd = rendering.claim_crd(rendered.definition_of(claim))

    assert unknown_fields(claim["spec"], schema_of_spec(crd)) == []


@EXAMPLES
def test_what_a_claim_becomes_fits_the_kinds_of_ours(example):
    assert unknown_in(example, spec_schema) == []


@pytest.mark.skipif(
    not UPSTREAM.is_dir() and os.environ.get("CI") != "true",
    reason="left out: ../shared/conformance/crds is not there to compare with",
)
@EXAMPLES
def test_what_a_claim_becomes_fits_the_kinds_of_upstream(example):
    assert unknown_in(example, upstream_spec_schema) == []


def test_a_claim_that_says_nothing_of_its_environment_keeps_its_database():
    claim = rendered.load(rendered.ROOT / "examples/order-service-prod/postgres.yaml")

    assert rendered.composite_of(claim)["spec"]["environment"] == "production"


def test_every_database_is_encrypted_private_and_on_gp3():
    found = Counter((p["storageEncrypted"], p["publiclyAccessible"], p["storageType"]) for p in parameters("Instance"))

    assert set(found) == {(True, False, "gp3")}


@pytest.mark.parametrize("kind", ["Instance", "Bucket", "BucketPublicAccessBlock", "BucketVersioning"])
def test_production_keeps_what_holds_data_and_development_does_not(kind):
    policies = {environment: obj["spec"]["deletionPolicy"] for obj, environment in of_kind(kind)}

    assert policies == {"production": "Orphan", "development": "Delete"}


def test_a_kept_database_keeps_what_it_cannot_live_without():
    example = rendered.ROOT / "examples/order-service-prod/postgres.yaml"

    policies = {obj["kind"]: obj["spec"]["deletionPolicy"] for obj in rendered.composed(example)}

    assert policies == {"Instance": "Orphan", "SubnetGroup": "Orphan", "SecurityGroup": "Orphan"}


def test_every_bucket_is_closed_to_the_public():
    blocks = [
        {
            key: value
            for key, value in p.items()
            if key.startswith(("block", "ignore", "restrict")) and key[-3:] != "tor"
        }
        for p in parameters("BucketPublicAccessBlock")
    ]

    assert len(blocks) == len(parameters("Bucket"))
    assert {all(block.values()) and len(block) == 4 for block in blocks} == {True}


def test_every_cache_is_encrypted_at_rest_and_in_transit():
    found = {(p["atRestEncryptionEnabled"], p["transitEncryptionEnabled"]) for p in parameters("ReplicationGroup")}

    assert found == {(True, True)}


@pytest.mark.parametrize("xrd", rendered.definitions(), ids=lambda xrd: xrd["metadata"]["name"])
def test_nothing_of_how_it_is_secured_is_asked_of_developers(xrd):
    asked = xrd["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"]["properties"]

    assert asked.keys() <= {"region", "environment", "size", "storageGb", "version", "buckets", "cache"}


def test_ten_thousand_gigabytes_are_too_many():
    xrd = rendered.definition_of({"kind": "PostgresDatabase"})

    storage = xrd["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"]["properties"]["storageGb"]

    assert storage["maximum"] < 10_000
    assert "1000" in storage["description"]
