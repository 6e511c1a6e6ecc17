"""ElastiCache: groups and clusters with their nodes, what they stand on, users; moto has stubs of it, or nothing."""

import re
from collections.abc import Mapping
from typing import Any, ClassVar

import moto.elasticache.models as moto_cache
import moto.elasticache.urls as moto_urls
from moto.ec2.models import ec2_backends
from moto.elasticache.exceptions import (
    CacheClusterAlreadyExists,
    CacheClusterNotFound,
    CacheSubnetGroupNotFound,
    ElastiCacheException,
    InvalidParameterValueException,
    InvalidSubnet,
    ReplicationGroupAlreadyExists,
    ReplicationGroupNotFound,
)

from crosshead.devel.emulation import cache_cluster, cache_group
from crosshead.devel.emulation.cache_cluster import Cluster
from crosshead.devel.emulation.cache_group import ReplicationGroup
from crosshead.devel.emulation.cache_parameters import ParameterGroups
from crosshead.devel.emulation.cache_serverless import ServerlessCaches
from crosshead.devel.emulation.cache_users import Users
from crosshead.devel.emulation.timeline import Timeline

Asked = Mapping[str, Any]


class ElastiCacheBackend(moto_cache.ElastiCacheBackend):  # type: ignore[misc]  # moto ships no types
    """The ElastiCache of one account and region; snapshots and tags are moto's."""

    timeline: ClassVar[Timeline]

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.prefix = f"arn:{self.partition}:elasticache:{region_name}:{account_id}"
        self.parameter_groups = ParameterGroups(self.prefix)
        self.people = Users(self.prefix, self.timeline)
        self.users = self.people.users
        self.serverless = ServerlessCaches(self.prefix, region_name, self.timeline)
        self.arn_regex = re.compile(r"^arn:[^:]+:elasticache:[^:]*:[0-9]*:[a-z]+:.+$")

    # moto looks for it beside the module of the class, which ours is not.
    _url_module = moto_urls

    def create_group(self, asked: Asked) -> ReplicationGroup:
        """Create a replication group that is available after a while."""
        asked = {**asked, "ReplicationGroupId": asked["ReplicationGroupId"].lower()}
        if asked["ReplicationGroupId"] in self.replication_groups:
            raise ReplicationGroupAlreadyExists(asked["ReplicationGroupId"])
        if asked.get("CacheParameterGroupName"):
            self.parameter_groups.get(asked["CacheParameterGroupName"])
        asked = self._placed(asked)
        arn = f"{self.prefix}:replicationgroup:{asked['ReplicationGroupId']}"
        group = cache_group.create(asked, arn, self.region_name, self._zones(asked.get("CacheSubnetGroupName")))
        self.replication_groups[group.place.group] = group
        if tags := asked.get("Tags"):
            self.tagging_service.tag_resource(arn, tags)
        self._pass_through(group, "creating", self.timeline.delays.creating)
        return group

    def find_group(self, id_: str) -> ReplicationGroup:
        """Return the replication group *id_*."""
        try:
            group: ReplicationGroup = self.replication_groups[id_.lower()]
        except KeyError:
            raise ReplicationGroupNotFound(id_) from None
        return group

    def modify_group(self, asked: Asked) -> ReplicationGroup:
        """Change a replication group, now or in its maintenance window."""
        group = self._available(asked["ReplicationGroupId"])
        if asked.get("CacheParameterGroupName"):
            self.parameter_groups.get(asked["CacheParameterGroupName"])
        changed, at_once = group.modify(asked), bool(asked.get("ApplyImmediately"))
        if changed and (at_once or not group.pending):
            self._pass_through(group, "modifying", self.timeline.delays.modifying, apply=at_once)
        return group

    def resize_group(self, id_: str, replicas: int, remove: tuple[str, ...] = ()) -> ReplicationGroup:
        """Give each shard of a group so many replicas."""
        group = self._available(id_)
        if replicas == group.replicas:
            raise ElastiCacheException("NoOperationFault", "The replica count of every node group is as requested.")
        if replicas < 1 and group.settings["AutomaticFailoverEnabled"]:
            raise ElastiCacheException(
                "InvalidParameterCombination", "Automatic failover needs at least one replica in every node group."
            )
        group.resize(replicas, remove)
        self._pass_through(group, "modifying", self.timeline.delays.modifying)
        return group

    def reshard_group(self, id_: str, count: int, remove: frozenset[int]) -> ReplicationGroup:
        """Give a group so many shards, without those in *remove*."""
        group = self._available(id_)
        if not group.place.sharded:
            raise InvalidParameterValueException("Resharding needs a replication group with cluster mode enabled.")
        if count == len(group.shards):
            raise ElastiCacheException("NoOperationFault", f"The replication group has {count} node groups already.")
        if len(remove & group.shards.keys()) != max(len(group.shards) - count, 0):
            raise ElastiCacheException(
                "InvalidParameterCombination", "The node groups to remove must be as many as are too many."
            )
        group.reshard(count, remove)
        self._pass_through(group, "modifying", self.timeline.delays.modifying)
        return group

    def delete_group(self, id_: str, final_snapshot: str | None) -> ReplicationGroup:
        """Delete a replication group, which is gone after a while."""
        group = self._available(id_)
        if final_snapshot:
            self.create_snapshot(final_snapshot, group.place.group, None, None, None)
        group.status = "deleting"
        self.timeline.after(self.timeline.delays.deleting, lambda: self._forget(group))
        return group

    def create_cluster(self, asked: Asked) -> Cluster:
        """Create a cluster that is available after a while."""
        id_ = asked["CacheClusterId"].lower()
        if id_ in self.cache_clusters:
            raise CacheClusterAlreadyExists(id_)
        if asked.get("CacheParameterGroupName"):
            self.parameter_groups.get(asked["CacheParameterGroupName"])
        if asked.get("ReplicationGroupId"):
            self._available(asked["ReplicationGroupId"])
        asked = self._placed({**asked, "CacheClusterId": id_})
        zones = self._zones(asked.get("CacheSubnetGroupName"))
        cluster = cache_cluster.create(asked, f"{self.prefix}:cluster:{id_}", self.region_name, zones)
        self.cache_clusters[id_] = cluster
        self._pass_through(cluster, "creating", self.timeline.delays.creating)
        return cluster

    def modify_cluster(self, asked: Asked) -> Cluster:
        """Change a cluster, now or in its maintenance window."""
        cluster = self._available_cluster(asked["CacheClusterId"])
        if asked.get("CacheParameterGroupName"):
            self.parameter_groups.get(asked["CacheParameterGroupName"])
        changed, at_once = cluster.modify(asked), bool(asked.get("ApplyImmediately"))
        if changed and (at_once or not cluster.pending):
            self._pass_through(cluster, "modifying", self.timeline.delays.modifying, apply=at_once)
        return cluster

    def delete_cluster(self, id_: str, final_snapshot: str | None) -> Cluster:
        """Delete a cluster, which is gone after a while."""
        cluster = self._available_cluster(id_)
        if final_snapshot:
            self.create_snapshot(final_snapshot, None, cluster.cache_cluster_id, None, None)
        cluster.status = "deleting"

        def forget() -> None:
            self.cache_clusters.pop(cluster.cache_cluster_id, None)
            self.tagging_service.delete_all_tags_for_resource(cluster.arn)

        self.timeline.after(self.timeline.delays.deleting, forget)
        return cluster

    def _available_cluster(self, id_: str) -> Cluster:
        if id_.lower() not in self.cache_clusters:
            raise CacheClusterNotFound(id_)
        cluster: Cluster = self.cache_clusters[id_.lower()]
        if cluster.status != "available":
            raise ElastiCacheException("InvalidCacheClusterState", f"Cache cluster {id_} is not in available state.")
        return cluster

    def create_cache_subnet_group(
        self,
        cache_subnet_group_name: str,
        cache_subnet_group_description: str,
        subnet_ids: list[str],
        tags: list[dict[str, str]] | None,
    ) -> Any:  # noqa: ANN401  # moto's
        """Create a group of subnets that exist: moto would make some up."""
        self._refuse_missing_subnets(subnet_ids)
        return super().create_cache_subnet_group(
            cache_subnet_group_name.lower(), cache_subnet_group_description, subnet_ids, tags
        )

    def describe_cache_subnet_groups(self, cache_subnet_group_name: str | None = None) -> list[Any]:
        """Return the group of that name, or all."""
        groups: list[Any] = super().describe_cache_subnet_groups((cache_subnet_group_name or "").lower())
        return groups

    def modify_subnet_group(self, name: str, description: str | None, subnet_ids: list[str]) -> Any:  # noqa: ANN401  # moto's
        """Change a subnet group."""
        group = self._subnet_group(name)
        wanted = subnet_ids or group.subnet_ids
        self._refuse_missing_subnets(wanted)
        description = group.cache_subnet_group_description if description is None else description
        changed = moto_cache.CacheSubnetGroup(
            self.account_id, self.region_name, name.lower(), description, wanted, group.tags
        )
        self.cache_subnet_groups[name.lower()] = changed
        return changed

    def delete_subnet_group(self, name: str) -> None:
        """Delete a subnet group in which nothing lives."""
        group = self._subnet_group(name)
        users = (*self.replication_groups.values(), *self.cache_clusters.values())
        if any(_subnet_group_of(user) == name.lower() for user in users):
            raise ElastiCacheException("CacheSubnetGroupInUse", f"Cache subnet group {name} is currently in use.")
        del self.cache_subnet_groups[name.lower()]
        self.tagging_service.delete_all_tags_for_resource(group.arn)

    def parameter_groups_in_use(self) -> set[str]:
        """Return the names of the parameter groups that somebody follows."""
        users = (*self.replication_groups.values(), *self.cache_clusters.values())
        return {user.settings["CacheParameterGroupName"] for user in users}

    def maintain(self) -> None:
        """Let the maintenance windows of all groups and clusters come."""
        for one in (*self.replication_groups.values(), *self.cache_clusters.values()):
            one.apply_pending()

    def _pass_through(
        self, one: ReplicationGroup | Cluster, status: str, seconds: float, *, apply: bool = False
    ) -> None:
        one.status = status

        def finish() -> None:
            if apply:
                one.apply_pending()
            one.status = "available"

        self.timeline.after(seconds, finish)

    def _forget(self, group: ReplicationGroup) -> None:
        self.replication_groups.pop(group.place.group, None)
        self.tagging_service.delete_all_tags_for_resource(group.arn)

    def _available(self, id_: str) -> ReplicationGroup:
        """Return the group *id_*, unless it is busy: AWS neither changes nor deletes it then."""
        group = self.find_group(id_)
        if group.status != "available":
            raise ElastiCacheException(
                "InvalidReplicationGroupState", f"Replication group {group.place.group} is not in available state."
            )
        return group

    def _subnet_group(self, name: str) -> Any:  # noqa: ANN401  # moto's
        return self.describe_cache_subnet_groups(name)[0]

    def _placed(self, asked: Asked) -> Asked:
        """Return *asked* with the subnet group as AWS spells it, and its network's default security group if none."""
        if not (name := asked.get("CacheSubnetGroupName")):
            return asked
        if name.lower() not in self.cache_subnet_groups:
            raise CacheSubnetGroupNotFound(name)
        guards = asked.get("SecurityGroupIds") or self._default_guard(self._subnet_group(name).vpc_id)
        return {**asked, "CacheSubnetGroupName": name.lower(), "SecurityGroupIds": tuple(guards)}

    def _default_guard(self, network: str) -> tuple[str, ...]:
        guard = self._network().get_default_security_group(network)
        return (guard.id,) if guard else ()

    def _zones(self, subnet_group: str | None) -> tuple[str, ...]:
        if not subnet_group:
            return tuple(f"{self.region_name}{letter}" for letter in "abc")
        subnets = (self._network().get_subnet(id_) for id_ in self._subnet_group(subnet_group).subnet_ids)
        return tuple(sorted({subnet.availability_zone for subnet in subnets}))

    def _refuse_missing_subnets(self, subnet_ids: list[str]) -> None:
        present = {subnet for zone in self._network().subnets.values() for subnet in zone}
        if missing := [id_ for id_ in subnet_ids if id_ not in present]:
            raise InvalidSubnet(missing[0])

    def _network(self) -> Any:  # noqa: ANN401  # moto's
        return ec2_backends[self.account_id][self.region_name]


def maintain() -> None:
    """Let all maintenance windows come."""
    for _, _, backend in moto_cache.elasticache_backends.iter_backends():
        backend.maintain()


def _subnet_group_of(user: ReplicationGroup | Cluster) -> str:
    return user.subnet_group_name if isinstance(user, ReplicationGroup) else user.cache_subnet_group_name
