"""Data of EnvironmentConfigs become the environment."""

import pytest

from crosshead.compose.functions import environment_configs
from crosshead.compose.protocol import Requirements, Resource, Selector
from tests.compose.functions.asking import fatal, request

KEY = environment_configs.ENVIRONMENT
OWN = {"apiVersion": "internal.crossplane.io/v1alpha1", "kind": "Environment"}


def config(name="a", **data):
    return Resource({"kind": "EnvironmentConfig", "metadata": {"name": name}, "data": data})


def ref(name="a", **more):
    return {"type": "Reference", "ref": {"name": name}, **more}


def chosen(**selector):
    return {"type": "Selector", "selector": {"matchLabels": [{"key": "k", "type": "Value", "value": "v"}], **selector}}


def ask(*sources, found=None, context=None, **spec):
    several = {f"environment-config-{index}": one for index, one in (found or {}).items()}
    told = {"spec": {"environmentConfigs": list(sources), **spec}}
    return environment_configs.run(request(told, required_resources=several, context=context))


def test_configs_are_required_by_name_and_labels():
    response = ask(ref(), chosen(), {"type": "Else"}, {"type": "Selector", "selector": {}})

    kind = ("apiextensions.crossplane.io/v1beta1", "EnvironmentConfig")
    wanted = {
        "environment-config-0": Selector(*kind, match_name="a"),
        "environment-config-1": Selector(*kind, match_labels={"k": "v"}),
    }
    assert response.requirements == Requirements(resources=wanted)
    assert response.context is None


def test_without_configs_nothing_happens():
    asked = request({"spec": {"defaultData": {"k": 1}}}, context={"x": 1})

    assert environment_configs.run(asked).context == {"x": 1}
    assert environment_configs.run(asked).requirements is None


@pytest.mark.parametrize(
    ("sources", "found", "more", "environment"),
    [
        pytest.param([ref()], {0: [config(k={"a": 1})]}, {}, {"k": {"a": 1}}, id="one"),
        pytest.param(
            [ref(), ref()],
            {0: [config(k={"a": 1, "b": 1})], 1: [config(k={"b": 2})]},
            {},
            {"k": {"a": 1, "b": 2}},
            id="the later counts more",
        ),
        pytest.param([ref(), ref()], {0: [config(k={"a": 1})], 1: [config(k=None)]}, {}, {"k": None}, id="null counts"),
        pytest.param([ref(toFieldPath="a.b")], {0: [config(k=1)]}, {}, {"a": {"b": {"k": 1}}}, id="to a path"),
        pytest.param([ref()], {0: [Resource({"data": None})]}, {}, {}, id="no data"),
        pytest.param([ref()], {0: []}, {"policy": {"resolution": "Optional"}}, {}, id="none, optional"),
        pytest.param(
            [ref(), None, {"type": "Else"}], {0: [config(k=1)], 2: []}, {}, {"k": 1}, id="what was not asked for"
        ),
        pytest.param(
            [ref()], {0: [config(k=1)]}, {"defaultData": {"k": 0, "d": 0}}, {"k": 1, "d": 0}, id="default data"
        ),
        pytest.param([chosen()], {0: [config(k=1)]}, {}, {"k": 1}, id="a single one by labels"),
        pytest.param(
            [chosen(mode="Multiple", minMatch=2)], {0: [config("b", k=2), config("a", k=1)]}, {}, {"k": 2}, id="several"
        ),
    ],
)
def test_data_are_merged(sources, found, more, environment):
    sources = [one or ref() for one in sources]

    response = ask(*sources, found=found, **more)

    assert response.results == ()
    assert response.context == {KEY: {**environment, **OWN}}


@pytest.mark.parametrize(
    ("known", "environment"),
    [
        (
            {"k": 0, "c": 0, "apiVersion": "my/v1", "kind": "Env"},
            {"k": 1, "c": 0, "apiVersion": "my/v1", "kind": "Env"},
        ),
        ("no object", {"k": 1, **OWN}),
    ],
)
def test_an_environment_that_is_there_counts_least(known, environment):
    response = ask(ref(), found={0: [config(k=1)]}, context={KEY: known, "other": 1})

    assert response.context == {KEY: environment, "other": 1}


BY_NAME = 'cannot process environment config "a" by reference, "environment-config-0": '
BY_LABELS = 'cannot process environment config "environment-config-0" by selector: '


@pytest.mark.parametrize(
    ("source", "found", "complaint"),
    [
        (ref(), [], f'cannot get selected environment configs: {BY_NAME}Required environment config "a" not found'),
        (
            ref(),
            [config(), config()],
            f'cannot get selected environment configs: {BY_NAME}expected exactly one required resource "a", got 2',
        ),
        (
            chosen(),
            [],
            f"cannot get selected environment configs: {BY_LABELS}expected exactly one required resource, got 0",
        ),
        (
            chosen(mode="Multiple", minMatch=1),
            [],
            f"cannot get selected environment configs: {BY_LABELS}expected at least 1 required resources, got 0",
        ),
        (chosen(mode="Some"), [], f'cannot get selected environment configs: {BY_LABELS}unknown selector mode "Some"'),
        (
            ref(),
            [Resource({"metadata": {"name": "a"}})],
            'cannot merge environment data: cannot get data from environment config "a": data: no such field',
        ),
        (
            ref(toFieldPath="a..b"),
            [config()],
            'cannot merge environment data: cannot get data from environment config a into path "a..b"',
        ),
        *(
            (
                ref(),
                [Resource({"metadata": {"name": "a"}, "data": value})],
                (
                    f'cannot merge environment data: cannot get data from environment config "a": cannot '
                    f"unmarshal value from JSON: json: cannot unmarshal {word} into Go value of type "
                    f"map[string]interface {{}}"
                ),
            )
            for value, word in (("x", "string"), (True, "bool"), ([1], "array"), (1, "number"))
        ),
    ],
)
def test_what_cannot_be_merged_is_refused(source, found, complaint):
    assert fatal(ask(source, found={0: found})) == complaint


def test_what_cannot_be_asked_for_is_refused():
    assert fatal(ask({"type": "Reference"})) == "cannot build requirements: ref cannot be nil for type 'Reference'"
    assert fatal(environment_configs.run(request({"spec": "x"}))).startswith(
        "cannot get Function input from *v1.RunFunctionRequest: cannot get function input *v1beta1.Input"
    )
    assert environment_configs.run(request()).results == ()
