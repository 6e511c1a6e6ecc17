"""Objects of one version, turned into another."""

import pytest

from crosshead.aws import conversion
from crosshead.aws.conversion import ConversionError, convert, review

OLD, NEW = "s3.aws.upbound.io/v1beta1", "s3.aws.upbound.io/v1beta2"


def versioning(version, configuration):
    block = {"versioningConfiguration": configuration}
    return {
        "apiVersion": version,
        "kind": "BucketVersioning",
        "metadata": {"name": "orders", "uid": "a", "labels": {"b": "c"}},
        "spec": {"forProvider": {"region": "eu-west-1", **block}, "initProvider": block, "deletionPolicy": "Orphan"},
        "status": {"atProvider": block, "conditions": [{"type": "Ready", "status": "True"}]},
    }


LISTS = versioning(OLD, [{"status": "Enabled"}])
OBJECTS = versioning(NEW, {"status": "Enabled"})


@pytest.mark.parametrize(
    ("given", "wanted", "expected"),
    [
        pytest.param(LISTS, NEW, OBJECTS, id="to objects"),
        pytest.param(OBJECTS, OLD, LISTS, id="to lists"),
        pytest.param(LISTS, OLD, LISTS, id="to itself"),
    ],
)
def test_blocks_of_one_change_their_form_and_nothing_else_changes(given, wanted, expected):
    assert convert(given, wanted) == expected


def test_what_has_no_status_yet_gets_none():
    fresh = {key: value for key, value in LISTS.items() if key != "status"}

    assert "status" not in convert(fresh, NEW)


def test_an_old_name_becomes_the_new_one():
    old = {
        "apiVersion": "rds.aws.upbound.io/v1beta1",
        "kind": "Instance",
        "spec": {"forProvider": {"name": "orders", "region": "eu-west-1"}},
    }

    new = convert(old, "rds.aws.upbound.io/v1beta2")

    assert new["spec"]["forProvider"] == {"dbName": "orders", "region": "eu-west-1"}
    assert convert(new, "rds.aws.upbound.io/v1beta1")["spec"]["forProvider"]["dbName"] == "orders"


@pytest.mark.parametrize("wanted", ["s3.aws.upbound.io/v9", "ec2.aws.upbound.io/v1beta1", "v1", ""])
def test_what_is_no_version_of_the_kind_is_refused(wanted):
    with pytest.raises(ConversionError, match=f"BucketVersioning has no version {wanted}"):
        convert(LISTS, wanted)


def test_a_review_answers_all_objects_in_order():
    answer = review({"request": {"uid": "u", "desiredAPIVersion": NEW, "objects": [LISTS, OBJECTS]}})

    assert answer["response"] == {"uid": "u", "convertedObjects": [OBJECTS, OBJECTS], "result": {"status": "Success"}}


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"request": {"desiredAPIVersion": NEW}}, id="no objects"),
        pytest.param({"request": {"desiredAPIVersion": "v9", "objects": [LISTS]}}, id="no version"),
        pytest.param({"request": {"desiredAPIVersion": NEW, "objects": ["a"]}}, id="no object"),
    ],
)
def test_what_cannot_be_converted_is_a_failure_that_says_why(asked):
    response = review(asked)["response"]

    assert (response["result"]["status"], response["convertedObjects"]) == ("Failure", [])
    assert response["result"]["message"].startswith("cannot convert: ")


def test_only_kinds_of_several_versions_are_converted():
    assert "bucketversionings.s3.aws.upbound.io" in conversion.crds()
    assert "bucketpolicies.s3.aws.upbound.io" not in conversion.crds()
