"""What people choose about functions, and that every word of the command line listens."""

import argparse
import base64
from pathlib import Path

import pytest
import yaml

from crosshead.base.objects import Ref
from crosshead.cli import calling, choices, main, settings
from crosshead.functions import serving
from crosshead.functions.certificates import CertificateAuthority
from crosshead.functions.credentials import AUTHORITY, CERTIFICATE, KEY, Tls
from crosshead.functions.registry import WELL_KNOWN, BuiltIns
from crosshead.reconcilers.connections import SECRET
from crosshead.reconcilers.function_certificates import CLIENT

XR = "{apiVersion: example.org/v1, kind: XThing, metadata: {name: x, uid: u}, spec: {size: 3}}"
COMPOSITION = """
apiVersion: apiextensions.crossplane.io/v1
kind: Composition
metadata: {name: c}
spec:
  compositeTypeRef: {apiVersion: example.org/v1, kind: XThing}
  mode: Pipeline
  pipeline: [{step: only, functionRef: {name: FUNCTION}, input: INPUT}]
"""
DUMMY = "{apiVersion: dummy.fn.crossplane.io/v1beta1, kind: Response, response: {desired: {resources: {}}}}"
FILES = (
    "{apiVersion: gotemplating.fn.crossplane.io/v1beta1, kind: GoTemplate, source: FileSystem, "
    "fileSystem: {dirPath: t}}"
)
TEMPLATE = (
    "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  annotations:\n"
    "    gotemplating.fn.crossplane.io/composition-resource-name: r\n"
    "data: {of: {{ .observed.composite.resource.kind }}}\n"
)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        pytest.param("", set(), id="none"),
        pytest.param("all", set(WELL_KNOWN), id="all"),
        pytest.param(
            "kcl, function-auto-ready,", {"function-kcl", "function-auto-ready"}, id="by name, in full or short"
        ),
    ],
)
def test_built_ins_are_named_to_be_shut_out(text, names):
    assert choices.shut_out(text) == names


def test_a_built_in_that_does_not_exist_cannot_be_shut_out():
    with pytest.raises(argparse.ArgumentTypeError, match="no built-in function 'nope': all, or some of function-auto"):
        choices.shut_out("kcl,nope")


def test_a_folder_must_exist_if_one_is_named(tmp_path):
    assert choices.folder("") is None
    assert choices.folder(str(tmp_path)) == tmp_path
    with pytest.raises(argparse.ArgumentTypeError, match="nowhere' is no folder"):
        choices.folder(str(tmp_path / "nowhere"))


def parsed(*words, **environ):
    parser = argparse.ArgumentParser(exit_on_error=False)
    settings.add_arguments(parser, environ)
    return parser.parse_args(words)


def test_the_operator_takes_them_from_flags_or_the_environment(tmp_path):
    chosen = parsed(
        "--packages-namespace=functions", CROSSHEAD_WITHOUT_BUILT_INS="kcl", TLS_CLIENT_CERTS_DIR=str(tmp_path)
    )

    assert chosen.packages_namespace == "functions"
    assert chosen.without_built_ins == {"function-kcl"}
    assert chosen.tls_client_certs_dir == tmp_path


def test_the_operator_has_defaults_for_them():
    chosen = parsed()

    assert (chosen.packages_namespace, chosen.lease_namespace) == ("crossplane-system", "crossplane-system")
    assert (chosen.without_built_ins, chosen.tls_client_certs_dir) == (frozenset(), None)


class SecretReader:
    """An API server that has one Secret, of another namespace than the Lease's."""

    def __init__(self, data):
        encoded = {key: base64.b64encode(value).decode() for key, value in data.items()}
        self.secrets = {Ref(SECRET, CLIENT, "functions"): {"data": encoded}}

    def fetch(self, ref):
        return self.secrets.get(ref)


MATERIAL = {CERTIFICATE: b"certificate", KEY: b"key", AUTHORITY: b"authority"}


def written(material, directory):
    directory.mkdir()
    for name, value in material.items():
        (directory / name).write_bytes(value)
    return directory


def test_the_operator_shows_functions_the_certificate_of_the_folder(tmp_path):
    other = dict.fromkeys(MATERIAL, b"other")
    folder = written(MATERIAL, tmp_path / "tls")

    found = calling.client_credentials(folder, "functions", SecretReader(other))()

    assert found == Tls(b"certificate", b"key", b"authority")


def test_the_operator_shows_functions_the_certificate_of_the_packages_namespace():
    assert calling.client_credentials(None, "functions", SecretReader(MATERIAL))() == Tls(*MATERIAL.values())
    assert calling.client_credentials(None, "elsewhere", SecretReader(MATERIAL))() is None


@pytest.fixture
def render(capsys, tmp_path):
    """Render a composition of one step; return the exit status, the documents and the complaint."""

    def run(function, told, *words, functions=None):
        texts = {"xr": XR, "composition": COMPOSITION.replace("FUNCTION", function).replace("INPUT", told)}
        texts |= {"functions": functions} if functions else {}
        for name, text in texts.items():
            (tmp_path / f"{name}.yaml").write_text(text)
        status = main.main(["render", *(str(tmp_path / f"{name}.yaml") for name in texts), *map(str, words)])
        said = capsys.readouterr()
        return status, list(yaml.safe_load_all(said.out)), said.err

    return run


@pytest.mark.parametrize("names", ["all", "dummy"])
def test_render_runs_no_built_in_that_is_shut_out(render, names):
    assert render("function-dummy", DUMMY)[0] == 0

    status, _, complaint = render("function-dummy", DUMMY, "--without-built-ins", names)

    assert status == 1
    assert 'cannot get gRPC client connection for Function "function-dummy"' in complaint


def test_render_reads_templates_from_the_folder_that_it_is_given(render, tmp_path):
    (tmp_path / "root" / "t").mkdir(parents=True)
    (tmp_path / "root" / "t" / "a.yaml").write_text(TEMPLATE)

    status, documents, _ = render("function-go-templating", FILES, "--templates-dir", tmp_path / "root")

    assert status == 0
    assert documents[1]["data"] == {"of": "XThing"}


def test_without_a_folder_render_says_how_to_name_one(render):
    status, _, complaint = render("function-go-templating", FILES)

    assert status == 1
    assert "crosshead render --templates-dir" in complaint


@pytest.fixture(scope="module")
def authority():
    made = CertificateAuthority()
    root = made.root()
    return {
        "server": made.issue(root, ["127.0.0.1"], client=False),
        "client": made.issue(root, ["crosshead"], client=True),
    }


def revealed(certificate):
    return {name: value.reveal() for name, value in certificate.items()}


def test_render_calls_a_function_over_mutual_tls(render, authority, tmp_path):
    """As the operator calls those of a cluster: the endpoint is that of a FunctionRevision."""
    server = revealed(authority["server"])
    running = serving.serve(
        BuiltIns().get("function-dummy"), "127.0.0.1:0", Tls(server[CERTIFICATE], server[KEY], server[AUTHORITY])
    )
    functions = (
        "{apiVersion: pkg.crossplane.io/v1, kind: FunctionRevision, metadata: {name: fn-1, "
        "labels: {pkg.crossplane.io/package: fn}}, spec: {desiredState: Active}, "
        f"status: {{endpoint: 'dns:///127.0.0.1:{running.port}'}}}}"
    )
    folder = written(revealed(authority["client"]), tmp_path / "client")

    assert render("fn", DUMMY, "--tls-client-certs-dir", folder, functions=functions)[0] == 0
    assert render("fn", DUMMY, functions=functions)[0] == 1
    running.stop(0)


@pytest.mark.parametrize(
    ("words", "flags"),
    [
        pytest.param(
            ["run"],
            ["--packages-namespace", "--tls-client-certs-dir", "--without-built-ins", "TLS_CLIENT_CERTS_DIR"],
            id="run",
        ),
        pytest.param(["render"], ["--templates-dir", "--tls-client-certs-dir", "--without-built-ins"], id="render"),
        pytest.param(["function", "serve"], ["--templates-dir", "--tls-certs-dir"], id="function serve"),
    ],
)
def test_the_help_names_them_and_so_does_the_reference(capsys, words, flags):
    with pytest.raises(SystemExit):
        main.main([*words, "--help"])

    told = capsys.readouterr().out
    reference = (Path(__file__).parents[2] / "docs" / "reference" / "operator.md").read_text()
    assert [flag for flag in flags if flag not in told or flag not in reference] == []
