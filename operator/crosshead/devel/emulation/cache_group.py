"""
One replication group: what was asked for, which nodes it has, and how both change.

`settings` holds what is in force, by the names of CreateReplicationGroup; `pending` what waits for its time.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from moto.elasticache.exceptions import InvalidParameterCombinationException, InvalidParameterValueException

from crosshead.devel.emulation.cache_names import Place, default_parameters, full_version

Settings = dict[str, Any]

# Parameters of a creation that say how many nodes, not what they are like; and secrets, that are never shown.
_COUNTS = {
    "NumCacheClusters",
    "NumNodeGroups",
    "ReplicasPerNodeGroup",
    "NodeGroupConfiguration",
    "PreferredCacheClusterAZs",
}
# Parameters of a modification that say how, or that change what another parameter names.
_MANNER = {
    "ReplicationGroupId",
    "ApplyImmediately",
    "AuthToken",
    "AuthTokenUpdateStrategy",
    "UserGroupIdsToAdd",
    "UserGroupIdsToRemove",
    "RemoveUserGroups",
}
# AWS replaces nodes for these, and waits for the maintenance window unless told otherwise.
WAITING = ("CacheNodeType", "Engine", "EngineVersion")

_DEFAULTS = {
    "AtRestEncryptionEnabled": False,
    "AutoMinorVersionUpgrade": True,
    "AutomaticFailoverEnabled": False,
    "CacheNodeType": "cache.t4g.micro",
    "CacheSubnetGroupName": "default",
    "Engine": "redis",
    "EngineVersion": "",
    "IpDiscovery": "ipv4",
    "MultiAZEnabled": False,
    "NetworkType": "ipv4",
    "Port": 6379,
    "PreferredMaintenanceWindow": "sun:05:00-sun:06:00",
    "SecurityGroupIds": (),
    "SnapshotRetentionLimit": 0,
    "SnapshotWindow": "03:00-04:00",
    "TransitEncryptionEnabled": False,
    "UserGroupIds": (),
}


@dataclass(eq=False)
class ReplicationGroup:
    """
    A replication group.

    *zones* are the availability zones that its nodes are spread over; *shards* the nodes of each shard, by its number.
    """

    arn: str
    place: Place
    settings: Settings
    zones: tuple[str, ...]
    shards: dict[int, list[str]]
    status: str = "creating"
    pending: Settings = field(default_factory=dict)
    created: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def subnet_group_name(self) -> str:
        """The subnet group in which the nodes live."""
        return str(self.settings["CacheSubnetGroupName"])

    @property
    def security_group_ids(self) -> tuple[str, ...]:
        """The security groups that guard the nodes."""
        return tuple(self.settings["SecurityGroupIds"])

    @property
    def replication_group_id(self) -> str:
        """The id, by the name that moto's snapshots read it."""
        return self.place.group

    @property
    def node_groups(self) -> dict[int, list[str]]:
        """The shards, by the name that moto's snapshots count them."""
        return self.shards

    @property
    def replicas(self) -> int:
        """How many replicas each shard has."""
        return min(map(len, self.shards.values())) - 1

    def members(self) -> list[str]:
        """Return the ids of all nodes."""
        return [member for shard in self.shards.values() for member in shard]

    def modify(self, asked: Mapping[str, Any]) -> bool:
        """Take over what changes at once, note what waits; return whether anything changes."""
        wanted = changes(self.settings, asked)
        _refuse_unreliable(self.settings | wanted, self.replicas + 1)
        waiting = {name: wanted.pop(name) for name in WAITING if name in wanted}
        self.settings |= wanted
        self.pending |= waiting
        return bool(wanted or waiting)

    def apply_pending(self) -> None:
        """Make so what was pending."""
        changed, self.pending = self.pending, {}
        if "EngineVersion" in changed:
            self.settings["CacheParameterGroupName"] = _follow(self, changed)
        self.settings |= changed

    def resize(self, replicas: int, remove: tuple[str, ...] = ()) -> None:
        """Give each shard so many replicas; the nodes in *remove* go first, then the youngest."""
        self.shards = {
            number: self._resized(number, shard, replicas + 1, remove) for number, shard in self.shards.items()
        }

    def reshard(self, count: int, remove: frozenset[int]) -> None:
        """Have so many shards, without those in *remove*; new ones have as many nodes as the others."""
        nodes = range(1, self.replicas + 2)
        kept = {number: shard for number, shard in self.shards.items() if number not in remove}
        fresh = [number for number in range(1, 500) if number not in self.shards][: count - len(kept)]
        self.shards = kept | {number: [self.place.member(number, node) for node in nodes] for number in fresh}

    def _resized(self, number: int, shard: list[str], nodes: int, remove: tuple[str, ...]) -> list[str]:
        kept = [member for member in shard if member not in remove][:nodes]
        free = (self.place.member(number, node) for node in range(1, 100))
        fresh = [member for member in free if member not in shard]
        return sorted([*kept, *fresh[: nodes - len(kept)]])


def create(asked: Mapping[str, Any], arn: str, region: str, zones: tuple[str, ...]) -> ReplicationGroup:
    """Return the group that *asked* (parameters of CreateReplicationGroup) describes."""
    settings: Settings = _DEFAULTS | {
        name: value for name, value in asked.items() if name not in _COUNTS and value is not None
    }
    count, replicas = int(asked.get("NumNodeGroups") or 1), _replicas(asked)
    sharded = count > 1 or _clustered(settings)
    settings["EngineVersion"] = full_version(settings["Engine"], settings["EngineVersion"])
    default = default_parameters(settings["Engine"], settings["EngineVersion"], sharded=sharded)
    settings.setdefault("CacheParameterGroupName", default)
    settings.setdefault("ClusterMode", "enabled" if sharded else "disabled")
    if settings["TransitEncryptionEnabled"]:
        settings.setdefault("TransitEncryptionMode", "required")
    settings["AuthToken"] = bool(settings.get("AuthToken"))
    _refuse_unreliable(settings, replicas + 1)
    place = Place(str(asked["ReplicationGroupId"]), region, bool(settings["TransitEncryptionEnabled"]), sharded)
    nodes = range(1, replicas + 2)
    shards = {shard: [place.member(shard, node) for node in nodes] for shard in range(1, count + 1)}
    zones = tuple(asked.get("PreferredCacheClusterAZs") or zones)
    return ReplicationGroup(arn, place, settings, zones, shards)


def changes(settings: Mapping[str, Any], asked: Mapping[str, Any]) -> Settings:
    """Return what a modification that *asked* makes of *settings*, where it differs."""
    wanted = {name: value for name, value in asked.items() if name not in _MANNER and value is not None}
    if "EngineVersion" in wanted:
        engine = str(wanted.get("Engine", settings["Engine"]))
        wanted["EngineVersion"] = full_version(engine, wanted["EngineVersion"])
    if strategy := asked.get("AuthTokenUpdateStrategy"):
        wanted["AuthToken"] = strategy != "DELETE"
    wanted["UserGroupIds"] = _user_groups(settings, asked)
    wanted |= deliveries(settings, asked)
    return {name: value for name, value in wanted.items() if settings.get(name) != value}


def deliveries(settings: Mapping[str, Any], asked: Mapping[str, Any]) -> Settings:
    """Return where logs are delivered after *asked*: kinds of logs that it does not name are delivered as before."""
    if (given := asked.get("LogDeliveryConfigurations")) is None:
        return {}
    told = {one["LogType"]: one for one in given}
    had = [one for one in settings.get("LogDeliveryConfigurations") or () if one["LogType"] not in told]
    return {"LogDeliveryConfigurations": [*had, *(one for one in given if one.get("Enabled", True))]}


def _user_groups(settings: Mapping[str, Any], asked: Mapping[str, Any]) -> tuple[str, ...]:
    if asked.get("RemoveUserGroups"):
        return ()
    removed = set(asked.get("UserGroupIdsToRemove") or ())
    kept = [group for group in settings["UserGroupIds"] if group not in removed]
    return (*kept, *(group for group in asked.get("UserGroupIdsToAdd") or () if group not in kept))


def _follow(group: ReplicationGroup, changed: Mapping[str, Any]) -> str:
    """Return the parameter group after an upgrade: a default one follows the version, one's own stays."""
    name = str(group.settings["CacheParameterGroupName"])
    engine = str(changed.get("Engine", group.settings["Engine"]))
    fitting = default_parameters(engine, str(changed["EngineVersion"]), sharded=group.place.sharded)
    return fitting if name.startswith("default.") else name


def _replicas(asked: Mapping[str, Any]) -> int:
    if (replicas := asked.get("ReplicasPerNodeGroup")) is not None:
        return int(replicas)
    nodes = int(asked.get("NumCacheClusters") or 1)
    if not 1 <= nodes <= 6:
        raise InvalidParameterValueException(f"Number of cache clusters must be between 1 and 6, it is {nodes}.")
    return nodes - 1


def _clustered(settings: Mapping[str, Any]) -> bool:
    named = str(settings.get("CacheParameterGroupName", ""))
    return settings.get("ClusterMode") == "enabled" or named.endswith(".cluster.on")


def _refuse_unreliable(settings: Mapping[str, Any], nodes: int) -> None:
    """Refuse what contradicts itself, with AWS's words."""
    if settings["AutomaticFailoverEnabled"] and nodes < 2:
        raise InvalidParameterCombinationException(
            "Must specify at least two cache clusters in order to auto failover a replication group."
        )
    if settings["MultiAZEnabled"] and not settings["AutomaticFailoverEnabled"]:
        raise InvalidParameterCombinationException("Must enable automatic failover if Multi-AZ is enabled.")
    if settings.get("AuthToken") and not settings["TransitEncryptionEnabled"]:
        raise InvalidParameterCombinationException(
            "The AUTH token is only supported when encryption-in-transit is enabled."
        )
