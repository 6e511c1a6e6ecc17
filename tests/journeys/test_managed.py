"""Every AWS kind by itself: it becomes as declared, stays so, costs nothing at rest, and holds up nobody else."""

import base64
import json
import time

import pytest

from tests.journeys.fleet import ALL, FLEET, INSTANCE, fleet, managed, secret
from tests.journeys.stage import REGION, eventually

READS = ("Describe", "Get", "Head", "List")


@pytest.fixture(scope="module")
def ready(stage):
    """Every kind, ready; gone afterwards."""
    stage.apply(*fleet())
    stage.kubectl("wait", "--for=condition=Ready", *ALL, "--timeout=50s")
    yield stage
    stage.kubectl("delete", *ALL, "--timeout=50s")
    assert stage.aws("s3").list_buckets()["Buckets"] == []


def external_name(stage, name):
    return stage.get(FLEET[name], f"fleet-{name}")["metadata"]["annotations"]["crossplane.io/external-name"]


def versions(stage):
    """Return the version of every object that the operator writes."""
    kinds = ",".join({*FLEET.values(), "providerconfigs.aws.upbound.io", "providerconfigusages.aws.upbound.io"})
    text = stage.kubectl("get", kinds, "-o", "json")
    secrets = stage.kubectl("get", "secrets,events", "-A", "-o", "json")
    found = [*json.loads(text)["items"], *json.loads(secrets)["items"]]
    return {(o["kind"], o["metadata"]["name"]): o["metadata"]["resourceVersion"] for o in found}


def test_at_rest_nothing_is_written_anywhere(ready):
    before = eventually(
        lambda: (v := versions(ready)) and time.sleep(2.5) is None and v == versions(ready) and v, "rest"
    )
    ready.control.forget_requests()

    time.sleep(5.0)

    counts = ready.control.counts()
    assert (
        min(sum(n for c, n in counts.items() if c.startswith(s)) for s in ("rds:", "s3:", "elasticache:", "ec2:")) > 3
    )
    assert [call for call in counts if not call.partition(":")[2].startswith(READS)] == []
    assert versions(ready) == before


def connection(stage, name):
    data = stage.get("secret", f"fleet-{name}-login", "crossplane-system")["data"]
    return {key: base64.b64decode(value).decode() for key, value in data.items()}


def test_connection_secrets_hold_what_one_needs(ready):
    database, cache, bucket = (connection(ready, name) for name in ("db", "cache", "bucket"))

    password = base64.b64decode(ready.get("secret", "fleet-password", "crossplane-system")["data"]["value"]).decode()
    assert (database["username"], database["port"], database["password"], database["attribute.password"]) == (
        "app", "5432", password, password,
    )  # fmt: skip
    assert database["endpoint"] == f"{database['host']}:5432"
    assert set(cache) == {"primary_endpoint_address", "reader_endpoint_address", "port", "attribute.auth_token"}
    assert (cache["port"], len(cache["attribute.auth_token"]) > 16) == ("6379", True)
    assert bucket == {"id": "fleet-bucket", "arn": "arn:aws:s3:::fleet-bucket", "region": REGION}


def _retag(stage, service, name):
    arn = stage.get(FLEET[name], f"fleet-{name}")["status"]["atProvider"]["arn"]
    stage.aws(service).add_tags_to_resource(ResourceName=arn, Tags=[{"Key": "team", "Value": "other"}])


def _tag(stage, service, name):
    arn = stage.get(FLEET[name], f"fleet-{name}")["status"]["atProvider"]["arn"]
    return {t["Key"]: t["Value"] for t in stage.aws(service).list_tags_for_resource(ResourceName=arn)["TagList"]}[
        "team"
    ]


def _ec2_tag(stage, name):
    tags = stage.aws("ec2").describe_tags(Filters=[{"Name": "resource-id", "Values": [external_name(stage, name)]}])
    return {t["Key"]: t["Value"] for t in tags["Tags"]}.get("team")


def _ec2_untag(stage, name):
    stage.aws("ec2").delete_tags(Resources=[external_name(stage, name)], Tags=[{"Key": "team"}])


def _database(stage):
    return stage.aws("rds").describe_db_instances(DBInstanceIdentifier="fleet-db")["DBInstances"][0]


def _cache(stage):
    group = stage.aws("elasticache").describe_replication_groups(ReplicationGroupId="fleet-cache")
    return group["ReplicationGroups"][0]


def _subnets(stage, service, call, name):
    found = getattr(stage.aws(service), call)()
    group = next(g for g in next(iter(v for k, v in found.items() if k.endswith("Groups"))) if name in g.values())
    return {s["SubnetIdentifier"] for s in group["Subnets"]}


def _declared_subnets(stage):
    return {external_name(stage, "subnet-a"), external_name(stage, "subnet-b")}


@pytest.fixture(scope="module")
def stranger(ready):
    """A subnet that nobody declared."""
    vpc = external_name(ready, "vpc")
    subnet = ready.aws("ec2").create_subnet(VpcId=vpc, CidrBlock="10.77.9.0/24", AvailabilityZone=f"{REGION}c")
    yield subnet["Subnet"]["SubnetId"]
    ready.aws("ec2").delete_subnet(SubnetId=subnet["Subnet"]["SubnetId"])


def _regroup(stage, service, call, field, name, stranger):
    subnets = [external_name(stage, "subnet-a"), stranger]
    getattr(stage.aws(service), call)(**{field: name, "SubnetIds": subnets})


DRIFTS = {
    "the tags of a VPC": (lambda s, _: _ec2_untag(s, "vpc"), lambda s: _ec2_tag(s, "vpc") == "fleet"),
    "an attribute of a VPC": (
        lambda s, _: s.aws("ec2").modify_vpc_attribute(
            VpcId=external_name(s, "vpc"), EnableDnsHostnames={"Value": False}
        ),
        lambda s: s.aws("ec2").describe_vpc_attribute(
            VpcId=external_name(s, "vpc"), Attribute="enableDnsHostnames"
        )["EnableDnsHostnames"]["Value"],
    ),
    "an attribute of a subnet": (
        lambda s, _: s.aws("ec2").modify_subnet_attribute(
            SubnetId=external_name(s, "subnet-a"), MapPublicIpOnLaunch={"Value": True}
        ),
        lambda s: not s.aws("ec2").describe_subnets(SubnetIds=[external_name(s, "subnet-a")])["Subnets"][0][
            "MapPublicIpOnLaunch"
        ],
    ),
    "the tags of a security group": (lambda s, _: _ec2_untag(s, "group"), lambda s: _ec2_tag(s, "group") == "fleet"),
    "the subnets of a database subnet group": (
        lambda s, stranger: _regroup(
            s, "rds", "modify_db_subnet_group", "DBSubnetGroupName", "fleet-db-group", stranger
        ),
        lambda s: _subnets(s, "rds", "describe_db_subnet_groups", "fleet-db-group") == _declared_subnets(s),
    ),
    "the tags of a database subnet group": (
        lambda s, _: _retag(s, "rds", "db-group"), lambda s: _tag(s, "rds", "db-group") == "fleet",
    ),
    "a database": (
        lambda s, _: s.aws("rds").modify_db_instance(
            DBInstanceIdentifier="fleet-db", DBInstanceClass="db.m6g.large", ApplyImmediately=True
        ),
        lambda s: _database(s)["DBInstanceClass"] == "db.t4g.micro",
    ),
    "a change of a database that awaits its window": (
        lambda s, _: s.aws("rds").modify_db_instance(DBInstanceIdentifier="fleet-db", AllocatedStorage=40),
        lambda s: not _database(s).get("PendingModifiedValues"),
    ),
    "the tags of a database": (lambda s, _: _retag(s, "rds", "db"), lambda s: _tag(s, "rds", "db") == "fleet"),
    "the subnets of a cache subnet group": (
        lambda s, stranger: _regroup(
            s, "elasticache", "modify_cache_subnet_group", "CacheSubnetGroupName", "fleet-cache-group", stranger
        ),
        lambda s: _subnets(s, "elasticache", "describe_cache_subnet_groups", "fleet-cache-group")
        == _declared_subnets(s),
    ),
    "the node type of a cache": (
        lambda s, _: s.aws("elasticache").modify_replication_group(
            ReplicationGroupId="fleet-cache", CacheNodeType="cache.t4g.medium", ApplyImmediately=True
        ),
        lambda s: _cache(s)["CacheNodeType"] == "cache.t4g.micro",
    ),
    "the tags of a cache": (
        lambda s, _: _retag(s, "elasticache", "cache"), lambda s: _tag(s, "elasticache", "cache") == "fleet",
    ),
    "the tags of a bucket": (
        lambda s, _: s.aws("s3").put_bucket_tagging(
            Bucket="fleet-bucket", Tagging={"TagSet": [{"Key": "team", "Value": "other"}]}
        ),
        lambda s: {"Key": "team", "Value": "fleet"} in s.aws("s3").get_bucket_tagging(Bucket="fleet-bucket")["TagSet"],
    ),
    "the versions of a bucket": (
        lambda s, _: s.aws("s3").put_bucket_versioning(
            Bucket="fleet-bucket", VersioningConfiguration={"Status": "Suspended"}
        ),
        lambda s: s.aws("s3").get_bucket_versioning(Bucket="fleet-bucket")["Status"] == "Enabled",
    ),
    "the encryption of a bucket": (
        lambda s, _: s.aws("s3").put_bucket_encryption(
            Bucket="fleet-bucket",
            ServerSideEncryptionConfiguration={
                "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
            },
        ),
        lambda s: s.aws("s3").get_bucket_encryption(Bucket="fleet-bucket")["ServerSideEncryptionConfiguration"][
            "Rules"
        ][0]["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms",
    ),
    "the public access block of a bucket": (
        lambda s, _: s.aws("s3").delete_public_access_block(Bucket="fleet-bucket"),
        lambda s: s.aws("s3").get_public_access_block(Bucket="fleet-bucket")[
            "PublicAccessBlockConfiguration"
        ]["BlockPublicAcls"],
    ),
}  # fmt: skip


def holds(check, stage):
    """Whether *check* holds; what is not there does not."""
    try:
        return bool(check(stage))
    except stage.aws("s3").exceptions.ClientError:
        return False


def test_what_is_changed_by_hand_is_changed_back(ready, stranger):
    assert {name for name, (_, restored) in DRIFTS.items() if not holds(restored, ready)} == set()

    pause(ready, "true")
    for change, _ in DRIFTS.values():
        eventually(lambda change=change: _done(change, ready, stranger), "AWS takes the change")

    def restored():
        return {name for name, (_, restored) in DRIFTS.items() if holds(restored, ready)}

    assert restored() == set()
    pause(ready, "false")
    eventually(lambda: restored() == set(DRIFTS), f"everything is as declared, not only {restored()}", 30.0)


def pause(stage, value):
    """Have the whole fleet left alone, or not, and return when that is so."""
    stage.kubectl("annotate", *ALL, f"crossplane.io/paused={value}", "--overwrite")
    reason = {"true": "ReconcilePaused", "false": "ReconcileSuccess"}[value]
    reasons = '{range .items[*]}{.status.conditions[?(@.type=="Synced")].reason}{"\\n"}{end}'
    eventually(lambda: set(stage.kubectl("get", *ALL, "-o", f"jsonpath={reasons}").split()) == {reason}, reason)


def _done(change, stage, stranger):
    """Whether AWS has taken *change*: not while another one is under way."""
    try:
        change(stage, stranger)
    except stage.aws("rds").exceptions.ClientError as error:
        if "State" not in error.response["Error"]["Code"]:
            raise
        return False
    return True


def test_replicas_come_and_go(ready):
    for number in (3, 2):
        patch = json.dumps({"spec": {"forProvider": {"numCacheClusters": number}}})
        ready.kubectl("patch", FLEET["cache"], "fleet-cache", "--type=merge", "-p", patch)
        eventually(lambda number=number: len(_cache(ready)["MemberClusters"]) == number, f"{number} members")
        eventually(lambda: _cache(ready)["Status"] == "available", "it has settled")


def test_a_service_that_hangs_holds_up_nobody_else(ready):
    ready.control.add_fault(service="rds", kind="hang")
    ready.control.add_fault(service="elasticache", kind="hang")
    names = [f"hanging-{number}" for number in range(10)]
    database = {
        "engine": "postgres", "instanceClass": "db.t4g.micro", "allocatedStorage": 20, "username": "app",
        "autoGeneratePassword": True, "skipFinalSnapshot": True,
    }  # fmt: skip
    ready.apply(*(managed(("rds", "Instance"), n, {**database, "passwordSecretRef": secret(n)}) for n in names))
    eventually(lambda: len([r for r in ready.control.faults() if r["fired"] >= 4]) == 1, "four of them hang")
    began = time.monotonic()

    ready.kubectl("apply", "-f", "-", stdin=json.dumps({
        "apiVersion": "platform.example.org/v1alpha1", "kind": "Bucket",
        "metadata": {"name": "beside", "namespace": "checkout-dev"},
        "spec": {"region": REGION, "environment": "development"},
    }))  # fmt: skip
    ready.wait_ready("bucket.platform.example.org", "beside", "checkout-dev")

    assert time.monotonic() - began < 10
    ready.control.lift_faults()
    ready.kubectl("delete", "bucket.platform.example.org", "beside", "-n", "checkout-dev", "--wait=false")
    hanging = [f"{INSTANCE}/{name}" for name in names]
    ready.kubectl("wait", "--for=condition=Ready", *hanging, "--timeout=50s")
    ready.kubectl("delete", *hanging, "--timeout=50s")
    ready.wait_gone("bucket.platform.example.org", "beside", "checkout-dev")
