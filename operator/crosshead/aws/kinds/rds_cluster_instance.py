"""
RDS: members of an Aurora cluster. Credentials, storage, backups and the engine's version are the cluster's.

https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html
"""

from dataclasses import replace
from typing import Final

from crosshead.aws.calls import Call, Create, Delete, Read, Update
from crosshead.aws.comparing import caseless, key
from crosshead.aws.descriptor import Descriptor, Field, Shown, fixed, sent, settable
from crosshead.aws.kinds.rds_statuses import INSTANCE_STATUS
from crosshead.aws.kinds.rds_tags import TAGGING
from crosshead.aws.pointing import ARN, ID, KEY, ROLE, kind, one
from crosshead.aws.shapes import FLAG, NUMBER, TEXT
from crosshead.managed.facts import Naming

_NAMED: Final = {"DBInstanceIdentifier": "id"}

_FIELDS: Final = (
    fixed("clusterIdentifier", TEXT, "DBClusterIdentifier", same=caseless),
    fixed("engine", TEXT, "Engine", same=caseless),
    # The cluster upgrades its members.
    sent("engineVersion", TEXT, "EngineVersion"),
    settable("instanceClass", TEXT, "DBInstanceClass"),
    settable("promotionTier", NUMBER, "PromotionTier"),
    fixed("availabilityZone", TEXT, "AvailabilityZone"),
    settable("publiclyAccessible", FLAG, "PubliclyAccessible"),
    replace(
        fixed("dbSubnetGroupName", TEXT, "DBSubnetGroupName", same=caseless), read="DBSubnetGroup.DBSubnetGroupName"
    ),
    # AWS rotates it, and must be free to.
    settable("caCertIdentifier", TEXT, "CACertificateIdentifier", late=False),
    replace(
        settable("dbParameterGroupName", TEXT, "DBParameterGroupName", late=False, same=caseless),
        read="DBParameterGroups[0].DBParameterGroupName",
    ),
    fixed("customIamInstanceProfile", TEXT, "CustomIamInstanceProfile"),
    settable("copyTagsToSnapshot", FLAG, "CopyTagsToSnapshot"),
    settable("preferredBackupWindow", TEXT, "PreferredBackupWindow", late=False),
    settable("preferredMaintenanceWindow", TEXT, "PreferredMaintenanceWindow", same=caseless),
    settable("autoMinorVersionUpgrade", FLAG, "AutoMinorVersionUpgrade"),
    replace(settable("monitoringInterval", NUMBER, "MonitoringInterval"), along=("monitoringRoleArn",)),
    replace(settable("monitoringRoleArn", TEXT, "MonitoringRoleArn"), along=("monitoringInterval",)),
    replace(
        settable("performanceInsightsEnabled", FLAG, "EnablePerformanceInsights"),
        read="PerformanceInsightsEnabled",
        along=("performanceInsightsKmsKeyId", "performanceInsightsRetentionPeriod"),
    ),
    settable("performanceInsightsKmsKeyId", TEXT, "PerformanceInsightsKMSKeyId", same=key),
    settable("performanceInsightsRetentionPeriod", NUMBER, "PerformanceInsightsRetentionPeriod"),
    Field(name="applyImmediately", shape=FLAG, modify="ApplyImmediately"),
    sent("forceDestroy", FLAG),
)

CLUSTER_INSTANCE: Final = Descriptor(
    service="rds",
    kind="ClusterInstance",
    plural="clusterinstances",
    naming=Naming.BY_US,
    identity="DBInstanceIdentifier",
    reads=(
        Read(Call("describe_db_instances", _NAMED), "DBInstances[0]"),
        # The cluster knows who writes.
        Read(
            Call(
                "describe_db_clusters",
                {"DBClusterIdentifier": "record.DBClusterIdentifier"},
                when="record.DBClusterIdentifier",
            ),
            "DBClusters[0]",
            "Cluster",
        ),
    ),
    creates=(Create(Call("create_db_instance", _NAMED), "DBInstance.DBInstanceIdentifier"),),
    updates=(Update(call=Call("modify_db_instance", _NAMED), always=("applyImmediately",)),),
    delete=Delete(
        # AWS keeps the last member of a replica, as its data are there; upstream promotes the replica first.
        before=(
            Call(
                "promote_read_replica_db_cluster",
                {"DBClusterIdentifier": "record.DBClusterIdentifier"},
                when="spec.forceDestroy && record.Cluster.ReplicationSourceIdentifier "
                "&& length(record.Cluster.DBClusterMembers) == `1`",
            ),
        ),
        # The last snapshot is the cluster's.
        call=Call("delete_db_instance", _NAMED),
    ),
    readiness=INSTANCE_STATUS,
    tagging=TAGGING,
    pending="PendingModifiedValues",
    absent=frozenset({"DBInstanceNotFound", "DBInstanceNotFoundFault"}),
    exists=frozenset({"DBInstanceAlreadyExists"}),
    fields=_FIELDS,
    required=("engine", "instanceClass"),
    references=(
        one("clusterIdentifier", kind("rds", "Cluster"), ID),
        one("dbParameterGroupName", kind("rds", "ParameterGroup")),
        one("dbSubnetGroupName", kind("rds", "SubnetGroup")),
        one("monitoringRoleArn", ROLE, ARN),
        one("performanceInsightsKmsKeyId", KEY),
    ),
    shown=(
        Shown("id", "DBInstanceIdentifier"),
        Shown("arn", "DBInstanceArn"),
        Shown("dbiResourceId", "DbiResourceId"),
        Shown("endpoint", "Endpoint.Address"),
        Shown("port", "Endpoint.Port", NUMBER),
        Shown("engineVersion", "EngineVersion"),
        Shown("engineVersionActual", "EngineVersion"),
        Shown("kmsKeyId", "KmsKeyId"),
        Shown("networkType", "NetworkType"),
        Shown("storageEncrypted", "StorageEncrypted", FLAG),
        Shown(
            "writer",
            "(Cluster.DBClusterMembers[?IsClusterWriter].DBInstanceIdentifier | [0]) == DBInstanceIdentifier",
            FLAG,
        ),
    ),
)
