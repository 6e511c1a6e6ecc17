import pytest

from crosshead.compose.functions import patch_and_transform_faults as faults

PATCH = {"fromFieldPath": "spec.a"}
COMBINE = {"strategy": "string", "string": {"fmt": "%s"}, "variables": [{"fromFieldPath": "spec.a"}]}


def combine(**more):
    return {"type": "CombineFromComposite", "toFieldPath": "spec.b", "combine": {**COMBINE, **more}}


def patched(*patches):
    return {"resources": [{"name": "r", "patches": list(patches)}]}


@pytest.mark.parametrize(
    "told",
    [
        pytest.param(patched(), id="a resource"),
        pytest.param({"environment": {"patches": [PATCH]}}, id="nothing but the environment"),
        pytest.param(
            {"patchSets": [{"name": "s", "patches": [PATCH]}], **patched({"type": "PatchSet", "patchSetName": "s"})},
            id="a patch set",
        ),
        pytest.param(patched({"type": "FromEnvironmentFieldPath", **PATCH}), id="a patch from the environment"),
        pytest.param(patched(combine()), id="a combination"),
        pytest.param(
            patched({**PATCH, **combine(), "toFieldPath": "x", "policy": {"toFieldPath": "Nope"}}),
            id="the policy of a combination is not looked at",
        ),
        pytest.param(
            patched({key: value for key, value in {**PATCH, **combine()}.items() if key != "toFieldPath"}),
            id="a combination that goes where it would have come from",
        ),
        pytest.param(
            patched({**PATCH, "policy": {"fromFieldPath": "Required", "toFieldPath": "MergeObject"}}),
            id="an older name of a policy",
        ),
        pytest.param({"environment": {"patches": [{"type": "ToEnvironmentFieldPath", **PATCH}]}}, id="an alias"),
        pytest.param(
            {"resources": [{"name": "r", "readinessChecks": [{"type": "None"}]}]}, id="a check that can be made"
        ),
    ],
)
def test_an_input_that_makes_sense_has_no_fault(told):
    assert faults.find(told) is None


@pytest.mark.parametrize(
    ("told", "fault"),
    [
        pytest.param({}, "resources: Required value: resources or environment patches are required", id="nothing"),
        pytest.param({"resources": [{}]}, "resources[0].name: Required value: name is required", id="no name"),
        pytest.param({"patchSets": [{}]}, "name: Required value: name is required", id="a set without a name"),
        pytest.param(
            {"patchSets": [{"name": "s", "patches": [PATCH, {}]}]},
            "patches[1].fromFieldPath: Required value: fromFieldPath must be set for patch type FromCompositeFieldPath",
            id="a faulty patch in a set",
        ),
        pytest.param(
            {"patchSets": [{"name": "s", "patches": [{"type": "PatchSet"}]}]},
            (
                'patches[0].type: Invalid value: "PatchSet": patch type *v1beta1.PatchSetPatch does not support patch'
                " of type PatchSet"
            ),
            id="a set in a set",
        ),
        pytest.param(
            patched({"type": "PatchSet"}),
            "resources[0].patches[0].patchSetName: Required value: patchSetName must be set for patch type PatchSet",
            id="no set named",
        ),
        pytest.param(
            patched({"type": "Nope"}),
            'resources[0].patches[0].type: Invalid value: "Nope": unknown patch type',
            id="no such type",
        ),
        pytest.param(
            patched(PATCH, {**PATCH, "transforms": [{}]}),
            'resources[0].patches[1].transforms[0].type: Invalid value: "": unknown transform type',
            id="a faulty transform",
        ),
        pytest.param(
            patched({**PATCH, "policy": {"toFieldPath": ""}}),
            'resources[0].patches[0].policy.toFieldPathPolicy: Invalid value: "": unknown toFieldPathPolicy',
            id="an empty policy",
        ),
        pytest.param(
            patched({**PATCH, "policy": {"fromFieldPath": "Nope"}}),
            'resources[0].patches[0].policy.fromFieldPathPolicy: Invalid value: "Nope": unknown fromFieldPathPolicy',
            id="no such policy",
        ),
        pytest.param(
            patched({"type": "CombineToEnvironment"}),
            "resources[0].patches[0].combine: Required value: combine must be set for patch type CombineToEnvironment",
            id="nothing to combine",
        ),
        pytest.param(
            patched({"type": "CombineFromComposite", "combine": {}}),
            (
                "resources[0].patches[0].toFieldPath: Required value: toFieldPath must be set for patch type"
                " CombineFromComposite"
            ),
            id="combined to nowhere",
        ),
        pytest.param(
            patched(combine(strategy="")),
            "resources[0].patches[0].combine.strategy: Required value: a combine strategy must be provided",
            id="no strategy",
        ),
        pytest.param(
            patched(combine(strategy="sum")),
            'resources[0].patches[0].combine.strategy: Invalid value: "sum": unknown strategy type',
            id="no such strategy",
        ),
        pytest.param(
            patched(combine(string=None)),
            "resources[0].patches[0].combine.string: Required value: string must be set for combine strategy string",
            id="no format",
        ),
        pytest.param(
            patched(combine(variables=[])),
            "resources[0].patches[0].combine.variables: Required value: at least one variable must be provided",
            id="no variables",
        ),
        pytest.param(
            patched(combine(variables=[*COMBINE["variables"], {}])),
            (
                "resources[0].patches[0].combine.variables[1].fromFieldPath: Required value: fromFieldPath must be set"
                " for each combine variable"
            ),
            id="a variable from nowhere",
        ),
        pytest.param(
            {"resources": [{"name": "r", "connectionDetails": [{}]}]},
            "resources[0].connectionDetails[0].type: Required value: connection detail type is required",
            id="a faulty connection detail",
        ),
        pytest.param(
            {"resources": [{"name": "r", "readinessChecks": [{}]}]},
            'resources[0].readinessChecks[0].type: Invalid value: "": unknown readiness check type',
            id="a faulty check",
        ),
        pytest.param(
            {"environment": {"patches": [PATCH, {"type": "PatchSet"}]}},
            'environment.patches[1][type]: Invalid value: "PatchSet": invalid environment patch type',
            id="no patch of an environment",
        ),
        pytest.param(
            {"environment": {"patches": [{}]}},
            (
                "environment.patches[0].fromFieldPath: Required value: fromFieldPath must be set for patch type"
                " FromCompositeFieldPath"
            ),
            id="a faulty patch of the environment",
        ),
    ],
)
def test_the_first_fault_is_told_in_the_functions_words(told, fault):
    assert str(faults.find(told)) == fault
