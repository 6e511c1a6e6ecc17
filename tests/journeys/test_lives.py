"""The life of a claim, from kubectl to AWS and back."""

import base64
import json

from tests.journeys.stage import ROOT, eventually, postgres

CLAIM = "postgresdatabases.platform.example.org"
INSTANCE = "instances.rds.aws.upbound.io"


def created(stage, name, **spec):
    """Create a database and return its claim, ready."""
    stage.apply(postgres(name, **spec))
    return stage.wait_ready(CLAIM, name, "checkout-dev")


def found(stage, claim):
    """Return what AWS has of *claim*."""
    identifier = claim["status"]["instanceId"]
    return stage.aws("rds").describe_db_instances(DBInstanceIdentifier=identifier)["DBInstances"][0]


def remove(stage, name, namespace="checkout-dev"):
    stage.kubectl("delete", CLAIM, name, "-n", namespace, "--wait=false")
    stage.wait_gone(CLAIM, name, namespace)


def test_a_claim_becomes_a_database_and_reports_back(stage):
    claim = created(stage, "life", writeConnectionSecretToRef={"name": "life-login"})

    instance = found(stage, claim)
    assert (instance["DBInstanceStatus"], instance["AllocatedStorage"], instance["Engine"]) == (
        "available",
        20,
        "postgres",
    )
    assert (instance["StorageEncrypted"], instance["PubliclyAccessible"], instance["StorageType"]) == (
        True,
        False,
        "gp3",
    )
    assert claim["status"]["address"] == instance["Endpoint"]["Address"]
    secret = eventually(lambda: stage.get("secret", "life-login", "checkout-dev"), "the connection Secret is there")
    login = {key: base64.b64decode(value).decode() for key, value in secret["data"].items()}
    assert (login["host"], login["username"], len(login["password"]) >= 20) == (claim["status"]["address"], "app", True)
    remove(stage, "life")


def test_the_claim_of_the_documentation_works_as_written(stage):
    text = json.dumps({
        "apiVersion": "platform.example.org/v1alpha1", "kind": "PostgresDatabase",
        "metadata": {"name": "order-service-db", "namespace": "order-service-prod"},
        "spec": {"storageGb": 20, "region": "us-east-1"},
    })  # fmt: skip
    stage.kubectl("apply", "-f", "-", stdin=text)

    claim = stage.wait_ready(CLAIM, "order-service-db", "order-service-prod")

    assert found(stage, claim)["DBInstanceStatus"] == "available"
    remove(stage, "order-service-db", "order-service-prod")
    # A production database: the claim is gone, the data is not.
    assert found(stage, claim)["DBInstanceStatus"] == "available"
    eventually(lambda: stage.composed(claim, INSTANCE) is None, "the object of the database is gone")
    assert found(stage, claim)["DBInstanceStatus"] == "available"


def test_a_changed_claim_changes_the_database(stage):
    claim = created(stage, "growing")

    stage.apply(postgres("growing", storageGb=30))

    eventually(lambda: found(stage, claim)["AllocatedStorage"] == 30, "AWS has 30 GB")
    remove(stage, "growing")


def test_drift_is_corrected_and_told(stage):
    claim = created(stage, "drifting")
    identifier = claim["status"]["instanceId"]

    stage.aws("rds").modify_db_instance(DBInstanceIdentifier=identifier, BackupRetentionPeriod=9, ApplyImmediately=True)

    eventually(lambda: found(stage, claim)["BackupRetentionPeriod"] == 1, "the backups are kept for a day again")
    managed = stage.composed(claim, INSTANCE)
    events = stage.kubectl(
        "get", "events", "-A", "--field-selector", f"involvedObject.name={managed['metadata']['name']}"
    )
    assert "backupRetentionPeriod" in events
    remove(stage, "drifting")


def test_a_development_database_goes_with_its_claim_and_nothing_is_left(stage):
    claim = created(stage, "passing")
    composite = claim["spec"]["resourceRef"]["name"]
    group = stage.composed(claim, "subnetgroups.rds.aws.upbound.io")["metadata"]["annotations"][
        "crossplane.io/external-name"
    ]

    remove(stage, "passing")

    eventually(
        lambda: claim["status"]["instanceId"] not in {i["DBInstanceIdentifier"] for i in stage.instances()}, "gone"
    )
    eventually(lambda: stage.kubectl("get", "managed", "-l", f"crossplane.io/composite={composite}") == "", "all gone")
    groups = stage.aws("rds").describe_db_subnet_groups()["DBSubnetGroups"]
    assert group not in {g["DBSubnetGroupName"] for g in groups}


def test_a_paused_resource_is_left_alone_until_it_is_resumed(stage):
    claim = created(stage, "pausing")
    name = stage.composed(claim, INSTANCE)["metadata"]["name"]
    stage.kubectl("annotate", INSTANCE, name, "crossplane.io/paused=true")
    eventually(lambda: stage.condition(INSTANCE, name, "Synced").get("reason") == "ReconcilePaused", "it is paused")

    stage.apply(postgres("pausing", storageGb=40))
    eventually(
        lambda: stage.get(INSTANCE, name)["spec"]["forProvider"]["allocatedStorage"] == 40,
        "it is declared to have 40 GB",
    )
    stage.control.forget_requests()
    eventually(lambda: stage.control.count("rds:DescribeDBInstances") >= 0, "the emulator counts")
    assert found(stage, claim)["AllocatedStorage"] == 20

    stage.kubectl("annotate", INSTANCE, name, "crossplane.io/paused-")
    eventually(lambda: found(stage, claim)["AllocatedStorage"] == 40, "AWS has 40 GB after all")
    remove(stage, "pausing")


def test_every_golden_path_claim_becomes_ready_and_leaves(stage):
    stage.kubectl("apply", "-f", str(ROOT / "examples" / "checkout-dev"))

    claims = stage.get("claim", namespace="checkout-dev")
    assert len({c["kind"] for c in claims}) == 3
    for claim in claims:
        stage.wait_ready(f"{claim['kind']}.platform.example.org", claim["metadata"]["name"], "checkout-dev")
    stage.kubectl("delete", "-f", str(ROOT / "examples" / "checkout-dev"), "--wait=false")
    eventually(lambda: not stage.get("claim", namespace="checkout-dev"), "every claim is gone")
