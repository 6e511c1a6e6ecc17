"""What an API server keeps out, a file may hold: it is refused with the path, in the API server's words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosshead.compose import declared_faults, validation
from tests.base.strategies import JSON


def patches(**fields):
    return {"resources": [{"patches": [{"fromFieldPath": "a"}, fields]}]}


def combine(**fields):
    told = {"variables": [{"fromFieldPath": "a"}], "strategy": "string", **fields}
    return patches(combine={key: value for key, value in told.items() if value is not None})


def step(**fields):
    told = {"step": "a", "functionRef": {"name": "f"}, **fields}
    return {"pipeline": [{key: value for key, value in told.items() if value is not None}]}


def required(*selectors, of="requiredResources"):
    return step(requirements={of: [{"requirementName": "x", "apiVersion": "v1", "kind": "K", **s} for s in selectors]})


def credentials(**fields):
    told = {"name": "c", "source": "Secret", "secretRef": {"name": "a", "namespace": "b"}, **fields}
    return step(credentials=[told])


PATCH = "spec.resources[0].patches[1]"
STEP = "spec.pipeline[0]"
RESOURCES = f"{STEP}.requirements.requiredResources"


@pytest.mark.parametrize(
    ("spec", "faults"),
    [
        pytest.param(combine(string={"fmt": "x"}), [], id="a sound combination"),
        pytest.param(
            combine(variables=[]),
            [
                (
                    f"{PATCH}.combine.variables: Invalid value: 0: "
                    f"{PATCH}.combine.variables in body should have at least 1 items"
                )
            ],
            id="a combination of nothing",
        ),
        pytest.param(combine(variables=None), [f"{PATCH}.combine.variables: Required value"], id="without variables"),
        pytest.param(
            combine(variables=[{}]), [f"{PATCH}.combine.variables[0].fromFieldPath: Required value"], id="from nowhere"
        ),
        pytest.param(combine(strategy=None), [f"{PATCH}.combine.strategy: Required value"], id="without a strategy"),
        pytest.param(
            combine(strategy="sum"),
            [f'{PATCH}.combine.strategy: Unsupported value: "sum": supported values: "string"'],
            id="another strategy",
        ),
        pytest.param(combine(string={}), [f"{PATCH}.combine.string.fmt: Required value"], id="without a format"),
        pytest.param(
            patches(type=""),
            [
                (
                    f'{PATCH}.type: Unsupported value: "": supported values: "FromCompositeFieldPath", "PatchSet", '
                    '"ToCompositeFieldPath", "CombineFromComposite", "CombineToComposite"'
                )
            ],
            id="of no type",
        ),
        pytest.param(
            {"resources": [{"connectionDetails": [{"type": "Nope"}]}]},
            [
                (
                    'spec.resources[0].connectionDetails[0].type: Unsupported value: "Nope": '
                    'supported values: "FromConnectionSecretKey", "FromFieldPath", "FromValue"'
                )
            ],
            id="a detail from elsewhere",
        ),
        pytest.param(
            patches(policy={"fromFieldPath": "Maybe"}),
            [f'{PATCH}.policy.fromFieldPath: Unsupported value: "Maybe": supported values: "Optional", "Required"'],
            id="another policy",
        ),
        pytest.param(
            patches(transforms=[{"type": "match", "match": {"fallbackTo": "Nope"}}]),
            [
                (
                    f'{PATCH}.transforms[0].match.fallbackTo: Unsupported value: "Nope": '
                    'supported values: "Value", "Input"'
                )
            ],
            id="another fallback",
        ),
        pytest.param(
            patches(transforms=[{"type": "string", "string": {"type": "Join", "join": {}}}]),
            [f"{PATCH}.transforms[0].string.join.separator: Required value"],
            id="joined with nothing",
        ),
        pytest.param(
            {"patchSets": [{"patches": [{"policy": {"fromFieldPath": ""}}]}]},
            [
                "spec.patchSets[0].name: Required value",
                (
                    'spec.patchSets[0].patches[0].policy.fromFieldPath: Unsupported value: "": '
                    'supported values: "Optional", "Required"'
                ),
            ],
            id="a patch set without a name",
        ),
        pytest.param(
            {"mode": "Nope"},
            ['spec.mode: Unsupported value: "Nope": supported values: "Resources", "Pipeline"'],
            id="another mode",
        ),
        pytest.param(step(), [], id="a sound step"),
        pytest.param(step(step=None), [f"{STEP}.step: Required value"], id="a step without a name"),
        pytest.param(step(functionRef=None), [f"{STEP}.functionRef: Required value"], id="without a function"),
        pytest.param(step(functionRef={}), [f"{STEP}.functionRef.name: Required value"], id="of no function"),
        pytest.param(
            step(input={"apiVersion": "v1", "spec": 1}),
            [f"{STEP}.input.kind: Required value: must not be empty"],
            id="an input of no kind",
        ),
        pytest.param(
            {"pipeline": step()["pipeline"] * 100},
            ["spec.pipeline: Too many: 100: must have at most 99 items"],
            id="too many steps",
        ),
        pytest.param(credentials(), [], id="sound credentials"),
        pytest.param(
            credentials(source="Vault"),
            [f'{STEP}.credentials[0].source: Unsupported value: "Vault": supported values: "None", "Secret"'],
            id="credentials from elsewhere",
        ),
        pytest.param(
            credentials(name=None, secretRef={}),
            [
                f"{STEP}.credentials[0].name: Required value",
                f"{STEP}.credentials[0].secretRef.name: Required value",
                f"{STEP}.credentials[0].secretRef.namespace: Required value",
            ],
            id="credentials without names",
        ),
        pytest.param(required({"name": "a"}, {"requirementName": "y", "matchLabels": {}}), [], id="sound requirements"),
        pytest.param(
            required({"name": "a", "matchLabels": {}}),
            [f'{RESOURCES}[0]: Invalid value: "object": name and matchLabels are mutually exclusive'],
            id="by name and by labels",
        ),
        pytest.param(required({"kind": None}), [f"{RESOURCES}[0].kind: Required value"], id="of no kind"),
        pytest.param(
            required({}, {"requirementName": "y"}, {}),
            [f'{RESOURCES}[2]: Duplicate value: map[string]interface {{}}{{"requirementName":"x"}}'],
            id="twice",
        ),
        pytest.param(
            required({"requirementName": None}, of="requiredSchemas"),
            [f"{STEP}.requirements.requiredSchemas[0].requirementName: Required value"],
            id="a schema without a name",
        ),
    ],
)
def test_it_is_told_with_its_path(spec, faults):
    assert list(map(str, declared_faults.find(spec))) == faults


@pytest.mark.parametrize(
    ("spec", "fault"),
    [
        pytest.param({"pipeline": "x"}, 'spec.pipeline: Invalid value: "string": must be an array', id="the shape"),
        pytest.param(
            {"pipeline": [*step()["pipeline"], *step(functionRef=None)["pipeline"]]},
            'spec.pipeline[1].step: Duplicate value: "a"',
            id="then what Crossplane's validation says",
        ),
        pytest.param(step(functionRef=None), f"{STEP}.functionRef: Required value", id="then the CRD"),
    ],
)
def test_of_a_pipeline_the_coarsest_is_told_first(spec, fault):
    assert list(map(str, validation.pipeline_faults(spec))) == [fault]


fields = st.sampled_from(["step", "functionRef", "input", "credentials", "requirements", "requiredResources", "name"])
anything = st.recursive(
    JSON, lambda each: st.lists(each, max_size=2) | st.dictionaries(fields, each, max_size=3), max_leaves=10
)


@given(anything)
def test_any_pipeline_can_be_looked_at(pipeline):
    assert isinstance(validation.pipeline_faults({"pipeline": pipeline}), tuple)
