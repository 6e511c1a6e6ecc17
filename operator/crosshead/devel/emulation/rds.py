"""RDS as AWS runs it: instances take their time, refuse what they must, and subnet groups survive a change."""

from collections.abc import Iterator, Mapping
from typing import Any

import moto.rds.models as moto_rds
import moto.rds.urls as moto_urls
from moto.core.resource_tagging import TaggedResource
from moto.rds.exceptions import (
    DBClusterParameterGroupNotFoundError,
    DBInstanceAlreadyExists,
    DBInstanceNotFoundError,
    DBParameterGroupNotFoundError,
    DBSubnetGroupNotFoundError,
    RDSClientError,
)

from crosshead.devel.emulation.rds_cluster import DBCluster
from crosshead.devel.emulation.rds_deployments import DeploymentBackend
from crosshead.devel.emulation.rds_groups import OptionGroup
from crosshead.devel.emulation.rds_instance import DBInstance, DBInstanceClustered, full_version, own_names
from crosshead.devel.emulation.rds_responses import RDSResponse
from crosshead.devel.emulation.timeline import Event, Timeline

# AWS changes an instance only in these states.
_CHANGEABLE = {"available", "storage-optimization"}
# Says how to modify, not what to.
_MANNER = {"db_instance_identifier", "apply_immediately", "allow_major_version_upgrade"}

Asked = Mapping[str, Any]


class RDSBackend(DeploymentBackend):
    """The RDS of one account and region."""

    # moto looks for it beside the module of the class, which ours is not.
    _url_module = moto_urls

    def iter_tagged_resources(self) -> Iterator[TaggedResource]:
        """Yield what a search by tags looks through: groups, too."""
        yield from super().iter_tagged_resources()
        groups = {
            "rds:subgrp": self.subnet_groups,
            "rds:pg": self.db_parameter_groups,
            "rds:cluster-pg": self.db_cluster_parameter_groups,
            "rds:og": self.option_groups,
        }
        for resource_type, members in groups.items():
            for group in members.values():
                tags = {tag["Key"]: tag["Value"] for tag in group.get_tags()}
                yield TaggedResource(arn=group.arn, tags=tags, resource_type=resource_type)

    def create_db_instance(self, db_kwargs: Asked) -> DBInstance:
        """Create an instance that is available after a while."""
        asked = dict(db_kwargs)
        if asked.get("db_cluster_identifier") is None:
            _refuse_invalid(asked)
        instance: DBInstance = super().create_db_instance(asked)
        self._pass_through(instance, "creating", self.timeline.delays.creating, lambda: self._back_up(instance))
        return instance

    def create_db_instance_read_replica(self, db_kwargs: Asked) -> DBInstance:
        """Create a replica that is available after a while."""
        if db_kwargs["db_instance_identifier"] in self.databases:
            raise DBInstanceAlreadyExists
        replica: DBInstance = super().create_db_instance_read_replica(dict(db_kwargs))
        replica.begin()
        self._pass_through(replica, "creating", self.timeline.delays.creating, lambda: self._back_up(replica))
        return replica

    def modify_db_instance(self, db_instance_identifier: str, db_kwargs: Asked) -> DBInstance:
        """Change an instance now, or note what is to change in its maintenance window."""
        instance: DBInstance = self.describe_db_instances(db_instance_identifier)[0]
        asked = dict(db_kwargs)
        if version := asked.get("engine_version"):
            asked["engine_version"] = full_version(instance.engine, version)
        _refuse_modification(instance, asked)
        self._offer_default_group(instance, asked.get("db_parameter_group_name"))
        changes = instance.differing(asked)
        at_once = {name: value for name, value in asked.items() if name not in changes and name != "db_port_number"}
        super().modify_db_instance(db_instance_identifier, at_once)
        # What is asked back to what it is waits no longer.
        instance.pending = {k: v for k, v in instance.pending.items() if k not in own_names(asked)} | changes
        if asked.get("apply_immediately") or not changes:
            self._finish_modifying(instance, asked, apply=bool(asked.get("apply_immediately")))
        return instance

    def delete_db_instance(
        self,
        db_instance_identifier: str,
        final_db_snapshot_identifier: str | None = None,
        skip_final_snapshot: bool | None = False,  # noqa: FBT001, FBT002  # moto's signature
        delete_automated_backups: bool | None = True,  # noqa: FBT001, FBT002  # moto's signature
    ) -> DBInstance:
        """Delete an instance that is gone after a while."""
        instance: DBInstance | None = self.databases.get(db_instance_identifier)
        if instance is None:
            raise DBInstanceNotFoundError(db_instance_identifier)
        if instance.status == "deleting":
            raise _state(f"Instance {db_instance_identifier} is already being deleted.")
        if instance.db_cluster_identifier is None:
            _refuse_deletion(instance, final=final_db_snapshot_identifier, skip=bool(skip_final_snapshot))
        super().delete_db_instance(
            db_instance_identifier, final_db_snapshot_identifier, skip_final_snapshot, delete_automated_backups
        )
        self.databases[db_instance_identifier] = instance
        self.timeline.after(self.timeline.delays.deleting, lambda: self._forget(instance))
        return instance

    def promote_read_replica(self, db_kwargs: Asked) -> DBInstance:
        """Let a replica be an instance of its own after a while; moto's own goes on following its source."""
        replica: DBInstance = self.describe_db_instances(db_kwargs["db_instance_identifier"])[0]
        if replica.source_db_instance_identifier is None:
            raise _state(f"DB Instance {replica.db_instance_identifier} is not a read replica.")
        self.find_db_from_id(replica.source_db_instance_identifier).remove_replica(replica)
        super().promote_read_replica(dict(db_kwargs))
        replica.source_db_instance_identifier = None
        self._pass_through(replica, "modifying", self.timeline.delays.modifying, lambda: _become_available(replica))
        return replica

    def parameter_group(self, name: str) -> Any:  # noqa: ANN401  # moto's
        """Return the parameter group *name*."""
        if name not in self.db_parameter_groups:
            raise DBParameterGroupNotFoundError(name)
        return self.db_parameter_groups[name]

    def cluster_parameter_group(self, name: str) -> Any:  # noqa: ANN401  # moto's
        """Return the cluster parameter group *name*."""
        if name not in self.db_cluster_parameter_groups:
            raise DBClusterParameterGroupNotFoundError(name)
        return self.db_cluster_parameter_groups[name]

    def describe_option_groups(self, option_group_kwargs: Asked) -> list[Any]:
        """Find one by its name, or all: moto knows no call without a name."""
        if option_group_kwargs.get("option_group_name"):
            return list(super().describe_option_groups(dict(option_group_kwargs)))
        return list(self.option_groups.values())

    def create_subnet_group(self, subnet_name: str, description: str, subnets: list[Any], tags: list[Any]) -> Any:  # noqa: ANN401  # moto's
        """Create a group, unless there is one: moto would replace it."""
        if subnet_name in self.subnet_groups:
            raise RDSClientError("DBSubnetGroupAlreadyExists", f"The DB subnet group '{subnet_name}' already exists.")
        _refuse_one_zone(subnets)
        return super().create_subnet_group(subnet_name, description, subnets, tags)

    def modify_db_subnet_group(self, subnet_name: str, description: str | None, subnets: list[Any]) -> Any:  # noqa: ANN401  # moto's
        """Change a group and keep it: moto's own forgets the group that it changes."""
        group = self.subnet_groups.get(subnet_name)
        if group is None:
            raise DBSubnetGroupNotFoundError(subnet_name)
        _refuse_one_zone(subnets)
        group.subnets = subnets
        group.description = group.description if description is None else description
        return group

    def delete_subnet_group(self, subnet_name: str) -> Any:  # noqa: ANN401  # moto's
        """Delete a group in which no instance lives."""
        for instance in self.databases.values():
            group = getattr(instance, "db_subnet_group", None)
            if group is not None and group.name == subnet_name.lower():
                raise RDSClientError(
                    "InvalidDBSubnetGroupStateFault",
                    f"Cannot delete the subnet group '{group.name}' because at least one database instance: "
                    f"{instance.db_instance_identifier} is still using it.",
                )
        return super().delete_subnet_group(subnet_name)

    def maintain(self) -> None:
        """Let the maintenance windows of all instances and clusters come."""
        for instance in self.databases.values():
            instance.apply_pending()
        self.maintain_clusters()

    def _pass_through(self, instance: DBInstance, status: str, seconds: float, then: Event) -> None:
        """Give *instance* a passing *status*; *then* follows, unless it is deleted before."""
        instance.status = status
        self.timeline.after(seconds, lambda: then() if instance.status == status else None)

    def _back_up(self, instance: DBInstance) -> None:
        seconds = self.timeline.delays.backing_up
        self._pass_through(instance, "backing-up", seconds, lambda: _become_available(instance))

    def _finish_modifying(self, instance: DBInstance, asked: Asked, *, apply: bool) -> None:
        if not set(asked) - _MANNER and not instance.pending:
            return

        def finish() -> None:
            if apply:
                instance.apply_pending()
            _become_available(instance)

        self._pass_through(instance, "modifying", self.timeline.delays.modifying, finish)

    def _forget(self, instance: DBInstance) -> None:
        if self.databases.get(instance.db_instance_identifier) is instance:
            del self.databases[instance.db_instance_identifier]

    def _offer_default_group(self, instance: DBInstance, name: str | None) -> None:
        """Let moto know a default parameter group that is asked for by name, which it only does for those in use."""
        if name and instance.is_default_parameter_group(name) and name not in self.db_parameter_groups:
            self.db_parameter_groups[name] = moto_rds.DBParameterGroup(
                backend=self,
                db_parameter_group_name=name,
                db_parameter_group_family=name.removeprefix("default."),
                description=f"Default parameter group for {name.removeprefix('default.')}",
                tags=[],
            )


def install(timeline: Timeline) -> None:
    """Put this RDS in the place of moto's."""
    RDSBackend.timeline = timeline
    moto_rds.DBInstance = DBInstance
    moto_rds.DBInstanceClustered = DBInstanceClustered
    moto_rds.DBCluster = DBCluster
    moto_rds.OptionGroup = OptionGroup
    moto_rds.rds_backends.backend = RDSBackend
    moto_urls.url_paths["{0}/$"] = RDSResponse.dispatch


def maintain() -> None:
    """Let all maintenance windows come."""
    for _, _, backend in moto_rds.rds_backends.iter_backends():
        backend.maintain()


def _become_available(instance: DBInstance) -> None:
    instance.status = "available"


def _state(message: str) -> RDSClientError:
    return RDSClientError("InvalidDBInstanceState", message)


def _refuse_invalid(asked: Asked) -> None:
    """Refuse a creation for what moto does not look at."""
    password, managed = asked.get("master_user_password"), asked.get("manage_master_user_password")
    if password and managed:
        raise RDSClientError(
            "InvalidParameterCombination",
            "You can't specify MasterUserPassword for an instance with ManageMasterUserPassword enabled.",
        )
    if not password and not managed:
        raise RDSClientError(
            "InvalidParameterValue", "The parameter MasterUserPassword must be provided and must not be blank."
        )
    if password and len(password) < 8:
        raise RDSClientError(
            "InvalidParameterValue",
            "The parameter MasterUserPassword is not a valid password because it is shorter than 8 characters.",
        )
    if not str(asked.get("db_instance_class", "")).startswith("db."):
        raise RDSClientError("InvalidParameterValue", f"Invalid DB Instance class: {asked.get('db_instance_class')}")


def _refuse_modification(instance: DBInstance, asked: Asked) -> None:
    if instance.status not in _CHANGEABLE:
        raise _state(f"Database instance {instance.db_instance_identifier} is not in available state.")
    storage = asked.get("allocated_storage")
    if storage is not None and storage < instance.allocated_storage:
        raise RDSClientError(
            "InvalidParameterValue",
            f"Requested storage size ({storage}) cannot be less than the current storage size "
            f"({instance.allocated_storage}).",
        )


def _refuse_deletion(instance: DBInstance, *, final: str | None, skip: bool) -> None:
    if skip and final:
        raise RDSClientError(
            "InvalidParameterCombination",
            "FinalDBSnapshotIdentifier can not be specified when deleting with SkipFinalSnapshot.",
        )
    if not skip and not final:
        raise RDSClientError(
            "InvalidParameterCombination",
            "FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified.",
        )
    if final and instance.status == "creating":
        raise _state("Cannot create a snapshot because the database instance is not currently in the available state.")


def _refuse_one_zone(subnets: list[Any]) -> None:
    if len({subnet.availability_zone for subnet in subnets}) < 2:
        raise RDSClientError(
            "DBSubnetGroupDoesNotCoverEnoughAZs",
            "The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement. Add subnets to cover at "
            "least 2 AZs.",
        )
