"""What is particular to caches: users, whose access and passwords AWS shows otherwise, and the order of changes."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from crosshead.aws.external import AwsExternal
from crosshead.aws.kinds.elasticache_users import USER
from crosshead.base.errors import NotReadyError
from crosshead.base.values import SecretValue
from crosshead.devel.emulator import EmulatorControl
from crosshead.managed.external import Declared
from tests.aws.lives import Land, Life, changed, create, settle

ACCESS = next(field.same for field in USER.fields if field.name == "accessString")
SOMEBODY = {"userName": "orders", "engine": "redis", "accessString": "on ~* +@all"}


def passwords(*texts: str) -> SecretValue:
    return SecretValue.joined(SecretValue(text) for text in texts)


ONE, OTHER = "correct-horse-battery", "battery-staple-correct"
PLAIN = Life("elasticache", "User", lambda _: SOMEBODY, secrets={"passwords": passwords(ONE)})
GROUP = Life(
    "elasticache",
    "ReplicationGroup",
    lambda _: {"description": "sessions", "numCacheClusters": 1, "applyImmediately": True},
)


@pytest.mark.parametrize(
    ("declared", "found", "same"),
    [
        pytest.param("on ~* +@all", "on ~* &* +@all", False, id="other channels"),
        pytest.param("on ~app::* -@all +@read", "on ~app::* resetchannels -@all +@read", True, id="what is implied"),
        pytest.param("on ~app::* +@read", "on ~app::* resetchannels -@all +@read", True, id="nothing allowed at first"),
        pytest.param("on allkeys allcommands", "on ~* +@all", True, id="the longer words"),
        pytest.param("on +get ~a ~b", "on ~b ~a +get", True, id="the order of keys"),
        pytest.param("on ~* +@all -get", "on ~* -get +@all", False, id="the order of commands"),
        pytest.param("off ~* +@all", "on ~* +@all", False, id="on and off"),
        pytest.param("on ~Orders +@all", "on ~orders +@all", False, id="the case of keys"),
        pytest.param("on ~* +@ALL", "on ~* +@all", True, id="the case of commands"),
    ],
)
def test_access_is_the_same_when_it_allows_the_same(declared: str, found: str, same: bool) -> None:  # noqa: FBT001
    assert ACCESS is not None
    assert ACCESS(declared, found, {}) is same


@pytest.fixture
def anybody(land: Land, name: str) -> Iterator[tuple[AwsExternal, Declared]]:
    external = land.external("elasticache", "User")
    born = create(external, PLAIN.declared(land, name))
    yield external, born
    external.delete(born)


def test_each_password_is_a_connection_detail(land: Land, name: str) -> None:
    declared = replace(PLAIN.declared(land, name), secrets={"passwords": passwords(ONE, OTHER)})
    external = land.external("elasticache", "User")

    created = external.create(declared)

    expected = {"attribute.passwords.0": SecretValue(ONE), "attribute.passwords.1": SecretValue(OTHER)}
    assert created.connection == expected
    assert external.observe(declared).connection == expected


@pytest.mark.parametrize(
    "secrets",
    [
        pytest.param({"passwords": passwords(OTHER)}, id="another"),
        pytest.param({"passwords": passwords(ONE, OTHER)}, id="one more"),
    ],
)
def test_a_change_of_passwords_is_told(
    secrets: dict[str, SecretValue], anybody: tuple[AwsExternal, Declared], control: EmulatorControl
) -> None:
    external, born = anybody
    wanted = replace(born, secrets=secrets)

    seen = external.observe(wanted)
    external.update(wanted, seen)

    assert [drift.field for drift in seen.drift] == ["passwordsSecretRef"]
    assert external.observe(wanted).drift == ()
    assert control.counts()["elasticache:ModifyUser"] == 1


def test_passwords_that_aws_does_not_have_are_told(land: Land, name: str) -> None:
    external = land.external("elasticache", "User")
    without = changed(replace(PLAIN.declared(land, name), secrets={}), noPasswordRequired=True)
    born = create(external, without)
    external.observe(born)
    wanted = replace(changed(born, noPasswordRequired=False), secrets={"passwords": passwords(ONE)})

    seen = external.observe(wanted)
    external.update(wanted, seen)

    assert {drift.field for drift in seen.drift} == {"noPasswordRequired", "passwordsSecretRef"}
    assert external.observe(wanted).drift == ()


def test_a_mode_goes_with_its_passwords(land: Land, name: str) -> None:
    external = land.external("elasticache", "User")
    mode = {"authenticationMode": [{"type": "password"}]}
    declared = changed(replace(PLAIN.declared(land, name), secrets={}), **mode)
    born = create(external, replace(declared, secrets={"authentication_mode.0.passwords": passwords(ONE)}))
    wanted = replace(born, secrets={"authentication_mode.0.passwords": passwords(OTHER)})

    seen = external.observe(wanted)
    external.update(wanted, seen)

    assert [drift.field for drift in seen.drift] == ["authenticationMode[0].passwordsSecretRef"]
    assert external.observe(wanted).drift == ()


def test_the_default_user_of_a_group_waits_for_the_group(land: Land, name: str) -> None:
    users, groups = land.external("elasticache", "User"), land.external("elasticache", "UserGroup")
    default = create(users, changed(PLAIN.declared(land, name), userName="default"))
    of_it = Life("elasticache", "UserGroup", lambda _: {"engine": "redis", "userIds": [name]})
    group = create(groups, of_it.declared(land, f"{name}-group"))

    with pytest.raises(NotReadyError, match="is the default user of a user group"):
        users.delete(default)

    groups.delete(group)
    users.delete(default)


def test_replicas_come_before_what_needs_them_and_go_after(land: Land, name: str, control: EmulatorControl) -> None:
    external = land.external("elasticache", "ReplicationGroup")
    alone = create(external, GROUP.declared(land, name))
    joined = changed(alone, numCacheClusters=2, automaticFailoverEnabled=True, multiAzEnabled=True)

    external.update(joined, external.observe(joined))
    assert settle(external, joined).drift == ()
    back = changed(alone, automaticFailoverEnabled=False, multiAzEnabled=False)
    external.update(back, external.observe(back))

    assert settle(external, back).drift == ()
    assert control.counts()["elasticache:ModifyReplicationGroup"] == 2


def test_encryption_is_introduced_in_two_steps(land: Land, name: str) -> None:
    external = land.external("elasticache", "ReplicationGroup")
    born = create(external, GROUP.declared(land, name))
    wanted = changed(born, transitEncryptionEnabled=True, transitEncryptionMode="required")

    external.update(wanted, external.observe(wanted))
    halfway = settle(external, wanted)
    external.update(wanted, halfway)

    assert [(drift.field, drift.found) for drift in halfway.drift] == [("transitEncryptionMode", "preferred")]
    assert settle(external, wanted).drift == ()


def test_a_token_that_aws_does_not_have_is_told(land: Land, name: str) -> None:
    external = land.external("elasticache", "ReplicationGroup")
    born = create(external, changed(GROUP.declared(land, name), transitEncryptionEnabled=True))
    external.observe(born)
    wanted = replace(born, secrets={"auth_token": SecretValue("correct-horse-battery")})

    seen = external.observe(wanted)
    external.update(wanted, seen)

    assert [drift.field for drift in seen.drift] == ["authTokenSecretRef"]
    assert external.observe(wanted).drift == ()


def test_a_token_can_be_given_up(land: Land, name: str) -> None:
    external = land.external("elasticache", "ReplicationGroup")
    declared = changed(GROUP.declared(land, name), transitEncryptionEnabled=True)
    born = create(external, replace(declared, secrets={"auth_token": SecretValue("correct-horse-battery")}))
    wanted = replace(changed(born, authTokenUpdateStrategy="DELETE"), secrets={})

    seen = external.observe(wanted)
    external.update(wanted, seen)

    assert [drift.field for drift in seen.drift] == ["authTokenUpdateStrategy"]
    assert external.observe(wanted).drift == ()


def test_a_node_that_is_added_goes_where_it_is_declared_to(land: Land, name: str) -> None:
    external = land.external("elasticache", "Cluster")
    zones = ["us-east-1b", "us-east-1c"]
    life = Life(
        "elasticache", "Cluster", lambda _: {"engine": "memcached", "numCacheNodes": 1, "applyImmediately": True}
    )
    born = create(external, changed(life.declared(land, name), preferredAvailabilityZones=zones[:1]))
    grown = changed(born, numCacheNodes=2, preferredAvailabilityZones=zones)

    external.update(grown, external.observe(grown))

    nodes = settle(external, grown).at_provider["cacheNodes"]
    assert [node["availabilityZone"] for node in nodes] == zones
    fewer = changed(grown, numCacheNodes=1)
    external.update(fewer, external.observe(fewer))
    assert [node["id"] for node in settle(external, fewer).at_provider["cacheNodes"]] == ["0001"]


def test_parameters_are_told_twenty_at_a_time(land: Land, name: str, control: EmulatorControl) -> None:
    external = land.external("elasticache", "ParameterGroup")
    many = [{"name": f"list-{number}", "value": "1"} for number in range(41)]
    life = Life("elasticache", "ParameterGroup", lambda _: {"family": "redis7", "name": name, "parameter": many})

    born = create(external, life.declared(land, name))

    assert external.observe(born).drift == ()
    assert control.counts()["elasticache:ModifyCacheParameterGroup"] == 3


def test_a_serverless_cache_lets_go_of_its_users(land: Land, name: str) -> None:
    external = land.external("elasticache", "ServerlessCache")
    life = Life("elasticache", "ServerlessCache", lambda _: {"engine": "valkey", "userGroupId": "people"})
    born = create(external, life.declared(land, name))
    alone = changed(born, userGroupId="")

    external.update(alone, external.observe(alone))

    assert external.observe(alone).drift == ()
    assert external.observe(alone).at_provider["userGroupId"] == ""


def test_another_engine_goes_with_its_version(land: Land, name: str, control: EmulatorControl) -> None:
    external = land.external("elasticache", "ReplicationGroup")
    born = create(external, changed(GROUP.declared(land, name), engine="redis", engineVersion="7.1"))
    wanted = changed(born, engine="valkey", engineVersion="8.0")

    external.update(wanted, external.observe(wanted))

    assert settle(external, wanted).drift == ()
    assert control.counts()["elasticache:ModifyReplicationGroup"] == 1
