"""Who shares a lane: those who would wait for the same silence."""

import pytest

from crosshead.aws.provider import AwsProvider
from crosshead.base.objects import Kind, Ref
from crosshead.reconcilers.lanes import Place, lane
from crosshead.reconcilers.nop import NOP_RESOURCE
from crosshead.reconcilers.provider_configs import PROVIDER_CONFIG
from tests.fakes import FakeCluster
from tests.reconcilers.managed_setup import seed_kind

BUCKET = Kind("s3.aws.upbound.io/v1beta1", "Bucket")
CLAIM = Kind("example.org/v1", "Claim")


@pytest.fixture
def cluster():
    return FakeCluster()


@pytest.fixture(scope="module")
def provider():
    return AwsProvider()


@pytest.mark.parametrize(
    ("spec", "place"),
    [
        pytest.param(
            {"forProvider": {"region": "eu-west-1"}, "providerConfigRef": {"name": "team"}},
            Place("s3.aws.upbound.io", Ref(PROVIDER_CONFIG, "team"), "eu-west-1"),
            id="what it asks",
        ),
        pytest.param({}, Place("s3.aws.upbound.io", Ref(PROVIDER_CONFIG, "default"), "None"), id="what says nothing"),
    ],
)
def test_the_lane_of_a_managed_resource_is_service_account_and_region(cluster, provider, spec, place):
    seed_kind(cluster, BUCKET, "pail", spec=spec)

    assert lane(Ref(BUCKET, "pail"), cluster, provider) == place


@pytest.mark.parametrize(
    "ref",
    [
        pytest.param(Ref(BUCKET, "gone"), id="what is gone"),
        pytest.param(Ref(CLAIM, "claim", "team"), id="a claim"),
        pytest.param(Ref(NOP_RESOURCE, "nop"), id="what lives in no cloud"),
    ],
)
def test_whoever_asks_nobody_outside_is_at_home(cluster, provider, ref):
    seed_kind(cluster, CLAIM, "claim", metadata={"namespace": "team"})
    seed_kind(cluster, NOP_RESOURCE, "nop")

    assert lane(ref, cluster, provider) is None
