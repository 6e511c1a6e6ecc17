"""`crosshead xrd convert`: flags and file names as Crossplane's own command has them."""

import argparse
import io
import json

import pytest
import yaml

from crosshead.base.errors import StalledError
from crosshead.cli import xrd

LAKE = """\
apiVersion: apiextensions.crossplane.io/v1
kind: CompositeResourceDefinition
metadata: {name: xlakes.water.example.org}
spec:
  group: water.example.org
  names: {kind: XLake, plural: xlakes}
  claimNames: {kind: Lake, plural: lakes}
  versions:
  - name: v1
    served: true
    referenceable: true
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec:
            type: object
            properties:
              filled: {type: string, default: 2024-01-31}
              depth: {type: number, default: 1e3}
"""
POND = (
    LAKE.replace("  claimNames: {kind: Lake, plural: lakes}\n", "").replace("lakes", "ponds").replace("XLake", "XPond")
)


POND_V2 = POND.replace("crossplane.io/v1", "crossplane.io/v2")


def convert(*arguments):
    """Run the command as the command line does; return its exit status."""
    root = argparse.ArgumentParser()
    xrd.add_parser(root.add_subparsers())
    parsed = root.parse_args(["xrd", "convert", *map(str, arguments)])
    return parsed.handle(parsed)


@pytest.fixture
def file(tmp_path):
    def write(text, name="xrd.yaml"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def names(text):
    return [crd["metadata"]["name"] for crd in yaml.safe_load_all(text)]


def test_the_crds_of_composite_and_claim_are_printed(file, capsys):
    assert convert(file(LAKE)) == 0

    printed = capsys.readouterr().out
    assert printed.startswith("---\n")
    assert names(printed) == ["xlakes.water.example.org", "lakes.water.example.org"]


def test_without_claim_names_there_is_one_crd(file, capsys):
    assert convert(file(POND)) == 0

    assert names(capsys.readouterr().out) == ["xponds.water.example.org"]


@pytest.mark.parametrize(
    ("said", "scope"),
    [
        pytest.param("", "Namespaced", id="nothing"),
        pytest.param("  scope: Namespaced\n", "Namespaced", id="Namespaced"),
        pytest.param("  scope: Cluster\n", "Cluster", id="Cluster"),
    ],
)
def test_an_xrd_of_v2_makes_a_composite_with_its_machinery_apart(said, scope, file, capsys):
    assert convert(file(POND_V2.replace("spec:\n  group", f"spec:\n{said}  group"))) == 0

    captured = capsys.readouterr()
    crd = yaml.safe_load(captured.out)
    spec = crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"]["properties"]
    assert (crd["spec"]["scope"], sorted(spec), captured.err) == (scope, ["crossplane", "depth", "filled"], "")


def test_claims_of_an_xrd_of_v2_are_warned_of(file, capsys):
    assert convert(file(LAKE.replace("crossplane.io/v1", "crossplane.io/v2"))) == 0

    assert "spec.claimNames must not be given for the scope Namespaced" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [pytest.param([], id="no file"), pytest.param(["-"], id="a dash")])
def test_the_xrd_may_come_from_standard_input(arguments, monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", io.StringIO(LAKE))

    assert convert(*arguments) == 0

    assert len(names(capsys.readouterr().out)) == 2


def test_several_xrds_may_be_in_one_file(file, capsys):
    assert convert(file(f"---\n{LAKE}---\n---\n{POND}")) == 0

    assert len(names(capsys.readouterr().out)) == 3


@pytest.mark.parametrize("flag", ["-o", "--output", "--output-file"])
def test_one_file_may_receive_all(flag, file, tmp_path, capsys):
    assert convert(file(LAKE), flag, tmp_path / "crds.yaml") == 0

    assert len(names((tmp_path / "crds.yaml").read_text())) == 2
    assert capsys.readouterr().out == ""


def test_a_folder_receives_a_file_for_each_crd(file, tmp_path):
    assert convert(file(LAKE), "--output-dir", tmp_path / "crds") == 0

    assert sorted(path.name for path in (tmp_path / "crds").iterdir()) == [
        "lakes.water.example.org.yaml",
        "xlakes.water.example.org.yaml",
    ]


def test_a_folder_receives_a_file_for_each_json_schema(file, tmp_path):
    assert convert(file(LAKE), "--format=jsonschema", "--output-dir", tmp_path / "schemas") == 0

    assert sorted(path.name for path in (tmp_path / "schemas").iterdir()) == [
        "water.example.org_v1_lake.json",
        "water.example.org_v1_xlake.json",
    ]


def test_a_single_json_schema_is_printed(file, capsys):
    assert convert(file(POND), "--format", "jsonschema") == 0

    assert json.loads(capsys.readouterr().out)["$id"] == "water.example.org/v1/xpond.json"


def test_several_json_schemas_do_not_fit_into_one_output(file):
    with pytest.raises(StalledError, match=r"xrd\.yaml: it makes 2 JSON Schemas.*; use --output-dir"):
        convert(file(LAKE), "--format", "jsonschema")


def test_file_and_folder_exclude_each_other(file, tmp_path, capsys):
    with pytest.raises(SystemExit) as caught:
        convert(file(LAKE), "-o", tmp_path / "a", "--output-dir", tmp_path)

    assert caught.value.code == 2
    assert "not allowed with" in capsys.readouterr().err


def test_values_are_those_that_json_has(file, capsys):
    convert(file(LAKE))

    composite = next(yaml.safe_load_all(capsys.readouterr().out))
    spec = composite["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"]["properties"]
    assert spec["filled"]["default"] == "2024-01-31"
    assert spec["depth"]["default"] == 1000


def test_what_the_api_server_would_refuse_is_warned_of(file, capsys):
    assert convert(file(LAKE.replace("referenceable: true", "referenceable: false"))) == 0

    captured = capsys.readouterr()
    assert len(names(captured.out)) == 2
    assert "xrd.yaml, document 1: exactly one of spec.versions must be referenceable" in captured.err


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("", r"xrd\.yaml: there is nothing in it", id="nothing"),
        pytest.param("a: [", r"xrd\.yaml: it is no YAML: while parsing .* line 1", id="no YAML"),
        pytest.param("- 1", r"document 1: it must be an object, not list", id="no object"),
        pytest.param(f"{LAKE}---\nkind: Pod\n", r"document 2: kind must be 'Comp.*', not 'Pod'", id="another kind"),
        pytest.param(
            LAKE.replace("crossplane.io/v1", "crossplane.io/v3"),
            r"document 1: apiVersion must be 'apiextensions.*/v1' or 'apiextensions.*/v2', not '.*/v3'",
            id="another version",
        ),
        pytest.param(POND_V2.replace("served: true", "served: 5"), r"document 1: .*\.served: ", id="a flag in v2"),
        pytest.param(
            LAKE.replace("served: true", "served: maybe"), r"document 1: spec\.versions\[0\]\.served: ", id="a flag"
        ),
        pytest.param(
            LAKE.replace("type: number", "type: 5"),
            r"document 1: version 'v1': cannot parse schema: openAPIV3Schema\..*\.depth\.type must be a string",
            id="a schema",
        ),
        pytest.param(
            LAKE.replace("plural: lakes", "plural: xlakes"),
            r"document 1: .*spec\.claimNames\.plural 'xlakes' must differ from spec\.names\.plural",
            id="names that clash",
        ),
    ],
)
def test_bad_input_is_refused_by_file_document_and_field(text, words, file):
    with pytest.raises(StalledError, match=words):
        convert(file(text))


def test_text_in_another_encoding_is_refused(tmp_path):
    (tmp_path / "xrd.yaml").write_bytes(b"\xff\xfe")

    with pytest.raises(StalledError, match=r"xrd\.yaml: it must be UTF-8"):
        convert(tmp_path / "xrd.yaml")


def test_nulls_say_nothing(file, capsys):
    assert convert(file(LAKE.replace("plural: xlakes}", "plural: xlakes, shortNames: null, categories: }"))) == 0

    assert len(names(capsys.readouterr().out)) == 2


def test_fields_that_are_missing_are_no_error_but_a_warning(file, capsys):
    assert convert(file(LAKE.replace("    served: true\n", ""))) == 0

    assert "must be served" in capsys.readouterr().err
