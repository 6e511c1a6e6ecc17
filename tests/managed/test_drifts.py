"""Drift is told with field, declared and found."""

import pytest

from crosshead.managed import drifts
from crosshead.managed.external import Drift

SIZE = Drift("size", 2, 1)
OURS = {"crossplane-name": "pear"}


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        pytest.param(drifts.changes([SIZE]), "spec.forProvider.size from 1 to 2", id="what changes"),
        pytest.param(drifts.differences([SIZE]), "spec.forProvider.size is 1, declared is 2", id="what differs"),
        pytest.param(
            drifts.changes([Drift("zones", ["a"], None)]), 'spec.forProvider.zones from null to ["a"]', id="any value"
        ),
        pytest.param(
            drifts.changes([Drift(name, 2, 1) for name in "abcde"]),
            ", ".join(f"spec.forProvider.{name} from 1 to 2" for name in "abc") + " and 2 more",
            id="not all of many",
        ),
    ],
)
def test_a_sentence_says_it(told, sentence):
    assert told == sentence


def test_a_long_value_is_cut():
    assert len(drifts.changes([Drift("text", "x" * 1000, "y")])) < 200


@pytest.mark.parametrize(
    ("drift", "parameters", "expected"),
    [
        pytest.param(SIZE, {"size": 2}, [SIZE], id="a value"),
        pytest.param(Drift("tags", OURS, {}), {}, [], id="only our tags are missing"),
        pytest.param(
            Drift("tags", {"team": "a", **OURS}, {"team": "a", "more": "b"}),
            {"tags": {"team": "a"}},
            [],
            id="or others",
        ),
        pytest.param(
            Drift("tags", {"team": "a", **OURS}, {"team": "b"}),
            {"tags": {"team": "a"}},
            [Drift("tags", {"team": "a"}, {"team": "b"})],
            id="a tag of the user",
        ),
        pytest.param(
            Drift("labels", {"a": "1"}, {"a": "1", "b": "2"}),
            {"labels": {"a": "1"}},
            [Drift("labels", {"a": "1"}, {"a": "1", "b": "2"})],
            id="more than is declared",
        ),
    ],
)
def test_what_the_user_did_not_declare_is_no_drift_of_the_users(drift, parameters, expected):
    assert list(drifts.of_user([drift], parameters)) == expected
