"""What Crossplane promises about managed resources, row by row, for kinds with and without a namespace."""

from dataclasses import dataclass, replace
from typing import Any

import pytest

from crosshead.base import objects
from crosshead.base.errors import NotReadyError, ReconcileError, StalledError, TransientError
from crosshead.base.objects import Ref
from crosshead.base.values import SecretValue
from tests.fakes import THING, FakeExternal
from tests.reconcilers.managed_setup import BY_CLOUD, EXTERNAL_NAME, FINALIZER, SUCCEEDED, Setup

ALL = ("Observe", "Create", "Update", "Delete", "LateInitialize")
NOT_CORRECTED = "not corrected, because spec.managementPolicies do not allow Update"
ASKED = "crossplane.io/reconcile-requested-at"


@dataclass(frozen=True)
class Row:
    """A row of the table: what these policies allow; *deletes* with deletionPolicy Delete, with Orphan, without one."""

    policies: tuple[str, ...]
    does: str
    deletes: tuple[bool, bool, bool]

    @property
    def id(self) -> str:
        """What pytest calls it."""
        return "+".join(self.policies)


YES, NO = (True,) * 3, (False,) * 3
ROWS = (
    Row(("*",), "create update fill", (True, False, True)),
    Row(ALL, "create update fill", YES),
    Row(("Observe",), "", NO),
    Row(("Observe", "Create", "Update", "Delete"), "create update", YES),
    Row(("Observe", "Create", "Update", "LateInitialize"), "create update fill", NO),
    Row(("Observe", "Create", "Update"), "create update", NO),
    Row(("Observe", "Create", "Delete", "LateInitialize"), "create fill", YES),
    Row(("Observe", "Create", "LateInitialize"), "create fill", NO),
    Row(("Observe", "Create", "Delete"), "create", YES),
    Row(("Observe", "Create"), "create", NO),
    Row(("Observe", "Delete"), "", YES),
    Row(("Observe", "Update"), "update", NO),
    Row(("Observe", "LateInitialize"), "fill", NO),
    Row(("Observe", "Update", "LateInitialize"), "update fill", NO),
)
EACH = pytest.mark.parametrize("row", [pytest.param(row, id=row.id) for row in ROWS])
# The namespaced family has no deletion policy.
FAMILIES = pytest.mark.parametrize(
    ("column", "spec", "namespace"),
    [
        pytest.param(0, {"deletionPolicy": "Delete"}, "", id="cluster-scoped Delete"),
        pytest.param(1, {"deletionPolicy": "Orphan"}, "", id="cluster-scoped Orphan"),
        pytest.param(2, {}, "shop", id="namespaced"),
    ],
)


def run(setup: Setup, passes: int = 2) -> None:
    for _ in range(passes):
        try:
            setup.reconcile()
        except ReconcileError:
            continue


def declared(row: Row, spec: dict[str, Any], namespace: str, **things: Any) -> Setup:
    setup = Setup(external=FakeExternal(things=things, defaults={"colour": "red"}), ref=Ref(THING, "pear", namespace))
    metadata = {"namespace": namespace} if namespace else {}
    setup.add(parameters={"size": 1}, metadata=metadata, managementPolicies=list(row.policies), **spec)
    return setup


@EACH
@FAMILIES
def test_policies_say_what_is_done(row: Row, column: int, spec: dict[str, Any], namespace: str) -> None:
    missing = declared(row, spec, namespace)
    run(missing)
    drifted = declared(row, spec, namespace, pear={"size": 2})
    run(drifted)
    filled = "colour" in drifted.obj["spec"]["forProvider"]
    drifted.delete()
    run(drifted)

    assert bool(missing.external.things) == ("create" in row.does)
    assert drifted.external.changes == (["delete"] if row.deletes[column] else [])
    assert drifted.external.things == (
        {} if row.deletes[column] else {"pear": {"size": 1 if "update" in row.does else 2}}
    )
    assert filled == ("fill" in row.does)
    assert drifted.ref not in drifted.cluster.objects


@FAMILIES
def test_no_policies_at_all_are_a_pause(column: int, spec: dict[str, Any], namespace: str) -> None:
    del column
    setup = declared(Row((), "", NO), spec, namespace, pear={"size": 2})
    setup.cluster.patch(setup.ref, {"metadata": {"finalizers": [FINALIZER]}})
    run(setup)
    setup.delete()
    run(setup)

    assert setup.external.calls == []
    assert setup.ref in setup.cluster.objects


@pytest.fixture
def living() -> Setup:
    setup = Setup()
    setup.add(parameters={"size": 1})
    setup.reconcile()
    setup.cluster.forget()
    setup.external.calls.clear()
    return setup


class TestDriftThatMayNotBeCorrected:
    @pytest.fixture
    def setup(self) -> Setup:
        setup = Setup(external=FakeExternal(things={"pear": {"size": 2, "shape": "flat"}}))
        setup.external.immutable = frozenset({"shape"})
        parameters = {"size": 1, "shape": "flat"}
        setup.add(parameters=parameters, managementPolicies=["Observe"])
        setup.reconcile()
        return setup

    def test_it_is_shown_and_is_no_failure(self, setup: Setup) -> None:
        assert setup.shown("Synced") == (
            "True",
            "ReconcileSuccess",
            f"{NOT_CORRECTED}: spec.forProvider.size is 2, declared is 1",
        )
        assert setup.reasons == ["DriftDetected"]
        assert setup.external.changes == []

    def test_the_same_drift_is_told_and_written_once(self, setup: Setup) -> None:
        setup.cluster.forget()
        setup.world.events.events.clear()  # type: ignore[attr-defined]

        run(setup, 3)

        assert (setup.cluster.writes, setup.reasons) == ([], [])

    def test_another_is_told_anew(self, setup: Setup) -> None:
        setup.external.things["pear"]["size"] = 3

        setup.reconcile()

        assert "size is 3, declared is 1" in setup.shown("Synced")[2]
        assert setup.reasons == ["DriftDetected", "DriftDetected"]

    def test_what_could_never_be_changed_is_shown_too(self, setup: Setup) -> None:
        setup.external.things["pear"] = {"size": 1, "shape": "round"}

        setup.reconcile()

        assert 'spec.forProvider.shape is "round", declared is "flat"' in setup.shown("Synced")[2]

    def test_none_is_left_when_it_is_as_declared(self, setup: Setup) -> None:
        setup.external.things["pear"]["size"] = 1

        setup.reconcile()

        assert setup.shown("Synced") == ("True", "ReconcileSuccess", "")

    def test_what_is_changing_anyway_is_not_talked_about(self, setup: Setup) -> None:
        setup.external.busy = True

        with pytest.raises(NotReadyError):
            setup.reconcile()

        assert setup.shown("Synced")[2] == ""


def test_an_import_to_look_at_shows_all_that_is_there() -> None:
    setup = Setup(BY_CLOUD, FakeExternal(things={"thing-9": {"size": 2}}))
    setup.external.connection = {"host": SecretValue("thing-9.example.org")}
    target = {"name": "login", "namespace": "shop"}
    setup.add(
        metadata={"annotations": {EXTERNAL_NAME: "thing-9"}},
        managementPolicies=["Observe"],
        writeConnectionSecretToRef=target,
    )

    setup.reconcile()

    assert setup.obj["status"]["atProvider"] == {"size": 2}
    secret = setup.cluster.objects[Ref(connection_kind(), "login", "shop")]
    assert (secret["type"], list(secret["data"])) == ("connection.crossplane.io/v1alpha1", ["host"])
    assert objects.controller_uid(secret) == objects.uid(setup.obj)


def connection_kind() -> Any:
    return replace(THING, api_version="v1", kind="Secret")


@pytest.mark.parametrize(
    ("initial", "expected"),
    [
        pytest.param({"colour": "blue"}, {"size": 1, "colour": "blue"}, id="adds"),
        pytest.param({"size": 9}, {"size": 1, "colour": "red"}, id="never overrides"),
    ],
)
def test_init_provider_only_adds_to_a_create(initial: dict[str, Any], expected: dict[str, Any]) -> None:
    setup = Setup(external=FakeExternal(defaults={"colour": "red"}))
    setup.add(parameters={"size": 1}, initProvider=initial, managementPolicies=["Observe", "Create", "Update"])

    run(setup)

    assert setup.external.things == {"pear": expected}
    assert setup.external.calls.count("update") == 0


def test_init_provider_is_no_drift_later(living: Setup) -> None:
    living.cluster.patch(living.ref, {"spec": {"initProvider": {"colour": "blue"}}})
    living.external.things["pear"]["colour"] = "red"

    living.reconcile()

    assert living.external.changes == []


class TestRequestedLook:
    def test_it_is_confirmed_even_when_the_look_fails(self, living: Setup) -> None:
        living.cluster.patch(living.ref, {"metadata": {"annotations": {ASKED: "now"}}})
        living.external.failures["observe"] = TransientError("Unavailable", "no answer")

        with pytest.raises(TransientError):
            living.reconcile()

        assert living.obj["status"]["lastHandledReconcileAt"] == "now"

    def test_it_wants_to_see_the_present(self, living: Setup) -> None:
        living.reconcile()
        living.cluster.patch(living.ref, {"metadata": {"annotations": {ASKED: "now"}}})
        living.reconcile()

        patient, impatient = living.external.declared[-2:]
        assert (patient.patience > 0, impatient.patience) == (True, 0.0)


def test_every_condition_says_of_which_generation_it_speaks(living: Setup) -> None:
    living.cluster.patch(living.ref, {"spec": {"forProvider": {"size": 2}}})

    living.reconcile()

    generations = {c["type"]: c["observedGeneration"] for c in living.obj["status"]["conditions"]}
    assert generations == dict.fromkeys(("Ready", "Synced"), 2)


@pytest.mark.parametrize(
    "theirs",
    [pytest.param("in-use.example.org", id="somebody's"), pytest.param("kopf.zalando.org/KopfFinalizer", id="kopf's")],
)
def test_who_else_holds_it_is_waited_for(living: Setup, theirs: str) -> None:
    living.cluster.patch(living.ref, {"metadata": {"finalizers": [FINALIZER, theirs]}})
    living.delete()

    living.reconcile()

    assert living.external.changes == []
    assert living.shown("Ready")[1] == "Deleting"


class TestDeletedAfterADoubtfulCreate:
    @pytest.fixture
    def setup(self) -> Setup:
        """AWS names it, and does not show it yet."""
        setup = Setup(BY_CLOUD, FakeExternal(hidden=10))
        setup.add()
        run(setup, 1)
        assert SUCCEEDED in setup.annotations
        setup.delete()
        return setup

    def test_what_is_not_shown_yet_is_not_left_behind(self, setup: Setup) -> None:
        run(setup, 1)
        assert setup.ref in setup.cluster.objects

        setup.external.hidden = 0
        run(setup)

        assert (setup.external.things, setup.ref in setup.cluster.objects) == ({}, False)

    def test_what_never_shows_is_let_go_in_the_end(self, setup: Setup) -> None:
        setup.external.things.clear()
        run(setup, 1)
        setup.cluster.clock.advance(31)
        run(setup, 1)

        assert setup.ref not in setup.cluster.objects


def test_what_was_shown_and_is_gone_needs_no_patience() -> None:
    setup = Setup(BY_CLOUD)
    setup.add()
    setup.external.defaults = {"size": 1}
    run(setup, 1)
    setup.external.things.clear()
    setup.delete()

    run(setup, 1)

    assert setup.ref not in setup.cluster.objects


def test_what_a_refused_create_did_not_make_is_not_deleted() -> None:
    setup = Setup(BY_CLOUD, FakeExternal(things={"theirs": {}}))
    setup.add()
    setup.external.failures["create"] = StalledError("Exists", "'theirs' is not ours")
    run(setup)
    setup.delete()

    run(setup)

    assert setup.external.things == {"theirs": {}}
    assert (setup.external.changes, setup.ref in setup.cluster.objects) == ([], False)
