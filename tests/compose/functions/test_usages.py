"""Usages are named and shaped as Crossplane's functions do."""

import pytest

from crosshead.compose.functions import usages
from tests.compose.functions.asking import thing

NAMESPACED = {"apiVersion": "v1", "kind": "Thing", "metadata": {"name": "n", "namespace": "ns"}}


@pytest.mark.parametrize(
    ("of", "is_v1", "kind", "metadata"),
    [
        (thing(), True, ("apiextensions.crossplane.io/v1beta1", "Usage"), {"name": "u"}),
        (thing(), False, ("protection.crossplane.io/v1beta1", "ClusterUsage"), {"name": "u"}),
        (NAMESPACED, False, ("protection.crossplane.io/v1beta1", "Usage"), {"name": "u", "namespace": "ns"}),
    ],
)
def test_a_usage_is_where_what_it_is_of_is(of, is_v1, kind, metadata):
    usage = usages.compose(of, "u", is_v1=is_v1)

    assert (usage["apiVersion"], usage["kind"], usage["metadata"]) == (*kind, metadata)
    assert usage["spec"] == {"of": {"apiVersion": "v1", "kind": "Thing", "resourceRef": {"name": "n"}}}
    assert usages.is_usage(usage, is_v1=is_v1)
    assert not usages.is_usage(usage, is_v1=not is_v1)


@pytest.mark.parametrize(
    ("about", "name"),
    [
        ([thing("n-b", "KB"), thing("n-a", "KA")], "kb-n-b-ka-n-a-375bd6-dependency"),
        ([thing("b" * 50, "KindB"), thing("a" * 50, "KindA")], f"kindb-{'b' * 39}-1d5aee-dependency"),
        ([thing("b" * 38 + "-" + "b" * 9, "KindB")], f"kindb-{'b' * 38}-0cf4f8-dependency"),
    ],
)
def test_a_name_is_readable_unique_and_short(about, name):
    given = usages.name("dependency", *about)

    assert len(given) <= 63
    assert given[:-18] == name[:-18]
    assert given.endswith("-dependency")


@pytest.mark.parametrize("odd", [{}, {"apiVersion": [], "kind": {}}])
def test_what_says_no_kind_is_no_usage(odd):
    assert not usages.is_usage(odd, is_v1=True)
    assert not usages.is_usage(odd, is_v1=False)
