"""Route 53: records that are told apart as DNS does it, of which moto keeps a journal that disagrees with the zone."""

from itertools import dropwhile
from typing import Any

import moto.route53.models as moto_dns
import moto.route53.responses as moto_responses
import moto.route53.urls as moto_urls
from moto.core.responses import ActionResult
from moto.route53.exceptions import DnsNameInvalidForZone, ResourceRecordAlreadyExists, Route53ClientError

from crosshead.devel.emulation.timeline import Timeline

Shape = dict[str, Any]


class Record(moto_dns.RecordSet):  # type: ignore[misc]  # moto ships no types
    """A record set, with the ways of routing that moto does not know."""

    def __init__(self, asked: Shape) -> None:
        super().__init__(asked)
        self.cidr_routing_config = asked.get("CidrRoutingConfig")
        self.geo_proximity_location = asked.get("GeoProximityLocation")
        self.asked = asked


class Route53Backend(moto_dns.Route53Backend):  # type: ignore[misc]  # moto ships no types
    """The zones of one account."""

    # moto looks for it beside the module of the class, which ours is not.
    _url_module = moto_urls

    def create_hosted_zone(self, name: str, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401  # moto's
        """Create a zone, unless one was created with the same reference."""
        reference = kwargs.get("caller_reference")
        if any(zone.caller_reference == reference for zone in self.zones.values()):
            raise Route53ClientError("HostedZoneAlreadyExists", "A hosted zone has already been created with it.")
        return super().create_hosted_zone(name.lower(), *args, **kwargs)

    def list_hosted_zones_by_name(self, dnsname: str | None) -> Any:  # noqa: ANN401  # moto's
        """Return the zones of a name, however it is written."""
        return super().list_hosted_zones_by_name(dnsname and dnsname.lower())

    def change_resource_record_sets(self, zoneid: str, change_list: list[Shape]) -> None:
        """Make all changes, or none."""
        zone = self.get_hosted_zone(zoneid)
        changes = [(change["Action"], _spelt(change["ResourceRecordSet"])) for change in change_list]
        for action, asked in changes:
            _refuse(zone, action, asked)
        for action, asked in changes:
            zone.rrsets = [one for one in zone.rrsets if not _is(one, asked)]
            if action != "DELETE":
                zone.rrsets.append(Record(asked))


def _spelt(asked: Shape) -> Shape:
    """Return *asked* as Route 53 keeps it."""
    name = asked["Name"].lower().rstrip(".").replace("*", "\\052")
    values = (
        {"ResourceRecords": [one["Value"] for one in asked["ResourceRecords"]]} if "ResourceRecords" in asked else {}
    )
    return {**asked, **values, "Name": f"{name}."}


def _is(record: Any, asked: Shape) -> bool:  # noqa: ANN401  # moto's
    mine = (record.name.rstrip("."), record.type, record.set_identifier or None)
    return bool(mine == (asked["Name"].rstrip("."), asked["Type"], asked.get("SetIdentifier")))


def _refuse(zone: Any, action: str, asked: Shape) -> None:  # noqa: ANN401  # moto's
    """Refuse what Route 53 would refuse, with its words."""
    name, kind = asked["Name"], asked["Type"]
    if not f".{name}".endswith(f".{zone.name}"):
        raise DnsNameInvalidForZone(name=name, zone_name=zone.name)
    found = next((one for one in zone.rrsets if _is(one, asked)), None)
    if action == "CREATE" and found is not None:
        raise ResourceRecordAlreadyExists(name=name, _type=kind)
    if action == "DELETE" and (found is None or sorted(found.records) != sorted(asked.get("ResourceRecords") or [])):
        words = (
            f"Tried to delete resource record set [name='{name}', type='{kind}'] but the values provided do not match"
        )
        raise Route53ClientError("InvalidChangeBatch", words)


class Route53(moto_responses.Route53):  # type: ignore[misc]  # moto ships no types
    """One request; moto finds the method by the name of the operation."""

    def list_resource_record_sets(self) -> Any:  # noqa: ANN401, D102
        zone = self.backend.get_hosted_zone(self._get_param("HostedZoneId"))
        name, kind = self._get_param("StartRecordName"), self._get_param("StartRecordType")
        start = _place(_spelt({"Name": name})["Name"], kind, self._get_param("StartRecordIdentifier")) if name else ()
        limit = self._get_int_param("MaxItems", 300)
        places = sorted(zone.rrsets, key=lambda one: _place(one.name, one.type, one.set_identifier))
        found = list(dropwhile(lambda one: _place(one.name, one.type, one.set_identifier) < start, places))
        shown, rest = found[:limit], found[limit:]
        upcoming = {"NextRecordName": rest[0].name, "NextRecordType": rest[0].type} if rest else {}
        return ActionResult({"ResourceRecordSets": shown, "IsTruncated": bool(rest), "MaxItems": limit, **upcoming})


def _place(name: str, kind: str | None, identifier: str | None) -> tuple[str, str, str]:
    """Return where a record stands in the order of DNS: by its labels from the last to the first."""
    return ".".join(reversed(name.rstrip(".").split("."))), kind or "", identifier or ""


def install(_: Timeline) -> None:
    """Put this Route 53 in the place of moto's."""
    moto_dns.route53_backends.backend = Route53Backend
    for path, handler in moto_urls.url_paths.items():
        if handler == moto_responses.Route53.dispatch:
            moto_urls.url_paths[path] = Route53.dispatch
