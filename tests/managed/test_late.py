import pytest

from crosshead.managed import late


@pytest.mark.parametrize(
    ("parameters", "initial", "chosen", "additions"),
    [
        pytest.param({}, {}, {"a": 1}, {"a": 1}, id="what is unset is filled"),
        pytest.param({"a": 2}, {}, {"a": 1}, {}, id="what is set stays"),
        pytest.param({"a": None}, {}, {"a": 1}, {"a": 1}, id="null is unset"),
        pytest.param({"a": False, "b": 0, "c": ""}, {}, {"a": True, "b": 1, "c": "x"}, {}, id="zeros are set"),
        pytest.param({}, {"a": 2}, {"a": 1, "b": 2}, {"b": 2}, id="what initProvider sets is not touched"),
        pytest.param({"a": {"x": 1}}, {}, {"a": {"x": 2, "y": 3}}, {"a": {"y": 3}}, id="inside objects"),
        pytest.param({"a": {"x": 1}}, {}, {"a": {"x": 2}}, {}, id="nothing to add inside"),
        pytest.param({"a": [1]}, {}, {"a": [1, 2]}, {}, id="a list is one value"),
        pytest.param({}, {}, {"a": None}, {}, id="null is no choice"),
    ],
)
def test_only_what_was_left_out_is_filled(parameters, initial, chosen, additions):
    assert late.additions(parameters, initial, chosen) == additions
