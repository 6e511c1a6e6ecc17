"""LastAsyncOperation says how the last create, update or delete has ended, as upstream's provider does."""

from dataclasses import replace

import pytest

from crosshead.base.errors import ReconcileError, StalledError
from tests.reconcilers.managed_setup import BY_US, Setup

OPERATION = "LastAsyncOperation"


@pytest.fixture
def setup():
    return Setup(replace(BY_US, asynchronous=True))


def test_a_create_is_told(setup):
    setup.add()

    setup.reconcile()

    assert setup.shown(OPERATION) == ("True", "Success", "created")


def test_an_update_is_told_with_what_was_found_and_what_is_declared(setup):
    setup.add(parameters={"size": 20})
    setup.reconcile()
    setup.external.things["pear"]["size"] = 10

    setup.reconcile()

    assert setup.shown(OPERATION) == ("True", "Success", "updated: spec.forProvider.size from 10 to 20")


def test_a_look_tells_nothing(setup):
    setup.add()
    setup.reconcile()
    setup.cluster.forget()

    setup.reconcile()

    assert setup.cluster.writes == []


def test_what_went_wrong_is_told_until_it_is_right(setup):
    setup.add()
    setup.external.failures["create"] = StalledError("Create", "no such class")

    with pytest.raises(ReconcileError):
        setup.reconcile()
    assert setup.shown(OPERATION) == ("False", "AsyncCreateFailure", "create failed: no such class")

    setup.external.failures.clear()
    setup.reconcile()
    assert setup.shown(OPERATION) == ("True", "Success", "created")


def test_a_refused_change_that_is_taken_back_is_no_failure_any_more(setup):
    setup.add(parameters={"engine": "postgres"})
    setup.external.immutable = frozenset({"engine"})
    setup.reconcile()
    setup.external.things["pear"]["engine"] = "mysql"
    with pytest.raises(StalledError):
        setup.reconcile()
    assert setup.shown(OPERATION)[:2] == ("False", "AsyncUpdateFailure")

    setup.external.things["pear"]["engine"] = "postgres"
    setup.reconcile()

    assert setup.shown(OPERATION) == ("True", "Success", "")


def test_what_cannot_be_looked_at_says_nothing_of_operations(setup):
    setup.add()
    setup.external.failures["observe"] = StalledError("Observe", "denied")

    with pytest.raises(StalledError):
        setup.reconcile()

    assert setup.shown(OPERATION) == ("", "", "")


def test_who_works_while_you_wait_has_no_such_condition():
    setup = Setup()
    setup.add()

    setup.reconcile()

    assert setup.shown(OPERATION) == ("", "", "")
