"""Published compositions live a whole life here, all at once: they become Ready, go, and leave nothing in AWS."""

import io
import time
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from tests.journeys import public
from tests.journeys.holdings import Holdings
from tests.journeys.public import REGION, Case
from tests.journeys.stage import provider_config

AWSLABS = "awslabs+crossplane-on-eks/compositions-upbound-aws-provider"
GROUPS = ("dynamodb", "eks", "iam", "kms", "lambda", "sns", "sqs")
# Where the cases put things.
REGIONS = ("us-east-1", "us-east-2", REGION)
PATIENCE = 120.0

TRUST = (
    '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", '
    '"Principal": {"Service": "eks.amazonaws.com"}}]}'
)
BUCKET, ROLE = "awslabs-upload-public", "public-worker"
# Published for the older provider that calls these so.
OLDER = {
    "eks.aws.crossplane.io/v1beta1": "eks.aws.upbound.io/v1beta2",
    "eks.aws.crossplane.io/v1alpha1": "eks.aws.upbound.io/v1beta2",
    "iam.aws.crossplane.io/v1beta1": "iam.aws.upbound.io/v1beta1",
    "assumeRolePolicyDocument": "assumeRolePolicy",
    "nodeRoleSelector": "nodeRoleArnSelector",
    "resourcesVpcConfig": "vpcConfig",
    "roleNameSelector": "roleSelector",
    "subnetSelector": "subnetIdSelector",
}
CASES = [
    # A network with subnets and routes, by go-templating.
    Case("upbound+composition-testing/crossplane-cli-validate-composition", "xr.yaml"),
    # Two groups that let each other in.
    *(
        Case(
            "upbound+configuration-aws-securitygroup/apis-composition@v0.3.0",
            file,
            {"parameters": {"id": "configuration-aws-database"}},
        )
        for file in ("xr.yaml", "xr-1-sg-2.yaml")
    ),
    Case("upbound+configuration-aws-eks-pod-identity/apis-pat-composition@v0.5.0", "xr-1-pod-identity-xr.yaml"),
    Case("upbound+configuration-aws-elasticache/apis-parameter-composition"),
    # Its authors offer a selector in the place of identifiers.
    Case(
        "upbound+configuration-aws-elasticache/apis-cluster-composition",
        spec={
            "parameters": {
                "securityGroupIds": None,
                "securityGroupIdSelector": {"matchLabels": public.LABELS},
                "subnetGroupName": "public",
            }
        },
    ),
    # Composed of a network as the first composes it, and of what stands in it.
    Case("upbound+configuration-aws-elasticache/apis-network-composition"),
    # A cluster, its nodes and their roles, written in the newest version of the kinds of EKS.
    Case(
        "awslabs+crossplane-on-eks/compositions-aws-provider-eks-eks-managed-node-group-subnet-labels",
        spec={
            "compositionSelector": {"matchLabels": {"service": "eks"}},
            "parameters": {"networkId": "public"},
        },
        words=OLDER,
    ),
    Case(f"{AWSLABS}-iam-policy-sqs-read", "xr.yaml", {"roleName": ROLE}),
    Case(f"{AWSLABS}-lambda-zip", "xr.yaml", {"bucketName": BUCKET}),
    Case(f"{AWSLABS}-dynamodb-table"),
    Case(f"{AWSLABS}-kms-kms"),
    Case(f"{AWSLABS}-sqs-sqs"),
    Case(f"{AWSLABS}-sns-sns"),
    # Composed of a queue and a topic as the two before compose them.
    Case(f"{AWSLABS}-sns-sqs-sns-sqs"),
    Case("crossplane+docs/provider-aws-part-2-v1.17", "xr.yaml"),
    Case(
        "crossplane+docs/content-master-manifests-guides-connection-details-composition-composition-patch-and-transform",
        "xr.yaml",
    ),
]
EVERY = pytest.mark.parametrize("case", [pytest.param(case, id=case.id) for case in CASES])


# What AWS must hold meanwhile.
PARTS = {
    "dynamodb list_tables",
    "ec2 describe_internet_gateways",
    "ec2 describe_route_tables",
    "ec2 describe_security_groups",
    "ec2 describe_subnets",
    "ec2 describe_vpcs",
    "eks list_clusters",
    "eks list_nodegroups",
    "eks list_pod_identity_associations",
    "elasticache describe_cache_clusters",
    "elasticache describe_cache_parameter_groups",
    "elasticache describe_cache_subnet_groups",
    "iam list_policies",
    "iam list_roles",
    "iam list_users",
    "kms list_aliases",
    "kms list_keys",
    "lambda list_functions",
    "s3 list_buckets",
    "sns list_subscriptions",
    "sns list_topics",
    "sqs list_queues",
}


@dataclass(frozen=True)
class Outcome:
    """Which cases do not become Ready, what AWS holds of all meanwhile, and what it still holds at the end."""

    unready: Mapping[str, str]
    made: frozenset[str]
    left: frozenset[str]


@pytest.fixture(scope="module")
def beside(stage):
    """What the authors had already: a network, a cluster in it, a role, and code in a bucket."""
    stage.serve(*(f"{group}.aws.upbound.io" for group in GROUPS), "iam.aws.m.upbound.io")
    stage.apply(*provider_config(stage.emulator.url, "aws-provider-config"))
    s3 = stage.aws("s3", REGION)
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_object(Bucket=BUCKET, Key="function.zip", Body=_archive())
    stage.aws("iam").create_role(RoleName=ROLE, AssumeRolePolicyDocument=TRUST)
    subnets = [{"name": "public-a"}, {"name": "public-b"}]
    label = {"crossplane.io/composite": "configuration-aws-eks-pod-identity"}
    role = public.managed("iam Role", "public-cluster", {}, assumeRolePolicy=TRUST)
    del role["spec"]["forProvider"]["region"]
    cluster = public.managed(
        "eks Cluster",
        "public",
        label,
        roleArnRef={"name": "public-cluster"},
        vpcConfig=[{"subnetIdRefs": subnets}],
    )
    caches = public.managed("elasticache SubnetGroup", "public", public.LABELS, subnetIdRefs=subnets)
    with public.standing(stage, [*public.network(), role, cluster, caches]):
        yield


def _archive():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("main", "")
    return file.getvalue()


@pytest.fixture(scope="module")
def outcome(stage, beside):
    del beside
    held, wanted = Holdings(stage, REGIONS), [case.wanted for case in CASES]
    before = held.now()
    public.install(stage, *CASES)
    stage.apply(*wanted)
    unready = public.unready(stage, *wanted, patience=PATIENCE)
    made = held.now() - before
    public.delete(stage, *wanted)
    left = _left(held, before)
    public.uninstall(stage, *CASES)
    return Outcome(unready, made, left)


def _left(held, before):
    """Return what AWS still holds: what a composite was composed of goes after it."""
    deadline = time.monotonic() + PATIENCE
    while (left := held.now() - before) and time.monotonic() < deadline:
        time.sleep(0.5)
    return left


@EVERY
def test_it_becomes_ready(case, outcome):
    assert outcome.unready.get(public.title(case.wanted), "Ready") == "Ready"


def test_aws_holds_what_they_are_composed_of(outcome):
    assert {" ".join(one.split()[1:3]) for one in outcome.made} >= PARTS


def test_when_they_are_deleted_aws_is_as_it_was_before(outcome):
    assert outcome.left == frozenset()
