"""What is particular to secrets: values cannot be changed, only followed by others, and labels move."""

from dataclasses import replace

import pytest

from crosshead.aws.external import AwsExternal
from crosshead.base.errors import StalledError
from crosshead.base.values import SecretValue
from crosshead.managed.external import Declared
from tests.aws.lives import Land, Life, changed, create


def secret(land: Land, name: str) -> str:
    return land.made("secretsmanager", "Secret", name, recoveryWindowInDays=0)


def version(land: Land, arn: str, name: str, value: str = "correct-horse") -> tuple[AwsExternal, Declared]:
    life = Life("secretsmanager", "SecretVersion", lambda _: {"secretId": arn})
    declared = replace(life.declared(land, name), secrets={"secret_string": SecretValue(value)})
    external = land.external("secretsmanager", "SecretVersion")
    return external, create(external, declared)


def test_another_value_is_another_version_of_the_same_object(land: Land, name: str) -> None:
    external, born = version(land, secret(land, name), name)
    wanted = replace(born, secrets={"secret_string": SecretValue("battery-staple")})

    seen = external.observe(wanted)
    external.update(wanted, seen)

    after = external.observe(wanted)
    assert ([drift.field for drift in seen.drift], after.drift) == (["secretStringSecretRef"], ())
    assert after.external_name != born.external_name
    assert after.at_provider["versionStages"] == ["AWSCURRENT"]
    # Whoever has not heard of the new name yet finds it, and who has does too.
    assert external.observe(replace(wanted, external_name=after.external_name)).external_name == after.external_name


def test_an_update_that_is_repeated_makes_one_version(land: Land, name: str) -> None:
    external, born = version(land, secret(land, name), name)
    wanted = replace(born, secrets={"secret_string": SecretValue("battery-staple")})
    seen = external.observe(wanted)

    external.update(wanted, seen)
    first = external.observe(wanted).external_name
    external.update(wanted, seen)

    assert external.observe(wanted).external_name == first


def test_a_label_is_taken_from_the_version_that_has_it(land: Land, name: str) -> None:
    arn = secret(land, name)
    external, first = version(land, arn, f"{name}-first")
    _, second = version(land, arn, f"{name}-second", "battery-staple")
    wanted = changed(first, versionStages=["AWSCURRENT"])

    external.update(wanted, external.observe(wanted))

    assert external.observe(wanted).at_provider["versionStages"] == ["AWSCURRENT"]
    assert external.observe(second).at_provider["versionStages"] == ["AWSPREVIOUS"]


def test_bytes_must_be_given_in_base64(land: Land, name: str) -> None:
    life = Life("secretsmanager", "SecretVersion", lambda _: {"secretId": secret(land, name)})
    declared = replace(life.declared(land, name), secrets={"secret_binary": SecretValue("not base64!")})

    with pytest.raises(StalledError, match=r"spec.forProvider.secretBinarySecretRef points at is not what it must be"):
        land.external("secretsmanager", "SecretVersion").create(declared)


def test_a_secret_that_waits_for_its_deletion_is_gone_and_can_be_brought_back_by_nobody(land: Land, name: str) -> None:
    external = land.external("secretsmanager", "Secret")
    declared = Life("secretsmanager", "Secret", lambda _: {}).declared(land, name)
    born = create(external, declared)

    external.delete(born)

    assert not external.observe(born).exists
    assert not external.observe(declared).exists


def test_a_secret_may_be_called_by_its_name(land: Land, name: str) -> None:
    secret(land, name)

    external, born = version(land, name, name)

    assert external.observe(born).immutable == ()
