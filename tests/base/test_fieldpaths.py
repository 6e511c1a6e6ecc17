"""The tables of `tests/conformance` say what paths do; here are the laws, and what the tables leave out."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosshead.base import fieldpaths
from crosshead.base.fieldpaths import FieldPath, FieldPathError, NotFoundError
from tests.base.strategies import FIELDS, SEGMENTS, SETTLED

_IN_AN_ELEMENT = '"l[0][*]": cannot expand wildcards: "l[0]": unexpected wildcard usage'


@given(SEGMENTS)
def test_a_path_that_was_written_is_read_as_the_same(segments):
    path = FieldPath(tuple(segments))

    assert fieldpaths.parse(str(path)) == path


@given(st.text())
def test_any_text_is_a_path_or_a_field_path_error(text):
    with suppress(FieldPathError):
        assert fieldpaths.parse(text).text == text


@given(SETTLED, st.text(alphabet="ab[]*.01'"))
def test_reading_any_path_in_anything_fails_with_our_errors_only(obj, text):
    with suppress(FieldPathError):
        fieldpaths.expand(obj, text)
        fieldpaths.get(obj, text)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        pytest.param(".a", "unexpected '.' at position 0", id="a period at the beginning"),
        pytest.param("a..b", "unexpected '.' at position 2", id="two periods"),
        pytest.param("a.[0]", "unexpected '[' at position 2", id="a period before brackets"),
        pytest.param("a]", "unexpected ']' at position 1", id="brackets that nobody opened"),
        pytest.param("a[0", "unterminated '[' at position 1", id="brackets that nobody closes"),
        pytest.param("a[]", "unexpected ']' at position 2", id="nothing between brackets"),
    ],
)
def test_what_is_no_path_is_told_by_its_place(text, error):
    with pytest.raises(FieldPathError) as caught:
        fieldpaths.parse(text)

    assert str(caught.value) == error


def test_positions_are_counted_in_bytes():
    with pytest.raises(FieldPathError, match=r"^unexpected '\.' at position 4$"):
        fieldpaths.parse("é.a.")


def test_a_bracket_inside_brackets_is_not_expected():
    with pytest.raises(FieldPathError, match=r"^unexpected '\[' at position 3$"):
        fieldpaths.parse("a[b[c]]")


def test_a_field_called_star_stands_for_itself_once_it_was_found():
    obj = {"m": {"*": {"x": 1}}}

    assert fieldpaths.expand(obj, "m[*].x") == [FieldPath(("m", "*", "x"))]


@given(st.dictionaries(FIELDS, SETTLED, max_size=5))
def test_a_wildcard_stands_for_every_field(obj):
    assert [path.segments for path in fieldpaths.expand(obj, "[*]")] == [(key,) for key in obj]


@pytest.mark.parametrize(
    ("path", "places"),
    [
        pytest.param("l[*]", ["l[0]", "l[1]"], id="every element"),
        pytest.param("l[*].x", ["l[0].x"], id="only where the rest of the path is"),
        pytest.param("o.*.y", ["o[d.k].y"], id="every field, with or without brackets"),
        pytest.param("nothing[*]", [], id="nowhere"),
        pytest.param("l[0].x", ["l[0].x"], id="no wildcard"),
    ],
)
def test_a_wildcard_stands_for_what_is_there(path, places):
    obj = {"l": [{"x": 1}, {}], "o": {"d.k": {"y": 1}}, "n": None, "s": "text"}

    assert [str(place) for place in fieldpaths.expand(obj, path)] == places


@pytest.mark.parametrize(
    ("path", "error", "kind"),
    [
        pytest.param("s[*]", '"s": unexpected wildcard usage', FieldPathError, id="in a scalar"),
        pytest.param("n[*]", 'wildcard field "n" is not found in the path', NotFoundError, id="in nothing"),
        pytest.param("l[*][*]", _IN_AN_ELEMENT, FieldPathError, id="in what a wildcard stands for"),
    ],
)
def test_a_wildcard_where_nothing_can_be_is_an_error(path, error, kind):
    with pytest.raises(FieldPathError) as caught:
        fieldpaths.expand({"s": "text", "n": None, "l": [1]}, path)

    assert str(caught.value) == f'cannot expand wildcards for segments: "{path}": {error}'
    assert type(caught.value) is kind


@pytest.mark.parametrize(
    ("path", "error"),
    [
        pytest.param("l[1]", "l[1]: no such element", id="no such element"),
        pytest.param("l.x", "l: not an object", id="a field of an array"),
        pytest.param("o[0]", "o: not an array", id="an element of an object"),
        pytest.param("o.x.y", "o.x: no such field", id="no such field"),
        pytest.param("n.x", "n: expected map, got nil", id="a field of null"),
    ],
)
def test_a_path_that_leads_nowhere_is_told_as_far_as_it_leads(path, error):
    with pytest.raises(FieldPathError) as caught:
        fieldpaths.get({"l": [1], "o": {}, "n": None}, path)

    assert str(caught.value) == error


@pytest.mark.parametrize(
    ("shape", "value"),
    [("string", "a"), ("integer", 3), ("bool", False), ("stringArray", ["a"]), ("stringObject", {"a": "b"})],
)
def test_a_value_of_the_right_shape_is_returned(shape, value):
    assert fieldpaths.get_as({"v": value}, "v", shape) == value


@pytest.mark.parametrize(
    ("shape", "value", "complaint"),
    [
        pytest.param("string", 1, "not a string", id="a number for a string"),
        pytest.param("integer", 3.0, r"not a \(int64\) number", id="a double for an integer"),
        pytest.param("integer", True, r"not a \(int64\) number", id="a boolean for an integer"),
        pytest.param("bool", "true", "not a bool", id="a word for a boolean"),
        pytest.param("stringArray", ["a", 1], "not an array of strings", id="a mixed array"),
        pytest.param("stringArray", "a", "not an array", id="no array"),
        pytest.param("stringObject", {"a": 1}, "not an object with string field values", id="a mixed object"),
        pytest.param("stringObject", [], "not an object", id="no object"),
    ],
)
def test_a_value_of_another_shape_is_refused(shape, value, complaint):
    with pytest.raises(FieldPathError, match=f"^some.v: {complaint}$"):
        fieldpaths.get_as({"some": {"v": value}}, fieldpaths.parse("some.v"), shape)


def test_a_path_without_text_is_told_as_it_is_spelled():
    with pytest.raises(FieldPathError, match=r"^a\[0\]: not a string$"):
        fieldpaths.get_as({"a": [1]}, FieldPath(("a", 0)), "string")


def test_what_is_not_there_is_told_apart_from_what_cannot_be():
    with pytest.raises(NotFoundError):
        fieldpaths.get({}, "a.b")
    with pytest.raises(FieldPathError) as caught:
        fieldpaths.get({"a": 1}, "a.b")

    assert not isinstance(caught.value, NotFoundError)
