"""The lives of the kinds of route53."""

from dataclasses import replace
from typing import Any

from tests.aws.lives import Land, Life


def _zone(land: Land) -> str:
    return land.made("route53", "Zone", "land-zone", name="land.example")


def _network(land: Land, called: str) -> dict[str, str]:
    return {"vpcId": land.made("ec2", "VPC", called, cidrBlock="10.7.0.0/16"), "vpcRegion": "us-east-1"}


def _record(land: Land, **parameters: Any) -> dict[str, Any]:
    return {"zoneId": _zone(land), "type": "A", **parameters}


_RECORD = Life(
    "route53",
    "Record",
    lambda land: _record(land, name="*.Shop.land.example", ttl=300.0, records=["10.0.0.1", "10.0.0.2"]),
    change={"ttl": 60, "records": ["10.0.0.3"]},
    refused={"type": "AAAA", "name": "other.land.example"},
    absent_name="Z00000000000000000000_shop.land.example_A",
)
_NLB = "dualstack.Orders-1.elb.us-east-1.amazonaws.com"


LIVES = (
    Life(
        "route53",
        "Zone",
        lambda _: {"name": "Shop.example", "comment": "what is sold", "forceDestroy": True},
        change={"comment": "what was sold", "tags": {"team": "orders"}},
        refused={"name": "other.example"},
        absent_name="Z00000000000000000000",
    ),
    Life(
        "route53",
        "Zone",
        lambda land: {"name": "private.example", "vpc": [_network(land, "land-zone-1"), _network(land, "land-zone-2")]},
        elsewhere=lambda land: {"vpc": [_network(land, "land-zone-1"), _network(land, "land-zone-3")]},
        absent_name="Z00000000000000000000",
        variant="that is private",
    ),
    _RECORD,
    replace(
        _RECORD,
        variant="with an alias",
        parameters=lambda land: _record(
            land, name="alias", alias=[{"name": _NLB, "zoneId": "Z26RNL4JYFTOTI", "evaluateTargetHealth": True}]
        ),
        change={"alias": [{"name": "other.elb.us-east-1.amazonaws.com", "zoneId": "Z26RNL4JYFTOTI"}]},
        refused={"type": "AAAA"},
    ),
    replace(
        _RECORD,
        variant="with a weight",
        parameters=lambda land: _record(
            land,
            name="_weighed_A.land.example",
            type="TXT",
            ttl=60,
            records=["v=spf1 -all"],
            setIdentifier="blue_1",
            weightedRoutingPolicy=[{"weight": 0}],
        ),
        change={"weightedRoutingPolicy": [{"weight": 90}], "records": ["v=spf1 ~all"]},
        refused={"setIdentifier": "green"},
    ),
    replace(
        _RECORD,
        variant="by nearness",
        parameters=lambda land: _record(
            land,
            name="near.land.example",
            ttl=60,
            records=["10.0.0.1"],
            setIdentifier="here",
            geoproximityRoutingPolicy=[{"coordinates": [{"latitude": "49.22", "longitude": "-74.01"}], "bias": 10}],
        ),
        change={"geoproximityRoutingPolicy": [{"awsRegion": "eu-west-1"}]},
        refused={},
    ),
)
