import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosshead.compose import shapes
from tests.base.strategies import JSON


@pytest.mark.parametrize(
    ("spec", "faults"),
    [
        pytest.param({}, [], id="nothing is of the right shape"),
        pytest.param([], ['spec: Invalid value: "[]interface {}": must be an object'], id="no object at all"),
        pytest.param(
            {"resources": {}},
            ['spec.resources: Invalid value: "map[string]interface {}": must be an array'],
            id="no array",
        ),
        pytest.param(
            {"resources": [None]},
            ['spec.resources[0]: Invalid value: "<nil>": must be an object'],
            id="null in an array",
        ),
        pytest.param(
            {"resources": [{"name": 1}]},
            ['spec.resources[0].name: Invalid value: "int64": must be a string'],
            id="a number for a name",
        ),
        pytest.param({"mode": None, "unknown": 1}, [], id="null and unknown fields"),
    ],
)
def test_what_is_of_another_type_is_told_with_its_path(spec, faults):
    assert [str(fault) for fault in shapes.COMPOSITION_SPEC(spec, "spec")] == faults


@pytest.mark.parametrize(
    ("transform", "path"),
    [
        ({"math": {"multiply": 1.5}}, "math.multiply"),
        ({"math": {"clampMin": True}}, "math.clampMin"),
        ({"string": {"regexp": {"group": "1"}}}, "string.regexp.group"),
        ({"match": {"patterns": [{"literal": 1}]}}, "match.patterns[0].literal"),
        ({"map": []}, "map"),
    ],
)
def test_the_types_inside_transforms_are_checked(transform, path):
    [fault] = shapes.TRANSFORM(transform, "")

    assert fault.path == path


def test_results_and_fallbacks_may_be_anything():
    transform = {"match": {"patterns": [{"result": {"a": [1]}}], "fallbackValue": 1.5}}

    assert list(shapes.TRANSFORM(transform, "")) == []


@given(JSON | st.dictionaries(st.sampled_from(["resources", "patchSets", "mode"]), JSON))
def test_anything_can_be_checked(spec):
    assert all(fault.path.startswith("spec") for fault in shapes.COMPOSITION_SPEC(spec, "spec"))


@pytest.mark.parametrize(
    ("value", "faults"),
    [
        pytest.param({"a": "b", "c": None}, [], id="texts, or null"),
        pytest.param({"a": "b", "c": 1}, ['x[c]: Invalid value: "int64": must be a string'], id="a number among them"),
        pytest.param([], ['x: Invalid value: "[]interface {}": must be an object'], id="no object"),
    ],
)
def test_an_object_of_any_names_has_values_of_one_shape(value, faults):
    assert list(map(str, shapes.values(shapes.TEXT)(value, "x"))) == faults
