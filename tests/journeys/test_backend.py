"""The golden path that is a template (function-jinja), from the claim to AWS and back; and the same in a namespace."""

import base64

from tests.journeys import moderns
from tests.journeys.moderns import SHOP, composed, composite, composition, offer, remove, resource, xrd
from tests.journeys.stage import REGION, ROOT, eventually

CLAIM = "backends.platform.example.org"
PLACE = "reporting-dev"
BUCKET = """
apiVersion: s3.aws.m.upbound.io/v1beta1
kind: Bucket
metadata:
  annotations:
    {{ resource_name("bucket") }}
    {{ ready(is_ready("bucket")) }}
spec:
  forProvider: {region: us-east-1, forceDestroy: true}
---
apiVersion: {{ xr.apiVersion }}
kind: {{ xr.kind }}
status: {seen: {{ field(observed_resource("bucket") or {}, "status.atProvider.arn", "") | quote }}}
"""


def test_a_backend_has_the_buckets_of_its_list_and_a_cache_and_follows_the_list(stage):
    stage.kubectl("apply", "-f", str(ROOT / "examples" / PLACE))

    claim = stage.wait_ready(CLAIM, "reports", PLACE)

    buckets = claim["status"]["buckets"]
    assert buckets.keys() == {"uploads", "scratch"}
    assert set(buckets.values()) <= names(stage)
    assert protected(stage, buckets["uploads"]) == ("Enabled", True)
    assert protected(stage, buckets["scratch"]) == (None, True)
    (cache,) = caches(stage, claim)
    assert claim["status"]["cache"]["address"] == cache["NodeGroups"][0]["PrimaryEndpoint"]["Address"]
    secret = eventually(lambda: stage.get("secret", "reports-backend", PLACE), "the Secret is there")
    told = {key: base64.b64decode(value).decode() for key, value in secret["data"].items()}
    assert told == {
        "region": REGION,
        "bucket.uploads": buckets["uploads"],
        "bucket.scratch": buckets["scratch"],
        "cache.host": claim["status"]["cache"]["address"],
        "cache.port": "6379",
    }

    change = '{"spec": {"buckets": [{"name": "uploads"}], "cache": null}}'
    stage.kubectl("patch", CLAIM, "reports", "-n", PLACE, "--type=merge", "-p", change)
    eventually(lambda: buckets["scratch"] not in names(stage), "the bucket that is not on the list is gone")
    eventually(lambda: not caches(stage, claim), "the cache is gone")
    assert buckets["uploads"] in names(stage)

    stage.kubectl("delete", CLAIM, "reports", "-n", PLACE, "--wait=false")
    stage.wait_gone(CLAIM, "reports", PLACE)
    assert buckets["uploads"] not in names(stage)


def names(stage):
    return {bucket["Name"] for bucket in stage.aws("s3").list_buckets()["Buckets"]}


def protected(stage, bucket):
    """Return how versions are kept, and whether all public access is blocked."""
    s3 = stage.aws("s3")
    blocks = s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    return s3.get_bucket_versioning(Bucket=bucket).get("Status"), all(blocks.values())


def caches(stage, claim):
    found = stage.aws("elasticache").describe_replication_groups()["ReplicationGroups"]
    return [one for one in found if one["Description"].startswith(f"Cache {claim['metadata']['name']} ")]


def test_a_namespaced_composite_composes_managed_resources_of_its_namespace(stage):
    moderns.furnish(stage)
    stage.serve("s3.aws.m.upbound.io")
    offer(stage, xrd("Locker"))
    stage.apply(composition("lockers", "Locker", BUCKET), composite("Locker", "mine"))

    locker = stage.wait_ready(resource("Locker"), "mine", SHOP)

    bucket = composed(stage, locker)["bucket"]
    external = bucket["metadata"]["annotations"]["crossplane.io/external-name"]
    assert bucket["metadata"]["namespace"] == SHOP
    assert locker["status"]["seen"] == f"arn:aws:s3:::{external}"
    assert external in names(stage)
    remove(stage, "Locker", "mine")
    eventually(lambda: external not in names(stage), "nothing is left in AWS")
