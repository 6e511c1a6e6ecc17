"""AWS misbehaving: what it does to us, over HTTP, and what we say about it."""

from dataclasses import replace
from time import monotonic

import pytest

from crosshead.aws.provider import AwsProvider
from crosshead.base.errors import ForbiddenError, NotReadyError, StalledError, ThrottledError, TransientError
from crosshead.base.values import SecretValue
from crosshead.devel.emulator import EmulatorControl
from crosshead.managed.external import Declared
from tests.aws.lives import PASSWORD, Land, changed, create, settle
from tests.aws.living.catalogue import LIVES

BUCKET = next(life for life in LIVES if life.kind == "Bucket")
VPC = next(life for life in LIVES if life.kind == "VPC")


@pytest.mark.parametrize(
    ("fault", "error", "words"),
    [
        pytest.param(
            {"kind": "error", "code": "AccessDenied", "message": "User: arn:aws:iam::1:user/x is not authorized"},
            ForbiddenError,
            "AWS answered AccessDenied: User: arn:aws:iam::1:user/x is not authorized",
            id="we are refused",
        ),
        pytest.param({"kind": "status", "status": 500}, TransientError, "", id="AWS has an error of its own"),
        pytest.param({"kind": "html"}, TransientError, "the answer is not AWS': it cannot be parsed", id="HTML"),
        pytest.param({"kind": "truncate"}, TransientError, "the answer is not AWS': it cannot be parsed", id="half"),
        pytest.param({"kind": "reset"}, TransientError, "AWS cannot be reached", id="the connection breaks"),
    ],
)
def test_a_look_that_fails_says_why(
    land: Land, unnamed: Declared, control: EmulatorControl, fault: dict[str, str], error: type[Exception], words: str
) -> None:
    external = land.external("rds", "Instance")
    control.add_fault(service="rds", operation="DescribeDBInstances", **fault)

    with pytest.raises(error) as first:
        external.observe(unnamed)
    with pytest.raises(error) as second:
        external.observe(unnamed)

    assert str(first.value).startswith(f"cannot describe db instances for Instance '{unnamed.name}': ")
    assert words in str(first.value)
    assert str(first.value) == str(second.value)


@pytest.fixture
def brisk(land: Land) -> Land:
    """A land whose provider is slowed down for nobody else."""
    return replace(land, provider=AwsProvider())


def test_a_throttle_that_passes_is_not_noticed(brisk: Land, unnamed: Declared, control: EmulatorControl) -> None:
    control.add_fault(kind="throttle", service="rds", operation="DescribeDBInstances", times=1)

    assert not brisk.external("rds", "Instance").observe(unnamed).exists
    assert control.count("rds:DescribeDBInstances") == 2


def test_a_throttle_that_lasts_is_told_and_slows_down_all_who_ask_the_same(
    brisk: Land, unnamed: Declared, control: EmulatorControl
) -> None:
    """AWS lets half a request per second through: nobody asks much faster, and who is held back is told until when."""
    control.add_fault(kind="throttle", service="rds", operation="DescribeDBInstances", rate=0.5, burst=1)

    began = monotonic()
    refused = [error for error in (failure(brisk, unnamed) for _ in range(60)) if error is not None]

    assert {error.retry_after > 0 for error in refused} == {True, False}
    assert all("AWS answered Throttling: Rate exceeded" in str(error) for error in refused)
    assert control.count("rds:DescribeDBInstances") < 12 + (monotonic() - began) * 5


def failure(land: Land, declared: Declared) -> ThrottledError | None:
    try:
        land.external("rds", "Instance").observe(declared)
    except ThrottledError as error:
        return error
    return None


@pytest.mark.parametrize(
    "called",
    ["ec2 VPC", "ec2 Subnet", "ec2 SecurityGroup", "rds Instance", "s3 Bucket", "elasticache ReplicationGroup"],
)
def test_a_create_whose_answer_is_lost_on_the_way_is_made_once(
    land: Land, name: str, control: EmulatorControl, called: str
) -> None:
    life = next(life for life in LIVES if life.id == called)
    external = land.external(life.service, life.kind)
    declared = life.declared(land, name)
    control.add_fault(kind="lost-answer", service=life.service, operation="Create*", times=1)

    with pytest.raises(TransientError):
        external.create(declared)
    found = settle(external, declared)

    made = [count for operation, count in control.counts().items() if operation.startswith(f"{life.service}:Create")]
    assert made == [1]
    assert (found.exists, bool(found.external_name)) == (True, True)
    external.delete(replace(declared, external_name=found.external_name))


def test_a_create_that_aws_may_not_show_yet_is_not_repeated(land: Land, name: str, control: EmulatorControl) -> None:
    external, declared = land.external("ec2", "VPC"), VPC.declared(land, name)
    control.add_fault(kind="lost-answer", service="ec2", operation="CreateVpc", times=1)
    with pytest.raises(TransientError):
        external.create(declared)

    control.add_fault(kind="error", service="ec2", operation="DescribeVpcs", code="InvalidVpcID.NotFound")
    with pytest.raises(NotReadyError, match="it may have been created all the same"):
        external.create(declared)

    assert control.count("ec2:CreateVpc") == 1


def test_a_setting_of_no_bucket_is_nothing_to_delete(land: Land, name: str) -> None:
    """Its reference was never resolved: nobody waits for it."""
    external = land.external("s3", "BucketVersioning")
    nowhere = changed(BUCKET.declared(land, name), versioningConfiguration=[{"status": "Enabled"}])

    external.delete(nowhere)

    assert not external.observe(nowhere).exists


def test_a_field_that_aws_complains_about_is_named_in_our_words(
    land: Land, unnamed: Declared, control: EmulatorControl
) -> None:
    said = "Invalid DB Instance class: db.t3.micro"
    control.add_fault(
        kind="error",
        service="rds",
        operation="CreateDBInstance",
        code="InvalidParameterValue",
        message=said,
        status=400,
    )

    with pytest.raises(StalledError) as caught:
        land.external("rds", "Instance").create(unnamed)

    assert str(caught.value) == (
        f"cannot create db instance for Instance '{unnamed.name}': AWS answered InvalidParameterValue: {said} "
        "(see spec.forProvider.instanceClass)"
    )
    assert caught.value.reason == "CannotCreateExternalResource"


def test_what_a_create_refers_to_may_come_later(land: Land, unnamed: Declared) -> None:
    early = changed(unnamed, dbSubnetGroupName="not-yet-there")

    with pytest.raises(NotReadyError, match="not-yet-there"):
        land.external("rds", "Instance").create(early)


def test_a_setting_waits_for_its_bucket(land: Land, name: str) -> None:
    life = next(life for life in LIVES if life.kind == "BucketVersioning")
    external = land.external("s3", "BucketVersioning")
    early = changed(life.declared(land, name), bucket="a-bucket-of-tomorrow")

    assert not external.observe(early).exists
    with pytest.raises(NotReadyError, match="NoSuchBucket"):
        external.create(early)


def test_attributes_that_cannot_be_set_at_once_are_drift(land: Land, name: str, control: EmulatorControl) -> None:
    """The VPC exists: an error would only hide what it is called."""
    external = land.external("ec2", "VPC")
    control.add_fault(kind="error", code="IncorrectState", service="ec2", operation="ModifyVpcAttribute", times=1)

    born = create(external, VPC.declared(land, name))

    assert [drift.field for drift in external.observe(born).drift] == ["enableDnsHostnames"]
    external.delete(born)


def test_no_secret_is_in_any_text(land: Land, unnamed: Declared, control: EmulatorControl) -> None:
    external = land.external("rds", "Instance")
    control.add_fault(kind="html", service="rds", operation="CreateDBInstance")

    with pytest.raises(TransientError) as caught:
        external.create(unnamed)

    shown = f"{caught.value!r} {caught.value.__cause__!r} {external!r} {unnamed!r}"
    assert PASSWORD["password"].reveal().decode() not in shown


def test_a_password_that_is_no_text_stalls_without_showing_it(land: Land, unnamed: Declared) -> None:
    odd = replace(unnamed, secrets={"password": SecretValue(b"\xff\xfe12345678")})

    with pytest.raises(StalledError, match=r"the value that spec.forProvider.passwordSecretRef points at is not text"):
        land.external("rds", "Instance").create(odd)


def test_a_bucket_of_another_account_is_not_ours(land: Land, name: str, control: EmulatorControl) -> None:
    control.add_fault(kind="status", status=403, service="s3", operation="HeadBucket")

    with pytest.raises(ForbiddenError, match="the credentials do not allow it, or it belongs to another account"):
        land.external("s3", "Bucket").observe(BUCKET.declared(land, name))


@pytest.mark.parametrize("code", ["InstanceQuotaExceeded", "InsufficientDBInstanceCapacity"])
def test_a_limit_is_told_and_nothing_was_created(
    land: Land, unnamed: Declared, control: EmulatorControl, code: str
) -> None:
    external = land.external("rds", "Instance")
    control.add_fault(
        kind="error", service="rds", operation="CreateDBInstance", code=code, message="None left", times=1
    )

    with pytest.raises(StalledError, match=f"AWS answered {code}: None left$"):
        external.create(unnamed)

    assert control.count("rds:CreateDBInstance") == 1
