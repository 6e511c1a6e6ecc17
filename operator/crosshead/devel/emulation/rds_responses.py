"""RDS's answers where moto has none, or another than AWS."""

from typing import Any

import moto.rds.responses as moto_responses
from moto.core.responses import ActionResult, PaginatedResult
from moto.ec2.models import ec2_backends
from moto.rds.exceptions import RDSClientError

from crosshead.devel.emulation import rds_groups


class RDSResponse(moto_responses.RDSResponse):  # type: ignore[misc]  # moto ships no types
    """moto's answers, with RDS's errors, and the operations that moto lacks."""

    def create_db_subnet_group(self) -> Any:  # noqa: ANN401  # moto's
        """Create a group of subnets that exist."""
        self._refuse_missing_subnets()
        return super().create_db_subnet_group()

    def modify_db_subnet_group(self) -> Any:  # noqa: ANN401  # moto's
        """Change a group to subnets that exist."""
        self._refuse_missing_subnets()
        return super().modify_db_subnet_group()

    def _refuse_missing_subnets(self) -> None:
        network = ec2_backends[self.current_account][self.region]
        present = {subnet for zone in network.subnets.values() for subnet in zone}
        if missing := sorted(set(self.params.get("SubnetIds", ())) - present):
            raise RDSClientError("InvalidSubnet", f"The subnet ID '{missing[0]}' does not exist")

    def restore_db_instance_from_s3(self) -> Any:  # noqa: ANN401  # moto's
        """Create an instance; what was in the bucket, nobody here can tell."""
        return ActionResult({"DBInstance": self.backend.create_db_instance(self.params)})

    def restore_db_cluster_from_s3(self) -> Any:  # noqa: ANN401  # moto's
        """Create a cluster; what was in the bucket, nobody here can tell."""
        return ActionResult({"DBCluster": self.backend.create_db_cluster(self.params)})

    def describe_db_clusters(self) -> Any:  # noqa: ANN401  # moto's
        """List clusters by the page."""
        filters = {one["Name"]: one["Values"] for one in self.params.get("Filters", ())}
        found = self.backend.describe_db_clusters(self.params.get("DBClusterIdentifier"), filters)
        return PaginatedResult({"DBClusters": found})

    def delete_db_cluster(self) -> Any:  # noqa: ANN401  # moto's
        """Delete a cluster, of which a last snapshot is wanted or is not."""
        final, skip = self.params.get("FinalDBSnapshotIdentifier"), self.params.get("SkipFinalSnapshot")
        if bool(final) == bool(skip):
            raise RDSClientError(
                "InvalidParameterCombination",
                "FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified."
                if not final
                else "FinalDBSnapshotIdentifier can not be specified when deleting with SkipFinalSnapshot.",
            )
        return super().delete_db_cluster()

    def enable_http_endpoint(self) -> Any:  # noqa: ANN401  # moto's
        """Answer queries over HTTP."""
        return self._switched(on=True)

    def disable_http_endpoint(self) -> Any:  # noqa: ANN401  # moto's
        """Answer queries over HTTP no longer."""
        return self._switched(on=False)

    def _switched(self, *, on: bool) -> Any:  # noqa: ANN401  # moto's
        self.backend.switch_http_endpoint(self.params["ResourceArn"], on=on)
        return ActionResult({"ResourceArn": self.params["ResourceArn"], "HttpEndpointEnabled": on})

    def describe_db_parameters(self) -> Any:  # noqa: ANN401  # moto's
        """List the parameters of a group, with those that are as they were."""
        group = self.backend.parameter_group(self.params["DBParameterGroupName"])
        return self._page(rds_groups.listed(group.family, group.parameters, self.params))

    def describe_db_cluster_parameters(self) -> Any:  # noqa: ANN401  # moto's
        """List the parameters of a group of a cluster."""
        group = self.backend.cluster_parameter_group(self.params["DBClusterParameterGroupName"])
        return self._page(rds_groups.listed(group.db_parameter_group_family, group.parameters, self.params))

    def _page(self, parameters: list[rds_groups.Parameter]) -> Any:  # noqa: ANN401  # moto's
        """Return the hundred that come next; moto does not know by what to tell parameters apart."""
        start, limit = int(self.params.get("Marker") or 0), int(self.params.get("MaxRecords") or 100)
        more = {"Marker": str(start + limit)} if start + limit < len(parameters) else {}
        return ActionResult({"Parameters": parameters[start : start + limit], **more})

    def modify_db_parameter_group(self) -> Any:  # noqa: ANN401  # moto's
        """Set parameters."""
        rds_groups.refuse(self.params.get("Parameters", ()))
        return super().modify_db_parameter_group()

    def modify_db_cluster_parameter_group(self) -> Any:  # noqa: ANN401  # moto's
        """Set parameters of a cluster."""
        rds_groups.refuse(self.params.get("Parameters", ()))
        return super().modify_db_cluster_parameter_group()

    def reset_db_parameter_group(self) -> Any:  # noqa: ANN401  # moto's
        """Put parameters back to their defaults."""
        group = self.backend.parameter_group(self.params["DBParameterGroupName"])
        rds_groups.reset(group.parameters, self.params)
        return ActionResult({"DBParameterGroupName": group.name})

    def reset_db_cluster_parameter_group(self) -> Any:  # noqa: ANN401  # moto's
        """Put parameters of a cluster back to their defaults."""
        group = self.backend.cluster_parameter_group(self.params["DBClusterParameterGroupName"])
        rds_groups.reset(group.parameters, self.params)
        return ActionResult({"DBClusterParameterGroupName": group.name})

    def create_db_proxy(self) -> Any:  # noqa: ANN401  # moto's
        """Create a proxy, with what moto forgets of it."""
        made = super().create_db_proxy()
        self.backend.begin_proxy(self.params)
        return made

    def modify_db_proxy(self) -> Any:  # noqa: ANN401  # moto's
        """Change a proxy."""
        return ActionResult({"DBProxy": self.backend.modify_db_proxy(self.params)})
