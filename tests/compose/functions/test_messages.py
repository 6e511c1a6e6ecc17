"""Messages say what the groups caught, in the part of Go's templates that is here."""

import pytest

from crosshead.compose.functions import messages
from crosshead.compose.functions.messages import MessageError

GROUPS = {"Code": "403", "What": "denied"}


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("plain } text", "plain } text"),
        ("code {{ .Code }}: {{.What}}", "code 403: denied"),
        ("{{ .Nope }}", "<no value>"),
        ("{{ .Nope.More }}", "<no value>"),
        ("a {{- .Code -}} b", "a403b"),
        ("a {{/* no\nword */}} b{{- /* trims */ -}}  c", "a  bc"),
        ('{{ "a}}b\\n\\"\\x" }}{{ `r}}w` }}{{ 7 }}', 'a}}b\n"\\xr}}w7'),
        ('{{ printf "%s-%d" .Code 7 }}', "403-7"),
        ('{{ .Code | printf "%5s|" }}', "  403|"),
        ('{{ print .Code "x" .Nope }}', "403x<nil>"),
        ("{{ . }}", "map[Code:403 What:denied]"),
    ],
)
def test_a_template_is_rendered(template, message):
    assert messages.render(template, GROUPS) == message


@pytest.mark.parametrize(
    ("template", "complaint"),
    [
        ("{{ .Code", "cannot parse template: template: :1: unclosed action"),
        ("a\n{{ .Code", "cannot parse template: template: :2: unclosed action"),
        ('{{ "a }}', "cannot parse template: template: :1: unclosed action"),
        ("{{ }}", "cannot parse template: template: :1: missing value for command"),
        ("{{ .Code | }}", "cannot parse template: template: :1: missing value for command"),
        ("{{ nope }}", 'cannot parse template: template: :1: function "nope" not defined'),
        ("{{ print nope }}", 'cannot parse template: template: :1: function "nope" not defined'),
        ("{{ .Code & }}", 'cannot parse template: template: :1: unexpected "&" in command'),
        ("{{ .Code .What }}", "cannot parse template: template: :1: can't give argument to non-function .Code"),
        ("{{ 1 | .Code }}", "cannot parse template: template: :1: can't give argument to non-function .Code"),
        ("{{ printf 7 }}", "cannot parse template: template: :1: wrong number or type of args for printf"),
        (
            "{{ 1234567890123456789 }}",
            'cannot parse template: template: :1: function "1234567890123456789" not defined',
        ),
        (
            "{{ .Code.More }}",
            (
                'cannot execute template: template: :1:8: executing "" at <.Code.More>: can\'t '
                "evaluate field More in type string"
            ),
        ),
        (
            "\n{{ .Code.More }}",
            (
                'cannot execute template: template: :2:9: executing "" at <.Code.More>: can\'t '
                "evaluate field More in type string"
            ),
        ),
    ],
)
def test_one_that_cannot_be_is_refused(template, complaint):
    with pytest.raises(MessageError) as caught:
        messages.render(template, GROUPS)

    assert str(caught.value) == complaint
