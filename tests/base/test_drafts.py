"""The tables of `tests/conformance` say what becomes of drafts; here are the laws."""

from contextlib import suppress
from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosshead.base import drafts, fieldpaths
from crosshead.base.drafts import UnwritableError
from crosshead.base.fieldpaths import FieldPath, FieldPathError
from crosshead.base.merging import MergeOptions
from tests.base.strategies import INDEXES, JSON, OBJECTS, SEGMENTS, SETTLED

fresh_paths = SEGMENTS.filter(lambda segments: isinstance(segments[0], str)).map(lambda s: FieldPath(tuple(s)))
options = st.none() | st.builds(MergeOptions, st.booleans(), st.booleans())


@given(fresh_paths, SETTLED)
def test_what_was_put_somewhere_is_there(path, value):
    draft = {}

    drafts.assign(draft, path, value)

    assert fieldpaths.get(draft, path) == value


@given(fresh_paths, SETTLED)
def test_what_was_removed_is_gone(path, value):
    draft = {}
    drafts.assign(draft, path, value)

    drafts.remove(draft, path)

    with pytest.raises(fieldpaths.NotFoundError):
        fieldpaths.get(draft, path)


@given(OBJECTS, st.text(alphabet="ab[]*.01'"), JSON, options)
def test_whatever_is_done_to_a_draft_fails_with_our_errors_only(draft, text, value, options):
    with suppress(FieldPathError):
        drafts.remove(draft, text)
        drafts.merge(draft, text, value, options)


@given(SETTLED, options)
def test_merging_a_value_into_itself_twice_is_merging_it_once(value, options):
    once = {"v": deepcopy(value)}
    drafts.merge(once, "v", value, options)
    twice = deepcopy(once)

    drafts.merge(twice, "v", value, options)

    # Lists inside grow, and nothing appended to nothing is null.
    is_odd = options is not None and options.append_slice and (isinstance(value, dict) or value == [])
    assert is_odd or twice == once


@given(INDEXES)
def test_an_array_is_padded_with_null(index):
    draft = {}

    drafts.assign(draft, FieldPath(("a", index)), 1)

    assert draft == {"a": [None] * index + [1]}


def test_what_is_put_into_a_draft_is_not_shared_with_it():
    value = {"b": [1]}
    draft = {}
    drafts.assign(draft, "a", value)

    drafts.assign(draft, "a.b[0]", 2)

    assert value == {"b": [1]}


@pytest.mark.parametrize("path", ["a", "a.b"])
def test_a_value_that_json_cannot_express_is_refused(path):
    with pytest.raises(UnwritableError, match=r"^cannot marshal value to JSON: json: unsupported value: NaN$"):
        drafts.assign({}, path, float("nan"))


@pytest.mark.parametrize(
    ("path", "error"),
    [
        pytest.param("a[1025]", "index 1025 is greater than max allowed index 1024", id="too large an index"),
        pytest.param("s.x", "s is not an object", id="a field of a scalar"),
        pytest.param("s[0]", "s is not an array", id="an element of a scalar"),
        pytest.param("n.x", "n is not an object", id="a field of null"),
        pytest.param("[0]", " is not an array", id="an element of the object itself"),
        pytest.param("a..b", "cannot parse path \"a..b\": unexpected '.' at position 2", id="no path"),
    ],
)
def test_where_nothing_can_be_put_the_draft_stays_as_it_is(path, error):
    draft = {"s": "x", "n": None}

    with pytest.raises(FieldPathError) as caught:
        drafts.assign(draft, path, 1)

    assert str(caught.value) == error
    assert draft == {"s": "x", "n": None}


def test_an_array_that_is_too_short_grows():
    draft = {"a": [1], "b": [None]}

    drafts.assign(draft, "a[2].x", 2)
    drafts.assign(draft, "b[0].x", 3)

    assert draft == {"a": [1, None, {"x": 2}], "b": [{"x": 3}]}


def test_a_field_that_is_removed_is_gone():
    draft = {"a": {"b": 1, "c": 2}}

    drafts.remove(draft, "a.b")

    assert draft == {"a": {"c": 2}}


def test_a_value_is_merged_into_what_is_there_or_into_nothing():
    draft = {"a": {"b": 1}}

    drafts.merge(draft, "a", {"c": 2}, MergeOptions())
    drafts.merge(draft, "new", {"d": 3}, MergeOptions())

    assert draft == {"a": {"b": 1, "c": 2}, "new": {"d": 3}}


def test_an_element_that_is_removed_leaves_no_gap():
    draft = {"a": [1, 2, 3]}

    drafts.remove(draft, "a[1]")
    drafts.remove(draft, "")

    assert draft == {"a": [1, 3]}


def test_a_removal_of_an_element_from_no_array_is_refused():
    with pytest.raises(FieldPathError, match=r"^cannot delete a\[0\]: not an array$"):
        drafts.remove({"a": {}}, "a[0]")


def test_the_empty_path_changes_nothing():
    draft = {"a": 1}

    drafts.assign(draft, "", 2)

    assert draft == {"a": 1}


def test_values_that_do_not_merge_leave_the_draft_as_it_is():
    draft = {"a": "x"}

    with pytest.raises(FieldPathError, match=r"^failed to merge values: cannot append two slices"):
        drafts.merge(draft, "a", [1], MergeOptions(append_slice=True))

    assert draft == {"a": "x"}


def test_without_options_a_value_takes_the_place_of_the_old_one():
    draft = {"a": {"b": 1}}

    drafts.merge(draft, "a", {"c": 2}, None)

    assert draft == {"a": {"c": 2}}


def test_nothing_is_removed_from_what_is_not_there():
    draft = {"a": []}

    drafts.remove(draft, "a[3].b")
    drafts.remove(draft, "c.d")
    drafts.remove(draft, "e")

    assert draft == {"a": []}


def test_a_path_through_something_else_is_refused_when_removing():
    with pytest.raises(FieldPathError, match=r"^a is not an object$"):
        drafts.remove({"a": 1}, "a.b.c")
