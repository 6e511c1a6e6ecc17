"""Expressions decide which resources stay, with the words of Go when they cannot."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosshead.compose.functions import cel_filter
from crosshead.compose.protocol import Severity, State
from tests.compose.functions.asking import XR, fatal, is_ready, request, resources, thing

DESIRED = {"a": is_ready(thing()), "ab": thing(), "b": thing()}


def ask(*filters):
    told = {
        "filters": [None if one is None else dict(zip(("name", "expression"), one, strict=True)) for one in filters]
    }
    context = {"environment": {"region": "eu"}, "list": [1, 2]}
    return cel_filter.run(request(told, desired=DESIRED, observed={"a": thing()}, context=context))


@pytest.mark.parametrize(
    ("filters", "left"),
    [
        pytest.param([], "a ab b", id="no filter"),
        pytest.param([("b", "false")], "a ab", id="by name"),
        pytest.param([("a.*", "false"), ("b", "true")], "b", id="by pattern"),
        pytest.param([("a|b", "false")], "", id="an alternative is anchored at its own end only"),
        pytest.param([("b", "observed.composite.resource.spec.env == 'prod'")], "a ab b", id="over the composite"),
        pytest.param(
            [("b", "desired.resources.a.ready == 1 && 'a' in observed.resources")], "a ab b", id="over states"
        ),
        pytest.param([("b", "context.environment.region != 'eu'")], "a ab", id="over the context"),
        pytest.param([("b", "has(desired.composite)")], "a ab", id="over what is not there"),
        pytest.param([("b", "size(observed.resources.a.connection_details) > 0")], "a ab", id="over details"),
    ],
)
def test_what_an_expression_excludes_is_left_out(filters, left):
    assert list(ask(*filters).desired.resources) == left.split()


@pytest.mark.parametrize(
    ("expression", "complaint"),
    [
        ("", "cannot parse expression: ERROR: <input>:1:0: Syntax error: mismatched input '<EOF>' expecting"),
        (
            "a &",
            (
                "cannot parse expression: ERROR: <input>:1:3: Syntax error: token recognition error "
                "at: '&'\n | a &\n | ..^"
            ),
        ),
        (
            "nope",
            (
                "cannot type-check expression: ERROR: <input>:1:1: undeclared reference to 'nope' (in "
                "container '')\n | nope\n | ^"
            ),
        ),
        (
            "1 == a.b.c",
            (
                "cannot type-check expression: ERROR: <input>:1:6: undeclared reference to 'a' (in "
                "container '')\n | 1 == a.b.c\n | .....^"
            ),
        ),
        ("observed.nope", "cannot type-check expression: ERROR: <input>:1:9: undefined field 'nope'"),
        (
            "1 + 'a' == 2",
            (
                "cannot type-check expression: ERROR: <input>:1:3: found no matching overload for "
                "'_+_' applied to '(int, string)'"
            ),
        ),
        ("'x'", "expression \"'x'\" must return a boolean, but will return string instead"),
        ("context.flag", 'expression "context.flag" must return a boolean, but will return dyn instead'),
        (
            "{'a': [timestamp('')]}",
            "must return a boolean, but will return map(string, list(google.protobuf.Timestamp)) instead",
        ),
        ("observed", "must return a boolean, but will return apiextensions.fn.proto.v1.State instead"),
        ("context.nope == 1", "cannot evaluate CEL program: no such key: nope"),
        ("context.list[7] == 1", "cannot evaluate CEL program: index out of bounds: 7"),
        ("1 / 0 == 1", "cannot evaluate CEL program: division by zero"),
        ("int('x') == 1", "cannot evaluate CEL program: type conversion error from 'string' to 'int'"),
        ("context.list + 1 == 1", "cannot evaluate CEL program: no such overload"),
        ("9223372036854775807 + 1 == 1", "cannot evaluate CEL program: integer overflow"),
        (
            "'a'.matches(string(context.environment.region) + '(')",
            "cannot evaluate CEL program: error parsing regexp: missing closing ): `eu(`",
        ),
        ("'a'.matches('(a: ' + 'b')", "cannot evaluate CEL program: invalid regular expression: missing ): (a: b"),
    ],
)
def test_an_expression_that_cannot_be_used_is_refused_in_gos_words(expression, complaint):
    told = fatal(ask(("nothing", expression)))

    assert told.startswith("cannot evaluate CEL expression ")
    assert f" for filter 0: {complaint}" in told or complaint in told


def test_a_pattern_that_is_none_is_refused():
    told = fatal(ask(None, ("(", "true")))

    assert told.startswith('cannot evaluate CEL expression "" for filter 0')
    assert fatal(ask(("(", "true"))) == (
        'cannot compile regular expression "^($" for filter 0: error parsing regexp: missing closing ): `^($`'
    )


def test_an_input_that_does_not_fit_is_refused():
    told = fatal(cel_filter.run(request({"filters": "x"})))

    assert told.startswith("cannot get filters from *v1.RunFunctionRequest: cannot get function input *v1beta1.Filters")


def test_an_endless_expression_ends():
    numbers = f"[{','.join(map(str, range(100)))}]"
    nested = f"{numbers}.all(a, {numbers}.all(b, {numbers}.all(c, {numbers}.all(d, a + b + c + d < 1000))))"

    assert "iteration" in fatal(ask(("b", nested))).lower()


def test_a_composite_that_is_desired_can_be_asked_about():
    state = State(is_ready(XR), resources(DESIRED))
    asked = request({"filters": [{"name": "b", "expression": "has(desired.composite.resource.spec)"}]}, state=state)

    assert "b" in cel_filter.run(asked).desired.resources


PIECES = st.sampled_from(
    [
        *(
            "observed",
            "desired",
            "context",
            ".",
            "composite",
            "resource",
            "resources",
            "has(",
            "(",
            ")",
            "[",
            "]",
            "{",
            "}",
        ),
        *(
            "==",
            "!=",
            "&&",
            "||",
            "!",
            "?",
            ":",
            "1",
            "-9223372036854775808",
            "1.5",
            "'a'",
            '"',
            "'",
            "true",
            "null",
            ",",
        ),
        *(".all(x, ", ".map(x, ", "x", "size(", "matches('(')", "timestamp('x')", "duration('1h')", "b'\\xff'", "\x00"),
    ]
)


@settings(deadline=None)
@given(st.lists(PIECES | st.text(max_size=3), max_size=12).map(" ".join))
def test_whatever_the_expression_it_is_answered(expression):
    response = ask(("b", expression))

    assert {result.severity for result in response.results} <= {Severity.FATAL}
