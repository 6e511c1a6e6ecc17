"""How ElastiCache names and versions its nodes."""

import pytest

from crosshead.devel.emulation.cache_names import Place, default_parameters, full_version, short


@pytest.mark.parametrize(
    ("region", "letters"),
    [("us-east-1", "use1"), ("eu-west-1", "euw1"), ("ap-southeast-2", "apse2"), ("ca-central-1", "cac1")],
)
def test_a_region_is_spelled_in_short(region, letters):
    assert short(region) == letters


@pytest.mark.parametrize(
    ("encrypted", "sharded", "addresses"),
    [
        pytest.param(False, False, ("s.X.ng.0001.use1", "s-ro.X.ng.0001.use1", "s-001.X.0001.use1"), id="plain"),
        pytest.param(True, False, ("master.s.X.use1", "replica.s.X.use1", "s-001.s.X.use1"), id="encrypted"),
    ],
)
def test_addresses_are_those_of_the_group_and_its_region(encrypted, sharded, addresses):
    place = Place("s", "us-east-1", encrypted, sharded)

    found = [place.primary(), place.reader(), place.node("s-001")]

    account = place.node("s-001").split(".")[2 if encrypted else 1]
    assert [a.removesuffix(".cache.amazonaws.com").replace(account, "X") for a in found] == list(addresses)


@pytest.mark.parametrize(
    ("encrypted", "beginning"),
    [pytest.param(False, "s.", id="plain"), pytest.param(True, "clustercfg.s.", id="encrypted")],
)
def test_a_sharded_group_has_a_configuration_address(encrypted, beginning):
    place = Place("s", "us-east-1", encrypted, sharded=True)

    assert place.configuration().startswith(beginning)
    assert "clustercfg" in place.configuration()


@pytest.mark.parametrize(
    ("engine", "asked", "shown"),
    [
        ("redis", "7.1", "7.1.0"),
        ("redis", "6.x", "6.2.6"),
        ("redis", "5.0.6", "5.0.6"),
        ("valkey", "8.0", "8.0.1"),
        ("valkey", "", "8.0.1"),
    ],
)
def test_a_version_is_completed(engine, asked, shown):
    assert full_version(engine, asked) == shown


@pytest.mark.parametrize(
    ("engine", "version", "sharded", "name"),
    [
        ("redis", "7.1.0", False, "default.redis7"),
        ("redis", "6.2.6", False, "default.redis6.x"),
        ("redis", "7.0.7", True, "default.redis7.cluster.on"),
        ("valkey", "8.0.1", False, "default.valkey8"),
    ],
)
def test_the_default_parameter_group_follows_the_version(engine, version, sharded, name):
    assert default_parameters(engine, version, sharded=sharded) == name
