"""The API server is told whom to ask for conversions, once."""

import base64

import pytest

from crosshead.base.objects import Ref
from crosshead.reconcilers import conversions
from crosshead.reconcilers.conversions import CRD
from tests.fakes import FakeCluster
from tests.reconcilers.managed_setup import seed_kind

NAME = "buckets.s3.aws.upbound.io"
REF = Ref(CRD, NAME)
BUNDLE = base64.b64encode(b"PEM").decode()
AT_URL = {"url": "https://127.0.0.1:9443/convert", "caBundle": BUNDLE}
AT_SERVICE = {
    "service": {"name": "crosshead", "namespace": "crossplane-system", "path": "/convert", "port": 443},
    "caBundle": BUNDLE,
}


@pytest.fixture
def cluster():
    cluster = FakeCluster()
    seed_kind(cluster, CRD, NAME, spec={"conversion": {"strategy": "None"}, "versions": []})
    return cluster


def point(cluster, client):
    return conversions.point(cluster.objects[REF], client, cluster)


def conversion(cluster):
    return cluster.objects[REF]["spec"]["conversion"]


@pytest.mark.parametrize(
    ("made", "client"),
    [
        pytest.param(conversions.at_url("https://127.0.0.1:9443", b"PEM"), AT_URL, id="at a URL"),
        pytest.param(conversions.at_service("crosshead", "crossplane-system", b"PEM"), AT_SERVICE, id="at a Service"),
    ],
)
def test_a_crd_learns_whom_to_ask(cluster, made, client):
    assert point(cluster, made)

    assert conversion(cluster) == {
        "strategy": "Webhook",
        "webhook": {"clientConfig": client, "conversionReviewVersions": ["v1"]},
    }


def test_who_knows_is_not_told_again(cluster):
    point(cluster, AT_URL)
    cluster.forget()

    assert not point(cluster, AT_URL)
    assert cluster.writes == []


def test_a_new_place_leaves_nothing_of_the_old_one(cluster):
    point(cluster, AT_URL)

    point(cluster, AT_SERVICE)

    assert conversion(cluster)["webhook"]["clientConfig"] == AT_SERVICE
