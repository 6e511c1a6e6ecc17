"""What templates can call does what it says."""

import pytest

from crosshead.compose.functions import jinja_helpers, jinja_sandbox
from crosshead.compose.functions.environment_configs import ENVIRONMENT
from crosshead.compose.functions.jinja_sandbox import TemplateError
from crosshead.compose.protocol import Resource
from tests.compose.functions.asking import request, resources, showing

ASKED = request(
    observed={
        "db": Resource(showing(("Ready", "True", "Available", "fine")), {"user": b"admin", "odd": b"\xff"}),
        "net": showing(("Ready", "False")),
    },
    desired={"db": {}},
    context={ENVIRONMENT: {"region": "eu"}, "n": 2.0},
    extra_resources={"old": list(resources({"a": {"kind": "Old"}}).values())},
    required_resources={"new": list(resources({"a": {"kind": "New"}}).values()), "none": []},
    credentials={"aws": {"key": b"secret"}},
)


def render(template):
    return jinja_sandbox.render(template, jinja_helpers.variables(ASKED), jinja_helpers.FILTERS)


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{{ xr.spec.env }} {{ observed.composite.resource.metadata.name }}", "prod xr"),
        (
            "{{ observed.resources.db.connection_details.odd }}{{ desired.resources.db.ready }}",
            "\ufffdREADY_UNSPECIFIED",
        ),
        ("{{ environment.region }} {{ context.n }} {{ credentials.aws.key }}", "eu 2 secret"),
        ("{{ required.old[0].kind }}{{ required.new[0].kind }}{{ required.none }}", "OldNew[]"),
        ("{{ observed_resource('db').kind }} {{ observed_resource('no') }}", "Thing null"),
        (
            (
                "{{ connection_detail('db', 'user') }} {{ connection_detail('db', 'no', 'd') }} {{ "
                "connection_detail('no', 'x') }}"
            ),
            "admin d null",
        ),
        ("{{ is_ready('db') }}{{ is_ready('net') }}{{ is_ready('no') }}", "truefalsefalse"),
        ("{{ condition(observed_resource('db'), 'Ready').message }} {{ condition(none, 'X').status }}", "fine Unknown"),
        ("{{ field(xr, 'spec.keys[1]') }} {{ field(xr, 'spec.no.x', 'd') }}", "b d"),
        ("{{ resource_name('a b') }}", 'jinja.fn.crosshead.io/composition-resource-name: "a b"'),
        (
            "{{ ready() }}, {{ ready(false) }}",
            'jinja.fn.crosshead.io/ready: "True", jinja.fn.crosshead.io/ready: "False"',
        ),
        (
            "{{ {'b': 1, 'a': [true, none]} | to_json }} {{ 'a\"b' | quote }} {{ [1] | tojson }}",
            '{"a":[true,null],"b":1} "a\\"b" [1]',
        ),
        ("{{ {'b': 'yes', 'a': [1]} | to_yaml }}", 'a:\n- 1\nb: "yes"'),
        ("{{ ('a: [1, x]' | from_yaml).a[1] }}{{ ('{\"a\": 2.5}' | from_json).a }}", "x2.5"),
        ("{{ 'häß' | b64encode }} {{ 'YQ==' | b64decode }}", "aMOkw58= a"),
        ("{{ ('a' | sha256)[:7] }} {{ ('a' | sha1)[:7] }} {{ ('a' | md5)[:7] }}", "ca97811 86f7e43 0cc175b"),
    ],
)
def test_a_template_knows_its_request(template, text):
    assert render(template) == text


@pytest.mark.parametrize(
    ("template", "complaint"),
    [
        ("{{ fail('no network yet') }}", "no network yet"),
        ("{{ 'x' | b64decode }}", "this is not base64"),
        ("{{ '[NaN]' | from_json }}", "NaN is no number in JSON"),
        ("{{ 'a: [' | from_yaml }}", "line 1: expected"),
        ("{{ field(xr, 'spec..x') }}", "cannot parse path"),
        ("{{ observed_resource('no').spec }}", "'None' has no attribute 'spec'"),
    ],
)
def test_what_fails_says_why(template, complaint):
    with pytest.raises(TemplateError, match=complaint.replace("[", r"\[")):
        render(template)


def test_a_template_gets_copies():
    jinja_helpers.variables(ASKED)["xr"]["spec"].clear()

    assert ASKED.observed.composite.resource["spec"]
    assert jinja_helpers.variables(request(xr=None))["xr"] == {}
