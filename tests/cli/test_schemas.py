"""`crosshead render --composition-schemas`: a composition is held against schemas before it is rendered."""

import pytest

from crosshead.cli.main import main

MODE = "crossplane.io/composition-schema-aware-validation-mode"
XR = "{apiVersion: example.org/v1, kind: XThing, metadata: {name: x, uid: u}, spec: {size: 3}}"
XRD = """
apiVersion: apiextensions.crossplane.io/v1
kind: CompositeResourceDefinition
metadata: {name: xthings.example.org}
spec:
  group: example.org
  names: {kind: XThing, plural: xthings}
  versions:
    - name: v1
      served: true
      referenceable: true
      schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, properties: {size: {type: integer}}}}}}
"""
CRD = """
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: buckets.example.org}
spec:
  group: s3.example.org
  names: {kind: Bucket, plural: buckets}
  versions:
    - name: v1
      schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, properties: {size: {type: integer}}}}}}
"""
COMPOSITION = """
apiVersion: apiextensions.crossplane.io/v1
kind: Composition
metadata: {name: c, annotations: {MODE}}
spec:
  compositeTypeRef: {apiVersion: example.org/v1, kind: XThing}
  resources:
    - name: one
      base: {apiVersion: s3.example.org/v1, kind: Bucket}
      patches: [{type: FromCompositeFieldPath, fromFieldPath: spec.size, toFieldPath: spec.size}]
"""
MISSPELT = COMPOSITION.replace("toFieldPath: spec.size", "toFieldPath: spec.sise")
FAULT = (
    'spec.resources[0].patches[0].toFieldPath: Invalid value: "spec.sise": '
    "field 'sise' is not valid according to the schema"
)


@pytest.fixture
def render(capsys, tmp_path):
    def run(composition, mode, schemas):
        folder = tmp_path / "schemas"
        folder.mkdir()
        for number, text in enumerate(schemas):
            (folder / f"{number}.yaml").write_text(text)
        (tmp_path / "xr.yaml").write_text(XR)
        (tmp_path / "composition.yaml").write_text(composition.replace("{MODE}", f"{{{MODE}: {mode}}}"))
        files = [str(tmp_path / "xr.yaml"), str(tmp_path / "composition.yaml")]
        status = main(["render", *files, "--composition-schemas", str(folder)])
        said = capsys.readouterr()
        return status, said.out.count("---"), said.err

    return run


@pytest.mark.parametrize("mode", ["warn", "loose", "strict"])
def test_a_sound_composition_is_rendered(render, mode):
    assert render(COMPOSITION, mode, [XRD, CRD]) == (0, 2, "")


def test_a_path_that_no_schema_has_is_warned_of(render):
    status, documents, said = render(MISSPELT, "warn", [XRD, CRD])

    assert (status, documents) == (0, 2)
    assert f'composition.yaml: Composition "c" invalid for schema-aware validation: {FAULT}' in said


@pytest.mark.parametrize("mode", ["loose", "strict"])
def test_a_path_that_no_schema_has_is_refused_with_file_and_field(render, mode):
    status, documents, said = render(MISSPELT, mode, [XRD, CRD])

    assert (status, documents) == (1, 0)
    assert said.endswith(f"composition.yaml: {FAULT}\n")


def test_a_schema_that_is_missing_is_warned_of_unless_one_is_strict(render):
    status, _, said = render(MISSPELT, "loose", [XRD])

    assert status == 0
    assert 'CustomResourceDefinition.apiextensions.k8s.io "Bucket.s3.example.org" not found' in said


def test_a_schema_that_is_missing_is_refused_strictly(render):
    assert render(MISSPELT, "strict", [XRD])[0] == 1


def test_what_is_wrong_without_any_schema_comes_first(render):
    status, _, said = render(COMPOSITION.replace("fromFieldPath: spec.size, ", ""), "loose", [XRD, CRD])

    assert status == 1
    assert "spec.resources[0].patches[0].fromFieldPath: Required value" in said
