"""
The ways out of a template that people have found elsewhere lead nowhere here: no Python, no files, no network.

Each is asked as a whole step. The answer is fatal, nothing that the template says counts, and what it saw is as it was.
"""

import copy

import pytest

from crosshead.compose.functions import jinja
from crosshead.compose.protocol import Request, Resource, Severity, State

XR = {"apiVersion": "example.org/v1", "kind": "XThing", "metadata": {"name": "x"}, "spec": {"a": 1, "items": [1]}}
BEFORE = State(resources={"old": Resource({"kind": "Old"})})


@pytest.mark.parametrize(
    "template",
    [
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
        "{{ lipsum.__globals__['os'].popen('id').read() }}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ ().__class__.__base__.__subclasses__() }}",
        "{{ ''['__cla' ~ 'ss__'] }}",
        "{{ ''['\\x5f\\x5fclass\\x5f\\x5f'] }}",
        "{{ '' | attr('\\x5f\\x5fclass\\x5f\\x5f') }}",
        "{{ xr | attr('__class__') | attr('__mro__') }}",
        "{{ [''] | map(attribute='__class__') | list }}",
        "{{ [''] | map('attr', '__class__') | list }}",
        "{{ [''] | groupby('__class__') | list }}",
        "{{ [''] | selectattr('__class__') | list }}",
        "{{ [''] | sort(attribute='__class__') }}",
        "{{ [{'a': ''}] | map(attribute='a.__class__') | list }}",
        "{{ joiner.__init__.__globals__['__builtins__']['open']('/etc/passwd').read() }}",
        "{{ namespace.__init__.__globals__ }}",
        "{{ self._TemplateReference__context }}",
        "{{ self.__dict__ }}",
        "{% macro m() %}{{ caller.__globals__ }}{% endmacro %}{% call m() %}{% endcall %}",
        "{% macro m() %}{% endmacro %}{{ m.__call__.__globals__ }}",
        "{% macro m() %}{% endmacro %}{{ m._func.__globals__ }}",
        "{% for x in [1] %}{{ loop.__class__ }}{% endfor %}",
        "{% for x in [1] %}{{ loop._iterator }}{% endfor %}",
        "{{ range.__self__ }}",
        "{{ range(1).__class__ }}",
        "{{ dict.__class__.__mro__ }}",
        "{{ resource_name.__globals__ }}",
        "{{ resource_name.__wrapped__ }}",
        "{{ resource_name.__code__.co_consts }}",
        "{{ observed_resource.__closure__ }}",
        "{{ fail.__self__ }}",
        "{{ '{0.__class__.__mro__}'.format('') }}",
        "{{ '{0.__class__}' | format('') }}",
        "{{ '%s' | format(xr) }}",
        "{{ '{a.__class__}'.format_map({'a': ''}) }}",
        "{{ ''.join.__self__ }}",
        "{{ xr.items.__self__ }}",
        "{{ xr.get.__self__ }}",
        "{{ xr.keys().__class__ }}",
        "{{ xr.setdefault('a', 1) }}",
        "{{ xr.spec.update({'a': 2}) }}",
        "{{ xr.spec.clear() }}",
        "{{ xr.spec['items'].append(2) }}",
        "{{ xr.__setitem__('a', 1) }}",
        "{{ xr.spec.items.insert(0, 1) }}",
        "{{ undefined_thing.__class__ }}",
        "{{ xr.nope.__class__ }}",
        "{{ (none).__class__ }}",
        "{{ (1).__class__ }}",
        "{{ 1 .real }}",
        "{{ environment.__class__ }}",
        "{{ context.__class__ }}",
        "{{ context.parent }}",
        "{{ credentials.__class__ }}",
        "{% include '/etc/passwd' %}",
        "{% import '/etc/passwd' as x %}",
        "{% from 'os' import system %}",
        "{% extends '/etc/passwd' %}",
        "{% include xr %}",
        "{{ open('/etc/passwd') }}",
        "{{ eval('1') }}",
        "{{ exec('1') }}",
        "{{ __import__('os') }}",
        "{{ import_module('os') }}",
        "{{ getattr('', '__class__') }}",
        "{{ type('') }}",
        "{{ vars() }}",
        "{{ globals() }}",
        "{{ get_flashed_messages.__globals__ }}",
        "{{ url_for.__globals__ }}",
        "{{ request.application.__globals__ }}",
        "{{ config.items() }}",
        "{{ '/etc/passwd' | from_file }}",
        "{{ '!!python/object/apply:os.system [id]' | from_yaml }}",
        "{{ '!!python/name:os.system' | from_yaml }}",
        "{% set x = ''.__class__ %}{{ x }}",
        "{% set xr.spec = 1 %}",
        "{% set xr.__class__ = 1 %}",
        "{% set namespace().__class__ = 1 %}",
        "{% set ns = namespace() %}{% set ns.__class__ = 1 %}{{ ns.__class__.__mro__ }}",
        "{% with x=''.__class__ %}{{ x }}{% endwith %}",
        "{% filter attr('__class__') %}x{% endfilter %}",
        "{{ 'x' is attr('__class__') }}",
        "{{ xr is sameas(xr.__class__) }}",
        "{% if ''.__class__ %}{% endif %}",
        "{{ [''.__class__] }}",
        "{{ {'a': ''.__class__} }}",
        "{{ ''.__class__ if true }}",
        "{{ ''.__doc__ }}",
        "{{ ''.encode().__class__ }}",
        "{{ xr.spec | tojson | attr('__html__') }}",
        "{{ ('x' | escape).__class__ }}",
        "{{ (x.__class__ | default('')).__class__ }}",
        "{% do xr.clear() %}",
        "{% debug %}",
        "{% autoescape false %}{{ x.__class__ }}{% endautoescape %}",
        "{% trans %}x{% endtrans %}",
    ],
)
def test_a_way_out_leads_nowhere(template):
    seen = copy.deepcopy(XR)
    told = {"source": "Inline", "inline": {"template": template}}

    response = jinja.run(
        Request(observed=State(Resource(seen)), desired=BEFORE, input=told, credentials={"c": {"k": b"v"}})
    )

    assert [result.severity for result in response.results] == [Severity.FATAL]
    assert response.desired == BEFORE
    assert seen == XR
