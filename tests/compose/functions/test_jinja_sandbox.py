"""Templates make text, reach nothing that they should not, and end."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from crosshead.compose.functions import jinja_sandbox
from crosshead.compose.functions.jinja_sandbox import TemplateError

XR = {"spec": {"items": [1, 2], "region": "eu", "tags": {"a": "x"}, "flag": True, "none": None}}
TREE = [{"n": 1, "c": [{"n": 2, "c": []}]}]


def render(template, **more):
    return jinja_sandbox.render(template, {"xr": XR, "tree": TREE, **more}, {"shout": lambda text: text.upper()})


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{{ xr.spec.region }}\n", "eu\n"),
        (
            "{{ xr.spec.items }} {{ xr['spec'].tags }} {{ xr.spec.flag }} {{ xr.spec.none }} {{ 3.0 }}",
            '[1,2] {"a":"x"} true null 3',
        ),
        ("a\n  {% for x in xr.spec['items'] %}\n- {{ x }}/{{ loop.length }}\n  {% endfor %}\n", "a\n- 1/2\n- 2/2\n"),
        ("{% for k, v in xr.spec.tags.items() %}{{ k }}={{ v }}{% endfor %}", "a=x"),
        ("{% for x in tree recursive %}{{ x.n }}{{ loop(x.c) if x.c }}{% endfor %}", "12"),
        ("{% for i in range(9) %}{% if i > 2 %}{% break %}{% endif %}{{ i }}{% endfor %}", "012"),
        ("{{ xr.spec.nope | default('d') }}{{ xr.spec.nope is defined }}", "dfalse"),
        ("{{ 'a' ~ 1 ~ true ~ none ~ [1] }}", "a1truenull[1]"),
        ("{{ 'a\nb\n\nc' | indent(2) }}|{{ 'a\nb' | indent(1, true) }}", "a\n  b\n\n  c| a\n b"),
        (
            "{{ [1, 'b'] | join(', ') }}|{{ tree | join('-', attribute='n') }}|{{ 'aa' | replace('a', 'bc') }}",
            "1, b|1|bcbc",
        ),
        (
            "{{ 2.567 | round(1) }} {{ 2.5 | round(10 ** 9) }} {{ [3, 1] | sort }} {{ [1, 2] | map('string') | list }}",
            '2.6 2.5 [1,3] ["1","2"]',
        ),
        (
            (
                "{{ 5 in [1, 5] }}{{ 'abc'[:2] }}{{ [1, 2, 3][1:] }}{{ (1, 2) }}{{ xr.spec.items[0] "
                "}}{{ 7 * 6 + 1 - 2 ** 3 % 5 }}"
            ),
            "trueab[2,3][1,2]140",
        ),
        ("{{ [1] + [2] }}{{ 'a' + 'b' }}{{ 'ab' * 2 }}{{ 2 * [1] }}{{ 1.5 * 2 }}", "[1,2]ababab[1,1]3"),
        ("{% set a, b = 1, 2 %}{{ a }}{{ b }}{% set c %}x{{ a }}{% endset %}{{ c }}", "12x1"),
        ("{% macro f(x) %}[{{ caller(x) }}]{% endmacro %}{% call(y) f(1) %}{{ y }}{% endcall %}{{ f.name }}", "[1]f"),
        ("{% set ns = namespace(n=0) %}{% for i in [1, 2] %}{% set ns.n = ns.n + i %}{% endfor %}{{ ns.n }}", "3"),
        (
            (
                "{% set c = cycler('a', 'b') %}{{ c.next() }}{{ c.next() }}{% set j = joiner(';') %}{{ "
                "j() }}{{ j() }}{{ dict(a=1) }}"
            ),
            'ab;{"a":1}',
        ),
        ("{% filter upper %}abc{% endfilter %}{{ 'b' | shout }}{{ 'x y'.split().index('y') }}", "ABCB1"),
    ],
)
def test_a_template_is_rendered(template, text):
    assert render(template) == text


@pytest.mark.parametrize(
    ("template", "complaint"),
    [
        ("a\n\n{{ xr.spec.nope }}", "template line 3: 'dict object' has no attribute 'nope'"),
        ("{{ nope }}", "template line 1: 'nope' is undefined"),
        ("a\n{% if %}", "template line 2: Expected an expression, got 'end of statement block'"),
        ("\n{{ 1 | nope }}", "template line 2: No filter named 'nope'."),
        ("{{ 1 / 0 }}", "template line 1: division by zero"),
        ("{% include 'x' %}", "template line 1: there is no template 'x' to include: a template stands alone here"),
        ("{{ '%s' % 1 }}", "template line 1: texts are put together with ~, not with %"),
        ("{{ range }}", "template line 1: function cannot be printed"),
        ("{{ [1] | map('string') }}", "template line 1: this can be looped over, not printed: make a list of it first"),
        ("{{ xr() }}", "template line 1: 'dict' object is not callable"),
        ("{{ raising() }}", "template line 1: ValueError"),
        ("{{" + "(" * 3000 + "1" + ")" * 3000 + "}}", "template: nested too deeply"),
        ("{% for i in [1] %}" * 30 + "{% endfor %}" * 30, "template: too many statically nested blocks"),
    ],
)
def test_one_that_fails_says_where(template, complaint):
    with pytest.raises(TemplateError) as caught:
        render(template, raising=fail)

    assert str(caught.value).startswith(complaint)


def fail():
    raise ValueError


@pytest.mark.parametrize(
    "template",
    [
        "{{ ''.__class__ }}",
        "{{ ''['__class__'] }}",
        "{{ '' | attr('__class__') }}",
        "{{ xr.__class__ }}",
        "{{ [xr] | map(attribute='__class__') | list }}",
        "{{ cycler.__init__.__globals__ }}",
        "{{ self.__init__ }}",
        "{{ namespace().__init__ }}",
        "{% macro m() %}{% endmacro %}{{ m._func }}",
        "{{ dict.fromkeys }}",
        "{{ xr.spec.tags.pop('a') }}",
        "{{ xr.spec.tags.update({}) }}",
        "{{ xr.spec['items'].append(1) }}",
        "{{ '{0.__class__}'.format(1) }}",
        "{{ 'x'.ljust(9) }}",
        "{{ lipsum() }}",
        "{{ [1] | random }}",
        "{{ xr is callable }}",
        "{{ 'abs' is filter }}",
        "{% import 'os' as os %}",
        "{% extends 'x' %}",
        "{% do 1 %}",
        "{{ joiner().__class__() }}",
        "{{ self }}",
        "{{ type() }}",
        "{{ kind() }}",
        "{{ (1).bit_length() }}",
    ],
)
def test_what_is_none_of_its_business_is_out_of_reach(template):
    with pytest.raises(TemplateError):
        render(template, kind=int)


@pytest.mark.parametrize(
    "template",
    [
        "{{ range(10 ** 9) }}",
        "{% for i in range(1000) %}{% for j in range(1000) %}{% endfor %}{% endfor %}",
        "{{ 'x' * 10 ** 10 }}",
        "{{ [1] * 10 ** 9 }}",
        "{{ 9 ** 9 ** 9 ** 9 }}",
        "{{ 10 ** 5000 }}",
        "{% set ns = namespace(s='x') %}{% for i in range(60) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}",
        "{% set ns = namespace(s='x') %}{% for i in range(60) %}{% set ns.s = ns.s + ns.s %}{% endfor %}",
        (
            "{% set ns = namespace(s='x') %}{% for i in range(60) %}{% set ns.s %}{{ ns.s }}{{ "
            "ns.s }}{% endset %}{% endfor %}"
        ),
        "{% set ns = namespace(s=[1]) %}{% for i in range(60) %}{% set ns.s = [ns.s, ns.s] %}{% endfor %}",
        "{% set ns = namespace(s=[1]) %}{% for i in range(60) %}{% set ns.s = (ns.s, ns.s) %}{% endfor %}",
        "{% set ns = namespace(s=[1]) %}{% for i in range(60) %}{% set ns.s = {1: ns.s, 2: ns.s} %}{% endfor %}",
        "{% set ns = namespace(s=[1]) %}{% for i in range(60) %}{% set ns.s = dict(a=ns.s, b=ns.s) %}{% endfor %}",
        "{% set ns = namespace(s=3) %}{% for i in range(60) %}{% set ns.s = ns.s * ns.s %}{% endfor %}",
        "{% macro f(n) %}{{ f(n + 1) }}{% endmacro %}{{ f(1) }}",
        "{% macro f(n) %}{% if n %}{{ f(n - 1) }}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(40) }}",
        "{% for i in range(999) %}{% set x = many | sort %}{% endfor %}",
        "{% for i in range(99999) %}{% set x = 'a' in long %}{% endfor %}",
        "{% for i in range(99999) %}{% set x = long.count('a') %}{% endfor %}",
        "{% for i in range(99999) %}{% set x = long[1:] %}{% endfor %}",
        "{{ 'x' | indent(10 ** 9) }}",
        "{{ long | replace('b', long) }}",
        "{{ many | join(long) }}",
        "{% for i in range(50) %}{{ long }}{% endfor %}",
    ],
)
def test_what_would_not_end_or_fit_is_stopped(template):
    with pytest.raises(TemplateError, match=r"does too much|more than|too large|too deeply"):
        render(template, many=list(range(10_000)), long="b" * 100_000)


@given(
    some.lists(
        some.sampled_from(
            [
                "{{",
                "}}",
                "{%",
                "%}",
                "xr",
                ".spec",
                "|",
                "if ",
                "for x in ",
                "'a'",
                "(",
                ")",
                "+",
                "[",
                "]",
                "\n",
                "set ",
                "=",
                "~",
                "-",
            ]
        ),
        max_size=12,
    )
)
def test_nothing_but_our_error_comes_out(pieces):
    try:
        text = render(" ".join(pieces))
    except TemplateError:
        text = ""

    assert isinstance(text, str)
