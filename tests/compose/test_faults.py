import pytest

from crosshead.compose import faults


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        (faults.required("spec.a", "must be set"), "spec.a: Required value: must be set"),
        (faults.invalid("a", 'x"y', "unknown"), 'a: Invalid value: "x\\"y": unknown'),
        (faults.duplicate("a", "x"), 'a: Duplicate value: "x"'),
        (faults.required("a", "b").under("spec.c[0]"), "spec.c[0].a: Required value: b"),
    ],
)
def test_faults_read_like_those_of_kubernetes(fault, text):
    assert str(fault) == text


@pytest.mark.parametrize(
    ("count", "text"),
    [
        pytest.param(1, "0: Required value: x", id="one"),
        pytest.param(3, "0: Required value: x; 1: Required value: x; 2: Required value: x", id="three"),
        pytest.param(5, "0: Required value: x; 1: Required value: x; 2: Required value: x; and 2 more", id="more"),
    ],
)
def test_a_summary_stops_after_three(count, text):
    assert faults.summary([faults.required(str(n), "x") for n in range(count)]) == text
