"""Objects: what they are called, how they are written, what of them is compared."""

from base64 import b64encode
from dataclasses import replace
from typing import Any

import pytest

from crosshead.aws.kinds import s3_checksums, s3_grants, s3_writing
from crosshead.base.errors import StalledError
from crosshead.devel.emulator import EmulatorControl
from crosshead.managed.external import Declared
from tests.aws.lives import Land, Life, changed, create

CHECK = b"123456789"


def s3(land: Land) -> Any:
    return land.external("s3", "Object").account.clients.patient


def declared(land: Land, name: str, kind: str = "Object", **parameters: Any) -> Declared:
    return Life("s3", kind, lambda _: {"bucket": land.bucket, **parameters}).declared(land, name)


@pytest.fixture
def born(land: Land, name: str) -> Declared:
    wanted = declared(land, name, key=f"dir/{name}.txt", content="hello", metadata={"a": "b"})
    return create(land.external("s3", "Object"), wanted)


@pytest.mark.parametrize(
    ("algorithm", "expected"),
    [
        pytest.param("CRC32C", "e3069283", id="Castagnoli"),
        pytest.param("CRC64NVME", "ae8b14860a799888", id="NVMe"),
        pytest.param("CRC32", "cbf43926", id="of the standard library"),
    ],
)
def test_checksums_are_those_of_their_definitions(algorithm: str, expected: str) -> None:
    assert s3_checksums.checksum(algorithm, CHECK) == b64encode(bytes.fromhex(expected)).decode()


@pytest.mark.parametrize("algorithm", ["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"])
def test_an_object_is_put_with_the_checksum_that_is_declared(land: Land, name: str, algorithm: str) -> None:
    external = land.external("s3", "Object")
    made = create(external, declared(land, name, key=name, content="hello", checksumAlgorithm=algorithm))

    assert external.observe(made).drift == ()


@pytest.mark.parametrize(
    ("record", "same"),
    [
        pytest.param({"ETag": s3_checksums.etag(CHECK)}, True, id="the tag of the same"),
        pytest.param({"ETag": s3_checksums.etag(b"other")}, False, id="the tag of something else"),
        pytest.param(
            {"ETag": "of-a-key", "ServerSideEncryption": "aws:kms", "ChecksumCRC32": "y/Q5Jg=="}, True, id="encrypted"
        ),
        pytest.param(
            {"ETag": "of-a-key", "ServerSideEncryption": "aws:kms", "ChecksumCRC32": "AAAAAA=="}, False, id="another"
        ),
        pytest.param({"ETag": "a-2", "ContentLength": 9}, True, id="of the same length, and no more is known"),
        pytest.param({"ETag": "a-2", "ContentLength": 8}, False, id="of another length"),
        pytest.param(
            {"ETag": "a-2", "ContentLength": 9, "ChecksumCRC32": "AAAAAA==-2", "ChecksumType": "COMPOSITE"},
            True,
            id="a sum of sums",
        ),
    ],
)
def test_content_is_told_by_what_aws_shows_of_it(record: dict[str, Any], *, same: bool) -> None:
    shown = {**record, "ChecksumAlgorithm": s3_checksums.shown(record)}

    assert s3_writing.is_content({"content": CHECK.decode()}, shown) is same


def test_content_may_be_in_base64(land: Land, name: str) -> None:
    external = land.external("s3", "Object")
    made = create(external, declared(land, name, key=name, contentBase64="AAEC/w=="))

    assert s3(land).get_object(Bucket=land.bucket, Key=name)["Body"].read() == b"\x00\x01\x02\xff"
    assert external.observe(made).drift == ()


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        pytest.param({"contentBase64": "?"}, r"spec.forProvider.contentBase64 is not Base64", id="no Base64"),
        pytest.param({"source": "/etc/passwd"}, "source names a file of the operator's", id="a file of ours"),
    ],
)
def test_content_that_cannot_be_had_is_refused(
    land: Land, name: str, parameters: dict[str, str], sentence: str
) -> None:
    with pytest.raises(StalledError, match=sentence):
        land.external("s3", "Object").create(declared(land, name, key=name, **parameters))


@pytest.mark.parametrize("of_old", ["dir/{name}.txt", "{bucket}/dir/{name}.txt"], ids=["the key", "bucket and key"])
def test_it_is_found_by_its_key_alone_too(land: Land, born: Declared, of_old: str) -> None:
    known = of_old.format(name=born.name, bucket=land.bucket)

    seen = land.external("s3", "Object").observe(replace(born, external_name=known))

    assert (seen.exists, seen.external_name) == (True, f"{land.bucket}/dir/{born.name}.txt")


def test_it_is_found_by_its_key_when_only_the_bucket_is_declared(land: Land, name: str) -> None:
    s3(land).put_object(Bucket=land.bucket, Key=name, Body=b"")
    known = replace(declared(land, name), external_name=name)

    assert land.external("s3", "Object").observe(known).external_name == f"{land.bucket}/{name}"


def test_what_has_no_name_at_all_does_not_exist(land: Land, name: str) -> None:
    assert not land.external("s3", "Object").observe(declared(land, name)).exists


def test_an_object_that_is_written_again_keeps_its_tags(land: Land, born: Declared) -> None:
    external = land.external("s3", "Object")
    before = external.observe(born).at_provider["tags"]
    wanted = changed(born, content="good bye")

    external.update(wanted, external.observe(wanted))

    assert external.observe(wanted).at_provider["tags"] == before
    assert external.observe(wanted).at_provider["metadata"] == {"a": "b"}


def test_an_object_of_somebody_else_is_changed_without_its_content(land: Land, name: str) -> None:
    external = land.external("s3", "Object")
    s3(land).put_object(Bucket=land.bucket, Key=name, Body=b"theirs", ContentType="text/x")
    wanted = replace(declared(land, name, key=name, cacheControl="no-store"), external_name=f"{land.bucket}/{name}")

    external.update(wanted, external.observe(wanted))

    found = s3(land).get_object(Bucket=land.bucket, Key=name)
    assert (found["Body"].read(), found["ContentType"], found["CacheControl"]) == (b"theirs", "text/x", "no-store")
    assert external.observe(wanted).drift == ()


def test_who_may_read_it_is_changed_without_writing_it(land: Land, born: Declared, control: EmulatorControl) -> None:
    external = land.external("s3", "Object")
    wanted = changed(born, acl="public-read")
    control.forget_requests()

    external.update(wanted, external.observe(wanted))

    assert (control.count("s3:PutObject"), control.count("s3:PutObjectAcl")) == (0, 1)
    assert external.observe(wanted).drift == ()


def test_locks_are_changed_without_writing_it(land: Land, name: str, control: EmulatorControl) -> None:
    bucket = land.made("s3", "Bucket", name, objectLockEnabled=True)
    external = land.external("s3", "Object")
    made = create(external, changed(declared(land, name, key="a", content="1", forceDestroy=True), bucket=bucket))
    until = {"objectLockMode": "GOVERNANCE", "objectLockRetainUntilDate": "2050-01-01T00:00:00Z"}
    wanted = changed(made, objectLockLegalHoldStatus="ON", **until)
    control.forget_requests()

    external.update(wanted, external.observe(wanted))

    assert control.count("s3:PutObject") == 0
    assert external.observe(wanted).drift == ()
    external.delete(wanted)
    assert "Versions" not in s3(land).list_object_versions(Bucket=bucket)


def test_all_versions_of_an_object_are_deleted_and_no_others(land: Land, name: str) -> None:
    bucket = land.made("s3", "Bucket", name, objectLockEnabled=True)
    external = land.external("s3", "Object")
    made = create(external, changed(declared(land, name, key="a", content="1"), bucket=bucket))
    s3(land).put_object(Bucket=bucket, Key="a", Body=b"2")
    s3(land).put_object(Bucket=bucket, Key="a/b", Body=b"3")

    external.delete(made)

    left = s3(land).list_object_versions(Bucket=bucket)
    assert [version["Key"] for version in left["Versions"]] == ["a/b"]
    assert "DeleteMarkers" not in left


def test_tags_for_all_objects_are_its_own(land: Land, name: str) -> None:
    more = [{"defaultTags": [{"tags": {"team": "orders", "stage": "test"}}]}]
    external = land.external("s3", "Object")
    made = create(external, declared(land, name, key=name, content="", overrideProvider=more, tags={"stage": "live"}))

    seen = external.observe(made)

    assert seen.drift == ()
    assert (seen.at_provider["tags"]["team"], seen.at_provider["tags"]["stage"]) == ("orders", "live")


def granted(*grants: tuple[str, str]) -> dict[str, Any]:
    named = [{"Grantee": {"URI" if who.startswith("http") else "ID": who}, "Permission": what} for who, what in grants]
    return {"Owner": {"ID": "us"}, "Grants": named}


@pytest.mark.parametrize(
    ("grants", "name"),
    [
        pytest.param([("us", "FULL_CONTROL")], "private", id="we alone"),
        pytest.param(
            [("us", "FULL_CONTROL"), ("http://acs.amazonaws.com/groups/global/AllUsers", "READ")],
            "public-read",
            id="everybody",
        ),
        pytest.param([("us", "FULL_CONTROL"), ("them", "READ")], "custom", id="somebody"),
        pytest.param([("us", "READ")], "custom", id="less than all to us"),
    ],
)
def test_canned_acls_are_known_by_what_they_grant(grants: list[tuple[str, str]], name: str) -> None:
    assert s3_grants.canned(granted(*grants)) == name


@pytest.mark.parametrize(
    ("declared", "found", "same"),
    [
        pytest.param("public-read", "public-read", True, id="the same"),
        pytest.param("public-read", "private", False, id="another"),
        pytest.param("bucket-owner-full-control", "private", True, id="what only another owner would see"),
        pytest.param("private", "custom", False, id="grants"),
    ],
)
def test_names_of_canned_acls(declared: str, found: str, *, same: bool) -> None:
    assert s3_grants.is_canned(declared, found, {}) is same
