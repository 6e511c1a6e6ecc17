import pytest

from crosshead.managed import initial


@pytest.mark.parametrize(
    ("parameters", "first", "sent"),
    [
        pytest.param({"a": 1}, {"b": 2}, {"a": 1, "b": 2}, id="what only initProvider has is added"),
        pytest.param({"a": 1}, {"a": 2}, {"a": 1}, id="forProvider wins"),
        pytest.param({"a": {"x": 1}}, {"a": {"x": 2, "y": 3}}, {"a": {"x": 1, "y": 3}}, id="key by key"),
        pytest.param({"a": [1]}, {"a": [2, 3]}, {"a": [1]}, id="a list is one value"),
        pytest.param({"a": False}, {"a": True}, {"a": False}, id="false is a value"),
        pytest.param({}, {}, {}, id="nothing of nothing"),
    ],
)
def test_for_provider_stands_over_init_provider(parameters, first, sent):
    assert initial.over(parameters, first) == sent
