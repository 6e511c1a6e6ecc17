import json
from collections.abc import Mapping
from typing import Any

import pytest

from crosshead.aws import comparing


@pytest.mark.parametrize(
    ("declared", "found", "same"),
    [
        pytest.param("14", "14.7", True, id="a release of it"),
        pytest.param("14.7", "14.7", True, id="the very same"),
        pytest.param("14.7", "14.9", True, id="AWS has upgraded"),
        pytest.param("14.7", "15.1", True, id="AWS has upgraded a lot"),
        pytest.param("15", "14.7", False, id="we want to upgrade"),
        pytest.param("14.9", "14.10", True, id="ten is more than nine"),
        pytest.param("14.10", "14.9", False, id="nine is less than ten"),
        pytest.param("1", "14.7", True, id="one is no fourteen, but less"),
        pytest.param("6.x", "6.2.6", True, id="ElastiCache's way to say any"),
        pytest.param("7.x", "6.2.6", False, id="another major"),
        pytest.param("8.0.mysql_aurora.3.05.2", "8.0.mysql_aurora.3.05.2", True, id="Aurora"),
        pytest.param("8.0.mysql_aurora.3.05.2", "8.0.mysql_aurora.3.04.0", False, id="another Aurora"),
    ],
)
def test_versions(declared: str, found: str, *, same: bool) -> None:
    assert comparing.version(declared, found, {}) is same


@pytest.mark.parametrize(
    ("declared", "found", "same"),
    [
        pytest.param("1234-abcd", "arn:aws:kms:us-east-1:1:key/1234-abcd", True, id="the id"),
        pytest.param("arn:aws:kms:us-east-1:1:key/1234", "arn:aws:kms:us-east-1:1:key/1234", True, id="the ARN"),
        pytest.param("alias/orders", "arn:aws:kms:us-east-1:1:key/1234", True, id="an alias could be any"),
        pytest.param("arn:aws:kms:eu-west-1:1:alias/orders", "arn:aws:kms:us-east-1:1:key/1", True, id="its ARN"),
        pytest.param("1234", "arn:aws:kms:us-east-1:1:key/5678", False, id="another key"),
        pytest.param("alias/orders", "alias/sales", False, id="another alias"),
        pytest.param("alias/orders", "", False, id="an alias, and there is no key"),
    ],
)
def test_keys(declared: str, found: str, *, same: bool) -> None:
    assert comparing.key(declared, found, {}) is same


@pytest.mark.parametrize(
    ("declared", "found", "parameters", "same"),
    [
        pytest.param(20, 20, {}, True, id="as asked for"),
        pytest.param(20, 50, {"maxAllocatedStorage": 100}, True, id="AWS has grown it, as allowed"),
        pytest.param(60, 50, {"maxAllocatedStorage": 100}, False, id="we want it to grow"),
        pytest.param(20, 50, {}, False, id="we want it to shrink: AWS must say no"),
        pytest.param(105, 110, {}, True, id="AWS rounds up to a tenth"),
    ],
)
def test_storage(declared: int, found: int, parameters: Mapping[str, Any], *, same: bool) -> None:
    assert comparing.storage(declared, found, parameters) is same


@pytest.mark.parametrize(
    ("declared", "found", "same"),
    [
        pytest.param('{"a": ["x", "y"]}', '{ "a": ["y","x"] }', True, id="order and spaces"),
        pytest.param('{"a": ["x"]}', '{"a": "x"}', True, id="a list of one"),
        pytest.param('{"a": "x"}', '{"a": "y"}', False, id="something else"),
        pytest.param("no json", "no json", True, id="no document"),
        pytest.param("no json", "{}", False, id="no document against one"),
    ],
)
def test_documents(declared: str, found: str, *, same: bool) -> None:
    assert comparing.document(declared, found, {}) is same


@pytest.mark.parametrize(
    ("declared", "found", "same"),
    [("Mon:03:00-Mon:04:00", "mon:03:00-mon:04:00", True), ("mon:03:00-mon:04:00", "tue:03:00-tue:04:00", False)],
    ids=["case", "day"],
)
def test_case(declared: str, found: str, *, same: bool) -> None:
    assert comparing.caseless(declared, found, {}) is same


def _policy(**statement: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statement})


@pytest.mark.parametrize(
    ("declared", "found", "same"),
    [
        pytest.param(
            _policy(Principal={"AWS": "123456789012"}),
            _policy(Principal={"AWS": "arn:aws:iam::123456789012:root"}),
            True,
            id="an account is its root",
        ),
        pytest.param(
            _policy(Principal={"AWS": ["123456789012"]}),
            _policy(Principal={"AWS": "arn:aws:iam::210987654321:root"}),
            False,
            id="another account",
        ),
        pytest.param(_policy(Principal="*"), _policy(Principal={"AWS": "*"}), True, id="everybody"),
        pytest.param(_policy(Action="s3:getobject"), _policy(Action=["s3:GetObject"]), True, id="case of actions"),
        pytest.param(_policy(Resource="a"), _policy(Resource="A"), False, id="case of resources"),
        pytest.param(
            _policy(Condition={"Bool": {"aws:SecureTransport": False}}),
            _policy(Condition={"Bool": {"aws:SecureTransport": "false"}}),
            True,
            id="flags",
        ),
        pytest.param(_policy(Sid="", Effect="Allow"), _policy(Effect="Allow"), True, id="no name"),
        pytest.param(_policy(Sid="a", Effect="Allow"), _policy(Effect="Allow"), False, id="a name"),
        pytest.param(_policy(Action=["a", "b"]), _policy(Action=["b", "a"]), True, id="order"),
        pytest.param(
            _policy(Principal={"AWS": "arn:aws:iam::123456789012:role/gone"}),
            _policy(Principal={"AWS": "AROAEXAMPLE"}),
            False,
            id="somebody who is no more",
        ),
        pytest.param("no JSON", "no JSON", True, id="no document"),
        pytest.param("no JSON", "{}", False, id="no document, and one"),
    ],
)
def test_policies(declared: str, found: str, *, same: bool) -> None:
    assert comparing.policy(declared, found, {}) is same


@pytest.mark.parametrize(
    ("declared", "found", "same"),
    [
        pytest.param("2040-01-01", "2040-01-01T00:00:00Z", True, id="a day is its midnight"),
        pytest.param("2040-01-01T01:00:00+01:00", "2040-01-01T00:00:00Z", True, id="another zone"),
        pytest.param("2040-01-02", "2040-01-01T00:00:00Z", False, id="another day"),
        pytest.param("some day", "2040-01-01T00:00:00Z", False, id="no time"),
        pytest.param("", "", True, id="never"),
    ],
)
def test_moments(declared: str, found: str, *, same: bool) -> None:
    assert comparing.moment(declared, found, {}) is same
