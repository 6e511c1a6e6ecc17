"""The life of a managed resource, step by step."""

import pytest

from crosshead.base import objects
from crosshead.base.errors import (
    AlreadyExistsError,
    ConflictError,
    ForbiddenError,
    NotReadyError,
    ReconcileError,
    StalledError,
    ThrottledError,
    TransientError,
)
from crosshead.base.objects import Ref
from tests.fakes import THING
from tests.reconcilers.managed_setup import EXTERNAL_NAME, FINALIZER, Setup, seed_kind

AVAILABLE = ("True", "Available", "")
SUCCESS = ("True", "ReconcileSuccess", "")
POLL = 600.0


@pytest.fixture
def setup():
    return Setup()


@pytest.fixture
def living(setup):
    """A managed resource that is Ready."""
    setup.add(parameters={"size": 1})
    setup.reconcile()
    setup.cluster.forget()
    setup.external.calls.clear()
    return setup


def test_what_does_not_exist_is_forgotten(setup):
    assert setup.reconcile() is None


def test_a_kind_that_nobody_serves_is_left_alone(setup):
    setup.add()
    setup.provider.known.clear()

    assert setup.reconcile() is None
    assert setup.cluster.writes == []


def test_the_first_pass_creates_and_shows_it(setup):
    setup.add(parameters={"size": 1}, initProvider={"colour": "red"})

    delay = setup.reconcile()

    assert delay == POLL
    assert setup.external.things == {"pear": {"size": 1, "colour": "red"}}
    assert objects.finalizers(setup.obj) == (FINALIZER,)
    assert setup.annotations == {EXTERNAL_NAME: "pear"}
    assert (setup.shown("Ready"), setup.shown("Synced")) == (AVAILABLE, SUCCESS)
    assert setup.obj["status"]["atProvider"] == {"size": 1, "colour": "red"}
    assert setup.obj["status"]["observedGeneration"] == 1
    assert setup.reasons == ["CreatedExternalResource"]
    assert [(write.verb, write.status) for write in setup.cluster.writes] == [("patch", False), ("patch", True)]


def test_an_intention_is_written_before_anything_outside_is_touched(setup):
    setup.add()
    setup.cluster.fail_at = 1

    with pytest.raises(TransientError):
        setup.reconcile()

    assert setup.external.calls == []


def test_a_second_pass_writes_nothing(living):
    assert living.reconcile() == POLL
    assert (living.cluster.writes, living.cluster.reads, living.external.changes) == ([], [], [])


def test_a_name_that_was_chosen_is_kept(setup):
    setup.add(metadata={"annotations": {EXTERNAL_NAME: "apple"}})

    setup.reconcile()

    assert list(setup.external.things) == ["apple"]


def test_finalizers_of_others_stay(setup):
    setup.add(metadata={"finalizers": ["theirs"]})

    setup.reconcile()

    assert objects.finalizers(setup.obj) == ("theirs", FINALIZER)


def test_what_exists_already_is_taken_over_without_a_change_outside(setup):
    setup.add(parameters={"size": 1})
    setup.external.things["pear"] = {"size": 1, "colour": "red"}

    setup.reconcile()

    assert setup.external.changes == []
    assert setup.shown("Ready") == AVAILABLE


class TestPaused:
    @pytest.mark.parametrize(
        ("more", "words"),
        [
            pytest.param(
                {"metadata": {"annotations": {"crossplane.io/paused": "true"}}}, "via the pause", id="annotation"
            ),
            pytest.param({"managementPolicies": []}, "either through", id="empty policies"),
        ],
    )
    def test_nothing_happens(self, setup, more, words):
        setup.add(**more)

        assert setup.reconcile() is None

        status, reason, message = setup.shown("Synced")
        assert (status, reason) == ("False", "ReconcilePaused")
        assert words in message
        assert setup.external.calls == []
        assert setup.reasons == ["ReconciliationPaused"]

    def test_nor_when_it_is_deleted(self, living):
        living.cluster.patch(living.ref, {"spec": {"managementPolicies": []}})
        living.delete()

        living.reconcile()

        assert living.external.calls == []
        assert objects.finalizers(living.obj) == (FINALIZER,)


def test_policies_that_make_no_sense_are_refused(setup):
    setup.add(managementPolicies=["Delete"])

    with pytest.raises(StalledError):
        setup.reconcile()

    assert setup.shown("Synced")[1] == "ReconcileError"
    assert setup.reasons == ["CannotUseInvalidManagementPolicy"]
    assert setup.external.calls == []


class TestObserving:
    def test_who_only_looks_misses_what_is_not_there(self, setup):
        setup.add(managementPolicies=["Observe"])

        with pytest.raises(NotReadyError):
            setup.reconcile()

        assert setup.shown("Synced")[2] == "observe failed: external resource does not exist"
        assert setup.shown("Ready") == ("", "", "")
        assert setup.reasons == ["CannotObserveExternalResource"]

    def test_who_only_looks_shows_what_is_there(self, setup):
        setup.add(managementPolicies=["Observe"], parameters={"size": 1})
        setup.external.things["pear"] = {"size": 2}
        setup.external.defaults = {"colour": "red"}

        setup.reconcile()

        assert setup.obj["status"]["atProvider"] == {"size": 2}
        assert setup.external.changes == []
        assert setup.obj["spec"]["forProvider"] == {"size": 1}

    def test_what_is_no_longer_shown_goes(self, living):
        living.external.things["pear"] = {"colour": "red"}

        living.reconcile()

        assert living.obj["status"]["atProvider"] == {"colour": "red"}

    def test_what_is_changing_is_looked_at_soon(self, living):
        living.external.busy = True
        living.external.things["pear"] = {"size": 2}

        with pytest.raises(NotReadyError):
            living.reconcile()

        assert (living.shown("Ready")[1], living.shown("Synced")) == ("Creating", SUCCESS)
        assert living.external.changes == []

    def test_the_poll_interval_may_be_its_own(self, setup):
        setup.add(metadata={"annotations": {"crossplane.io/poll-interval": "30s"}})

        assert setup.reconcile() == 30

    def test_a_requested_look_is_confirmed(self, living):
        asked = {"metadata": {"annotations": {"crossplane.io/reconcile-requested-at": "now"}}}
        living.cluster.patch(living.ref, asked)

        living.reconcile()
        living.reconcile()

        assert living.obj["status"]["lastHandledReconcileAt"] == "now"
        assert living.reasons.count("ReconcileRequestHandled") == 1


class TestUpdating:
    def test_drift_is_corrected_and_told(self, living):
        living.external.things["pear"]["size"] = 2

        assert living.reconcile() == POLL

        assert living.external.things["pear"] == {"size": 1}
        assert living.world.events.events[-1].message == (
            "Successfully requested update of external resource: spec.forProvider.size from 2 to 1"
        )
        assert living.obj["status"]["atProvider"] == {"size": 1}

    def test_an_update_that_takes_time_is_looked_at_soon(self, living):
        living.cluster.patch(living.ref, {"spec": {"forProvider": {"size": 3}}})
        living.external.update = lambda *_: setattr(living.external, "busy", True)

        with pytest.raises(NotReadyError):
            living.reconcile()

    def test_without_permission_drift_stays(self, living):
        living.cluster.patch(living.ref, {"spec": {"managementPolicies": ["Observe", "Create", "Delete"], "a": 1}})
        living.external.things["pear"]["size"] = 2

        assert living.reconcile() == POLL
        assert living.external.changes == []

    def test_what_cannot_be_changed_is_never_replaced(self, living):
        living.external.immutable = frozenset({"size"})
        living.cluster.patch(living.ref, {"spec": {"forProvider": {"size": 2}}})

        with pytest.raises(StalledError):
            living.reconcile()

        assert living.shown("Synced")[2] == (
            "update failed: refuse to change spec.forProvider.size from 1 to 2: "
            "that requires replacing the external resource"
        )
        assert living.shown("Ready") == AVAILABLE
        assert living.external.changes == []

    def test_long_news_are_cut(self, living):
        living.cluster.patch(living.ref, {"spec": {"forProvider": {"size": "x" * 200, "a": 1, "b": 1, "c": 1}}})
        living.external.things["pear"] = {"size": 1, "a": 2, "b": 2, "c": 2}

        living.reconcile()

        message = living.world.events.events[-1].message
        assert message.endswith("and 1 more")
        assert "x" * 100 not in message


class TestLateInitialisation:
    def test_choices_of_the_cloud_become_part_of_the_spec(self, setup):
        setup.add(parameters={"size": 1}, initProvider={"shape": "round"})
        setup.external.defaults = {"colour": "red", "shape": "flat"}

        setup.reconcile()

        assert setup.obj["spec"]["forProvider"] == {"size": 1, "colour": "red"}
        assert setup.obj["status"]["observedGeneration"] == 2
        assert setup.reconcile() == POLL
        assert len(setup.cluster.writes) == 3

    def test_unless_the_policies_say_no(self, setup):
        setup.add(managementPolicies=["Observe", "Create", "Update", "Delete"])
        setup.external.defaults = {"colour": "red"}

        setup.reconcile()

        assert setup.obj["spec"]["forProvider"] == {}

    def test_a_refused_choice_is_told(self, setup):
        setup.add()
        setup.reconcile()
        setup.external.defaults = {"colour": "red"}
        setup.cluster.refusals[setup.ref] = StalledError("Invalid", "no such colour")

        with pytest.raises(StalledError, match="cannot update managed resource: no such colour"):
            setup.reconcile()


class TestDeleting:
    def test_the_external_resource_goes_first(self, living):
        living.delete()

        assert living.reconcile() is None

        assert living.external.things == {}
        assert living.ref not in living.cluster.objects
        assert living.reasons == ["CreatedExternalResource", "DeletedExternalResource"]
        assert len(living.cluster.writes) == 1

    def test_a_slow_farewell_is_shown(self, living):
        living.external.lingers = True
        living.delete()

        with pytest.raises(NotReadyError):
            living.reconcile()

        assert (living.shown("Ready")[:2], living.shown("Synced")) == (("False", "Deleting"), SUCCESS)
        assert objects.finalizers(living.obj) == (FINALIZER,)

    @pytest.mark.parametrize(
        "changes",
        [
            pytest.param({"deletionPolicy": "Orphan"}, id="Orphan"),
            pytest.param({"managementPolicies": ["Observe"]}, id="observe only"),
            pytest.param({"managementPolicies": ["Observe", "Create", "Update"]}, id="no Delete"),
        ],
    )
    def test_what_is_to_stay_is_not_even_looked_at(self, living, changes):
        living.cluster.patch(living.ref, {"spec": changes})
        living.delete()

        assert living.reconcile() is None

        assert living.external.calls == []
        assert living.ref not in living.cluster.objects
        assert "pear" in living.external.things

    def test_what_is_gone_already_is_let_go(self, living):
        living.external.things.clear()
        living.delete()

        living.reconcile()

        assert living.external.changes == []
        assert living.ref not in living.cluster.objects

    def test_a_change_under_way_is_waited_for(self, living):
        living.external.busy = True
        living.delete()

        with pytest.raises(NotReadyError):
            living.reconcile()

        assert living.external.changes == []

    def test_a_name_that_is_ours_is_known_without_its_annotation(self, living):
        living.cluster.patch(living.ref, {"metadata": {"annotations": {EXTERNAL_NAME: None}}})
        living.delete()

        living.reconcile()

        assert living.external.things == {}

    def test_others_come_first(self, living):
        living.cluster.patch(living.ref, {"metadata": {"finalizers": [FINALIZER, "theirs"]}})
        living.delete()

        assert living.reconcile() == POLL
        assert living.external.changes == []

        living.cluster.patch(living.ref, {"metadata": {"finalizers": [FINALIZER]}})
        living.reconcile()
        assert living.external.things == {}

    def test_the_collectors_finalizer_is_no_reason_to_wait(self, living):
        living.cluster.delete(living.obj, foreground=True)

        living.reconcile()

        assert living.external.things == {}
        assert living.ref not in living.cluster.objects

    def test_who_has_let_go_does_nothing(self, living):
        living.cluster.patch(living.ref, {"metadata": {"finalizers": ["theirs"]}})
        living.delete()

        assert living.reconcile() is None
        assert (living.external.calls, living.cluster.writes) == ([], [])

    def test_who_is_gone_meanwhile_needs_no_farewell(self, living):
        living.delete()
        stale = living.obj
        living.cluster.objects.pop(living.ref)
        living.cluster.get = lambda _: stale

        assert living.reconcile() is None

    def test_what_was_never_created_leaves_nothing(self, setup):
        setup.add()
        setup.cluster.fail_at = 2
        setup.external.failures["create"] = TransientError("Unavailable", "later")
        with pytest.raises(ReconcileError):
            setup.reconcile()
        setup.delete()

        setup.reconcile()

        assert setup.external.changes == []
        assert setup.cluster.objects == {}


# Made anew for each test: an error is worded on its way out.
ERRORS = [
    pytest.param(lambda: TransientError("Unavailable", "no answer"), id="no answer"),
    pytest.param(lambda: ThrottledError("Throttled", "slow down", 3.0), id="too fast"),
    pytest.param(lambda: ForbiddenError("AccessDenied", "not you"), id="forbidden"),
    pytest.param(lambda: StalledError("Invalid", "not that"), id="wrong"),
    pytest.param(lambda: NotReadyError("Wait", "not yet"), id="not yet"),
]


class TestFailing:
    @pytest.mark.parametrize("error", ERRORS)
    @pytest.mark.parametrize(
        ("verb", "reason"),
        [
            ("observe", "CannotObserveExternalResource"),
            ("create", "CannotCreateExternalResource"),
            ("update", "CannotUpdateExternalResource"),
            ("delete", "CannotDeleteExternalResource"),
        ],
    )
    def test_it_is_said_what_failed_and_raised_for_the_back_off(self, setup, verb, reason, error):
        setup.add(parameters={"size": 1}, metadata={"finalizers": [FINALIZER]})
        setup.external.things.update({} if verb == "create" else {"pear": {"size": 2}})
        setup.external.failures[verb] = error()
        (setup.delete if verb == "delete" else setup.cluster.forget)()

        with pytest.raises(type(error())) as caught:
            setup.reconcile()

        aim = " (to change spec.forProvider.size from 2 to 1)" if verb == "update" else ""
        words = f"{verb} failed: {error().message}{aim}"
        assert (caught.value.message, str(caught.value)) == (words, words)
        assert setup.shown("Synced") == ("False", "ReconcileError", words)
        assert setup.reasons == [reason]

    def test_what_cannot_be_created_is_still_on_its_way(self, setup):
        setup.add()
        setup.external.failures["create"] = StalledError("Invalid", "not that")

        with pytest.raises(StalledError):
            setup.reconcile()

        assert setup.shown("Ready") == ("False", "Creating", "")

    def test_an_answer_that_is_no_failure_elsewhere_is_one_here(self, setup):
        setup.add()
        setup.external.failures["create"] = AlreadyExistsError("thing 'pear' exists already")

        with pytest.raises(TransientError, match="create failed: thing 'pear' exists already"):
            setup.reconcile()

    def test_a_conflict_is_not_worth_a_word(self, setup):
        setup.add()
        setup.cluster.failure = ConflictError("Conflict", "somebody was faster")
        setup.cluster.fail_at = 1

        with pytest.raises(ConflictError):
            setup.reconcile()

        assert setup.obj.get("status") is None
        assert setup.reasons == []

    def test_an_account_that_cannot_work_is_told(self, setup):
        setup.add()
        setup.provider.refusal = ForbiddenError("CannotConnectToProvider", "no such key")

        with pytest.raises(ForbiddenError):
            setup.reconcile()

        assert setup.shown("Synced")[2] == "connect failed: no such key"
        assert setup.reasons == ["CannotConnectToProvider"]

    def test_the_same_problem_is_written_once(self, setup):
        setup.add()
        setup.external.failures["observe"] = StalledError("Invalid", "not that")
        with pytest.raises(StalledError):
            setup.reconcile()
        setup.external.failures["observe"] = StalledError("Invalid", "not that")
        setup.cluster.forget()

        with pytest.raises(StalledError):
            setup.reconcile()

        assert setup.cluster.writes == []

    def test_who_was_deleted_meanwhile_is_not_missed(self, setup):
        setup.add()
        stale = setup.obj
        setup.cluster.objects.clear()
        setup.cluster.get = lambda _: stale

        with pytest.raises(TransientError):
            setup.reconcile()

        assert setup.external.calls == []


def test_the_life_of_one_is_nothing_to_another(setup):
    seed_kind(setup.cluster, THING, "apple")
    setup.add()

    setup.reconcile()

    assert {write.ref for write in setup.cluster.writes} == {Ref(THING, "pear")}
