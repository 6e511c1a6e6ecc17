"""What is peculiar to IAM: versions, what belongs to whom, keys that are shown once."""

import base64
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from crosshead.aws.provider import AwsProvider
from crosshead.base.errors import NotReadyError
from crosshead.base.objects import Kind
from crosshead.managed.external import Declared
from tests.aws.lives import KEYS, Land, Life, changed, config, create
from tests.aws.living.iam import BOUNDARY, VIEWER, reading, trust

Make = Callable[..., Declared]


@pytest.fixture
def make(land: Land, name: str) -> Make:
    """Return what creates something of IAM."""

    def made(kind: str, **parameters: Any) -> Declared:
        return create(land.external("iam", kind), Life("iam", kind, lambda _: parameters).declared(land, name))

    return made


@pytest.fixture
def iam(land: Land) -> Any:
    return land.external("iam", "Role").account.clients.patient


def update(land: Land, declared: Declared, **parameters: Any) -> Declared:
    external, wanted = land.external("iam", declared.kind.kind), changed(declared, **parameters)
    external.update(wanted, external.observe(wanted))
    return wanted


def versions(iam: Any, declared: Declared) -> list[str]:
    arn = f"arn:aws:iam::123456789012:policy/{declared.name}"
    return [one["VersionId"] for one in iam.list_policy_versions(PolicyArn=arn)["Versions"]]


@pytest.mark.parametrize(("times", "left"), [(1, {"v1", "v2"}), (7, {"v4", "v5", "v6", "v7", "v8"})])
def test_aws_keeps_five_versions_of_a_policy_and_the_oldest_makes_room(
    land: Land, make: Make, iam: Any, times: int, left: set[str]
) -> None:
    policy = make("Policy", policy=reading("orders"))

    for number in range(times):
        update(land, policy, policy=reading(f"orders-{number}"))

    assert set(versions(iam, policy)) == left


def test_the_version_that_counts_is_never_the_one_that_makes_room(land: Land, make: Make, iam: Any) -> None:
    policy = make("Policy", policy=reading("orders"))
    for number in range(4):
        update(land, policy, policy=reading(f"orders-{number}"))
    arn = f"arn:aws:iam::123456789012:policy/{policy.name}"
    iam.set_default_policy_version(PolicyArn=arn, VersionId="v1")

    update(land, policy, policy=reading("elsewhere"))

    assert set(versions(iam, policy)) == {"v1", "v3", "v4", "v5", "v6"}


def test_a_policy_goes_with_all_its_versions(land: Land, make: Make) -> None:
    policy = make("Policy", policy=reading("orders"))
    update(land, policy, policy=reading("more-orders"))

    land.external("iam", "Policy").delete(policy)

    assert not land.external("iam", "Policy").observe(policy).exists


def test_a_policy_that_somebody_has_stays_until_nobody_has_it(land: Land, make: Make, iam: Any) -> None:
    policy = make("Policy", policy=reading("orders"))
    make("Role", assumeRolePolicy=trust("ec2.amazonaws.com"))
    arn = f"arn:aws:iam::123456789012:policy/{policy.name}"
    iam.attach_role_policy(RoleName=policy.name, PolicyArn=arn)

    with pytest.raises(NotReadyError, match="Cannot delete a policy attached to entities"):
        land.external("iam", "Policy").delete(policy)


def test_a_policy_is_imported_by_its_arn_too(land: Land, make: Make) -> None:
    policy = make("Policy", policy=reading("orders"), path="/orders/")
    arn = f"arn:aws:iam::123456789012:policy/orders/{policy.name}"

    seen = land.external("iam", "Policy").observe(replace(policy, external_name=arn, parameters={}, initial={}))

    assert (seen.exists, seen.at_provider["id"]) == (True, arn)


def test_a_document_that_is_spelt_otherwise_is_no_drift(land: Land, make: Make) -> None:
    role = make("Role", assumeRolePolicy=trust("ec2.amazonaws.com"))
    spelt = trust("ec2.amazonaws.com").replace('"sts:AssumeRole"', '["sts:assumerole"]')

    assert land.external("iam", "Role").observe(changed(role, assumeRolePolicy=spelt)).drift == ()


@pytest.fixture
def role(make: Make, iam: Any) -> Declared:
    """A role that somebody else has given policies, and a profile."""
    made = make("Role", assumeRolePolicy=trust("ec2.amazonaws.com"))
    iam.attach_role_policy(RoleName=made.name, PolicyArn=VIEWER)
    iam.put_role_policy(RoleName=made.name, PolicyName="own", PolicyDocument=reading("orders"))
    return made


def test_a_role_that_has_policies_stays(land: Land, role: Declared) -> None:
    with pytest.raises(NotReadyError, match="must detach all policies first"):
        land.external("iam", "Role").delete(role)


def test_a_role_is_rid_of_its_policies_on_demand(land: Land, role: Declared) -> None:
    external = land.external("iam", "Role")

    external.delete(changed(role, forceDetachPolicies=True))

    assert not external.observe(role).exists


def test_a_role_leaves_its_profiles(land: Land, make: Make) -> None:
    role = make("Role", assumeRolePolicy=trust("ec2.amazonaws.com"))
    profile = make("InstanceProfile", role=role.name)

    land.external("iam", "Role").delete(role)

    seen = land.external("iam", "InstanceProfile").observe(profile)
    assert [drift.found for drift in seen.drift] == [""]


def test_policies_of_a_role_that_were_added_by_hand_are_drift(land: Land, make: Make, iam: Any) -> None:
    role = make("Role", assumeRolePolicy=trust("ec2.amazonaws.com"), managedPolicyArns=[VIEWER])
    iam.attach_role_policy(RoleName=role.name, PolicyArn=BOUNDARY)

    drift = land.external("iam", "Role").observe(role).drift

    assert [(one.field, one.found) for one in drift] == [("managedPolicyArns", sorted([VIEWER, BOUNDARY]))]


def test_policies_of_a_role_that_declares_none_are_none_of_its_business(land: Land, role: Declared) -> None:
    seen = land.external("iam", "Role").observe(role)

    assert (seen.drift, "managedPolicyArns" in seen.late, "inlinePolicy" in seen.late) == ((), False, False)


def test_an_attachment_under_the_name_that_crossplane_gave_it_is_found(land: Land, make: Make, role: Declared) -> None:
    attached = make("RolePolicyAttachment", role=role.name, policyArn=VIEWER)

    seen = land.external("iam", "RolePolicyAttachment").observe(
        replace(attached, external_name=f"{role.name}-20240101000000000000000001")
    )

    assert seen.exists


def test_a_user_who_has_keys_stays_unless_it_is_forced(land: Land, make: Make, iam: Any) -> None:
    user = make("User")
    iam.create_access_key(UserName=user.name)
    external = land.external("iam", "User")

    with pytest.raises(NotReadyError, match="must delete access keys first"):
        external.delete(user)
    external.delete(changed(user, forceDestroy=True))

    assert not external.observe(user).exists


def test_a_user_leaves_the_groups(land: Land, make: Make, iam: Any) -> None:
    user = make("User")
    iam.create_group(GroupName=f"group-of-{user.name}")
    iam.add_user_to_group(GroupName=f"group-of-{user.name}", UserName=user.name)

    land.external("iam", "User").delete(user)

    assert not land.external("iam", "User").observe(user).exists


def test_the_secret_of_a_key_is_told_once(land: Land, make: Make, name: str) -> None:
    make("User")
    declared = Life("iam", "AccessKey", lambda _: {"user": name}).declared(land, name)

    created = land.external("iam", "AccessKey").create(declared)
    seen = land.external("iam", "AccessKey").observe(replace(declared, external_name=created.external_name))

    assert set(created.connection) == {"username", "password", "attribute.secret", "attribute.ses_smtp_password_v4"}
    assert created.connection["username"].reveal().decode() == created.external_name
    assert len(created.connection["password"].reveal()) == 40
    assert len(base64.b64decode(created.connection["attribute.ses_smtp_password_v4"].reveal())) == 33
    assert set(seen.connection) == {"username"}


def test_a_key_whose_create_nobody_knows_the_end_of_is_left_to_a_human() -> None:
    facts = AwsProvider().facts(Kind("iam.aws.upbound.io/v1beta1", "AccessKey"))

    assert facts is not None
    assert not facts.deterministic


def test_the_number_of_an_account_is_not_asked_for_where_there_are_no_accounts(land: Land) -> None:
    kind = Kind("iam.aws.upbound.io/v1beta1", "Policy")

    external = land.provider.connect(kind, {}, config(land.url, skip_requesting_account_id=True), KEYS)

    assert external.account.number == "000000000000"


def test_what_is_everywhere_shows_no_region(land: Land, make: Make) -> None:
    user = make("User")

    assert "region" not in land.external("iam", "User").observe(user).at_provider
