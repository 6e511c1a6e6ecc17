"""RDS's clusters as AWS runs them: they take their time, and refuse what they must."""

from collections.abc import Mapping
from typing import Any, ClassVar

import moto.rds.models as moto_rds
from moto.rds.exceptions import (
    DBClusterNotFoundError,
    DBClusterParameterGroupNotFoundError,
    DBSubnetGroupNotFoundError,
    RDSClientError,
)

from crosshead.devel.emulation.rds_cluster import PENDING, DBCluster
from crosshead.devel.emulation.rds_instance import full_version
from crosshead.devel.emulation.timeline import Event, Timeline

# Says how to modify, not what to; and what moto's own modification is for.
_MANNER = {"db_cluster_identifier", "apply_immediately", "allow_major_version_upgrade", "allow_engine_mode_change"}
_MOTOS = {
    "manage_master_user_password",
    "master_user_secret_kms_key_id",
    "rotate_master_user_password",
    "new_db_cluster_identifier",
}

Asked = Mapping[str, Any]


class ClusterBackend(moto_rds.RDSBackend):  # type: ignore[misc]  # moto ships no types
    """The clusters of one account and region."""

    timeline: ClassVar[Timeline]

    def create_db_cluster(self, kwargs: Asked) -> DBCluster:
        """Create a cluster that is available after a while."""
        asked = dict(kwargs)
        self._refuse_creation(asked)
        cluster: DBCluster = super().create_db_cluster(asked)
        self._pass(cluster, "creating", self.timeline.delays.creating, lambda: _become_available(cluster))
        return cluster

    def modify_db_cluster(self, kwargs: Asked) -> DBCluster:
        """Change a cluster now, or note what is to change in its maintenance window."""
        asked = dict(kwargs)
        cluster = self._available(asked["db_cluster_identifier"])
        if version := asked.get("engine_version"):
            asked["engine_version"] = full_version(cluster.engine, version)
        self._refuse_missing_groups(asked)
        motos = {name: value for name, value in asked.items() if name in _MOTOS | _MANNER}
        super().modify_db_cluster(dict(motos))
        changes = {name: value for name, value in asked.items() if name not in _MANNER | _MOTOS}
        waiting = {name: value for name, value in changes.items() if name in PENDING}
        cluster.update({name: value for name, value in changes.items() if name not in waiting})
        cluster.pending |= {name: value for name, value in waiting.items() if value != getattr(cluster, name)}
        self._finish(cluster, at_once=bool(asked.get("apply_immediately")), changed=bool(changes))
        return cluster

    def delete_db_cluster(self, cluster_identifier: str, snapshot_name: str | None = None) -> DBCluster:
        """Delete a cluster that is gone after a while."""
        cluster = self._find_cluster(cluster_identifier)
        if cluster.status == "deleting":
            raise _state(f"Cluster {cluster_identifier} is already being deleted.")
        if cluster.global_cluster_identifier:
            raise _state("This cluster is a part of a global cluster, please remove it from globalcluster first")
        super().delete_db_cluster(cluster_identifier, snapshot_name)
        self.clusters[cluster_identifier] = cluster
        # The backups that AWS itself has made go along, unless it is told to keep them.
        for name, snapshot in list(self.cluster_snapshots.items()):
            whose = snapshot.cluster.db_cluster_identifier
            if whose == cluster.db_cluster_identifier and snapshot.snapshot_type == "automated":
                del self.cluster_snapshots[name]
        self._pass(cluster, "deleting", self.timeline.delays.deleting, lambda: self._forget_cluster(cluster))
        return cluster

    def promote_read_replica_db_cluster(self, db_cluster_identifier: str) -> DBCluster:
        """Let a replica be a cluster of its own after a while."""
        cluster = self._available(db_cluster_identifier)
        super().promote_read_replica_db_cluster(db_cluster_identifier)
        self._pass(cluster, "promoting", self.timeline.delays.modifying, lambda: _become_available(cluster))
        return cluster

    def remove_from_global_cluster(self, global_cluster_identifier: str, db_cluster_identifier: str) -> Any:  # noqa: ANN401  # moto's
        """Let a cluster leave; moto's own lets it believe that it still belongs."""
        found = super().remove_from_global_cluster(global_cluster_identifier, db_cluster_identifier)
        self._find_cluster(db_cluster_identifier.rpartition(":")[2]).global_cluster_identifier = None
        return found

    def switch_http_endpoint(self, arn: str, *, on: bool) -> None:
        """Answer queries over HTTP, or no longer."""
        self._find_cluster(arn.rpartition(":")[2]).http_endpoint_enabled = on

    def maintain_clusters(self) -> None:
        """Let the maintenance window of every cluster come."""
        for cluster in self.clusters.values():
            cluster.apply_pending()

    def _find_cluster(self, identifier: str) -> DBCluster:
        cluster: DBCluster | None = self.clusters.get(identifier.lower())
        if cluster is None:
            raise DBClusterNotFoundError(identifier)
        return cluster

    def _available(self, identifier: str) -> DBCluster:
        cluster = self._find_cluster(identifier)
        if cluster.status != "available":
            raise _state(f"DbCluster {identifier} is in {cluster.status} state but expected it to be one of available.")
        return cluster

    def _finish(self, cluster: DBCluster, *, at_once: bool, changed: bool) -> None:
        def finish() -> None:
            if at_once:
                cluster.apply_pending()
            _become_available(cluster)

        if changed and (at_once or not cluster.pending):
            self._pass(cluster, "modifying", self.timeline.delays.modifying, finish)

    def _pass(self, cluster: DBCluster, status: str, seconds: float, then: Event) -> None:
        """Give *cluster* a passing *status*; *then* follows, unless it is deleted before."""
        cluster.status = status
        self.timeline.after(seconds, lambda: then() if cluster.status == status else None)

    def _forget_cluster(self, cluster: DBCluster) -> None:
        if self.clusters.get(cluster.db_cluster_identifier) is cluster:
            del self.clusters[cluster.db_cluster_identifier]

    def _refuse_creation(self, asked: Asked) -> None:
        if asked["db_cluster_identifier"].lower() in self.clusters:
            raise RDSClientError("DBClusterAlreadyExistsFault", "DB Cluster already exists")
        subnets = asked.get("db_subnet_group_name")
        if subnets and subnets != "default" and subnets not in self.subnet_groups:
            raise DBSubnetGroupNotFoundError(subnets)
        if asked.get("db_cluster_instance_class") and not asked.get("allocated_storage"):
            raise RDSClientError(
                "InvalidParameterCombination", "AllocatedStorage is required for Multi-AZ DB clusters."
            )
        self._refuse_missing_groups(asked)

    def _refuse_missing_groups(self, asked: Asked) -> None:
        group = asked.get("db_cluster_parameter_group_name")
        if group and not group.startswith("default.") and group not in self.db_cluster_parameter_groups:
            raise DBClusterParameterGroupNotFoundError(group)


def _become_available(cluster: DBCluster) -> None:
    cluster.status = "available"


def _state(message: str) -> RDSClientError:
    return RDSClientError("InvalidDBClusterStateFault", message)
