"""
One cluster that is no replication group: Memcached on some nodes, Redis or Valkey on one.

`settings` holds what is in force, by the names of CreateCacheCluster; `pending` what waits for its time.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from moto.elasticache.exceptions import InvalidParameterCombinationException, InvalidParameterValueException

from crosshead.devel.emulation.cache_group import deliveries
from crosshead.devel.emulation.cache_names import Place, default_parameters, full_version

Settings = dict[str, Any]

_MANNER = {"CacheClusterId", "ApplyImmediately", "CacheNodeIdsToRemove", "NewAvailabilityZones", "Tags"}
_WAITING = ("CacheNodeType", "Engine", "EngineVersion", "NumCacheNodes")
_DEFAULTS = {
    "AutoMinorVersionUpgrade": True,
    "AZMode": "single-az",
    "CacheNodeType": "cache.t4g.micro",
    "CacheSubnetGroupName": "default",
    "Engine": "redis",
    "EngineVersion": "",
    "IpDiscovery": "ipv4",
    "NetworkType": "ipv4",
    "NumCacheNodes": 1,
    "PreferredMaintenanceWindow": "sun:05:00-sun:06:00",
    "SecurityGroupIds": (),
    "SnapshotRetentionLimit": 0,
    "TransitEncryptionEnabled": False,
}
_ECHOED = (
    "AutoMinorVersionUpgrade",
    "CacheNodeType",
    "CacheSubnetGroupName",
    "Engine",
    "EngineVersion",
    "IpDiscovery",
    "NetworkType",
    "NumCacheNodes",
    "PreferredMaintenanceWindow",
    "PreferredOutpostArn",
    "ReplicationGroupId",
    "SnapshotRetentionLimit",
    "SnapshotWindow",
    "TransitEncryptionEnabled",
)


@dataclass(eq=False)
class Cluster:
    """A cluster; *zones* are the availability zones of its nodes, in their order."""

    arn: str
    place: Place
    settings: Settings
    zones: list[str]
    status: str = "creating"
    pending: Settings = field(default_factory=dict)
    created: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def cache_cluster_id(self) -> str:
        """The id, by the name that moto's snapshots read it."""
        return self.place.group

    @property
    def cache_subnet_group_name(self) -> str:
        """The subnet group, by the name that moto's snapshots read it."""
        return str(self.settings["CacheSubnetGroupName"])

    def modify(self, asked: Mapping[str, Any]) -> bool:
        """Take over what changes at once, note what waits; return whether anything changes."""
        wanted = {name: value for name, value in asked.items() if name not in _MANNER and value is not None}
        if "EngineVersion" in wanted:
            engine = str(wanted.get("Engine", self.settings["Engine"]))
            wanted["EngineVersion"] = full_version(engine, wanted["EngineVersion"])
        wanted |= deliveries(self.settings, asked)
        wanted = {name: value for name, value in wanted.items() if self.settings.get(name) != value}
        _refuse_nonsense(self.settings | wanted)
        if "NumCacheNodes" in wanted:
            self._count(int(wanted["NumCacheNodes"]), asked)
        waiting = {name: wanted.pop(name) for name in _WAITING if name in wanted}
        self.settings |= wanted
        self.pending |= waiting
        return bool(wanted or waiting)

    def apply_pending(self) -> None:
        """Make so what was pending."""
        self.settings |= self.pending
        self.pending = {}

    def shape(self, *, nodes: bool) -> Settings:
        """Return the CacheCluster of this cluster, with its nodes when those are asked for."""
        shown = {
            "CacheClusterId": self.place.group,
            "CacheClusterStatus": self.status,
            "CacheClusterCreateTime": self.created,
            "PreferredAvailabilityZone": "Multiple" if len(set(self._zones())) > 1 else self._zones()[0],
            "PendingModifiedValues": dict(self.pending),
            "CacheSecurityGroups": [],
            "SecurityGroups": [{"SecurityGroupId": id_, "Status": "active"} for id_ in self._guards()],
            "CacheParameterGroup": {
                "CacheParameterGroupName": self.settings["CacheParameterGroupName"],
                "ParameterApplyStatus": "in-sync",
                "CacheNodeIdsToReboot": [],
            },
            "AuthTokenEnabled": False,
            "AtRestEncryptionEnabled": False,
            "ARN": self.arn,
            "LogDeliveryConfigurations": [
                {**delivery, "Status": "active"} for delivery in self.settings.get("LogDeliveryConfigurations") or ()
            ],
            **{name: self.settings[name] for name in _ECHOED if self.settings.get(name) is not None},
        }
        if topic := self.settings.get("NotificationTopicArn"):
            shown["NotificationConfiguration"] = {"TopicArn": topic, "TopicStatus": "active"}
        if self.settings["Engine"] == "memcached" and self.status != "creating":
            shown["ConfigurationEndpoint"] = self._endpoint(self.place.configuration())
        return shown | ({"CacheNodes": [self._node(number) for number in range(1, self._size() + 1)]} if nodes else {})

    def _count(self, wanted: int, asked: Mapping[str, Any]) -> None:
        """Note where new nodes are to be; refuse to guess which are to go."""
        superfluous = self._size() - wanted
        if superfluous > 0 and len(asked.get("CacheNodeIdsToRemove") or ()) != superfluous:
            raise InvalidParameterCombinationException(f"CacheNodeIdsToRemove must name {superfluous} nodes.")
        fresh = asked.get("NewAvailabilityZones") or self.zones
        self.zones = [*self._zones()[:wanted], *fresh[: max(-superfluous, 0)]]

    def _size(self) -> int:
        return int(self.settings["NumCacheNodes"])

    def _guards(self) -> tuple[str, ...]:
        return tuple(self.settings["SecurityGroupIds"])

    def _zones(self) -> list[str]:
        return [self.zones[number % len(self.zones)] for number in range(self._size())]

    def _endpoint(self, address: str) -> Settings:
        return {"Address": address, "Port": self.settings["Port"]}

    def _node(self, number: int) -> Settings:
        id_ = f"{number:04}"
        endpoint = {"Endpoint": self._endpoint(self.place.node(f"{self.place.group}-{id_}"))}
        return {
            "CacheNodeId": id_,
            "CacheNodeStatus": self.status,
            "CacheNodeCreateTime": self.created,
            "ParameterGroupStatus": "in-sync",
            "CustomerAvailabilityZone": self._zones()[number - 1],
            **({} if self.status == "creating" else endpoint),
        }


def create(asked: Mapping[str, Any], arn: str, region: str, zones: tuple[str, ...]) -> Cluster:
    """Return the cluster that *asked* (parameters of CreateCacheCluster) describes."""
    settings: Settings = _DEFAULTS | {
        name: value for name, value in asked.items() if name not in _MANNER and value is not None
    }
    settings["EngineVersion"] = full_version(settings["Engine"], settings["EngineVersion"])
    settings.setdefault("Port", 11211 if settings["Engine"] == "memcached" else 6379)
    default = default_parameters(settings["Engine"], settings["EngineVersion"], sharded=False)
    settings.setdefault("CacheParameterGroupName", default)
    if settings["Engine"] != "memcached":
        settings.setdefault("SnapshotWindow", "03:00-04:00")
    _refuse_nonsense(settings)
    place = Place(str(asked["CacheClusterId"]), region, bool(settings["TransitEncryptionEnabled"]), sharded=False)
    named = asked.get("PreferredAvailabilityZones") or [asked.get("PreferredAvailabilityZone") or zones[0]]
    spread = list(zones) if settings["AZMode"] == "cross-az" else []
    return Cluster(arn, place, settings, list(asked.get("PreferredAvailabilityZones") or spread or named))


def _refuse_nonsense(settings: Mapping[str, Any]) -> None:
    """Refuse what contradicts itself, with AWS's words."""
    nodes, is_memcached = int(settings["NumCacheNodes"]), settings["Engine"] == "memcached"
    if nodes > 1 and not is_memcached:
        raise InvalidParameterValueException("Cannot create a Redis cluster with a NumCacheNodes parameter over 1.")
    if settings["AZMode"] == "cross-az" and nodes < 2:
        raise InvalidParameterCombinationException("The parameter AZMode cross-az needs at least two cache nodes.")
    if is_memcached and int(settings["SnapshotRetentionLimit"]):
        raise InvalidParameterCombinationException("Snapshots are not supported for Memcached.")
