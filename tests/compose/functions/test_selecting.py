"""Objects are selected by labels and sorted by a field, or it is said why not."""

import pytest

from crosshead.compose.functions import selecting
from crosshead.compose.functions.selecting import SelectingError
from crosshead.compose.protocol import Resource
from tests.compose.functions.asking import XR


def by(*matchers):
    return {"type": "Selector", "selector": {"matchLabels": list(matchers)}}


def label(key="k", **more):
    return {"key": key, **more}


FROM_ENV = {"type": "FromCompositeFieldPath", "valueFromFieldPath": "spec.env"}


@pytest.mark.parametrize(
    ("source", "labels"),
    [
        pytest.param(by(), {}, id="none"),
        pytest.param({"selector": {}}, {}, id="no matchers"),
        pytest.param(by(label(type="Value", value="v")), {"k": "v"}, id="a value"),
        pytest.param(by(label(**FROM_ENV)), {"k": "prod"}, id="from the composite"),
        pytest.param(
            by(label(valueFromFieldPath="spec.env")), {"k": "prod"}, id="from the composite unless it is said"
        ),
        pytest.param(by(label(type="Else")), {}, id="of a type that nobody knows"),
        pytest.param(
            by(label(valueFromFieldPath="spec.n", fromFieldPathPolicy="Optional")), {}, id="no text, optional"
        ),
    ],
)
def test_labels_come_from_matchers(source, labels):
    assert selecting.labels(source, XR) == labels


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        (by(label(type="Value")), "Value cannot be nil for type 'Value'"),
        (by(None), "ValueFromFieldPath cannot be nil for type 'FromCompositeFieldPath'"),
        (by(label(valueFromFieldPath="spec.no")), 'cannot get value from field path "spec.no": spec.no: no such field'),
        ({}, "selector cannot be nil for type 'Selector'"),
    ],
)
def test_a_matcher_that_cannot_be_used_is_refused(source, complaint):
    with pytest.raises(SelectingError) as caught:
        selecting.labels(source, XR)

    assert str(caught.value) == complaint


def test_a_reference_needs_a_name():
    assert selecting.reference({"ref": {"name": "a"}}) == "a"
    assert selecting.reference({"ref": {}}) == ""
    with pytest.raises(SelectingError, match="ref cannot be nil"):
        selecting.reference({})


def found(*values):
    return [Resource({"metadata": {"name": str(index)}, "w": value}) for index, value in enumerate(values)]


@pytest.mark.parametrize(
    ("values", "order"),
    [
        pytest.param([2, 10, 1], "201", id="numbers"),
        pytest.param(["b", "a"], "10", id="texts"),
        pytest.param([1, None, -1], "210", id="null counts as zero"),
        pytest.param(["b", None], "10", id="null counts as no text"),
        pytest.param([None, None], "01", id="nothing to sort by"),
        pytest.param([[1]], "0", id="one alone"),
        pytest.param([], "", id="none"),
    ],
)
def test_objects_are_sorted(values, order):
    ordered = selecting.sort(found(*values), {"selector": {"sortByFieldPath": "w"}})

    assert "".join(one.resource["metadata"]["name"] for one in ordered) == order


@pytest.mark.parametrize(
    ("values", "path", "complaint"),
    [
        ([1, "a"], "w", 'cannot sort values of different types "float64" and "string"'),
        ([True, False], "w", 'unsupported type "bool" for sorting'),
        ([1], "w..x", "cannot parse path \"w..x\": unexpected '.' at position 2"),
    ],
)
def test_what_cannot_be_sorted_is_refused(values, path, complaint):
    with pytest.raises(SelectingError) as caught:
        selecting.sort(found(*values), {"selector": {"sortByFieldPath": path}})

    assert str(caught.value) == complaint


def test_what_none_has_sorts_nothing():
    ordered = selecting.sort(found(2, 1), {"selector": {"sortByFieldPath": "spec.no"}})

    assert [one.resource["w"] for one in ordered] == [2, 1]


def test_only_so_many_are_taken():
    ordered = selecting.sort(found(3, 2, 1), {"selector": {"maxMatch": 2.0}})

    assert [one.resource["w"] for one in ordered] == [3, 2]
