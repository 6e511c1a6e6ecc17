"""`crosshead render`: what people give it, and what it prints."""

import pytest
import yaml

from crosshead.cli.main import main
from tests.journeys.stage import ROOT

XR = "{apiVersion: example.org/v1, kind: XThing, metadata: {name: x, uid: u}, spec: {size: 3}}"
CLAIM = "{apiVersion: example.org/v1, kind: Thing, metadata: {name: mine, namespace: team}, spec: {size: 3}}"
NATIVE = """
apiVersion: apiextensions.crossplane.io/v1
kind: Composition
metadata: {name: c}
spec:
  compositeTypeRef: {apiVersion: example.org/v1, kind: XThing}
  resources:
    - name: one
      base: {apiVersion: v1, kind: ConfigMap}
      patches: [{type: FromCompositeFieldPath, fromFieldPath: spec.size, toFieldPath: data.size}]
    - name: broken
      base: {apiVersion: v1, kind: ConfigMap}
      patches:
        - {type: FromCompositeFieldPath, fromFieldPath: spec.no, toFieldPath: data.x, policy: {fromFieldPath: Required}}
"""
PIPELINE = """
apiVersion: apiextensions.crossplane.io/v1
kind: Composition
metadata: {name: c}
spec:
  compositeTypeRef: {apiVersion: example.org/v1, kind: XThing}
  mode: Pipeline
  pipeline:
    - step: patches
      functionRef: {name: function-patch-and-transform}
      input:
        apiVersion: pt.fn.crossplane.io/v1beta1
        kind: Resources
        resources:
          - name: one
            base: {apiVersion: v1, kind: ConfigMap}
            patches: [{type: FromCompositeFieldPath, fromFieldPath: spec.size, toFieldPath: data.size}]
"""
XRD = """
apiVersion: apiextensions.crossplane.io/v1
kind: CompositeResourceDefinition
metadata: {name: xthings.example.org}
spec:
  group: example.org
  names: {kind: XThing, plural: xthings}
  claimNames: {kind: Thing, plural: things}
  versions:
    - name: v1
      schema:
        openAPIV3Schema:
          properties:
            spec:
              properties:
                colour: {type: string, default: red}
                list: {type: array, items: {properties: {a: {default: 1}}}}
"""


@pytest.fixture
def files(tmp_path):
    def write(**texts):
        for name, text in texts.items():
            (tmp_path / f"{name}.yaml").write_text(text)
        return [str(tmp_path / f"{name}.yaml") for name in texts]

    return write


def rendered(capsys, *words):
    assert main(["render", *words]) == 0
    return list(yaml.safe_load_all(capsys.readouterr().out))


def refused(capsys, *words):
    assert main(["render", *words]) == 1
    return capsys.readouterr().err


@pytest.mark.parametrize("composition", [NATIVE, PIPELINE], ids=["Resources mode", "Pipeline mode"])
def test_a_composite_is_rendered_in_either_mode(capsys, files, composition):
    documents = rendered(capsys, *files(xr=XR, composition=composition))

    assert documents[0]["kind"] == "XThing"
    one = documents[1]
    assert (one["data"], one["metadata"]["generateName"], "name" in one["metadata"]) == ({"size": 3}, "x-", False)


def test_what_is_observed_keeps_its_name(capsys, files):
    xr, composition, observed = files(
        xr=XR,
        composition=NATIVE,
        observed="{apiVersion: v1, kind: ConfigMap, metadata: {name: was,"
        " annotations: {crossplane.io/composition-resource-name: one}}}",
    )

    documents = rendered(capsys, xr, composition, "-o", observed)

    assert documents[1]["metadata"]["name"] == "was"


def test_all_is_shown_on_demand(capsys, files):
    xr, composition = files(xr=XR, composition=NATIVE)

    composite, _, result = rendered(capsys, xr, composition, "-x", "-r")

    assert composite["spec"] == {"size": 3}
    assert "spec.no" in result["message"]


def test_the_context_can_be_given_and_shown(capsys, files, tmp_path):
    (tmp_path / "context.json").write_text('{"a": 1}')
    xr, composition = files(xr=XR, composition=PIPELINE)

    *_, context = rendered(
        capsys, xr, composition, "-c", "--context-values", "k=[1]", "--context-files", f"f={tmp_path / 'context.json'}"
    )

    assert (context["fields"]["k"], context["fields"]["f"]) == ([1], {"a": 1})


def test_a_claim_becomes_its_composite_with_the_defaults_of_the_xrd(capsys, files):
    claim, composition, xrd = files(claim=CLAIM.replace("size: 3", "size: 3, list: [{}]"), composition=NATIVE, xrd=XRD)

    composite, one = rendered(capsys, claim, composition, "--xrd", xrd, "-x")

    assert composite["spec"]["colour"] == "red"
    assert composite["spec"]["list"] == [{"a": 1}]
    assert composite["spec"]["claimRef"]["namespace"] == "team"
    assert one["metadata"]["labels"]["crossplane.io/claim-name"] == "mine"


def test_a_claim_is_recognised_by_the_usual_names_too(capsys, files):
    assert rendered(capsys, *files(claim=CLAIM, composition=PIPELINE))[0]["kind"] == "XThing"


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        pytest.param({"xr": "a: [", "composition": NATIVE}, ["xr.yaml, line "], id="no YAML"),
        pytest.param(
            {"xr": "[1]", "composition": NATIVE}, ["xr.yaml, document 1", "should be an object"], id="no object"
        ),
        pytest.param({"xr": "kind: X", "composition": NATIVE}, ["apiVersion: Required value"], id="no apiVersion"),
        pytest.param({"xr": f"{XR}\n---\n{XR}", "composition": NATIVE}, ["should hold one", "not 2"], id="two objects"),
        pytest.param({"xr": XR, "composition": XR}, ["kind: 'XThing' should be Composition"], id="no composition"),
        pytest.param(
            {"xr": XR.replace("XThing", "Y"), "composition": NATIVE},
            ["spec.compositeTypeRef.kind: 'XThing' does not match kind 'Y'"],
            id="another kind",
        ),
        pytest.param(
            {"xr": XR, "composition": NATIVE.replace("ConfigMap}", "ConfigMap}", 1).replace("one", "broken")},
            ["spec.resources[1].name: Duplicate value"],
            id="a malformed composition",
        ),
    ],
)
def test_what_is_wrong_is_said_with_file_and_field(capsys, files, texts, words):
    said = refused(capsys, *files(**texts))

    assert [word for word in words if word not in said] == []


def test_a_file_that_is_not_there_is_named(capsys, files):
    (xr,) = files(xr=XR)

    assert "nowhere.yaml: No such file" in refused(capsys, xr, "nowhere.yaml")


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["--context-values", "k"], "'k' should be written KEY=VALUE"),
        (["--context-values", "k={"], "this is no JSON"),
        (["--context-files", "k=nowhere.json"], "cannot read nowhere.json"),
    ],
)
def test_a_bad_context_is_refused(capsys, files, words, text):
    assert text in refused(capsys, *files(xr=XR, composition=PIPELINE), *words)


def test_a_folder_of_functions_is_read_and_a_missing_function_named(capsys, files, tmp_path):
    xr, composition = files(xr=XR, composition=PIPELINE)
    folder = tmp_path / "functions"
    folder.mkdir()
    function = "{apiVersion: pkg.crossplane.io/v1, kind: Function, metadata: {name: other}, spec: {package: other}}"
    (folder / "f.yaml").write_text(function)

    assert "function-patch-and-transform" in refused(capsys, xr, composition, str(folder))


def test_a_version_that_the_xrd_does_not_have_is_named(capsys, files):
    xr, composition, xrd = files(xr=XR, composition=NATIVE, xrd=XRD.replace("name: v1", "name: v9"))

    assert "the XRD has no version 'v1'" in refused(capsys, xr, composition, "--xrd", xrd)


def test_the_golden_path_renders_from_its_own_examples(capsys):
    folder = ROOT / "compositions" / "postgres"
    claim = str(ROOT / "examples" / "checkout-dev" / "postgres.yaml")

    documents = rendered(capsys, claim, str(folder / "composition.yaml"), "--xrd", str(folder / "definition.yaml"))

    assert [d["kind"] for d in documents] == ["XPostgresDatabase", "SubnetGroup", "SecurityGroup", "Instance"]
