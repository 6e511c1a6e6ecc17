"""The golden path that is a template: what a Backend becomes as its list changes, and what it reports back."""

import pytest

from crosshead.compose.protocol import Ready, Resource
from tests.golden_path import rendered

CLAIM = rendered.load(rendered.ROOT / "examples" / "reporting-dev" / "backend.yaml")
READY = {"conditions": [{"type": "Ready", "status": "True"}]}
OF_BUCKET = {"", "-privacy", "-encryption", "-versions"}


def composite(**spec):
    return rendered.composite_of({**CLAIM, "spec": {**CLAIM["spec"], **spec}})


def desired(observed=None, **spec):
    return rendered.outcome(composite(**spec), observed).desired


def made(kind, external_name="", details=None, **status):
    metadata = {"annotations": {"crossplane.io/external-name": external_name}} if external_name else {}
    obj = {"apiVersion": "v1beta1", "kind": kind, "metadata": metadata, "status": {**READY, **status}}
    return Resource(obj, details or {})


CACHE = made(
    "ReplicationGroup",
    details={"primary_endpoint_address": b"cache.example.org", "port": b"6379"},
    atProvider={"primaryEndpointAddress": "cache.example.org", "port": 6379.0},
)


@pytest.mark.parametrize(
    ("buckets", "wanted"),
    [
        pytest.param([], set(), id="none"),
        pytest.param(["a"], {f"bucket-a{part}" for part in OF_BUCKET}, id="one"),
        pytest.param(["a", "b"], {f"bucket-{b}{part}" for b in "ab" for part in OF_BUCKET}, id="two"),
    ],
)
def test_each_bucket_of_the_list_is_made_with_its_protection(buckets, wanted):
    found = desired(buckets=[{"name": name} for name in buckets])

    assert {name for name in found.resources if name.startswith("bucket-")} == wanted


def test_versions_are_kept_unless_the_claim_says_otherwise():
    found = desired(buckets=[{"name": "a", "versions": False}])

    assert "bucket-a-versions" not in found.resources


def test_each_part_belongs_to_its_own_bucket():
    found = desired(buckets=[{"name": "a"}, {"name": "b"}]).resources

    labels = found["bucket-a"].resource["metadata"]["labels"]
    selector = found["bucket-a-privacy"].resource["spec"]["forProvider"]["bucketSelector"]
    assert selector == {"matchControllerRef": True, "matchLabels": labels}
    assert found["bucket-b"].resource["metadata"]["labels"] != labels


def test_without_a_cache_nothing_of_one_is_made():
    claim = {**CLAIM, "spec": {key: value for key, value in CLAIM["spec"].items() if key != "cache"}}

    found = rendered.outcome(rendered.composite_of(claim)).desired

    assert {name for name in found.resources if not name.startswith("bucket-")} == set()


@pytest.mark.parametrize(("size", "node"), [("small", "cache.t4g.small"), ("large", "cache.r7g.xlarge")])
def test_the_size_chooses_the_node(size, node):
    found = desired(cache={"size": size})

    assert found.resources["cache"].resource["spec"]["forProvider"]["nodeType"] == node


@pytest.mark.parametrize(
    ("environment", "policy", "snapshots"),
    [("production", "Orphan", 7.0), ("development", "Delete", 0.0)],
)
def test_production_is_kept(environment, policy, snapshots):
    found = desired(environment=environment).resources

    policies = {one.resource["spec"]["deletionPolicy"] for name, one in found.items() if name.startswith("bucket-")}
    assert policies == {policy}
    assert found["cache"].resource["spec"]["forProvider"]["snapshotRetentionLimit"] == snapshots


def test_nothing_is_reported_before_it_is_known():
    found = desired()

    assert found.composite.resource["status"] == {"buckets": {}}
    assert set(found.composite.connection_details) == {"region"}


def test_names_and_addresses_are_reported_and_published():
    found = desired({"bucket-uploads": made("Bucket", "reports-x7k2p-1"), "cache": CACHE})

    assert found.composite.resource["status"] == {
        "buckets": {"uploads": "reports-x7k2p-1"},
        "cache": {"address": "cache.example.org", "port": 6379},
    }
    assert found.composite.connection_details == {
        "region": b"us-east-1",
        "bucket.uploads": b"reports-x7k2p-1",
        "cache.host": b"cache.example.org",
        "cache.port": b"6379",
    }


def test_what_is_ready_is_said_to_be():
    found = desired({"bucket-uploads": made("Bucket", "x")}).resources

    assert (found["bucket-uploads"].ready, found["bucket-scratch"].ready) == (Ready.TRUE, Ready.FALSE)
