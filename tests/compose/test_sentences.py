"""Crossplane's sentences, word for word."""

import pytest

from crosshead.compose import sentences
from crosshead.compose.protocol import Ready


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["a"], "a"),
        (["b", "a"], "a, b"),
        (["c", "b", "a"], "a, b, and c"),
        (["e", "d", "c", "b", "a"], "a, b, c, and 2 more"),
    ],
)
def test_names_are_listed_the_first_three_of_them(words, text):
    assert sentences.listed(words) == text


@pytest.mark.parametrize(
    ("unready", "said", "status", "message"),
    [
        pytest.param([], Ready.UNSPECIFIED, "True", "", id="nothing is unready"),
        pytest.param(["a"], Ready.UNSPECIFIED, "False", "Unready resources: a", id="something is"),
        pytest.param(["a"], Ready.TRUE, "True", "", id="a function says it is ready all the same"),
        pytest.param([], Ready.FALSE, "False", "", id="a function says it is not"),
        pytest.param(["a"], Ready.FALSE, "False", "", id="a function says it is not, and so does a resource"),
    ],
)
def test_a_composite_is_ready_when_its_resources_are_or_a_function_says_so(unready, said, status, message):
    condition = sentences.readiness(unready, said)

    assert (condition.type, condition.status, condition.message) == ("Ready", status, message)
