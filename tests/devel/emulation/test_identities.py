"""IAM's identities and Lambda's functions, as boto3 sees them where moto alone would show something else."""

import io
import json
import zipfile

import pytest
from botocore.exceptions import ClientError

from tests.devel.emulation.aws import code

pytestmark = pytest.mark.emulator

READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
TRUST = json.dumps({"Version": "2012-10-17", "Statement": []})
DOCUMENT = json.dumps({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}})


@pytest.fixture
def iam(client):
    return client("iam")


@pytest.fixture
def role(iam):
    iam.create_role(RoleName="orders", AssumeRolePolicyDocument=TRUST, Description="serves orders")
    return "orders"


def test_policies_of_aws_are_there_when_somebody_asks_for_them(iam, role):
    iam.attach_role_policy(RoleName=role, PolicyArn=READ_ONLY)

    assert iam.get_policy(PolicyArn=READ_ONLY)["Policy"]["AttachmentCount"] == 1
    (attached,) = iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]
    assert attached == {"PolicyName": "ReadOnlyAccess", "PolicyArn": READ_ONLY}


@pytest.mark.parametrize("path", ["ReadOnlyAcess", "service-role/ReadOnlyAccess"])
def test_policies_that_aws_does_not_have_are_not(iam, role, path):
    with pytest.raises(ClientError) as caught:
        iam.attach_role_policy(RoleName=role, PolicyArn=f"arn:aws:iam::aws:policy/{path}")

    assert code(caught.value) == "NoSuchEntity"


def test_to_attach_twice_is_to_attach_once(iam, role):
    iam.create_user(UserName="ada")
    for _ in range(2):
        iam.attach_role_policy(RoleName=role, PolicyArn=READ_ONLY)
        iam.attach_user_policy(UserName="ada", PolicyArn=READ_ONLY)

    assert iam.get_policy(PolicyArn=READ_ONLY)["Policy"]["AttachmentCount"] == 2


def test_a_policy_with_versions_cannot_be_deleted(iam):
    arn = iam.create_policy(PolicyName="orders", PolicyDocument=DOCUMENT)["Policy"]["Arn"]
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=DOCUMENT)

    with pytest.raises(ClientError) as caught:
        iam.delete_policy(PolicyArn=arn)

    assert code(caught.value) == "DeleteConflict"


def test_what_is_not_said_of_a_role_stays(iam, role):
    iam.update_role(RoleName=role, MaxSessionDuration=7200)

    found = iam.get_role(RoleName=role)["Role"]
    assert (found["Description"], found["MaxSessionDuration"]) == ("serves orders", 7200)


def test_a_user_keeps_the_tags_and_gets_a_boundary(iam):
    iam.create_user(UserName="ada", Tags=[{"Key": "team", "Value": "shop"}])

    iam.update_user(UserName="ada", NewPath="/shop/")
    iam.put_user_permissions_boundary(UserName="ada", PermissionsBoundary=READ_ONLY)

    found = iam.get_user(UserName="ada")["User"]
    assert (found["Path"], found["Tags"]) == ("/shop/", [{"Key": "team", "Value": "shop"}])
    assert found["PermissionsBoundary"]["PermissionsBoundaryArn"] == READ_ONLY


def test_a_provider_has_other_clients(iam):
    arn = iam.create_open_id_connect_provider(Url="https://id.example.org", ClientIDList=["a"])
    provider = {"OpenIDConnectProviderArn": arn["OpenIDConnectProviderArn"]}

    iam.add_client_id_to_open_id_connect_provider(**provider, ClientID="b")
    iam.remove_client_id_from_open_id_connect_provider(**provider, ClientID="a")

    assert iam.get_open_id_connect_provider(**provider)["ClientIDList"] == ["b"]


@pytest.fixture
def functions(client):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("main.py", "")
    found = client("lambda")
    arn = "arn:aws:iam::123456789012:role/orders"
    client("iam").create_role(RoleName="orders", AssumeRolePolicyDocument=TRUST)
    found.create_function(
        FunctionName="orders", Role=arn, Runtime="python3.13", Handler="main.a", Code={"ZipFile": content.getvalue()}
    )
    return found


def test_a_function_shows_what_was_changed(functions):
    before = functions.get_function(FunctionName="orders")["Configuration"]
    functions.update_function_configuration(FunctionName="orders", TracingConfig={"Mode": "Active"}, Timeout=9)
    after = functions.get_function(FunctionName="orders")["Configuration"]

    assert (before["TracingConfig"], after["TracingConfig"]) == ({"Mode": "PassThrough"}, {"Mode": "Active"})
    assert (after["Timeout"], after["LoggingConfig"]["LogGroup"]) == (9, "/aws/lambda/orders")


def test_a_statement_of_a_permission_says_all_of_it(functions):
    functions.add_permission(
        FunctionName="orders",
        StatementId="one",
        Action="lambda:InvokeFunctionUrl",
        Principal="123456789012",
        FunctionUrlAuthType="AWS_IAM",
    )

    (statement,) = json.loads(functions.get_policy(FunctionName="orders")["Policy"])["Statement"]
    assert statement["Principal"] == {"AWS": "arn:aws:iam::123456789012:root"}
    assert statement["Condition"] == {"StringEquals": {"lambda:FunctionUrlAuthType": "AWS_IAM"}}


def test_no_two_statements_have_one_name(functions):
    words = {"FunctionName": "orders", "StatementId": "one", "Action": "lambda:InvokeFunction"}
    functions.add_permission(**words, Principal="s3.amazonaws.com")

    with pytest.raises(ClientError) as caught:
        functions.add_permission(**words, Principal="sns.amazonaws.com")

    assert code(caught.value) == "ResourceConflictException"
