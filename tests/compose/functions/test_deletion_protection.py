"""What is labelled as protected gets a usage."""

import pytest

from crosshead.compose.functions import deletion_protection
from crosshead.compose.protocol import Resource, State
from tests.compose.functions.asking import XR, fatal, request, resources, thing

LABEL = {"protection.fn.crossplane.io/block-deletion": "True"}
BY = "created by function-deletion-protection"
BY_LABEL = f"{BY} via label protection.fn.crossplane.io/block-deletion"


def labelled(obj, **more):
    return {**obj, "metadata": {**obj["metadata"], "labels": LABEL, **more}}


def usages(response):
    """Return for each usage by its name what it is of, its kind and why."""
    made = {
        name: one.resource for name, one in response.desired.resources.items() if name.endswith(("usage", "protection"))
    }
    return {name: (u["spec"]["of"]["kind"], u["kind"], u["spec"]["reason"]) for name, u in made.items()}


XR_TOO = {"xr-xr-usage": ("XThing", "ClusterUsage", f"{BY} because a composed resource is protected")}
R_USAGE = {"r-usage": ("Thing", "ClusterUsage", BY_LABEL)}


@pytest.mark.parametrize(
    ("desired", "observed", "expected"),
    [
        pytest.param(thing(), thing(), {}, id="no label"),
        pytest.param(labelled(thing()), None, {}, id="it does not exist"),
        pytest.param(labelled(thing()), thing(), R_USAGE | XR_TOO, id="the label is desired"),
        pytest.param(thing(), labelled(thing()), R_USAGE | XR_TOO, id="the label is there"),
        pytest.param(
            thing(),
            labelled(thing(), namespace="n"),
            {"r-usage": ("Thing", "Usage", BY_LABEL)} | XR_TOO,
            id="in a namespace",
        ),
    ],
)
def test_a_composed_resource_is_protected_and_its_composite_with_it(desired, observed, expected):
    asked = request(desired={"r": desired}, observed={"r": observed} if observed else {})

    response = deletion_protection.run(asked)

    assert usages(response) == expected
    assert response.desired.resources["r"] == Resource(desired)


@pytest.mark.parametrize("asked", [request(xr=labelled(XR)), request(state=State(Resource(labelled(XR))))])
def test_a_composite_is_protected_by_its_own_label(asked):
    assert usages(deletion_protection.run(asked)) == {"xr-xr-usage": ("XThing", "ClusterUsage", BY_LABEL)}


def test_what_an_operation_was_given_is_protected():
    given = {"ops.crossplane.io/watched-resource": [thing("w")], "other": [labelled(thing("o")), thing("p")]}
    found = {name: list(resources(dict(enumerate(some))).values()) for name, some in given.items()}

    assert usages(deletion_protection.run(request(required_resources=found, xr=None))) == {
        "Thing-w--required-resource-fn-protection": ("Thing", "ClusterUsage", f"{BY} by a WatchOperation"),
        "Thing-o--required-resource-fn-protection": ("Thing", "ClusterUsage", f"{BY} by an Operation"),
    }


def test_usages_of_crossplane_1_are_for_what_has_no_namespace():
    told = {"enableV1Mode": True}
    there = labelled(thing(), namespace="ns")

    made = deletion_protection.run(request(told, xr=labelled(XR))).desired.resources["xr-xr-usage"].resource
    assert made["apiVersion"] == "apiextensions.crossplane.io/v1beta1"
    assert made["metadata"]["name"].startswith("xthing-xr-")
    assert made["metadata"]["name"].endswith("-fn-protection")
    assert fatal(deletion_protection.run(request(told, desired={"r": thing()}, observed={"r": there}))) == (
        "cannot process composed resources: cannot protect namespaced resource (kind: Thing, name: n, namespace: ns) "
        "with enableV1Mode=true. v1 usages only support cluster-scoped resources."
    )
    assert fatal(deletion_protection.run(request(told, xr=labelled(XR, namespace="ns")))).startswith(
        "cannot protect composite resource: cannot protect namespaced resource (kind: XThing"
    )


def test_a_response_may_be_kept_for_a_while():
    assert deletion_protection.run(request({"cacheTTL": "5m"})).ttl == 300
    assert fatal(deletion_protection.run(request({"cacheTTL": "x"}))).startswith("cannot set cacheTTL: time: invalid")
    assert fatal(deletion_protection.run(request({"cacheTTL": 1}))).startswith("cannot get Function input from")
