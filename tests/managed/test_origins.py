"""What stays the same of an object that is deleted and declared again."""

import pytest

from crosshead.managed.origins import origin, root

CLUSTER = "8d3c6f1e-0000-4000-8000-000000000001"


def composite(claim=None, namespace=""):
    return {
        "apiVersion": "platform.example.org/v1alpha1",
        "kind": "XPostgresDatabase",
        "metadata": {"name": "orders-x7k2p", **({"namespace": namespace} if namespace else {})},
        "spec": {"claimRef": claim} if claim else {},
    }


def claim(version="v1", **more):
    return {"apiVersion": f"example.org/{version}", "kind": "Database", "namespace": "shop", "name": "orders", **more}


@pytest.mark.parametrize(
    ("root", "path", "expected"),
    [
        pytest.param(composite(claim()), ["instance"], "Database.example.org/shop/orders/instance", id="of a claim"),
        pytest.param(
            composite(), ["instance"], "XPostgresDatabase.platform.example.org//orders-x7k2p/instance", id="without one"
        ),
        pytest.param(
            composite(namespace="shop"),
            ["instance"],
            "XPostgresDatabase.platform.example.org/shop/orders-x7k2p/instance",
            id="in a namespace",
        ),
        pytest.param(composite(claim()), ["primary", "db"], "Database.example.org/shop/orders/primary/db", id="nested"),
        pytest.param(composite(), [], "XPostgresDatabase.platform.example.org//orders-x7k2p", id="by itself"),
    ],
)
def test_it_is_the_way_from_the_cluster_to_the_object(root, path, expected):
    assert origin(CLUSTER, root, path) == f"{CLUSTER}/{expected}"


def test_another_version_of_the_claim_is_the_same_claim():
    assert origin(CLUSTER, composite(claim("v1")), ["db"]) == origin(CLUSTER, composite(claim("v2")), ["db"])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(["d#b"], ["d,b"], id="what a tag cannot hold"),
        pytest.param(["x" * 300], ["x" * 301], id="what is too long for a tag"),
    ],
)
def test_what_a_tag_cannot_say_is_told_apart_all_the_same(one, other):
    first, second = (origin(CLUSTER, composite(claim()), path) for path in (one, other))

    assert first != second
    assert max(len(first), len(second)) <= 256
    assert not set("#,") & set(first + second)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(f"{CLUSTER}/Database.example.org/shop/orders/instance", "orders", id="of a claim"),
        pytest.param(f"{CLUSTER}/XDatabase.example.org//orders-x7k2p", "orders-x7k2p", id="of what stands by itself"),
        pytest.param("", "", id="unknown"),
    ],
)
def test_it_begins_with_a_name(text, expected):
    assert root(text) == expected
