"""Published compositions live a whole life here, all at once: they become Ready, go, and leave nothing in AWS."""

import io
import time
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from tests.journeys import public
from tests.journeys.holdings import holdings
from tests.journeys.public import REGION, Case
from tests.journeys.stage import provider_config

AWSLABS = "awslabs+crossplane-on-eks/compositions-upbound-aws-provider"
GROUPS = ("cloudwatchlogs", "dynamodb", "eks", "iam", "kms", "lambda", "sns", "sqs")
# Those of a namespace.
MODERN = ("ec2", "iam")
# Where the cases put things.
REGIONS = ("us-east-1", "us-east-2", REGION)
PATIENCE = 120.0

TRUST = (
    '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", '
    '"Principal": {"Service": "eks.amazonaws.com"}}]}'
)
BUCKET, ROLE = "awslabs-upload-public", "public-worker"
CASES = [
    # Networks: the functions that make them are go-templating, auto-ready, tag-manager.
    Case("upbound+composition-testing/crossplane-cli-validate-composition", "xr.yaml"),
    Case("crossplane-contrib+function-tag-manager/examples-configuration-aws-network-composition", "xr.yaml"),
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


@dataclass(frozen=True)
class Outcome:
    """The condition Ready of each case, what AWS held of them all meanwhile, and what it still held at the end."""

    ready: Mapping[str, dict[str, str]]
    made: frozenset[str]
    left: frozenset[str]


@pytest.fixture(scope="module")
def beside(stage):
    """What the authors had already: a network, a cluster in it, a role, and code in a bucket."""
    stage.serve(*(f"{group}.aws.upbound.io" for group in GROUPS), *(f"{group}.aws.m.upbound.io" for group in MODERN))
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
    with public.standing(stage, [*public.network(), role, cluster]):
        yield


def _archive():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("main", "")
    return file.getvalue()


@pytest.fixture(scope="module")
def outcome(stage, beside):
    del beside
    before = holdings(stage, REGIONS)
    for case in CASES:
        public.install(stage, case)
    stage.apply(*(case.wanted for case in CASES))
    deadline = time.monotonic() + PATIENCE
    ready = {case.id: _readiness(stage, case, deadline) for case in CASES}
    made = holdings(stage, REGIONS) - before
    for case in CASES:
        public.forget(stage, case.wanted)
    for case in CASES:
        stage.wait_gone(*public.key(case.wanted))
    left = _left(stage, before)
    for case in {case.folder: case for case in CASES}.values():
        public.uninstall(stage, case)
    return Outcome(ready, made, left)


def _readiness(stage, case, deadline):
    """Return the condition Ready of what was wanted: as soon as it is true, or as it is when there is no more time."""
    kind, name, namespace = public.key(case.wanted)
    while (found := stage.condition(kind, name, "Ready", namespace)).get("status") != "True":
        if time.monotonic() > deadline:
            break
        time.sleep(0.3)
    return found


def _left(stage, before):
    deadline = time.monotonic() + PATIENCE
    while (left := holdings(stage, REGIONS) - before) and time.monotonic() < deadline:
        time.sleep(0.5)
    return left


@EVERY
def test_it_becomes_ready(case, outcome):
    found = outcome.ready[case.id]
    assert found.get("status") == "True", found.get("message")


def test_aws_holds_what_they_were_composed_of(outcome):
    assert {" ".join(found.split()[1:3]) for found in outcome.made} == set()


def test_when_they_are_deleted_aws_is_as_it_was_before(outcome):
    assert outcome.left == frozenset()
