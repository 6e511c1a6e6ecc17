"""Compositions that others have published for Crossplane 1 do here what they do there. Read where they are."""

import base64

import pytest
import yaml

from tests.conformance import tables
from tests.journeys.stage import eventually, provider_config

S3 = "awslabs+crossplane-on-eks/compositions-upbound-aws-provider-s3-general-purpose"
SQL = "upbound+configuration-aws-database/apis-composition@v0.3.0"
RDS = "ajrajkumar+crossplane-rds-gitops-workshop/work-upbound-rds-comp"
PLACE = "checkout-dev"
NETWORK = {"networks.aws.platform.upbound.io/network-id": "configuration-aws-database"}


def read(case, file):
    return [d for d in yaml.safe_load_all((tables.find("cases") / case / file).read_text(encoding="utf-8")) if d]


def install(stage, case, *compositions):
    """Apply the XRD and the composition of *case*, and return once claims can be made."""
    definition = read(case, "definition.yaml")[0]
    stage.apply(definition)
    stage.kubectl("wait", "--for=condition=Offered", f"xrd/{definition['metadata']['name']}", "--timeout=30s")
    stage.apply(*(compositions or read(case, "composition.yaml")))


def claim(case, file, **spec):
    """Return the published claim, with *spec* that leads to what there is here."""
    found = read(case, file)[0]
    return {**found, "metadata": {**found["metadata"], "namespace": PLACE}, "spec": {**found["spec"], **spec}}


def of(manifest):
    return f"{manifest['kind']}.{manifest['apiVersion'].partition('/')[0]}", manifest["metadata"]["name"], PLACE


def remove(stage, manifest):
    stage.kubectl("delete", of(manifest)[0], of(manifest)[1], "-n", PLACE, "--wait=false")
    stage.wait_gone(*of(manifest))


def secret(name, **data):
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name, "namespace": PLACE}, "stringData": data}


def ec2(kind, name, /, **parameters):
    return {
        "apiVersion": "ec2.aws.upbound.io/v1beta1",
        "kind": kind,
        "metadata": {"name": name, "labels": NETWORK},
        "spec": {"forProvider": {"region": "us-west-2", **parameters}},
    }


@pytest.fixture(scope="module")
def network(stage):
    """A network as the published configurations expect one: found by its label."""
    here = {"vpcIdRef": {"name": "public"}}
    made = [
        ec2("VPC", "public", cidrBlock="10.77.0.0/16"),
        ec2("Subnet", "public-a", cidrBlock="10.77.0.0/24", availabilityZone="us-west-2a", **here),
        ec2("Subnet", "public-b", cidrBlock="10.77.1.0/24", availabilityZone="us-west-2b", **here),
        ec2("SecurityGroup", "public", name="public", description="public", **here),
    ]
    stage.apply(*made)
    for one in made:
        stage.wait_ready(f"{one['kind']}.ec2.aws.upbound.io", one["metadata"]["name"])
    yield made
    for one in reversed(made):
        stage.kubectl("delete", f"{one['kind']}.ec2.aws.upbound.io", one["metadata"]["name"], "--wait=false")


def test_a_bucket_whose_template_sets_a_field_that_no_bucket_has(stage):
    stage.apply(*provider_config(stage.emulator.url, "aws-provider-config"))
    install(stage, S3)
    wanted = claim(S3, "claim.yaml")

    stage.apply(wanted)

    name = stage.wait_ready(*of(wanted))["spec"]["resourceRef"]["name"]
    assert any(name in bucket["Name"] for bucket in stage.aws("s3").list_buckets()["Buckets"])
    events = stage.kubectl("get", "events", "-A", "--field-selector", f"involvedObject.name={name}")
    assert "spec.forProvider.writeConnectionSecretToRef: its kind has no such field" in events
    remove(stage, wanted)


@pytest.mark.usefixtures("network")
def test_a_database_that_finds_its_network_by_labels_and_tells_how_to_connect(stage):
    stage.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "upbound-system"}})
    install(stage, SQL)
    published = claim(SQL, "claim-1-postgres-claim.yaml")
    password = {"namespace": PLACE, "name": "psqlsecret", "key": "password"}
    wanted = claim(
        SQL,
        "claim-1-postgres-claim.yaml",
        parameters={**published["spec"]["parameters"], "passwordSecretRef": password},
    )

    stage.apply(secret("psqlsecret", password="long enough 123"), wanted)

    stage.wait_ready(*of(wanted))
    name = wanted["spec"]["writeConnectionSecretToRef"]["name"]
    login = eventually(lambda: stage.get("secret", name, PLACE), "the connection Secret is there")
    told = {key: base64.b64decode(value).decode() for key, value in login["data"].items()}
    assert (told["username"], told["password"]) == ("masteruser", "long enough 123")
    assert told["endpoint"].startswith(told["host"])
    remove(stage, wanted)


def test_resources_without_names_in_namespaces_that_they_cannot_have(stage, network):
    """Without the rules of its security group: their kind is not served yet."""
    whole = read(RDS, "composition.yaml")[0]
    served = [r for r in whole["spec"]["resources"] if r["base"]["kind"] != "SecurityGroupRule"]
    install(stage, RDS, {**whole, "spec": {**whole["spec"], "resources": served}})
    subnets = [_id(stage, one) for one in network if one["kind"] == "Subnet"]
    wanted = claim(RDS, "claim-1-rds.yaml", region="us-west-2", subnetIds=subnets, vpcId=_id(stage, network[0]),
                   namespace=PLACE)  # fmt: skip

    stage.apply(secret("db-creds", password="long enough 123"), wanted)

    stage.wait_ready(*of(wanted))
    databases = stage.aws("rds", "us-west-2").describe_db_instances()["DBInstances"]
    assert "adminer" in {database["MasterUsername"] for database in databases}
    remove(stage, wanted)
    eventually(lambda: "adminer" not in _users(stage), "the database is gone")


def _users(stage):
    return {found["MasterUsername"] for found in stage.aws("rds", "us-west-2").describe_db_instances()["DBInstances"]}


def _id(stage, one):
    found = stage.get(f"{one['kind']}.ec2.aws.upbound.io", one["metadata"]["name"])
    return found["metadata"]["annotations"]["crossplane.io/external-name"]
