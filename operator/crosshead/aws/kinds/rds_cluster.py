"""
RDS: DB clusters, of Aurora or of instances in three zones.

https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBCluster.html
"""

from typing import Final

from crosshead.aws import shapes
from crosshead.aws.calls import Call, Create, Delete, Read, Refusal, Request, Update
from crosshead.aws.descriptor import Descriptor, Secret, Shown
from crosshead.aws.kinds.rds_cluster_fields import FIELDS
from crosshead.aws.kinds.rds_instance import MASTER_USER_SECRET
from crosshead.aws.kinds.rds_statuses import CLUSTER_STATUS
from crosshead.aws.kinds.rds_tags import TAGGING
from crosshead.aws.pointing import ARN, BUCKET, KEY, ROLE, SECURITY_GROUP, kind, many, one
from crosshead.aws.shapes import Texts
from crosshead.base.errors import StalledError
from crosshead.base.values import Object
from crosshead.managed.facts import Naming, SecretInput

_NAMED: Final = {"DBClusterIdentifier": "id"}
_ANSWER: Final = "DBCluster.DBClusterIdentifier"


def _http_endpoint(changed: Object, scene: Object) -> tuple[Request, ...]:
    """The endpoint of a serverless cluster of the first generation is a setting of it, that of others is not."""
    on = shapes.truth(changed["enableHttpEndpoint"])
    if scene["at"].get("engineMode") == "serverless":
        change = {"EnableHttpEndpoint": on, "ApplyImmediately": True}
        return (Request("modify_db_cluster", {"DBClusterIdentifier": scene["id"], **change}),)
    verb = "enable" if on else "disable"
    return (Request(f"{verb}_http_endpoint", {"ResourceArn": scene["at"]["arn"]}),)


def _leave(changed: Object, scene: Object) -> tuple[Request, ...]:
    """A cluster can leave a global cluster, and joins one only when it is created."""
    found = scene["at"].get("globalClusterIdentifier")
    if changed["globalClusterIdentifier"]:
        raise _fixed("globalClusterIdentifier", f"a cluster of global cluster {found!r} cannot join another")
    arguments = {"GlobalClusterIdentifier": found, "DbClusterIdentifier": scene["at"]["arn"]}
    return (Request("remove_from_global_cluster", arguments),)


def _promote(changed: Object, scene: Object) -> tuple[Request, ...]:
    """A replica can leave its source, and never follow another."""
    if changed["replicationSourceIdentifier"]:
        found = scene["at"].get("replicationSourceIdentifier")
        raise _fixed("replicationSourceIdentifier", f"a replica of {found!r} cannot follow another source")
    return (Request("promote_read_replica_db_cluster", {"DBClusterIdentifier": scene["id"]}),)


def _fixed(field: str, why: str) -> StalledError:
    advice = f"set spec.forProvider.{field} back to it, or to '' to leave it"
    return StalledError("CannotUpdateExternalResource", f"{why}: {advice}")


CLUSTER: Final = Descriptor(
    service="rds",
    kind="Cluster",
    plural="clusters",
    versions=("v1beta1", "v1beta2"),
    naming=Naming.BY_US,
    identity="DBClusterIdentifier",
    reads=(Read(Call("describe_db_clusters", _NAMED), "DBClusters[0]"),),
    creates=(
        Create(
            Call(
                "restore_db_cluster_from_snapshot",
                {**_NAMED, "SnapshotIdentifier": "spec.snapshotIdentifier"},
                when="spec.snapshotIdentifier",
            ),
            _ANSWER,
        ),
        Create(
            Call(
                "restore_db_cluster_from_s3",
                {
                    **_NAMED,
                    "S3BucketName": "spec.s3Import[0].bucketName",
                    "S3Prefix": "spec.s3Import[0].bucketPrefix",
                    "S3IngestionRoleArn": "spec.s3Import[0].ingestionRole",
                    "SourceEngine": "spec.s3Import[0].sourceEngine",
                    "SourceEngineVersion": "spec.s3Import[0].sourceEngineVersion",
                },
                when="spec.s3Import",
            ),
            _ANSWER,
        ),
        Create(
            Call(
                "restore_db_cluster_to_point_in_time",
                {
                    **_NAMED,
                    "SourceDBClusterIdentifier": "spec.restoreToPointInTime[0].sourceClusterIdentifier",
                    "SourceDbClusterResourceId": "spec.restoreToPointInTime[0].sourceClusterResourceId",
                    "RestoreType": "spec.restoreToPointInTime[0].restoreType",
                    "RestoreToTime": "spec.restoreToPointInTime[0].restoreToTime",
                    "UseLatestRestorableTime": "spec.restoreToPointInTime[0].useLatestRestorableTime",
                },
                when="spec.restoreToPointInTime",
            ),
            _ANSWER,
        ),
        Create(Call("create_db_cluster", _NAMED), _ANSWER),
    ),
    updates=(
        Update(call=Call("modify_db_cluster", _NAMED), always=("applyImmediately",)),
        Update(call=Call("enable_http_endpoint"), plan=_http_endpoint),
        Update(call=Call("remove_from_global_cluster"), plan=_leave),
        Update(call=Call("promote_read_replica_db_cluster"), plan=_promote),
    ),
    delete=Delete(
        refusals=(
            Refusal(
                "record.DeletionProtection && spec.deletionProtection != `false`",
                "deletion protection is on: set spec.forProvider.deletionProtection to false",
            ),
            Refusal(
                "!(spec.skipFinalSnapshot) && !(spec.finalSnapshotIdentifier)",
                "set spec.forProvider.finalSnapshotIdentifier, or skipFinalSnapshot to true",
            ),
        ),
        before=(
            # The spec says so already; the object is being deleted, and nobody will update it any more.
            Call(
                "modify_db_cluster",
                {**_NAMED, "DeletionProtection": "`false`", "ApplyImmediately": "`true`"},
                when="record.DeletionProtection",
            ),
            Call(
                "remove_from_global_cluster",
                {
                    "GlobalClusterIdentifier": "record.GlobalClusterIdentifier",
                    "DbClusterIdentifier": "record.DBClusterArn",
                },
                when="record.GlobalClusterIdentifier",
            ),
        ),
        call=Call(
            "delete_db_cluster",
            {
                **_NAMED,
                "SkipFinalSnapshot": "spec.skipFinalSnapshot || `false`",
                "FinalDBSnapshotIdentifier": "(!(spec.skipFinalSnapshot) && spec.finalSnapshotIdentifier) || null",
                "DeleteAutomatedBackups": "spec.deleteAutomatedBackups",
            },
        ),
    ),
    readiness=CLUSTER_STATUS,
    tagging=TAGGING,
    pending="PendingModifiedValues",
    absent=frozenset({"DBClusterNotFoundFault"}),
    exists=frozenset({"DBClusterAlreadyExistsFault"}),
    fields=FIELDS,
    required=("engine",),
    references=(
        one("dbClusterParameterGroupName", kind("rds", "ClusterParameterGroup")),
        one("dbInstanceParameterGroupName", kind("rds", "ParameterGroup")),
        one("dbSubnetGroupName", kind("rds", "SubnetGroup")),
        one("kmsKeyId", KEY, ARN),
        one("masterUserSecretKmsKeyId", KEY, "status.atProvider.keyId"),
        one("monitoringRoleArn", ROLE, ARN),
        one("performanceInsightsKmsKeyId", KEY),
        one("restoreToPointInTime[0].sourceClusterIdentifier", kind("rds", "Cluster")),
        one("s3Import[0].bucketName", BUCKET),
        many("vpcSecurityGroupIds", SECURITY_GROUP),
    ),
    secrets=(
        Secret(
            SecretInput("masterPasswordSecretRef", "master_password", "autoGeneratePassword"),
            "MasterUserPassword",
            ("attribute.master_password",),
            missing="MasterUserSecret",
        ),
        Secret(
            SecretInput("masterPasswordWoSecretRef", "master_password_wo"),
            "MasterUserPassword",
            ("attribute.master_password_wo",),
            missing="MasterUserSecret",
        ),
    ),
    connection={
        "endpoint": "Endpoint",
        "reader_endpoint": "ReaderEndpoint",
        "master_username": "MasterUsername",
        "port": "Port && to_string(Port)",
    },
    shown=(
        Shown("id", "DBClusterIdentifier"),
        Shown("arn", "DBClusterArn"),
        Shown("clusterResourceId", "DbClusterResourceId"),
        Shown("endpoint", "Endpoint"),
        Shown("readerEndpoint", "ReaderEndpoint"),
        Shown("hostedZoneId", "HostedZoneId"),
        Shown("engineVersionActual", "EngineVersion"),
        Shown("caCertificateValidTill", "CertificateDetails.ValidTill"),
        Shown("upgradeRolloutOrder", "UpgradeRolloutOrder"),
        Shown("clusterMembers", "DBClusterMembers[].DBInstanceIdentifier", Texts()),
        Shown("iamRoles", "AssociatedRoles[].RoleArn", Texts()),
        Shown("masterUserSecret", "MasterUserSecret && [MasterUserSecret]", MASTER_USER_SECRET),
    ),
)
