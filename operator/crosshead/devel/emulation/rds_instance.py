"""DB instances, and what AWS makes of the parameters that moto forgets or leaves empty."""

import uuid
from collections.abc import Mapping
from typing import Any

import moto.rds.models as moto_rds
from moto.rds.exceptions import RDSClientError

# What AWS fills in: the default version, and the latest minor version of each major one.
_VERSIONS = {
    "postgres": {"": "17.6", "13": "13.22", "14": "14.19", "15": "15.14", "16": "16.10", "17": "17.6"},
    "mysql": {"": "8.4.6", "8.0": "8.0.43", "8.4": "8.4.6"},
    "mariadb": {"": "11.4.8", "10.6": "10.6.23", "10.11": "10.11.14", "11.4": "11.4.8"},
    "aurora-postgresql": {"": "16.6", "13": "13.18", "14": "14.15", "15": "15.10", "16": "16.6"},
    "aurora-mysql": {"": "8.0.mysql_aurora.3.08.2", "8.0": "8.0.mysql_aurora.3.08.2"},
}
LICENSES = {"postgres": "postgresql-license", "mysql": "general-public-license", "mariadb": "general-public-license"}

# Parameters that moto drops, by the attribute under which its serialiser finds them again, and AWS's defaults.
_ECHOED = {
    "performance_insights_enabled": False,
    "performance_insights_kms_key_id": None,
    "performance_insights_retention_period": None,
    "network_type": "IPV4",
    "dedicated_log_volume": False,
    "database_insights_mode": "standard",
    "backup_target": "region",
    "engine_lifecycle_support": "open-source-rds-extended-support",
}
_RENAMED = {"enable_performance_insights": "performance_insights_enabled", "db_port_number": "port"}

# AWS keeps these back until the maintenance window unless told to apply them at once, and shows them as pending.
PENDING = {
    "allocated_storage": "AllocatedStorage",
    "db_instance_class": "DBInstanceClass",
    "engine_version": "EngineVersion",
    "iops": "Iops",
    "license_model": "LicenseModel",
    "multi_az": "MultiAZ",
    "port": "Port",
    "storage_throughput": "StorageThroughput",
    "storage_type": "StorageType",
}


class InstanceLife:
    """What an instance is like beyond moto's: for those of their own, and for members of clusters."""

    account_id: str
    region: str
    status: str
    enabled_cloudwatch_logs_exports: list[str]
    performance_insights_enabled: bool
    performance_insights_kms_key_id: str | None
    performance_insights_retention_period: int | None

    def __init__(self, backend: Any, **asked: Any) -> None:  # noqa: ANN401  # moto's
        super().__init__(backend=backend, **completed(asked, backend.account_id, backend.region_name))  # type: ignore[call-arg]
        self.begin()
        for name, default in _ECHOED.items():
            setattr(self, name, asked.get(name, default))
        if "enable_performance_insights" in asked:
            self.performance_insights_enabled = asked["enable_performance_insights"]
        self._complete_insights()

    def begin(self) -> None:
        """Be an instance of one's own: replicas begin as copies of another."""
        self.dbi_resource_id = f"db-{uuid.uuid4().hex[:26].upper()}"
        self.pending: dict[str, Any] = {}

    @property
    def endpoint(self) -> dict[str, Any] | None:
        """Nothing before the instance is there: AWS gives it an address while it creates it."""
        found: dict[str, Any] | None = None if self.status == "creating" else super().endpoint  # type: ignore[misc]
        return found

    @property
    def pending_modified_values(self) -> dict[str, Any]:
        """What has been asked for and is not yet so, by AWS's names."""
        return {PENDING[name]: value for name, value in self.pending.items()}

    def save_automated_backup(self) -> None:
        """Keep AWS's name for it, but let a second instance of the same name within a minute share it."""
        try:
            super().save_automated_backup()  # type: ignore[misc]
        except RDSClientError as error:
            if error.code != "DBSnapshotAlreadyExists":
                raise

    def update(self, **changes: Any) -> None:  # noqa: ANN401  # moto's
        """Change at once what *changes* names; log exports by themselves, as moto counts them wrongly."""
        exports = changes.pop("cloudwatch_logs_export_configuration", None) or {}
        super().update(**own_names(changes))  # type: ignore[misc]
        enabled = {*self.enabled_cloudwatch_logs_exports, *exports.get("EnableLogTypes", ())}
        self.enabled_cloudwatch_logs_exports = sorted(enabled - {*exports.get("DisableLogTypes", ())})
        self._complete_insights()

    def differing(self, changes: Mapping[str, Any]) -> dict[str, Any]:
        """Return those of *changes* that AWS would show as pending: not yet so, and of the sort that can wait."""
        return {
            name: value
            for name, value in own_names(changes).items()
            if name in PENDING and value != getattr(self, name)
        }

    def apply_pending(self) -> None:
        """Make so what was pending."""
        changes, self.pending = self.pending, {}
        self.update(**changes)

    def _complete_insights(self) -> None:
        if self.performance_insights_enabled:
            self.performance_insights_retention_period = self.performance_insights_retention_period or 7
            self.performance_insights_kms_key_id = self.performance_insights_kms_key_id or aws_key(
                self.account_id, self.region
            )


class DBInstance(InstanceLife, moto_rds.DBInstance):  # type: ignore[misc]  # moto ships no types
    """Named as moto's own: its serialiser finds attributes by the name of the class."""


class DBInstanceClustered(InstanceLife, moto_rds.DBInstanceClustered):  # type: ignore[misc]  # moto ships no types
    """A member of a cluster, named as moto's own."""


def own_names(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Return *asked* by the names of the attributes that it sets."""
    return {_RENAMED.get(name, name): value for name, value in asked.items()}


def completed(asked: Mapping[str, Any], account: str, region: str) -> dict[str, Any]:
    """Return *asked* with what AWS chooses when it is not asked for."""
    engine = str(asked.get("engine", ""))
    chosen: dict[str, Any] = {"ca_certificate_identifier": "rds-ca-rsa2048-g1"}
    if engine in LICENSES:
        chosen["license_model"] = LICENSES[engine]
        chosen["engine_version"] = full_version(engine, "")
    if asked.get("storage_encrypted"):
        chosen["kms_key_id"] = aws_key(account, region)
    if asked.get("storage_type") == "gp3":
        chosen |= {"iops": 3000, "storage_throughput": 125}
    given = {name: value for name, value in asked.items() if value is not None}
    if version := given.get("engine_version"):
        given["engine_version"] = full_version(engine, version)
    return chosen | given


def full_version(engine: str, version: str) -> str:
    """Return the minor version that AWS takes for a major one ("16" becomes 16.10); others as they are."""
    return _VERSIONS.get(engine, {}).get(version, version)


def aws_key(account: str, region: str) -> str:
    """Return the key that AWS keeps for the databases of an account."""
    return f"arn:aws:kms:{region}:{account}:key/{uuid.uuid5(uuid.NAMESPACE_DNS, f'rds.{region}.{account}')}"
