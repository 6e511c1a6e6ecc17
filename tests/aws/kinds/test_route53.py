"""What is particular to domains: names are relative, records are known by what they are, zones must be empty."""

from dataclasses import replace
from typing import Any

import pytest

from crosshead.aws import requests
from crosshead.aws.calls import Request
from crosshead.aws.kinds.route53 import KINDS
from crosshead.aws.kinds.route53_record import RECORD
from crosshead.base.errors import NotReadyError, StalledError
from crosshead.base.objects import Kind
from crosshead.managed.external import Declared, Drift, Observation
from tests.aws.lives import Land, Life, changed, create

ZONE = Life("route53", "Zone", lambda _: {"name": "records.example"})


def zone(land: Land) -> str:
    return land.made("route53", "Zone", "records-zone", name="records.example", forceDestroy=True)


def record(land: Land, called: str, **parameters: Any) -> Declared:
    life = Life(
        "route53",
        "Record",
        lambda _: {"zoneId": zone(land), "type": "A", "ttl": 60, "records": ["10.0.0.1"], **parameters},
    )
    return life.declared(land, called)


@pytest.mark.parametrize(
    ("identity", "parts"),
    [
        pytest.param("Z1_www.example.com_A", ("Z1", "www.example.com", "A", None), id="a plain one"),
        pytest.param("Z1__sip._tcp.example.com_SRV", ("Z1", "_sip._tcp.example.com", "SRV", None), id="underscores"),
        pytest.param("Z1_www_A_blue_1", ("Z1", "www", "A", "blue_1"), id="an identifier"),
        pytest.param("Z1_A_A", ("Z1", "a", "A", None), id="a name that looks like a type"),
        pytest.param("Z1_www", ("Z1", "www", "", None), id="too little"),
    ],
)
def test_a_record_is_known_by_its_external_name(identity: str, parts: tuple[str, ...]) -> None:
    assert RECORD.names is not None
    scene = RECORD.names({"id": identity, "spec": {}})

    assert (scene["zone"], scene["called"], scene["type"], scene["identifier"]) == parts


@pytest.mark.parametrize(
    ("given", "full"),
    [
        pytest.param("www", "www.records.example", id="relative"),
        pytest.param("WWW.Records.Example.", "www.records.example", id="whole, with capitals and a dot"),
        pytest.param("", "records.example", id="the zone itself"),
        pytest.param("otherrecords.example", "otherrecords.example.records.example", id="only the end of a label"),
    ],
)
def test_a_name_is_completed_by_that_of_the_zone(given: str, full: str, land: Land, name: str) -> None:
    external = land.external("route53", "Record")
    born = create(external, record(land, name, name=given))

    seen = external.observe(born)

    assert (seen.at_provider["fqdn"], seen.drift, seen.immutable) == (full, (), ())
    external.delete(born)


def test_a_record_of_somebody_else_is_not_taken(land: Land, name: str) -> None:
    external = land.external("route53", "Record")
    theirs = create(external, record(land, name, name=name))
    mine = record(land, f"{name}-mine", name=name, records=["10.0.0.9"])

    assert not external.observe(mine).exists
    with pytest.raises(StalledError, match="already exists"):
        external.create(mine)
    assert external.observe(theirs).at_provider["records"] == ["10.0.0.1"]


def test_a_record_is_written_over_another_when_that_is_allowed(land: Land, name: str) -> None:
    external = land.external("route53", "Record")
    create(external, record(land, name, name=name))

    mine = create(external, record(land, f"{name}-mine", name=name, records=["10.0.0.9"], allowOverwrite=True))

    assert external.observe(mine).at_provider["records"] == ["10.0.0.9"]


def test_an_orphan_is_taken_over_by_whoever_declares_the_same(land: Land, name: str) -> None:
    external = land.external("route53", "Record")
    left = create(external, record(land, name, name=name))

    again = replace(record(land, name, name=name), uid="another")

    assert external.create(again).external_name == left.external_name


def test_records_beside_one_another_are_told_apart(land: Land, name: str) -> None:
    external = land.external("route53", "Record")
    blue, green = (
        create(
            external,
            record(
                land,
                f"{name}-{colour}",
                name=name,
                setIdentifier=colour,
                records=[address],
                weightedRoutingPolicy=[{"weight": 10}],
            ),
        )
        for colour, address in (("blue", "10.0.0.1"), ("green", "10.0.0.2"))
    )

    external.delete(blue)

    assert not external.observe(blue).exists
    assert external.observe(green).at_provider["records"] == ["10.0.0.2"]


@pytest.mark.parametrize(
    ("policy", "value"),
    [
        pytest.param("latencyRoutingPolicy", {"region": "eu-west-1"}, id="latency"),
        pytest.param("failoverRoutingPolicy", {"type": "PRIMARY"}, id="failover"),
        pytest.param("geolocationRoutingPolicy", {"country": "DE"}, id="country"),
        pytest.param("cidrRoutingPolicy", {"collectionId": "c-1", "locationName": "home"}, id="network"),
    ],
)
def test_each_way_of_routing_comes_back(policy: str, value: dict[str, str], land: Land, name: str) -> None:
    external = land.external("route53", "Record")
    born = create(external, record(land, name, name=name, setIdentifier="one", **{policy: [value]}))

    seen = external.observe(born)

    assert (seen.at_provider[policy], seen.drift) == ([value], ())
    external.delete(born)


def test_a_record_without_its_zone_waits(land: Land, name: str) -> None:
    declared = changed(record(land, name, name=name), zoneId="Z00000000000000000000")

    with pytest.raises(NotReadyError, match="NoSuchHostedZone"):
        land.external("route53", "Record").create(declared)


def test_a_zone_with_records_is_deleted_only_by_force(land: Land, name: str) -> None:
    zones, records = land.external("route53", "Zone"), land.external("route53", "Record")
    full = create(zones, replace(ZONE.declared(land, name), parameters={}, initial={"name": f"{name}.example"}))
    declared = changed(record(land, name, name="www"), zoneId=full.external_name)
    create(records, declared)

    with pytest.raises(NotReadyError, match="HostedZoneNotEmpty"):
        zones.delete(full)

    zones.delete(replace(full, initial={"name": f"{name}.example", "forceDestroy": True}))
    assert not zones.observe(full).exists


def test_a_zone_is_ours_before_it_has_tags(land: Land, name: str) -> None:
    """The answer to the create was lost, and with it the time to tag."""
    zones = land.external("route53", "Zone")
    declared = changed(ZONE.declared(land, name), name=f"{name}.example")
    born = create(zones, declared)
    tags = zones.observe(born).at_provider["tags"]
    zones.account.clients.patient.change_tags_for_resource(
        ResourceType="hostedzone", ResourceId=born.external_name, RemoveTagKeys=sorted(tags)
    )

    assert zones.create(declared).external_name == born.external_name
    assert [drift.field for drift in zones.observe(declared).drift] == ["tags"]


def test_a_zone_that_is_created_again_has_another_reference(land: Land, name: str) -> None:
    zones = land.external("route53", "Zone")
    born = create(zones, changed(ZONE.declared(land, name), name=f"{name}.example"))

    zones.delete(born)

    again = zones.account.clients.patient.get_hosted_zone(Id=create(zones, born).external_name)

    assert again["HostedZone"]["CallerReference"] == f"{born.uid}/{born.external_name}"


def test_a_zone_is_made_to_recover_faster() -> None:
    """By the call that is made: the emulator does not know it."""
    (descriptor,) = (one for one in KINDS if one.kind == "Zone")
    wanted = {"name": "example.com", "enableAcceleratedRecovery": True}
    declared = Declared(Kind("route53.aws.upbound.io/v1beta1", "Zone"), "example", "u", "Z1", wanted, wanted)
    seen = Observation(exists=True, drift=(Drift("enableAcceleratedRecovery", declared=True, found=False),))

    sent = tuple(requests.updates(descriptor, declared, seen, {"id": "Z1", "spec": wanted, "at": {}}))

    told = {"HostedZoneId": "Z1", "EnableAcceleratedRecovery": True}
    assert sent == (Request("update_hosted_zone_features", told),)
