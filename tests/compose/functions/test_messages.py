"""Messages say what the groups caught; what is more than text and fields is somebody else's."""

import pytest

from crosshead.compose.functions import messages
from crosshead.compose.functions.messages import MessageError

GROUPS = {"Code": "403", "What": "denied {{ .Code }}", "": "nameless"}


@pytest.mark.parametrize(
    ("template", "message"),
    [
        pytest.param("plain } text }}", "plain } text }}", id="text"),
        pytest.param("code {{ .Code }}: {{.What}}{{\t.Code}}", "code 403: denied {{ .Code }}403", id="fields"),
        pytest.param("{{ .Nope }}", "<no value>", id="a field that is not there"),
        pytest.param("{ {{ .Code }}}", "{ 403}", id="braces around"),
    ],
)
def test_text_and_fields_are_rendered(template, message):
    assert messages.render(template, GROUPS) == message


@pytest.mark.parametrize(
    "template",
    [
        "{{{ .Code }}",
        "{{ .Code",
        "{{ .Code.More }}",
        "{{- .Code }}",
        "{{ . }}",
        "{{ .Code }} {{ if .Code }}x{{ end }}",
        "{{/* nothing */}}",
        '{{ "{{ .Code }}" }}',
        "{{ .é }}",
    ],
)
def test_all_else_is_left_to_another_renderer(template):
    asked = []

    message = messages.render(template, GROUPS, lambda *question: asked.append(question) or "by another")

    assert (message, asked) == ("by another", [(template, GROUPS)])


def test_without_another_renderer_it_is_refused():
    with pytest.raises(MessageError, match="only text and fields"):
        messages.render("{{ . }}", GROUPS)
