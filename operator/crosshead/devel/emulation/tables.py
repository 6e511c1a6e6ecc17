"""DynamoDB as AWS runs it: tables take their time, and can be changed in more ways than moto knows."""

from collections.abc import Mapping
from typing import Any, ClassVar

import moto.dynamodb.models as moto_tables
import moto.dynamodb.responses as moto_responses
import moto.dynamodb.urls as moto_urls
from moto.dynamodb.exceptions import ResourceInUseException

from crosshead.devel.emulation.timeline import Timeline

Told = Mapping[str, Any]


class TableLife:
    """A status, and what moto forgets of a table."""

    sse_specification: dict[str, Any] | None
    account_id: str
    region_name: str

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  # moto's
        super().__init__(*args, **kwargs)
        self.status = "ACTIVE"
        self.more: dict[str, Any] = {}
        self.replicas: dict[str, dict[str, Any]] = {}

    def describe(self, base_key: str = "TableDescription") -> dict[str, Any]:
        """Return what there is to say about it."""
        found: dict[str, Any] = super().describe(base_key=base_key)  # type: ignore[misc]
        shown = {**found[base_key], "TableStatus": self.status, **self.more}
        encryption = self.sse_specification or {}
        if encryption.get("Enabled"):
            key = encryption.get("KMSMasterKeyId") or self._get_default_encryption_key(  # type: ignore[attr-defined]
                self.account_id, self.region_name
            )
            shown["SSEDescription"] = {"Status": "ENABLED", "SSEType": "KMS", "KMSMasterKeyArn": key}
        else:
            shown.pop("SSEDescription", None)
        if self.replicas:
            shown["Replicas"] = [
                {"RegionName": one, "ReplicaStatus": "ACTIVE", **r} for one, r in self.replicas.items()
            ]
        for index in shown.get("GlobalSecondaryIndexes", ()):
            index.setdefault("IndexStatus", "ACTIVE")
        return {**found, base_key: shown}

    def tell(self, told: Told) -> None:
        """Take in what moto does not."""
        if "SSESpecification" in told:
            self.sse_specification = told["SSESpecification"]
        if "TableClass" in told:
            self.more["TableClassSummary"] = {"TableClass": told["TableClass"]}
        if "OnDemandThroughput" in told:
            self.more["OnDemandThroughput"] = told["OnDemandThroughput"]
        if "MultiRegionConsistency" in told:
            self.more["MultiRegionConsistency"] = told["MultiRegionConsistency"]
        for update in told.get("ReplicaUpdates", ()):
            for verb, replica in update.items():
                self.replicas.pop(replica["RegionName"], None)
                if verb != "Delete":
                    self.replicas[replica["RegionName"]] = dict(replica)


class Table(TableLife, moto_tables.Table):  # type: ignore[misc]  # moto ships no types
    """A table that was created."""


class RestoredTable(TableLife, moto_tables.RestoredTable):  # type: ignore[misc]  # moto ships no types
    """A table that was restored from a backup."""


class RestoredPITTable(TableLife, moto_tables.RestoredPITTable):  # type: ignore[misc]  # moto ships no types
    """A table that was restored to what it was."""


class DynamoHandler(moto_responses.DynamoHandler):  # type: ignore[misc]  # moto ships no types
    """moto's answers about tables that come and go slowly."""

    timeline: ClassVar[Timeline]

    def create_table(self) -> Any:  # noqa: ANN401  # moto's
        """Create a table that is active after a while."""
        made = super().create_table()
        self._table().tell(self.body)
        self._pass("CREATING", self.timeline.delays.creating)
        return made if self.timeline.delays.creating <= 0 else self._described()

    def update_table(self) -> Any:  # noqa: ANN401  # moto's
        """Change a table, which takes a while in which nothing else is changed."""
        self._refuse_while_changing()
        changes = [one for one in self.body.get("GlobalSecondaryIndexUpdates", ()) if "Update" not in one]
        if len(changes) > 1:
            raise moto_responses.MockValidationException(
                "Only 1 online index can be created or deleted simultaneously per table"
            )
        super().update_table()
        self._table().tell(self.body)
        if changes and "AttributeDefinitions" not in self.body:
            self._forget_attributes()
        self._pass("UPDATING", self.timeline.delays.modifying)
        return self._described()

    def delete_table(self) -> Any:  # noqa: ANN401  # moto's
        """Delete a table that is gone after a while."""
        self._refuse_while_changing()
        table = self._table()
        gone = super().delete_table()
        if self.timeline.delays.deleting > 0:
            tables = self.dynamodb_backend.tables
            tables[table.name], table.status = table, "DELETING"
            self.timeline.after(self.timeline.delays.deleting, lambda: tables.pop(table.name, None))
        return gone

    def restore_table_from_backup(self) -> Any:  # noqa: ANN401  # moto's
        """Restore a table from a backup."""
        return self._restored(super().restore_table_from_backup())

    def restore_table_to_point_in_time(self) -> Any:  # noqa: ANN401  # moto's
        """Restore a table to what it was."""
        return self._restored(super().restore_table_to_point_in_time())

    def _restored(self, answer: Any) -> Any:  # noqa: ANN401  # moto's
        table = self.dynamodb_backend.get_table(self.body["TargetTableName"])
        table.billing_mode = self.body.get("BillingModeOverride", table.billing_mode)
        return answer

    def _table(self) -> Any:  # noqa: ANN401  # moto's
        return self.dynamodb_backend.get_table(self.body["TableName"])

    def _described(self) -> Any:  # noqa: ANN401  # moto's
        return moto_responses.DynamoResult(self._table().describe())

    def _pass(self, status: str, seconds: float) -> None:
        table = self._table()

        def finish() -> None:
            table.status = "ACTIVE" if table.status == status else table.status

        table.status = status
        self.timeline.after(seconds, finish)

    def _refuse_while_changing(self) -> None:
        table = self._table()
        if table.status != "ACTIVE":
            raise ResourceInUseException(
                "Attempt to change a resource which is still in use: Table is being "
                f"{table.status.lower().replace('ing', 'ed')}: {table.name}"
            )

    def _forget_attributes(self) -> None:
        """Attributes that are no keys any more are not listed."""
        table = self._table()
        indexes = [*table.indexes, *table.global_indexes]
        used = {key["AttributeName"] for schema in (table.schema, *(i.schema for i in indexes)) for key in schema}
        table.attr = [one for one in table.attr if one["AttributeName"] in used]


def install(timeline: Timeline) -> None:
    """Put these tables in the place of moto's."""
    DynamoHandler.timeline = timeline
    moto_tables.Table = Table
    moto_tables.RestoredTable = RestoredTable
    moto_tables.RestoredPITTable = RestoredPITTable
    moto_urls.url_paths["{0}/"] = DynamoHandler.dispatch
