"""
RDS: snapshots of instances that somebody asks for; those that RDS takes itself are no resources.

https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBSnapshot.html
"""

from dataclasses import replace
from typing import Final

from crosshead.aws.calls import Call, Create, Delete, Read, Request, Update
from crosshead.aws.descriptor import Descriptor, Field, Readiness, Shown, fixed
from crosshead.aws.kinds.rds_tags import TAGGING
from crosshead.aws.pointing import kind, one
from crosshead.aws.shapes import FLAG, NUMBER, TEXT, Texts
from crosshead.base.values import Object
from crosshead.managed.facts import Naming

_NAMED: Final = {"DBSnapshotIdentifier": "id"}


def _share(changed: Object, scene: Object) -> tuple[Request, ...]:
    """Whom it is shared with is told as who may restore it from now on, and who no longer."""
    wanted, had = set(changed["sharedAccounts"]), set(scene["at"].get("sharedAccounts") or ())
    told = {"ValuesToAdd": sorted(wanted - had), "ValuesToRemove": sorted(had - wanted)}
    arguments = {"DBSnapshotIdentifier": scene["id"], "AttributeName": "restore"}
    return (Request("modify_db_snapshot_attribute", {**arguments, **{k: v for k, v in told.items() if v}}),)


SNAPSHOT: Final = Descriptor(
    service="rds",
    kind="Snapshot",
    plural="snapshots",
    naming=Naming.BY_US,
    identity="DBSnapshotIdentifier",
    reads=(
        Read(Call("describe_db_snapshots", _NAMED), "DBSnapshots[0]"),
        Read(
            Call("describe_db_snapshot_attributes", _NAMED, when="record.Status == 'available'"),
            "DBSnapshotAttributesResult.DBSnapshotAttributes[?AttributeName == 'restore'].AttributeValues[]",
            "Shared",
        ),
    ),
    creates=(Create(Call("create_db_snapshot", _NAMED), "DBSnapshot.DBSnapshotIdentifier"),),
    updates=(Update(call=Call("modify_db_snapshot_attribute"), plan=_share),),
    delete=Delete(call=Call("delete_db_snapshot", _NAMED)),
    readiness=Readiness(
        path="Status",
        ready=frozenset({"available"}),
        settling=frozenset({"modifying"}),
        coming=frozenset({"creating", "copying", "pending"}),
        failed={"failed": "AWS could not take it: delete it, and look at the instance"},
    ),
    tagging=replace(
        TAGGING,
        add=Call("add_tags_to_resource", {"ResourceName": "at.dbSnapshotArn"}),
        remove=Call("remove_tags_from_resource", {"ResourceName": "at.dbSnapshotArn"}),
    ),
    absent=frozenset({"DBSnapshotNotFound", "DBSnapshotNotFoundFault"}),
    exists=frozenset({"DBSnapshotAlreadyExists"}),
    fields=(
        fixed("dbInstanceIdentifier", TEXT, "DBInstanceIdentifier"),
        Field(name="sharedAccounts", shape=Texts(), modify="ValuesToAdd", read="Shared", late=False),
    ),
    references=(one("dbInstanceIdentifier", kind("rds", "Instance"), "status.atProvider.identifier"),),
    shown=(
        Shown("id", "DBSnapshotIdentifier"),
        Shown("allocatedStorage", "AllocatedStorage", NUMBER),
        Shown("availabilityZone", "AvailabilityZone"),
        Shown("dbSnapshotArn", "DBSnapshotArn"),
        Shown("encrypted", "Encrypted", FLAG),
        Shown("engine", "Engine"),
        Shown("engineVersion", "EngineVersion"),
        Shown("iops", "Iops", NUMBER),
        Shown("kmsKeyId", "KmsKeyId"),
        Shown("licenseModel", "LicenseModel"),
        Shown("optionGroupName", "OptionGroupName"),
        Shown("port", "Port", NUMBER),
        Shown("snapshotType", "SnapshotType"),
        Shown("sourceDbSnapshotIdentifier", "SourceDBSnapshotIdentifier"),
        Shown("sourceRegion", "SourceRegion"),
        Shown("status", "Status"),
        Shown("storageType", "StorageType"),
        Shown("vpcId", "VpcId"),
    ),
)
