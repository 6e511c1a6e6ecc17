"""Compositions that others have published for Crossplane 1 do here what they do there. Read where they are."""

import base64

import pytest

from tests.journeys import public
from tests.journeys.holdings import Holdings
from tests.journeys.public import PLACE, REGION, Case
from tests.journeys.stage import eventually, provider_config

S3 = Case("awslabs+crossplane-on-eks/compositions-upbound-aws-provider-s3-general-purpose")
SQL = "upbound+configuration-aws-database/apis-composition@v0.3.0"
TAGGED = Case("crossplane-contrib+function-tag-manager/examples-configuration-aws-network-composition", "xr.yaml")
RDS = "ajrajkumar+crossplane-rds-gitops-workshop/work-upbound-rds-comp"


def secret(name, **data):
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name, "namespace": PLACE}, "stringData": data}


@pytest.fixture(scope="module")
def network(stage):
    made = public.network()
    with public.standing(stage, made):
        yield made


def test_a_bucket_whose_template_sets_a_field_that_no_bucket_has(stage):
    stage.apply(*provider_config(stage.emulator.url, "aws-provider-config"))
    public.install(stage, S3)

    stage.apply(S3.wanted)

    assert public.unready(stage, S3.wanted) == {}
    name = public.found(stage, S3.wanted)[0]["spec"]["resourceRef"]["name"]
    assert any(name in bucket["Name"] for bucket in stage.aws("s3").list_buckets()["Buckets"])
    events = stage.kubectl("get", "events", "-A", "--field-selector", f"involvedObject.name={name}")
    assert "spec.forProvider.writeConnectionSecretToRef: its kind has no such field" in events
    public.delete(stage, S3.wanted)


@pytest.mark.usefixtures("network")
def test_a_database_that_finds_its_network_by_labels_and_tells_how_to_connect(stage):
    stage.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "upbound-system"}})
    password = {"namespace": PLACE, "name": "psqlsecret", "key": "password"}
    case = Case(SQL, "claim-1-postgres-claim.yaml", {"parameters": {"passwordSecretRef": password}})
    public.install(stage, case)

    stage.apply(secret("psqlsecret", password="long enough 123"), case.wanted)

    assert public.unready(stage, case.wanted) == {}
    name = case.wanted["spec"]["writeConnectionSecretToRef"]["name"]
    login = eventually(lambda: stage.get("secret", name, PLACE), "the connection Secret is there")
    told = {key: base64.b64decode(value).decode() for key, value in login["data"].items()}
    assert (told["username"], told["password"]) == ("masteruser", "long enough 123")
    assert told["endpoint"].startswith(told["host"])
    public.delete(stage, case.wanted)
    public.uninstall(stage, case)


def test_resources_without_names_in_namespaces_that_they_cannot_have(stage, network):
    vpc, *subnets, _ = [public.called(stage, one) for one in network]
    case = Case(RDS, "claim-1-rds.yaml", {"region": REGION, "subnetIds": subnets, "vpcId": vpc, "namespace": PLACE})
    public.install(stage, case)

    stage.apply(secret("db-creds", password="long enough 123"), case.wanted)

    assert public.unready(stage, case.wanted) == {}
    assert "adminer" in _users(stage)
    public.delete(stage, case.wanted)
    eventually(lambda: "adminer" not in _users(stage), "the database is gone")


def _users(stage):
    return {found["MasterUsername"] for found in stage.aws("rds", REGION).describe_db_instances()["DBInstances"]}


@pytest.fixture
def account(stage):
    """The account of a namespace: a configuration in it reads the Secret beside it."""
    keys, _, shared = provider_config(stage.emulator.url)
    kinds = {"Secret": keys, "ProviderConfig": shared}
    return [{**one, "kind": kind, "metadata": {**one["metadata"], "namespace": PLACE}} for kind, one in kinds.items()]


def test_a_network_of_a_namespace_that_a_function_tags(stage, account):
    stage.serve("ec2.aws.m.upbound.io")
    held = Holdings(stage, (REGION,))
    before = held.now()
    public.install(stage, TAGGED)

    stage.apply(*account, TAGGED.wanted)

    assert public.unready(stage, TAGGED.wanted) == {}
    tags = stage.aws("ec2", REGION).describe_tags(Filters=[{"Name": "key", "Values": ["replaceFromXR"]}])["Tags"]
    assert {(tag["ResourceType"], tag["Value"]) for tag in tags} >= {("vpc", "value1"), ("subnet", "value1")}
    public.delete(stage, TAGGED.wanted)
    eventually(lambda: held.now() == before, "AWS is as it was before")
    public.uninstall(stage, TAGGED)
