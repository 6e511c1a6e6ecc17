"""ProviderConfigs, their credentials and the notes of their use."""

from dataclasses import replace

import pytest

from crosshead.base.errors import ForbiddenError, NotReadyError, ThrottledError
from crosshead.base.objects import Kind, Ref
from crosshead.base.values import SecretValue
from crosshead.reconcilers.provider_configs import PROVIDER_CONFIG, PROVIDER_CONFIG_USAGE
from tests.reconcilers.managed_setup import BY_US, Setup, seed_kind

SECRET = Kind("v1", "Secret")
IN_AWS = replace(BY_US, provider="aws")
FROM_SECRET = {"credentials": {"source": "Secret", "secretRef": {"name": "aws", "namespace": "ops", "key": "ini"}}}


@pytest.fixture
def setup():
    return Setup(IN_AWS)


def seed_secret(setup, value="YQ=="):
    return seed_kind(setup.cluster, SECRET, "aws", metadata={"namespace": "ops"}, data={"ini": value})


def test_a_missing_provider_config_is_named_and_its_use_noted(setup):
    setup.add()

    with pytest.raises(NotReadyError):
        setup.reconcile()

    assert setup.shown("Synced")[2] == (
        'connect failed: cannot get ProviderConfig: ProviderConfig.aws.upbound.io "default" not found'
    )
    assert setup.reasons == ["CannotConnectToProvider"]
    assert setup.cluster.list(PROVIDER_CONFIG_USAGE) != []


def test_the_use_is_noted_once(setup):
    config = seed_kind(setup.cluster, PROVIDER_CONFIG, "prod", spec={"credentials": {"source": "Environment"}})
    pear = setup.add(providerConfigRef={"name": "prod"})

    setup.reconcile()
    setup.reconcile()

    (usage,) = setup.cluster.list(PROVIDER_CONFIG_USAGE)
    assert usage["metadata"]["name"] == pear["metadata"]["uid"]
    assert usage["metadata"]["labels"] == {"crossplane.io/provider-config": "prod"}
    assert usage["metadata"]["ownerReferences"][0]["uid"] == pear["metadata"]["uid"]
    assert usage["providerConfigRef"] == {"name": "prod"}
    assert usage["resourceRef"] == {key: pear[key] for key in ("apiVersion", "kind")} | {"name": "pear"}
    assert setup.provider.connections == [(config, {}), (config, {})]
    assert [write.verb for write in setup.cluster.writes] == ["patch", "create", "patch"]


def test_another_provider_config_is_noted_anew(setup):
    seed_kind(setup.cluster, PROVIDER_CONFIG, "default", spec={})
    seed_kind(setup.cluster, PROVIDER_CONFIG, "prod", spec={})
    setup.add()
    setup.reconcile()
    setup.cluster.patch(setup.ref, {"spec": {"providerConfigRef": {"name": "prod"}}})

    setup.reconcile()

    (usage,) = setup.cluster.list(PROVIDER_CONFIG_USAGE)
    assert usage["providerConfigRef"] == {"name": "prod"}
    assert usage["metadata"]["labels"] == {"crossplane.io/provider-config": "prod"}


def test_a_note_that_the_cache_does_not_know_yet_is_no_problem(setup):
    seed_kind(setup.cluster, PROVIDER_CONFIG, "default", spec={})
    setup.add()
    setup.reconcile()
    setup.cluster.unwatched.add(PROVIDER_CONFIG_USAGE)

    assert setup.reconcile() is not None


def test_who_leaves_notes_nothing(setup):
    seed_kind(setup.cluster, PROVIDER_CONFIG, "default", spec={})
    setup.add()
    setup.reconcile()
    setup.cluster.delete(setup.cluster.list(PROVIDER_CONFIG_USAGE)[0])
    setup.delete()

    setup.reconcile()

    assert [write.verb for write in setup.cluster.writes] == ["patch"]


class TestCredentials:
    def test_they_are_read_from_the_secret_at_most_once_a_minute(self, setup):
        seed_kind(setup.cluster, PROVIDER_CONFIG, "default", spec=FROM_SECRET)
        seed_secret(setup)
        setup.add()

        setup.reconcile()
        setup.reconcile()

        assert setup.provider.connections[1][1] == {"ini": SecretValue("a")}
        assert setup.cluster.reads == [Ref(SECRET, "aws", "ops")]

        seed_secret(setup, "Yg==")
        setup.cluster.clock.advance(61)
        setup.reconcile()

        assert setup.provider.connections[-1][1] == {"ini": SecretValue("b")}

    def test_who_must_wait_for_its_turn_tells_nobody(self, setup):
        """Of a throttle, what AWS has refused is news, and not who comes after that."""
        seed_kind(setup.cluster, PROVIDER_CONFIG, "default", spec=FROM_SECRET)
        seed_secret(setup)
        setup.add()
        setup.provider.refusal = ThrottledError("CannotConnectToProvider", "wait", 7.0)

        with pytest.raises(ThrottledError) as caught:
            setup.reconcile()

        assert caught.value.retry_after == 7.0
        assert setup.shown("Synced") == ("", "", "")

    def test_the_token_of_a_web_identity_may_be_in_a_secret(self, setup):
        token = {"source": "Secret", "secretRef": FROM_SECRET["credentials"]["secretRef"]}
        identity = {"source": "WebIdentity", "webIdentity": {"roleARN": "r", "tokenConfig": token}}
        seed_kind(setup.cluster, PROVIDER_CONFIG, "default", spec={"credentials": identity})
        seed_secret(setup)
        setup.add()

        setup.reconcile()

        assert setup.provider.connections[0][1] == {"ini": SecretValue("a")}

    def test_a_missing_secret_is_named_with_its_key(self, setup):
        seed_kind(setup.cluster, PROVIDER_CONFIG, "default", spec=FROM_SECRET)
        setup.add()

        with pytest.raises(NotReadyError):
            setup.reconcile()

        assert setup.shown("Synced")[2] == (
            "connect failed: cannot get credentials of ProviderConfig 'default': "
            "Secret 'aws' in namespace 'ops' (key 'ini') does not exist"
        )

    @pytest.mark.parametrize("refused", ["connect", "observe"])
    def test_refused_credentials_are_read_anew(self, setup, refused):
        seed_kind(setup.cluster, PROVIDER_CONFIG, "default", spec=FROM_SECRET)
        seed_secret(setup)
        setup.add()
        error = ForbiddenError("AccessDenied", "no such key")
        setup.provider.refusal = error if refused == "connect" else None
        setup.external.failures = {"observe": error} if refused == "observe" else {}
        with pytest.raises(ForbiddenError):
            setup.reconcile()
        seed_secret(setup, "Yg==")
        setup.provider.refusal = None
        setup.external.failures.clear()

        setup.reconcile()

        assert setup.provider.connections[-1][1] == {"ini": SecretValue("b")}
