"""RDS's blue/green deployments as AWS runs them: they take their time."""

from collections.abc import Mapping
from typing import Any

import moto.rds.models as moto_rds

from crosshead.devel.emulation.rds_proxies import ProxyBackend

_PROVISIONING = moto_rds.BlueGreenDeployment.SupportedStates.PROVISIONING
_AVAILABLE = moto_rds.BlueGreenDeployment.SupportedStates.AVAILABLE


class DeploymentBackend(ProxyBackend):
    """The deployments of one account and region."""

    def create_blue_green_deployment(self, bg_kwargs: Mapping[str, Any]) -> Any:  # noqa: ANN401  # moto's
        """Make a deployment that is available when green is."""
        shown = super().create_blue_green_deployment(bg_kwargs)
        deployment = self.blue_green_deployments[shown.blue_green_deployment_identifier]
        deployment.set_status(_PROVISIONING)
        self.timeline.after(self.timeline.delays.creating, lambda: deployment.set_status(_AVAILABLE))
        return shown

    def delete_blue_green_deployment(
        self,
        blue_green_deployment_identifier: str,
        delete_target: bool = False,  # noqa: FBT001, FBT002  # moto's signature
    ) -> Any:  # noqa: ANN401  # moto's
        """Forget a deployment, and green with it when that is wanted; moto's own asks for a last snapshot."""
        deployment = self.blue_green_deployments.get(blue_green_deployment_identifier)
        if deployment is not None and delete_target and deployment.status != "SWITCHOVER_COMPLETED":
            green = self.find_db_from_id(deployment.target)
            self.delete_db_instance(green.db_instance_identifier, skip_final_snapshot=True)
        return super().delete_blue_green_deployment(blue_green_deployment_identifier)
