import math

import pytest

from crosshead.base.encoding import NotJsonError
from crosshead.compose.functions import patch_and_transform_reading as reading
from crosshead.compose.functions.patch_and_transform_reading import InputError
from crosshead.compose.patches import Direction

PATCH = {"fromFieldPath": "spec.a", "toFieldPath": "spec.b"}
COMBINE = {"strategy": "string", "string": {"fmt": "%s"}, "variables": [{"fromFieldPath": "spec.a"}]}
DECODING = (
    "cannot get Function input: cannot get function input *v1beta1.Resources from *v1.RunFunctionRequest:"
    " cannot unmarshal JSON from *structpb.Struct into *v1beta1.Resources: json: "
)


def one(**template):
    [read] = reading.read({"resources": [{"name": "r", **template}]}).templates
    return read


def environment(*patches):
    return reading.read({"environment": {"patches": list(patches)}}).environment


@pytest.mark.parametrize(
    ("told", "words"),
    [
        pytest.param(
            {"bogus": 1},
            DECODING + 'cannot unmarshal Go value of type v1beta1.Resources: unknown name "bogus"',
            id="a field that nobody knows",
        ),
        pytest.param(
            {"resources": [{"patches": [{"policy": {"mergeOptions": {}}}]}]},
            DECODING + 'cannot unmarshal Go value of type v1beta1.PatchPolicy: unknown name "mergeOptions"',
            id="a field of Resources mode",
        ),
        pytest.param(
            {"patchSets": [{"patches": [{"patchSetName": "x"}]}]},
            DECODING + 'cannot unmarshal Go value of type v1beta1.PatchSetPatch: unknown name "patchSetName"',
            id="a set that refers to a set",
        ),
        pytest.param(
            {"metadata": {"labels": {"a": 1}}},
            DECODING + "cannot unmarshal JSON number into Go value of type string",
            id="a label that is none",
        ),
        pytest.param(
            {},
            "invalid Function input: resources: Required value: resources or environment patches are required",
            id="nothing",
        ),
        pytest.param(
            {"resources": [None]},
            "invalid Function input: resources[0].name: Required value: name is required",
            id="null for a resource",
        ),
        pytest.param(
            {"resources": [{"name": "r", "patches": [{"type": "PatchSet", "patchSetName": "zzz"}]}]},
            "cannot resolve PatchSets: cannot find PatchSet by name zzz",
            id="a set that is not there",
        ),
    ],
)
def test_an_input_that_cannot_be_used_is_refused_in_the_functions_words(told, words):
    with pytest.raises(InputError) as caught:
        reading.read(told)

    assert str(caught.value) == words


@pytest.mark.parametrize(
    ("told", "fault"),
    [
        pytest.param({"base": {"kind": "K"}}, "", id="a base"),
        pytest.param({}, "", id="none"),
        pytest.param({"base": None}, "", id="null is none"),
        pytest.param({"base": {"a": 1}}, """Object 'Kind' is missing in '{"a":1}'""", id="no kind"),
        pytest.param({"base": {"kind": 3}}, """Object 'Kind' is missing in '{"kind":3}'""", id="a kind that is none"),
        pytest.param(
            {"base": "x"}, "json: cannot unmarshal string into Go value of type map[string]interface {}", id="text"
        ),
        pytest.param(
            {"base": [1]}, "json: cannot unmarshal array into Go value of type map[string]interface {}", id="a list"
        ),
        pytest.param(
            {"base": True}, "json: cannot unmarshal bool into Go value of type map[string]interface {}", id="a boolean"
        ),
        pytest.param(
            {"base": 1.5}, "json: cannot unmarshal number into Go value of type map[string]interface {}", id="a number"
        ),
    ],
)
def test_a_base_that_is_none_waits_for_its_turn(told, fault):
    assert one(**told).fault == fault


def test_a_base_has_the_numbers_that_protobuf_leaves():
    base = {"kind": "K", "whole": 2.0, "large": 2**53 + 1, "half": 0.5}

    assert repr(one(base=base).base) == repr({"kind": "K", "whole": 2, "large": 2**53, "half": 0.5})


def test_a_base_that_json_cannot_express_is_an_error():
    with pytest.raises(NotJsonError):
        one(base={"kind": "K", "x": math.inf})


def test_a_draft_is_a_copy():
    template = one(base={"kind": "K", "spec": {"list": [1]}})

    template.draft()["spec"]["list"].append(2)

    assert template.base == {"kind": "K", "spec": {"list": [1]}}


def test_the_patches_of_a_set_are_put_in_place():
    sets = [{"name": "s", "patches": [{"fromFieldPath": "b"}]}]
    patches = [{"fromFieldPath": "a"}, {"type": "PatchSet", "patchSetName": "s"}]

    [template] = reading.read({"patchSets": sets, "resources": [{"name": "r", "patches": patches}]}).templates

    assert [str(patch.source) for patch in template.patches] == ["a", "b"]


@pytest.mark.parametrize(
    ("kind", "direction"),
    [
        ("FromCompositeFieldPath", Direction.FROM_COMPOSITE),
        ("ToEnvironmentFieldPath", Direction.FROM_COMPOSITE),
        ("ToCompositeFieldPath", Direction.TO_COMPOSITE),
        ("FromEnvironmentFieldPath", Direction.TO_COMPOSITE),
    ],
)
def test_the_environment_is_patched_from_and_to_the_composite_only(kind, direction):
    [patch] = environment({"type": kind, **PATCH})

    assert (patch.type, patch.direction) == (kind, direction)


@pytest.mark.parametrize(
    ("policy", "is_required"), [({}, False), ({"fromFieldPath": "Optional"}, False), ({"fromFieldPath": "Nope"}, True)]
)
def test_a_combination_for_the_environment_is_optional_only_by_that_word(policy, is_required):
    told = {"type": "CombineFromComposite", "toFieldPath": "x", "combine": COMBINE, "policy": policy}

    [patch] = environment(told)

    assert patch.is_required is is_required


@pytest.mark.parametrize(
    ("check", "sees_doubles"),
    [
        ({"type": "MatchInteger", "fieldPath": "a", "matchInteger": 1}, True),
        ({"type": "MatchString", "fieldPath": "a", "matchString": "b"}, False),
        ({"type": "None"}, False),
    ],
)
def test_doubles_matter_to_checks_of_integers_only(check, sees_doubles):
    assert one(readinessChecks=[check]).sees_doubles is sees_doubles
