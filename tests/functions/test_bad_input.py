"""
Whatever people write, a built-in answers: with a result, or with one of our errors, soon, and in bounds.

What it makes of sound input is tested elsewhere; here is what nobody means, for every built-in alike.
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosshead.base.errors import ReconcileError
from crosshead.compose.protocol import Request, Resource, Response, State
from crosshead.functions import wire
from crosshead.functions.registry import BuiltIns
from tests.base.strategies import JSON
from tests.conformance import copies

BUILT_INS = BuiltIns()
# Every field that some input has, so that what is made goes deeper than the first strict look.
FIELDS = sorted(
    {
        *("addTags", "apiVersion", "base", "blockDeletion", "combine", "condition", "conditions", "connectionDetails"),
        *(
            "convert",
            "createEvents",
            "defaultData",
            "delims",
            "environment",
            "environmentConfigs",
            "event",
            "expression",
        ),
        *(
            "extraResources",
            "fieldPath",
            "filters",
            "fmt",
            "fromFieldPath",
            "ignoreTags",
            "inline",
            "into",
            "key",
            "kind",
        ),
        *("match", "matchLabels", "matchers", "math", "maxMatch", "message", "metadata", "minMatch", "mode", "name"),
        *(
            "options",
            "params",
            "patchSets",
            "patches",
            "pattern",
            "policy",
            "readinessChecks",
            "ref",
            "resetCompositeReadiness",
        ),
        *(
            "resources",
            "response",
            "rules",
            "selector",
            "sequence",
            "setConditions",
            "sortByFieldPath",
            "source",
            "spec",
        ),
        *("status", "statusConditionHooks", "string", "target", "template", "templates", "toFieldPath", "transforms"),
        *("type", "value", "variables", "desired", "results", "annotations", "labels"),
    }
)
WORDS = st.sampled_from(
    [
        *(
            "",
            "a",
            "spec",
            "spec.a[0]",
            "a[*].b",
            "metadata.name",
            "..",
            "[",
            "(",
            "a|b",
            "{{",
            "{{ .a }}",
            "{% if",
            "%d",
        ),
        *("Inline", "Reference", "Selector", "Multiple", "Value", "FromCompositeFieldPath", "CombineFromComposite"),
        *("string", "Format", "math", "Multiply", "match", "map", "convert", "int64", "Required", "Ready", "True"),
        *(
            "observed.composite",
            "true",
            "has(a.b)",
            "v1",
            "kind: A",
            "items = [1]",
            "Replace",
            "FileSystem",
            "é",
            "\x00",
        ),
    ]
)
LEAVES = st.none() | st.booleans() | st.integers(-3, 2**64) | st.floats() | WORDS
INPUTS = st.recursive(
    LEAVES,
    lambda each: st.lists(each, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), each, max_size=5),
    max_leaves=25,
)
OBJECTS = st.dictionaries(
    st.sampled_from(["apiVersion", "kind", "metadata", "spec", "status", "data"]), JSON, max_size=4
)
RESOURCES = st.builds(Resource, OBJECTS, st.dictionaries(WORDS, st.binary(max_size=3), max_size=1))
STATES = st.builds(State, st.none() | RESOURCES, st.dictionaries(WORDS, RESOURCES, max_size=2))


def answer(name, request):
    """Return the answer to *request*, or to the one it is the JSON of; only a `ReconcileError` may come instead."""
    try:
        asked = request if isinstance(request, Request) else wire.request_from_json(request)
        return BUILT_INS.get(name)(asked)
    except ReconcileError:
        return Response()


EXAMPLES = 60
_FUNCTION_OF = {"gt": "function-go-templating", "pt": "function-patch-and-transform"}
REQUESTS = st.builds(
    Request,
    observed=STATES,
    desired=STATES,
    input=st.none() | st.dictionaries(st.sampled_from(FIELDS), INPUTS, max_size=5),
    context=st.none() | st.dictionaries(WORDS, INPUTS, max_size=2),
    extra_resources=st.dictionaries(WORDS, st.lists(RESOURCES, max_size=1), max_size=1),
    required_resources=st.dictionaries(WORDS, st.lists(RESOURCES, max_size=1), max_size=1),
)


@pytest.mark.parametrize("name", BUILT_INS.names())
@settings(deadline=None, max_examples=25)
@given(request=REQUESTS)
def test_whatever_is_asked_is_answered(name, request):
    assert isinstance(answer(name, request), Response)


ROWS = [row for table in ("xr-pipeline", "patches", "gotemplating") for row in copies.rows(table)]
SOUND = {
    name: [row["request"] for row in ROWS if row.get("function", _FUNCTION_OF.get(row["id"].partition("/")[0])) == name]
    for name in BUILT_INS.names()
}


@st.composite
def changed(draw, value):
    """*value* with one part of it, however deep, replaced by something else, or left out."""
    parts = (
        list(value.items()) if isinstance(value, dict) else list(enumerate(value)) if isinstance(value, list) else []
    )
    if not parts or draw(st.integers(0, 9)) == 0:
        return draw(INPUTS)
    key, part = draw(st.sampled_from(parts))
    rest = dict(parts)
    if draw(st.integers(0, 9)) == 0:
        del rest[key]
    else:
        rest[key] = draw(changed(part))
    return rest if isinstance(value, dict) else list(rest.values())


@pytest.mark.parametrize("name", [name for name, requests in SOUND.items() if requests])
@settings(deadline=None, max_examples=EXAMPLES)
@given(data=st.data())
def test_sound_input_with_one_thing_wrong_is_answered(name, data):
    told = data.draw(changed(data.draw(st.sampled_from(SOUND[name]))))

    assert isinstance(answer(name, told), Response)
