"""The built-in functions, by the packages they stand in for."""

import pytest

from crosshead.compose.protocol import Request
from crosshead.functions import registry
from crosshead.functions.registry import WELL_KNOWN, BuiltIns

TABLE = {"function-dummy": "dummy", "function-python": "dummy", "function-nowhere": "no_such_module"}


@pytest.mark.parametrize(
    "package",
    [
        "function-dummy",
        "registry.example.org/crossplane-contrib/function-dummy:v0.4.1",
        "registry.example.org:5000/mirror/upbound/function-dummy",
        "registry.example.org/acme/crossplane-contrib-function-dummy:v1",
        "registry.example.org/acme/upbound-function-dummy@sha256:" + "0" * 64,
        "registry.example.org/acme/function-dummy:v1@sha256:" + "0" * 64,
    ],
)
def test_a_well_known_package_is_known_wherever_it_comes_from(package):
    assert BuiltIns(TABLE).find(package) == "function-dummy"


@pytest.mark.parametrize(
    "package",
    ["", "registry.example.org/acme/function-dummy-fork:v1", "acme/my-function-dummy", "function-dummy/other"],
)
def test_another_package_is_not(package):
    assert BuiltIns(TABLE).find(package) is None


def test_scripts_run_only_where_people_ask_for_it():
    assert "function-python" not in BuiltIns(TABLE).names()
    assert "function-python" in BuiltIns(TABLE, scripts=True).names()


def test_what_does_not_exist_or_is_shut_out_is_not_among_them():
    assert BuiltIns(TABLE).names() == ["function-dummy"]
    assert BuiltIns(TABLE, without=["function-dummy"]).names() == []


def test_a_table_may_name_rooms_that_do_not_exist():
    assert registry._exists("crosshead.no_such_room.thing") is False


@pytest.mark.parametrize("name", BuiltIns(scripts=True).names())
def test_every_built_in_answers(name):
    assert name in WELL_KNOWN
    assert BuiltIns(scripts=True).get(name)(Request()) is not None


@pytest.mark.parametrize(
    ("name", "is_pure"),
    [
        pytest.param("function-auto-ready", True, id="one that depends on its request alone"),
        pytest.param("function-status-transformer", True, id="one whose templates may not"),
        pytest.param("function-go-templating", False, id="one whose templates may ask for the time"),
    ],
)
def test_what_knows_no_clock_is_pure(name, is_pure):
    assert BuiltIns().is_pure(name) is is_pure
