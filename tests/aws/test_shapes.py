from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosshead.aws.shapes import (
    FLAG,
    FLAG_TEXT,
    NUMBER,
    NUMBER_TEXT,
    TEXT,
    Block,
    Member,
    Shape,
    Texts,
    decode,
    encode,
    matches,
    plain,
)

RULE = Block((Member("status", "Status", TEXT), Member("days", "Days", NUMBER), Member("on", "On", FLAG)))
ONE = Block(RULE.members, single=True)
NESTED = Block((Member("rule", "Rule", ONE), Member("names", "Names", Texts(within="Name"))))


@pytest.mark.parametrize(
    ("shape", "ours", "theirs"),
    [
        pytest.param(TEXT, "a", "a", id="a text"),
        pytest.param(NUMBER, 20.0, 20, id="a whole number"),
        pytest.param(NUMBER, 0.5, 0.5, id="half a unit"),
        pytest.param(FLAG, True, True, id="a flag"),
        pytest.param(FLAG_TEXT, "false", False, id="a flag written as a text"),
        pytest.param(Texts(), ["a", "b"], ["a", "b"], id="a set"),
        pytest.param(Texts(within="Item"), ["a"], {"Item": ["a"]}, id="a set within a structure"),
        pytest.param(Texts(each="Item"), ["a"], [{"Item": "a"}], id="a set of structures"),
        pytest.param(RULE, [{"status": "x"}, {"days": 3}], [{"Status": "x"}, {"Days": 3}], id="blocks"),
        pytest.param(ONE, [{"status": "x", "on": False}], {"Status": "x", "On": False}, id="a single block"),
        pytest.param(
            NESTED,
            [{"rule": [{"days": 1}], "names": ["a"]}],
            [{"Rule": {"Days": 1}, "Names": {"Name": ["a"]}}],
            id="blocks in blocks",
        ),
    ],
)
def test_values_pass_to_aws_and_back(shape: Shape, ours: Any, theirs: Any) -> None:
    assert encode(shape, ours) == theirs
    assert decode(shape, theirs) == ours


def test_a_single_block_may_be_given_as_an_object() -> None:
    assert encode(ONE, {"status": "x"}) == encode(ONE, [{"status": "x"}])


def test_no_block_is_an_empty_one() -> None:
    assert encode(ONE, []) == {}


def test_a_set_is_shown_sorted_and_a_list_as_it_is() -> None:
    assert decode(Texts(), ["b", "a"]) == ["a", "b"]
    assert decode(Texts(ordered=True), ["b", "a"]) == ["b", "a"]


def test_what_aws_does_not_say_is_not_known() -> None:
    assert decode(RULE, None) is None


@pytest.mark.parametrize(
    ("shape", "declared", "found", "same"),
    [
        pytest.param(NUMBER, 20, 20.0, True, id="20 and 20.0"),
        pytest.param(NUMBER, 20, None, False, id="nothing is no number"),
        pytest.param(FLAG_TEXT, True, "true", True, id="true and its text"),
        pytest.param(NUMBER_TEXT, "20", 20, True, id="a number and its text"),
        pytest.param(NUMBER_TEXT, "many", 20, False, id="a text that is no number"),
        pytest.param(TEXT, "a", "A", False, id="case counts"),
        pytest.param(Texts(), ["b", "a"], ["a", "b"], True, id="a set has no order"),
        pytest.param(Texts(ordered=True), ["b", "a"], ["a", "b"], False, id="a list has"),
        pytest.param(RULE, [{"status": "x"}], [{"status": "x", "days": 1}], True, id="members that were left out"),
        pytest.param(RULE, [{"status": "x"}], [{"status": "y"}], False, id="another member"),
        pytest.param(RULE, [{"on": False}], [{}], True, id="AWS leaves out what is false"),
        pytest.param(RULE, [{"on": True}], [{}], False, id="true is never left out"),
        pytest.param(RULE, [{"days": 1}, {"days": 2}], [{"days": 2}, {"days": 1}], True, id="blocks in another order"),
        pytest.param(RULE, [{"days": 1}], [{"days": 1}, {"days": 2}], False, id="one block too many"),
        pytest.param(ONE, {"days": 1}, [{"days": 1}], True, id="an object and a list of one"),
    ],
)
def test_matching(shape: Shape, declared: Any, found: Any, *, same: bool) -> None:
    assert matches(shape, declared, found, {}) is same


def test_a_member_may_compare_in_its_own_way() -> None:
    odd = Block((Member("key", "Key", TEXT, same=lambda mine, theirs, _: theirs.endswith(mine)),))

    assert matches(odd, [{"key": "k"}], [{"key": "arn:k"}], {})


def test_json_has_no_times_and_no_tuples() -> None:
    found = plain({"at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), "of": ("a", "b")})

    assert found == {"at": "2026-01-02T03:04:05Z", "of": ["a", "b"]}


@given(st.lists(st.fixed_dictionaries({}, optional={"status": st.text(min_size=1), "days": st.integers(1, 9)})))
def test_what_was_sent_and_read_back_is_the_same(rules: list[dict[str, Any]]) -> None:
    assert matches(RULE, rules, decode(RULE, encode(RULE, rules)), {})
