import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosshead.base import gostructs
from crosshead.base.gostructs import Anything, Boolean, DecodeError, Integer, Map, Slice, Struct, Text
from tests.base.strategies import JSON

INNER = Struct("v1.Inner", {"size": Integer(), "name": Text("v1.Name")})
OUTER = Struct(
    "v1.Outer",
    {
        "inner": INNER,
        "many": Slice(INNER),
        "words": Slice(Text()),
        "truths": Slice(Boolean()),
        "count": Integer("uint64", 0, 2**64 - 1),
        "sizes": Slice(Integer("int")),
        "nested": Slice(Slice(Text())),
        "raw": Anything(),
        "raws": Slice(Anything()),
        "labels": Map(Text()),
        "pairs": Map(Anything(), "v1.Pairs"),
    },
)
LENIENT = Struct("v1.Lenient", {"size": Integer()}, is_strict=False)


@pytest.mark.parametrize(
    ("told", "decoded"),
    [
        pytest.param({}, {}, id="nothing"),
        pytest.param({"inner": {"size": 1, "name": "x"}}, {"inner": {"size": 1, "name": "x"}}, id="a struct"),
        pytest.param({"inner": {"size": 2.0}}, {"inner": {"size": 2}}, id="an integer that came as a double"),
        pytest.param({"inner": {"size": -7}}, {"inner": {"size": -7}}, id="a negative integer"),
        pytest.param({"inner": None}, {}, id="null is the zero value"),
        pytest.param({"many": [None, {"size": None}]}, {"many": [{}, {}]}, id="null among structs"),
        pytest.param({"words": ["a", None]}, {"words": ["a", ""]}, id="null among words"),
        pytest.param({"truths": [True, None]}, {"truths": [True, False]}, id="null among truths"),
        pytest.param({"count": 2**63}, {"count": 9223372036854776000}, id="an integer without a sign"),
        pytest.param({"sizes": [1, None]}, {"sizes": [1, 0]}, id="null among numbers"),
        pytest.param({"nested": [None, ["a"]]}, {"nested": [[], ["a"]]}, id="null among arrays"),
        pytest.param({"raw": [1, {"a": None}]}, {"raw": [1, {"a": None}]}, id="anything stays as it is"),
        pytest.param({"labels": {"b": "c"}}, {"labels": {"b": "c"}}, id="a map"),
        pytest.param({"pairs": {"a": None, "b": 1.5}}, {"pairs": {"a": None, "b": 1.5}}, id="null in a map stays"),
    ],
)
def test_what_fits_is_decoded(told, decoded):
    assert gostructs.decode(OUTER, told) == decoded


@pytest.mark.parametrize(
    ("told", "words"),
    [
        pytest.param({"x": 1}, 'cannot unmarshal Go value of type v1.Outer: unknown name "x"', id="no such field"),
        pytest.param(
            {"inner": {"b": 1, "a": 1}}, 'unmarshal Go value of type v1.Inner: unknown name "a"', id="by name"
        ),
        pytest.param("x", "cannot unmarshal JSON string into Go value of type v1.Outer", id="no struct"),
        pytest.param({"inner": []}, "cannot unmarshal JSON array into Go value of type v1.Inner", id="an array"),
        pytest.param({"many": {}}, "cannot unmarshal JSON object into Go value of type []v1.Inner", id="no array"),
        pytest.param({"raws": True}, "JSON boolean into Go value of type []interface {}", id="no array of anything"),
        pytest.param({"nested": 1}, "JSON number into Go value of type [][]string", id="no array of arrays"),
        pytest.param({"labels": "x"}, "JSON string into Go value of type map[string]string", id="no map"),
        pytest.param({"pairs": "x"}, "JSON string into Go value of type v1.Pairs", id="no map with a name"),
        pytest.param({"labels": {"a": 1}}, "JSON number into Go value of type string", id="no text"),
        pytest.param({"inner": {"name": 1}}, "JSON number into Go value of type v1.Name", id="no text of that type"),
        pytest.param({"truths": [1]}, "JSON number into Go value of type bool", id="no truth"),
        pytest.param(
            {"count": -1},
            'JSON number into Go value of type uint64: cannot parse "-1" as signed integer: value out of range',
            id="a sign where there is none",
        ),
        pytest.param({"inner": {"size": "1"}}, "JSON string into Go value of type int64", id="no number"),
        pytest.param({"inner": {"size": True}}, "JSON boolean into Go value of type int64", id="a boolean is none"),
        pytest.param(
            {"sizes": [1.5]},
            'JSON number into Go value of type int: cannot parse "1.5" as signed integer: invalid syntax',
            id="a fraction",
        ),
        pytest.param(
            {"inner": {"size": 1e21}}, 'cannot parse "1e+21" as signed integer: invalid syntax', id="an exponent"
        ),
        pytest.param(
            {"inner": {"size": 2**63 - 1}},
            'cannot parse "9223372036854776000" as signed integer: value out of range',
            id="what a double makes of the largest integer",
        ),
        pytest.param({"inner": {"size": 10**400}}, "JSON number into Go value of type int64", id="beyond doubles"),
        pytest.param({"inner": {"size": math.inf}}, "JSON number into Go value of type int64", id="infinite"),
    ],
)
def test_what_does_not_fit_is_refused_as_go_refuses_it(told, words):
    with pytest.raises(DecodeError) as caught:
        gostructs.decode(OUTER, told)

    assert str(caught.value).startswith("json: ")
    assert str(caught.value).endswith(words)


@pytest.mark.parametrize(
    ("told", "where"),
    [
        ("x", ("", "string", "v1.Outer", "")),
        ({"many": [{}, {"size": "x"}]}, ("/many/1/size", "string", "int64", "")),
        ({"labels": {"a/b": 1}}, ("/labels/a/b", "number", "string", "")),
        ({"inner": {"nope": True}}, ("/inner/nope", "boolean", "v1.Inner", "nope")),
    ],
)
def test_the_place_of_a_mistake_is_known(told, where):
    with pytest.raises(DecodeError) as caught:
        gostructs.decode(OUTER, told)

    error = caught.value
    assert (error.path, error.kind, error.go_type, error.unknown) == where


def test_the_first_mistake_by_name_is_told():
    with pytest.raises(DecodeError, match=r"JSON number into Go value of type v1\.Inner"):
        gostructs.decode(OUTER, {"many": "x", "inner": 1})


def test_a_lenient_struct_takes_no_notice_of_other_fields():
    assert gostructs.decode(LENIENT, {"size": 1, "more": 2}) == {"size": 1}


def answer(told):
    try:
        return gostructs.decode(OUTER, told)
    except DecodeError as error:
        return str(error)


@given(st.dictionaries(st.sampled_from([*OUTER.fields, "x"]), JSON))
def test_whatever_comes_is_decoded_or_refused(told):
    first = answer(told)

    assert isinstance(first, str) or answer(first) == first
