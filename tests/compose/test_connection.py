from functools import partial

import pytest

from crosshead.base import fieldpaths
from crosshead.base.values import SecretValue
from crosshead.compose import connection
from crosshead.compose.dialects import Dialect

OBJECT = {"status": {"endpoint": "db.example.org", "port": 5432, "tags": {"b": 1, "a": 0.5}}}
SECRET = {"password": b"hunter2", "empty": b""}


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        pytest.param({"name": "port", "type": "FromValue", "value": "5432"}, {"port": b"5432"}, id="a value"),
        pytest.param(
            {"name": "pw", "fromConnectionSecretKey": "password"}, {"pw": b"hunter2"}, id="a key of the secret"
        ),
        pytest.param({"fromConnectionSecretKey": "password"}, {"password": b"hunter2"}, id="a key under its own name"),
        pytest.param({"fromConnectionSecretKey": "empty"}, {"empty": b""}, id="an empty value is one"),
        pytest.param({"fromConnectionSecretKey": "nope"}, {}, id="no such key yet"),
        pytest.param({"name": "host", "fromFieldPath": "status.endpoint"}, {"host": b"db.example.org"}, id="text"),
        pytest.param(
            {"name": "tags", "fromFieldPath": "status.tags"}, {"tags": b'{"a":0.5,"b":1}'}, id="anything else as JSON"
        ),
        pytest.param({"name": "x", "fromFieldPath": "status.nope"}, {}, id="no such field yet"),
        pytest.param({"name": "x", "fromFieldPath": "status."}, {}, id="no path"),
        pytest.param({"name": "x", "value": "v", "fromFieldPath": "status.port"}, {"x": b"v"}, id="a value goes first"),
        pytest.param(
            {"name": "x", "value": "v", "type": "FromFieldPath", "fromFieldPath": "status.port"},
            {"x": b"5432"},
            id="unless its type says otherwise",
        ),
    ],
)
def test_a_detail_is_extracted_when_it_is_there(raw, found):
    details = connection.extract([connection.read(raw)], partial(fieldpaths.get, OBJECT), SECRET)

    assert details == {name: SecretValue(value) for name, value in found.items()}


def test_details_do_not_show_themselves():
    detail = connection.read({"fromConnectionSecretKey": "password"})

    [value] = connection.extract([detail], partial(fieldpaths.get, {}), SECRET).values()

    assert "hunter2" not in repr(value)


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        ({"name": "x"}, "type: Required value: connection detail type is required"),
        ({"name": "x", "type": "Nope"}, 'type: Invalid value: "Nope": unknown connection detail type'),
        ({"name": "x", "type": "FromValue"}, "value: Required value: value connection detail requires a value"),
        (
            {"name": "x", "type": "FromFieldPath"},
            "fromFieldPath: Required value: from field path connection detail requires a field path",
        ),
        (
            {"type": "FromConnectionSecretKey"},
            "fromConnectionSecretKey: Required value: from connection secret key connection detail requires a key",
        ),
        ({"value": "x"}, "name: Required value: name is required"),
    ],
)
def test_what_a_detail_lacks_is_told(raw, fault):
    assert str(connection.fault(raw)) == fault


@pytest.mark.parametrize("raw", [{"fromConnectionSecretKey": "a"}, {"name": "x", "value": ""}])
def test_a_detail_that_can_be_extracted_has_no_fault(raw):
    assert connection.fault(raw) is None


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        ({"name": "x", "value": "v"}, "type: Required value: connection detail type is required"),
        ({"type": "Nope"}, 'type: Invalid value: "Nope": unknown connection detail type'),
        ({"type": "FromValue"}, "name: Required value: name is required"),
        (
            {"type": "FromConnectionSecretKey", "fromConnectionSecretKey": "k"},
            "name: Required value: name is required",
        ),
        (
            {"name": "x", "type": "FromValue"},
            "value: Required value: value connection detail requires a value",
        ),
        ({"name": "x", "type": "FromValue", "value": ""}, "None"),
    ],
)
def test_functions_guess_neither_type_nor_name(raw, fault):
    assert str(connection.fault(raw, Dialect.FUNCTION)) == fault
