"""One managed resource of every AWS kind, by itself, and the words to declare more of them."""

from tests.journeys.stage import REGION

FLEET = {
    "vpc": "vpcs.ec2.aws.upbound.io",
    "subnet-a": "subnets.ec2.aws.upbound.io",
    "subnet-b": "subnets.ec2.aws.upbound.io",
    "group": "securitygroups.ec2.aws.upbound.io",
    "db-group": "subnetgroups.rds.aws.upbound.io",
    "db": "instances.rds.aws.upbound.io",
    "cache-group": "subnetgroups.elasticache.aws.upbound.io",
    "cache": "replicationgroups.elasticache.aws.upbound.io",
    "bucket": "buckets.s3.aws.upbound.io",
    "versions": "bucketversionings.s3.aws.upbound.io",
    "encryption": "bucketserversideencryptionconfigurations.s3.aws.upbound.io",
    "privacy": "bucketpublicaccessblocks.s3.aws.upbound.io",
}
ALL = [f"{kind}/fleet-{name}" for name, kind in FLEET.items()]
BUCKET = FLEET["bucket"]
INSTANCE = FLEET["db"]


def managed(kind, name, parameters, *, annotations=None, **spec):
    """Return a managed resource in the region of the stage."""
    group, word = kind
    return {
        "apiVersion": f"{group}.aws.upbound.io/v1beta1",
        "kind": word,
        "metadata": {"name": name, "annotations": annotations or {}},
        "spec": {"forProvider": {"region": REGION, **parameters}, **spec},
    }


def bucket(name, *, annotations=None, parameters=None, **spec):
    return managed(("s3", "Bucket"), name, parameters or {}, annotations=annotations, **spec)


def secret(name, key="value"):
    return {"name": f"fleet-{name}", "namespace": "crossplane-system", "key": key}


def published(name):
    return {"writeConnectionSecretToRef": {"name": f"fleet-{name}-login", "namespace": "crossplane-system"}}


def subnet(letter, number):
    where = {"cidrBlock": f"10.77.{number}.0/24", "availabilityZone": f"{REGION}{letter}"}
    parameters = {"vpcIdRef": {"name": "fleet-vpc"}, "mapPublicIpOnLaunch": False, **where}
    return managed(("ec2", "Subnet"), f"fleet-subnet-{letter}", parameters)


def fleet():
    subnets = {"subnetIdRefs": [{"name": "fleet-subnet-a"}, {"name": "fleet-subnet-b"}]}
    of_bucket = {"bucketRef": {"name": "fleet-bucket"}}
    tags = {"tags": {"team": "fleet"}}
    groups = [{"name": "fleet-group"}]
    return [
        managed(("ec2", "VPC"), "fleet-vpc", {"cidrBlock": "10.77.0.0/16", "enableDnsHostnames": True, **tags}),
        subnet("a", 1),
        subnet("b", 2),
        managed(("ec2", "SecurityGroup"), "fleet-group", {"vpcIdRef": {"name": "fleet-vpc"}, **tags}),
        managed(("rds", "SubnetGroup"), "fleet-db-group", {**subnets, **tags, "description": "as declared"}),
        managed(
            ("rds", "Instance"), "fleet-db",
            {
                "identifier": "fleet-db", "engine": "postgres", "engineVersion": "16", "instanceClass": "db.t4g.micro",
                "allocatedStorage": 20, "username": "app", "autoGeneratePassword": True,
                "passwordSecretRef": secret("password"), "dbSubnetGroupNameRef": {"name": "fleet-db-group"},
                "vpcSecurityGroupIdRefs": groups, "skipFinalSnapshot": True, "applyImmediately": True,
                "storageType": "gp3", "storageEncrypted": True, "backupRetentionPeriod": 1, **tags,
            },
            **published("db"),
        ),
        managed(("elasticache", "SubnetGroup"), "fleet-cache-group", {**subnets, **tags}),
        managed(
            ("elasticache", "ReplicationGroup"), "fleet-cache",
            {
                "description": "fleet", "engine": "redis", "nodeType": "cache.t4g.micro", "numCacheClusters": 2,
                "automaticFailoverEnabled": True, "transitEncryptionEnabled": True, "atRestEncryptionEnabled": True,
                "autoGenerateAuthToken": True, "authTokenSecretRef": secret("token"), "applyImmediately": True,
                "subnetGroupNameRef": {"name": "fleet-cache-group"}, "securityGroupIdRefs": groups, **tags,
            },
            **published("cache"),
        ),
        bucket("fleet-bucket", parameters={"forceDestroy": True, **tags}, **published("bucket")),
        managed(
            ("s3", "BucketVersioning"), "fleet-versions",
            {**of_bucket, "versioningConfiguration": [{"status": "Enabled"}]},
        ),
        managed(
            ("s3", "BucketServerSideEncryptionConfiguration"), "fleet-encryption",
            {
                **of_bucket,
                "rule": [{"applyServerSideEncryptionByDefault": [{"sseAlgorithm": "aws:kms"}],
                          "bucketKeyEnabled": True}],
            },
        ),
        managed(
            ("s3", "BucketPublicAccessBlock"), "fleet-privacy",
            {**of_bucket, "blockPublicAcls": True, "blockPublicPolicy": True, "ignorePublicAcls": True,
             "restrictPublicBuckets": True},
        ),
    ]  # fmt: skip
