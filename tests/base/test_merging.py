"""The table of `tests/conformance` has the corners; here are the laws, and what the table leaves out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosshead.base import merging
from crosshead.base.merging import MergeError, MergeOptions
from tests.base.strategies import SETTLED

REPLACE, KEEP = MergeOptions(), MergeOptions(keep_map_values=True)
APPEND = MergeOptions(append_slice=True)
flat = st.dictionaries(st.text(max_size=2), st.integers(1), max_size=4)


@pytest.mark.parametrize(
    ("raw", "options"),
    [
        pytest.param(None, None, id="no options replace"),
        pytest.param({}, REPLACE, id="empty options merge"),
        pytest.param({"keepMapValues": True, "appendSlice": True}, MergeOptions(True, True), id="both"),  # noqa: FBT003
    ],
)
def test_options_are_read_from_a_policy(raw, options):
    assert merging.read_options(raw) == options


@given(flat, flat)
def test_merging_objects_keeps_every_key(old, new):
    assert merging.merge(old, new, REPLACE) == old | new
    assert merging.merge(old, new, KEEP) == new | old


@given(flat, flat, flat)
def test_merging_is_associative_for_objects_of_scalars(one, two, three):
    left = merging.merge(merging.merge(one, two, REPLACE), three, REPLACE)

    assert left == merging.merge(one, merging.merge(two, three, REPLACE), REPLACE)


@given(SETTLED)
def test_null_is_replaced_and_replaces(value):
    assert merging.merge(None, value, KEEP) == value
    assert merging.merge(value, None, KEEP) is None


def test_neither_side_is_changed():
    old, new = {"a": {"b": [1]}}, {"a": {"b": [2], "c": 3}}

    merged = merging.merge(old, new, APPEND)

    assert merged == {"a": {"b": [1, 2], "c": 3}}
    assert old == {"a": {"b": [1]}}
    assert new == {"a": {"b": [2], "c": 3}}


@pytest.mark.parametrize(
    ("old", "new", "merged"),
    [
        pytest.param([], [], None, id="nothing appended to nothing is null, as in Go"),
        pytest.param([], [1], [1], id="something to nothing"),
        pytest.param([1], [], [1], id="nothing to something"),
        pytest.param({"a": []}, {"a": []}, {"a": []}, id="below the top nothing is nothing"),
    ],
)
def test_appending_to_or_from_an_empty_list(old, new, merged):
    assert merging.merge(old, new, APPEND) == merged


def test_a_list_cannot_be_appended_to_something_else():
    with pytest.raises(MergeError, match=r"^cannot append two slices with different type \(\[\]interface {}, bool\)$"):
        merging.merge({"a": True}, {"a": [1]}, APPEND)


@pytest.mark.parametrize(
    ("old", "new", "options", "merged"),
    [
        pytest.param([1, 2], [2, 3, 3], APPEND, [1, 2, 3, 3], id="what is there already is not appended"),
        pytest.param({"l": [1]}, {"l": [1]}, APPEND, {"l": [1, 1]}, id="inside objects it is"),
        pytest.param({"a": 1}, {"a": None}, REPLACE, {"a": None}, id="a null replaces"),
        pytest.param({"a": 1}, {"a": None, "b": None}, KEEP, {"a": 1}, id="unless values are kept"),
        pytest.param({"a": None}, {"a": {"b": 1}}, KEEP, {"a": {"b": 1}}, id="a null is filled"),
        pytest.param({}, {"a": None}, KEEP, {"a": None}, id="an empty object gives way"),
        pytest.param("", "new", KEEP, "new", id="empty text is filled"),
        pytest.param("old", "new", KEEP, "old", id="a scalar is kept"),
        pytest.param(None, [1], APPEND, [1], id="nothing is replaced"),
        pytest.param([1], {"a": 1}, APPEND, {"a": 1}, id="an object replaces a list"),
    ],
)
def test_values_merge_as_mergo_merges_them(old, new, options, merged):
    assert merging.merge(old, new, options) == merged


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        pytest.param(1, 1.0, False, id="an integer is not a double"),
        pytest.param(1, True, False, id="one is not true"),
        pytest.param({"a": [1]}, {"a": [1]}, True, id="deeply the same"),
        pytest.param({"a": [1]}, {"a": [1.0]}, False, id="deeply different"),
        pytest.param({"a": 1}, {"b": 1}, False, id="other keys"),
        pytest.param([1], [1, 2], False, id="other lengths"),
    ],
)
def test_values_are_the_same_if_go_says_so(one, other, expected):
    assert merging.same(one, other) is expected
