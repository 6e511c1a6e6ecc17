import pytest

from crosshead.base import gotypes


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (None, "<nil>"),
        (True, "bool"),
        ("a", "string"),
        (1, "int64"),
        (1.0, "float64"),
        ([], "[]interface {}"),
        ({}, "map[string]interface {}"),
    ],
)
def test_each_json_value_has_a_go_type(value, name):
    assert gotypes.name(value) == name
