"""One DB cluster, and what AWS makes of the parameters that moto forgets or leaves empty."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import moto.rds.models as moto_rds
from moto.rds.exceptions import RDSClientError

from crosshead.devel.emulation.rds_instance import aws_key, full_version

# Parameters that moto drops, and AWS's defaults.
_ECHOED = {
    "ca_certificate_identifier": "rds-ca-rsa2048-g1",
    "cluster_scalability_type": "standard",
    "database_insights_mode": "standard",
    "db_system_id": None,
    "engine_lifecycle_support": "open-source-rds-extended-support",
    "monitoring_interval": 0,
    "monitoring_role_arn": None,
    "performance_insights_enabled": False,
    "performance_insights_kms_key_id": None,
    "performance_insights_retention_period": None,
    "local_write_forwarding": False,
}
_RENAMED = {
    "db_cluster_parameter_group_name": "parameter_group",
    "enable_global_write_forwarding": "_global_write_forwarding_requested",
    "enable_iam_database_authentication": "iam_auth",
    "enable_local_write_forwarding": "local_write_forwarding",
    "enable_performance_insights": "performance_insights_enabled",
}

# AWS keeps these back until the maintenance window unless told to apply them at once, and shows them as pending.
PENDING = {
    "allocated_storage": "AllocatedStorage",
    "engine_version": "EngineVersion",
    "iops": "Iops",
    "storage_type": "StorageType",
}


class DBCluster(moto_rds.DBCluster):  # type: ignore[misc]  # moto ships no types
    """Named as moto's own: its serialiser finds attributes by the name of the class."""

    enabled_cloudwatch_logs_exports: list[str]
    performance_insights_enabled: bool
    performance_insights_kms_key_id: str | None
    performance_insights_retention_period: int | None

    def __init__(self, backend: Any, **asked: Any) -> None:  # noqa: ANN401  # moto's
        super().__init__(backend, **_completed(asked, backend.account_id, backend.region_name))
        self.pending: dict[str, Any] = {}
        for name, default in _ECHOED.items():
            setattr(self, name, asked.get(name, default))
        self.update({name: asked[name] for name in _RENAMED if name in asked})
        self._shown_http_endpoint = bool(self._enable_http_endpoint)
        if not asked.get("storage_encrypted"):
            self.kms_key_id = None

    @property
    def status(self) -> str:
        """As it is: moto's is available as soon as somebody has looked."""
        return self._status

    @status.setter
    def status(self, value: str) -> None:
        self._status: str = value

    @property
    def _members(self) -> list[Any]:
        """Those that are there to stay: AWS does not count those that are being deleted."""
        return [member for member in super()._members if member.status != "deleting"]

    @property
    def http_endpoint_enabled(self) -> bool:
        """Whether queries are answered over HTTP."""
        return self._shown_http_endpoint

    @http_endpoint_enabled.setter
    def http_endpoint_enabled(self, value: bool) -> None:
        self._shown_http_endpoint = value

    @property
    def scaling_configuration_info(self) -> dict[str, Any] | None:
        """Nothing where nothing scales by itself."""
        return super().scaling_configuration_info if self.engine_mode == "serverless" else None

    @property
    def local_write_forwarding_status(self) -> str | None:
        """Whether readers pass on what is written to them, where that was ever asked for."""
        return "enabled" if self.local_write_forwarding else None

    @property
    def certificate_details(self) -> dict[str, Any]:
        """The certificate of a cluster of instances."""
        until = datetime(2061, 1, 1, tzinfo=UTC) + timedelta(days=1)
        return {"CAIdentifier": self.ca_certificate_identifier, "ValidTill": until}

    @property
    def pending_modified_values(self) -> dict[str, Any]:
        """What has been asked for and is not yet so, by AWS's names."""
        return {PENDING[name]: value for name, value in self.pending.items()}

    def save_automated_backup(self) -> None:
        """Keep AWS's name for it, but let a second cluster of the same name within a minute share it."""
        try:
            super().save_automated_backup()
        except RDSClientError as error:
            if "AlreadyExists" not in str(error.code):
                raise

    def update(self, changes: Mapping[str, Any]) -> None:
        """Change at once what *changes* names."""
        for name, value in changes.items():
            if name == "cloudwatch_logs_export_configuration":
                enabled = {*self.enabled_cloudwatch_logs_exports, *value.get("EnableLogTypes", ())}
                self.enabled_cloudwatch_logs_exports = sorted(enabled - {*value.get("DisableLogTypes", ())})
            elif name == "domain":
                given = [moto_rds.DomainMembership(domain=value, iam_role_name=changes.get("domain_iam_role_name"))]
                self.domain_memberships = [] if value == "none" else given
            elif value is not None:
                setattr(self, _RENAMED.get(name, name), value)
        if self.performance_insights_enabled:
            self.performance_insights_retention_period = self.performance_insights_retention_period or 7
            key = self.performance_insights_kms_key_id or aws_key(self.account_id, self.region)
            self.performance_insights_kms_key_id = key

    def apply_pending(self) -> None:
        """Make so what was pending."""
        changes, self.pending = self.pending, {}
        self.update(changes)

    @staticmethod
    def default_storage_type(iops: Any) -> str | None:  # noqa: ANN401  # moto's
        """Aurora's own type has no name, and moto does not know the engine here."""
        return None if iops is None else "io1"

    @staticmethod
    def default_allocated_storage(engine: str, storage_type: str | None) -> int:
        """Aurora grows by itself and shows 1; others must be told."""
        return 1 if engine.startswith("aurora") else {None: 20, "gp3": 20}.get(storage_type, 100)


def _completed(asked: Mapping[str, Any], account: str, region: str) -> dict[str, Any]:
    """Return *asked* with what AWS chooses when it is not asked for."""
    given = {name: value for name, value in asked.items() if value is not None}
    engine = str(given.get("engine", ""))
    version = full_version(engine, str(given.get("engine_version", "")))
    major = version.partition(".")[0] if "postgres" in engine else ".".join(version.split(".")[:2])
    chosen: dict[str, Any] = {"db_cluster_parameter_group_name": f"default.{engine}{major}"}
    if given.get("storage_encrypted"):
        chosen["kms_key_id"] = aws_key(account, region)
    if given.get("db_cluster_instance_class"):
        chosen["storage_type"] = "io2"
    return chosen | given | {"engine_version": version}
