import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosshead.aws.naming import database, database_names

KUBERNETES = st.from_regex(r"[a-z0-9]([-a-z0-9.]{0,250}[a-z0-9])?", fullmatch=True)


@pytest.mark.parametrize(
    ("name", "identifier"),
    [
        pytest.param("orders", "orders", id="legal already"),
        pytest.param("orders.prod", "orders-prod", id="dots"),
        pytest.param("orders--prod", "orders-prod", id="two hyphens"),
        pytest.param("7-dwarfs", "db-7-dwarfs", id="a digit first"),
        pytest.param("x" * 70, "x" * 54 + "-5c1d4ea9", id="too long"),
    ],
)
def test_a_name_becomes_an_identifier(name: str, identifier: str) -> None:
    assert re.sub(r"[0-9a-f]{8}$", "", database(name)) == re.sub(r"[0-9a-f]{8}$", "", identifier)
    assert len(database(name)) <= 63


@given(KUBERNETES)
def test_every_name_becomes_a_legal_identifier(name: str) -> None:
    made = database(name)

    assert re.fullmatch(r"[a-z](-?[a-z0-9])*", made)
    assert len(made) <= 63


@pytest.mark.parametrize(
    ("scene", "names"),
    [
        pytest.param({"spec": {}}, {"resource": None, "identifier": "orders"}, id="the object's name"),
        pytest.param(
            {"spec": {"identifier": "Prod"}},
            {"resource": None, "identifier": "prod"},
            id="the declared one, as RDS has it",
        ),
        pytest.param(
            {"spec": {"identifier": "prod"}, "id": "db-ABCDEFGHIJ0123456789ABCDEF"},
            {"resource": "db-ABCDEFGHIJ0123456789ABCDEF", "identifier": None},
            id="the resource id wins",
        ),
        pytest.param(
            {"spec": {}, "id": "db-orders"}, {"resource": None, "identifier": "db-orders"}, id="an identifier"
        ),
    ],
)
def test_what_an_instance_is_looked_up_by(scene: dict[str, Any], names: dict[str, Any]) -> None:
    assert database_names({"id": None, "name": "orders", "uid": "u", **scene}) == names


def test_a_prefix_makes_the_same_identifier_each_time() -> None:
    def made(uid: str) -> Any:
        return database_names({"id": None, "name": "a", "uid": uid, "spec": {"identifierPrefix": "Prod-"}})[
            "identifier"
        ]

    assert made("one") == made("one") != made("two")
    assert made("one").startswith("prod-")
