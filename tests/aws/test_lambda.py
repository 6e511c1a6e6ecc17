"""What is peculiar to Lambda: nobody shows where code is from."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from crosshead.devel.emulator import EmulatorControl
from crosshead.managed.external import Declared
from tests.aws.lives import Land, Life, changed, create
from tests.aws.living.lambda_ import arn_of, code

SENT = "lambda:UpdateFunctionCode"


@pytest.fixture
def born(land: Land, name: str) -> Iterator[Declared]:
    """A function."""
    wanted = {
        "role": arn_of(land),
        "runtime": "python3.13",
        "handler": "orders.main",
        "s3Bucket": code(land),
        "s3Key": "orders.zip",
        "sourceCodeHash": "one",
    }
    external = land.external("lambda", "Function")
    declared = create(external, Life("lambda", "Function", lambda _: wanted).declared(land, name))
    yield declared
    external.delete(declared)


@pytest.mark.parametrize("change", [{"s3Key": "orders-2.zip"}, {"sourceCodeHash": "another"}])
def test_other_code_is_sent_once(land: Land, born: Declared, control: EmulatorControl, change: dict[str, Any]) -> None:
    external, wanted = land.external("lambda", "Function"), changed(born, **change)

    seen = external.observe(wanted)
    external.update(wanted, seen)

    assert [drift.field for drift in seen.drift] == list(change)
    assert (external.observe(wanted).drift, control.count(SENT)) == ((), 1)


def test_what_was_told_before_anybody_remembers_is_no_drift(land: Land, born: Declared) -> None:
    assert land.external("lambda", "Function").observe(replace(born, uid="of somebody who was restarted")).drift == ()


def test_code_that_is_not_what_it_should_be_is_drift(land: Land, born: Declared) -> None:
    seen = land.external("lambda", "Function").observe(changed(born, codeSha256="something else"))

    assert [drift.field for drift in seen.drift] == ["codeSha256"]


def test_an_environment_of_nothing_is_none(land: Land, born: Declared) -> None:
    assert land.external("lambda", "Function").observe(changed(born, environment=[{"variables": {}}])).drift == ()


def test_a_function_that_is_to_stay_stays(land: Land, born: Declared, control: EmulatorControl) -> None:
    external = land.external("lambda", "Function")

    external.delete(replace(changed(born, skipDestroy=True), uid="who goes"))

    assert control.count("lambda:DeleteFunction") == 0
    assert external.observe(born).exists


def test_its_arns_are_shown(land: Land, born: Declared) -> None:
    shown = land.external("lambda", "Function").observe(born).at_provider
    arn = f"arn:aws:lambda:us-east-1:123456789012:function:{born.name}"

    assert (shown["arn"], shown["qualifiedArn"]) == (arn, f"{arn}:$LATEST")
    gateway = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions"
    assert shown["invokeArn"] == f"{gateway}/{arn}/invocations"


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        pytest.param({"principal": "123456789012"}, {}, id="an account"),
        pytest.param({"principal": "s3.amazonaws.com", "statementId": "mine"}, {"id": "mine"}, id="a name"),
        pytest.param(
            {"principal": "alexa-appkit.amazon.com", "eventSourceToken": "t"}, {"eventSourceToken": "t"}, id="a token"
        ),
    ],
)
def test_a_permission_is_read_back(
    land: Land, born: Declared, name: str, asked: dict[str, Any], found: dict[str, Any]
) -> None:
    external = land.external("lambda", "Permission")
    wanted = {"functionName": born.external_name, "action": "lambda:InvokeFunction", **asked}

    declared = create(external, Life("lambda", "Permission", lambda _: wanted).declared(land, name))
    seen = external.observe(declared)

    assert (seen.immutable, seen.at_provider.items() >= found.items()) == ((), True)


def test_a_prefix_makes_the_same_name_every_time(land: Land, born: Declared, name: str) -> None:
    external = land.external("lambda", "Permission")
    wanted = {
        "functionName": born.external_name,
        "action": "lambda:InvokeFunction",
        "principal": "s3.amazonaws.com",
        "statementIdPrefix": "shop-",
    }
    declared = Life("lambda", "Permission", lambda _: wanted).declared(land, name)

    first, second = external.create(declared), external.create(declared)

    assert first == second
    assert first.external_name.startswith("shop-")
