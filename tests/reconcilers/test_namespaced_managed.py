"""Managed resources of the namespaced family: which configuration they use, and whose Secrets that reads."""

from dataclasses import replace

import pytest

from crosshead.base.errors import NotReadyError
from crosshead.base.objects import Kind, Ref
from crosshead.base.values import SecretValue
from crosshead.managed.facts import Reference
from crosshead.reconcilers import provider_configs
from crosshead.reconcilers.provider_configs import (
    CLUSTER_PROVIDER_CONFIG,
    LOCAL_PROVIDER_CONFIG,
    LOCAL_PROVIDER_CONFIG_USAGE,
    PROVIDER_CONFIG,
    config_of,
)
from tests.fakes import THING, fake_world
from tests.reconcilers.managed_setup import BY_US, EXTERNAL_NAME, Setup, seed_kind

SECRET = Kind("v1", "Secret")
IN_AWS = replace(BY_US, provider="aws")
FROM_SECRET = {"credentials": {"source": "Secret", "secretRef": {"name": "aws", "namespace": "ops", "key": "ini"}}}
IN_SHOP = {"namespace": "shop"}


@pytest.fixture
def setup():
    return Setup(IN_AWS, ref=Ref(THING, "pear", "shop"))


@pytest.mark.parametrize(
    ("namespace", "reference", "used"),
    [
        pytest.param("", None, Ref(PROVIDER_CONFIG, "default"), id="of the cluster, saying nothing"),
        pytest.param("", {"name": "prod"}, Ref(PROVIDER_CONFIG, "prod"), id="of the cluster"),
        pytest.param("shop", None, Ref(CLUSTER_PROVIDER_CONFIG, "default"), id="of a namespace, saying nothing"),
        pytest.param(
            "shop",
            {"kind": "ClusterProviderConfig", "name": "prod"},
            Ref(CLUSTER_PROVIDER_CONFIG, "prod"),
            id="the cluster's",
        ),
        pytest.param(
            "shop",
            {"kind": "ProviderConfig", "name": "prod"},
            Ref(LOCAL_PROVIDER_CONFIG, "prod", "shop"),
            id="one beside it",
        ),
    ],
)
def test_the_configuration_of_a_managed_resource(namespace, reference, used):
    managed = {"metadata": {"namespace": namespace}, "spec": {"providerConfigRef": reference}}

    assert config_of(managed) == used


def test_its_use_is_noted_beside_it(setup):
    seed_kind(setup.cluster, CLUSTER_PROVIDER_CONFIG, "default", spec={"credentials": {"source": "Environment"}})
    pear = setup.add(metadata=IN_SHOP)

    setup.reconcile()

    (usage,) = setup.cluster.list(LOCAL_PROVIDER_CONFIG_USAGE)
    assert (usage["metadata"]["namespace"], usage["metadata"]["name"]) == ("shop", pear["metadata"]["uid"])
    assert usage["providerConfigRef"] == {"kind": "ClusterProviderConfig", "name": "default"}


def test_a_configuration_of_a_namespace_reads_no_secret_of_another(setup):
    seed_kind(setup.cluster, LOCAL_PROVIDER_CONFIG, "prod", metadata=IN_SHOP, spec=FROM_SECRET)
    seed_kind(setup.cluster, SECRET, "aws", metadata={"namespace": "ops"}, data={"ini": "dGhlaXJz"})
    setup.add(metadata=IN_SHOP, providerConfigRef={"kind": "ProviderConfig", "name": "prod"})

    with pytest.raises(NotReadyError, match="Secret 'aws' in namespace 'shop'"):
        setup.reconcile()

    seed_kind(setup.cluster, SECRET, "aws", metadata=IN_SHOP, data={"ini": "b3Vycw=="})
    setup.reconcile()
    assert setup.provider.connections[-1][1] == {"ini": SecretValue("ours")}


def test_a_missing_configuration_is_named_with_its_namespace(setup):
    setup.add(metadata=IN_SHOP, providerConfigRef={"kind": "ProviderConfig", "name": "prod"})

    with pytest.raises(NotReadyError):
        setup.reconcile()

    assert setup.shown("Synced")[2] == (
        "connect failed: cannot get ProviderConfig: "
        'ProviderConfig.aws.m.upbound.io "prod" not found in namespace "shop"'
    )


@pytest.mark.parametrize(
    ("config", "users"),
    [
        pytest.param(Ref(CLUSTER_PROVIDER_CONFIG, "prod"), 2, id="the cluster's, by all namespaces"),
        pytest.param(Ref(LOCAL_PROVIDER_CONFIG, "prod", "shop"), 1, id="a namespace's, by that one"),
    ],
)
def test_users_are_counted_by_the_configuration_that_they_name(setup, config, users):
    seed_kind(setup.cluster, config.kind, "prod", metadata={"namespace": config.namespace}, spec={})
    owner = {"apiVersion": "v1", "kind": "Thing", "name": "a", "uid": "a", "controller": True}
    for number, (namespace, kind) in enumerate(
        (("shop", "ClusterProviderConfig"), ("bank", "ClusterProviderConfig"), ("shop", "ProviderConfig"))
    ):
        seed_kind(
            setup.cluster,
            LOCAL_PROVIDER_CONFIG_USAGE,
            f"use-{number}",
            metadata={"namespace": namespace, "ownerReferences": [owner]},
            providerConfigRef={"kind": kind, "name": "prod"},
        )

    provider_configs.reconcile(config, fake_world(setup.cluster))

    assert setup.cluster.objects[config]["status"] == {"users": users}


def test_a_reference_inside_a_list_is_resolved_and_not_written():
    """Who applies the list owns all of it: what we wrote there would be taken out, and written again, for ever."""
    inside = Reference("rule[*].keyId", "rule[*].keyIdRef", "rule[*].keyIdSelector", THING)
    setup = Setup(replace(BY_US, references=(inside,)))
    seed_kind(setup.cluster, THING, "key", metadata={"annotations": {EXTERNAL_NAME: "key-1"}})
    setup.add(parameters={"rule": [{"keyIdRef": {"name": "key"}}, {"keyId": "key-2"}]})

    setup.reconcile()

    assert setup.external.declared[0].parameters["rule"] == [
        {"keyIdRef": {"name": "key"}, "keyId": "key-1"},
        {"keyId": "key-2"},
    ]
    assert setup.obj["spec"]["forProvider"]["rule"][0] == {"keyIdRef": {"name": "key"}}
