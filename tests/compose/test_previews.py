"""What a composition makes of a composite, as documents."""

from dataclasses import replace

import pytest

from crosshead.base.errors import StalledError
from crosshead.compose import previews
from crosshead.compose.previews import Wanted
from crosshead.compose.protocol import Ready, Resource, Result, Severity, State, respond

COMPOSITE = {
    "apiVersion": "example.org/v1",
    "kind": "XThing",
    "metadata": {"name": "x", "uid": "u", "annotations": {"note": "1"}},
    "spec": {"size": 1, "claimRef": {"name": "mine", "namespace": "team"}},
}
SPEC = {"pipeline": [{"step": "only", "functionRef": {"name": "f"}}]}
CONFIG = {"apiVersion": "v1", "kind": "ConfigMap"}


class World:
    """One function; nothing to fetch."""

    def __init__(self, *results, composite=None, ready=Ready.UNSPECIFIED):
        self.results, self.composite, self.ready = results, composite, ready

    def run(self, function, request):
        del function
        desired = State(self.composite, {"a": Resource(CONFIG, ready=self.ready)})
        return replace(respond(request), desired=desired, results=self.results)


def preview(world, composite=COMPOSITE, observed=(), wanted=None, context=None):
    return previews.preview(composite, SPEC, observed, world, wanted or Wanted(), context)


def test_the_composite_comes_first_then_the_composed_resources_without_names():
    xr, composed = preview(World())

    assert xr["metadata"] == {"name": "x"}
    assert "spec" not in xr
    assert xr["status"]["conditions"] == [
        {
            "type": "Ready",
            "status": "False",
            "reason": "Creating",
            "message": "Unready resources: a",
            "lastTransitionTime": "2024-01-01T00:00:00Z",
        }
    ]
    assert composed["metadata"]["generateName"] == "x-"
    assert "name" not in composed["metadata"]
    assert composed["metadata"]["labels"] == {
        "crossplane.io/composite": "x",
        "crossplane.io/claim-name": "mine",
        "crossplane.io/claim-namespace": "team",
    }


def test_what_is_observed_keeps_its_name_and_can_be_ready():
    annotations = {"crossplane.io/composition-resource-name": "a"}
    observed = {**CONFIG, "metadata": {"name": "x-1", "annotations": annotations}}

    xr, composed = preview(World(ready=Ready.TRUE), observed=[observed])

    assert composed["metadata"]["name"] == "x-1"
    assert xr["status"]["conditions"][0]["status"] == "True"


def test_a_nested_composite_passes_on_the_name_of_its_root():
    labelled = {**COMPOSITE, "metadata": {"name": "x", "labels": {"crossplane.io/composite": "root"}}}

    _, composed = preview(World(), composite={**labelled, "spec": {}})

    assert composed["metadata"]["labels"] == {"crossplane.io/composite": "root"}
    assert composed["metadata"]["generateName"] == "root-"


def test_a_composite_without_a_claim_has_no_labels_of_one():
    _, composed = preview(World(), composite={**COMPOSITE, "spec": {}})

    assert composed["metadata"]["labels"] == {"crossplane.io/composite": "x"}


def test_all_can_be_shown():
    world = World(Result(Severity.NORMAL, "done", "Why"), Result(Severity.WARNING, "hm"))

    xr, _, first, second, context = preview(
        world, wanted=Wanted(full_composite=True, results=True, context=True), context={"k": 1.0}
    )

    assert (xr["metadata"], xr["spec"]) == (COMPOSITE["metadata"], COMPOSITE["spec"])
    assert first == {
        "apiVersion": "render.crossplane.io/v1beta1",
        "kind": "Result",
        "step": "only",
        "severity": "SEVERITY_NORMAL",
        "message": "done",
        "reason": "Why",
    }
    assert "reason" not in second
    assert context["fields"] == {"k": 1}


def test_a_composite_without_a_spec_is_shown_without():
    xr, _ = preview(
        World(), composite={k: v for k, v in COMPOSITE.items() if k != "spec"}, wanted=Wanted(full_composite=True)
    )

    assert "spec" not in xr


def test_a_fatal_result_is_an_error():
    with pytest.raises(StalledError, match='pipeline step "only" returned a fatal result: no'):
        preview(World(Result(Severity.FATAL, "no")))


RESOURCES = {
    "resources": [
        {"name": "one", "base": CONFIG},
        {"name": "was", "base": CONFIG},
        {
            "name": "broken",
            "base": CONFIG,
            "patches": [{"fromFieldPath": "spec.no", "policy": {"fromFieldPath": "Required"}}],
        },
    ]
}


def test_resources_mode_is_shown_in_the_same_way():
    annotations = {"crossplane.io/composition-resource-name": "was"}
    was = {**CONFIG, "metadata": {"name": "given", "annotations": annotations}}

    composite, one, kept, result = previews.preview_resources(COMPOSITE, RESOURCES, [was, CONFIG], Wanted(results=True))

    assert composite["status"]["conditions"][0]["message"] == "Unready resources: broken, one, and was"
    assert ("name" in one["metadata"], kept["metadata"]["name"]) == (False, "given")
    assert "spec.no: no such field" in result["message"]
    assert len(previews.preview_resources(COMPOSITE, RESOURCES, [], Wanted())) == 3
