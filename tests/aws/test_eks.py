"""What is peculiar to EKS: access that we sign ourselves, and changes that are made one at a time."""

import base64
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlparse

import pytest
import yaml

from crosshead.base.errors import NotReadyError, StalledError
from crosshead.devel.emulator import EmulatorControl
from crosshead.managed.external import Declared, Observation
from tests.aws.lives import Land, Life, changed, create, settle
from tests.aws.living.eks import arn_of, cluster


@pytest.fixture
def born(land: Land, name: str) -> Iterator[Declared]:
    """A cluster."""
    wanted = {"roleArn": arn_of("eks"), "vpcConfig": [{"subnetIds": list(land.subnets[:2])}]}
    external = land.external("eks", "Cluster")
    declared = create(external, Life("eks", "Cluster", lambda _: wanted).declared(land, name))
    yield declared
    external.delete(declared)


@pytest.fixture
def auth(land: Land, name: str) -> Declared:
    """Access to a cluster."""
    wanted = {"clusterName": cluster(land), "refreshPeriod": "5m0s"}
    return create(
        land.external("eks", "ClusterAuth"), Life("eks", "ClusterAuth", lambda _: wanted).declared(land, name)
    )


def kubeconfig(seen: Observation) -> Any:
    return yaml.safe_load(seen.connection["kubeconfig"].reveal())


def test_access_has_the_keys_of_crossplane(land: Land, auth: Declared) -> None:
    seen = land.external("eks", "ClusterAuth").observe(auth)

    assert set(seen.connection) == {"kubeconfig", "endpoint", "clusterCA"}
    assert seen.connection["endpoint"].reveal().startswith(b"https://")
    assert seen.connection["clusterCA"].reveal() == b"-----land-of-clusters-----\n"
    assert seen.at_provider["lastRefreshTime"].endswith("Z")
    assert seen.again == 300


def test_a_kubeconfig_is_one(land: Land, auth: Declared) -> None:
    seen = land.external("eks", "ClusterAuth").observe(auth)
    found, name = kubeconfig(seen), "land-of-clusters"

    assert (found["kind"], found["current-context"]) == ("Config", name)
    assert found["contexts"] == [{"name": name, "context": {"cluster": name, "user": name}}]
    assert found["clusters"][0]["cluster"]["server"] == seen.connection["endpoint"].reveal().decode()
    authority = base64.b64decode(found["clusters"][0]["cluster"]["certificate-authority-data"])
    assert authority == seen.connection["clusterCA"].reveal()


def test_a_token_asks_sts_who_we_are_for_this_cluster(land: Land, auth: Declared) -> None:
    token = kubeconfig(land.external("eks", "ClusterAuth").observe(auth))["users"][0]["user"]["token"]
    encoded = token.removeprefix("k8s-aws-v1.")
    url = base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)).decode()
    asked = parse_qs(urlparse(url).query)

    assert (asked["Action"], asked["X-Amz-Expires"]) == (["GetCallerIdentity"], ["600"])
    assert asked["X-Amz-SignedHeaders"] == ["host;x-k8s-aws-id"]
    assert asked["X-Amz-Credential"][0].endswith("/us-east-1/sts/aws4_request")


def test_access_needs_no_call_but_the_look(land: Land, auth: Declared, control: EmulatorControl) -> None:
    control.forget_requests()

    land.external("eks", "ClusterAuth").observe(auth)

    assert control.counts() == {"eks:DescribeCluster": 1}


def test_a_period_that_is_none_is_said(land: Land, auth: Declared) -> None:
    with pytest.raises(StalledError, match=r"spec.forProvider.refreshPeriod: 'soon' is not a duration"):
        land.external("eks", "ClusterAuth").observe(changed(auth, refreshPeriod="soon"))


def test_access_to_no_cluster_waits(land: Land, name: str) -> None:
    wanted = Life("eks", "ClusterAuth", lambda _: {"clusterName": "nobody"}).declared(land, name)

    with pytest.raises(NotReadyError, match="No cluster found for name: nobody"):
        land.external("eks", "ClusterAuth").create(wanted)


def test_giving_up_access_leaves_the_cluster_alone(land: Land, auth: Declared, control: EmulatorControl) -> None:
    land.external("eks", "ClusterAuth").delete(auth)

    assert not land.external("eks", "ClusterAuth").observe(auth).exists
    assert control.count("eks:DeleteCluster") == 0


def test_a_cluster_shows_what_stands_on_it_only_once_it_can_be_used(
    land: Land, name: str, control: EmulatorControl
) -> None:
    control.set_delays(creating=0.3, modifying=0.0, deleting=0.0)
    external = land.external("eks", "Cluster")
    wanted = {"roleArn": arn_of("eks"), "vpcConfig": [{"subnetIds": list(land.subnets[:2])}]}
    declared = create(external, Life("eks", "Cluster", lambda _: wanted).declared(land, name))

    early, late = external.observe(declared), settle(external, declared)

    assert ("id" in early.at_provider, early.connection) == (False, {})
    assert (late.at_provider["id"], "kubeconfig" in late.connection) == (name, True)
    external.delete(declared)


def test_changes_are_made_one_at_a_time(land: Land, born: Declared, control: EmulatorControl) -> None:
    control.set_delays(creating=0.0, modifying=0.3, deleting=0.0)
    external = land.external("eks", "Cluster")
    wanted = changed(born, enabledClusterLogTypes=["api"], accessConfig=[{"authenticationMode": "API_AND_CONFIG_MAP"}])

    external.update(wanted, external.observe(wanted))
    under_way, then = external.observe(wanted), settle(external, wanted)
    external.update(wanted, then)

    assert (under_way.ready.reason, under_way.busy) == ("Available", True)
    assert [drift.field for drift in then.drift] == ["enabledClusterLogTypes"]
    assert settle(external, wanted).drift == ()


def test_the_first_change_that_must_wait_says_so(land: Land, born: Declared, control: EmulatorControl) -> None:
    control.set_delays(creating=0.0, modifying=0.5, deleting=0.0)
    external = land.external("eks", "Cluster")
    wanted = changed(born, enabledClusterLogTypes=["api"])
    seen = external.observe(wanted)
    external.update(wanted, seen)

    with pytest.raises(NotReadyError, match="another change is under way"):
        external.update(wanted, seen)


def test_a_newer_version_than_declared_is_no_drift(land: Land, born: Declared) -> None:
    assert land.external("eks", "Cluster").observe(changed(born, version="1.30")).drift == ()


def test_a_part_that_stays_refuses_the_whole(land: Land, born: Declared) -> None:
    network = [{"serviceIpv4Cidr": "10.99.0.0/16", "elasticLoadBalancing": [{"enabled": True}]}]

    seen = land.external("eks", "Cluster").observe(changed(born, kubernetesNetworkConfig=network))

    assert ([drift.field for drift in seen.immutable], seen.drift) == (["kubernetesNetworkConfig"], ())


def test_a_protected_cluster_stays(land: Land, born: Declared) -> None:
    external = land.external("eks", "Cluster")
    protected, bare = changed(born, deletionProtection=True), changed(born, deletionProtection=False)
    external.update(protected, external.observe(protected))

    with pytest.raises(StalledError, match=r"it is protected: set spec.forProvider.deletionProtection to false"):
        external.delete(protected)

    external.update(bare, external.observe(bare))


def test_a_service_account_that_is_somebody_elses_is_not_taken(land: Land, name: str) -> None:
    external = land.external("eks", "PodIdentityAssociation")
    whose = {"clusterName": cluster(land), "namespace": "orders", "serviceAccount": name, "roleArn": arn_of("orders")}
    first = create(external, Life("eks", "PodIdentityAssociation", lambda _: whose).declared(land, name))

    with pytest.raises(StalledError, match="is not ours: to take it over, set the annotation"):
        external.create(replace(first, uid="somebody else", external_name=""))

    external.delete(first)


def test_what_stands_on_a_cluster_waits_until_it_can_be_used(land: Land, name: str, control: EmulatorControl) -> None:
    control.set_delays(creating=0.5, modifying=0.0, deleting=0.0)
    external = land.external("eks", "Cluster")
    wanted = {"roleArn": arn_of("eks"), "vpcConfig": [{"subnetIds": list(land.subnets[:2])}]}
    early = create(external, Life("eks", "Cluster", lambda _: wanted).declared(land, name))
    addon = Life("eks", "Addon", lambda _: {"clusterName": name, "addonName": "coredns"}).declared(land, name)

    with pytest.raises(NotReadyError, match="is not in ACTIVE status"):
        land.external("eks", "Addon").create(addon)

    settle(external, early)
    external.delete(early)
