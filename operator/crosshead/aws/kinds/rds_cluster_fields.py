"""
The parameters of a DB cluster, of Aurora or of instances in three zones, and where RDS keeps them.

https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html, API_ModifyDBCluster.html
"""

from dataclasses import replace
from typing import Final

from crosshead.aws.comparing import caseless, key, storage, version
from crosshead.aws.descriptor import Field, fixed, sent, settable, unheeded
from crosshead.aws.kinds.rds_instance_fields import exports, source
from crosshead.aws.shapes import FLAG, NUMBER, TEXT, Block, Member, Texts
from crosshead.base.values import Json, Object


def _zones(declared: Json, found: Json, _: Object) -> bool:
    """Aurora keeps its storage in three zones, whoever names fewer."""
    return set(declared) <= set(found)


def _storage_type(declared: Json, found: Json, _: Object) -> bool:
    """Aurora's own type is not named."""
    return (declared or "aurora") == (found or "aurora")


def _domain(declared: Json, _: Json) -> Json:
    return {"Domain": declared or "none"}


def _mode(declared: Json, _: Json) -> Json:
    """AWS wants to hear that a change of mode is meant."""
    return {"EngineMode": declared, "AllowEngineModeChange": True}


_POINT_IN_TIME: Final = Block(
    (
        Member("restoreToTime"),
        Member("restoreType"),
        Member("sourceClusterIdentifier"),
        Member("sourceClusterResourceId"),
        Member("useLatestRestorableTime", shape=FLAG),
    ),
    single=True,
)
_S3_IMPORT: Final = Block(
    tuple(
        Member(name) for name in ("bucketName", "bucketPrefix", "ingestionRole", "sourceEngine", "sourceEngineVersion")
    ),
    single=True,
)
_SCALING: Final = Block(
    (
        Member("autoPause", "AutoPause", FLAG),
        Member("maxCapacity", "MaxCapacity", NUMBER),
        Member("minCapacity", "MinCapacity", NUMBER),
        Member("secondsBeforeTimeout", "SecondsBeforeTimeout", NUMBER),
        Member("secondsUntilAutoPause", "SecondsUntilAutoPause", NUMBER),
        Member("timeoutAction", "TimeoutAction"),
    ),
    single=True,
)
_SCALING_V2: Final = Block(
    (
        Member("maxCapacity", "MaxCapacity", NUMBER),
        Member("minCapacity", "MinCapacity", NUMBER),
        Member("secondsUntilAutoPause", "SecondsUntilAutoPause", NUMBER),
    ),
    single=True,
)

FIELDS: Final = (
    # What it is
    fixed("engine", TEXT, "Engine", same=caseless),
    replace(settable("engineMode", TEXT, "EngineMode"), change=_mode),
    replace(
        settable("engineVersion", TEXT, "EngineVersion", same=version),
        along=("allowMajorVersionUpgrade", "dbInstanceParameterGroupName"),
    ),
    settable("engineLifecycleSupport", TEXT, "EngineLifecycleSupport"),
    fixed("databaseName", TEXT, "DatabaseName"),
    fixed("dbSystemId", TEXT, "DBSystemId"),
    replace(fixed("availabilityZones", Texts(), "AvailabilityZones", same=_zones), late=False),
    fixed("clusterScalabilityType", TEXT, "ClusterScalabilityType"),
    settable("dbClusterInstanceClass", TEXT, "DBClusterInstanceClass"),
    # A member says itself whose it is; the cluster can only show them.
    unheeded("clusterMembers", Texts()),
    # Storage: Aurora shows 1 GiB whatever it has.
    replace(settable("allocatedStorage", NUMBER, "AllocatedStorage", late=False, same=storage), along=("iops",)),
    replace(
        settable("storageType", TEXT, "StorageType", late=False, same=_storage_type),
        absent="",
        along=("allocatedStorage", "iops"),
    ),
    replace(settable("iops", NUMBER, "Iops", late=False), along=("allocatedStorage",)),
    fixed("storageEncrypted", FLAG, "StorageEncrypted"),
    fixed("kmsKeyId", TEXT, "KmsKeyId", same=key),
    # Capacity
    replace(
        settable("scalingConfiguration", _SCALING, "ScalingConfiguration"),
        read="ScalingConfigurationInfo.MaxCapacity && ScalingConfigurationInfo",
    ),
    settable("serverlessv2ScalingConfiguration", _SCALING_V2, "ServerlessV2ScalingConfiguration"),
    # Network
    replace(settable("dbSubnetGroupName", TEXT, "DBSubnetGroupName", same=caseless), read="DBSubnetGroup"),
    replace(
        settable("vpcSecurityGroupIds", Texts(), "VpcSecurityGroupIds"), read="VpcSecurityGroups[].VpcSecurityGroupId"
    ),
    settable("port", NUMBER, "Port"),
    settable("networkType", TEXT, "NetworkType"),
    Field(
        name="enableHttpEndpoint",
        shape=FLAG,
        create="EnableHttpEndpoint",
        modify="EnableHttpEndpoint",
        read="HttpEndpointEnabled",
        via="enable_http_endpoint",
        absent=False,
        late=False,
    ),
    # AWS rotates it, and must be free to.
    replace(
        settable("caCertificateIdentifier", TEXT, "CACertificateIdentifier", late=False),
        read="CertificateDetails.CAIdentifier",
    ),
    # Parameters: a default group belongs to a major version, and would hold the engine to it.
    replace(
        settable("dbClusterParameterGroupName", TEXT, "DBClusterParameterGroupName", late=False, same=caseless),
        read="DBClusterParameterGroup",
    ),
    Field(name="dbInstanceParameterGroupName", modify="DBInstanceParameterGroupName"),
    # Users
    fixed("masterUsername", TEXT, "MasterUsername"),
    replace(
        settable("manageMasterUserPassword", FLAG, "ManageMasterUserPassword", late=False),
        read="MasterUserSecret && `true`",
        absent=False,
        along=("masterUserSecretKmsKeyId",),
    ),
    replace(
        settable("masterUserSecretKmsKeyId", TEXT, "MasterUserSecretKmsKeyId", late=False, same=key),
        read="MasterUserSecret.KmsKeyId",
    ),
    sent("masterPasswordWoVersion", NUMBER),
    replace(
        settable("iamDatabaseAuthenticationEnabled", FLAG, "EnableIAMDatabaseAuthentication"),
        read="IAMDatabaseAuthenticationEnabled",
    ),
    replace(
        settable("domain", TEXT, "Domain", late=False),
        read="DomainMemberships[0].Domain",
        absent="",
        change=_domain,
        along=("domainIamRoleName",),
    ),
    replace(
        settable("domainIamRoleName", TEXT, "DomainIAMRoleName"),
        read="DomainMemberships[0].IAMRoleName",
        along=("domain",),
    ),
    # Backups and maintenance
    settable("backupRetentionPeriod", NUMBER, "BackupRetentionPeriod"),
    replace(settable("backtrackWindow", NUMBER, "BacktrackWindow"), absent=0),
    settable("preferredBackupWindow", TEXT, "PreferredBackupWindow"),
    settable("preferredMaintenanceWindow", TEXT, "PreferredMaintenanceWindow", same=caseless),
    settable("copyTagsToSnapshot", FLAG, "CopyTagsToSnapshot"),
    settable("autoMinorVersionUpgrade", FLAG, "AutoMinorVersionUpgrade"),
    # Not filled in late: who switches it on in AWS means it, when nobody has declared otherwise.
    settable("deletionProtection", FLAG, "DeletionProtection", late=False),
    sent("deleteAutomatedBackups", FLAG),
    Field(name="allowMajorVersionUpgrade", shape=FLAG, modify="AllowMajorVersionUpgrade"),
    Field(name="applyImmediately", shape=FLAG, modify="ApplyImmediately"),
    sent("skipFinalSnapshot", FLAG),
    sent("finalSnapshotIdentifier"),
    # Watching it
    replace(settable("monitoringInterval", NUMBER, "MonitoringInterval"), along=("monitoringRoleArn",)),
    replace(settable("monitoringRoleArn", TEXT, "MonitoringRoleArn"), along=("monitoringInterval",)),
    settable("databaseInsightsMode", TEXT, "DatabaseInsightsMode"),
    replace(
        settable("performanceInsightsEnabled", FLAG, "EnablePerformanceInsights"),
        read="PerformanceInsightsEnabled",
        along=("performanceInsightsKmsKeyId", "performanceInsightsRetentionPeriod"),
    ),
    settable("performanceInsightsKmsKeyId", TEXT, "PerformanceInsightsKMSKeyId", same=key),
    settable("performanceInsightsRetentionPeriod", NUMBER, "PerformanceInsightsRetentionPeriod"),
    replace(
        settable("enabledCloudwatchLogsExports", Texts(), "EnableCloudwatchLogsExports", late=False),
        modify="CloudwatchLogsExportConfiguration",
        read="EnabledCloudwatchLogsExports",
        absent=(),
        change=exports,
    ),
    # Others like it: told "", it leaves them.
    replace(
        settable("globalClusterIdentifier", TEXT, "GlobalClusterIdentifier", late=False),
        modify="GlobalClusterIdentifier",
        via="remove_from_global_cluster",
    ),
    replace(
        settable("enableGlobalWriteForwarding", FLAG, "EnableGlobalWriteForwarding", late=False),
        read="GlobalWriteForwardingRequested",
        absent=False,
    ),
    replace(
        settable("enableLocalWriteForwarding", FLAG, "EnableLocalWriteForwarding", late=False),
        read="LocalWriteForwardingStatus && contains(['enabled', 'enabling', 'requested'], LocalWriteForwardingStatus)",
        absent=False,
    ),
    Field(
        name="replicationSourceIdentifier",
        create="ReplicationSourceIdentifier",
        modify="DBClusterIdentifier",
        read="ReplicationSourceIdentifier",
        via="promote_read_replica_db_cluster",
        late=False,
        same=source,
    ),
    # Where it comes from
    sent("snapshotIdentifier"),
    sent("sourceRegion", TEXT, "SourceRegion"),
    Field(name="restoreToPointInTime", shape=_POINT_IN_TIME),
    Field(name="s3Import", shape=_S3_IMPORT),
)
