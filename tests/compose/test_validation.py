"""The rows of validation.jsonl have Crossplane's words; here is what we add, and that all of it is found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosshead.compose import validation
from tests.base.strategies import JSON

BASE = {"apiVersion": "v1", "kind": "ConfigMap"}


def resources(*fields):
    return {"resources": [{"name": f"r{n}", "base": BASE, **field} for n, field in enumerate(fields)]}


BAD_FORMAT = {"fromFieldPath": "a", "transforms": [{"type": "map", "map": {"a": 1}}, {"type": "string", "string": {}}]}


@pytest.mark.parametrize(
    ("spec", "faults"),
    [
        pytest.param(resources({}), [], id="all is well"),
        pytest.param(
            {"resources": "x"}, ['spec.resources: Invalid value: "string": must be an array'], id="not even the shape"
        ),
        pytest.param(
            {"pipeline": [{"step": 1}]},
            ['spec.pipeline[0].step: Invalid value: "int64": must be a string'],
            id="not even the shape of a pipeline",
        ),
        pytest.param(
            resources({}, {}, {"patches": [{"fromFieldPath": "a"}, BAD_FORMAT]}),
            [
                (
                    "spec.resources[2].patches[1].transforms[1].string.fmt: Required value: format"
                    " transform requires a format"
                )
            ],
            id="deep inside",
        ),
        pytest.param(
            resources({"base": None}),
            ["spec.resources[0].base: Required value: a resource needs a base template"],
            id="no base",
        ),
        pytest.param(
            resources({"base": {"kind": 1, "metadata": "x"}}),
            [
                "spec.resources[0].base.apiVersion: Required value: must not be empty",
                "spec.resources[0].base.kind: Required value: must not be empty",
                "spec.resources[0].base.metadata: Required value: must be an object",
            ],
            id="a base that is no object",
        ),
        pytest.param(
            resources({"readinessChecks": [{"type": "None"}, {"type": "X"}]}),
            ['spec.resources[0].readinessChecks[1].type: Invalid value: "X": unknown readiness check type'],
            id="no such check",
        ),
        pytest.param(
            resources({"patches": [{"type": "FromEnvironmentFieldPath", "fromFieldPath": "a"}]}),
            ['spec.resources[0].patches[0].type: Invalid value: "FromEnvironmentFieldPath": unknown patch type'],
            id="environments are for functions",
        ),
        pytest.param(
            {},
            [
                (
                    "spec.resources: Required value: an array of resources is required in Resources mode"
                    " (the default if no mode is specified)"
                )
            ],
            id="nothing",
        ),
        pytest.param(
            resources({"name": "a"}, {"name": "a"}), ['spec.resources[1].name: Duplicate value: "a"'], id="a name twice"
        ),
        pytest.param(
            resources({}, {"name": ""}),
            [
                (
                    "spec.resources[1].name: Required value: cannot mix named and anonymous resources,"
                    " all resources must have a name or none must have a name"
                )
            ],
            id="a name is missing",
        ),
        pytest.param(
            resources({"name": ""}, {}),
            [
                (
                    'spec.resources[1].name: Invalid value: "r1": cannot mix named and anonymous'
                    " resources, all resources must have a name or none must have a name"
                )
            ],
            id="a name too many",
        ),
        pytest.param(resources({"name": ""}, {"name": ""}), [], id="no names at all"),
        pytest.param(
            resources({"patches": [{"type": "PatchSet"}]}),
            [
                "spec.resources[0].patches[0].patchSetName: Required value: must be specified when type is patchSet",
                (
                    "spec.resources[0].patches[0].patchSetName: Required value: patchSetName must be set"
                    " for patch type PatchSet"
                ),
            ],
            id="no patch set named",
        ),
        pytest.param(
            resources({"patches": [{"type": "PatchSet", "patchSetName": "x"}]}),
            [
                (
                    'spec.resources[0].patches[0].patchSetName: Invalid value: "x": patchSetName must be'
                    " the name of a declared patchSet"
                )
            ],
            id="no such patch set",
        ),
        pytest.param(
            {
                **resources({"patches": [{"type": "PatchSet", "patchSetName": "x"}]}),
                "patchSets": [{"name": "x", "patches": [{"type": "PatchSet"}]}],
            },
            ['spec.patchSets[0].patches[0].type: Invalid value: "PatchSet": cannot use patches within patches'],
            id="a patch set in a patch set",
        ),
        pytest.param(
            {**resources({}), "patchSets": [{"name": "s", "patches": [{"fromFieldPath": "a"}, {}]}]},
            ["spec.patchSets[0].patches[1].fromFieldPath: Required value: fromFieldPath must be set for patch type "],
            id="in a patch set",
        ),
        pytest.param(
            resources({"patches": [{"type": "CombineToComposite", "combine": {}}]}),
            [
                (
                    "spec.resources[0].patches[0].toFieldPath: Required value: toFieldPath must be set"
                    " for patch type CombineToComposite"
                )
            ],
            id="a combination that goes nowhere",
        ),
    ],
)
def test_every_fault_is_told_with_its_path(spec, faults):
    assert [str(fault) for fault in validation.faults(spec)] == faults


def test_details_without_a_source_are_no_fault_for_crossplane_until_they_are_read():
    spec = resources({"connectionDetails": [{"name": "x"}]})

    assert validation.faults(spec) == ()
    assert list(map(str, validation.logical_faults(spec))) == [
        "spec.resources[0].connectionDetails[0].type: Required value: connection detail type is required"
    ]


def test_for_resources_mode_another_mode_is_a_fault():
    faults = validation.logical_faults({"mode": "Pipeline", "pipeline": [{"step": "a"}]})

    assert list(map(str, faults)) == [
        'spec.mode: Invalid value: "Pipeline": only compositions in Resources mode are supported'
    ]


fields = st.sampled_from(
    [
        "resources",
        "pipeline",
        "credentials",
        "patchSets",
        "mode",
        "name",
        "base",
        "patches",
        "type",
        "transforms",
        "string",
    ]
)
anything = st.recursive(
    JSON, lambda each: st.lists(each, max_size=2) | st.dictionaries(fields, each, max_size=3), max_leaves=10
)


@given(st.dictionaries(fields, anything))
def test_anything_can_be_validated(spec):
    assert isinstance(validation.faults(spec), tuple)
