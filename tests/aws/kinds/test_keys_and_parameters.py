"""What is particular to keys, parameters and log groups."""

from dataclasses import replace

import pytest

from crosshead.base.errors import StalledError
from crosshead.base.values import SecretValue
from crosshead.devel.emulator import EmulatorControl
from tests.aws.lives import Land, Life, changed, create

KEY = Life("kms", "Key", lambda _: {"deletionWindowInDays": 7})
GROUP = Life("cloudwatchlogs", "Group", lambda _: {})
HIDDEN = Life("ssm", "Parameter", lambda _: {"type": "SecureString"}, secrets={"value": SecretValue("correct-horse")})


def test_a_key_is_switched_on_before_it_is_changed(land: Land, name: str) -> None:
    external = land.external("kms", "Key")
    off = create(external, changed(KEY.declared(land, name), isEnabled=False))
    on = changed(off, isEnabled=True, enableKeyRotation=True)

    external.update(on, external.observe(on))

    assert external.observe(on).drift == ()


def test_a_key_is_switched_off_after_it_was_changed(land: Land, name: str) -> None:
    external = land.external("kms", "Key")
    on = create(external, KEY.declared(land, name))
    off = changed(on, isEnabled=False, enableKeyRotation=True)

    external.update(off, external.observe(off))

    assert external.observe(off).drift == ()


def test_a_key_that_waits_for_its_deletion_is_not_taken_for_ours(land: Land, name: str) -> None:
    external = land.external("kms", "Key")
    born = create(external, KEY.declared(land, name))
    external.delete(born)

    assert external.create(replace(born, external_name="")).external_name != born.external_name


def test_who_may_not_search_by_tags_may_create_keys(land: Land, name: str, control: EmulatorControl) -> None:
    control.add_fault(kind="error", operation="GetResources", code="AccessDeniedException", status=400)
    external = land.external("kms", "Key")

    born = create(external, KEY.declared(land, name))

    assert external.observe(born).exists


@pytest.mark.parametrize("spelt", ["{}", "alias/{}"])
def test_an_alias_is_called_with_its_prefix_or_without(spelt: str, land: Land, name: str) -> None:
    external = land.external("kms", "Alias")
    alias = Life("kms", "Alias", lambda _: {"targetKeyId": land.made("kms", "Key", "alias-key")})
    declared = replace(alias.declared(land, name), external_name=spelt.format(name))

    born = create(external, declared)

    shown = external.observe(born).at_provider
    assert (shown["id"], shown["arn"]) == (f"alias/{name}", f"arn:aws:kms:us-east-1:123456789012:alias/{name}")
    external.delete(born)


def test_a_hidden_value_goes_with_every_change(land: Land, name: str) -> None:
    external = land.external("ssm", "Parameter")
    born = create(external, HIDDEN.declared(land, name))
    wanted = changed(born, description="how to get in")

    external.update(wanted, external.observe(wanted))

    found = external.account.clients.patient.get_parameter(Name=name, WithDecryption=True)["Parameter"]
    assert (found["Value"], external.observe(wanted).drift) == ("correct-horse", ())


def test_a_value_from_a_secret_is_never_shown(land: Land, name: str) -> None:
    external = land.external("ssm", "Parameter")
    born = create(external, changed(HIDDEN.declared(land, name), type="String"))

    assert "correct-horse" not in str(external.observe(born))


def test_a_protected_log_group_is_not_deleted(land: Land, name: str) -> None:
    external = land.external("cloudwatchlogs", "Group")
    born = create(external, changed(GROUP.declared(land, name), deletionProtectionEnabled=True))

    with pytest.raises(StalledError, match=r"set spec.forProvider.deletionProtectionEnabled to false"):
        external.delete(born)

    open_ = changed(born, deletionProtectionEnabled=False)
    external.update(open_, external.observe(open_))
    external.delete(open_)
    assert not external.observe(open_).exists


def test_a_log_group_that_is_to_be_kept_is_kept(land: Land, name: str) -> None:
    external = land.external("cloudwatchlogs", "Group")
    born = create(external, changed(GROUP.declared(land, name), skipDestroy=True))

    external.delete(born)

    assert not external.observe(born).exists
    assert external.observe(replace(born, uid="another")).exists
