"""What people may ask of one managed resource: import, observe, pause, orphan, look more often, live elsewhere."""

import itertools
import json
import socket
import time

import pytest

from tests.journeys.fleet import BUCKET, INSTANCE, bucket, managed, secret
from tests.journeys.stage import REGION, eventually, provider_config

VPC = "vpcs.ec2.aws.upbound.io"
SUBNET = "subnets.ec2.aws.upbound.io"
NAMED = "crossplane.io/external-name"


def buckets(stage):
    return {b["Name"] for b in stage.aws("s3").list_buckets()["Buckets"]}


def delete(stage, kind, *names):
    stage.kubectl("delete", *(f"{kind}/{name}" for name in names), "--timeout=30s")


def synced(stage, name, kind=BUCKET):
    return stage.condition(kind, name, "Synced")


def writes(stage, part):
    """Return the operations on *part* that were not only looks."""
    operations = {r["operation"] for r in stage.control.requests() if part in r["path"]}
    return {name for name in operations if not name.startswith(("Get", "Head", "List", "Describe"))}


def test_what_exists_can_be_imported_to_be_looked_at_only(stage):
    stage.aws("s3").create_bucket(Bucket="imported")
    stage.control.forget_requests()
    stage.apply(bucket("looked-at", annotations={NAMED: "imported"}, managementPolicies=["Observe"]))

    shown = stage.wait_ready(BUCKET, "looked-at")["status"]["atProvider"]
    delete(stage, BUCKET, "looked-at")

    assert (shown["arn"], shown["region"]) == ("arn:aws:s3:::imported", REGION)
    assert writes(stage, "imported") == set()
    assert "imported" in buckets(stage)
    stage.aws("s3").delete_bucket(Bucket="imported")


@pytest.mark.parametrize(
    ("name", "policies", "reason", "words"),
    [
        pytest.param("not-there", ["Observe"], "ReconcileError", "external resource does not exist", id="only to look"),
        pytest.param("no-verbs", [], "ReconcilePaused", "managementPolicies", id="nothing"),
        pytest.param("no-looks", ["Create", "Delete"], "ReconcileError", "Observe", id="without looking"),
        pytest.param("halves", ["Observe", "Update", "Delete"], "ReconcileError", "not supported", id="unsupported"),
    ],
)
def test_policies_that_do_not_let_it_be_made_say_so(stage, name, policies, reason, words):
    stage.apply(bucket(name, managementPolicies=policies))

    found = eventually(lambda: (c := synced(stage, name)).get("reason") == reason and c, f"it says {reason}")

    assert words in found["message"]
    assert name not in buckets(stage)
    stage.kubectl("patch", BUCKET, name, "--type=merge", "-p", json.dumps({"spec": {"managementPolicies": ["*"]}}))
    stage.wait_ready(BUCKET, name)
    delete(stage, BUCKET, name)
    assert name not in buckets(stage)


@pytest.mark.parametrize(
    "spec",
    [
        pytest.param({"deletionPolicy": "Orphan"}, id="by deletion policy"),
        pytest.param({"managementPolicies": ["Observe", "Create", "Update", "LateInitialize"]}, id="by verbs"),
    ],
)
def test_an_orphaned_bucket_is_taken_over_again_by_its_name(stage, spec):
    stage.apply(bucket("orphan", **spec))
    stage.wait_ready(BUCKET, "orphan")
    delete(stage, BUCKET, "orphan")
    assert "orphan" in buckets(stage)
    stage.control.forget_requests()

    stage.apply(bucket("orphan"))
    stage.wait_ready(BUCKET, "orphan")

    assert stage.control.count("s3:CreateBucket") == 0
    delete(stage, BUCKET, "orphan")
    assert "orphan" not in buckets(stage)


def database(name, identifier="heirloom"):
    parameters = {
        "identifier": identifier, "engine": "postgres", "instanceClass": "db.t4g.micro", "allocatedStorage": 20,
        "username": "app", "autoGeneratePassword": True, "skipFinalSnapshot": True, "passwordSecretRef": secret(name),
    }  # fmt: skip
    return managed(("rds", "Instance"), name, parameters, deletionPolicy="Orphan")


def test_an_orphaned_database_is_taken_over_by_the_external_name_alone(stage):
    stage.apply(database("first"))
    stage.wait_ready(INSTANCE, "first")
    delete(stage, INSTANCE, "first")

    stage.apply(database("second"))
    told = eventually(lambda: synced(stage, "second", INSTANCE).get("message", ""), "it says something")
    assert "heirloom" in told
    assert NAMED in told
    stage.kubectl("annotate", INSTANCE, "second", f"{NAMED}=heirloom", "--overwrite")
    stage.wait_ready(INSTANCE, "second")

    assert heirlooms(stage) == ["available"]
    stage.kubectl("patch", INSTANCE, "second", "--type=merge", "-p", '{"spec": {"deletionPolicy": "Delete"}}')
    delete(stage, INSTANCE, "second")
    assert heirlooms(stage) == []


def test_an_orphaned_database_is_taken_over_by_the_object_that_comes_back(stage):
    stage.apply(database("returning", "returning"))
    stage.wait_ready(INSTANCE, "returning")
    delete(stage, INSTANCE, "returning")
    stage.control.forget_requests()

    stage.apply(database("returning", "returning"))
    stage.wait_ready(INSTANCE, "returning")

    assert stage.control.count("rds:CreateDBInstance") == 0
    told = stage.kubectl("get", "events", "-A", "-o", "jsonpath={.items[*].message}")
    assert "Taken over: db-" in told
    stage.kubectl("patch", INSTANCE, "returning", "--type=merge", "-p", '{"spec": {"deletionPolicy": "Delete"}}')
    delete(stage, INSTANCE, "returning")
    assert [i for i in stage.instances() if i["DBInstanceIdentifier"] == "returning"] == []


def test_an_orphaned_network_is_taken_over_by_the_object_that_comes_back(stage):
    network = managed(("ec2", "VPC"), "returning", {"cidrBlock": "10.67.0.0/16"}, deletionPolicy="Orphan")
    stage.apply(network)
    first = stage.wait_ready(VPC, "returning")["metadata"]["annotations"][NAMED]
    delete(stage, VPC, "returning")

    stage.apply(network)

    assert stage.wait_ready(VPC, "returning")["metadata"]["annotations"][NAMED] == first
    stage.kubectl("patch", VPC, "returning", "--type=merge", "-p", '{"spec": {"deletionPolicy": "Delete"}}')
    delete(stage, VPC, "returning")


CLAIMED = f"{BUCKET},{INSTANCE},subnetgroups.rds.aws.upbound.io,securitygroups.ec2.aws.upbound.io"


def of_claim(stage, name):
    """Return the external names of what the claim of this name is composed of, by kind."""
    label = f"crossplane.io/claim-name={name}"
    found = json.loads(stage.kubectl("get", CLAIMED, "-l", label, "-o", "json"))["items"]
    return {one["kind"]: one["metadata"].get("annotations", {}).get(NAMED) for one in found}


def creations(stage):
    """Return the operations since the journal was forgotten that make something new."""
    made = {name for name in stage.control.counts() if name.partition(":")[2].startswith("Create")}
    return made - {"ec2:CreateTags"}


@pytest.mark.parametrize(
    ("kind", "spec", "kinds"),
    [
        pytest.param(
            "PostgresDatabase", {"storageGb": 20}, {"Instance", "SubnetGroup", "SecurityGroup"}, id="database"
        ),
        pytest.param("Bucket", {}, {"Bucket"}, id="bucket"),
    ],
)
def test_a_claim_that_comes_back_takes_over_what_it_has_left(stage, kind, spec, kinds):
    name, words = f"back-{kind.lower()}", f"{kind.lower()}.platform.example.org"
    claim = {
        "apiVersion": "platform.example.org/v1alpha1",
        "kind": kind,
        "metadata": {"name": name, "namespace": "checkout-dev"},
        "spec": {"region": REGION, "environment": "production", **spec},
    }
    stage.apply(claim)
    stage.wait_ready(words, name, "checkout-dev")
    first = of_claim(stage, name)
    stage.kubectl("delete", words, name, "-n", "checkout-dev", "--timeout=30s")
    eventually(lambda: of_claim(stage, name) == {}, "nothing of it is left in the cluster")
    stage.control.forget_requests()

    stage.apply(claim)
    stage.wait_ready(words, name, "checkout-dev")

    assert set(first) == kinds
    assert (of_claim(stage, name), creations(stage)) == (first, set())
    stage.apply({**claim, "spec": {**claim["spec"], "environment": "development"}})
    settled = '"deletionPolicy":"Orphan"'
    eventually(
        lambda: settled not in stage.kubectl("get", CLAIMED, "-l", f"crossplane.io/claim-name={name}", "-o", "json")
        .replace(" ", ""),
        "it may be deleted",
    )  # fmt: skip
    stage.wait_ready(words, name, "checkout-dev")
    stage.kubectl("delete", words, name, "-n", "checkout-dev", "--timeout=30s")
    eventually(lambda: of_claim(stage, name) == {}, "nothing of it is left in the cluster")


@pytest.mark.parametrize(
    ("name", "exists", "spec", "stays"),
    [
        pytest.param(
            "row-named", False, {"managementPolicies": ["Observe", "Create", "Delete"], "deletionPolicy": "Orphan"},
            False, id="who names Delete means it",
        ),
        pytest.param("row-kept", False, {"managementPolicies": ["Observe", "Create", "Update"]}, True, id="no Delete"),
        pytest.param("row-removed", True, {"managementPolicies": ["Observe", "Delete"]}, False, id="only to remove"),
        pytest.param("row-shown", True, {"managementPolicies": ["Observe"]}, True, id="only to be looked at"),
    ],
)  # fmt: skip
def test_policies_say_what_becomes_of_a_bucket(stage, name, exists, spec, stays):
    client = stage.aws("s3")
    if exists:
        client.create_bucket(Bucket=name)
    stage.apply(bucket(name, parameters={"tags": {"team": "shop"}}, **spec))
    stage.wait_ready(BUCKET, name)
    shown = eventually(lambda: synced(stage, name), "it says how it is")

    delete(stage, BUCKET, name)

    assert shown["status"] == "True"
    assert ("declared is" in shown.get("message", "")) == exists
    assert (name in buckets(stage)) == stays
    if stays:
        client.delete_bucket(Bucket=name)


def test_deletion_protection_is_shown_and_not_lifted(stage):
    own = database("guarded", "guarded")
    own["spec"] |= {"deletionPolicy": "Delete"}
    stage.apply(own)
    stage.wait_ready(INSTANCE, "guarded")
    stage.aws("rds").modify_db_instance(DBInstanceIdentifier="guarded", DeletionProtection=True, ApplyImmediately=True)
    stage.kubectl("delete", INSTANCE, "guarded", "--wait=false")

    eventually(
        lambda: "deletion protection is on" in synced(stage, "guarded", INSTANCE).get("message", ""), "it says so"
    )
    (found,) = [i for i in stage.instances() if i["DBInstanceIdentifier"] == "guarded"]
    assert found["DeletionProtection"]
    lifted = json.dumps({"spec": {"forProvider": {"deletionProtection": False}}})
    stage.kubectl("patch", INSTANCE, "guarded", "--type=merge", "-p", lifted)
    stage.wait_gone(INSTANCE, "guarded")


def heirlooms(stage):
    """Return the states of the databases of that name; other journeys may have left theirs."""
    return [i["DBInstanceStatus"] for i in stage.instances() if i["DBInstanceIdentifier"] == "heirloom"]


def test_a_resource_says_itself_how_often_it_is_looked_at(stage):
    intervals = {"as-all": None, "seldom": "1h", "often": "1s"}
    stage.apply(*(bucket(n, annotations={"crossplane.io/poll-interval": i} if i else {}) for n, i in intervals.items()))
    for name in intervals:
        stage.wait_ready(BUCKET, name)
    stage.control.forget_requests()
    time.sleep(6.5)

    looks = [r["path"].strip("/") for r in stage.control.requests() if r["operation"] == "HeadBucket"]

    assert looks.count("seldom") == 0
    assert 2 <= looks.count("as-all") <= 4
    assert 5 <= looks.count("often") <= 7
    delete(stage, BUCKET, *intervals)


def test_failures_are_retried_ever_more_seldom_up_to_the_ceiling(stage):
    stage.control.add_fault(kind="error", service="s3", operation="CreateBucket", match="refused", code="AccessDenied")
    stage.control.forget_requests()
    stage.apply(bucket("refused"))

    def tries():
        return [r["at"] for r in stage.control.requests() if r["operation"] == "CreateBucket" and r["fault"]]

    eventually(lambda: len(tries()) >= 8, "eight tries", 20.0)
    found = tries()
    gaps = [later - earlier for earlier, later in itertools.pairwise(found)]

    # --backoff-first=200ms doubles up to --backoff-ceiling-external=2s, each spread by a tenth; news of the object
    # itself (its first status, for one) may bring a look forward.
    assert gaps[0] < 0.5
    assert 1.6 < max(gaps) < 3.0
    assert sorted(gaps)[len(gaps) // 2] > 0.3
    assert "AccessDenied" in synced(stage, "refused")["message"]
    stage.control.lift_faults()
    stage.wait_ready(BUCKET, "refused")
    delete(stage, BUCKET, "refused")


def test_an_account_that_does_not_answer_holds_up_no_other(stage):
    with socket.create_server(("127.0.0.1", 0), backlog=64) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        stage.apply(*provider_config(url, "silent"))
        names = [f"silent-{number}" for number in range(10)]
        stage.apply(*(bucket(name, providerConfigRef={"name": "silent"}) for name in names))
        eventually(
            lambda: (stage.get("providerconfigs.aws.upbound.io", "silent").get("status") or {}).get("users", 0) >= 4,
            "it is used",
        )
        began = time.monotonic()
        stage.apply(bucket("answered"))
        stage.wait_ready(BUCKET, "answered")
        assert time.monotonic() - began < 10
        delete(stage, BUCKET, "answered")
        orphan = json.dumps({"spec": {"deletionPolicy": "Orphan"}})
        for name in names:
            stage.kubectl("patch", BUCKET, name, "--type=merge", "-p", orphan)
        stage.kubectl("delete", *(f"{BUCKET}/{name}" for name in names), "--wait=false")
    for name in names:
        stage.wait_gone(BUCKET, name)


def test_what_refers_to_what_comes_later_gets_there(stage):
    subnet = {"vpcIdSelector": {"matchLabels": {"which": "late"}}, "cidrBlock": "10.66.1.0/24"}
    stage.apply(managed(("ec2", "Subnet"), "early", subnet, initProvider={"availabilityZone": f"{REGION}b"}))
    told = eventually(lambda: synced(stage, "early", SUBNET).get("message", ""), "it says what it lacks")
    assert "spec.forProvider.vpcId" in told
    time.sleep(2)

    network = managed(("ec2", "VPC"), "late", {"cidrBlock": "10.66.0.0/16"})
    network["metadata"]["labels"] = {"which": "late"}
    stage.apply(network)

    found = stage.wait_ready(SUBNET, "early")
    vpc = stage.get(VPC, "late")["metadata"]["annotations"][NAMED]
    assert (found["spec"]["forProvider"]["vpcId"], found["status"]["atProvider"]["availabilityZone"]) == (
        vpc,
        f"{REGION}b",
    )
    delete(stage, SUBNET, "early")
    delete(stage, VPC, "late")


def test_a_password_changed_while_nobody_looked_is_told_to_aws(stage):
    own = database("keeper", "keeper")
    own["spec"] |= {"deletionPolicy": "Delete"}
    own["spec"]["writeConnectionSecretToRef"] = {"name": "keeper-login", "namespace": "crossplane-system"}
    stage.apply(own)
    stage.wait_ready(INSTANCE, "keeper")
    stage.operator.stop()
    changed = json.dumps({"stringData": {secret("keeper")["key"]: "another-secret"}})
    stage.kubectl("patch", "secret", "-n", "crossplane-system", secret("keeper")["name"], "-p", changed)
    stage.control.forget_requests()

    stage.restart_operator()

    eventually(lambda: stage.control.count("rds:ModifyDBInstance") == 1, "AWS is told")
    eventually(
        lambda: "YW5vdGhlci1zZWNyZXQ=" in stage.get("secret", "keeper-login", "crossplane-system")["data"].values(),
        "it is published",
    )
    delete(stage, INSTANCE, "keeper")
