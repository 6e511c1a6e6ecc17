"""KCL programs see the request, say what is desired, and stay within bounds."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosshead.compose.protocol import (
    Condition,
    Ready,
    Request,
    Requirements,
    Resource,
    Result,
    Selector,
    Severity,
    State,
    Status,
    Target,
)
from crosshead.functions import kcl, kcl_meaning
from crosshead.functions.kcl_meaning import KclError

COMPOSITE = {"apiVersion": "example.org/v1", "kind": "XThing", "metadata": {"name": "mine"}, "spec": {"n": 3.0}}
NAMED = 'metadata.annotations = {"krm.kcl.dev/composition-resource-name" = "r"}'
META = 'apiVersion = "meta.krm.kcl.dev/v1alpha1"'


def asking(source, *, desired=None, spec=None, **fields):
    return Request(
        observed=State(
            composite=Resource(COMPOSITE),
            resources={"seen": Resource({"kind": "Seen"}, connection_details={"k": b"v"})},
        ),
        desired=desired or State(),
        input={"apiVersion": "krm.kcl.dev/v1alpha1", "kind": "KCLInput", "spec": {"source": source} | (spec or {})},
        **fields,
    )


def refusal(response):
    [result] = response.results
    assert result.severity is Severity.FATAL
    return result.message


def test_the_items_are_the_resources():
    source = f"""
_name = option("params").oxr.metadata.name
other = "is not looked at"
items = [{{kind = "Bucket", {NAMED}, spec.of = _name}}, None, {{kind = "Key", metadata.name = "key"}}]
"""

    resources = kcl.run(asking(source)).desired.resources

    assert resources == {
        "r": Resource({"kind": "Bucket", "metadata": {}, "spec": {"of": "mine"}}),
        "key": Resource({"kind": "Key", "metadata": {"name": "key"}}),
    }


def test_without_items_each_document_is_a_resource():
    source = 'import manifests\nmanifests.yaml_stream([{kind = k, metadata.name = k} for k in ["A", "B"]])'

    assert sorted(kcl.run(asking(source)).desired.resources) == ["A", "B"]


def test_a_program_sees_the_whole_request_with_integers():
    source = f"""
_p = option("params")
items = [{{kind = "A", {NAMED}, seen = [
    _p.oxr.spec.n, _p.ocds.seen.Resource.kind, _p.ocds.seen.ConnectionDetails.k, _p.dxr.status.a,
    _p.dcds.old.Resource.kind, _p.ctx.c, _p.extraResources.e[0].Resource.kind, _p.mine
]}}]
"""
    request = asking(
        source,
        spec={"params": {"mine": "own"}},
        desired=State(Resource({"status": {"a": 1.5}}), {"old": Resource({"kind": "Old"})}),
        context={"c": 7.0},
        extra_resources={"e": [Resource({"kind": "Extra"})]},
    )

    desired = kcl.run(request).desired.resources

    assert desired["r"].resource["seen"] == [3, "Seen", "dg==", 1.5, "Old", 7, "Extra", "own"]
    assert "old" in desired


def test_what_has_the_kind_of_the_composite_is_merged_into_it():
    source = 'items = [{**option("params").dxr, apiVersion = "example.org/v1", kind = "XThing", status.b = 2}]'
    before = State(Resource({"status": {"a": 1}}, {"k": b"v"}))

    composite = kcl.run(asking(source, desired=before)).desired.composite

    assert composite.resource["status"] == {"a": 1, "b": 2}
    assert composite.connection_details == {"k": b"v"}


@pytest.mark.parametrize(
    ("told", "ready"),
    [("True", Ready.TRUE), ("False", Ready.FALSE), ("Unspecified", Ready.UNSPECIFIED)],
)
def test_an_annotation_says_whether_it_is_ready(told, ready):
    source = f'items = [{{kind = "A", metadata = {{name = "r", annotations = {{"krm.kcl.dev/ready" = "{told}"}}}}}}]'

    assert kcl.run(asking(source)).desired.resources["r"] == Resource(
        {"kind": "A", "metadata": {"name": "r"}}, ready=ready
    )


@pytest.mark.parametrize(
    ("spec", "resource"),
    [
        pytest.param(
            {"target": "PatchDesired"}, {"kind": "Old", "metadata": {}, "spec": {"a": 1, "b": 2}}, id="desired"
        ),
        pytest.param(
            {"target": "PatchResources", "resources": [{"name": "r", "base": {"kind": "New", "spec": {"c": 3}}}]},
            {"kind": "New", "metadata": {}, "spec": {"c": 3, "b": 2}},
            id="given",
        ),
    ],
)
def test_a_target_patches(spec, resource):
    before = State(resources={"r": Resource({"kind": "Old", "spec": {"a": 1}}, ready=Ready.TRUE)})

    patched = kcl.run(asking(f"items = [{{{NAMED}, spec.b = 2}}]", spec=spec, desired=before)).desired.resources["r"]

    assert patched.resource == resource


def test_everything_else_that_a_program_may_say():
    source = f"""
items = [
    {{{META}, kind = "CompositeConnectionDetails", data.k = "dg=="}}
    {{{META}, kind = "Context", data = {{a.b = 1}}}}
    {{{META}, kind = "Conditions", conditions = [
        {{target = "CompositeAndClaim", condition = {{type = "T", status = "True", reason = "R", message = "m"}}}}
    ]}}
    {{{META}, kind = "Events", events = [{{event = {{type = "Warning", reason = "R", message = "m"}}}}]}}
    {{{META}, kind = "ExtraResources", requirements = {{
        n = {{apiVersion = "v1", kind = "K", matchName = "x", namespace = "ns"}}
        l = {{apiVersion = "v1", kind = "K", matchLabels.a = "b"}}
    }}}}
]
"""
    wanted = {
        "n": Selector("v1", "K", match_name="x", namespace="ns"),
        "l": Selector("v1", "K", match_labels={"a": "b"}),
    }

    response = kcl.run(asking(source, context={"a": {"c": 2}}))

    assert response.desired.composite.connection_details == {"k": b"v"}
    assert response.context == {"a": {"b": 1, "c": 2}}
    assert response.conditions == (Condition("T", Status.TRUE, "R", "m", Target.COMPOSITE_AND_CLAIM),)
    assert response.results == (Result(Severity.WARNING, "m", "R", Target.COMPOSITE),)
    assert response.requirements == Requirements(wanted, wanted)


@pytest.mark.parametrize(
    ("source", "spec", "words"),
    [
        pytest.param("", {}, "kcl source cannot be empty", id="no program"),
        pytest.param("oci://example.org/package", {}, "packages cannot be fetched", id="a package"),
        pytest.param("x = 1", {"dependencies": "k8s = '1.31'"}, "packages cannot be fetched", id="dependencies"),
        pytest.param("x = 1", {"target": "Nope"}, "'Nope' is not one of Default, ", id="an unknown target"),
        pytest.param("x = ", {}, "failed to run kcl function: ", id="bad syntax"),
        pytest.param("x = 1/0", {}, "division or modulo by zero", id="a failure"),
        pytest.param('assert False, "boom"', {}, "boom", id="an assertion"),
        pytest.param("items = [1]", {}, "makes 1 where an object must be", id="no object"),
        pytest.param('items = [{kind = "A"}]', {}, "'A' needs the annotation krm.kcl.dev/", id="no name"),
        pytest.param(f'items = [{{{META}, kind = "Nope"}}]', {}, "invalid kind 'Nope'", id="an unknown kind"),
        pytest.param(
            f'items = [{{{META}, kind = "CompositeConnectionDetails", data.k = "!"}}]',
            {},
            "must hold base64",
            id="base64",
        ),
        pytest.param(f"items = [{{{NAMED}}}]", {"target": "PatchDesired"}, "there is none of that name", id="desired"),
        pytest.param(f"items = [{{{NAMED}}}]", {"target": "PatchResources"}, "has none of that name", id="given"),
        pytest.param(
            'items = [{kind = "A", metadata.annotations = {"krm.kcl.dev/ready" = "yes"}, metadata.name = "r"}]',
            {},
            "annotation value 'yes'",
            id="readiness",
        ),
    ],
)
def test_what_cannot_be_taken_is_refused_with_the_reason(source, spec, words):
    before = State(resources={"old": Resource({"kind": "Old"})})

    response = kcl.run(asking(source, spec=spec, desired=before))

    assert words in refusal(response)
    assert response.desired == before


def test_a_request_without_input_is_refused():
    assert "spec: Required value" in refusal(kcl.run(Request()))


@pytest.mark.parametrize(
    ("source", "words"),
    [
        pytest.param('import file\nx = file.read("/etc/hostname")', "import of file: only", id="files"),
        pytest.param('import file as f\nx = f.exists("/etc")', "import of file: only", id="files by another name"),
        pytest.param("if True:\n    import file\nx = 1", "import of file: only", id="files within a block"),
        pytest.param("import .secret", "import of .secret: only", id="a program beside it"),
        pytest.param("import kcl_plugin.hello", "import of kcl_plugin.hello: only", id="Python"),
        pytest.param("x = [a * b for a in range(20000) for b in range(9000)]", "longer than 2 s", id="a long loop"),
        pytest.param(
            "f = lambda x: int -> int { f(x + 1) }\ny = f(1)",
            "nested too deeply|longer than 2 s",
            id="an endless recursion",
        ),
        pytest.param('y = "a" * 4000000000', "more memory than it may have", id="a huge text"),
    ],
)
def test_a_program_stays_within_bounds_and_hurts_nobody(monkeypatch, source, words):
    monkeypatch.setattr(kcl, "_SECONDS", 2.0)
    started = time.monotonic()

    message = refusal(kcl.run(asking(source)))

    assert re.search(words, message)
    assert time.monotonic() - started < 8
    assert not kcl.run(asking("items = []")).results


FIELDS = st.sampled_from(
    [
        *(
            "apiVersion",
            "kind",
            "metadata",
            "annotations",
            "name",
            "data",
            "conditions",
            "condition",
            "events",
            "event",
        ),
        *(
            "requirements",
            "items",
            "target",
            "type",
            "status",
            "matchLabels",
            "matchName",
            "resources",
            "base",
            "params",
        ),
        *(kcl_meaning.NAME, kcl_meaning.READY),
    ]
)
WORDS = st.sampled_from(["r", "True", "PatchDesired", "PatchResources", "Context", "example.org/v1", "XThing"])
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | WORDS,
    lambda each: st.lists(each, max_size=2) | st.dictionaries(FIELDS, each, max_size=4),
    max_leaves=12,
)
FIELD_OF = {
    "CompositeConnectionDetails": "data",
    "Conditions": "conditions",
    "Context": "data",
    "Events": "events",
    "ExtraResources": "requirements",
}
MADE = st.one_of(
    ANYTHING,
    st.fixed_dictionaries({"kind": WORDS, "metadata": st.fixed_dictionaries({"name": WORDS, "annotations": ANYTHING})}),
    *(
        st.fixed_dictionaries({"apiVersion": st.sampled_from(kcl_meaning.META), "kind": st.just(kind), name: ANYTHING})
        for kind, name in FIELD_OF.items()
    ),
)


@given(st.dictionaries(FIELDS, ANYTHING, max_size=3), st.lists(MADE, max_size=3))
def test_whatever_a_program_makes_is_taken_or_refused(spec, made):
    request = asking("", desired=State(resources={"r": Resource({"kind": "Old"})}), spec=spec)

    try:
        kcl_meaning.check(spec, kcl_meaning.SPEC, "spec")
        told = kcl_meaning.response(request, spec, made)
    except KclError as error:
        told = str(error)

    assert told


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ({"params": [1]}, 'spec.params: Invalid value: "[]interface {}": must be an object'),
        ({"resources": [{"name": 1}]}, 'spec.resources[0].name: Invalid value: "int64": must be a string'),
    ],
)
def test_an_input_of_another_shape_is_refused_with_its_path(spec, words):
    assert refusal(kcl.run(asking("items = []", spec=spec))) == f"invalid function input: {words}"
