"""
What function-go-templating does around its templates, and what keeps templates within bounds.

That it renders as the real one does is in tests/conformance/test_micro_gotemplating.py.
"""

import hashlib
import os
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosshead.base.errors import StalledError
from crosshead.compose.protocol import Ready, Request, Resource, Selector, Severity, State
from crosshead.functions import go_core, go_templating

NAME = "gotemplating.fn.crossplane.io/composition-resource-name"
META = "apiVersion: meta.gotemplating.fn.crossplane.io/v1alpha1\n"
COMPOSITE = {"apiVersion": "example.org/v1", "kind": "XThing", "metadata": {"name": "mine"}}


def asking(template, **fields):
    request = {"observed": State(composite=Resource(COMPOSITE))} | fields
    return Request(input={"source": "Inline", "inline": {"template": template}}, **request)


def config_map(data, name="r"):
    return f'kind: ConfigMap\nmetadata:\n  annotations: {{{NAME}: "{name}"}}\ndata: {data}\n'


def rendered(expression, **fields):
    """Return what the template *expression* comes to, as text."""
    template = '{{ define "it" }}' + expression + "{{ end }}" + config_map('{{ include "it" . | toJson }}')
    response = go_templating.run(asking(template, **fields))
    assert not response.results
    return response.desired.resources["r"].resource["data"]


def refusal(response):
    [result] = response.results
    assert result.severity is Severity.FATAL
    return result.message


def test_the_core_is_the_one_that_its_checksum_names():
    told = (go_core.CORE.parent / "gotemplate.sha256").read_text().strip()

    assert hashlib.sha256(go_core.CORE.read_bytes()).hexdigest() == told


def test_a_core_that_was_not_built_is_told(monkeypatch, tmp_path):
    monkeypatch.setattr(go_core, "CORE", tmp_path / "gotemplate.wasm")
    monkeypatch.setattr(go_core, "_started", go_core._started.__wrapped__)

    assert "is not built" in refusal(go_templating.run(asking("kind: A")))
    with pytest.raises(StalledError, match="make setup"):
        go_core.prepare()


def test_templates_come_between_what_was_desired_and_what_comes_after():
    before = State(
        composite=Resource({"status": {"kept": 1}}, {"k": b"old"}, Ready.FALSE),
        resources={"other": Resource({"kind": "Other"}, ready=Ready.TRUE), "r": Resource({"kind": "Old"})},
    )

    after = go_templating.run(asking(config_map("{a: 1}"), desired=before)).desired

    assert after.resources["other"] == before.resources["other"]
    assert after.resources["r"].resource["kind"] == "ConfigMap"
    assert after.composite == Resource({"status": {"kept": 1}}, {"k": b"old"})


def test_a_failure_leaves_what_was_desired_and_says_only_why():
    before = State(resources={"old": Resource({"kind": "Old"}, {"k": b"v"})})
    template = config_map("{a: 1}") + "---\n" + META + "kind: Nope\n"

    response = go_templating.run(asking(template, desired=before, context={"c": 1}))

    assert response.desired == before
    assert response.context == {"c": 1}
    assert 'invalid kind "Nope"' in refusal(response)


def test_what_was_asked_for_before_a_failure_is_not_asked_for():
    wanted = META + "kind: ExtraResources\nrequirements: {a: {apiVersion: v1, kind: K, matchName: x}}\n"

    assert go_templating.run(asking(wanted + "---\nkind: Nameless\n")).requirements is None
    assert go_templating.run(asking(wanted)).requirements.resources == {"a": Selector("v1", "K", match_name="x")}


@pytest.mark.parametrize(
    ("number", "text"),
    [
        pytest.param(3.0, "3 int64", id="a double without a fraction is an integer"),
        pytest.param(2**53 + 1, "9007199254740992 int64", id="an integer has been a double"),
        pytest.param(1e20, "1e+20 float64", id="too big for 64 bits"),
        pytest.param(1e21, "1e+21 float64", id="with an exponent"),
        pytest.param(0.5, "0.5 float64", id="a fraction"),
        pytest.param(-(2**62), "-4611686018427388000 int64", id="a negative one"),
        pytest.param(-(2**63), "-9.223372036854776e+18 float64", id="its shortest digits are too big"),
        pytest.param(1234567890123456789, "1234567890123456800 int64", id="the shortest digits, not all"),
    ],
)
def test_numbers_are_those_that_the_function_sees(number, text):
    assert rendered("{{ .context.n }} {{ kindOf .context.n }}", context={"n": number}) == text


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        pytest.param("{{ .context.f | int64 }}", "-9223372036854775808", id="too big for an int64"),
        pytest.param("{{ .context.f | int }}", "-9223372036854775808", id="too big for an int"),
        pytest.param("{{ int 2.9 }} {{ int64 -2.9 }}", "2 -2", id="as ever"),
        pytest.param("{{ chunk 2 (list 1 2 3) }}", "[[1 2] [3]]", id="chunks"),
    ],
)
def test_floats_become_integers_as_on_the_functions_machine(expression, text):
    assert rendered(expression, context={"f": 1e300}) == text


def test_helpers_find_what_the_request_holds():
    found = rendered(
        '{{ (getComposedResource . "thing").kind }} {{ getCompositeResource . | dig "metadata" "name" "" }}'
        '{{ range getExtraResources . "e" }} {{ .resource.kind }}{{ end }}'
        ' {{ (getCredentialData . "c").user | toString }}',
        observed=State(composite=Resource(COMPOSITE), resources={"thing": Resource({"kind": "Thing"})}),
        required_resources={"e": [Resource({"kind": "Extra"})]},
        credentials={"c": {"user": b"adm"}},
    )

    assert found == "Thing mine Extra adm"


@pytest.mark.parametrize(
    ("document", "words"),
    [
        pytest.param("kind: A\nmetadata: text\n", "text is of the type string", id="metadata that are none"),
        pytest.param(
            "---\n--- # c\nkind: A\n\tb: 1\n", "line 4 (document 2, line 2) near: 'b: 1': found", id="a later one"
        ),
        pytest.param('b: "x\n', "JSON: yaml: line 2: found unexpected end", id="a line beyond the end"),
        pytest.param(META + "kind: Context\n", "data: no such field", id="a context without data"),
    ],
)
def test_a_document_that_cannot_be_taken_is_told(document, words):
    assert words in refusal(go_templating.run(asking(document)))


@pytest.mark.parametrize(
    ("told", "message"),
    [
        pytest.param(None, "invalid function input: invalid source: ", id="no input"),
        pytest.param({"source": "Inline", "inline": {"templates": []}}, "should be provided", id="no templates"),
        pytest.param(
            {"source": "FileSystem", "fileSystem": {"dirPath": "templates"}},
            "install the Function with a runtime of its own",
            id="a folder of the function's image",
        ),
        pytest.param(
            {"source": "Environment", "environment": {"key": "n"}}, "no text under the key 'n'", id="a number"
        ),
        pytest.param({"source": "Environment", "environment": {"key": "x"}}, "no text under the key 'x'", id="nothing"),
        pytest.param({"source": 1}, "cannot get Function input from *v1.RunFunctionRequest", id="of another type"),
    ],
)
def test_an_input_that_names_no_templates_is_refused(told, message):
    context = {go_templating.ENVIRONMENT: {"n": 1}}

    assert message in refusal(go_templating.run(Request(input=told, context=context)))


@pytest.mark.parametrize("path", ["../outside", "templates/../../outside", "/../outside", "outside.yaml"])
def test_a_folder_is_read_below_the_root_only(tmp_path, path):
    root = tmp_path / "root"
    (root / "templates").mkdir(parents=True)
    (root / "outside.yaml").touch()
    (tmp_path / "outside").mkdir()

    told = {"source": "FileSystem", "fileSystem": {"dirPath": path}}

    assert "file does not exist" in refusal(go_templating.run(Request(input=told), root))


def from_files(root, path="templates"):
    return go_templating.run(Request(input={"source": "FileSystem", "fileSystem": {"dirPath": path}}), root)


def test_a_link_leads_nowhere(tmp_path):
    """Neither to a folder or a file outside, nor in circles; a link within is no way around what is hidden."""
    root, outside = tmp_path / "root", tmp_path / "outside"
    (root / "templates").mkdir(parents=True)
    outside.mkdir()
    (outside / "secret").write_text(config_map("{a: secret}", "secret"))
    (root / "templates" / ".hidden").write_text(config_map("{a: 1}", "hidden"))
    (root / "templates" / "good").write_text(config_map("{a: 1}"))
    (root / "templates" / "folder").symlink_to(outside)
    (root / "templates" / "file").symlink_to(outside / "secret")
    (root / "templates" / "shown").symlink_to(root / "templates" / ".hidden")
    (root / "templates" / "circle").symlink_to(root / "templates")
    (root / "away").symlink_to(outside)
    (root / "round").symlink_to(root / "round")

    assert list(from_files(root).desired.resources) == ["r"]
    assert "file does not exist" in refusal(from_files(root, "away"))
    assert "cannot be read" in refusal(from_files(root, "round"))


def test_what_is_no_file_or_no_text_hurts_nobody(tmp_path):
    (tmp_path / "templates").mkdir()
    os.mkfifo(tmp_path / "templates" / "pipe")
    (tmp_path / "templates" / "bytes").write_bytes(config_map('{a: "BYTES"}').encode().replace(b"BYTES", b"\xff"))

    assert from_files(tmp_path).desired.resources["r"].resource["data"] == {"a": "\ufffd"}


def test_a_root_may_itself_be_behind_a_link(tmp_path):
    (tmp_path / "real" / "templates").mkdir(parents=True)
    (tmp_path / "real" / "templates" / "a").write_text(config_map("{a: 1}"))
    (tmp_path / "root").symlink_to(tmp_path / "real")

    assert list(from_files(tmp_path / "root").desired.resources) == ["r"]


def test_an_absolute_folder_is_one_below_the_root(tmp_path):
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "a").write_text(config_map("{a: 1}"))

    told = {"source": "FileSystem", "fileSystem": {"dirPath": "/templates"}}

    assert list(go_templating.run(Request(input=told), tmp_path).desired.resources) == ["r"]


@pytest.mark.parametrize(
    ("template", "words"),
    [
        pytest.param("{{ range 2000000000 }}{{ end }}", "longer than 0.5 s", id="an endless loop"),
        pytest.param('{{ repeat 4000000000 "x" }}', "256 MiB of memory", id="a huge text"),
        pytest.param(
            '{{ $x := "aaaaaaaa" }}{{ range 40 }}{{ $x = print $x $x }}{{ end }}',
            "256 MiB of memory|longer than",
            id="doublings",
        ),
        pytest.param('{{ range 5 }}{{ repeat 4000000 "x" }}{{ end }}', "more than 16 MiB", id="a long output"),
        pytest.param('{{ define "a" }}{{ template "a" }}{{ end }}{{ template "a" }}', "template depth", id="recursion"),
        pytest.param("{{ if 1 }}" * 50_000 + "{{ end }}" * 50_000, "nested too deeply", id="deep nesting"),
        pytest.param('x: {{ repeat 100000 "{a: " }}', "nested too deeply|max depth of 10000", id="deep YAML"),
        pytest.param('{{ getHostByName "example.org" }}', "cannot reach the network", id="the network"),
        pytest.param('{{ env "HOME" }}', 'function "env" not defined', id="the environment"),
        pytest.param('{{ expandenv "$HOME" }}', 'function "expandenv" not defined', id="the environment again"),
        pytest.param("{{ randomChoice }}", "nothing to choose from", id="no choice"),
    ],
)
def test_a_template_stays_within_bounds_and_hurts_nobody(monkeypatch, template, words):
    monkeypatch.setattr(go_templating, "_SECONDS", 0.5)
    started = time.monotonic()

    message = refusal(go_templating.run(asking(template)))

    assert re.search(words, message)
    assert time.monotonic() - started < 5
    assert rendered("{{ 1 }}") == "1"


def test_templates_that_make_keys_get_more_time(monkeypatch):
    monkeypatch.setattr(go_templating, "_SECONDS", 0.0)

    assert rendered('{{ (genCA "x" 1).Cert | trunc 10 }}') == "-----BEGIN"


def test_templates_know_the_time_and_the_zones_but_not_this_machine():
    assert os.environ["HOME"]
    assert rendered('{{ now | date "2006" }}') >= "2025"
    assert rendered('{{ dateInZone "15:04" (toDate "2006-01-02" "2025-01-01") "Asia/Tokyo" }}') == "09:00"


PIECES = st.sampled_from(
    [
        *("{{", "}}", "{{-", "end", "if", "range", ".", "$x", ":=", '"', "`", "|", "(", ")", "include", "toYaml"),
        *("index", "define", "block", "break"),
        *("---\n", "kind: A\n", "a: ", "- ", "[", "{", "&a", "*a", "!!x", "\t", "\n", "\x00", "é"),
    ]
)


@settings(deadline=None, max_examples=150)
@given(st.lists(PIECES | st.text(max_size=3), max_size=20).map("".join))
def test_whatever_is_written_is_answered(template):
    response = go_templating.run(asking(template))

    assert {result.severity for result in response.results} <= {Severity.FATAL}
