"""
The parameters of a DB instance, and where RDS keeps them.

https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html, API_ModifyDBInstance.html
"""

from dataclasses import replace
from typing import Final

from crosshead.aws.comparing import caseless, key, storage, version
from crosshead.aws.descriptor import Field, fixed, sent, settable
from crosshead.aws.shapes import FLAG, NUMBER, TEXT, Block, Member, Texts
from crosshead.base.values import Json, Object


def exports(declared: Json, found: Json) -> Json:
    """A change of log exports is told as what to switch on and off."""
    wanted, had = set(declared), set(found)
    told = {"EnableLogTypes": sorted(wanted - had), "DisableLogTypes": sorted(had - wanted)}
    return {"CloudwatchLogsExportConfiguration": {name: logs for name, logs in told.items() if logs}}


def domain(declared: Json, _: Json) -> Json:
    """Leaving a directory is another member than joining one."""
    return {"Domain": declared} if declared else {"DisableDomain": True}


def source(declared: Json, found: Json, _: Object) -> bool:
    """Whether two names of a source are of the same one: AWS gives the ARN of what is in another region."""
    return str(declared).rpartition(":")[2].lower() == str(found).rpartition(":")[2].lower()


_BLUE_GREEN: Final = Block((Member("enabled", "Enabled", FLAG),), single=True)
_POINT_IN_TIME: Final = Block(
    tuple(
        Member(name, name, shape)
        for name, shape in (
            ("restoreTime", TEXT),
            ("sourceDbInstanceAutomatedBackupsArn", TEXT),
            ("sourceDbInstanceIdentifier", TEXT),
            ("sourceDbiResourceId", TEXT),
            ("useLatestRestorableTime", FLAG),
        )
    ),
    single=True,
)
_S3_IMPORT: Final = Block(
    tuple(
        Member(name, name, TEXT)
        for name in ("bucketName", "bucketPrefix", "ingestionRole", "sourceEngine", "sourceEngineVersion")
    ),
    single=True,
)

FIELDS: Final = (
    # What it is
    Field(
        name="identifier",
        create="DBInstanceIdentifier",
        modify="NewDBInstanceIdentifier",
        read="DBInstanceIdentifier",
        same=caseless,
        wrap=str.lower,
    ),
    sent("identifierPrefix"),
    fixed("engine", TEXT, "Engine", same=caseless),
    replace(settable("engineVersion", TEXT, "EngineVersion", same=version), along=("allowMajorVersionUpgrade",)),
    settable("instanceClass", TEXT, "DBInstanceClass"),
    settable("licenseModel", TEXT, "LicenseModel"),
    settable("engineLifecycleSupport", TEXT, "EngineLifecycleSupport"),
    fixed("dbName", TEXT, "DBName", late=False),
    fixed("characterSetName", TEXT, "CharacterSetName"),
    fixed("ncharCharacterSetName", TEXT, "NcharCharacterSetName"),
    fixed("timezone", TEXT, "Timezone"),
    fixed("availabilityZone", TEXT, "AvailabilityZone", late=False),
    settable("multiAz", FLAG, "MultiAZ"),
    # Storage
    replace(settable("allocatedStorage", NUMBER, "AllocatedStorage", same=storage), along=("iops",)),
    # Nothing said means that storage does not grow.
    replace(settable("maxAllocatedStorage", NUMBER, "MaxAllocatedStorage", late=False), absent=0),
    replace(settable("storageType", TEXT, "StorageType"), along=("allocatedStorage", "iops", "storageThroughput")),
    # Both are derived from type and size when they are left out, and derived again when those change.
    replace(settable("iops", NUMBER, "Iops", late=False), along=("allocatedStorage", "storageType")),
    replace(
        settable("storageThroughput", NUMBER, "StorageThroughput", late=False),
        along=("allocatedStorage", "iops", "storageType"),
    ),
    fixed("storageEncrypted", FLAG, "StorageEncrypted"),
    fixed("kmsKeyId", TEXT, "KmsKeyId", same=key),
    settable("dedicatedLogVolume", FLAG, "DedicatedLogVolume"),
    sent("upgradeStorageConfig", FLAG, "UpgradeStorageConfig"),
    # Network
    replace(
        settable("dbSubnetGroupName", TEXT, "DBSubnetGroupName", same=caseless),
        read="DBSubnetGroupName || DBSubnetGroup.DBSubnetGroupName",
    ),
    replace(
        settable("vpcSecurityGroupIds", Texts(), "VpcSecurityGroupIds"), read="VpcSecurityGroups[].VpcSecurityGroupId"
    ),
    replace(settable("port", NUMBER, "Port"), modify="DBPortNumber", read="Port || Endpoint.Port || DbInstancePort"),
    settable("publiclyAccessible", FLAG, "PubliclyAccessible"),
    settable("networkType", TEXT, "NetworkType"),
    # AWS rotates it, and must be free to.
    settable("caCertIdentifier", TEXT, "CACertificateIdentifier", late=False),
    replace(settable("customerOwnedIpEnabled", FLAG, "EnableCustomerOwnedIp"), read="CustomerOwnedIpEnabled"),
    # Parameters: a default group belongs to a major version, and would hold the engine to it.
    replace(
        settable("parameterGroupName", TEXT, "DBParameterGroupName", late=False, same=caseless),
        read="DBParameterGroups[0].DBParameterGroupName",
    ),
    replace(
        settable("optionGroupName", TEXT, "OptionGroupName", late=False, same=caseless),
        read="OptionGroupMemberships[0].OptionGroupName",
    ),
    # Users
    fixed("username", TEXT, "MasterUsername"),
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
    sent("passwordWoVersion", NUMBER),
    replace(
        settable("iamDatabaseAuthenticationEnabled", FLAG, "EnableIAMDatabaseAuthentication"),
        read="IAMDatabaseAuthenticationEnabled",
    ),
    replace(
        settable("domain", TEXT, "Domain"),
        read="DomainMemberships[0].Domain",
        absent="",
        change=domain,
        along=("domainIamRoleName",),
    ),
    replace(
        settable("domainIamRoleName", TEXT, "DomainIAMRoleName"),
        read="DomainMemberships[0].IAMRoleName",
        along=("domain",),
    ),
    *(
        replace(
            settable(name, shape, name[0].upper() + name[1:]),
            read=f"DomainMemberships[0].{read}",
            along=("domainFqdn", "domainOu", "domainAuthSecretArn", "domainDnsIps"),
        )
        for name, shape, read in (
            ("domainFqdn", TEXT, "FQDN"),
            ("domainOu", TEXT, "OU"),
            ("domainAuthSecretArn", TEXT, "AuthSecretArn"),
            ("domainDnsIps", Texts(), "DnsIps"),
        )
    ),
    fixed("customIamInstanceProfile", TEXT, "CustomIamInstanceProfile"),
    # Backups and maintenance
    settable("backupRetentionPeriod", NUMBER, "BackupRetentionPeriod"),
    settable("backupWindow", TEXT, "PreferredBackupWindow"),
    fixed("backupTarget", TEXT, "BackupTarget"),
    settable("copyTagsToSnapshot", FLAG, "CopyTagsToSnapshot"),
    sent("deleteAutomatedBackups", FLAG),
    settable("maintenanceWindow", TEXT, "PreferredMaintenanceWindow", same=caseless),
    settable("autoMinorVersionUpgrade", FLAG, "AutoMinorVersionUpgrade"),
    # Not filled in late: who switches it on in AWS means it, when nobody has declared otherwise.
    settable("deletionProtection", FLAG, "DeletionProtection", late=False),
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
    # Where it comes from
    sent("snapshotIdentifier"),
    # Told "", a replica is promoted. Late, it would hold one that was promoted elsewhere to its source.
    Field(
        name="replicateSourceDb",
        create="SourceDBInstanceIdentifier",
        modify="DBInstanceIdentifier",
        read="ReadReplicaSourceDBInstanceIdentifier",
        via="promote_read_replica",
        late=False,
        same=source,
    ),
    settable("replicaMode", TEXT, "ReplicaMode"),
    Field(name="restoreToPointInTime", shape=_POINT_IN_TIME),
    Field(name="s3Import", shape=_S3_IMPORT),
    # What a deployment has left behind is drift.
    Field(
        name="blueGreenUpdate",
        shape=_BLUE_GREEN,
        modify="BlueGreenDeploymentIdentifier",
        read="Left.Status == 'SWITCHOVER_COMPLETED' && {Enabled: `false`} || null",
        via="delete_blue_green_deployment",
        late=False,
    ),
)
