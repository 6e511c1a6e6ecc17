"""Kinds of several versions, and of both families, on the real API server: what one writes, the other reads."""

import json

import pytest

from tests.journeys.stage import REGION, Stage

pytestmark = pytest.mark.usefixtures("served")
OLD, NEW = "v1beta1.s3.aws.upbound.io", "v1beta2.s3.aws.upbound.io"


@pytest.fixture(scope="module")
def served(stage: Stage) -> None:
    stage.serve("s3.aws.m.upbound.io")


def bucket(name: str, **more: object) -> dict[str, object]:
    return {
        "apiVersion": "s3.aws.upbound.io/v1beta2",
        "kind": "Bucket",
        "metadata": {"name": name, **more},
        "spec": {"forProvider": {"region": REGION, "forceDestroy": True}},
    }


def versioning(version: str, name: str, configuration: object) -> dict[str, object]:
    return {
        "apiVersion": f"s3.aws.upbound.io/{version}",
        "kind": "BucketVersioning",
        "metadata": {"name": name},
        "spec": {
            "forProvider": {"region": REGION, "bucketRef": {"name": name}, "versioningConfiguration": configuration}
        },
    }


def read(stage: Stage, version: str, name: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(stage.kubectl("get", f"bucketversionings.{version}", name, "-o", "json"))
    return found


@pytest.mark.parametrize(
    ("version", "configuration"),
    [
        pytest.param("v1beta1", [{"status": "Enabled"}], id="written as a list"),
        pytest.param("v1beta2", {"status": "Enabled"}, id="written as an object"),
    ],
)
def test_a_block_is_a_list_in_the_first_version_and_an_object_in_the_second(
    stage: Stage, version: str, configuration: object
) -> None:
    name = f"versions-{version}"
    stage.apply(bucket(name), versioning(version, name, configuration))

    stage.wait_ready("bucketversioning.s3.aws.upbound.io", name)

    old, new = read(stage, OLD, name), read(stage, NEW, name)
    assert old["spec"]["forProvider"]["versioningConfiguration"] == [{"status": "Enabled"}]
    assert old["status"]["atProvider"]["versioningConfiguration"][0]["status"] == "Enabled"
    assert new["spec"]["forProvider"]["versioningConfiguration"] == {"status": "Enabled"}
    assert new["status"]["atProvider"]["versioningConfiguration"]["status"] == "Enabled"
    assert stage.aws("s3").get_bucket_versioning(Bucket=name)["Status"] == "Enabled"


def test_namespaced_kinds_live_beside_those_of_the_cluster(stage: Stage) -> None:
    place = {"namespace": "checkout-dev"}
    stage.apply(
        {
            "apiVersion": "s3.aws.m.upbound.io/v1beta1",
            "kind": "Bucket",
            "metadata": {"name": "in-a-namespace", **place},
            "spec": {"forProvider": {"region": REGION}},
        },
        {
            "apiVersion": "s3.aws.m.upbound.io/v1beta1",
            "kind": "BucketVersioning",
            "metadata": {"name": "in-a-namespace", **place},
            "spec": {
                "forProvider": {
                    "region": REGION,
                    "bucketRef": {"name": "in-a-namespace"},
                    "versioningConfiguration": {"status": "Enabled"},
                }
            },
        },
    )

    versioning = stage.wait_ready("bucketversioning.s3.aws.m.upbound.io", "in-a-namespace", "checkout-dev")
    assert versioning["spec"]["forProvider"]["bucket"] == "in-a-namespace"
    assert versioning["spec"]["providerConfigRef"] == {"kind": "ClusterProviderConfig", "name": "default"}
    config = stage.get("clusterproviderconfig.aws.m.upbound.io", "default")
    assert config["status"]["users"] >= 2

    for kind in ("bucketversioning", "bucket"):
        stage.kubectl("delete", f"{kind}.s3.aws.m.upbound.io", "in-a-namespace", "-n", "checkout-dev")
    names = {one["Name"] for one in stage.aws("s3").list_buckets()["Buckets"]}
    assert "in-a-namespace" not in names
