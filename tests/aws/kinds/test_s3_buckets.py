"""The irregular lives of buckets: of other accounts, locked, slow to show what was put."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crosshead.aws import emptying
from crosshead.base.errors import ForbiddenError, NotReadyError, StalledError
from crosshead.base.objects import Kind
from crosshead.base.values import SecretValue
from crosshead.devel.emulator import EmulatorControl
from crosshead.managed.external import Declared
from tests.aws.lives import KEYS, REGION, Land, Life, changed, config, create
from tests.aws.living.catalogue import LIVES

HOLD = {"ObjectLockLegalHoldStatus": "ON"}
TOMORROW = datetime.now(UTC) + timedelta(days=1)
GOVERNED = {"ObjectLockMode": "GOVERNANCE", "ObjectLockRetainUntilDate": TOMORROW}
COMPLIANT = {"ObjectLockMode": "COMPLIANCE", "ObjectLockRetainUntilDate": TOMORROW}


def life(kind: str) -> Life:
    return next(life for life in LIVES if life.service == "s3" and life.kind == kind)


def s3(land: Land) -> Any:
    return land.external("s3", "Bucket").account.clients.patient


def declared(land: Land, kind: str, name: str, **parameters: Any) -> Declared:
    return Life("s3", kind, lambda _: parameters).declared(land, name)


@pytest.fixture
def foreign(land: Land, name: str) -> str:
    """A bucket of another account, whose owner lets us in."""
    sts = land.provider._clients.get(config(land.url), KEYS, "sts", REGION).patient
    role = sts.assume_role(RoleArn="arn:aws:iam::222222222222:role/neighbour", RoleSessionName="neighbour")[
        "Credentials"
    ]
    keys = f"aws_access_key_id={role['AccessKeyId']}\naws_secret_access_key={role['SecretAccessKey']}\n"
    creds = SecretValue(f"[default]\n{keys}aws_session_token={role['SessionToken']}\n")
    neighbour = {**config(land.url), "metadata": {"name": "neighbour"}}
    land.provider._clients.get(neighbour, {"creds": creds}, "s3", REGION).patient.create_bucket(Bucket=name)
    return name


@pytest.fixture
def locked(land: Land, name: str) -> Declared:
    external = land.external("s3", "Bucket")
    return create(external, declared(land, "Bucket", name, objectLockEnabled=True, forceDestroy=True))


def test_a_bucket_of_another_account_is_neither_seen_as_ours_nor_deleted(
    land: Land, foreign: str, control: EmulatorControl
) -> None:
    external = land.external("s3", "Bucket")
    wanted = replace(declared(land, "Bucket", foreign, forceDestroy=True), external_name=foreign)

    with pytest.raises(ForbiddenError, match="it belongs to another account"):
        external.observe(wanted)
    with pytest.raises(ForbiddenError, match="it belongs to another account"):
        external.delete(wanted)

    assert control.count("s3:DeleteBucket") == 0


@pytest.mark.parametrize(
    "one", [pytest.param(one, id=one.kind) for one in LIVES if one.service == "s3" and one.kind != "Bucket"]
)
def test_a_setting_of_a_bucket_of_another_account_is_not_touched(
    land: Land, foreign: str, control: EmulatorControl, one: Life
) -> None:
    external, wanted = land.external("s3", one.kind), changed(one.declared(land, foreign), bucket=foreign)
    control.forget_requests()

    for act in (external.observe, external.create, external.delete):
        with pytest.raises(ForbiddenError):
            act(wanted)

    assert {operation for operation in control.counts() if ":Delete" in operation} == set()


def test_a_setting_may_be_of_another_account_when_the_user_says_which(land: Land, foreign: str) -> None:
    external = land.external("s3", "BucketCorsConfiguration")
    wanted = changed(
        life("BucketCorsConfiguration").declared(land, foreign), bucket=foreign, expectedBucketOwner="222222222222"
    )

    assert not external.observe(wanted).exists
    assert external.observe(create(external, wanted)).drift == ()


@pytest.mark.parametrize(
    "how", [pytest.param({}, id="freely"), pytest.param(HOLD, id="a hold"), pytest.param(GOVERNED, id="governed")]
)
def test_what_is_locked_goes_with_a_bucket_that_is_destroyed_by_force(
    land: Land, locked: Declared, how: dict[str, Any]
) -> None:
    s3(land).put_object(Bucket=locked.name, Key="a/b c", Body=b"1", **how)
    s3(land).put_object(Bucket=locked.name, Key="a/b c", Body=b"2", **how)

    land.external("s3", "Bucket").delete(locked)

    assert not land.external("s3", "Bucket").observe(locked).exists


def test_what_is_locked_for_good_stays(land: Land, locked: Declared) -> None:
    s3(land).put_object(Bucket=locked.name, Key="a", Body=b"1", **COMPLIANT)

    with pytest.raises(ForbiddenError, match=f"cannot empty for Bucket '{locked.name}': AWS answered AccessDenied"):
        land.external("s3", "Bucket").delete(locked)


def test_unfinished_uploads_are_aborted_page_by_page(
    land: Land, locked: Declared, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(emptying, "_PAGE", 1)
    monkeypatch.setattr(emptying, "_PAGES", 2)
    for key in ("a", "b"):
        s3(land).create_multipart_upload(Bucket=locked.name, Key=key)

    assert emptying.empty(s3(land), emptying.Doomed(locked.name)) is True


class Uploading:
    """A bucket in which somebody begins uploads faster than anybody can abort them."""

    def list_object_versions(self, **_: Any) -> dict[str, Any]:
        return {}

    def list_multipart_uploads(self, **_: Any) -> dict[str, Any]:
        return {"Uploads": [{"Key": "a", "UploadId": "1"}]}

    def abort_multipart_upload(self, **_: Any) -> None:
        pass


def test_uploads_that_never_end_are_left_for_the_next_time() -> None:
    assert emptying.empty(Uploading(), emptying.Doomed("busy")) is False


@pytest.fixture
def put(request: pytest.FixtureRequest, land: Land, name: str) -> Iterator[Declared]:
    one: Life = request.param
    external = land.external("s3", one.kind)
    made = create(external, one.declared(land, name))
    yield made
    external.delete(made)


@pytest.mark.parametrize("put", [life("BucketLifecycleConfiguration"), life("BucketVersioning")], indirect=True)
def test_what_aws_is_slow_to_show_must_differ_three_times(land: Land, put: Declared, control: EmulatorControl) -> None:
    external, one = land.external("s3", put.kind.kind), life(put.kind.kind)
    control.forget_requests()

    external.observe(put)
    once = sum(count for operation, count in control.counts().items() if operation.startswith("s3:Get"))
    control.forget_requests()
    external.observe(changed(put, **one.change))

    assert once == 1
    assert sum(count for operation, count in control.counts().items() if operation.startswith("s3:Get")) == 3


def test_versions_that_were_never_on_are_disabled(land: Land, name: str) -> None:
    bucket = land.made("s3", "Bucket", name)
    external = land.external("s3", "BucketVersioning")

    never = declared(land, "BucketVersioning", name, bucket=bucket, versioningConfiguration=[{"status": "Disabled"}])

    assert (external.observe(never).exists, external.observe(never).drift) == (True, ())


def test_versions_cannot_be_disabled_again(land: Land, locked: Declared) -> None:
    external = land.external("s3", "BucketVersioning")
    never = declared(
        land, "BucketVersioning", locked.name, bucket=locked.name, versioningConfiguration=[{"status": "Disabled"}]
    )

    with pytest.raises(StalledError, match="a bucket that has versions can suspend them, never lose them"):
        external.update(never, external.observe(never))


def test_a_bucket_without_versions_is_not_given_any_when_their_setting_is_deleted(
    land: Land, name: str, control: EmulatorControl
) -> None:
    bucket = land.made("s3", "Bucket", name)
    never = declared(land, "BucketVersioning", name, bucket=bucket, versioningConfiguration=[{"status": "Disabled"}])

    land.external("s3", "BucketVersioning").delete(never)

    assert control.count("s3:PutBucketVersioning") == 0
    assert not land.external("s3", "BucketVersioning").observe(never).exists


def test_copies_wait_for_versions(land: Land, name: str) -> None:
    bucket = land.made("s3", "Bucket", name)
    wanted = changed(life("BucketReplicationConfiguration").declared(land, name), bucket=bucket)

    with pytest.raises(NotReadyError, match="Versioning must be 'Enabled'"):
        land.external("s3", "BucketReplicationConfiguration").create(wanted)


def test_routes_may_be_one_text(land: Land, name: str) -> None:
    bucket = land.made("s3", "Bucket", name)
    external = land.external("s3", "BucketWebsiteConfiguration")
    routes = '[{"Redirect": {"HostName": "new.example"}, "Condition": {"KeyPrefixEquals": "a"}}]'
    page = {"bucket": bucket, "indexDocument": [{"suffix": "i"}]}
    made = create(external, declared(land, "BucketWebsiteConfiguration", name, **page, routingRules=routes))

    seen = external.observe(made)

    assert (seen.drift, seen.late) == ((), {})
    assert seen.at_provider["websiteEndpoint"] == f"{bucket}.s3-website-us-east-1.amazonaws.com"
    with pytest.raises(StalledError, match=r"spec.forProvider.routingRules is not a list in JSON"):
        external.create(changed(made, routingRules="{"))


def test_a_bucket_says_where_it_is(land: Land, name: str) -> None:
    external = land.external("s3", "Bucket", "eu-central-1")
    wanted = changed(declared(land, "Bucket", name), region="eu-central-1")
    external.create(wanted)

    shown = external.observe(wanted).at_provider

    assert shown["bucketRegionalDomainName"] == f"{name}.s3.eu-central-1.amazonaws.com"
    assert (shown["hostedZoneId"], shown["bucketRegion"]) == ("Z21DNDUVLTQW6Q", "eu-central-1")


def test_an_account_that_nobody_may_ask_for_is_not_expected(land: Land, foreign: str) -> None:
    """Without a number there is nothing to tell AWS; it lets us in, if it does, as far as its policies go."""
    unasked = config(land.url, skip_requesting_account_id=True)
    kind = Kind("s3.aws.upbound.io/v1beta1", "Bucket")
    external = land.provider.connect(kind, {"region": REGION}, {**unasked, "metadata": {"name": "unasked"}}, KEYS)

    assert external.observe(declared(land, "Bucket", foreign)).exists
