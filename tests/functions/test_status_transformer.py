"""Messages are Go templates, to the letter: Go renders what is more than text and fields, and says what is wrong."""

import subprocess
import sys

import pytest

from crosshead.compose.functions.messages import MessageError
from crosshead.compose.protocol import Request, Resource, State
from crosshead.functions import go_core, status_transformer
from crosshead.functions.registry import BuiltIns

GROUPS = {"Code": "403", "What": "denied"}
SHOWING = {"status": {"conditions": [{"type": "Synced", "status": "False", "message": "code=403"}]}}


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("{{ .Nope.More }}", "<no value>"),
        ("a {{- .Code -}} b", "a403b"),
        ("a {{/* no\nword */}} b{{- /* trims */ -}}  c", "a  bc"),
        ('{{ "a}}b\\n\\"" }}{{ `r}}w` }}{{ 7 }}', 'a}}b\n"r}}w7'),
        ('{{ printf "%s-%d" .Code 7 }}', "403-7"),
        ('{{ .Code | printf "%5s|" }}', "  403|"),
        ('{{ print .Code "x" .Nope }}', "403x<nil>"),
        ("{{ .Code | }}", "403"),
        ("{{ . }}", "map[Code:403 What:denied]"),
        ('{{ if eq .Code "403" }}forbidden{{ else }}{{ .What }}{{ end }}', "forbidden"),
        ("{{ range $name, $value := . }}{{ $name }}={{ $value | len }};{{ end }}", "Code=3;What=6;"),
        ('{{ define "it" }}<{{ . }}>{{ end }}{{ template "it" .Code }}', "<403>"),
        ('{{ with index . "What" }}{{ . | html }}{{ end }}', "denied"),
        ("{{ slice .Code 1 2 | urlquery }}", "0"),
    ],
)
def test_a_template_is_rendered_by_go(template, message):
    assert status_transformer.render(template, GROUPS) == message


@pytest.mark.parametrize(
    ("template", "complaint"),
    [
        ("{{ .Code", "cannot parse template: template: :1: unclosed action"),
        ('{{ "a }}', "cannot parse template: template: :1: unterminated quoted string"),
        ("{{ }}", "cannot parse template: template: :1: missing value for command"),
        ("{{ nope }}", 'cannot parse template: template: :1: function "nope" not defined'),
        ("{{ upper .Code }}", 'cannot parse template: template: :1: function "upper" not defined'),
        ("{{ .Code & }}", 'cannot parse template: template: :1: unexpected "&" in operand'),
        (
            "\n{{ .Code.More }}",
            (
                'cannot execute template: template: :2:8: executing "" at <.Code.More>: '
                "can't evaluate field More in type string"
            ),
        ),
        (
            "{{ .Code .What }}",
            'cannot execute template: template: :1:3: executing "" at <.Code>: Code is not a method but has arguments',
        ),
    ],
)
def test_one_that_cannot_be_is_refused_in_gos_words(template, complaint):
    with pytest.raises(MessageError) as caught:
        status_transformer.render(template, GROUPS)

    assert str(caught.value) == complaint


@pytest.mark.parametrize(
    ("template", "words"),
    [
        pytest.param("{{ range 2000000000 }}{{ end }}", "longer than 0.5 s", id="an endless loop"),
        pytest.param(
            '{{ $x := "aaaaaaaa" }}{{ range 40 }}{{ $x = print $x $x }}{{ end }}',
            "MiB of memory|longer than",
            id="doublings",
        ),
        pytest.param('{{ define "a" }}{{ template "a" }}{{ end }}{{ template "a" }}', "template depth", id="recursion"),
        pytest.param("{{ range 99 }}" * 4 + '{{ printf "%9999d" 1 }}' + "{{ end }}" * 4, "16 MiB", id="a long message"),
    ],
)
def test_a_template_stays_within_bounds(monkeypatch, template, words):
    monkeypatch.setattr(status_transformer, "_SECONDS", 0.5)

    with pytest.raises(MessageError, match=words):
        status_transformer.render(template, GROUPS)


def test_without_a_core_the_condition_says_so(monkeypatch, tmp_path):
    monkeypatch.setattr(go_core, "CORE", tmp_path / "gotemplate.wasm")
    monkeypatch.setattr(go_core, "_started", go_core._started.__wrapped__)

    with pytest.raises(MessageError, match="is not built"):
        status_transformer.render("{{ . }}", GROUPS)


def test_the_built_in_is_the_one_with_go():
    message = '{{ if eq .Code "403" }}forbidden{{ end }}'
    hook = {
        "matchers": [
            {
                "resources": [{"name": "r"}],
                "conditions": [{"type": "Synced", "message": r"code=(?P<Code>\d+)"}],
            }
        ],
        "setConditions": [{"condition": {"type": "C", "status": "False", "message": message}}],
    }
    request = Request(
        observed=State(resources={"r": Resource(SHOWING)}),
        input={"statusConditionHooks": [hook]},
    )

    response = BuiltIns().get("function-status-transformer")(request)

    assert response.conditions[0].message == "forbidden"


def test_go_is_loaded_for_a_message_that_needs_it_only():
    program = (
        "import sys; from crosshead.functions.registry import BuiltIns; from crosshead.compose.protocol import Request;"
        "BuiltIns().get('function-status-transformer')(Request()); sys.exit('wasmtime' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
