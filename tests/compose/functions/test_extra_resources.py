"""Objects of the cluster go into the context."""

import pytest

from crosshead.compose.functions import extra_resources
from crosshead.compose.protocol import Requirements, Selector
from tests.compose.functions.asking import fatal, request, resources, thing

KEY = extra_resources.EXTRA_RESOURCES
BY_LABEL = {"matchLabels": [{"key": "k", "type": "Value", "value": "v"}]}


def source(**more):
    return {"apiVersion": "v1", "kind": "Thing", "into": "x", **more}


def ref(**more):
    return source(type="Reference", ref={"name": "a"}, **more)


def chosen(**selector):
    return source(type="Selector", selector={**BY_LABEL, **selector})


def ask(*sources, found=None, xr=None, **spec):
    several = {name: list(resources(dict(enumerate(some))).values()) for name, some in (found or {}).items()}
    told = {"spec": {"extraResources": list(sources), **spec}}
    return extra_resources.run(request(told, required_resources=several, context={KEY: {"old": []}, "c": 1}, xr=xr))


@pytest.mark.parametrize(
    ("told", "selectors"),
    [
        pytest.param(ref(), {"x": Selector("v1", "Thing", match_name="a")}, id="by name"),
        pytest.param(
            ref(namespace="n"), {"x": Selector("v1", "Thing", match_name="a", namespace="n")}, id="in a namespace"
        ),
        pytest.param(chosen(), {"x": Selector("v1", "Thing", match_labels={"k": "v"})}, id="by labels"),
        pytest.param(source(type="Selector", selector={}), {}, id="by no label"),
        pytest.param({"type": "Else"}, {}, id="of a type that nobody knows"),
    ],
)
def test_objects_are_required(told, selectors):
    response = ask(told)

    assert response.requirements == Requirements(resources=selectors)
    assert response.context == {KEY: {"old": []}, "c": 1}


@pytest.mark.parametrize(
    ("sources", "found", "more", "context"),
    [
        pytest.param([ref()], {"x": [thing("a")]}, {}, {"x": [thing("a")]}, id="one"),
        pytest.param([ref()], {"x": []}, {"policy": {"resolution": "Optional"}}, {}, id="none, optional"),
        pytest.param([ref(), ref()], {"x": [thing("a")]}, {}, {"x": [thing("a"), thing("a")]}, id="two of one name"),
        pytest.param([chosen()], {"x": [thing("b"), thing("a")]}, {}, {"x": [thing("a"), thing("b")]}, id="sorted"),
        pytest.param([chosen(maxMatch=0)], {"x": [thing("b")]}, {}, {}, id="none wanted"),
        pytest.param([{"type": "Else"}], {"": []}, {}, {}, id="of a type that nobody knows"),
    ],
)
def test_what_was_found_replaces_what_the_context_held(sources, found, more, context):
    response = ask(*sources, found=found, **more)

    assert response.results == ()
    assert response.context == {KEY: context, "c": 1}


@pytest.mark.parametrize(
    ("told", "found", "complaint"),
    [
        (ref(), {"x": []}, 'Required extra resource "x" not found'),
        (ref(), {"x": [thing(), thing()]}, 'expected exactly one extra resource "x", got 2'),
        (ref(), {"y": []}, 'cannot find expected extra resource "x"'),
        (chosen(minMatch=2), {"x": [thing()]}, 'expected at least 2 extra resources "x", got 1'),
    ],
)
def test_what_does_not_fit_is_refused(told, found, complaint):
    assert fatal(ask(told, found=found)) == f"verifying and sorting extra resources: {complaint}"


def test_what_cannot_be_asked_for_is_refused():
    assert fatal(ask(source())).startswith("could not build extra resource requirements: ref cannot be nil")
    assert fatal(extra_resources.run(request({"spec": 1}))).startswith("cannot get Function input from")
    assert extra_resources.run(request()).requirements == Requirements()
