"""Secrets that a managed resource reads, makes up, and publishes."""

import base64
from dataclasses import replace

import pytest

from crosshead.base.errors import ConflictError, NotReadyError, StalledError
from crosshead.base.objects import Kind, Ref
from crosshead.base.values import SecretValue
from crosshead.managed.facts import SecretInput
from tests.fakes import FakeExternal
from tests.reconcilers.managed_setup import BY_CLOUD, BY_US, XR, Setup, seed_kind

SECRET = Kind("v1", "Secret")
PASSWORD = Ref(SECRET, "pass", "team")
CONNECTION = Ref(SECRET, "conn", "team")
WITH_PASSWORD = replace(BY_US, secret_inputs=(SecretInput("passwordSecretRef", "password", "autoGeneratePassword"),))
WITH_PASSWORDS = replace(BY_US, secret_inputs=(SecretInput("passwordsSecretRef", "passwords", many=True),))
POINTED = {"name": "pass", "namespace": "team", "key": "word"}
GIVEN = {"passwordSecretRef": POINTED}
TOGGLED = {**GIVEN, "autoGeneratePassword": True}
PUBLISHED = {"writeConnectionSecretToRef": {"name": "conn", "namespace": "team"}}

SYNCED = {
    "type": "Synced", "status": "True", "reason": "ReconcileSuccess", "lastTransitionTime": "2024-01-01T00:00:00Z",
}  # fmt: skip


def encoded(**values):
    return {key: base64.b64encode(value.encode()).decode() for key, value in values.items()}


def seed_secret(setup, ref, **more):
    return seed_kind(
        setup.cluster,
        SECRET,
        ref.name,
        **{**more, "metadata": {"namespace": ref.namespace, **more.get("metadata", {})}},
    )


class TestInputs:
    @pytest.fixture
    def setup(self):
        return Setup(WITH_PASSWORD)

    def test_a_password_is_read(self, setup):
        seed_secret(setup, PASSWORD, data=encoded(word="sesame"))
        setup.add(parameters=GIVEN)

        setup.reconcile()

        assert setup.external.declared[0].secrets == {"password": SecretValue("sesame")}

    def test_no_reference_is_no_password(self, setup):
        setup.add()

        setup.reconcile()

        assert setup.external.declared[0].secrets == {}
        assert setup.cluster.reads == []

    def test_what_the_connection_secret_holds_was_told_before_we_started(self, setup):
        seed_secret(setup, PASSWORD, data=encoded(word="sesame"))
        seed_secret(setup, CONNECTION, data={**encoded(host="h"), "attribute.password": encoded(p="open")["p"]})
        setup.add(parameters=GIVEN, **PUBLISHED)
        setup.cluster.patch(setup.ref, {"status": {"conditions": [SYNCED]}}, status=True)

        setup.reconcile()

        assert setup.external.declared[0].told == {"password": SecretValue("open")}

    @pytest.mark.parametrize(
        ("spec", "status"),
        [
            pytest.param(PUBLISHED, {}, id="what was never synced"),
            pytest.param({}, {"conditions": [SYNCED]}, id="what publishes nothing"),
        ],
    )
    def test_nothing_was_told_before_the_first_sync_nor_without_a_note(self, setup, spec, status):
        seed_secret(setup, PASSWORD, data=encoded(word="sesame"))
        note = {"attribute.password": encoded(p="open")["p"]}
        seed_secret(setup, CONNECTION, data=note, type="connection.crossplane.io/v1alpha1")
        setup.add(parameters=GIVEN, **spec)
        setup.cluster.patch(setup.ref, {"status": status}, status=True)

        setup.reconcile()

        assert setup.external.declared[0].told == {}

    def test_many_passwords_are_read_as_one(self):
        setup = Setup(WITH_PASSWORDS)
        seed_secret(setup, PASSWORD, data=encoded(old="sesame", new="open"))
        setup.add(parameters={"passwordsSecretRef": [{**POINTED, "key": "old"}, {**POINTED, "key": "new"}]})

        setup.reconcile()

        found = setup.external.declared[0].secrets["passwords"]
        assert found.parts() == [SecretValue("sesame"), SecretValue("open")]

    def test_one_password_that_is_missing_among_many_is_named(self):
        setup = Setup(WITH_PASSWORDS)
        seed_secret(setup, PASSWORD, data=encoded(old="sesame"))
        setup.add(parameters={"passwordsSecretRef": [{**POINTED, "key": "old"}, {**POINTED, "key": "new"}]})

        with pytest.raises(NotReadyError, match="wanted: key 'new'"):
            setup.reconcile()

    def test_who_sends_nothing_needs_not_all_of_many_passwords(self):
        setup = Setup(WITH_PASSWORDS)
        seed_secret(setup, PASSWORD, data=encoded(old="sesame"))
        pointed = [{**POINTED, "key": "old"}, {**POINTED, "key": "new"}]
        setup.add(parameters={"passwordsSecretRef": pointed}, managementPolicies=["Observe"])
        setup.external.things["pear"] = {}

        setup.reconcile()

        assert setup.external.declared[0].secrets == {}

    @pytest.mark.parametrize(
        ("noted", "told"),
        [
            pytest.param({"attribute.passwords.0": "open", "attribute.passwords.1": "sesame"}, 2, id="two"),
            pytest.param({"attribute.passwords.0": "open", "attribute.passwords.2": "sesame"}, 1, id="up to a gap"),
        ],
    )
    def test_what_the_connection_secret_numbers_was_told_before(self, noted, told):
        setup = Setup(WITH_PASSWORDS)
        seed_secret(setup, PASSWORD, data=encoded(word="sesame"))
        seed_secret(setup, CONNECTION, data={key: encoded(p=value)["p"] for key, value in noted.items()})
        setup.add(parameters={"passwordsSecretRef": [POINTED]}, **PUBLISHED)
        setup.cluster.patch(setup.ref, {"status": {"conditions": [SYNCED]}}, status=True)

        setup.reconcile()

        found = setup.external.declared[0].told["passwords"]
        assert found.parts() == [SecretValue("open"), SecretValue("sesame")][:told]

    def test_without_a_numbered_note_nothing_was_told(self):
        setup = Setup(WITH_PASSWORDS)
        seed_secret(setup, PASSWORD, data=encoded(word="sesame"))
        seed_secret(setup, CONNECTION, data=encoded(host="h"))
        setup.add(parameters={"passwordsSecretRef": [POINTED]}, **PUBLISHED)
        setup.cluster.patch(setup.ref, {"status": {"conditions": [SYNCED]}}, status=True)

        setup.reconcile()

        assert setup.external.declared[0].told == {}

    @pytest.mark.parametrize(
        ("seeds", "words"),
        [
            pytest.param([], "does not exist (wanted: key 'word')", id="no Secret"),
            pytest.param([{"data": encoded(other="x")}], "does not hold a value (wanted: key 'word')", id="no key"),
            pytest.param([{"data": {"word": ""}}], "does not hold a value (wanted: key 'word')", id="an empty key"),
        ],
    )
    def test_a_missing_password_is_named(self, setup, seeds, words):
        [seed_secret(setup, PASSWORD, **seed) for seed in seeds]
        setup.add(parameters=GIVEN)

        with pytest.raises(NotReadyError):
            setup.reconcile()

        where = "connect failed: cannot read spec.forProvider.passwordSecretRef: Secret 'pass' in namespace 'team'"
        assert setup.shown("Synced")[2] == f"{where} {words}"
        assert setup.external.calls == []

    def test_who_sends_nothing_needs_no_password(self, setup):
        setup.add(parameters=TOGGLED, managementPolicies=["Observe"])
        setup.external.things["pear"] = {}

        setup.reconcile()

        assert PASSWORD not in setup.cluster.objects

    def test_a_password_is_made_up_when_asked(self, setup):
        pear = setup.add(parameters=TOGGLED)

        setup.reconcile()

        made = setup.cluster.objects[PASSWORD]
        value = base64.b64decode(made["data"]["word"])
        assert len(value) == 27
        assert setup.external.declared[0].secrets == {"password": SecretValue(value)}
        (owner,) = made["metadata"]["ownerReferences"]
        assert (owner["uid"], owner.get("controller")) == (pear["metadata"]["uid"], None)

    def test_and_only_once(self, setup):
        setup.add(parameters=TOGGLED)
        setup.reconcile()
        first = setup.cluster.objects[PASSWORD]
        setup.restart()

        setup.reconcile()

        assert setup.cluster.objects[PASSWORD] is first

    def test_it_is_put_beside_what_the_secret_holds(self, setup):
        seed_secret(setup, PASSWORD, data=encoded(other="x"))
        setup.add(parameters=TOGGLED)

        setup.reconcile()

        made = setup.cluster.objects[PASSWORD]
        assert set(made["data"]) == {"other", "word"}
        assert "ownerReferences" not in made["metadata"]

    def test_who_was_faster_has_chosen_the_password(self, setup):
        setup.add(parameters=TOGGLED)
        seed_secret(setup, PASSWORD, data=encoded(word="theirs"))
        setup.cluster.fetch = lambda _: None

        with pytest.raises(ConflictError):
            setup.reconcile()

        assert setup.external.calls == []

    @pytest.mark.parametrize("crash_at", range(1, 4))
    @pytest.mark.parametrize("lost", [False, True], ids=["the write is refused", "the answer is lost"])
    def test_a_crash_never_makes_a_second_password(self, setup, crash_at, lost):
        setup.add(parameters=TOGGLED)
        setup.cluster.fail_at, setup.cluster.lost = crash_at, lost

        with pytest.raises(Exception, match="unavailable"):
            setup.reconcile()
        setup.reconcile()

        held = base64.b64decode(setup.cluster.objects[PASSWORD]["data"]["word"])
        assert {declared.secrets["password"].reveal() for declared in setup.external.declared} == {held}


class TestConnection:
    @pytest.fixture
    def setup(self):
        setup = Setup(external=FakeExternal(connection={"host": SecretValue("h")}))
        setup.add(metadata={"ownerReferences": [XR]}, **PUBLISHED)
        return setup

    def test_it_is_published_and_the_composite_told(self, setup):
        setup.reconcile()

        made = setup.cluster.objects[CONNECTION]
        assert made["type"] == "connection.crossplane.io/v1alpha1"
        assert made["data"] == encoded(host="h")
        assert made["metadata"]["ownerReferences"][0]["uid"] == setup.obj["metadata"]["uid"]
        assert setup.world.requests.added == [(Ref(Kind("example.org/v1", "XPear"), "pear"), 0.0)]

    def test_the_same_is_not_even_read_again(self, setup):
        setup.reconcile()
        setup.cluster.forget()

        setup.reconcile()

        assert (setup.cluster.writes, setup.cluster.reads) == ([], [])

    def test_after_a_restart_it_is_read_and_not_written(self, setup):
        setup.reconcile()
        setup.cluster.forget()
        setup.restart()

        setup.reconcile()

        assert (setup.cluster.writes, setup.cluster.reads) == ([], [CONNECTION])
        assert setup.world.requests.added == []

    def test_a_change_is_merged_in(self, setup):
        setup.reconcile()
        setup.cluster.patch(CONNECTION, {"data": encoded(theirs="t")})
        setup.external.connection = {"host": SecretValue("i")}

        setup.reconcile()

        assert setup.cluster.objects[CONNECTION]["data"] == encoded(host="i", theirs="t")

    def test_what_was_lost_comes_back(self, setup):
        setup.reconcile()
        setup.cluster.delete(setup.cluster.objects[CONNECTION])
        setup.cluster.clock.advance(3601)

        setup.reconcile()

        assert CONNECTION in setup.cluster.objects

    def test_a_secret_of_somebody_else_is_left_alone(self, setup):
        theirs = seed_secret(setup, CONNECTION, type="Opaque")

        with pytest.raises(StalledError):
            setup.reconcile()

        assert setup.cluster.objects[CONNECTION] is theirs
        assert setup.shown("Synced")[2].startswith("cannot publish connection details: ")
        assert setup.reasons[-1] == "CannotPublishConnectionDetails"

    def test_what_is_shown_only_once_is_kept(self):
        setup = Setup(BY_CLOUD, FakeExternal(created_connection={"key": SecretValue("k")}))
        setup.add(**PUBLISHED)
        setup.reconcile()

        assert setup.cluster.objects[CONNECTION]["data"] == encoded(key="k")

    def test_without_a_place_nothing_is_published(self):
        setup = Setup(external=FakeExternal(connection={"host": SecretValue("h")}))
        setup.add()

        setup.reconcile()

        assert len(setup.cluster.objects) == 1
