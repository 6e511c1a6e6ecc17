"""Inputs are read strictly, and errors point at what is wrong."""

import pytest

from crosshead.compose.functions import inputs
from crosshead.compose.functions.inputs import InputError
from tests.compose.functions.asking import request

ENTRY = inputs.struct("v1beta1.Entry", name=inputs.TEXT, count=inputs.COUNT, more=inputs.ANYTHING)
SHAPE = inputs.document("v1beta1.Input", on=inputs.BOOLEAN, entries=inputs.items(ENTRY), texts=inputs.maps(inputs.TEXT))
PREFIX = (
    "cannot get function input *v1beta1.Input from *v1.RunFunctionRequest: "
    "cannot unmarshal JSON from *structpb.Struct into *v1beta1.Input: json: cannot unmarshal JSON "
)


@pytest.mark.parametrize(
    "told",
    [
        pytest.param(None, id="none at all"),
        pytest.param({}, id="empty"),
        pytest.param({"apiVersion": "v1", "kind": "Input", "metadata": {"name": "x"}}, id="what every object has"),
        pytest.param({"on": True, "entries": [{"count": 2.0, "more": [1]}], "texts": {"a": "b"}}, id="everything"),
    ],
)
def test_an_input_that_fits_is_read(told):
    assert inputs.read(request(told), SHAPE) == (told or {})


def test_nulls_are_as_good_as_absent():
    told = {"on": None, "entries": [None, {"name": None}], "texts": {"a": None}}

    assert inputs.read(request(told), SHAPE) == {"entries": [{}, {}], "texts": {"a": None}}


@pytest.mark.parametrize(
    ("told", "complaint"),
    [
        pytest.param(
            {"nope": 1},
            'number into Go v1beta1.Input within "/nope": unknown object member name "nope"',
            id="unknown field",
        ),
        pytest.param({"on": "yes"}, 'string into Go bool within "/on"', id="text for a boolean"),
        pytest.param({"entries": {}}, 'object into Go []v1beta1.Entry within "/entries"', id="object for an array"),
        pytest.param({"entries": ["x"]}, 'string into Go v1beta1.Entry within "/entries/0"', id="text for a struct"),
        pytest.param({"entries": [{"count": 1.5}]}, 'number into Go uint64 within "/entries/0/count"', id="fraction"),
        pytest.param({"entries": [{"count": -1}]}, 'number into Go uint64 within "/entries/0/count"', id="negative"),
        pytest.param({"entries": [{"count": True}]}, 'boolean into Go uint64 within "/entries/0/count"', id="boolean"),
        pytest.param(
            {"entries": [{"count": float("inf")}]}, 'number into Go uint64 within "/entries/0/count"', id="infinity"
        ),
        pytest.param({"texts": []}, 'array into Go map[string]string within "/texts"', id="array for a map"),
        pytest.param({"texts": {"a": 1}}, 'number into Go string within "/texts/a"', id="number in a map"),
        pytest.param([1], "array into Go v1beta1.Input", id="no object at all"),
    ],
)
def test_an_input_that_does_not_fit_is_refused(told, complaint):
    with pytest.raises(InputError) as caught:
        inputs.read(request(told), SHAPE)

    assert str(caught.value) == PREFIX + complaint
