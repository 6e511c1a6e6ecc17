"""Whether an apply would change anything."""

import pytest

from crosshead.base.applying import is_applied

OWNER = "apiextensions.crossplane.io/composite"


def observed(fields, **parts):
    entry = {"manager": OWNER, "operation": "Apply", "fieldsV1": fields}
    return {"metadata": {"name": "x", "managedFields": [entry]}, **parts}


SPEC = {"f:spec": {"f:size": {}}}
LABELS = {"f:metadata": {"f:labels": {".": {}, "f:a": {}}}}
KEYED = {"f:spec": {"f:refs": {'k:{"name":"a"}': {".": {}, "f:name": {}, "f:x": {}}}}}
SET = {"f:spec": {"f:tags": {'v:"a"': {}}}}
INDEXED = {"f:spec": {"f:list": {"i:0": {}}}}


@pytest.mark.parametrize(
    ("desired", "fields", "parts", "expected"),
    [
        pytest.param({"spec": {"size": 1}}, SPEC, {"spec": {"size": 1}}, True, id="the same field with the same value"),
        pytest.param({"spec": {"size": 2}}, SPEC, {"spec": {"size": 1}}, False, id="another value"),
        pytest.param({"spec": {"size": True}}, SPEC, {"spec": {"size": 1}}, False, id="true is not one"),
        pytest.param(
            {"spec": {"size": 1}}, SPEC, {"spec": {"size": 1, "b": 2}}, True, id="fields of others do not matter"
        ),
        pytest.param({"spec": {}}, SPEC, {"spec": {"size": 1}}, False, id="a field we no longer want would be removed"),
        pytest.param({"spec": {"size": 1, "b": 2}}, SPEC, {"spec": {"size": 1}}, False, id="a field is missing"),
        pytest.param(
            {"spec": {"size": {"a": 1}}}, SPEC, {"spec": {"size": 1}}, False, id="an object instead of a scalar"
        ),
        pytest.param(
            {"spec": {"size": 1}},
            {"f:spec": {"f:size": {"f:a": {}}}},
            {"spec": {"size": 1}},
            False,
            id="a scalar instead of an object",
        ),
        pytest.param(
            {"metadata": {"name": "x", "uid": "u", "labels": {"a": "b"}}}, LABELS, {}, False, id="no label yet"
        ),
        pytest.param(
            {"spec": {"refs": [{"name": "a", "x": 1}]}},
            KEYED,
            {"spec": {"refs": [{"name": "b"}, {"name": "a", "x": 1}]}},
            True,
            id="elements of others in a keyed list",
        ),
        pytest.param(
            {"spec": {"refs": []}}, KEYED, {"spec": {"refs": []}}, False, id="a keyed element we no longer want"
        ),
        pytest.param({"spec": {"refs": "a"}}, KEYED, {"spec": {"refs": "a"}}, False, id="a string is no list"),
        pytest.param({"spec": {"refs": ["a"]}}, KEYED, {"spec": {"refs": ["a"]}}, False, id="a scalar has no keys"),
        pytest.param(
            {"spec": {"tags": ["a"]}}, SET, {"spec": {"tags": ["b", "a"]}}, True, id="values of others in a set"
        ),
        pytest.param({"spec": {"tags": ["b"]}}, SET, {"spec": {"tags": ["a"]}}, False, id="another value in a set"),
        pytest.param({"spec": {"list": [1]}}, INDEXED, {"spec": {"list": [1]}}, True, id="an element by its index"),
        pytest.param(
            {"spec": {"list": [1]}}, INDEXED, {"spec": {"list": [1, 2]}}, False, id="an atomic list is one value"
        ),
        pytest.param({"spec": {"list": []}}, INDEXED, {"spec": {"list": []}}, False, id="an index beyond the end"),
    ],
)
def test_an_apply_changes_nothing_only_when_all_is_there_and_no_more_is_ours(desired, fields, parts, expected):
    assert is_applied({"apiVersion": "v1", "kind": "K", **desired}, observed(fields, **parts), OWNER) is expected


def test_labels_are_compared_and_the_identity_is_not():
    desired = {"metadata": {"name": "x", "labels": {"a": "b"}}}
    there = {"metadata": {**observed(LABELS)["metadata"], "labels": {"a": "b"}}}

    assert is_applied(desired, there, OWNER)


def test_the_prefix_of_a_generated_name_is_owned_like_any_field():
    fields = {"f:metadata": {"f:generateName": {}}}
    there = {"metadata": {**observed(fields)["metadata"], "generateName": "x-"}}

    assert is_applied({"metadata": {"name": "x", "generateName": "x-"}}, there, OWNER)
    assert not is_applied({"metadata": {"name": "x"}}, there, OWNER)


@pytest.mark.parametrize(
    "metadata",
    [
        pytest.param({}, id="nobody has applied anything"),
        pytest.param(
            {"managedFields": [{"manager": "kubectl", "operation": "Apply", "fieldsV1": SPEC}]}, id="somebody else"
        ),
        pytest.param({"managedFields": [{"manager": OWNER, "operation": "Update", "fieldsV1": SPEC}]}, id="by update"),
    ],
)
def test_what_we_have_not_applied_is_not_applied(metadata):
    assert not is_applied({"spec": {"size": 1}}, {"metadata": metadata, "spec": {"size": 1}}, OWNER)
