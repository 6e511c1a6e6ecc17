"""Exactly one external resource, whatever is lost on the way."""

import pytest

from crosshead.base.errors import (
    ConflictError,
    NotReadyError,
    ReconcileError,
    StalledError,
    ThrottledError,
    TransientError,
)
from tests.fakes import FakeExternal
from tests.reconcilers.managed_setup import (
    BY_CLOUD,
    BY_US,
    EXTERNAL_NAME,
    FAILED,
    PENDING,
    SUCCEEDED,
    UNREPEATABLE,
    Setup,
)

LOST = (
    "cannot determine creation result - remove the crossplane.io/external-create-pending annotation "
    "if it is safe to proceed"
)


class Tagged(FakeExternal):
    """A cloud that finds by our mark what we have created, even when the name is lost."""

    def observe(self, declared):
        return super().observe(self._named(declared))

    def create(self, declared):
        return super().create(declared)

    def _named(self, declared):
        known = next(iter(self.things), "")
        return type(declared)(**{**_fields(declared), "external_name": declared.external_name or known})


def _fields(declared):
    return {name: getattr(declared, name) for name in declared.__dataclass_fields__}


class Killed(BaseException):
    """The end of the process: nothing of ours runs after it."""


def run_until_settled(setup, passes=6):
    """Reconcile again and again, as the queue would, in one process after the other."""
    for _ in range(passes):
        try:
            setup.reconcile()
        except ReconcileError:
            setup.cluster.clock.advance(60)
        except Killed:
            setup.restart()


CRASHES = pytest.mark.parametrize(
    "failure", [TransientError("Unavailable", "no answer"), Killed()], ids=["a failing write", "a killed process"]
)
LOSSES = pytest.mark.parametrize("lost", [False, True], ids=["the write is refused", "the answer is lost"])


@CRASHES
@LOSSES
@pytest.mark.parametrize("crash_at", range(1, 6))
@pytest.mark.parametrize("facts", [BY_US, BY_CLOUD], ids=["named by us", "named by the cloud"])
def test_an_interrupted_creation_heals(facts, crash_at, lost, failure):
    setup = Setup(facts, Tagged(defaults={"colour": "red"}))
    setup.add(parameters={"size": 1})
    setup.cluster.fail_at, setup.cluster.lost, setup.cluster.failure = crash_at, lost, failure

    run_until_settled(setup)

    assert list(setup.external.things.values()) == [{"size": 1, "colour": "red"}]
    assert setup.external.calls.count("create") == 1
    assert setup.annotations[EXTERNAL_NAME] == next(iter(setup.external.things))
    assert (setup.shown("Ready")[0], setup.shown("Synced")[0]) == ("True", "True")


@pytest.mark.parametrize(
    ("crash_at", "lost"), [(1, False), (1, True), (2, False), (3, False), (3, True), (4, False), (4, True)]
)
def test_an_interrupted_creation_that_cannot_be_repeated_is_not(crash_at, lost):
    setup = Setup(UNREPEATABLE)
    setup.add(parameters={"size": 1})
    setup.cluster.fail_at, setup.cluster.lost = crash_at, lost

    run_until_settled(setup)

    assert len(setup.external.things) == 1
    assert setup.annotations[EXTERNAL_NAME] == "thing-1"
    assert setup.shown("Synced")[0] == "True"


def test_an_intent_whose_answer_is_lost_may_have_been_carried_out():
    setup = Setup(UNREPEATABLE)
    setup.add()
    setup.cluster.fail_at, setup.cluster.lost = 2, True

    run_until_settled(setup)

    assert setup.external.changes == []
    assert setup.shown("Synced")[2] == LOST


@CRASHES
@LOSSES
@pytest.mark.parametrize("crash_at", range(1, 3))
@pytest.mark.parametrize("facts", [BY_US, BY_CLOUD, UNREPEATABLE], ids=["by us", "by the cloud", "unrepeatable"])
def test_an_interrupted_deletion_leaves_nothing(facts, crash_at, lost, failure):
    setup = Setup(facts)
    setup.add()
    setup.reconcile()
    setup.delete()
    setup.cluster.fail_at, setup.cluster.lost, setup.cluster.failure = crash_at, lost, failure

    run_until_settled(setup)

    assert (setup.external.things, setup.cluster.objects) == ({}, {})


@pytest.mark.parametrize("facts", [BY_US, BY_CLOUD], ids=["named by us", "named by the cloud"])
def test_a_create_whose_answer_was_lost_is_found(facts):
    setup = Setup(facts, Tagged(lost={"create"}))
    setup.add()

    run_until_settled(setup)

    assert len(setup.external.things) == 1
    assert setup.annotations[EXTERNAL_NAME] in setup.external.things
    assert setup.shown("Synced")[0] == "True"


@pytest.mark.parametrize("facts", [BY_CLOUD, UNREPEATABLE], ids=["repeatable", "unrepeatable"])
def test_a_process_killed_after_the_create_leaves_no_second_one(facts):
    setup = Setup(facts, Tagged())
    setup.add()
    create = setup.external.create

    def create_and_die(declared):
        create(declared)
        setup.external.create = create
        raise Killed

    setup.external.create = create_and_die

    run_until_settled(setup)

    assert list(setup.external.things) == ["thing-1"]
    assert setup.annotations[EXTERNAL_NAME] == "thing-1"
    assert setup.shown("Synced")[0] == "True"


def test_a_result_that_cannot_be_written_is_told_and_found_again():
    setup = Setup(BY_CLOUD, Tagged())
    setup.add()
    patch = setup.cluster.patch
    refused = []

    def refuse_results(ref, changes, *, status=False):
        if SUCCEEDED in (changes.get("metadata") or {}).get("annotations", {}) and len(refused) < 3:
            refused.append(changes)
            raise TransientError("Unavailable", "no answer")
        return patch(ref, changes, status=status)

    setup.cluster.patch = refuse_results
    with pytest.raises(TransientError, match="cannot update managed resource: no answer"):
        setup.reconcile()
    assert setup.shown("Synced")[2] == "cannot update managed resource: no answer"

    setup.reconcile()

    assert setup.external.calls.count("create") == 1
    assert setup.annotations[EXTERNAL_NAME] == "thing-1"


class TestUnrepeatable:
    @pytest.fixture
    def setup(self):
        setup = Setup(UNREPEATABLE)
        setup.add()
        return setup

    def test_intent_and_result_are_written_around_the_create(self, setup):
        setup.reconcile()

        assert setup.annotations[EXTERNAL_NAME] == "thing-1"
        assert setup.annotations[PENDING] == setup.annotations[SUCCEEDED] == "2030-01-01T00:00:00.000000Z"

    def test_a_conflict_on_the_intent_stops_the_create(self, setup):
        setup.cluster.failure, setup.cluster.fail_at = ConflictError("Conflict", "somebody was faster"), 2

        with pytest.raises(ConflictError):
            setup.reconcile()

        assert setup.external.changes == []

    @pytest.mark.parametrize(
        "error", [StalledError("Invalid", "no"), ThrottledError("Throttled", "no")], ids=["refused", "throttled"]
    )
    def test_a_certain_failure_is_written_and_tried_again(self, setup, error):
        setup.external.failures["create"] = error
        with pytest.raises(type(error)):
            setup.reconcile()
        assert FAILED in setup.annotations

        setup.external.failures.clear()
        setup.reconcile()

        assert list(setup.external.things) == ["thing-1"]

    def test_a_lost_answer_waits_for_a_human(self, setup):
        setup.external.lost.add("create")
        run_until_settled(setup, passes=3)

        assert len(setup.external.things) == 1
        assert setup.shown("Synced") == ("False", "ReconcileError", LOST)
        assert setup.shown("Ready") == ("False", "Creating", "")
        assert "CannotInitializeManagedResource" in setup.reasons

        setup.cluster.patch(setup.ref, {"metadata": {"annotations": {PENDING: None, EXTERNAL_NAME: "thing-1"}}})
        setup.reconcile()

        assert len(setup.external.things) == 1
        assert setup.shown("Synced")[0] == "True"

    def test_nor_is_it_let_go_as_if_nothing_had_been_made(self, setup):
        setup.external.lost.add("create")
        run_until_settled(setup, passes=1)
        setup.delete()

        with pytest.raises(StalledError):
            setup.reconcile()

        assert setup.ref in setup.cluster.objects

    def test_what_is_found_by_itself_needs_no_human(self):
        setup = Setup(UNREPEATABLE, Tagged(lost={"create"}))
        setup.add()

        run_until_settled(setup)

        assert setup.annotations[EXTERNAL_NAME] == "thing-1"
        assert setup.annotations[SUCCEEDED] > setup.annotations[PENDING]
        assert setup.shown("Synced")[0] == "True"


class TestGrace:
    @pytest.fixture
    def setup(self):
        setup = Setup(BY_CLOUD, FakeExternal(hidden=4))
        setup.add()
        return setup

    def test_what_was_just_created_and_is_not_seen_yet_is_waited_for(self, setup):
        with pytest.raises(NotReadyError):
            setup.reconcile()
        with pytest.raises(NotReadyError):
            setup.reconcile()

        assert setup.external.changes == ["create"]
        assert setup.shown("Ready")[1] == "Creating"
        assert setup.reasons == ["CreatedExternalResource", "PendingExternalResource"]

    def test_but_not_for_ever(self, setup):
        with pytest.raises(NotReadyError):
            setup.reconcile()
        setup.external.things.clear()
        setup.cluster.clock.advance(31)

        with pytest.raises(NotReadyError):
            setup.reconcile()

        assert setup.external.changes == ["create", "create"]
