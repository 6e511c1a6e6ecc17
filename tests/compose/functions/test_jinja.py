"""A Jinja template makes the desired state, and word to Crossplane."""

import pytest

from crosshead.compose.functions import jinja
from crosshead.compose.protocol import (
    Condition,
    Ready,
    Requirements,
    Resource,
    Selector,
    State,
    Status,
    Target,
    respond,
)
from tests.compose.functions.asking import fatal, request, thing

META = "apiVersion: meta.jinja.fn.crosshead.io/v1beta1\n"
NAMED = "metadata: {annotations: {jinja.fn.crosshead.io/composition-resource-name: bucket}}\n"
XTHING = "apiVersion: example.org/v1\nkind: XThing\n"


def ask(template, **more):
    return jinja.run(asked(template, **more))


def asked(template, **more):
    told = {"apiVersion": "jinja.fn.crosshead.io/v1beta1", "kind": "Template", "source": "Inline"}
    return request({**told, "inline": {"template": template}}, **more)


def test_a_document_with_a_name_is_a_composed_resource():
    template = """
{% for key in xr.spec['keys'] %}
---
apiVersion: v1
kind: ConfigMap
metadata:
  annotations:
    {{ resource_name("map-" ~ key) }}
    {{ ready(false) }}
    other: "1"
data: {n: {{ xr.spec.n }}}
{% endfor %}
"""
    response = ask(template, desired={"earlier": thing()})

    expected = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"annotations": {"other": "1"}}, "data": {"n": 3}}
    made = Resource(expected, ready=Ready.FALSE)
    assert response.desired.resources == {"earlier": Resource(thing()), "map-a": made, "map-b": made}
    assert response.results == ()


def test_our_annotations_leave_no_trace():
    response = ask(f"apiVersion: v1\nkind: ConfigMap\n{NAMED}")

    assert response.desired.resources["bucket"] == Resource({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {}})


def test_a_document_of_the_composites_kind_sets_its_status():
    known = State(Resource({"status": {"a": {"x": 1}, "b": 1}}, {"k": b"v"}, Ready.TRUE))

    composite = ask(XTHING + "status: {a: {y: 2}, b: {z: 1}}", state=known).desired.composite

    status = {"a": {"x": 1, "y": 2}, "b": {"z": 1}}
    assert composite.resource == {"apiVersion": "example.org/v1", "kind": "XThing", "status": status}
    assert (composite.connection_details, composite.ready) == ({"k": b"v"}, Ready.TRUE)


def test_it_may_say_whether_the_composite_is_ready():
    composite = ask(XTHING + 'metadata: {annotations: {jinja.fn.crosshead.io/ready: "False"}}').desired.composite

    assert composite.ready is Ready.FALSE
    assert composite.resource["status"] == {}


def test_connection_details_and_context_are_set():
    template = f"{META}kind: CompositeConnectionDetails\ndata: {{user: {{{{ 'me' | b64encode }}}}}}\n---\n"
    template += f"{META}kind: Context\ndata: {{env: {{b: 2}}}}"

    response = ask(template, context={"env": {"a": 1}, "c": 1})

    assert response.desired.composite.connection_details == {"user": b"me"}
    assert response.context == {"env": {"a": 1, "b": 2}, "c": 1}


def test_requirements_are_told():
    several = (
        "{a: {apiVersion: v1, kind: K, matchName: n, namespace: ns}, b: {apiVersion: v1, kind: K, matchLabels: {x: y}}}"
    )

    assert ask(f"{META}kind: RequiredResources\nrequirements: {several}").requirements == Requirements(
        resources={
            "a": Selector("v1", "K", match_name="n", namespace="ns"),
            "b": Selector("v1", "K", match_labels={"x": "y"}),
        }
    )


def test_conditions_are_told():
    told = '[{type: A, status: "True", reason: R, message: m}, {type: B, status: Unknown, reason: R}]'

    assert ask(f"{META}kind: Conditions\ntarget: CompositeAndClaim\nconditions: {told}").conditions == (
        Condition("A", Status.TRUE, "R", "m", Target.COMPOSITE_AND_CLAIM),
        Condition("B", Status.UNKNOWN, "R", None, Target.COMPOSITE_AND_CLAIM),
    )


@pytest.mark.parametrize(
    ("document", "complaint"),
    [
        ("a: 1", "it is no object with apiVersion and kind"),
        ("[a]", "it is no object with apiVersion and kind"),
        (
            "apiVersion: v1\nkind: K\nmetadata: {name: n}",
            "K 'n' has no annotation jinja.fn.crosshead.io/composition-resource-name",
        ),
        ("apiVersion: v1\nkind: K\nmetadata: x", "its metadata or annotations are no object"),
        ("apiVersion: v1\nkind: K\nmetadata: {annotations: [x]}", "its metadata or annotations are no object"),
        (
            "apiVersion: v1\nkind: K\n" + NAMED.replace("bucket", "1"),
            "the annotation jinja.fn.crosshead.io/composition-resource-name is no text: quote it",
        ),
        (
            "apiVersion: v1\nkind: K\n" + NAMED.replace("bucket", "bucket, jinja.fn.crosshead.io/ready: yes"),
            "the annotation jinja.fn.crosshead.io/ready is none of the texts True, False, Unspecified",
        ),
        (XTHING + "spec: {}", "a template may set the status of the composite, not its spec"),
        (
            META + "kind: Nope",
            "kind 'Nope' is none of CompositeConnectionDetails, Conditions, Context, RequiredResources",
        ),
        (META + "kind: Context", "data is no object"),
        (META + "kind: CompositeConnectionDetails\ndata: {a: '?'}", "data[a] is not base64"),
        (META + "kind: CompositeConnectionDetails\ndata: {a: 1}", "data[a] is no text"),
        (META + "kind: RequiredResources\nrequirements: {a: 1}", "requirements[a] is no object"),
        (
            META + "kind: RequiredResources\nrequirements: {a: {apiVersion: v1, kind: K}}",
            "requirements[a] needs either matchName or matchLabels",
        ),
        (
            META + "kind: RequiredResources\nrequirements: {a: {kind: K, matchName: n}}",
            "requirements[a].apiVersion is no text",
        ),
        (
            META + "kind: RequiredResources\nrequirements: {a: {apiVersion: v1, kind: K, matchLabels: [x]}}",
            "requirements[a].matchLabels is no object",
        ),
        (
            META + "kind: RequiredResources\nrequirements: {a: {apiVersion: v1, kind: K, matchLabels: {x: 1}}}",
            "requirements[a].matchLabels[x] is no text",
        ),
        (META + "kind: Conditions", "conditions is no array"),
        (META + "kind: Conditions\nconditions: [x]", "conditions[0] is no object"),
        (
            META + "kind: Conditions\ntarget: Claim\nconditions: []",
            "target is none of the texts Composite, CompositeAndClaim",
        ),
        (
            META + "kind: Conditions\nconditions: [{type: Ready, reason: R, status: Unknown}]",
            "conditions[0].type is 'Ready', which Crossplane sets itself",
        ),
        (
            META + "kind: Conditions\nconditions: [{type: A, reason: R, status: true}]",
            "conditions[0].status is none of the texts True, False, Unknown",
        ),
        (META + "kind: Conditions\nconditions: [{type: A, status: Unknown}]", "conditions[0].reason is no text"),
    ],
)
def test_a_document_that_means_nothing_is_refused(document, complaint):
    told = fatal(ask(f"# first\n---\n{document}"))

    assert told == f"cannot use what the template made: the document at line 3 of the output: {complaint}"


def test_two_resources_of_one_name_are_refused():
    one = f"apiVersion: v1\nkind: K\n{NAMED}"

    assert "there are two composed resources 'bucket'" in fatal(ask(f"{one}---\n{one}"))


@pytest.mark.parametrize(
    ("template", "complaint"),
    [
        ("\n{{ xr.spec.nope }}", "cannot render template line 2: 'dict object' has no attribute 'nope'"),
        ("a: [", "cannot use what the template made: line 1: expected the node content, but found '<stream end>'"),
        ("", "cannot get Function input: inline.template is empty"),
    ],
)
def test_a_template_that_fails_changes_nothing(template, complaint):
    asking = asked(template, desired={"earlier": thing()})

    assert fatal(jinja.run(asking)) == complaint
    assert jinja.run(asking).desired == respond(asking).desired


@pytest.mark.parametrize("told", [None, {"inline": None}, {"inline": {}}])
def test_an_input_without_template_is_refused(told):
    assert fatal(jinja.run(request(told))) == "cannot get Function input: inline.template is empty"


def test_an_input_that_does_not_fit_is_refused():
    assert "source 'File' is not Inline" in fatal(jinja.run(request({"source": "File"})))
    assert "into Go v1beta1.Inline" in fatal(jinja.run(request({"inline": "x"})))


def test_without_a_composite_no_document_is_its():
    assert "has no annotation" in fatal(ask(XTHING, xr=None))
