"""The operations of ElastiCache's API, as far as the backend has them beyond moto, or otherwise than moto."""

from typing import Any

import moto.elasticache.models as moto_cache
import moto.elasticache.responses as moto_responses
import moto.elasticache.urls as moto_urls
from moto.core.responses import ActionResult, EmptyResult, PaginatedResult
from moto.elasticache.exceptions import CacheClusterNotFound, InvalidParameterValueException

from crosshead.devel.emulation import cache_shapes
from crosshead.devel.emulation.cache_backend import ElastiCacheBackend
from crosshead.devel.emulation.cache_group import ReplicationGroup
from crosshead.devel.emulation.timeline import Timeline


class ElastiCacheResponse(moto_responses.ElastiCacheResponse):  # type: ignore[misc]  # moto ships no types
    """One request; moto finds the method by the name of the operation, and its parameters in `params`."""

    def create_replication_group(self) -> Any:  # noqa: ANN401, D102
        return _shown(self._backend.create_group(self.params))

    def describe_replication_groups(self) -> Any:  # noqa: ANN401, D102
        id_ = self.params.get("ReplicationGroupId")
        groups = [self._backend.find_group(id_)] if id_ else list(self._backend.replication_groups.values())
        return PaginatedResult({"ReplicationGroups": [cache_shapes.replication_group(group) for group in groups]})

    def modify_replication_group(self) -> Any:  # noqa: ANN401, D102
        return _shown(self._backend.modify_group(self.params))

    def increase_replica_count(self) -> Any:  # noqa: ANN401, D102
        replicas, current = self._replicas()
        if replicas < current:
            raise InvalidParameterValueException(f"New replica count must be more than the present {current}.")
        return _shown(self._backend.resize_group(self.params["ReplicationGroupId"], replicas))

    def decrease_replica_count(self) -> Any:  # noqa: ANN401, D102
        remove = tuple(self.params.get("ReplicasToRemove") or ())
        replicas, current = self._replicas(fewer=len(remove))
        if replicas > current:
            raise InvalidParameterValueException(f"New replica count must be less than the present {current}.")
        return _shown(self._backend.resize_group(self.params["ReplicationGroupId"], replicas, remove))

    def modify_replication_group_shard_configuration(self) -> Any:  # noqa: ANN401, D102
        id_, count = self.params["ReplicationGroupId"], int(self.params["NodeGroupCount"])
        every = self._backend.find_group(id_).shards.keys()
        retained = {int(number) for number in self.params.get("NodeGroupsToRetain") or ()}
        remove = {int(number) for number in self.params.get("NodeGroupsToRemove") or ()}
        doomed = frozenset(remove or (every - retained if retained else ()))
        return _shown(self._backend.reshard_group(id_, count, doomed))

    def delete_replication_group(self) -> Any:  # noqa: ANN401, D102
        id_, final = self.params["ReplicationGroupId"], self.params.get("FinalSnapshotIdentifier")
        return _shown(self._backend.delete_group(id_, final))

    def describe_cache_clusters(self) -> Any:  # noqa: ANN401, D102
        id_ = self.params.get("CacheClusterId")
        found = [cluster for name, cluster in self._clusters().items() if id_ in {None, name}]
        if id_ and not found:
            raise CacheClusterNotFound(id_)
        return PaginatedResult({"CacheClusters": found})

    def create_cache_cluster(self) -> Any:  # noqa: ANN401, D102
        cluster = self._backend.create_cluster(self.params)
        self._tag(cluster.arn)
        return ActionResult({"CacheCluster": cluster.shape(nodes=False)})

    def modify_cache_cluster(self) -> Any:  # noqa: ANN401, D102
        return ActionResult({"CacheCluster": self._backend.modify_cluster(self.params).shape(nodes=False)})

    def delete_cache_cluster(self) -> Any:  # noqa: ANN401, D102
        id_, final = self.params["CacheClusterId"], self.params.get("FinalSnapshotIdentifier")
        return ActionResult({"CacheCluster": self._backend.delete_cluster(id_, final).shape(nodes=False)})

    def create_user(self) -> Any:  # noqa: ANN401, D102
        user = self._backend.people.create(self.params)
        self._tag(user.arn)
        return ActionResult(user.shape())

    def describe_users(self) -> Any:  # noqa: ANN401, D102
        id_ = self.params.get("UserId")
        users = [self._backend.people.find(id_)] if id_ else list(self._backend.people.users.values())
        return PaginatedResult({"Users": [user.shape() for user in users]})

    def modify_user(self) -> Any:  # noqa: ANN401, D102
        return ActionResult(self._backend.people.modify(self.params).shape())

    def delete_user(self) -> Any:  # noqa: ANN401, D102
        return ActionResult(self._backend.people.delete(self.params["UserId"]).shape())

    def create_user_group(self) -> Any:  # noqa: ANN401, D102
        group = self._backend.people.create_group(self.params)
        self._tag(group.arn)
        return ActionResult(group.shape())

    def describe_user_groups(self) -> Any:  # noqa: ANN401, D102
        id_ = self.params.get("UserGroupId")
        groups = [self._backend.people.find_group(id_)] if id_ else list(self._backend.people.groups.values())
        return PaginatedResult({"UserGroups": [group.shape() for group in groups]})

    def modify_user_group(self) -> Any:  # noqa: ANN401, D102
        return ActionResult(self._backend.people.modify_group(self.params).shape())

    def delete_user_group(self) -> Any:  # noqa: ANN401, D102
        return ActionResult(self._backend.people.delete_group(self.params["UserGroupId"]).shape())

    def create_serverless_cache(self) -> Any:  # noqa: ANN401, D102
        cache = self._backend.serverless.create(self.params)
        self._tag(cache.arn)
        return ActionResult({"ServerlessCache": cache.shape()})

    def describe_serverless_caches(self) -> Any:  # noqa: ANN401, D102
        name, serverless = self.params.get("ServerlessCacheName"), self._backend.serverless
        return PaginatedResult(
            {"ServerlessCaches": [one.shape() for one in ([serverless.find(name)] if name else serverless.all())]}
        )

    def modify_serverless_cache(self) -> Any:  # noqa: ANN401, D102
        return ActionResult({"ServerlessCache": self._backend.serverless.modify(self.params).shape()})

    def delete_serverless_cache(self) -> Any:  # noqa: ANN401, D102
        name = self.params["ServerlessCacheName"]
        return ActionResult({"ServerlessCache": self._backend.serverless.delete(name).shape()})

    def modify_cache_subnet_group(self) -> Any:  # noqa: ANN401, D102
        group = self._backend.modify_subnet_group(
            self.params["CacheSubnetGroupName"],
            self.params.get("CacheSubnetGroupDescription"),
            self.params.get("SubnetIds") or [],
        )
        return ActionResult({"CacheSubnetGroup": group})

    def delete_cache_subnet_group(self) -> Any:  # noqa: ANN401, D102
        self._backend.delete_subnet_group(self.params["CacheSubnetGroupName"])
        return EmptyResult()

    def create_cache_parameter_group(self) -> Any:  # noqa: ANN401, D102
        group = self._backend.parameter_groups.create(
            self.params["CacheParameterGroupName"],
            self.params["CacheParameterGroupFamily"],
            self.params["Description"],
        )
        self._tag(group.arn)
        return ActionResult({"CacheParameterGroup": group.shape()})

    def describe_cache_parameter_groups(self) -> Any:  # noqa: ANN401, D102
        name = self.params.get("CacheParameterGroupName")
        groups = [self._backend.parameter_groups.get(name)] if name else self._backend.parameter_groups.all()
        return PaginatedResult({"CacheParameterGroups": [group.shape() for group in groups]})

    def describe_cache_parameters(self) -> Any:  # noqa: ANN401, D102
        group = self._backend.parameter_groups.get(self.params["CacheParameterGroupName"])
        return PaginatedResult({"Parameters": group.listing()})

    def modify_cache_parameter_group(self) -> Any:  # noqa: ANN401, D102
        group = self._backend.parameter_groups.modify(
            self.params["CacheParameterGroupName"], self.params["ParameterNameValues"]
        )
        return ActionResult({"CacheParameterGroupName": group.name})

    def reset_cache_parameter_group(self) -> Any:  # noqa: ANN401, D102
        names = [value["ParameterName"] for value in self.params.get("ParameterNameValues") or ()]
        everything = self.params.get("ResetAllParameters")
        group = self._backend.parameter_groups.reset(
            self.params["CacheParameterGroupName"], None if everything else names
        )
        return ActionResult({"CacheParameterGroupName": group.name})

    def delete_cache_parameter_group(self) -> Any:  # noqa: ANN401, D102
        group = self._backend.parameter_groups.delete(
            self.params["CacheParameterGroupName"], self._backend.parameter_groups_in_use()
        )
        self._backend.tagging_service.delete_all_tags_for_resource(group.arn)
        return EmptyResult()

    def add_tags_to_resource(self) -> Any:  # noqa: ANN401, D102
        super().add_tags_to_resource()
        return self.list_tags_for_resource()

    def remove_tags_from_resource(self) -> Any:  # noqa: ANN401, D102
        super().remove_tags_from_resource()
        return self.list_tags_for_resource()

    @property
    def _backend(self) -> ElastiCacheBackend:
        return moto_cache.elasticache_backends[self.current_account][self.region]  # type: ignore[no-any-return]

    def _tag(self, arn: str) -> None:
        if tags := self.params.get("Tags"):
            self._backend.tagging_service.tag_resource(arn, tags)

    def _clusters(self) -> dict[str, Any]:
        """Return all clusters: the nodes of replication groups, and those that stand alone."""
        nodes = bool(self.params.get("ShowCacheNodeInfo"))
        alone = bool(self.params.get("ShowCacheClustersNotInReplicationGroups"))
        groups = () if alone else self._backend.replication_groups.values()
        members = {
            member: cache_shapes.cache_cluster(group, member, nodes=nodes)
            for group in groups
            for member in group.members()
        }
        own = {name: one.shape(nodes=nodes) for name, one in self._backend.cache_clusters.items()}
        return {**members, **own}

    def _replicas(self, fewer: int = 0) -> tuple[int, int]:
        """Return how many replicas each shard is to have, and how many it has."""
        if not self.params.get("ApplyImmediately"):
            raise InvalidParameterValueException("ApplyImmediately=False is not supported for changes of replicas.")
        current = self._backend.find_group(self.params["ReplicationGroupId"]).replicas
        asked = self.params.get("NewReplicaCount")
        return (current - fewer if asked is None else int(asked)), current


def install(timeline: Timeline) -> None:
    """Put this ElastiCache in the place of moto's."""
    ElastiCacheBackend.timeline = timeline
    moto_cache.elasticache_backends.backend = ElastiCacheBackend
    moto_urls.url_paths["{0}/$"] = ElastiCacheResponse.dispatch


def _shown(group: ReplicationGroup) -> Any:  # noqa: ANN401  # moto's
    return ActionResult({"ReplicationGroup": cache_shapes.replication_group(group)})
