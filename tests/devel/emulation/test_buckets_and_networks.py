"""S3 buckets and EC2 networks, as boto3 sees them."""

import pytest
from botocore.exceptions import ClientError

from tests.devel.emulation.aws import code, create_cache, create_database, delete_database

pytestmark = pytest.mark.emulator


@pytest.fixture
def bucket(s3):
    s3.create_bucket(Bucket="invoices", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    return "invoices"


def test_a_new_bucket_is_encrypted_private_and_owned(s3, bucket):
    (rule,) = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    (owner,) = s3.get_bucket_ownership_controls(Bucket=bucket)["OwnershipControls"]["Rules"]

    assert rule["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}
    assert owner == {"ObjectOwnership": "BucketOwnerEnforced"}
    assert s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"] == {
        "BlockPublicAcls": True,
        "IgnorePublicAcls": True,
        "BlockPublicPolicy": True,
        "RestrictPublicBuckets": True,
    }


def test_encryption_that_is_deleted_goes_back_to_the_default(s3, bucket):
    kms = {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}]}
    s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration=kms)

    s3.delete_bucket_encryption(Bucket=bucket)

    (rule,) = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}


def test_a_public_access_block_can_be_deleted(s3, bucket):
    s3.delete_public_access_block(Bucket=bucket)

    with pytest.raises(ClientError) as caught:
        s3.get_public_access_block(Bucket=bucket)

    assert code(caught.value) == "NoSuchPublicAccessBlockConfiguration"


def test_objects_come_back_as_they_were_put(s3, bucket):
    content = bytes(range(256)) * 1000

    s3.put_object(Bucket=bucket, Key="2026/11 november?.bin", Body=content, Metadata={"origin": "test"})

    got = s3.get_object(Bucket=bucket, Key="2026/11 november?.bin")
    assert got["Body"].read() == content
    assert got["Metadata"] == {"origin": "test"}
    assert s3.head_object(Bucket=bucket, Key="2026/11 november?.bin")["ContentLength"] == len(content)


def test_a_missing_bucket_is_a_404_without_a_body(s3):
    with pytest.raises(ClientError) as caught:
        s3.head_bucket(Bucket="nowhere")

    assert code(caught.value) == "404"


@pytest.mark.usefixtures("instant")
def test_a_security_group_that_guards_a_database_stays(rds, ec2):
    group = ec2.create_security_group(GroupName="db", Description="-")["GroupId"]
    create_database(rds, VpcSecurityGroupIds=[group])

    with pytest.raises(ClientError) as caught:
        ec2.delete_security_group(GroupId=group)

    assert code(caught.value) == "DependencyViolation"
    delete_database(rds)
    ec2.delete_security_group(GroupId=group)


@pytest.mark.usefixtures("instant")
def test_a_security_group_that_guards_a_cache_stays(cache, ec2):
    group = ec2.create_security_group(GroupName="cache", Description="-")["GroupId"]
    create_cache(cache, SecurityGroupIds=[group])

    with pytest.raises(ClientError) as caught:
        ec2.delete_security_group(GroupId=group)

    assert code(caught.value) == "DependencyViolation"


@pytest.mark.usefixtures("instant")
def test_a_subnet_where_a_database_lives_stays(rds, ec2, subnets):
    rds.create_db_subnet_group(DBSubnetGroupName="net", DBSubnetGroupDescription="-", SubnetIds=subnets)
    create_database(rds, DBSubnetGroupName="net")

    with pytest.raises(ClientError) as caught:
        ec2.delete_subnet(SubnetId=subnets[0])

    assert code(caught.value) == "DependencyViolation"
    delete_database(rds)
    ec2.delete_subnet(SubnetId=subnets[0])


def test_a_region_knows_nothing_of_another(client):
    create_database(client("rds", region="us-east-1"))

    assert client("rds", region="ap-southeast-2").describe_db_instances()["DBInstances"] == []
    assert len(client("rds", region="us-east-1").describe_db_instances()["DBInstances"]) == 1
