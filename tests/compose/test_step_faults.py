"""The rows of validation.jsonl have Crossplane's words; here is each of them once, with its path."""

import pytest

from crosshead.compose import step_faults, validation

SECRET = {"name": "s", "namespace": "n"}


def step(name="a", **fields):
    return {"step": name, "functionRef": {"name": "f"}, **fields}


def credentials(name, source="None", **fields):
    return {"name": name, "source": source, **fields}


@pytest.mark.parametrize(
    ("steps", "faults"),
    [
        pytest.param([step()], [], id="all is well"),
        pytest.param(
            [step(), step("b"), step()], ['spec.pipeline[2].step: Duplicate value: "a"'], id="a step of the same name"
        ),
        pytest.param(
            [step(credentials=[credentials("c"), credentials("d")])], [], id="credentials that need no secret"
        ),
        pytest.param(
            [step(credentials=[credentials("c", "Secret", secretRef=SECRET)])], [], id="credentials from a secret"
        ),
        pytest.param(
            [step(credentials=[credentials("c"), credentials("c")])],
            ['spec.pipeline[0].credentials[1].name: Duplicate value: "c"'],
            id="credentials of the same name",
        ),
        pytest.param(
            [step(credentials=[credentials("c", "Secret")])],
            ["spec.pipeline[0].credentials[0].secretRef: Required value: must be specified when source is Secret"],
            id="credentials from no secret",
        ),
    ],
)
def test_every_fault_is_told_with_its_path(steps, faults):
    assert list(map(str, step_faults.find(steps, "spec.pipeline"))) == faults


@pytest.mark.parametrize(
    ("spec", "faults"),
    [
        pytest.param({"mode": "Pipeline", "pipeline": [step()]}, [], id="all is well"),
        pytest.param(
            {"mode": "Pipeline"},
            ["spec.pipeline: Required value: an array of pipeline steps is required in Pipeline mode"],
            id="no steps",
        ),
        pytest.param(
            {"mode": "Pipeline", "pipeline": [step()], "resources": [{"base": {"apiVersion": "v1", "kind": "K"}}]},
            ["spec.resources[0].name: Required value: cannot have anonymous resources when composition has functions"],
            id="resources without names",
        ),
        pytest.param(
            {"mode": "Pipeline", "pipeline": [step(), step()], "patchSets": [{"patches": [{"type": "PatchSet"}]}]},
            [
                'spec.patchSets[0].patches[0].type: Invalid value: "PatchSet": cannot use patches within patches',
                'spec.pipeline[1].step: Duplicate value: "a"',
            ],
            id="what Pipeline mode has no use for is looked at all the same",
        ),
    ],
)
def test_a_composition_in_pipeline_mode_is_looked_at_as_a_whole(spec, faults):
    assert list(map(str, validation.faults(spec))) == faults
