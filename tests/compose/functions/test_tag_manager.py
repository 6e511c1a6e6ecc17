"""Tags are added, kept and removed where there can be tags."""

import pytest

from crosshead.base.objects import Kind
from crosshead.compose.functions import tag_manager, taggable
from crosshead.compose.functions.environment_configs import ENVIRONMENT
from tests.compose.functions.asking import fatal, request, said

IGNORE = {"tag-manager.fn.crossplane.io/ignore-resource": "True"}
TAGS = {"keep": "k", "x": "old"}


def vpc(tags=None, **more):
    provider = {} if tags is None else {"tags": tags}
    return {"apiVersion": "ec2.aws.upbound.io/v1beta1", "kind": "VPC", "spec": {"forProvider": provider}, **more}


def tags(response):
    return response.desired.resources["v"].resource["spec"]["forProvider"].get("tags", "untouched")


def ask(told, desired=None, observed=None, environment=None):
    known = {} if observed is None else {"v": {**vpc(), "status": {"atProvider": {"tags": observed}}}}
    context = {ENVIRONMENT: environment}
    return tag_manager.run(request(told, desired={"v": desired or vpc(TAGS)}, observed=known, context=context))


def add(policy=None, type="FromValue", **more):
    return {"addTags": [{"type": type, "policy": policy, **more}]}


@pytest.mark.parametrize(
    ("told", "left"),
    [
        pytest.param({}, TAGS, id="nothing to do"),
        pytest.param(add(tags={"x": "new", "a": None}), {"keep": "k", "x": "new", "a": ""}, id="replaced"),
        pytest.param(add("Retain", tags={"x": "new", "a": "b"}), {**TAGS, "a": "b"}, id="retained"),
        pytest.param(add("Retain", None, tags={"x": "new"}), {"keep": "k", "x": "new"}, id="a policy without type"),
        pytest.param(
            add(type="FromCompositeFieldPath", fromFieldPath="spec.tags"),
            {"keep": "k", "x": "1"},
            id="from the composite",
        ),
        pytest.param(add(type="FromCompositeFieldPath", fromFieldPath="spec.env"), TAGS, id="from what is no object"),
        pytest.param(add(type="FromCompositeFieldPath", fromFieldPath="spec.nope"), TAGS, id="from nowhere"),
        pytest.param(
            add(type="FromEnvironmentFieldPath", fromFieldPath="tags"),
            {**TAGS, "e": "1", "n": ""},
            id="from the environment",
        ),
        pytest.param(
            add(type="FromEnvironmentFieldPath", fromFieldPath="no"), TAGS, id="from nowhere in the environment"
        ),
        pytest.param(add(type="Else", tags={"x": "new"}), TAGS, id="of a type that nobody knows"),
        pytest.param(
            {"addTags": [{"tags": {"a": "1"}}, {"tags": {"a": "2", "b": "2"}}, None]},
            {**TAGS, "a": "1", "b": "2"},
            id="the first counts",
        ),
        pytest.param({"removeTags": [{"keys": ["x", None]}]}, {"keep": "k"}, id="removed"),
        pytest.param(
            {"removeTags": [{"type": "FromEnvironmentFieldPath", "fromFieldPath": "keys"}]},
            {"x": "old"},
            id="removed by the environment",
        ),
        pytest.param(
            {"removeTags": [{"type": "FromCompositeFieldPath", "fromFieldPath": "spec.env"}]},
            TAGS,
            id="removed by what is no list",
        ),
        pytest.param(
            {"removeTags": [{"type": "FromCompositeFieldPath", "fromFieldPath": "spec.no"}]},
            TAGS,
            id="removed by nothing",
        ),
        pytest.param({"removeTags": [{"type": "Else", "keys": ["x"]}]}, TAGS, id="removed by a type that nobody knows"),
    ],
)
def test_tags_are_managed(told, left):
    response = ask(told, environment={"tags": {"e": "1", "n": 1}, "keys": ["keep", 1]})

    assert tags(response) == left
    assert said(response) == ["Successfully Processed tags"]


@pytest.mark.parametrize(
    ("ignored", "left"),
    [
        pytest.param({"keys": ["ext", "x", "zz"]}, {"keep": "k", "x": "seen", "ext": "e"}, id="what is seen counts"),
        pytest.param(
            {"type": "FromValue", "policy": "Retain", "keys": ["ext", "x"]}, {**TAGS, "ext": "e"}, id="unless retained"
        ),
    ],
)
def test_tags_that_others_set_are_kept(ignored, left):
    told = {"ignoreTags": [ignored]}

    assert tags(ask(told, observed={"ext": "e", "x": "seen"})) == left
    assert tags(ask(told)) == TAGS
    assert tags(ask(told, observed="none")) == TAGS


@pytest.mark.parametrize(
    ("desired", "left"),
    [
        pytest.param(vpc(TAGS, metadata={"annotations": IGNORE}), TAGS, id="by annotation"),
        pytest.param(vpc(TAGS, metadata={"labels": IGNORE}), TAGS, id="by label"),
        pytest.param({**vpc(TAGS), "kind": "Route"}, TAGS, id="its kind has no tags"),
        pytest.param(
            vpc(TAGS, metadata={"annotations": dict.fromkeys(IGNORE, "no"), "labels": IGNORE}),
            {"keep": "k", "x": "new"},
            id="the annotation counts more",
        ),
        pytest.param(vpc(["a"]), {"x": "new"}, id="tags that are none"),
        pytest.param(vpc(), {"x": "new"}, id="no tags"),
    ],
)
def test_resources_can_be_left_out(desired, left):
    assert tags(ask(add(tags={"x": "new"}), desired)) == left


def test_a_resource_that_cannot_have_tags_stays_as_it_is():
    odd = {**vpc(), "spec": "none"}

    assert ask(add(tags={"x": "new"}), odd).desired.resources["v"].resource == odd
    assert tags(ask({}, vpc())) is None


def test_what_cannot_be_read_is_refused():
    assert fatal(ask(add(type="FromCompositeFieldPath"))) == (
        "fromFieldPath cannot be nil for type 'FromCompositeFieldPath'"
    )
    assert fatal(ask({"addTags": "x"})).startswith("cannot get Function input from *v1.RunFunctionRequest: cannot get")
    assert tags(ask(add(type="FromEnvironmentFieldPath", fromFieldPath="tags"), environment="none")) == TAGS


@pytest.mark.parametrize(
    ("kind", "takes"),
    [
        (Kind("ec2.aws.m.upbound.io/v1beta1", "VPC"), True),
        (Kind("azure.upbound.io/v1beta1", "ResourceGroup"), True),
        (Kind("ec2.aws.upbound.io/v1beta1", "Nope"), False),
        (Kind("v1", "ConfigMap"), False),
    ],
)
def test_kinds_that_take_tags_are_known(kind, takes):
    assert taggable.takes_tags(kind) is takes
